"""What the database holds already of a batch of leads, read in a handful of statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, literal, select, union_all
from sqlmodel import SQLModel

from app.domain.activities import ActivityType
from app.services.close_format.kinds import CHILDREN, CONTACT, KINDS, LEAD, Kind, LeadDraft
from app.storage.activities import Activity
from app.storage.contacts import ContactEmail, ContactPhone, ContactUrl
from app.storage.custom_fields import CustomFieldValue
from app.storage.leads import Lead, LeadAddress
from app.storage.reads import table_of
from app.storage.scope import visible
from app.storage.session import ScopedSession
from app.storage.types import among

Rows = dict[str, Mapping[Any, Any]]
LISTS: dict[type[SQLModel], str] = {
    LeadAddress: "lead_id",
    ContactEmail: "contact_id",
    ContactPhone: "contact_id",
    ContactUrl: "contact_id",
}


@dataclass
class Stored:
    """Rows by kind and id; small lists by table and owner; custom values by object; and whose any other id is."""

    rows: dict[Kind, Rows] = field(default_factory=dict)
    lists: dict[type[SQLModel], dict[str, list[Mapping[Any, Any]]]] = field(default_factory=dict)
    values: dict[str, list[Mapping[Any, Any]]] = field(default_factory=dict)
    taken: dict[str, str] = field(default_factory=dict)
    threads: set[str] = field(default_factory=set)


async def load(session: ScopedSession, batch: Sequence[LeadDraft]) -> Stored:
    """The leads stay locked until the end of the transaction."""
    stored = Stored({kind: {} for kind in KINDS})
    leads = {draft.lead.id for draft in batch}
    ids = {kind: {child.id for draft in batch for child in draft.children if child.kind is kind} for kind in CHILDREN}
    stored.rows[LEAD] = dict(await session.lock(Lead, leads))
    for kind in CHILDREN:
        stored.rows[kind] = await _by_id(session, kind, ids[kind])
    if stored.rows[LEAD]:
        contacts = table_of(CONTACT.model).c
        of_leads = await session.find(CONTACT.model, among(contacts.lead_id, sorted(stored.rows[LEAD])))
        stored.rows[CONTACT] |= {row["id"]: row for row in of_leads}
    await _load_lists(session, stored)
    await _load_taken(session, stored, leads, ids)
    threads = {thread for draft in batch for child in draft.children if (thread := child.columns.get("thread_id"))}
    if threads:
        activities = table_of(Activity).c
        known = await session.find(
            Activity, among(activities.id, sorted(threads)), activities.type == ActivityType.EMAIL_THREAD
        )
        stored.threads = {row["id"] for row in known}
    return stored


async def _by_id(session: ScopedSession, kind: Kind, ids: set[str]) -> Rows:
    if not ids:
        return {}
    return {row["id"]: row for row in await session.find(kind.model, among(kind.table.c.id, sorted(ids)))}


async def _load_lists(session: ScopedSession, stored: Stored) -> None:
    """The small lists and custom values of the objects that are there."""
    for model, owner in LISTS.items():
        owners = stored.rows[LEAD if owner == "lead_id" else CONTACT]
        columns = table_of(model).c
        rows = (
            await session.find(model, among(columns[owner], sorted(owners)), order_by=[columns.position])
            if owners
            else []
        )
        stored.lists[model] = _grouped(rows, owner)
    objects = sorted({id for kind in KINDS if kind.owner for id in stored.rows[kind]})
    if objects:
        columns = table_of(CustomFieldValue).c
        rows = await session.find(
            CustomFieldValue, among(columns.object_id, objects), order_by=[columns.position, columns.id]
        )
        stored.values = _grouped(rows, "object_id")


async def _load_taken(session: ScopedSession, stored: Stored, leads: set[str], ids: Mapping[Kind, set[str]]) -> None:
    """Which of the ids that are new to their kind belong to objects of another one."""
    new = {id for kind, own in {LEAD: leads, **ids}.items() for id in own if id not in stored.rows[kind]}
    if new:
        found = await session.rows(union_all(*(_kind_of(kind, new) for kind in KINDS)))
        stored.taken = dict(found)


def _kind_of(kind: Kind, ids: set[str]) -> Select[Any]:
    return select(kind.table.c.id, literal(kind.name)).where(visible(kind.table), among(kind.table.c.id, sorted(ids)))


def _grouped(rows: Iterable[Mapping[Any, Any]], owner: str) -> dict[str, list[Mapping[Any, Any]]]:
    groups: dict[str, list[Mapping[Any, Any]]] = {}
    for row in rows:
        groups.setdefault(row[owner], []).append(row)
    return groups
