"""Exact decimals."""

from decimal import Decimal


def shifted(number: Decimal, places: int) -> Decimal:
    """A number times a power of ten, with all of its digits: `scaleb` rounds to those of its context."""
    sign, digits, exponent = number.as_tuple()
    return Decimal((sign, digits, exponent + places)) if isinstance(exponent, int) else number
