"""Whole subtrees from one statement: objects, arrays in them, and pages of connections, as the reads give them."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import orjson
import pytest
from sqlalchemy import ColumnElement, FromClause, Integer, Select, bindparam, literal_column, select

from app.domain.access import Actor
from app.storage import contacts, leads
from app.storage.contacts import Contact, ContactEmail
from app.storage.database import Database
from app.storage.json_text import (
    Absent,
    Kind,
    array_of,
    cursor,
    cursor_text,
    document,
    has_cursor,
    has_fault,
    kind_of,
    leaf,
    limited,
    most_for,
    name_leaf,
    one_of,
    page_rows,
    row_object,
    single,
    truth_leaf,
)
from app.storage.leads import Lead
from app.storage.opportunities import Opportunity, OpportunityStatus
from app.storage.paging import Order, Window, sorting
from app.storage.reads import Page, Read, ascending, children, table_of
from app.storage.scope import visible
from app.storage.types import SortableNumber
from tests.storage.scenery import AUDIT, NOON, add_lead, new_actor, sent

LEADS = ["lead_0", "lead_1", "lead_2", "none"]
DEALS = table_of(Opportunity)
NAMES = ["Ada", None, 'Q"\\\x01\x1f\x7f', "ß\u2028𝄞", "", "null", "'", 60 * "long " + "ä"]


@pytest.fixture
async def actor(database: Database) -> Actor:
    """An organization of leads with contacts, addresses and deals, beside one with the same ids."""
    first, second = await new_actor(database, "Acme"), await new_actor(database, "Bluth")
    for actor, seed in ((first, 1), (second, 2)):
        await _fill(database, actor, Random(seed))
    return first


async def _fill(database: Database, actor: Actor, dice: Random) -> None:
    people = [f"cont_{n:02}" for n in range(12)]
    deals = [f"oppo_{n:02}" for n in range(40)]
    for ids in (people, deals):
        dice.shuffle(ids)
    async with database.write(actor) as session:
        for n, lead in enumerate(LEADS):
            await add_lead(session, lead, date_created=NOON - timedelta(n), name=dice.choice(NAMES))
        await session.insert(Contact, *[_contact(dice, id) for id in people])
        emails = [
            {"id": f"{id}_{n}", "contact_id": id, "position": n} for id in people for n in range(dice.randrange(4))
        ]
        dice.shuffle(emails)
        rest = {"type": "office", "email": "ada@example.com"}
        await session.insert(ContactEmail, *[{**row, **rest, "is_unsubscribed": dice.random() < 0.5} for row in emails])
        [status, *_] = await session.find(OpportunityStatus)
        await session.insert(Opportunity, *[_deal(dice, id, status["id"]) for id in deals])


def _contact(dice: Random, id: str) -> dict[str, Any]:
    moment = NOON + timedelta(microseconds=dice.choice([0, 1, 100_000, 10**6]))
    named = {"display_name": "Ada", "sort_name": "ada", "name": dice.choice(NAMES)}
    return {**AUDIT, **named, "id": id, "lead_id": dice.choice(LEADS[:-1]), "date_created": moment}


def _deal(dice: Random, id: str, status_id: str) -> dict[str, Any]:
    return {
        **AUDIT,
        "id": id,
        "lead_id": dice.choice(LEADS[:-1]),
        "status_id": status_id,
        "value_period": dice.choice(["annual", "one_time"]),
        "date_created": NOON + timedelta(microseconds=dice.choice([0, 1, 100_000, 10**6])),
        "value_cents": dice.choice([None, None, 0, 100, -100, 10**15]),
        "confidence": dice.choice([0, 50, 100]),
        "close_date": dice.choice([None, date(2026, 1, 1), date.max]),
        "note": dice.choice(NAMES),
    }


def of(read: Read, parent: FromClause, key: str = "id") -> Select[Any]:
    """The rows of a read that belong to the row of a sub-select around it, in their order."""
    found = select(*read.columns).where(visible(read.table), read.key == parent.c[key], *read.conditions)
    return found.order_by(*sorting(read.order, backward=False)).correlate(parent)


def leaves(dialect: str, row: Any, *names: str) -> list[tuple[str, ColumnElement[Any]]]:
    kinds = [(name, kind_of(row[name].type)) for name in names]
    return [(name, leaf(row[name], kind, dialect)) for name, kind in kinds if kind is not None]


async def answer(database: Database, actor: Actor, value: Any, **values: Any) -> Any:
    async with database.read(actor) as session:
        with sent() as statements:
            [[found]] = await session.rows(select(document(value, database.dialect)), values)
    assert len(statements) == 1
    assert not has_fault(found)
    return found


async def test_trees_are_those_of_the_reads(database: Database, actor: Actor) -> None:
    """Leads, their contacts with email addresses, a lead's status and, for each contact, its lead again."""
    dialect = database.dialect
    roots = select(*leads.in_organization.columns).where(visible(table_of(Lead)))
    found = roots.order_by(*sorting(leads.in_organization.order, backward=False)).limit(bindparam("size")).subquery()
    people = of(contacts.by_lead, found).subquery()
    emails = limited(
        of(contacts.emails_by_contact, people), bindparam("most", type_=Integer()), 100, dialect
    ).subquery()
    status, back = leads.status_by_id.table, leads.by_id.table
    email = row_object(leaves(dialect, emails.c, "email", "is_unsubscribed"), dialect)
    name = row_object(leaves(dialect, back.c, "name"), dialect)
    lead = select(name).where(visible(back), back.c.id == people.c.lead_id).correlate(people)
    contact = [
        *leaves(dialect, people.c, "id", "name", "date_created"),
        ("lead", single(lead, dialect, Absent.FAULT)),
        ("emails", array_of(email, emails, dialect)),
    ]
    label = row_object([("__typename", name_leaf("LeadStatus", dialect)), *leaves(dialect, status.c, "label")], dialect)
    own = select(label).where(visible(status), status.c.id == found.c.status_id).correlate(found)
    tree = [
        *leaves(dialect, found.c, "id", "name", "version"),
        ("status", single(own, dialect)),
        ("contacts", array_of(row_object(contact, dialect), people, dialect)),
    ]
    text = await answer(database, actor, array_of(row_object(tree, dialect), found, dialect), size=3, most=2)
    assert text == orjson.dumps(await _tree(database, actor))


