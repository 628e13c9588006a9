"""Moving moments, against exact cases and against scans of the calendar that share no arithmetic with them."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.moments import (
    FIRST,
    LAST,
    Anchor,
    DayEdge,
    Duration,
    EdgeOfDay,
    EdgeOfPeriod,
    Fixed,
    Moment,
    Period,
    Relative,
    at,
)
from app.domain.time import Clock, day_start, local_day, zone

START, END = DayEdge.START, DayEdge.END
MICROSECOND = timedelta(microseconds=1)
QUARTER_HOUR, HOUR = timedelta(minutes=15), timedelta(hours=1)


def _clock(local: str, name: str) -> Clock:
    """The clock of a caller whose wall clock shows this, the first time that it does."""
    return Clock.at(datetime.fromisoformat(local).replace(tzinfo=zone(name)).astimezone(UTC), name)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _offset(text: str, anchor: Anchor = Anchor.NOW, snap_to: DayEdge | None = None) -> Relative:
    return Relative(anchor, Duration.parse(text), snap_to)


@pytest.mark.parametrize(
    ("name", "day", "start", "end"),
    [
        ("UTC", "2026-01-05", "2026-01-05T00:00Z", "2026-01-05T23:59:59.999999Z"),
        ("Asia/Kathmandu", "2026-01-05", "2026-01-04T18:15Z", "2026-01-05T18:14:59.999999Z"),
        ("-08:00", "2026-01-05", "2026-01-05T08:00Z", "2026-01-06T07:59:59.999999Z"),
        ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00Z", "2026-03-29T21:59:59.999999Z"),  # 23 hours
        ("Europe/Berlin", "2026-10-25", "2026-10-24T22:00Z", "2026-10-25T22:59:59.999999Z"),  # 25 hours
        ("America/New_York", "2026-03-08", "2026-03-08T05:00Z", "2026-03-09T03:59:59.999999Z"),
        ("America/Sao_Paulo", "2018-11-03", "2018-11-03T03:00Z", "2018-11-04T02:59:59.999999Z"),
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00Z", "2018-11-05T01:59:59.999999Z"),  # no midnight
        ("Pacific/Apia", "2011-12-29", "2011-12-29T10:00Z", "2011-12-30T09:59:59.999999Z"),
    ],
)
def test_days_have_two_edges(name: str, day: str, start: str, end: str) -> None:
    clock = _clock("2026-01-01T12:00", name)
    for edge, instant in ((START, start), (END, end)):
        assert at(EdgeOfDay(date.fromisoformat(day), edge), clock) == _instant(instant)


def test_fixed_instants_stay() -> None:
    instant = _instant("2026-01-05T06:00+05:45")
    found = at(Fixed(instant), _clock("2026-01-01T12:00", "Europe/Berlin"))
    assert found.isoformat() == "2026-01-05T00:15:00+00:00"


def test_instants_end_with_calendar() -> None:
    clock = _clock("2026-01-01T12:00", "UTC")
    assert at(Fixed(datetime.min.replace(tzinfo=zone("+14:00"))), clock) == FIRST
    assert at(Fixed(datetime.max.replace(tzinfo=zone("-12:00"))), clock) == LAST


def test_now_is_in_utc() -> None:
    clock = Clock.at(_instant("2026-01-05T06:00+05:45"), "Europe/Berlin")
    assert at(Relative(), clock).isoformat() == "2026-01-05T00:15:00+00:00"


@pytest.mark.parametrize(
    ("anchor", "local"),
    [
        (Anchor.NOW, "2026-11-18T15:30:45.000001"),
        (Anchor.START_OF_DAY, "2026-11-18T00:00"),
        (Anchor.END_OF_DAY, "2026-11-18T23:59:59.999999"),
        (Anchor.START_OF_WEEK, "2026-11-16T00:00"),
        (Anchor.START_OF_MONTH, "2026-11-01T00:00"),
        (Anchor.START_OF_QUARTER, "2026-10-01T00:00"),
        (Anchor.START_OF_YEAR, "2026-01-01T00:00"),
    ],
)
def test_anchors_are_on_wall_clock(anchor: Anchor, local: str) -> None:
    for name in ("Europe/Berlin", "America/New_York", "Asia/Kathmandu", "+14:00"):
        clock = _clock("2026-11-18T15:30:45.000001", name)
        assert at(Relative(anchor), clock) == _instant(local).replace(tzinfo=zone(name))


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        (Period.TODAY, "2024-02-29", "2024-02-29"),
        (Period.YESTERDAY, "2024-02-28", "2024-02-28"),
        (Period.TOMORROW, "2024-03-01", "2024-03-01"),
        (Period.THIS_WEEK, "2024-02-26", "2024-03-03"),
        (Period.LAST_WEEK, "2024-02-19", "2024-02-25"),
        (Period.NEXT_WEEK, "2024-03-04", "2024-03-10"),
        (Period.THIS_MONTH, "2024-02-01", "2024-02-29"),
        (Period.LAST_MONTH, "2024-01-01", "2024-01-31"),
        (Period.NEXT_MONTH, "2024-03-01", "2024-03-31"),
        (Period.THIS_QUARTER, "2024-01-01", "2024-03-31"),
        (Period.LAST_QUARTER, "2023-10-01", "2023-12-31"),
        (Period.NEXT_QUARTER, "2024-04-01", "2024-06-30"),
        (Period.THIS_YEAR, "2024-01-01", "2024-12-31"),
        (Period.LAST_YEAR, "2023-01-01", "2023-12-31"),
        (Period.NEXT_YEAR, "2025-01-01", "2025-12-31"),
    ],
)
def test_periods_lie_around_now(period: Period, start: str, end: str) -> None:
    clock = _clock("2024-02-29T23:30", "Europe/Berlin")
    there = zone("Europe/Berlin")
    assert at(EdgeOfPeriod(period, START), clock) == datetime.combine(date.fromisoformat(start), time(), there)
    assert at(EdgeOfPeriod(period, END), clock) == datetime.combine(date.fromisoformat(end), time.max, there)


def test_week_begins_on_monday() -> None:
    for local, monday in (("2026-01-04T23:59", "2025-12-29"), ("2026-01-05T00:00", "2026-01-05")):
        found = at(Relative(Anchor.START_OF_WEEK), _clock(local, "UTC"))
        assert found.date().isoformat() == monday


@pytest.mark.parametrize("month", range(1, 13))
def test_quarters_begin_every_three_months(month: int) -> None:
    clock = _clock(f"2026-{month:02}-15T12:00", "UTC")
    quarter = {1: 1, 2: 1, 3: 1, 4: 4, 5: 4, 6: 4, 7: 7, 8: 7, 9: 7, 10: 10, 11: 10, 12: 10}[month]
    assert at(Relative(Anchor.START_OF_QUARTER), clock) == datetime(2026, quarter, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "offset", "local"),
    [
        ("2026-01-31T12:00", "P1M", "2026-02-28T12:00"),
        ("2024-01-31T12:00", "P1M", "2024-02-29T12:00"),
        ("2026-03-31T12:00", "-P1M", "2026-02-28T12:00"),
        ("2026-05-31T12:00", "P1M", "2026-06-30T12:00"),
        ("2024-02-29T12:00", "P1Y", "2025-02-28T12:00"),
        ("2024-02-29T12:00", "-P4Y", "2020-02-29T12:00"),
        ("2026-12-15T12:00", "P1M", "2027-01-15T12:00"),
        ("2026-01-15T12:00", "-P1M", "2025-12-15T12:00"),
        ("2026-01-31T12:00", "P1M1D", "2026-03-01T12:00"),  # the months first
        ("2026-01-31T12:00", "P1Y1M1W1DT1H", "2027-03-08T13:00"),
        ("2026-01-15T12:00", "-P2W", "2026-01-01T12:00"),
        ("2026-01-15T12:00", "PT0S", "2026-01-15T12:00"),
        ("2026-01-15T12:00", "-PT15M", "2026-01-15T11:45"),
        ("2026-01-15T12:00", "PT1H90M30S", "2026-01-15T14:30:30"),
    ],
)
def test_offsets_keep_wall_clock(now: str, offset: str, local: str) -> None:
    for name in ("Europe/Berlin", "America/New_York", "Asia/Kathmandu", "-08:00"):
        assert at(_offset(offset), _clock(now, name)) == _instant(local).replace(tzinfo=zone(name))


@pytest.mark.parametrize(
    ("name", "now", "offset", "instant"),
    [
        # Over a change of the clock a day keeps the wall clock, 24 hours do not.
        ("Europe/Berlin", "2026-03-28T12:00", "P1D", "2026-03-29T10:00Z"),
        ("Europe/Berlin", "2026-03-28T12:00", "PT24H", "2026-03-29T11:00Z"),
        ("America/New_York", "2026-11-02T09:00", "-P1W", "2026-10-26T13:00Z"),
        ("America/New_York", "2026-11-02T09:00", "-PT168H", "2026-10-26T14:00Z"),
        # 02:30 is skipped, and moves on by the hour that is.
        ("Europe/Berlin", "2026-03-28T02:30", "P1D", "2026-03-29T01:30Z"),
        ("Europe/Berlin", "2026-04-29T02:30", "-P1M", "2026-03-29T01:30Z"),
        ("America/New_York", "2026-03-07T02:30", "P1D", "2026-03-08T07:30Z"),
        ("America/Sao_Paulo", "2018-11-03T00:00", "P1D", "2018-11-04T03:00Z"),
        ("America/Sao_Paulo", "2018-11-03T00:30", "P1D", "2018-11-04T03:30Z"),
        # 02:30 comes twice, and is the first one.
        ("Europe/Berlin", "2026-10-24T02:30", "P1D", "2026-10-25T00:30Z"),
        ("America/New_York", "2026-11-02T01:30", "-P1D", "2026-11-01T05:30Z"),
        # The instant moves last.
        ("Europe/Berlin", "2026-03-28T12:00", "P1DT24H", "2026-03-30T10:00Z"),
        ("Europe/Berlin", "2026-10-24T02:30", "P1DT1H", "2026-10-25T01:30Z"),
    ],
)
def test_offsets_over_clock_changes(name: str, now: str, offset: str, instant: str) -> None:
    assert at(_offset(offset), _clock(now, name)) == _instant(instant)


def test_second_of_two_hours_stays() -> None:
    """A caller who is in the second 02:30 of a night is not moved by nothing, nor by hours back and forth."""
    clock = Clock.at(_instant("2026-10-25T01:30Z"), "Europe/Berlin")
    assert at(Relative(), clock) == at(_offset("P0D"), clock) == clock.now
    assert at(_offset("-P1DT0H"), clock) == _instant("2026-10-24T00:30Z")
    assert at(_offset("-PT1H"), clock) == _instant("2026-10-25T00:30Z")
    assert at(_offset("-P6Y"), clock) == _instant("2020-10-25T00:30Z")  # the first of that night's two
    assert at(_offset("-P210D"), clock) == _instant("2026-03-29T01:30Z")  # skipped


@pytest.mark.parametrize(
    ("name", "now", "anchor", "offset", "instant"),
    [
        ("Europe/Berlin", "2026-03-30T12:00", Anchor.START_OF_DAY, "-P1D", "2026-03-28T23:00Z"),
        ("Europe/Berlin", "2026-03-28T12:00", Anchor.END_OF_DAY, "P1D", "2026-03-29T21:59:59.999999Z"),
        ("Europe/Berlin", "2026-01-31T12:00", Anchor.END_OF_DAY, "P1M", "2026-02-28T22:59:59.999999Z"),
        ("Europe/Berlin", "2026-05-20T12:00", Anchor.START_OF_QUARTER, "-P3M", "2025-12-31T23:00Z"),
        ("Europe/Berlin", "2026-05-20T12:00", Anchor.START_OF_YEAR, "P1YT1H", "2027-01-01T00:00Z"),
        ("America/Sao_Paulo", "2018-11-04T12:00", Anchor.START_OF_DAY, "-P1D", "2018-11-03T03:00Z"),
        ("America/Sao_Paulo", "2018-11-04T12:00", Anchor.START_OF_DAY, "P1D", "2018-11-05T02:00Z"),
        ("America/Havana", "2022-11-05T12:00", Anchor.END_OF_DAY, "-P1D", "2022-11-05T03:59:59.999999Z"),
    ],
)
def test_moved_edges_stay_edges(name: str, now: str, anchor: Anchor, offset: str, instant: str) -> None:
    assert at(_offset(offset, anchor), _clock(now, name)) == _instant(instant)


@pytest.mark.parametrize(
    ("snap_to", "instant"), [(START, "2026-03-28T23:00Z"), (END, "2026-03-29T21:59:59.999999Z"), (None, None)]
)
def test_offsets_snap_to_day(snap_to: DayEdge | None, instant: str | None) -> None:
    clock = _clock("2026-03-30T00:30", "Europe/Berlin")
    found = at(_offset("-P1D", snap_to=snap_to), clock)
    assert found == _instant(instant or "2026-03-28T23:30Z")
    assert at(_offset("-PT1H", snap_to=snap_to), clock) == (_instant(instant) if instant else clock.now - HOUR)


@pytest.mark.parametrize(
    "components",
    [
        {"days": 10_000_000}, {"years": 999_999}, {"months": 999_999}, {"weeks": 999_999}, {"hours": 10**30},
        {"seconds": 10**12}, {"years": 7_000, "days": 999_999}, {"days": 10**30},
    ],
)  # fmt: skip
def test_offsets_end_with_calendar(components: dict[str, Any]) -> None:
    for name in ("UTC", "Asia/Tokyo", "America/New_York", "+14:00", "-12:00"):
        clock = _clock("2026-01-05T12:00", name)
        for anchor in Anchor:
            assert at(Relative(anchor, Duration(**components)), clock) == LAST
            assert at(Relative(anchor, Duration(**components, negative=True)), clock) == FIRST


@pytest.mark.parametrize("period", Period)
def test_periods_end_with_calendar(period: Period) -> None:
    first, last = Clock(FIRST, "UTC", date.min, FIRST), Clock(LAST, "UTC", date.max, LAST)
    edges = [at(EdgeOfPeriod(period, edge), clock) for clock in (first, last) for edge in DayEdge]
    if period in {Period.YESTERDAY, Period.LAST_WEEK, Period.LAST_MONTH, Period.LAST_QUARTER, Period.LAST_YEAR}:
        assert edges[:2] == [FIRST, FIRST]
        assert FIRST < edges[2] < edges[3] < LAST
    elif period in {Period.TOMORROW, Period.NEXT_WEEK, Period.NEXT_MONTH, Period.NEXT_QUARTER, Period.NEXT_YEAR}:
        assert FIRST < edges[0] < edges[1] < LAST
        assert edges[2:] == [LAST, LAST]
    else:
        assert FIRST == edges[0] < edges[1] < edges[2] < edges[3] == LAST


NAMES = ["UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Kathmandu", "-03:30", "+14:00"]
ZONES = st.sampled_from([*NAMES, "America/Havana", "Pacific/Apia", "-12:00"])
COUNTS = st.integers(0, 999_999)
DURATIONS = st.builds(Duration, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS, st.booleans()) | st.builds(
    Duration, days=COUNTS, hours=COUNTS, negative=st.booleans()
)
ALL_INSTANTS = st.datetimes(timezones=st.just(UTC))
ALL_MOMENTS: st.SearchStrategy[Moment] = st.one_of(
    st.builds(Fixed, st.datetimes(timezones=st.sampled_from([zone("+14:00"), zone("-12:00")]))),
    st.builds(EdgeOfDay, st.dates(), st.sampled_from(DayEdge)),
    st.builds(EdgeOfPeriod, st.sampled_from(Period), st.sampled_from(DayEdge)),
    st.builds(Relative, st.sampled_from(Anchor), st.none() | DURATIONS, st.none() | st.sampled_from(DayEdge)),
)


@given(ALL_MOMENTS, ALL_INSTANTS, ZONES)
@example(Fixed(datetime.min.replace(tzinfo=zone("+14:00"))), FIRST, "+14:00")
@example(EdgeOfDay(date.max, END), LAST, "-12:00")
@example(Relative(snap_to=END), LAST, "+14:00")
@example(_offset("P1D"), FIRST, "-12:00")
@example(_offset("-P1D"), FIRST, "+14:00")
@example(_offset("P1M"), LAST - timedelta(days=31), "-12:00")
def test_every_moment_has_an_instant(moment: Moment, now: datetime, name: str) -> None:
    found = at(moment, Clock(now, name, local_day(now, name), now))
    assert FIRST <= found <= LAST
    assert found.tzinfo is UTC


SECONDS = st.integers(0, 3 * 365 * 86_400)
INSTANTS = SECONDS.map(lambda seconds: datetime(2017, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
DAYS = st.dates(date(2017, 1, 1), date(2019, 12, 31))
CHANGES = [date(2018, 3, 25), date(2018, 10, 28), date(2018, 3, 11), date(2018, 11, 4), date(2018, 2, 17)]


def _walls(name: str, near: datetime) -> dict[datetime, list[datetime]]:
    """What the wall clock shows at every quarter of an hour around a time: the instants of each wall clock."""
    first = near.replace(minute=0, second=0, microsecond=0, tzinfo=UTC) - timedelta(hours=30)
    shown: dict[datetime, list[datetime]] = {}
    for i in range(4 * 60):
        instant = first + i * QUARTER_HOUR
        shown.setdefault(instant.astimezone(zone(name)).replace(tzinfo=None, fold=0), []).append(instant)
    return shown


@settings(max_examples=60, deadline=None)
@given(DAYS | st.sampled_from(CHANGES), st.sampled_from(NAMES))
def test_edges_enclose_their_day(day: date, name: str) -> None:
    clock = _clock("2026-01-01T12:00", name)
    shown = _walls(name, datetime.combine(day, time(12)))
    own = [instant for wall, instants in shown.items() if wall.date() == day for instant in instants]
    assert at(EdgeOfDay(day, START), clock) == min(own)
    assert at(EdgeOfDay(day, END), clock) == max(own) + QUARTER_HOUR - MICROSECOND


def _month_later(day: date, wanted: int) -> date:
    """The next month's day of that number, or its last one; by walking."""
    there = day.replace(day=28)
    while there.month == day.month:
        there += timedelta(days=1)
    month = there.month
    while there.day < wanted and (there + timedelta(days=1)).month == month:
        there += timedelta(days=1)
    return there


