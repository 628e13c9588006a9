"""What worlds are made of: few values, so that they meet, and among them those that are easily got wrong."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TypeVar

T = TypeVar("T")

WORDS = (
    *("foo", "Foo", "food", "bar", "BAR", "baz42", "42", "４２", "foo_bar", "ID-7", "don't", "e-mail"),
    *("Straße", "STRASSE", "İstanbul", "istanbul", "ISTANBUL", "café", "cafe\u0301", "cafe", "naïve"),
    *(
        "東京",
        "東京都",
        "ﬁne",
        "fine",
        "x²",
        "½",
        "Σίσυφος",
        "ΣΊΣΥΦΟΣ",
        "x\u0302y",
        "हिन्दी",
        "Ⅳ",
        "ǅ",
        "🚀",
        "—",
        "%",
        "'",
    ),
    *("a" * 256, "A" * 255 + "b", "a" * 199 + "cd"),
)
JOINTS = (" ", " ", " ", ", ", "\n", "  ", "_", "-", "\u3000", "/")

# A change of the clocks in one of the zones each, and moments that are plain everywhere.
_TURNS = (
    datetime(2026, 3, 29, 1, tzinfo=UTC),  # Europe/Berlin, forward
    datetime(2026, 10, 25, 1, tzinfo=UTC),  # Europe/Berlin, back
    datetime(2026, 3, 8, 7, tzinfo=UTC),  # America/New_York, forward
    datetime(2018, 11, 4, 3, tzinfo=UTC),  # America/Sao_Paulo, forward at midnight
    datetime(2018, 2, 18, 2, tzinfo=UTC),  # America/Sao_Paulo, back over midnight
    datetime(2026, 4, 4, 15, tzinfo=UTC),  # Australia/Lord_Howe, by half an hour
    datetime(2024, 2, 29, 12, tzinfo=UTC),
    datetime(2026, 1, 1, tzinfo=UTC),
)
_STEPS = (
    *(timedelta(), timedelta(), timedelta(microseconds=1), timedelta(microseconds=-1), timedelta(minutes=30)),
    *(timedelta(hours=1), timedelta(hours=-3), timedelta(hours=-5, minutes=-45), timedelta(days=1), timedelta(days=-7)),
)
ZONES = (
    *("UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu"),
    *("Pacific/Kiritimati", "-03:30", "+05:45"),
)
FIRST_INSTANT, LAST_INSTANT = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
NUMBERS = tuple(
    Decimal(digits)
    for digits in (
        *("0", "-0", "1", "1.0", "1.50", "1.5", "2", "10", "100", "-1", "-3.25", "0.1", "0.10", "1E+3", "1000"),
        *("12345678901234567890.5", "1E+60", "-1E+60", "1E-40", "-1E-40", "99.99"),
    )
)
CENTS = (None, 0, 0, 1, -100, 100, 150, 12_345, 10**15)
LABELS = ("office", "Office", "OFFICE ", "mobile", "Straße", "strasse", "other fax")


def instants(dice: Random, count: int = 10) -> list[datetime]:
    """Moments for one world, around few changes of the clocks."""
    turns = dice.sample(_TURNS, 3)
    return [dice.choice(turns) + dice.choice(_STEPS) for _ in range(count)]


def text(dice: Random, known: Sequence[str] = ()) -> str:
    """A few words; now and then one of those that are known already."""
    if known and dice.random() < 0.3:
        return dice.choice(known)
    found = dice.choice(WORDS)
    for _ in range(dice.choice((0, 0, 1, 2, 4))):
        found += dice.choice(JOINTS) + dice.choice(WORDS)
    return f" {found}\t" if dice.random() < 0.1 else found


def some(dice: Random, values: Sequence[T], least: int, most: int) -> list[T]:
    """A few of them, each once, in any order."""
    return dice.sample(values, min(dice.randint(least, most), len(values)))


def maybe(dice: Random, values: Sequence[T], missing: float = 0.35) -> T | None:
    """One of them, or none."""
    return None if not values or dice.random() < missing else dice.choice(values)


def days(moments: Sequence[datetime]) -> list[date]:
    return [moment.date() + timedelta(days=step) for moment in moments for step in (0, 0, 1, -1)]
