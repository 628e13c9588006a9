"""Batch reads against a plain-Python reference: every order, direction, size and cursor, for many parents at once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cmp_to_key
from random import Random
from typing import Any

import pytest
from sqlalchemy import ColumnElement, func

from app.domain.access import Actor
from app.storage import opportunities
from app.storage.database import Database
from app.storage.derived import plain_columns
from app.storage.leads import Lead, LeadStatus
from app.storage.leads import by_id as leads_by_id
from app.storage.leads import in_organization as leads_in_organization
from app.storage.opportunities import Opportunity, OpportunityStatus
from app.storage.paging import Order, Window, encode
from app.storage.reads import Count, Page, Read, Sums, children, column, one, table_of
from tests.storage.scenery import AUDIT, add_lead, new_actor, sent, two_actors

Row = dict[str, Any]
DEALS = table_of(Opportunity)
LEADS = [f"lead_{n}" for n in range(6)]
KEYS = [*LEADS, "empty", "gone"]
COLUMNS = ["date_created", "value_cents", "confidence", "close_date", "currency"]
START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
async def deals(database: Database) -> tuple[Actor, list[Row]]:
    """Opportunities with many ties and nulls, and the same ids in an organization that nobody asks for."""
    actor, other = await new_actor(database, "Acme"), await new_actor(database, "Bluth")
    for owner, seed in ((actor, 1), (other, 2)):
        async with database.write(owner) as session:
            for lead in [*LEADS, "empty"]:
                await add_lead(session, lead)
            [status, *_] = await session.find(OpportunityStatus)
            rows = _deals(Random(seed), status["id"])
            await session.insert(Opportunity, *rows)
    async with database.read(actor) as session:
        return actor, [dict(row) for row in await session.find(Opportunity)]


def _deals(dice: Random, status_id: str) -> list[Row]:
    ids = [f"deal_{n:02}" for n in range(80)]
    dice.shuffle(ids)
    return [
        {
            **AUDIT,
            "id": id,
            "lead_id": dice.choice(LEADS),
            "status_id": status_id,
            "value_period": "annual",
            "date_created": START + timedelta(microseconds=dice.choice([0, 1, 10, 1_000_000, 10**10])),
            "value_cents": dice.choice([None, None, 0, 100, -100, 10**15]),
            "confidence": dice.choice([0, 50, 100]),
            "close_date": dice.choice([None, date(2026, 1, 1), date(2026, 2, 1), date(9999, 12, 31)]),
            "currency": dice.choice([None, "EUR", "USD"]),
        }
        for id in ids
    ]


def _compare(order: Sequence[Order]) -> Callable[[Row, Row], int]:
    """The order of rule F10: nulls last, in both directions."""

    def compare(one: Row, two: Row) -> int:
        for key in order:
            left, right = one[key.name], two[key.name]
            if left == right:
                continue
            if left is None or right is None:
                return 1 if left is None else -1
            return 1 if (left > right) != key.descending else -1
        return 0

    return compare


def _expected(
    rows: Iterable[Row], order: Sequence[Order], window: Window, after: Row | None, before: Row | None
) -> Any:
    compare = _compare(order)
    found = sorted(rows, key=cmp_to_key(compare))
    if after is not None:
        found = [row for row in found if compare(row, after) > 0]
    if before is not None:
        found = [row for row in found if compare(row, before) < 0]
    shown = found[-window.size :] if window.backward else found[: window.size]
    more = len(found) > window.size
    has_next = before is not None or (more and not window.backward)
    has_previous = after is not None or (more and window.backward)
    return [row["id"] for row in shown], has_next, has_previous


def _of(rows: Iterable[Row], lead: str) -> list[Row]:
    return [row for row in rows if row["lead_id"] == lead]


def _seen(page: Page) -> Any:
    return [row.id for row in page.nodes], page.has_next_page, page.has_previous_page


def _cursor(read: Read, row: Row) -> str:
    return encode(read.order, [row[key.name] for key in read.order])


def _any_order(dice: Random) -> Read:
    names = dice.sample(COLUMNS, dice.randint(0, 3))
    return opportunities.by_lead.by(*(Order.of(DEALS.c[name], dice.random() < 0.5) for name in names))


def _any_window(dice: Random, read: Read, rows: list[Row]) -> tuple[Window, Row | None, Row | None]:
    after = dice.choice(rows) if dice.random() < 0.6 else None
    before = dice.choice(rows) if dice.random() < 0.3 else None
    window = Window(
        dice.choice([1, 2, 3, 5, 20, 100]),
        dice.random() < 0.5,
        _cursor(read, after) if after else None,
        _cursor(read, before) if before else None,
    )
    return window, after, before


async def test_pages_equal_the_reference(database: Database, deals: tuple[Actor, list[Row]]) -> None:
    actor, rows = deals
    for seed in range(150):
        dice = Random(seed)
        read = _any_order(dice)
        window, after, before = _any_window(dice, read, rows)
        keys = dice.sample(KEYS, dice.randint(1, len(KEYS)))
        pages = await read(database, actor, keys, window)
        expected = [_expected(_of(rows, key), read.order, window, after, before) for key in keys]
        assert (seed, [_seen(page) for page in pages]) == (seed, expected)


@pytest.mark.parametrize("backward", [False, True])
async def test_walks_meet_each_row_once(database: Database, deals: tuple[Actor, list[Row]], backward: bool) -> None:
    actor, rows = deals
    for seed in range(15):
        dice = Random(seed)
        read, size, lead = _any_order(dice), dice.choice([1, 2, 3, 7]), dice.choice(LEADS)
        keys = dice.choice([[lead], KEYS])
        met = await _walk(database, actor, read, keys, keys.index(lead), size, backward)
        everything = sorted(_of(rows, lead), key=cmp_to_key(_compare(read.order)))
        assert (seed, met) == (seed, [row["id"] for row in everything])


async def _walk(
    database: Database, actor: Actor, read: Read, keys: list[str], place: int, size: int, backward: bool
) -> list[str]:
    met: list[str] = []
    cursor: str | None = None
    while True:
        window = Window(size, backward, before=cursor) if backward else Window(size, after=cursor)
        page: Page = (await read(database, actor, keys, window))[place]
        ids = [row.id for row in page.nodes]
        met = ids + met if backward else met + ids
        assert (page.has_next_page if backward else page.has_previous_page) == (cursor is not None)
        if not (page.has_previous_page if backward else page.has_next_page):
            return met
        assert len(ids) == size
        cursor = page.start_cursor if backward else page.end_cursor


async def test_edges_carry_their_cursors(database: Database, deals: tuple[Actor, list[Row]]) -> None:
    actor, rows = deals
    read = opportunities.by_lead.by(Order.of(DEALS.c.close_date), Order.of(DEALS.c.date_created, True))
    by_id = {row["id"]: row for row in rows}
    [page, empty] = await read(database, actor, [LEADS[0], "empty"], Window(100))
    assert len(page.edges) == len(_of(rows, LEADS[0]))
    assert [edge.cursor for edge in page.edges] == [_cursor(read, by_id[edge.node.id]) for edge in page.edges]
    assert (page.start_cursor, page.end_cursor) == (page.edges[0].cursor, page.edges[-1].cursor)
    assert (empty.nodes, empty.edges, empty.start_cursor, empty.end_cursor) == ([], [], None, None)


async def test_one_key_reads_like_many(database: Database, deals: tuple[Actor, list[Row]]) -> None:
    actor, rows = deals
    read = opportunities.by_lead
    window = Window(3, after=_cursor(read, rows[0]))
    for options in ({}, {"window": Window(3)}, {"window": window}, {"window": replace(window, backward=True)}):
        together = await read(database, actor, KEYS, **options)
        alone = [(await read(database, actor, [key], **options))[0] for key in KEYS]
        assert together == alone


async def test_keys_may_repeat(database: Database, deals: tuple[Actor, list[Row]]) -> None:
    actor, _ = deals
    repeated = [LEADS[1], LEADS[0], LEADS[1], LEADS[1]]
    for options in ({}, {"window": Window(2)}):
        pages = await opportunities.by_lead(database, actor, repeated, **options)
        once = await opportunities.by_lead(database, actor, [LEADS[1], LEADS[0]], **options)
        assert pages == [once[0], once[1], once[0], once[0]]
    assert await opportunities.by_lead.count(database, actor, repeated) == [
        len(await _all(database, actor, key)) for key in repeated
    ]


async def _all(database: Database, actor: Actor, key: str) -> list[Any]:
    rows: list[Any] = (await opportunities.by_lead(database, actor, [key]))[0]
    return rows


async def test_unpaged_lists_are_in_order(database: Database, deals: tuple[Actor, list[Row]]) -> None:
    actor, rows = deals
    read = opportunities.by_lead.by(Order.of(DEALS.c.value_cents, True))
    lists = await read(database, actor, KEYS)
    assert [[row.id for row in found] for found in lists] == [
        [row["id"] for row in sorted(_of(rows, key), key=cmp_to_key(_compare(read.order)))] for key in KEYS
    ]
    assert await read(database, actor, []) == []


async def test_single_rows_come_by_key(database: Database, deals: tuple[Actor, list[Row]]) -> None:
    actor, _ = deals
    found = await leads_by_id(database, actor, ["lead_2", "gone", "lead_0", "lead_2"])
    assert [row and row.id for row in found] == ["lead_2", None, "lead_0", "lead_2"]
    assert {row.organization_id for row in found if row} == {actor.organization_id}
    by_label = one(LeadStatus, by="label_key")
    assert [row and row.label for row in await by_label(database, actor, ["customer", "none"])] == ["Customer", None]


async def test_counts_equal_the_reference(database: Database, deals: tuple[Actor, list[Row]]) -> None:
    actor, rows = deals
    assert await opportunities.by_lead.count(database, actor, KEYS) == [len(_of(rows, key)) for key in KEYS]
    likely = opportunities.by_lead.where(DEALS.c.confidence >= 50, DEALS.c.value_cents.is_not(None))
    assert await likely.count(database, actor, KEYS) == [
        sum(row["confidence"] >= 50 and row["value_cents"] is not None for row in _of(rows, key)) for key in KEYS
    ]
    assert await likely.count(database, actor, []) == []
    assert opportunities.by_lead.count is opportunities.by_lead.count


async def test_sums_equal_the_reference(database: Database, deals: tuple[Actor, list[Row]]) -> None:
    actor, rows = deals
    values = Sums(opportunities.by_lead, "value_cents", "currency")

    def sums(key: str) -> list[tuple[Any, int]]:
        totals: dict[Any, int] = {}
        for row in _of(rows, key):
            if row["value_cents"] is not None:
                totals[row["currency"]] = totals.get(row["currency"], 0) + row["value_cents"]
        return sorted(totals.items(), key=lambda total: (total[0] is None, total[0] or ""))

    found = await values(database, actor, KEYS)
    assert found == [sums(key) for key in KEYS]
    assert {type(total) for totals in found for _, total in totals} == {int}
    assert any(currency is None for currency, _ in found[0])


async def test_one_statement_for_any_keys(database: Database, deals: tuple[Actor, list[Row]]) -> None:
    actor, _ = deals
    reads: list[Callable[[list[str]], Any]] = [
        lambda keys: opportunities.by_lead(database, actor, keys),
        lambda keys: opportunities.by_lead(database, actor, keys, Window(2)),
        lambda keys: opportunities.by_lead.count(database, actor, keys),
        lambda keys: Sums(opportunities.by_lead, "value_cents", "currency")(database, actor, keys),
        lambda keys: leads_by_id(database, actor, keys),
    ]
    for read in reads:
        texts = []
        for keys in ([LEADS[0]], LEADS[:2], KEYS, [f"lead_{n}" for n in range(3_000)]):
            with sent() as statements:
                assert len(await read(keys)) == len(keys)
            [text] = [text for text, _ in statements if "set_config" not in text]
            texts.append(text)
        assert len(set(texts[1:])) == 1


async def test_narrowed_reads_keep_to_themselves(database: Database, deals: tuple[Actor, list[Row]]) -> None:
    actor, rows = deals

    def at_least(read: Read, confidence: int | None = None) -> Read:
        return read.where(DEALS.c.confidence >= confidence) if confidence is not None else read

    read = replace(opportunities.by_lead, narrow=at_least)
    for least in (None, 0, 50, 101):
        expected = [[row for row in _of(rows, key) if row["confidence"] >= (least or 0)] for key in KEYS]
        assert [len(found) for found in await read(database, actor, KEYS, confidence=least)] == list(map(len, expected))
        pages = await read(database, actor, KEYS, Window(100), confidence=least)
        assert [len(page.nodes) for page in pages] == list(map(len, expected))
        assert await read.count(database, actor, KEYS, confidence=least) == list(map(len, expected))
    assert read.conditions == ()


async def test_added_columns_stand_for_others(database: Database) -> None:
    actor, _ = await two_actors(database)
    table = table_of(Lead)
    columns = [column.key for column in plain_columns(table)]
    loud: ColumnElement[Any] = func.upper(table.c.display_name)
    read = leads_in_organization.with_column(loud.label("display_name")).with_column(loud.label("loud"))
    for window in (None, Window(5)):
        [found] = await read(database, actor, [actor.organization_id], window)
        [row] = found.nodes if window else found
        assert (row.display_name, row.loud, row.sort_name) == ("ADA", "ADA", "ada")
        assert sorted(row._fields[1 : len(columns) + 2]) == sorted([*columns, "loud"])


async def test_other_organizations_are_absent(database: Database) -> None:
    own, other = await two_actors(database)
    reads = [children(Lead, of=Lead.organization_id), children(Lead, of=Lead.status_id), one(Lead)]
    for read in reads:
        for keys in (["it"], ["it", "gone"], [other.organization_id], [other.organization_id, "it"]):
            for window in (None, Window(5)):
                if read.single and window:
                    continue
                found = await read(database, own, keys, window)
                rows = found if read.single else [row for part in found for row in (part.nodes if window else part)]
                assert {row.organization_id for row in rows if row} <= {own.organization_id}
        assert await Count(read)(database, own, [other.organization_id]) == [0]
    assert column(Lead.status_id) is table_of(Lead).c.status_id