async def _tree(database: Database, actor: Actor) -> list[Any]:
    """The same from the reads that resolvers use."""
    [rows] = await leads.in_organization(database, actor, [actor.organization_id])
    people = await contacts.by_lead(database, actor, [row.id for row in rows])
    [status] = await leads.status_by_id(database, actor, [rows[0].status_id])
    label = {"__typename": "LeadStatus", "label": status.label}
    made = []
    for row, own in zip(rows[:3], people, strict=False):
        emails = await contacts.emails_by_contact(database, actor, [person.id for person in own])
        shown = [
            {
                "id": person.id,
                "name": person.name,
                "date_created": person.date_created,
                "lead": {"name": row.name},
                "emails": [{"email": e.email, "is_unsubscribed": e.is_unsubscribed} for e in mails[:2]],
            }
            for person, mails in zip(own, emails, strict=True)
        ]
        made.append({"id": row.id, "name": row.name, "version": row.version, "status": label, "contacts": shown})
    return made


async def test_rows_that_are_missing(database: Database, actor: Actor) -> None:
    dialect = database.dialect
    status = leads.status_by_id.table
    label = row_object(leaves(dialect, status.c, "label"), dialect)
    nothing = select(label).where(visible(status), status.c.id == "gone")
    no_rows = select(status).where(visible(status), status.c.id == "gone").subquery()
    empty = array_of(row_object(leaves(dialect, no_rows.c, "label"), dialect), no_rows, dialect)
    pairs = [("status", single(nothing, dialect)), ("statuses", empty), ("none", row_object([], dialect))]
    assert await answer(database, actor, row_object(pairs, dialect)) == b'{"status":null,"statuses":[],"none":{}}'


