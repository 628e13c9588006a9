"""Moments of a search: fixed ones, and those that move with the caller's clock and calendar."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Self, TypeAlias

from app.domain.time import Clock, day_start, local_day, zone

FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

_LAST_DAY = date.max.toordinal()
_MONTHS = range(12, 12 * 10_000)  # every month of the calendar, counted from a year 0
_MICROSECOND = timedelta(microseconds=1)
_DATE_UNITS = {"years": "Y", "months": "M", "weeks": "W", "days": "D"}
_TIME_UNITS = {"hours": "H", "minutes": "M", "seconds": "S"}


def _optional(units: dict[str, str]) -> str:
    return "".join(f"(?:(?P<{name}>[0-9]{{1,9}}){letter})?" for name, letter in units.items())


_DURATION = re.compile(f"(?P<sign>[+-]?)P(?=[0-9T]){_optional(_DATE_UNITS)}(?:T(?=[0-9]){_optional(_TIME_UNITS)})?")


class DayEdge(StrEnum):
    """An end of a day."""

    START = "start"
    """The first instant of the day."""
    END = "end"
    """The last instant of the day."""


class Anchor(StrEnum):
    """Where a moving moment starts, in the request's time zone."""

    NOW = "now"
    """The current instant."""
    START_OF_DAY = "start_of_day"
    """The start of today."""
    END_OF_DAY = "end_of_day"
    """The end of today."""
    START_OF_WEEK = "start_of_week"
    """The start of this week (Monday)."""
    START_OF_MONTH = "start_of_month"
    """The start of this month."""
    START_OF_QUARTER = "start_of_quarter"
    """The start of this quarter."""
    START_OF_YEAR = "start_of_year"
    """The start of this year."""


class Period(StrEnum):
    """Periods around now."""

    TODAY = "today"
    """The day that it is."""
    YESTERDAY = "yesterday"
    """The day before today."""
    TOMORROW = "tomorrow"
    """The day after today."""
    THIS_WEEK = "this_week"
    """The week that it is, from Monday to Sunday."""
    LAST_WEEK = "last_week"
    """The week before this one."""
    NEXT_WEEK = "next_week"
    """The week after this one."""
    THIS_MONTH = "this_month"
    """The month that it is."""
    LAST_MONTH = "last_month"
    """The month before this one."""
    NEXT_MONTH = "next_month"
    """The month after this one."""
    THIS_QUARTER = "this_quarter"
    """The quarter of the year that it is."""
    LAST_QUARTER = "last_quarter"
    """The quarter before this one."""
    NEXT_QUARTER = "next_quarter"
    """The quarter after this one."""
    THIS_YEAR = "this_year"
    """The calendar year that it is."""
    LAST_YEAR = "last_year"
    """The calendar year before this one."""
    NEXT_YEAR = "next_year"
    """The calendar year after this one."""


@dataclass(frozen=True)
class Duration:
    """A signed ISO 8601 duration, by the components that were written; None is one that was not."""

    years: int | None = None
    months: int | None = None
    weeks: int | None = None
    days: int | None = None
    hours: int | None = None
    minutes: int | None = None
    seconds: int | None = None
    negative: bool = False

    def __post_init__(self) -> None:
        written = [count for name in (*_DATE_UNITS, *_TIME_UNITS) if (count := getattr(self, name)) is not None]
        if not written or min(written) < 0:
            raise ValueError("a duration has at least one component, and none is negative by itself")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The duration of a text such as P7D, -PT15M or P1Y2M3W4DT5H6M7S; ValueError for anything else."""
        match = _DURATION.fullmatch(text)
        if match is None:
            raise ValueError(
                f"{_shortened(text)!r} is not an ISO 8601 duration of whole numbers with at most nine digits each,"
                " such as P7D, -PT15M or P1M"
            )
        sign, *counts = match.groups()
        years, months, weeks, days, hours, minutes, seconds = (int(count) if count else None for count in counts)
        return cls(years, months, weeks, days, hours, minutes, seconds, negative=sign == "-")

    def __str__(self) -> str:
        clock = self._written(_TIME_UNITS)
        return f"{'-' if self.negative else ''}P{self._written(_DATE_UNITS)}{'T' if clock else ''}{clock}"

    def _written(self, units: dict[str, str]) -> str:
        counts = ((getattr(self, name), letter) for name, letter in units.items())
        return "".join(f"{count}{letter}" for count, letter in counts if count is not None)

    @property
    def calendar_months(self) -> int:
        return self._signed(12 * (self.years or 0) + (self.months or 0))

    @property
    def calendar_days(self) -> int:
        return self._signed(7 * (self.weeks or 0) + (self.days or 0))

    @property
    def clock_seconds(self) -> int:
        return self._signed(3600 * (self.hours or 0) + 60 * (self.minutes or 0) + (self.seconds or 0))

    def _signed(self, count: int) -> int:
        return -count if self.negative else count


@dataclass(frozen=True)
class Fixed:
    """An instant."""

    instant: datetime


@dataclass(frozen=True)
class EdgeOfDay:
    """An end of a calendar day in the caller's zone."""

    day: date
    edge: DayEdge = DayEdge.START


