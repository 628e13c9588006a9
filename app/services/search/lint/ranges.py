"""The values that a range lets through, and whether there are any."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Generic, Self, TypeVar

from app.domain.filters import MomentRange, NumberRange
from app.domain.moments import at, day_bounds
from app.domain.numbers import shifted
from app.domain.search_fields import Field, FieldType
from app.domain.time import Clock
from app.storage.search.fields import Searched

T = TypeVar("T", Decimal, datetime)


@dataclass(frozen=True)
class Interval(Generic[T]):
    """The values between two bounds, without those that are open; None is no bound."""

    low: T | None = None
    high: T | None = None
    low_open: bool = False
    high_open: bool = False

    def meet(self, other: Self) -> Self:
        """What both let through."""
        low, low_open = _lowest(self, other)
        high, high_open = _highest(self, other)
        return type(self)(low, high, low_open, high_open)

    @property
    def is_empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def covers(self, other: Self) -> bool:
        """Whether nothing that the other lets through is left out."""
        return self.meet(other) == other


def _lowest(one: Interval[T], other: Interval[T]) -> tuple[T | None, bool]:
    if one.low is None or other.low is None:
        return (other.low, other.low_open) if one.low is None else (one.low, one.low_open)
    if one.low == other.low:
        return one.low, one.low_open or other.low_open
    return (one.low, one.low_open) if one.low > other.low else (other.low, other.low_open)


def _highest(one: Interval[T], other: Interval[T]) -> tuple[T | None, bool]:
    if one.high is None or other.high is None:
        return (other.high, other.high_open) if one.high is None else (one.high, one.high_open)
    if one.high == other.high:
        return one.high, one.high_open or other.high_open
    return (one.high, one.high_open) if one.high < other.high else (other.high, other.high_open)


def possible(field: Field) -> Interval[Decimal]:
    """The numbers that a field can have at all, in the units it is kept in."""
    if field.custom_field_id is None and field.name.endswith("_count"):
        return Interval(Decimal(0))
    if field.custom_field_id is None and field.name == "confidence":
        return Interval(Decimal(0), Decimal(100))
    return Interval()


def numbers(bounds: NumberRange, field: Field) -> Interval[Decimal]:
    """The numbers in a range, in the units that the field is kept in: only custom fields hold fractions of those."""
    low = bounds.gte if bounds.gt is None else bounds.gt
    high = bounds.lte if bounds.lt is None else bounds.lt
    low_open, high_open = bounds.gt is not None, bounds.lt is not None
    if field.custom_field_id is not None:
        return Interval(low, high, low_open, high_open)
    scale = _scale(field)
    return Interval(
        None if low is None else _first_whole(shifted(low, scale), low_open),
        None if high is None else _last_whole(shifted(high, scale), high_open),
    )


def is_whole(field: Field) -> bool:
    return field.custom_field_id is None and _scale(field) == 0


def _scale(field: Field) -> int:
    return field.scale if isinstance(field, Searched) else 0


_WORDS = {"gt": "greater than", "gte": "at least", "lt": "less than", "lte": "at most"}


def in_words(bounds: NumberRange) -> str:
    given = ((words, getattr(bounds, name)) for name, words in _WORDS.items())
    return " and ".join(f"{words} {bound}" for words, bound in given if bound is not None)


def _first_whole(bound: Decimal, is_open: bool) -> Decimal:
    if is_open:
        return bound.to_integral_value(ROUND_FLOOR) + 1
    return bound.to_integral_value(ROUND_CEILING)


def _last_whole(bound: Decimal, is_open: bool) -> Decimal:
    if is_open:
        return bound.to_integral_value(ROUND_CEILING) - 1
    return bound.to_integral_value(ROUND_FLOOR)


def instants(bounds: MomentRange, clock: Clock) -> Interval[datetime]:
    """The instants in a range, as the clock stands."""
    low = bounds.on_or_after if bounds.after is None else bounds.after
    high = bounds.on_or_before if bounds.before is None else bounds.before
    return Interval(
        None if low is None else at(low, clock),
        None if high is None else at(high, clock),
        bounds.after is not None,
        bounds.before is not None,
    )


def has_no_day(span: Interval[datetime], field: Field, clock: Clock) -> bool:
    """Whether no day begins in it, for a field that holds whole days."""
    if field.type is not FieldType.DAY:
        return False
    after, on_or_after = (span.low, None) if span.low_open else (None, span.low)
    before, on_or_before = (span.high, None) if span.high_open else (None, span.high)
    first, last = day_bounds(after, on_or_after, before, on_or_before, clock.zone)
    return first is not None and last is not None and first > last