@settings(max_examples=60, deadline=None)
@given(INSTANTS, st.sampled_from(NAMES), st.integers(0, 30), st.integers(0, 70), st.integers(0, 50))
@example(_instant("2018-11-03T03:10:00Z"), "America/Sao_Paulo", 0, 1, 0)
@example(_instant("2018-10-27T00:40:00Z"), "Europe/Berlin", 0, 1, 3)
@example(_instant("2018-02-25T01:40:00Z"), "Europe/Berlin", 1, 0, 0)
def test_offsets_move_like_a_calendar(now: datetime, name: str, months: int, days: int, hours: int) -> None:
    wall = now.astimezone(zone(name)).replace(tzinfo=None, fold=0)
    day = wall.date()
    for _ in range(months):
        day = _month_later(day, wall.day)
    target = datetime.combine(day, wall.time())
    for _ in range(days):
        target += timedelta(days=1)
    grid = target.replace(minute=target.minute // 15 * 15, second=0, microsecond=0)
    shown = _walls(name, grid)
    last = grid
    while last not in shown:  # skipped: as long after the last wall clock before it as it would have been
        last -= QUARTER_HOUR
    expected = now if not months and not days else min(shown[last]) + (target - last)
    clock = Clock.at(now, name)
    assert at(Relative(offset=Duration(months=months, days=days)), clock) == expected
    offset = Duration(years=months // 12, months=months % 12, weeks=days // 7, days=days % 7, hours=hours)
    assert at(Relative(offset=offset), clock) == expected + hours * HOUR


def _same(day: date, period: str) -> Any:
    """What the days of one period share."""
    return {
        "day": day,
        "week": day.isocalendar()[:2],
        "month": (day.year, day.month),
        "quarter": (day.year, f"{day:%m}" > "03", f"{day:%m}" > "06", f"{day:%m}" > "09"),
        "year": day.year,
    }[period]


def _walk(day: date, period: str, step: int) -> date:
    """The last day in this direction that is still in the same period."""
    while _same(day + timedelta(days=step), period) == _same(day, period):
        day += timedelta(days=step)
    return day


@settings(max_examples=30, deadline=None)
@given(DAYS | st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.sampled_from(NAMES), st.integers(0, 23))
def test_periods_are_where_days_agree(today: date, name: str, hour: int) -> None:
    clock = Clock(datetime.combine(today, time(hour), zone(name)).astimezone(UTC), name, today, LAST)
    names = {"today": ("day", 0), "yesterday": ("day", -1), "tomorrow": ("day", 1)}
    for period in Period:
        what, _, unit = period.value.partition("_")
        kind, step = names.get(period.value) or (unit, {"this": 0, "last": -1, "next": 1}[what])
        inside = _walk(today, kind, step) + timedelta(days=step) if step else today
        first, last = _walk(inside, kind, -1), _walk(inside, kind, 1)
        assert at(EdgeOfPeriod(period, START), clock) == day_start(first, name)
        assert at(EdgeOfPeriod(period, END), clock) == day_start(last + timedelta(days=1), name) - MICROSECOND
