"""Ranges of days, against a scan of all days there may be."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.moments import FIRST, LAST, day_bounds
from app.domain.time import day_start

NAMES = ["UTC", "-12:00", "+14:00", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "America/Havana"]
ZONES = st.sampled_from([*NAMES, "Pacific/Apia"])
DAYS = st.dates(date(2017, 1, 1), date(2019, 12, 31)) | st.sampled_from([date(2018, 11, 4), date(2018, 2, 18)])
SECONDS = st.integers(0, 3 * 365 * 86_400)
INSTANTS = SECONDS.map(lambda seconds: datetime(2017, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
BOUNDS = st.none() | INSTANTS | st.builds(day_start, DAYS, st.sampled_from(NAMES))


@settings(max_examples=60, deadline=None)
@given(BOUNDS, BOUNDS, BOUNDS, BOUNDS, ZONES, st.booleans())
def test_bounds_hold_their_days(
    after: datetime | None,
    on_or_after: datetime | None,
    before: datetime | None,
    on_or_before: datetime | None,
    name: str,
    near: bool,
) -> None:
    if near and on_or_after is not None:  # a range of a few days
        before = on_or_after + timedelta(days=2, hours=5)
    starts = {day: day_start(day, name) for day in (date(2016, 12, 25) + timedelta(days=i) for i in range(1_120))}
    inside = [
        day
        for day, start in starts.items()
        if (after is None or start > after)
        and (on_or_after is None or start >= on_or_after)
        and (before is None or start < before)
        and (on_or_before is None or start <= on_or_before)
    ]
    first, last = day_bounds(after, on_or_after, before, on_or_before, name)
    assert (first is None) == (after is None and on_or_after is None)
    assert (last is None) == (before is None and on_or_before is None)
    assert [day for day in starts if (first is None or first <= day) and (last is None or day <= last)] == inside


@pytest.mark.parametrize(
    ("bound", "name", "days"),
    [
        ("2026-01-05T00:00Z", "UTC", ("2026-01-06", "2026-01-05", "2026-01-04", "2026-01-05")),
        ("2026-01-05T00:00:00.000001Z", "UTC", ("2026-01-06", "2026-01-06", "2026-01-05", "2026-01-05")),
        ("2026-01-05T08:00Z", "-08:00", ("2026-01-06", "2026-01-05", "2026-01-04", "2026-01-05")),
        ("2026-01-04T18:15Z", "Asia/Kathmandu", ("2026-01-06", "2026-01-05", "2026-01-04", "2026-01-05")),
        ("2018-11-04T03:00Z", "America/Sao_Paulo", ("2018-11-05", "2018-11-04", "2018-11-03", "2018-11-04")),
        ("2011-12-30T10:00Z", "Pacific/Apia", ("2012-01-01", "2011-12-30", "2011-12-29", "2011-12-31")),
        ("2022-11-06T04:30Z", "America/Havana", ("2022-11-06", "2022-11-06", "2022-11-05", "2022-11-05")),
        ("2026-01-05T03:00+03:00", "UTC", ("2026-01-06", "2026-01-05", "2026-01-04", "2026-01-05")),
    ],
)
def test_days_count_by_first_instant(bound: str, name: str, days: tuple[str, str, str, str]) -> None:
    instant = datetime.fromisoformat(bound)
    after, on_or_after, before, on_or_before = (date.fromisoformat(day) for day in days)
    assert day_bounds(instant, None, None, None, name) == (after, None)
    assert day_bounds(None, instant, None, None, name) == (on_or_after, None)
    assert day_bounds(None, None, instant, None, name) == (None, before)
    assert day_bounds(None, None, None, instant, name) == (None, on_or_before)


def test_unbounded_days_stay_unbounded() -> None:
    assert day_bounds(None, None, None, None, "UTC") == (None, None)


def test_bounds_beyond_calendar_hold_nothing() -> None:
    nothing = (date.max, date.min)
    assert day_bounds(LAST, None, None, None, "UTC") == nothing
    assert day_bounds(None, LAST, None, None, "UTC") == nothing
    assert day_bounds(None, None, FIRST, None, "UTC") == nothing
    assert day_bounds(None, None, None, FIRST, "-12:00") == nothing
    assert day_bounds(None, FIRST, None, LAST, "UTC") == (date.min, date.max)
