"""Deals: their states, periods and the sums that follow from them (rule X4, object shapes)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from app.domain.time import Clock

CENTS = Decimal("0.01")
LIMIT = Decimal(10) ** 13
CONFIDENCE = range(101)


class StatusType(StrEnum):
    """The kind of an opportunity status."""

    ACTIVE = "active"
    """The deal is open."""
    WON = "won"
    """The deal is won."""
    LOST = "lost"
    """The deal is lost."""


class ValuePeriod(StrEnum):
    """The period that an opportunity's value is for."""

    ONE_TIME = "one_time"
    """The whole value is paid once."""
    MONTHLY = "monthly"
    """The value is paid every month."""
    ANNUAL = "annual"
    """The value is paid every year."""


@dataclass(frozen=True)
class Amount:
    """An exact sum of money, as the API gives it out."""

    amount: Decimal
    currency: str


def to_cents(amount: Decimal) -> int:
    """An amount in hundredths; ValueError for one that is no whole number of them or too large to sum."""
    if amount.copy_abs() >= LIMIT:
        raise ValueError(f"it has to lie between -{LIMIT:,} and {LIMIT:,}")
    rounded = amount.quantize(CENTS)
    if rounded != amount:
        raise ValueError("it can have two decimals at most")
    return int(rounded.scaleb(2))


@dataclass(frozen=True)
class Closing:
    """When a deal was won and when it was lost."""

    date_won: date | None = None
    date_lost: datetime | None = None


def closing(type: StatusType, clock: Clock, known: Closing | None = None) -> Closing:
    """When a deal that comes into a status of this kind was won or lost: now, unless it is known."""
    known = known or Closing()
    match type:
        case StatusType.WON:
            return Closing(date_won=known.date_won or clock.today)
        case StatusType.LOST:
            return Closing(date_lost=known.date_lost or clock.now)
    return Closing()


def amount(cents: int | None, currency: str | None) -> Amount | None:
    return None if cents is None or currency is None else Amount(cents * CENTS, currency)


def expected(cents: int | None, currency: str | None, confidence: int) -> Amount | None:
    """The value times the confidence, rounded half up to whole cents."""
    return amount(None if cents is None else _share(cents, confidence), currency)


def annualized(cents: int | None, currency: str | None, period: ValuePeriod) -> Amount | None:
    """The value per year: a monthly one twelve times, any other as it is."""
    return amount(None if cents is None else cents * _times(period), currency)


def annualized_expected(cents: int | None, currency: str | None, period: ValuePeriod, confidence: int) -> Amount | None:
    return amount(None if cents is None else _share(cents * _times(period), confidence), currency)


def _times(period: ValuePeriod) -> int:
    return 12 if period is ValuePeriod.MONTHLY else 1


def _share(cents: int, confidence: int) -> int:
    return int((Decimal(cents) * confidence / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
