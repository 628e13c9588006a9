"""The first wall: a session's statements touch the rows of its own organization alone."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from app.domain.access import Actor
from app.storage.contacts import ContactEmail
from app.storage.database import Database
from app.storage.leads import Lead, LeadStatus
from app.storage.organizations import Organization
from app.storage.reads import table_of
from app.storage.scope import visible
from app.storage.session import ScopedSession
from tests.storage.scenery import AUDIT, NAMED, ROWS, add_lead, counting, new_actor, snapshot, two_actors

LEADS, STATUSES, EMAILS = table_of(Lead), table_of(LeadStatus), table_of(ContactEmail)


async def test_reads_find_own_rows(database: Database) -> None:
    own, other = await two_actors(database)
    for actor in (own, other):
        async with database.read(actor) as session:
            for model, _ in ROWS:
                rows = await session.find(model)
                assert {row["organization_id"] for row in rows} == {actor.organization_id}
                assert await session.count(model) == len(rows)
                its = table_of(model).c.id == "it"
                assert [row["id"] for row in await session.find(model, its)] == ["it"]
                assert await session.count(model, its) == 1
                assert await session.get(model, "it") == (await session.find(model, its))[0]


async def test_foreign_ids_are_absent(database: Database) -> None:
    own, other = await new_actor(database, "Acme"), await new_actor(database, "Bluth")
    async with database.write(other) as session:
        await add_lead(session, "theirs")
    async with database.write(own) as session:
        theirs = LEADS.c.id == "theirs"
        assert await session.find(Lead, theirs) == []
        assert await session.get(Lead, "theirs") is None
        assert await session.count(Lead, theirs) == 0
        assert await session.lock(Lead, ["theirs"]) == await session.share(Lead, ["theirs"]) == {}
        assert await session.update(Lead, {"name": "Ours"}, theirs) == 0
        assert await session.delete(Lead, theirs) == 0
        await session.update_each(Lead, [{"id": "theirs", "name": "Ours"}])
    async with database.read(other) as session:
        assert [(row["id"], row["name"]) for row in await session.find(Lead)] == [("theirs", None)]


async def test_locks_are_on_own_rows(database: Database) -> None:
    own, _ = await two_actors(database)
    async with database.write(own) as session:
        for model, _ in ROWS:
            for lock in (session.lock, session.share):
                locked = await lock(model, ["it", "it", "gone"])
                assert {id: row["organization_id"] for id, row in locked.items()} == {"it": own.organization_id}


async def test_writes_touch_own_rows(database: Database) -> None:
    own, other = await two_actors(database)
    before = await snapshot(database, other)
    async with database.write(own) as session:
        for model, _ in ROWS:
            table = table_of(model)
            column = table.columns[2].name
            row = await session.get(model, "it")
            assert row is not None
            assert await session.update(model, {column: row[column]}, table.c.id == "it") == 1
            await session.update_each(model, [{"id": "it", column: row[column]}])
        for model, _ in reversed(ROWS):
            assert (model, await session.delete(model, table_of(model).c.id == "it")) == (model, 1)
    assert await snapshot(database, other) == before


async def test_conditions_do_not_widen_writes(database: Database) -> None:
    own, other = await two_actors(database)
    async with database.write(own) as session:
        anywhere = (LEADS.c.id == "it") | (LEADS.c.organization_id == other.organization_id)
        assert await session.update(Lead, {"name": "Ours"}, anywhere) == 1
        assert await session.delete(ContactEmail) == 1
    async with database.read(other) as session:
        assert [row["name"] for row in await session.find(Lead)] == [None]
        assert await session.count(ContactEmail) == 1


async def test_inserted_rows_are_own(database: Database) -> None:
    own, other = await new_actor(database, "Acme"), await new_actor(database, "Bluth")
    async with database.write(own) as session:
        await add_lead(session, "mine", organization_id=other.organization_id)
        assert await session.count(Lead) == 1
    async with database.read(other) as session:
        assert await session.count(Lead) == 0


async def test_rows_cannot_change_organization(database: Database) -> None:
    own, other = await two_actors(database)
    async with database.write(own) as session:
        with pytest.raises(ValueError, match="a row stays in its organization"):
            await session.update(Lead, {"organization_id": other.organization_id})
        await session.update_each(Lead, [{"id": "it", "organization_id": other.organization_id, "name": "Mine"}])
        assert [row["name"] for row in await session.find(Lead)] == ["Mine"]


async def test_unequal_rows_are_refused(database: Database) -> None:
    """A driver would write the columns of the first row alone."""
    actor = await new_actor(database, "Acme")
    row = {**AUDIT, **NAMED, "status_id": "s"}
    async with database.write(actor) as session:
        for first, second in (({}, {"name": "Bluth"}), ({"name": "Acme"}, {})):
            with pytest.raises(ValueError, match="name the same columns"):
                await session.insert(Lead, {"id": "1", **row, **first}, {"id": "2", **row, **second})
        assert await session.count(Lead) == 0


async def test_each_row_gets_its_values(database: Database) -> None:
    actor = await new_actor(database, "Acme")
    async with database.write(actor) as session:
        for id in "abc":
            await add_lead(session, id)
        later = AUDIT["date_updated"].replace(year=2027)
        await session.update_each(Lead, [{"id": "a", "date_updated": later}, {"id": "c", "date_updated": later}])
        rows = await session.find(Lead, order_by=[LEADS.c.id])
    assert [row["date_updated"].year for row in rows] == [2027, 2026, 2027]


async def test_organization_is_its_own(database: Database) -> None:
    own, _ = await new_actor(database, "Acme"), await new_actor(database, "Bluth")
    async with database.read(own) as session:
        assert [row["name"] for row in await session.find(Organization)] == ["Acme"]
        assert await session.count(Organization) == 1


async def test_statements_count_exactly(database: Database) -> None:
    actor = await new_actor(database, "Acme")
    row = {**AUDIT, **NAMED}

    async def sent(work: Any) -> int:
        with counting() as statements:
            await work
        return statements.count

    async with database.write(actor) as session:
        [status, *_] = await session.find(LeadStatus)
        leads = [{"id": id, "status_id": status["id"], **row} for id in "abc"]
        assert await sent(session.insert(Lead, *leads)) == 1
        assert await sent(session.insert(Lead)) == 0
        assert await sent(session.find(Lead)) == 1
        assert await sent(session.get(Lead, "a")) == 1
        assert await sent(session.count(Lead)) == 1
        assert await sent(session.lock(Lead, "abc")) == 1
        assert await sent(session.share(Lead, "abc")) == 1
        assert await sent(session.lock_organization()) == 1
        assert await sent(session.update(Lead, {"name": "New"})) == 1
        assert await sent(session.update_each(Lead, [{"id": id, "name": id} for id in "abc"])) == 1
        assert await sent(session.update_each(Lead, [])) == 0
        assert await sent(session.rows(select(LEADS).where(visible(LEADS)))) == 1
        assert await sent(session.delete(Lead)) == 1


async def test_counts_do_not_mix(database: Database) -> None:
    actor = await new_actor(database, "Acme")

    async def ask(times: int) -> int:
        with counting() as statements:
            for _ in range(times):
                async with database.read(actor) as session:
                    await session.count(Lead)
        return statements.count

    assert await asyncio.gather(*(ask(times) for times in (1, 5, 3))) == [1, 5, 3]


async def test_visible_needs_an_actor(database: Database) -> None:
    async with database.look_up() as connection:
        with pytest.raises(StatementError, match="A value is required for bind parameter 'organization_id'"):
            await connection.execute(select(LEADS).where(visible(LEADS)))


async def test_sessions_need_an_organization(database: Database) -> None:
    async with database.look_up() as connection:
        with pytest.raises(ValueError, match="an actor belongs to an organization"):
            ScopedSession(connection, Actor(""))


async def test_locked_rows_wait(database: Database) -> None:
    """What one transaction has locked another one gets after it, with what was written."""
    actor = await new_actor(database, "Acme")
    async with database.write(actor) as session:
        await add_lead(session, "it")

    async def add(session: ScopedSession) -> None:
        row = (await session.lock(Lead, ["it"]))["it"]
        await asyncio.sleep(0)
        await session.update(Lead, {"version": row["version"] + 1})

    await asyncio.gather(*(database.transact(actor, add) for _ in range(20)))
    async with database.read(actor) as session:
        assert [row["version"] for row in await session.find(Lead)] == [21]


@pytest.mark.parametrize("store", ["postgresql"])
async def test_shared_rows_stay_as_they_are(database: Database) -> None:
    """Two transactions share a row; a third one, which would change it, waits for both. (SQLite has one at a time.)"""
    actor = await new_actor(database, "Acme")
    async with database.write(actor) as session:
        await add_lead(session, "it")

    async def change(session: ScopedSession) -> None:
        await session.lock(Lead, ["it"])
        await session.update(Lead, {"version": 2})

    async with database.write(actor) as first:
        async with database.write(actor) as second:
            for sharing in (first, second):
                assert (await sharing.share(Lead, ["it"]))["it"]["version"] == 1
            changing = asyncio.ensure_future(database.transact(actor, change))
            await asyncio.wait([changing], timeout=0.2)
        await asyncio.wait([changing], timeout=0.2)
        assert not changing.done()
        assert (await first.share(Lead, ["it"]))["it"]["version"] == 1
    await changing
    async with database.write(actor) as session:
        assert (await session.share(Lead, ["it"]))["it"]["version"] == 2


async def test_organization_lock_waits(database: Database) -> None:
    actor = await new_actor(database, "Acme")

    async def append(session: ScopedSession) -> None:
        await session.lock_organization()
        count = await session.count(LeadStatus)
        await asyncio.sleep(0)
        label = {"label": str(count), "label_key": str(count), "position": count}
        await session.insert(LeadStatus, {"id": f"new_{count}", **label})

    await asyncio.gather(*(database.transact(actor, append) for _ in range(10)))
    async with database.read(actor) as session:
        positions = [row["position"] for row in await session.find(LeadStatus, order_by=[STATUSES.c.position])]
    assert positions == list(range(14))
