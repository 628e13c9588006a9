"""What records name is there."""

from collections import Counter
from typing import Any

Records = list[dict[str, Any]]


def test_ids_are_unique(leads: Records) -> None:
    ids = Counter(
        record["id"]
        for lead in leads
        for record in (lead, *lead["contacts"], *lead["opportunities"], *lead["tasks"], *lead["activities"])
    )
    assert [id for id, count in ids.items() if count > 1] == []


def test_children_name_their_lead(leads: Records) -> None:
    for lead in leads:
        for name in ("contacts", "opportunities", "tasks", "activities"):
            assert {child["lead_id"] for child in lead[name]} <= {lead["id"]}


def test_contacts_are_of_the_lead(leads: Records) -> None:
    for lead in leads:
        contacts = {contact["id"] for contact in lead["contacts"]}
        named = {child["contact_id"] for name in ("opportunities", "tasks", "activities") for child in lead[name]}
        attendees = {
            attendee["contact_id"] for activity in lead["activities"] for attendee in activity.get("attendees", ())
        }
        assert (named | attendees) - {None} <= contacts


def test_users_have_one_name(leads: Records) -> None:
    names: dict[str, set[str]] = {}
    for lead in leads:
        for child in (*lead["opportunities"], *lead["activities"]):
            names.setdefault(child["user_id"], set()).add(child["user_name"])
        for task in lead["tasks"]:
            names.setdefault(task["assigned_to"], set()).add(task["assigned_to_name"])
    assert len(names) == 30
    assert [known for known in names.values() if len(known) > 1] == []
    authors = {lead["created_by"] for lead in leads} | {
        child["created_by"] for lead in leads for child in (*lead["contacts"], *lead["tasks"])
    }
    assert authors - {None} <= set(names)


def test_mails_lead_to_their_conversation(leads: Records) -> None:
    for lead in leads:
        by_id = {activity["id"]: activity for activity in lead["activities"]}
        numbers = {mail["message_id"]: mail for mail in by_id.values() if mail["_type"] == "Email"}
        for mail in numbers.values():
            before = [numbers[number] for number in mail["references"]]
            assert [earlier["thread_id"] for earlier in before] == [mail["thread_id"]] * len(before)
            assert mail["in_reply_to_id"] == (before[-1]["id"] if before else None)
            assert mail["in_reply_to"] == (before[-1]["message_id"] if before else None)
            assert mail["thread_id"] is None or by_id[mail["thread_id"]]["_type"] == "EmailThread"


def test_tasks_name_what_they_are_about(leads: Records) -> None:
    kinds = {
        "incoming_email": ("emailthread", "EmailThread"),
        "email_followup": ("emailthread", "EmailThread"),
        "missed_call": ("call", "Call"),
        "voicemail": ("call", "Call"),
        "answered_detached_call": ("call", "Call"),
        "incoming_sms": ("sms", "SMS"),
        "opportunity_due": ("opportunity", None),
        "lead": (None, None),
    }
    for lead in leads:
        there = {child["id"]: child for child in (*lead["activities"], *lead["opportunities"])}
        for task in lead["tasks"]:
            about = there.get(task["object_id"], {})
            assert (task["object_type"], about.get("_type")) == kinds[task["_type"]]
            assert task["object_id"] is None or task["object_id"] in there


def test_mail_tasks_name_mails_of_the_conversation(leads: Records) -> None:
    for lead in leads:
        by_id = {activity["id"]: activity for activity in lead["activities"]}
        for task in lead["tasks"]:
            ids = task.get("emails") or [task[name] for name in ("email_id",) if name in task]
            assert {by_id[id]["thread_id"] for id in ids} <= {task["object_id"]}
            assert (task["_type"] in {"incoming_email", "email_followup"}) == bool(ids)


def test_completions_name_complete_tasks(leads: Records) -> None:
    for lead in leads:
        complete = {task["id"]: task for task in lead["tasks"] if task["_type"] == "lead" and task["is_complete"]}
        done = [activity for activity in lead["activities"] if activity["_type"] == "TaskCompleted"]
        assert sorted(activity["task_id"] for activity in done) == sorted(complete)
        assert [a["activity_at"] for a in done] == [complete[a["task_id"]]["date_completed"] for a in done]


def test_changes_lead_to_the_status(leads: Records) -> None:
    for lead in leads:
        changes = [activity for activity in lead["activities"] if activity["_type"] == "LeadStatusChange"]
        way = sorted(changes, key=lambda change: change["activity_at"])
        labels = ["Potential", *(change["new_status_label"] for change in way)]
        assert [change["old_status_label"] for change in way] == labels[:-1]
        assert labels[-1] == lead["status_label"]
        ended = {
            activity["opportunity_id"]: activity["new_status_id"]
            for activity in lead["activities"]
            if activity["_type"] == "OpportunityStatusChange"
        }
        closed = {deal["id"]: deal["status_id"] for deal in lead["opportunities"] if deal["status_type"] != "active"}
        assert ended == closed
