"""Tasks of the format, both ways."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from app.domain.tasks import TaskType
from app.services.close_format.faults import Refused
from app.services.close_format.keys import AUDIT, AUDIT_DERIVED, Key, Layout, detail, iso, moment, reference
from app.services.close_format.kinds import TASK, Draft
from app.services.close_format.reading import Place, Reading, current
from app.services.close_format.values import (
    as_is,
    flag,
    identifier,
    instant,
    is_day,
    objects,
    one_of,
    seconds,
    text,
    texts,
)

ATTACHMENTS = objects(url=text, filename=text, content_type=text, size=seconds, thumbnail_url=text)

_TYPES = one_of({type.value: type for type in TaskType})


def _due(value: Any) -> dt.date | dt.datetime | None:
    """A day stays a day; it is not the instant at which it begins."""
    when = instant(value)
    return when.date() if when is not None and is_day(value) else when


_COMMON = (
    reference("contact_id"),
    reference("assigned_to"),
    Key("date", "due", _due, iso, older=("due_date",)),
    Key("is_complete", "", flag, as_is),
    moment("date_completed", lenient=True),
    Key("text"),
    Key("object_type", lenient=True),
    reference("object_id"),
    *AUDIT,
)
_DERIVED = (
    "_type", "id", "lead_id", "lead_name", "contact_name", "assigned_to_name", "due_date", "is_dateless", "view",
    "phone_formatted", "local_phone_formatted", "remote_phone_formatted", *AUDIT_DERIVED,
)  # fmt: skip
_EXTRAS = (
    "agent_config_id", "deduplication_key", "is_primary_lead_notification", "local_phone_description",
    "opportunity_note", "opportunity_value", "opportunity_value_currency", "opportunity_value_formatted",
    "opportunity_value_period", "phone_number_description", "priority", "recording_url", "remote_phone_description",
    "resolution", "sequence_id", "sequence_subscription_id", "step_id",
)  # fmt: skip
_CALL = (detail("phone"), detail("local_phone"), detail("voicemail_duration", seconds), detail("voicemail_url"))


def _layout(*keys: Key) -> Layout:
    return Layout(*_COMMON, *keys, derived=_DERIVED, extras=_EXTRAS)


LAYOUTS = {
    TaskType.LEAD: _layout(),
    TaskType.INCOMING_EMAIL: _layout(
        detail("subject"), detail("body_preview"), detail("emails", texts, member="email_ids")
    ),
    TaskType.EMAIL_FOLLOWUP: _layout(detail("subject"), detail("body_preview"), detail("email_id", identifier)),
    TaskType.MISSED_CALL: _layout(*_CALL),
    TaskType.ANSWERED_DETACHED_CALL: _layout(*_CALL),
    TaskType.VOICEMAIL: _layout(*_CALL),
    TaskType.OPPORTUNITY_DUE: _layout(),
    TaskType.INCOMING_SMS: _layout(
        detail("remote_phone", member="phone", older=("phone",)),
        detail("local_phone"),
        detail("attachments", ATTACHMENTS),
    ),
}


def read(reading: Reading, record: Mapping[str, Any], place: Place) -> Draft:
    try:
        type_ = _TYPES(record.get("_type")) or TaskType.LEAD
    except ValueError as error:
        raise Refused(f"{place.path}._type", str(error)) from error
    draft = reading.draft(TASK, LAYOUTS[type_], record, place)
    columns = draft.columns
    columns |= {"lead_id": place.lead_id, "type": type_}
    if "due" in columns:
        due = columns.pop("due")
        timed = isinstance(due, dt.datetime)
        columns |= {"date": None if timed else due, "date_time": due if timed else None}
    draft.defaults["is_complete"] = False
    if "is_complete" in columns and "date_completed" not in columns:
        done = columns.get("date_updated") or current(draft, "date_created")
        columns["date_completed"] = done if columns["is_complete"] else None
    return draft


def write(row: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    """`names` are those of the lead and the contact."""
    due = row["date_time"] or row["date"]
    head = {"_type": row["type"].value, "id": row["id"], "lead_id": row["lead_id"], **names}
    return head | {"is_dateless": due is None} | LAYOUTS[row["type"]].write({**row, "due": due})
