"""New ids: a type prefix and a time-ordered 128-bit number in base 62, so that ids sort as they were made."""

from typing import Final

import uuid_utils

DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LENGTH: Final = 22


def new_id(prefix: str) -> str:
    return f"{prefix}_{base62(uuid_utils.uuid7().int)}"


def base62(number: int) -> str:
    """A 128-bit number as text of equal length, which sorts as the numbers do."""
    digits = []
    for _ in range(LENGTH):
        number, digit = divmod(number, 62)
        digits.append(DIGITS[digit])
    return "".join(reversed(digits))
