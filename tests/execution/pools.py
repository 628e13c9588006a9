"""What worlds are made of: the values that a database, a driver or an encoder of JSON easily gets wrong."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, TypeVar

T = TypeVar("T")

NOW = datetime(2026, 3, 29, 1, tzinfo=UTC)

TEXTS = (
    *("plain", "foo", "foo bar", "Foo", "", " ", "null", "0", "[1, 2]", '{"a": 1}'),
    *('"quoted"', "it's", "back\\slash", "\\u0041", "C:\\n\\t", "tab\tline\nreturn\r"),
    *("\x01\x08\x0b\x0c\x1b\x1f", "\x7f\x85"),
    *("😀 family 👩‍👩‍👧‍👦", "שלום \u202eעולם", "مرحبا", "Straße", "İstanbul", "cafe\u0301", "東京都"),
    *("line\u2028paragraph\u2029", "\ufeffmark", "\ufffe\uffff", "\U0010ffff", "\u200b\u00a0"),
    *("</script><b>&amp;", "%s %(a)s {0} $1 :name ?", "a" * 300, "länger " * 200, "𝕏\\" * 50),
)  # fmt: skip
URLS = ("https://example.com/", "https://example.com/ä?q=%22&r='\\", "mailto:ann@example.com", "not a URL")

# Ties, fractions of a second, and the ends of the calendar.
INSTANTS = (
    NOW,
    NOW,
    NOW - timedelta(microseconds=1),
    NOW + timedelta(microseconds=500_000),
    NOW + timedelta(microseconds=120),
    NOW - timedelta(days=40),
    datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 1, tzinfo=UTC),
)
FAR_INSTANTS = (
    *INSTANTS,
    datetime.min.replace(tzinfo=UTC),
    datetime(1, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
    datetime(987, 6, 5, tzinfo=UTC),
    datetime.max.replace(tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
)
DAYS = (date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 30), date(2024, 2, 29), date(1969, 12, 31))
FAR_DAYS = (*DAYS, date.min, date(987, 6, 5), date.max)
TASK_DAYS = (*DAYS, date(1, 1, 2), date(9999, 12, 30))
TASK_INSTANTS = (*INSTANTS, datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 29, 23, 59, 59, 999_999, tzinfo=UTC))

CENTS = (0, 1, -1, 99, 100, -100, 12_345, 123_456_789, 10**15 - 1, -(10**15) + 1, 2**53 + 1)
CURRENCIES = ("USD", "EUR", "JPY")
NUMBERS = tuple(
    Decimal(digits)
    for digits in (
        *("0", "-0", "1.0", "1.50", "-3.25", "0.10", "1E+3", "1E+60", "-1E+60", "1E-40"),
        *("12345678901234567890.123456789", "0." + "9" * 60, "9" * 50),
    )
)
JSONS: tuple[Any, ...] = (
    *(True, False, 0, -1, 2**53 + 1, -(2**63), 1.5, -0.25, 1e-7, "", "text", 'q"\\\u2028', [], {}),
    *([1, None, [True, {}]], {"b": 1, "a": {"ä": None, '"': []}, "aa": "x"}, {"list": [1.0, 2, "3"], "": 0}),
)


def text(dice: Random) -> str:
    return dice.choice(TEXTS)


def maybe(dice: Random, values: Sequence[T], missing: float = 0.35) -> T | None:
    """One of them, or none."""
    return None if not values or dice.random() < missing else dice.choice(values)


def maybe_text(dice: Random) -> str | None:
    return maybe(dice, TEXTS)
