from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from app.domain.tasks import FIRST_DAY, LAST_DAY, Due, TaskView, due, possible, view
from app.domain.time import Clock

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def test_whole_day_never_becomes_midnight() -> None:
    clock = Clock.at(NOON, "America/Los_Angeles")
    assert due(date(2015, 1, 5), None, clock) == Due(date(2015, 1, 5), None)


@pytest.mark.parametrize(
    ("zone", "day"),
    [("UTC", 12), ("-08:00", 11), ("America/Los_Angeles", 11), ("+14:00", 12), ("Asia/Tokyo", 12)],
)
def test_instant_has_its_local_day(zone: str, day: int) -> None:
    instant = datetime(2015, 1, 12, 7, 59, tzinfo=UTC)
    assert due(None, instant, Clock.at(NOON, zone)) == Due(date(2015, 1, day), instant)


def test_no_date_is_not_due() -> None:
    assert due(None, None, Clock.at(NOON, "UTC")) is None


@pytest.mark.parametrize(
    ("instant", "shown"),
    [
        (datetime(2026, 3, 11, 6, 59, 59, 999999, tzinfo=UTC), TaskView.INBOX),
        (datetime(2026, 3, 11, 7, tzinfo=UTC), TaskView.FUTURE),
    ],
)
def test_inbox_ends_with_local_day(instant: datetime, shown: TaskView) -> None:
    assert view(False, None, instant, Clock.at(NOON, "America/Los_Angeles")) is shown


@pytest.mark.parametrize(
    ("day", "shown"),
    [(date(2026, 3, 10), TaskView.INBOX), (date(2026, 3, 11), TaskView.FUTURE), (None, TaskView.INBOX)],
)
def test_view_of_whole_days(day: date | None, shown: TaskView) -> None:
    assert view(False, day, None, Clock.at(NOON, "UTC")) is shown


def test_complete_tasks_are_archived() -> None:
    dates = [(None, None), (date(2030, 1, 1), None), (None, NOON + timedelta(days=9))]
    assert {view(True, day, instant, Clock.at(NOON, "UTC")) for day, instant in dates} == {TaskView.ARCHIVE}


@pytest.mark.parametrize("when", [FIRST_DAY, LAST_DAY, date(2026, 2, 28), datetime(9999, 12, 29, 23, tzinfo=UTC)])
def test_possible_dates_have_local_days(when: date) -> None:
    assert possible(when)
    for zone, is_complete in product(("-12:00", "+14:00", "Asia/Tokyo"), (False, True)):
        day, instant = (None, when) if isinstance(when, datetime) else (when, None)
        clock = Clock.at(NOON, zone)
        assert due(day, instant, clock) is not None
        assert view(is_complete, day, instant, clock) in TaskView


@pytest.mark.parametrize(
    "when",
    [date(1, 1, 1), date(9999, 12, 31), datetime(1, 1, 1, 11, tzinfo=UTC), datetime(9999, 12, 31, 11, tzinfo=UTC)],
)
def test_ends_of_calendar_are_impossible(when: date) -> None:
    assert not possible(when)
