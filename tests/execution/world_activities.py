"""Activities of every kind, several of each: with everything, with nothing, and some that the schema cannot show."""

from collections.abc import Iterator
from random import Random
from typing import Any

from app.domain.activities import (
    ActivityType,
    CallDisposition,
    CustomActivityStatus,
    Direction,
    EmailStatus,
    MeetingStatus,
)
from tests.execution import pools

OF_EACH_KIND = 4
COLUMNS = (
    *("direction", "status", "disposition", "duration", "subject", "text", "text_html", "sender", "phone"),
    *("local_phone", "starts_at", "ends_at", "date_scheduled", "date_sent", "thread_id", "custom_type_id"),
    *("object_id", "old_status_id", "new_status_id", "old_label", "new_label"),
)
THREADS = [f"acti_thread{number}" for number in range(3)]
SUBJECTS = {
    ActivityType.OPPORTUNITY_STATUS_CHANGE: ("oppo_A", "oppo_gone", "lead_A"),
    ActivityType.TASK_COMPLETED: ("task_lead0", "task_gone", "oppo_A"),
    ActivityType.LEAD_MERGE: ("lead_gone", "lead_b"),
}
_STATES: dict[ActivityType, list[Any]] = {
    ActivityType.EMAIL: list(EmailStatus),
    ActivityType.SMS: list(EmailStatus),
    ActivityType.MEETING: list(MeetingStatus),
    ActivityType.CUSTOM: list(CustomActivityStatus),
}
_OLD, _NEW = ("stat_lead0", "stat_oppo0", "stat_gone"), ("stat_lead1", "stat_oppo1", "stat_gone")


def rows(dice: Random) -> list[dict[str, Any]]:
    """Rows with the same columns each; threads stand before their messages."""
    made = [_thread(dice, id) for id in THREADS]
    for kind in ActivityType:
        if kind is not ActivityType.EMAIL_THREAD:
            made += [_row(dice, kind, f"acti_{kind.value}{number}") for number in range(OF_EACH_KIND)]
    made += [_row(dice, ActivityType.NOTE, f"acti_many{number:02}") | {"lead_id": "lead_B"} for number in range(30)]
    return made + list(_broken(dice))


def _thread(dice: Random, id: str) -> dict[str, Any]:
    people = [{"email": "a@example.com"}, {"name": "Nobody"}]
    details = dice.choice([{}, {"participants": people}, {"participants": None}])
    return _plain(dice, ActivityType.EMAIL_THREAD, id) | {"subject": pools.maybe_text(dice), "details": details}


def _row(dice: Random, kind: ActivityType, id: str) -> dict[str, Any]:
    return _plain(dice, kind, id) | {
        "direction": dice.choice(list(Direction)),
        "status": dice.choice(_STATES.get(kind, [None])),
        "disposition": dice.choice(list(CallDisposition)),
        "duration": pools.maybe(dice, (0, 62, 2**31 - 1)),
        "subject": pools.maybe_text(dice),
        "text": pools.maybe_text(dice),
        "text_html": pools.maybe_text(dice),
        "sender": pools.maybe_text(dice),
        "phone": pools.maybe(dice, ("+16505550100", "")),
        "local_phone": pools.maybe(dice, ("+16505550101", "ä")),
        "starts_at": dice.choice(pools.FAR_INSTANTS),
        "ends_at": dice.choice(pools.FAR_INSTANTS),
        "date_scheduled": pools.maybe(dice, pools.FAR_INSTANTS),
        "date_sent": pools.maybe(dice, pools.FAR_INSTANTS),
        "thread_id": pools.maybe(dice, THREADS[:2], 0.2) if kind is ActivityType.EMAIL else None,
        "custom_type_id": dice.choice(("actitype_0", "actitype_1")) if kind is ActivityType.CUSTOM else None,
        "object_id": pools.maybe(dice, SUBJECTS.get(kind, ())),
        "old_status_id": pools.maybe(dice, _OLD),
        "new_status_id": pools.maybe(dice, _NEW),
        "old_label": pools.maybe_text(dice),
        "new_label": pools.maybe_text(dice),
        "details": _details(dice),
    }


def _plain(dice: Random, kind: ActivityType, id: str) -> dict[str, Any]:
    """A row without anything but what it cannot be without."""
    lead = pools.maybe(dice, ("lead_A", "lead_A", "lead_b", "lead_1"), 0.1)
    none = dict.fromkeys(COLUMNS)
    return none | {"id": id, "type": kind, "lead_id": lead, "date": dice.choice(pools.FAR_INSTANTS), "details": {}}


def _details(dice: Random) -> dict[str, Any]:
    """What only one kind has; members are there, null or missing."""
    everything: dict[str, Any] = {
        "to": ["a@example.com", 'b"@example.com'],
        "cc": [],
        "bcc": ["\u2028"],
        "attachments": [{"url": "https://files.example/ä", "filename": "ä", "size": 7}, {"url": None}, {"url": "x:y"}],
        "attendees": [
            {"email": None, "name": "A\\", "contact_id": "cont_A", "user_id": "user_gone", "status": "yes"},
            {"user_id": "user_1", "contact_id": "cont_gone", "status": "no-reply"},
            {"status": "unheard of"},
        ],
        "recording_url": "https://calls.example/1",
        "voicemail_url": "https://calls.example/2",
        "voicemail_duration": 12,
        "message_id": "<1@example.com>",
        "in_reply_to": pools.text(dice),
        "references": ["<0@example.com>"],
        "origin": pools.text(dice),
        "location": pools.text(dice),
        "body_preview": pools.text(dice),
    }
    kept = {name: value for name, value in everything.items() if dice.random() < 0.6}
    return kept | {name: None for name in everything if dice.random() < 0.1}


def _broken(dice: Random) -> Iterator[dict[str, Any]]:
    """What an import may bring and the schema has no value for: each is null where nothing may be."""
    wrong: dict[ActivityType, dict[str, Any]] = {
        ActivityType.CALL: {"direction": None, "disposition": None},
        ActivityType.EMAIL: {"status": "unheard of"},
        ActivityType.MEETING: {"starts_at": None},
        ActivityType.CUSTOM: {"custom_type_id": None},
    }
    for kind, values in wrong.items():
        for number in range(3):
            yield _row(dice, kind, f"acti_broken_{kind.value}{number}") | {"lead_id": "lead_broken"} | values
