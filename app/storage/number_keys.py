"""Decimals as texts whose bytes sort as the numbers do.

A positive number is "2", the place of its first digit and its digits without trailing zeros; zero is "1"; a negative
one is "0" and the same with every digit turned around, closed by "~" because the longer of two is the smaller.
"""

from decimal import Decimal

_ORIGIN = 500_000  # the digits before the point that PostgreSQL allows, and many more
_TURNED = str.maketrans("0123456789", "9876543210")


def number_key(number: Decimal) -> str:
    if not number.is_finite():
        raise ValueError(f"{number} has no place among numbers")
    sign, digits, _ = number.as_tuple()
    if not number:
        return "1"
    if not 0 <= (place := number.adjusted() + _ORIGIN) < 2 * _ORIGIN:
        raise ValueError("a number that no column holds")
    key = f"{place:06}{''.join(map(str, digits)).rstrip('0')}"
    return f"0{key.translate(_TURNED)}~" if sign else f"2{key}"


def keyed_number(key: str) -> Decimal:
    if key == "1":
        return Decimal(0)
    sign = int(key[0] == "0")
    plain = key[1:-1].translate(_TURNED) if sign else key[1:]
    digits = plain[6:]
    return Decimal((sign, tuple(map(int, digits)), int(plain[:6]) - _ORIGIN - len(digits) + 1))