@dataclass(frozen=True)
class Relative:
    """Some way from an anchor, and from there to an end of that day if one is named."""

    anchor: Anchor = Anchor.NOW
    offset: Duration | None = None
    snap_to: DayEdge | None = None


@dataclass(frozen=True)
class EdgeOfPeriod:
    """An end of a period around now."""

    period: Period
    edge: DayEdge = DayEdge.START


Moment: TypeAlias = Fixed | EdgeOfDay | Relative | EdgeOfPeriod

_EDGES = {
    Anchor.START_OF_DAY: (Period.TODAY, DayEdge.START),
    Anchor.END_OF_DAY: (Period.TODAY, DayEdge.END),
    Anchor.START_OF_WEEK: (Period.THIS_WEEK, DayEdge.START),
    Anchor.START_OF_MONTH: (Period.THIS_MONTH, DayEdge.START),
    Anchor.START_OF_QUARTER: (Period.THIS_QUARTER, DayEdge.START),
    Anchor.START_OF_YEAR: (Period.THIS_YEAR, DayEdge.START),
}
# A period is so many days or months long, and lies so many of its lengths from the one that it is.
_IN_DAYS = {
    Period.TODAY: (1, 0),
    Period.YESTERDAY: (1, -1),
    Period.TOMORROW: (1, 1),
    Period.THIS_WEEK: (7, 0),
    Period.LAST_WEEK: (7, -1),
    Period.NEXT_WEEK: (7, 1),
}
_IN_MONTHS = {
    Period.THIS_MONTH: (1, 0),
    Period.LAST_MONTH: (1, -1),
    Period.NEXT_MONTH: (1, 1),
    Period.THIS_QUARTER: (3, 0),
    Period.LAST_QUARTER: (3, -1),
    Period.NEXT_QUARTER: (3, 1),
    Period.THIS_YEAR: (12, 0),
    Period.LAST_YEAR: (12, -1),
    Period.NEXT_YEAR: (12, 1),
}


def at(moment: Moment, clock: Clock) -> datetime:
    """The instant of a moment, in UTC. What lies outside the calendar is the calendar's end on that side.

    Years, months, weeks and days of an offset move the caller's wall clock, hours and less the instant. A wall clock
    that is skipped moves forward by what is skipped, and of two equal ones the earlier counts. The start and the end
    of a day stay what they are when a day is moved. An end is the last microsecond before the next day begins.
    """
    match moment:
        case Fixed(instant):
            return _utc(instant)
        case EdgeOfDay(day, edge):
            return _edge(day.toordinal(), edge, clock.zone)
        case EdgeOfPeriod(period, edge):
            return _edge(_edge_day(period, edge, clock.today), edge, clock.zone)
        case Relative():
            return _relative(moment, clock)


def day_bounds(
    after: datetime | None,
    on_or_after: datetime | None,
    before: datetime | None,
    on_or_before: datetime | None,
    zone: str,
) -> tuple[date | None, date | None]:
    """The first and the last day whose first instants lie within bounds; the first is the later one when none does."""
    lower, upper = ((on_or_after, False), (after, True)), ((before, False), (on_or_before, True))
    first = max((_first_day(bound, past, zone) for bound, past in lower if bound is not None), default=None)
    end = min((_first_day(bound, past, zone) for bound, past in upper if bound is not None), default=None)
    if (first is not None and first > _LAST_DAY) or end == 1:
        return date.max, date.min
    return (
        None if first is None else date.fromordinal(first),
        None if end is None else date.fromordinal(end - 1),
    )