@pytest.mark.parametrize("store", ["postgresql"])
async def test_faults_are_seen_from_above(database: Database, actor: Actor) -> None:
    """A fault, or a null that was promised never to come, spoils the document however deep it lies."""
    people = select(table_of(Contact)).where(visible(table_of(Contact))).subquery()
    for promise in (Absent.FAULT, Absent.NEVER):
        item = row_object([("name", leaf(people.c.name, Kind.TEXT, "postgresql", promise))], "postgresql")
        value = row_object([("contacts", array_of(item, people, "postgresql"))], "postgresql")
        async with database.read(actor) as session:
            [[found]] = await session.rows(select(document(value, "postgresql")))
        assert has_fault(found)


async def test_trees_nest_five_deep(database: Database, actor: Actor) -> None:
    """SQLite's parser takes no more in its older versions."""
    root = select(table_of(Lead)).where(visible(table_of(Lead)), table_of(Lead).c.id == LEADS[0]).subquery()
    value = array_of(row_object(_nested(database.dialect, root, 5), database.dialect), root, database.dialect)
    text = await answer(database, actor, value)
    [people] = await contacts.by_lead(database, actor, LEADS[:1])
    assert len(people) > 1
    lead: dict[str, Any] = {"id": LEADS[0], "contacts": [{"id": person.id} for person in people]}
    for _ in range(2):
        lead = {"id": LEADS[0], "contacts": [{"id": person.id, "lead": lead} for person in people]}
    assert text == orjson.dumps([lead])


def _nested(dialect: str, row: FromClause, depth: int) -> list[tuple[str, ColumnElement[Any]]]:
    """A lead with its contacts with their lead with its contacts …"""
    pairs = leaves(dialect, row.c, "id")
    if depth == 0:
        return pairs
    if "lead_id" not in row.c:
        people = of(contacts.by_lead, row).subquery()
        return [
            *pairs,
            ("contacts", array_of(row_object(_nested(dialect, people, depth - 1), dialect), people, dialect)),
        ]
    lead = of(leads.by_id, row, "lead_id").subquery()
    inner = select(row_object(_nested(dialect, lead, depth - 1), dialect)).select_from(lead)
    return [*pairs, ("lead", single(inner, dialect, Absent.FAULT))]


async def test_rows_of_several_kinds(database: Database, actor: Actor) -> None:
    """Each row as the object of the first condition that it meets."""
    dialect, deals = database.dialect, select(DEALS).where(visible(DEALS)).order_by(DEALS.c.id).subquery()
    cents = row_object([("__typename", name_leaf("Cents", dialect)), *leaves(dialect, deals.c, "value_cents")], dialect)
    days = row_object([*leaves(dialect, deals.c, "close_date", "note")], dialect)
    plain = row_object([("__typename", name_leaf("Deal", dialect)), ("is_deal", truth_leaf(True, dialect))], dialect)
    cases = [(deals.c.value_cents.is_not(None), cents), (deals.c.close_date.is_not(None), days)]
    everything: ColumnElement[bool] = deals.c.id.is_not(None)
    text = await answer(database, actor, array_of(one_of([*cases, (everything, plain)], dialect), deals, dialect))
    async with database.read(actor) as session:
        found = await session.find(Opportunity, order_by=[DEALS.c.id])
    shown = [
        {"__typename": "Cents", "value_cents": deal["value_cents"]}
        if deal["value_cents"] is not None
        else {"close_date": deal["close_date"], "note": deal["note"]}
        if deal["close_date"] is not None
        else {"__typename": "Deal", "is_deal": True}
        for deal in found
    ]
    assert text == orjson.dumps(shown)
    value = array_of(one_of(cases, dialect), deals, dialect)
    async with database.read(actor) as session:
        [[spoilt]] = await session.rows(select(document(value, dialect)))
    assert has_fault(spoilt)


ORDERS = [
    ("date_created", False),
    ("date_created", True),
    ("value_cents", False),
    ("value_cents", True),
    ("close_date", True),
    ("note", False),
    ("confidence", True),
    ("value_period", False),
]


