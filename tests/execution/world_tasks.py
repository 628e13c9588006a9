"""Tasks of every kind: for days, for instants, without a date; about what is there, gone or of another kind."""

from collections.abc import Sequence
from random import Random
from typing import Any

from app.domain.tasks import TaskType
from tests.execution import pools

OF_EACH_KIND = 3
_OBJECTS = {
    TaskType.INCOMING_EMAIL: ("acti_thread0", "acti_gone", "acti_note0"),
    TaskType.EMAIL_FOLLOWUP: ("acti_thread1", "acti_email0"),
    TaskType.MISSED_CALL: ("acti_call0", "acti_gone", "acti_sms0"),
    TaskType.ANSWERED_DETACHED_CALL: ("acti_call1", "acti_gone"),
    TaskType.VOICEMAIL: ("acti_call2", "acti_note0"),
    TaskType.OPPORTUNITY_DUE: ("oppo_A", "oppo_gone", "lead_A"),
    TaskType.INCOMING_SMS: ("acti_sms0", "acti_sms1", "acti_call0"),
}


def rows(dice: Random, kinds: Sequence[TaskType]) -> list[dict[str, Any]]:
    """Rows with the same columns each; many to-dos on one lead."""
    made = [_row(dice, kind, f"task_{kind.value}{number}") for kind in kinds for number in range(OF_EACH_KIND)]
    return made + [_row(dice, TaskType.LEAD, f"task_many{n:02}") | {"lead_id": "lead_B"} for n in range(27)]


def _row(dice: Random, kind: TaskType, id: str) -> dict[str, Any]:
    when = dice.choice(("day", "instant", "never"))
    return {
        "id": id,
        "type": kind,
        "lead_id": pools.maybe(dice, ("lead_A", "lead_A", "lead_b", "lead_1"), 0.15),
        "assigned_to": pools.maybe(dice, ("user_0", "user_1", "user_x")),
        "date": dice.choice(pools.TASK_DAYS) if when == "day" else None,
        "date_time": dice.choice(pools.TASK_INSTANTS) if when == "instant" else None,
        "is_complete": dice.random() < 0.3,
        "date_completed": pools.maybe(dice, pools.INSTANTS),
        "text": pools.maybe_text(dice),
        "object_id": pools.maybe(dice, _OBJECTS.get(kind, ()), 0.2),
        "details": _details(dice),
    }


def _details(dice: Random) -> dict[str, Any]:
    everything: dict[str, Any] = {
        "email_ids": ["acti_email1", "acti_gone", "acti_email0", "acti_note0", "acti_email1"],
        "email_id": dice.choice(("acti_email2", "acti_gone", "acti_note1")),
        "subject": pools.text(dice),
        "body_preview": pools.text(dice),
        "phone": "+16505550100",
        "local_phone": "",
        "voicemail_duration": 2**31 - 1,
        "voicemail_url": "https://calls.example/2",
        "attachments": [{"url": "https://files.example/a.png", "content_type": "image/png"}],
    }
    return {name: value for name, value in everything.items() if dice.random() < 0.7}