def _first_day(bound: datetime, past: bool, name: str) -> int:
    """The number of the first day that begins at a bound or past it; one more than the last day's if there is none."""
    near = _utc(bound).toordinal()
    for day in range(near, min(near + 2, _LAST_DAY) + 1):  # no zone is a day away from UTC
        start = day_start(date.fromordinal(day), name)
        if start > bound or (start == bound and not past):
            return day
    return _LAST_DAY + 1


def _relative(moment: Relative, clock: Clock) -> datetime:
    offset = moment.offset
    if moment.anchor in _EDGES:
        period, edge = _EDGES[moment.anchor]
        day = date.fromordinal(_edge_day(period, edge, clock.today))
        found = _edge(_moved(day, offset), edge, clock.zone)
    else:
        found = _moved_instant(_utc(clock.now), offset, clock.zone)
    if offset is not None:
        found = _later(found, offset.clock_seconds)
    if moment.snap_to is None:
        return found
    return _edge(local_day(found, clock.zone).toordinal(), moment.snap_to, clock.zone)


def _moved_instant(instant: datetime, offset: Duration | None, name: str) -> datetime:
    """An instant, its wall clock moved by the calendar units."""
    if offset is None or not (offset.calendar_months or offset.calendar_days):
        return instant  # also where its wall clock would name the earlier of two
    wall = _wall(instant, name)
    day = _moved(wall.date(), offset)
    if not 1 <= day <= _LAST_DAY:
        return FIRST if day < 1 else LAST
    return _utc(datetime.combine(date.fromordinal(day), wall.time(), zone(name)))


def _moved(day: date, offset: Duration | None) -> int:
    """The number of a day moved by the calendar units, the months first; a number of no day when it leaves them."""
    if offset is None:
        return day.toordinal()
    month = 12 * day.year + day.month - 1 + offset.calendar_months
    if month not in _MONTHS:
        return _month_start(month)
    year, place = divmod(month, 12)
    there = date(year, place + 1, min(day.day, monthrange(year, place + 1)[1]))
    return there.toordinal() + offset.calendar_days


def _edge_day(period: Period, edge: DayEdge, today: date) -> int:
    """The number of the first or of the last day of a period."""
    if period in _IN_DAYS:
        size, step = _IN_DAYS[period]
        first = today.toordinal() - today.weekday() % size + step * size
        return first if edge is DayEdge.START else first + size - 1
    size, step = _IN_MONTHS[period]
    month = 12 * today.year + today.month - 1
    month += step * size - month % size
    return _month_start(month) if edge is DayEdge.START else _month_start(month + size) - 1


def _month_start(month: int) -> int:
    if month not in _MONTHS:
        return 0 if month < _MONTHS.start else _LAST_DAY + 1
    return date(month // 12, month % 12 + 1, 1).toordinal()


def _edge(day: int, edge: DayEdge, name: str) -> datetime:
    """An end of the day with this number, which may lie outside the calendar."""
    if day < 1:
        return FIRST
    if edge is DayEdge.START:
        return day_start(date.fromordinal(day), name) if day <= _LAST_DAY else LAST
    if day >= _LAST_DAY:
        return LAST
    return day_start(date.fromordinal(day + 1), name) - _MICROSECOND


def _later(instant: datetime, seconds: int) -> datetime:
    try:
        return instant + timedelta(seconds=seconds)
    except OverflowError:
        return FIRST if seconds < 0 else LAST


def _wall(instant: datetime, name: str) -> datetime:
    """What the clocks of a zone show at an instant, without the zone."""
    try:
        return instant.astimezone(zone(name)).replace(tzinfo=None, fold=0)
    except OverflowError:  # the calendar ends before that zone's day does
        return instant.replace(tzinfo=None)


def _utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        return FIRST if instant.year == 1 else LAST


def _shortened(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
