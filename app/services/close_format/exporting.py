"""The export of an organization's leads in the format that the import reads: the same leads give the same bytes."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, BinaryIO

import orjson
from sqlalchemy import func, select
from sqlmodel import SQLModel

from app.domain.access import Actor
from app.services.close_format import activities, contacts, leads, opportunities, tasks
from app.services.close_format.catalogue import Catalogue, load_catalogue
from app.services.close_format.kinds import ACTIVITY, CHILDREN, CONTACT, KINDS, OPPORTUNITY, TASK, Kind
from app.services.close_format.learning import DEFINITIONS
from app.services.close_format.stored import LISTS
from app.storage.contacts import ContactEmail, ContactPhone, ContactUrl
from app.storage.custom_fields import CustomFieldValue
from app.storage.database import Database
from app.storage.leads import Lead, LeadAddress
from app.storage.paging import Order, beyond, sorting
from app.storage.reads import table_of
from app.storage.scope import visible
from app.storage.session import ScopedSession
from app.storage.types import among

Progress = Callable[[int, int | None], None]
Groups = dict[str, list[Mapping[Any, Any]]]

PAGE = 100  # leads that are looked at together
OBJECTS = 5_000  # about as many are in memory at once

_LEADS = table_of(Lead).c
_PLACE = (_LEADS.date_created, _LEADS.id)


async def export_leads(
    database: Database, organization_id: str, target: BinaryIO, *, progress: Progress | None = None
) -> int:
    """Write all leads, oldest first, as an array with a lead a line; their number. `progress` is told of leads."""
    count = 0
    async with database.read(Actor.system(organization_id)) as session:
        total = await session.count(Lead)
        catalogue = await load_catalogue(session)
        target.write(b"[")
        async for page in _pages(session):
            for record in await _records(session, catalogue, page):
                target.write(b",\n" if count else b"\n")
                target.write(orjson.dumps(record))
                count += 1
            if progress is not None:
                progress(count, total)
        target.write(b"\n]\n")
    return count


async def _pages(session: ScopedSession) -> AsyncIterator[list[str]]:
    """The ids of all leads, in order, as many at a time as have a moderate number of objects on them."""
    order = (Order.of(_LEADS.date_created), Order.of(_LEADS.id))
    statement = select(_LEADS.date_created, _LEADS.id).where(visible(table_of(Lead)))
    statement = statement.order_by(*sorting(order, backward=False)).limit(PAGE)
    following = statement.where(beyond(order, "after", backward=False))
    rows = await session.rows(statement)
    while rows:
        sizes = await _sizes(session, [row.id for row in rows])
        page: list[str] = []
        for row in rows:
            if page and sum(sizes[id] for id in page) + sizes[row.id] > OBJECTS:
                yield page
                page = []
            page.append(row.id)
        yield page
        rows = await session.rows(following, {"after_0": rows[-1].date_created, "after_1": rows[-1].id})


async def _sizes(session: ScopedSession, ids: Sequence[str]) -> dict[str, int]:
    sizes = dict.fromkeys(ids, 1)
    for kind in CHILDREN:
        lead_id = kind.table.c.lead_id
        counts = select(lead_id, func.count()).where(visible(kind.table), among(lead_id, ids)).group_by(lead_id)
        for id, count in await session.rows(counts):
            sizes[id] += count
    return sizes


class _Page:
    """The rows of some leads and of everything on them."""

    def __init__(self, children: dict[Kind, Groups], lists: dict[type[SQLModel], Groups], values: Groups) -> None:
        self.children = children
        self.lists = lists
        self.values = values


async def _records(session: ScopedSession, catalogue: Catalogue, ids: list[str]) -> list[dict[str, Any]]:
    rows = await session.find(Lead, among(_LEADS.id, ids), order_by=_PLACE)
    children = {}
    for kind in CHILDREN:
        columns = kind.table.c
        order = columns.date if kind is ACTIVITY else columns.date_created
        found = await session.find(kind.model, among(columns.lead_id, ids), order_by=[order, columns.id])
        children[kind] = _grouped(found, "lead_id")
    people = [row["id"] for group in children[CONTACT].values() for row in group]
    lists = {
        model: await _of(session, model, owner, ids if owner == "lead_id" else people) for model, owner in LISTS.items()
    }
    owners = [kind for kind in KINDS if kind.owner]
    objects = ids + [row["id"] for kind in owners for group in children.get(kind, {}).values() for row in group]
    values = await _of(session, CustomFieldValue, "object_id", objects)
    page = _Page(children, lists, values)
    return [_lead(catalogue, page, row) for row in rows]


async def _of(session: ScopedSession, model: type[SQLModel], owner: str, ids: Sequence[str]) -> Groups:
    """The rows of a table by their owner, in the order of their positions."""
    columns = table_of(model).c
    found = await session.find(model, among(columns[owner], ids), order_by=[columns.position, columns.id])
    return _grouped(found, owner)


def _lead(catalogue: Catalogue, page: _Page, row: Mapping[Any, Any]) -> dict[str, Any]:
    id = row["id"]
    own = {kind: page.children[kind].get(id, []) for kind in CHILDREN}
    shown = {contact["id"]: contact["display_name"] for contact in own[CONTACT]}
    children: dict[str, list[Any]] = {kind.collection: [] for kind in CHILDREN}
    fields = {value["field_id"] for value in page.values.get(id, [])}
    for kind in CHILDREN:
        for child in own[kind]:
            names = {"lead_name": row["display_name"]}
            if kind is not CONTACT:
                names["contact_name"] = shown.get(child["contact_id"])
            record = catalogue.with_users(_WRITERS[kind](catalogue, page, child, names))
            values = page.values.get(child["id"], [])
            fields |= {value["field_id"] for value in values}
            if kind in (CONTACT, OPPORTUNITY) or values:
                record |= catalogue.custom(values)
            children[kind.collection].append(record)
    status = catalogue.lead_statuses[row["status_id"]]
    record = catalogue.with_users(leads.write(row, status, page.lists[LeadAddress].get(id, []), children))
    definitions = catalogue.definitions(fields)
    return record | catalogue.custom(page.values.get(id, [])) | ({DEFINITIONS: definitions} if definitions else {})


def _contact(catalogue: Catalogue, page: _Page, row: Mapping[Any, Any], names: dict[str, Any]) -> dict[str, Any]:
    emails, phones, urls = (page.lists[model].get(row["id"], []) for model in (ContactEmail, ContactPhone, ContactUrl))
    return contacts.write(row, emails, phones, urls)


def _opportunity(catalogue: Catalogue, page: _Page, row: Mapping[Any, Any], names: dict[str, Any]) -> dict[str, Any]:
    status = catalogue.opportunity_statuses[row["status_id"]]
    return opportunities.write(row, names, status, catalogue.pipelines[status["pipeline_id"]])


def _task(catalogue: Catalogue, page: _Page, row: Mapping[Any, Any], names: dict[str, Any]) -> dict[str, Any]:
    return tasks.write(row, names)


def _activity(catalogue: Catalogue, page: _Page, row: Mapping[Any, Any], names: dict[str, Any]) -> dict[str, Any]:
    if row["custom_type_id"] is not None:
        names = names | {"custom_activity_type_name": catalogue.activity_types[row["custom_type_id"]]["name"]}
    return activities.write(row, names)


_WRITERS = {CONTACT: _contact, OPPORTUNITY: _opportunity, TASK: _task, ACTIVITY: _activity}


def _grouped(rows: Sequence[Mapping[Any, Any]], owner: str) -> Groups:
    groups: Groups = {}
    for row in rows:
        groups.setdefault(row[owner], []).append(row)
    return groups
