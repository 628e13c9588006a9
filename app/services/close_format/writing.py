"""A batch of leads into the database: only what differs from the rows that are there is written."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlmodel import SQLModel

from app.domain.names import contact_name, lead_name, sort_name
from app.services.close_format.admission import Admission, Admitted
from app.services.close_format.changes import Changes
from app.services.close_format.fitting import COLUMNS
from app.services.close_format.kinds import (
    ACTIVITY,
    CONTACT,
    KINDS,
    LEAD,
    OPPORTUNITY,
    Draft,
    Kind,
    LeadDraft,
    Rejection,
    Row,
)
from app.services.close_format.stored import LISTS, Stored, load
from app.services.close_format.summary import Counts, Tally
from app.storage.contacts import ContactEmail, ContactPhone
from app.storage.custom_fields import CustomFieldValue
from app.storage.session import ScopedSession

_OWNERS = {LEAD: "lead_id", CONTACT: "contact_id", OPPORTUNITY: "opportunity_id", ACTIVITY: "activity_id"}
_PLACE = ("id", "organization_id", "position")


@dataclass
class Outcome:
    """What became of one batch."""

    leads: Counts = field(default_factory=Counts)
    objects: dict[str, Counts] = field(default_factory=lambda: {kind.collection: Counts() for kind in KINDS})
    rejections: list[Rejection] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)


async def write(
    session: ScopedSession, batch: Sequence[LeadDraft], contact_fields: Collection[str], now: dt.datetime
) -> Outcome:
    """In the session's transaction; nothing but the session changes, so that it may run again."""
    stored = await load(session, batch)
    admission = Admission(stored, contact_fields)
    for draft in batch:
        admission.admit(draft)
    writer = _Writer(stored, now)
    for admitted in admission.leads:
        writer.add(admitted)
    await writer.changes.write(session)
    outcome = Outcome(writer.leads, writer.objects, admission.rejections, admission.tally)
    outcome.leads.rejected = len(batch) - len(admission.leads)
    return outcome


class _Writer:
    def __init__(self, stored: Stored, now: dt.datetime) -> None:
        self.stored = stored
        self.now = now
        self.changes = Changes()
        self.leads = Counts()
        self.objects = {kind.collection: Counts() for kind in KINDS}

    def add(self, admitted: Admitted) -> None:
        """Decide on every object of a lead; the lead comes last, for it may be named after a contact."""
        lead = admitted.lead
        people = {id: row for id, row in self.stored.rows[CONTACT].items() if row["lead_id"] == lead.id}
        states = []
        for child in admitted.children:
            row, state = self._decide(child)
            states.append(state)
            if child.kind is CONTACT:
                people[child.id] = row
        by_age = sorted(people.values(), key=lambda row: (row["date_created"], row["id"]))
        _, state = self._decide(lead, [row["display_name"] for row in by_age])
        _count(self.leads, "updated" if state == "unchanged" and set(states) - {"unchanged"} else state)

    def _decide(self, draft: Draft, people: Sequence[str] = ()) -> tuple[Row, str]:
        """An object's row as it is going to be, and what happens to it."""
        old = self.stored.rows[draft.kind].get(draft.id)
        base = dict(old) if old is not None else _blank(draft.kind) | draft.defaults
        row = base | draft.columns | {"id": draft.id}
        row["details"] = {name: value for name, value in (base["details"] | draft.details).items() if _is_set(value)}
        row |= self._names(draft, row, people)
        touched = self._replace_values(draft) | self._replace_lists(draft)
        if old is None:
            self.changes.insert(draft.kind.model, [row])
            state = "created"
        elif changed := {name: value for name, value in row.items() if old[name] != value}:
            self._update(draft, old, changed)
            state = "updated"
        elif touched:
            self._update(draft, old, {})
            state = "updated"
        else:
            state = "unchanged"
        _count(self.objects[draft.kind.collection], state)
        return row, state

    def _update(self, draft: Draft, old: Mapping[str, Any], changed: Row) -> None:
        dates = {"date_updated": draft.columns.get("date_updated", self.now), "version": old["version"] + 1}
        self.changes.update(draft.kind.model, changed | dates | {"id": draft.id})

    def _names(self, draft: Draft, row: Row, people: Sequence[str]) -> Row:
        """The names that leads and contacts are shown and sorted by."""
        if draft.kind is LEAD:
            shown = lead_name(row["name"], people)
        elif draft.kind is CONTACT:
            emails = (email["email"] for email in self._list(draft, ContactEmail))
            phones = (phone["phone"] for phone in self._list(draft, ContactPhone))
            shown = contact_name(row["name"], emails, phones)
        else:
            return {}
        return {"display_name": shown, "sort_name": sort_name(shown)}

    def _list(self, draft: Draft, model: type[SQLModel]) -> Sequence[Mapping[str, Any]]:
        """The rows of a small list as they are going to be."""
        return draft.lists[model] if model in draft.lists else self.stored.lists[model].get(draft.id, [])

    def _replace_lists(self, draft: Draft) -> bool:
        """Whether a small list that the file gives differs from what is there."""
        replaced = False
        for model, rows in draft.lists.items():
            old = self.stored.lists[model].get(draft.id, [])
            owner = LISTS[model]
            if [{name: row[name] for name in row if name not in (*_PLACE, owner)} for row in old] != rows:
                self.changes.delete(model, old)
                place = {owner: draft.id}
                self.changes.insert(
                    model, ({"id": f"{draft.id}.{i}", "position": i} | place | row for i, row in enumerate(rows))
                )
                replaced = True
        return replaced

    def _replace_values(self, draft: Draft) -> bool:
        """Whether a custom value that the file gives differs from what is there."""
        replaced = False
        stored = self.stored.values.get(draft.id, [])
        for field_id, rows in draft.values.items():
            old = [row for row in stored if row["field_id"] == field_id]
            if [_content(row) for row in old] != [_content(row) for row in rows]:
                self.changes.delete(CustomFieldValue, old)
                self.changes.insert(CustomFieldValue, _value_rows(draft, field_id, rows))
                replaced = True
        return replaced


def _value_rows(draft: Draft, field_id: str, rows: Sequence[Row]) -> list[Row]:
    owners = dict.fromkeys(_OWNERS.values()) | {_OWNERS[draft.kind]: draft.id}
    owners |= {"object_id": draft.id, "owner_type": draft.kind.owner, "field_id": field_id}
    return [{"id": f"{draft.id}.{field_id}.{i}", "position": i, **owners, **row} for i, row in enumerate(rows)]


def _content(row: Mapping[str, Any]) -> list[Any]:
    return [row[name] for name in COLUMNS]


def _count(counts: Counts, state: str) -> None:
    setattr(counts, state, getattr(counts, state) + 1)


def _is_set(value: Any) -> bool:
    return value not in (None, "", [], {})


@cache
def _columns(kind: Kind) -> tuple[str, ...]:
    return tuple(column.name for column in kind.table.c if column.name != "organization_id")


def _blank(kind: Kind) -> Row:
    return dict.fromkeys(_columns(kind)) | {"version": 1, "details": {}}
