"""The data set moved to today, and the time line of a lead."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.demo.days import TimeLine, moved
from app.demo.dice import Dice
from app.demo.packing import LAST_DAY

WEEK = [date(2026, 8, 17) + timedelta(days=days) for days in range(7)]
ROUNDS = 300


@pytest.mark.parametrize("today", [*WEEK, date(2024, 2, 29), date(2018, 1, 1), date(2017, 6, 30)])
def test_last_day_lies_before_today(today: date) -> None:
    assert 1 <= (today - moved(LAST_DAY, today)).days <= 7


def test_days_move_by_whole_weeks() -> None:
    assert moved(date(2017, 3, 1), date(2026, 8, 20)) == date(2025, 10, 15)
    assert moved(date(2017, 3, 1), date(2026, 8, 16)) == date(2025, 10, 8)


@pytest.mark.parametrize("today", WEEK)
def test_past_is_between_first_day_and_today(today: date) -> None:
    line = TimeLine(date(2026, 5, 1), today, Dice("past"))
    moments = [line.past() for _ in range(ROUNDS)]
    assert min(moments) > datetime(2026, 5, 1, 13, tzinfo=UTC)
    assert max(moments) < line.midnight
    assert {moment.weekday() for moment in moments} == set(range(5))


@pytest.mark.parametrize("today", WEEK)
def test_recent_days_end_before_today(today: date) -> None:
    line = TimeLine(date(2026, 5, 1), today, Dice("recent"))
    moments = [line.recent(3) for _ in range(ROUNDS)]
    assert max(moments) < line.midnight
    assert min(moments) > line.midnight - timedelta(days=5)


@pytest.mark.parametrize("today", WEEK)
def test_coming_days_begin_tomorrow(today: date) -> None:
    line = TimeLine(date(2026, 5, 1), today, Dice("coming"))
    moments = [line.coming(1, 5) for _ in range(ROUNDS)]
    assert min(moments).date() >= today + timedelta(days=1)
    assert max(moments).date() <= today + timedelta(days=7)
    assert {moment.weekday() for moment in moments} <= set(range(5))


def test_earlier_moments_are_earlier() -> None:
    line = TimeLine(date(2026, 5, 1), WEEK[0], Dice("before"))
    moment = datetime(2026, 8, 17, 14, tzinfo=UTC)
    earlier = [line.before(moment, 3) for _ in range(ROUNDS)]
    assert moment - timedelta(days=6) < min(earlier)
    assert max(earlier) <= moment - timedelta(minutes=20)
    assert {moment.weekday() for moment in earlier} <= set(range(5))


def test_moments_between_lie_between() -> None:
    line = TimeLine(date(2026, 5, 1), WEEK[0], Dice("between"))
    start, end = datetime(2026, 5, 4, 9, tzinfo=UTC), datetime(2026, 5, 15, 12, tzinfo=UTC)
    moments = [line.between(start, end) for _ in range(ROUNDS)]
    assert all(start < moment < end for moment in moments)
