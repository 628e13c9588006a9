"""When things happen makes sense."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from app.demo.leads import records

Records = list[dict[str, Any]]
DAYS = [date(2026, 8, 20), date(2026, 8, 23), date(2028, 2, 29)]


@pytest.fixture(scope="module", params=DAYS, ids=str)
def day(request: pytest.FixtureRequest) -> tuple[datetime, Records]:
    """The beginning of a day, and the leads of that day."""
    return datetime.combine(request.param, time(), UTC), list(records(request.param))


def test_nothing_was_made_after_yesterday(day: tuple[datetime, Records]) -> None:
    midnight, leads = day
    moments = [
        datetime.fromisoformat(record[name])
        for lead in leads
        for record in (lead, *lead["contacts"], *lead["opportunities"], *lead["tasks"], *lead["activities"])
        for name in ("date_created", "date_updated", "date_completed", "date_sent", "date_won", "date_lost")
        if record.get(name)
    ]
    assert max(moments) < midnight
    assert max(moments) > midnight - timedelta(days=4)


def test_nothing_happens_before_its_lead(day: tuple[datetime, Records]) -> None:
    for lead in day[1]:
        for name in ("contacts", "opportunities", "tasks", "activities"):
            assert all(child["date_created"] >= lead["date_created"] for child in lead[name])
            assert all(child["date_updated"] >= child["date_created"] for child in lead[name])
        assert lead["date_updated"] >= lead["date_created"]


def test_only_meetings_lie_ahead(day: tuple[datetime, Records]) -> None:
    midnight, leads = day
    ahead = [
        (activity["_type"], activity["status"])
        for lead in leads
        for activity in lead["activities"]
        if datetime.fromisoformat(activity["activity_at"]) >= midnight
    ]
    assert set(ahead) == {("Meeting", "upcoming")}


def test_meetings_fit_their_state(day: tuple[datetime, Records]) -> None:
    midnight, leads = day
    meetings = [a for lead in leads for a in lead["activities"] if a["_type"] == "Meeting"]
    for meeting in meetings:
        start, end = (datetime.fromisoformat(meeting[name]) for name in ("starts_at", "ends_at"))
        assert (end - start).total_seconds() == meeting["duration"]
        assert datetime.fromisoformat(meeting["date_created"]) < start
        assert (start >= midnight + timedelta(days=1)) == (meeting["status"] == "upcoming")


def test_scheduled_messages_lie_ahead(day: tuple[datetime, Records]) -> None:
    midnight, leads = day
    messages = [a for lead in leads for a in lead["activities"] if a["_type"] in {"Email", "SMS"}]
    assert {message["status"] for message in messages if message["date_scheduled"]} == {"scheduled"}
    due = [message["date_scheduled"] for message in messages if message["status"] == "scheduled"]
    assert min(map(datetime.fromisoformat, due)) >= midnight + timedelta(days=1)
    unsent = {message["status"] for message in messages if message["date_sent"] is None}
    assert unsent == {"draft", "scheduled", "outbox", "error"}


def test_conversations_go_forward(day: tuple[datetime, Records]) -> None:
    for lead in day[1]:
        mails: dict[str, list[str]] = {}
        for activity in lead["activities"]:
            if activity["_type"] == "Email" and activity["thread_id"]:
                mails.setdefault(activity["thread_id"], []).append(activity["date_sent"])
        for activity in lead["activities"]:
            if activity["_type"] == "EmailThread":
                dates = mails[activity["id"]]
                assert dates == sorted(set(dates))
                assert [activity["date_created"], activity["activity_at"]] == [dates[0], dates[-1]]


def test_opportunities_end_after_they_begin(day: tuple[datetime, Records]) -> None:
    for lead in day[1]:
        for deal in lead["opportunities"]:
            ended = deal["date_won"] or deal["date_lost"]
            assert (ended is None) == (deal["status_type"] == "active")
            assert ended is None or deal["date_created"] <= ended == deal["date_updated"]


def test_close_days_are_around_today(day: tuple[datetime, Records]) -> None:
    midnight, leads = day
    days = [
        (date.fromisoformat(deal["close_date"]) - midnight.date()).days
        for lead in leads
        for deal in lead["opportunities"]
        if deal["close_date"]
    ]
    assert [min(days), max(days)] == [-25, 95]


def test_due_tasks_are_on_the_close_day(day: tuple[datetime, Records]) -> None:
    for lead in day[1]:
        close_days = {deal["id"]: deal["close_date"] for deal in lead["opportunities"]}
        due = [task for task in lead["tasks"] if task["_type"] == "opportunity_due"]
        assert [task["date"] for task in due] == [close_days[task["object_id"]] for task in due]
