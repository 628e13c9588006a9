"""Every kind of thing has examples."""

import re
from collections import Counter
from datetime import date
from typing import Any

import pytest

from app.demo.phrases import phrases
from tests.demo.walking import texts

Records = list[dict[str, Any]]


def test_every_activity_type_is_there(activities: Records) -> None:
    counts = Counter(activity["_type"] for activity in activities)
    assert set(counts) == {
        "Call",
        "Created",
        "CustomActivity",
        "Email",
        "EmailThread",
        "LeadMerge",
        "LeadStatusChange",
        "Meeting",
        "Note",
        "OpportunityStatusChange",
        "SMS",
        "TaskCompleted",
    }
    assert counts["Created"] == 110
    assert counts["LeadMerge"] == 1
    assert 4_000 < sum(counts.values()) - counts["OpportunityStatusChange"] < 6_000


def test_every_task_type_is_there(tasks: Records) -> None:
    assert {task["_type"] for task in tasks} == {
        "answered_detached_call",
        "email_followup",
        "incoming_email",
        "incoming_sms",
        "lead",
        "missed_call",
        "opportunity_due",
        "voicemail",
    }


def test_tasks_are_in_every_view(tasks: Records, today: date) -> None:
    def view(task: dict[str, Any]) -> str:
        if task["is_complete"]:
            return "archive"
        return "future" if (task["date"] or "")[:10] > str(today) else "inbox"

    def form(task: dict[str, Any]) -> str:
        return "none" if task["date"] is None else "day" if len(task["date"]) == 10 else "moment"

    to_dos = {(view(task), form(task)) for task in tasks if task["_type"] == "lead"}
    assert to_dos == {
        ("archive", "day"),
        ("archive", "moment"),
        ("inbox", "day"),
        ("inbox", "moment"),
        ("inbox", "none"),
        ("future", "day"),
        ("future", "moment"),
    }
    for kind in ("incoming_email", "email_followup", "missed_call", "voicemail", "incoming_sms"):
        assert {task["is_complete"] for task in tasks if task["_type"] == kind} == {True, False}


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("Call", "disposition", "answered blocked busy error no-answer vm-answer vm-left"),
        ("Call", "direction", "inbound outbound"),
        ("Email", "status", "draft error inbox outbox scheduled sent"),
        ("Email", "direction", "incoming outgoing"),
        ("SMS", "status", "error inbox scheduled sent"),
        ("SMS", "direction", "inbound outbound"),
        ("Meeting", "status", "canceled completed declined-by-lead upcoming"),
        ("CustomActivity", "status", "draft published"),
        ("CustomActivity", "custom_activity_type_name", "Product-demo Site-visit"),
    ],
)
def test_every_state_has_examples(activities: Records, kind: str, name: str, expected: str) -> None:
    found = {activity[name].replace(" ", "-") for activity in activities if activity["_type"] == kind}
    assert found == set(expected.split())


def test_meetings_have_every_answer(activities: Records) -> None:
    meetings = [activity for activity in activities if activity["_type"] == "Meeting"]
    answers = {attendee["status"] for meeting in meetings for attendee in meeting["attendees"]}
    assert answers == {"yes", "no", "maybe", "noreply"}
    assert all(meeting["attendees"][0]["user_id"] and meeting["attendees"][1]["contact_id"] for meeting in meetings)


def test_conversations_have_two_to_five_mails(activities: Records) -> None:
    mails = Counter(mail["thread_id"] for mail in activities if mail["_type"] == "Email" and mail["thread_id"])
    threads = {thread["id"]: thread["n_emails"] for thread in activities if thread["_type"] == "EmailThread"}
    assert dict(mails) == threads
    assert set(threads.values()) == {2, 3, 4, 5}


def test_messages_carry_attachments(activities: Records) -> None:
    with_files = Counter(activity["_type"] for activity in activities if activity.get("attachments"))
    assert set(with_files) == {"Email", "SMS"}


def test_leads_are_in_every_status(leads: Records) -> None:
    counts = Counter(lead["status_label"] for lead in leads)
    assert set(counts) == {"Potential", "Interested", "Qualified", "Customer", "Former Customer", "Bad Fit"}
    assert counts.most_common(1)[0][0] == "Customer"


def test_leads_have_one_to_four_contacts(leads: Records) -> None:
    assert {len(lead["contacts"]) for lead in leads} == {1, 2, 3, 4}
    names = [contact["name"] for lead in leads for contact in lead["contacts"]]
    assert [name for name in names if name is None] == [None]
    assert len(set(names)) > 200


def test_leads_are_described(leads: Records) -> None:
    bare = [lead["name"] for lead in leads if not (lead["url"] and lead["addresses"])]
    assert bare == ["(no account on file)"]
    assert [lead["name"] for lead in leads if not lead["description"]] == []


def test_opportunities_come_in_two_pipelines(leads: Records) -> None:
    deals = [deal for lead in leads for deal in lead["opportunities"]]
    assert {(deal["pipeline_name"], deal["status_label"]) for deal in deals} == {
        ("Sales", "Prospecting"),
        ("Sales", "Engaging"),
        ("Sales", "Won"),
        ("Sales", "Lost"),
        ("Renewals", "Due"),
        ("Renewals", "Renewed"),
        ("Renewals", "Cancelled"),
    }
    assert {deal["value_period"] for deal in deals} == {"one_time", "monthly", "annual"}
    assert {deal["value_currency"] for deal in deals} == {"USD", "EUR"}
    assert sum(deal["value"] or 0 for deal in deals if deal["status_label"] == "Won") == 1_000_553_400


def test_open_opportunities_have_close_days(leads: Records) -> None:
    deals = [deal for lead in leads for deal in lead["opportunities"]]
    assert {(deal["status_type"], deal["close_date"] is None) for deal in deals} == {
        ("active", False),
        ("won", True),
        ("lost", True),
    }


def test_texts_vary_within_a_lead(leads: Records) -> None:
    for lead in leads:
        notes = [activity["note"] for activity in lead["activities"] if activity["_type"] == "Note"]
        assert len(set(notes)) == len(notes)


def test_no_gap_is_left_in_a_text(leads: Records) -> None:
    assert [text for text in texts(leads) if "{" in text or "}" in text] == []


def test_prospects_hear_nothing_of_orders(leads: Records) -> None:
    after_sale = [
        re.compile(re.sub(r"\\{\w+\\}", ".+", re.escape(text)))
        for kind, some in phrases("talk").items()
        if kind.endswith("_after_sale")
        for text in some
    ]

    def heard(lead: dict[str, Any]) -> list[str]:
        return [
            text
            for text in set(texts([*lead["activities"], *lead["tasks"]]))
            if any(p.fullmatch(text) for p in after_sale)
        ]

    prospects = [lead for lead in leads if lead["status_label"] not in {"Customer", "Former Customer"}]
    assert [lead["name"] for lead in prospects if heard(lead)] == []
    assert sum(bool(heard(lead)) for lead in leads) > 70
