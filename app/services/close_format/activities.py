"""Activities of the format, both ways."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from app.domain.activities import ActivityType
from app.services.close_format import communication, history
from app.services.close_format.faults import Refused
from app.services.close_format.kinds import ACTIVITY, Draft
from app.services.close_format.learning import EMAIL_THREAD, activity_word
from app.services.close_format.reading import Place, Reading, elements
from app.services.close_format.values import identifier

KINDS = (*communication.KINDS, *history.KINDS)
BY_WORD = {kind.word.lower(): kind for kind in KINDS}
BY_TYPE = {kind.type: kind for kind in KINDS}


def read(reading: Reading, record: Mapping[str, Any], place: Place) -> Draft:
    kind = BY_WORD.get(activity_word(record))
    if kind is None:
        raise Refused(f"{place.path}._type", f"is none of {', '.join(kind.word for kind in KINDS)}")
    draft = reading.draft(ACTIVITY, kind.layout, record, place, _target(reading, record, kind.type))
    draft.columns |= {"lead_id": place.lead_id, "type": kind.type}
    _date(draft, kind.dates)
    kind.complete(reading, draft)
    return draft


def stripped_emails(record: Mapping[str, Any], place: Place, known: set[str]) -> Iterator[tuple[Any, Place]]:
    """The emails of a thread's record that do not stand among the lead's activities themselves."""
    if activity_word(record) != EMAIL_THREAD:
        return
    for i, email in enumerate(elements(record, "emails", place)):
        if isinstance(email, dict) and isinstance(email.get("id"), str) and email["id"] not in known:
            full = {"_type": communication.EMAIL.word, "thread_id": record.get("id")} | email
            yield full, replace(place, path=f"{place.path}.emails.{i}")


def write(row: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    """`names` are those of the lead and the contact, and of the custom activity's type."""
    kind = BY_TYPE[row["type"]]
    head = {"_type": kind.word, "id": row["id"], "lead_id": row["lead_id"], **names}
    missing: dict[str, list[Any]] = {name: [] for name in kind.lists if not row["details"].get(name)}
    return head | kind.layout.write({**row, "details": {**row["details"], **missing}})


def _target(reading: Reading, record: Mapping[str, Any], type_: ActivityType) -> str:
    """The custom activity type whose fields the record can have."""
    if type_ is not ActivityType.CUSTOM:
        return ""
    try:
        named = identifier(record.get("custom_activity_type_id"))
    except ValueError:
        named = None
    return reading.directory.fields.types.get(named or "", "")


def _date(draft: Draft, dates: tuple[str, ...]) -> None:
    """When it took place: as the format says outright, else by the kind's own date, else when it was created."""
    columns = draft.columns
    given = [columns[name] for name in ("date", *dates, "date_created") if columns.get(name) is not None]
    columns.pop("date", None)
    if given:
        columns["date"] = given[0]
    else:
        draft.defaults["date"] = draft.defaults["date_created"]