@pytest.fixture
async def writing(database: Database) -> None:
    """SQLite's connections know how cursors are written."""
    if database.dialect == "sqlite":
        async with database.look_up() as reading:
            driver: Any = reading.driver
            driver.connection.create_function("cursor_text", 1, cursor_text, deterministic=True)


def connection(found: Read, parent: FromClause, window: Window, dialect: str) -> ColumnElement[Any]:
    """A page of deals as the graph shows it."""
    rows = select(found.table.c.id).where(*found._conditions(window), found.key == parent.c.id).correlate(parent)
    size = bindparam("size", type_=Integer())
    page = page_rows(rows, found.order, size, most_for(window.size), dialect, window.backward)
    node = row_object(leaves(dialect, page.rows.c, "id"), dialect)
    has_next = ("has_next_page", page.has_next(window.before is not None))
    has_previous = ("has_previous_page", page.has_previous(window.after is not None))
    ends = [("start_cursor", page.end(last=False)), ("end_cursor", page.end(last=True))]
    pairs = [
        ("edges", page.array(row_object([("cursor", page.cursor), ("node", node)], dialect))),
        ("nodes", page.array(node)),
        ("page_info", row_object([has_next, has_previous, *ends], dialect)),
    ]
    flags = page.select(row_object([has_next], dialect)), page.select(row_object([has_previous], dialect))
    parts = [("page", page.select(row_object(pairs, dialect))), ("next", flags[0]), ("previous", flags[1])]
    return row_object(parts, dialect)


def connected(page: Page) -> dict[str, Any]:
    info = ("has_next_page", "has_previous_page", "start_cursor", "end_cursor")
    shown = {
        "edges": [{"cursor": edge.cursor, "node": {"id": edge.node.id}} for edge in page.edges],
        "nodes": [{"id": row.id} for row in page.nodes],
        "page_info": {name: getattr(page, name) for name in info},
    }
    flags = {"has_next_page": page.has_next_page}, {"has_previous_page": page.has_previous_page}
    return {"page": shown, "next": flags[0], "previous": flags[1]}


@pytest.mark.parametrize(("name", "descending"), ORDERS)
@pytest.mark.usefixtures("writing")
async def test_pages_are_those_of_the_reads(database: Database, actor: Actor, name: str, descending: bool) -> None:
    """From the start, after and before a cursor, forwards and backwards; a lead without deals too."""
    read = children(Opportunity, of=Opportunity.lead_id, order=[Order.of(DEALS.c[name], descending)])
    assert has_cursor(read.order)
    [first] = await read(database, actor, LEADS[:1], Window(4))
    at = first.edges[1].cursor
    windows = [Window(size, backward) for size in (1, 5, 100) for backward in (False, True)]
    windows += [replace(w, after=at) for w in windows] + [replace(w, before=at) for w in windows]
    for window in windows:
        lead = table_of(Lead)
        roots = select(lead.c.id).where(visible(lead)).order_by(lead.c.id).subquery()
        value = array_of(connection(read, roots, window, database.dialect), roots, database.dialect)
        text = await answer(database, actor, value, **read.binds(window), size=window.size)
        pages = await read(database, actor, sorted(LEADS), window)
        assert text == orjson.dumps([connected(page) for page in pages])


def test_most_is_a_power_of_ten() -> None:
    assert [most_for(limit) for limit in (1, 2, 10, 11, 100, 101, 1001)] == [1, 10, 10, 100, 100, 1000, 10_000]


async def test_orders_without_cursors(store: str) -> None:
    """Those that go by numbers which are stored as texts: Python writes some with an exponent."""
    number = Order("number", literal_column("number", SortableNumber()))
    assert has_cursor(children(Contact, of=Contact.lead_id, order=[ascending(Contact.name)]).order)
    assert not has_cursor([number])
    with pytest.raises(ValueError, match="does not write the cursors"):
        cursor([number], [number.column], store)
