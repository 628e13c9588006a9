"""What happened on the leads of a benchmark: calls, emails, notes, text messages, meetings, changes of statuses."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from app.domain.activities import ActivityType, CallDisposition, Direction
from app.storage.activities import Activity
from app.storage.derived import plain_columns
from app.storage.reads import table_of
from scripts.benchmarks.crm_furniture import LEAD_STATUSES, NOW, STAGES, USERS, audited
from scripts.benchmarks.crm_words import Writer

_BLANK: dict[str, Any] = {column.name: None for column in plain_columns(table_of(Activity))} | {"details": {}}
_KINDS = {
    ActivityType.CALL: 27,
    ActivityType.NOTE: 15,
    ActivityType.SMS: 9,
    ActivityType.MEETING: 8,
    ActivityType.LEAD_STATUS_CHANGE: 6,
    ActivityType.EMAIL: 35,
}
_WEIGHTS = list(accumulate(_KINDS.values()))
_STATUS_IDS = list(LEAD_STATUSES)
_STAGES = list(STAGES)


def happened(dice: Random, count: int, created: datetime, lead_id: str, contact_ids: list[str]) -> Iterator[Any]:
    """So many activities of a lead, without their ids. One lead in four gets no emails, one in three lies dormant."""
    kinds = list(_KINDS)[: None if dice.random() < 0.75 else -1]
    weights = _WEIGHTS[: len(kinds)]
    last = NOW if dice.random() < 0.67 else max(created, NOW - timedelta(days=60))
    for kind in dice.choices(kinds, cum_weights=weights, k=count):
        date = created + (last - created) * dice.random()
        common = audited(date, USERS[int(dice.random() * len(USERS))])
        links = {
            "type": kind,
            "lead_id": lead_id,
            "contact_id": dice.choice(contact_ids),
            "user_id": common["created_by"],
            "date": date,
        }
        yield {**_BLANK, **common, **links, **_details(kind, dice, Writer(dice), date)}


def stage_change(date: datetime, lead_id: str, opportunity_id: str, old: str, new: str) -> dict[str, Any]:
    """An opportunity's step from one status to the next."""
    return {
        **_BLANK,
        **audited(date, USERS[0]),
        "type": ActivityType.OPPORTUNITY_STATUS_CHANGE,
        "lead_id": lead_id,
        "date": date,
        "object_id": opportunity_id,
        "old_status_id": old,
        "new_status_id": new,
        "old_label": STAGES[old][0],
        "new_label": STAGES[new][0],
    }


def stages(dice: Random) -> list[str]:
    """The statuses that an opportunity goes through."""
    return sorted(dice.sample(_STAGES[:3], dice.randint(1, 2))) + dice.choice([[], [], _STAGES[3:4], _STAGES[4:]])


def _details(kind: ActivityType, dice: Random, writer: Writer, date: datetime) -> dict[str, Any]:
    direction = Direction.OUTBOUND if dice.random() < 0.7 else Direction.INBOUND
    match kind:
        case ActivityType.CALL:
            answered = dice.random() < 0.6
            return {
                "direction": direction,
                "disposition": CallDisposition.ANSWERED if answered else CallDisposition.NO_ANSWER,
                "duration": dice.randint(20, 1_800) if answered else 0,
                "text": writer.prose(5, 20) if answered else None,
                "phone": f"+1555{dice.randrange(10_000_000):07}",
            }
        case ActivityType.EMAIL:
            return {
                "direction": direction,
                "status": "sent" if direction is Direction.OUTBOUND else "inbox",
                "subject": writer.prose(5, 8),
                "text": writer.prose(10, 30),
                "sender": f"{writer.one(writer.person().lower().split())}@mail.example",
            }
        case ActivityType.SMS:
            return {"direction": direction, "status": "sent", "text": writer.prose(5, 15), "phone": "+15550100"}
        case ActivityType.MEETING:
            begin = date + timedelta(days=dice.randint(0, 14))
            return {
                "subject": writer.prose(5, 6),
                "text": writer.prose(5, 20),
                "status": "completed" if begin < NOW else "upcoming",
                "starts_at": begin,
                "ends_at": begin + timedelta(hours=1),
                "duration": 3_600,
            }
        case ActivityType.LEAD_STATUS_CHANGE:
            old, new = dice.sample(_STATUS_IDS, 2)
            labels = {"old_label": LEAD_STATUSES[old], "new_label": LEAD_STATUSES[new]}
            return {"object_id": None, "old_status_id": old, "new_status_id": new, **labels}
    return {"text": writer.prose(5, 30)}
