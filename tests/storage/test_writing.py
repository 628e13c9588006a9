"""Transactions on the bare driver: how each ends, whatever happens in it, and what is written as what."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, ProgrammingError, StatementError
from sqlmodel import SQLModel

from app.domain.access import Actor
from app.storage import postgresql, sqlite
from app.storage.database import Database, Unavailable
from app.storage.derived import whole_rows
from app.storage.leads import Lead, LeadStatus
from app.storage.organizations import Organization
from app.storage.reads import table_of
from app.storage.session import ScopedSession
from tests.conftest import opened
from tests.storage.scenery import (
    AUDIT,
    NAMED,
    NOON,
    ROWS,
    TENANTS,
    add_lead,
    administer,
    new_actor,
    owning,
    sent,
    two_actors,
)

on_postgresql = pytest.mark.parametrize("store", ["postgresql"])
on_sqlite = pytest.mark.parametrize("store", ["sqlite"])
LEADS, STATUSES = table_of(Lead), table_of(LeadStatus)
ENDLESS = {
    "postgresql": text("SELECT pg_sleep(60)"),
    "sqlite": text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"),
}
SLOW_COMMIT = (
    "CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NULL; END'",
    """CREATE CONSTRAINT TRIGGER lingering AFTER UPDATE ON lead DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION linger()""",
)


@pytest.fixture
async def one(database_url: str) -> AsyncIterator[Database]:
    """A database with one connection that writes, so that what is left on it is seen by the next transaction."""
    only = Database(database_url, pool_size=1)
    yield only
    await only.close()


@pytest.fixture
async def actor(one: Database) -> Actor:
    """The system inside an organization with the leads a and b."""
    actor = await new_actor(one, "Acme")
    async with one.write(actor) as session:
        for id in "ab":
            await add_lead(session, id)
    return actor


def _url(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


async def _bump(session: ScopedSession, id: str = "a") -> None:
    await session.update(Lead, {"version": LEADS.c.version + 1}, LEADS.c.id == id)


async def _versions(database: Database, actor: Actor) -> list[int]:
    async with database.read(actor) as session:
        return [row["version"] for row in await session.find(Lead, order_by=[LEADS.c.id])]


async def _serves(database: Database, actor: Actor, *expected: int) -> None:
    """The leads have these versions, nobody holds them, and the connection that writes takes the next transaction."""
    assert await _versions(database, actor) == list(expected)
    async with asyncio.timeout(4), database.write(actor) as session:
        await session.update(Lead, {"version": LEADS.c.version + 1})
    assert await _versions(database, actor) == [version + 1 for version in expected]


async def _give_up(work: Awaitable[Any], *, after: float = 0.1, times: int = 1) -> None:
    task = asyncio.ensure_future(work)
    await asyncio.sleep(after)
    for _ in range(times):
        task.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 10)


async def _backend(session: ScopedSession) -> int:
    return int(await session.connection.scalar(text("SELECT pg_backend_pid()")))


async def _terminate(database: Database, backend: int) -> None:
    await administer(_url(database), f"SELECT pg_terminate_backend({backend})")


@pytest.mark.parametrize("times", [1, 2])
async def test_given_up_statement_rolls_back(one: Database, actor: Actor, store: str, times: int) -> None:
    """Whoever cancels twice, and so the rolling back too, leaves no row locked."""

    async def work(session: ScopedSession) -> None:
        await _bump(session)
        await session.connection.execute(ENDLESS[store])

    await _give_up(one.transact(actor, work), times=times)
    await _serves(one, actor, 1, 1)


async def test_given_up_write_rolls_back(one: Database, actor: Actor, store: str) -> None:
    """As above, where it is a write that is stopped: SQLite then ends the transaction by itself."""
    endless = {"postgresql": text("(SELECT length(pg_sleep(60)::text))"), "sqlite": text(f"({ENDLESS['sqlite']})")}

    async def work(session: ScopedSession) -> None:
        await _bump(session)
        await session.update(Lead, {"version": endless[store]}, LEADS.c.id == "b")

    await _give_up(one.transact(actor, work))
    await _serves(one, actor, 1, 1)


async def test_given_up_work_rolls_back(one: Database, actor: Actor) -> None:
    """Between two statements."""

    async def work(session: ScopedSession) -> None:
        await _bump(session)
        await asyncio.sleep(60)

    await _give_up(one.transact(actor, work))
    await _serves(one, actor, 1, 1)


@pytest.mark.parametrize("steps", range(12))
async def test_work_given_up_at_any_step_is_done_or_not(one: Database, actor: Actor, steps: int) -> None:
    """At whichever step of the loop: both changes are there, or neither."""

    async def work(session: ScopedSession) -> None:
        for id in "ab":
            await _bump(session, id)

    task = asyncio.ensure_future(one.transact(actor, work))
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    versions = await _versions(one, actor)
    assert versions in ([1, 1], [2, 2])
    await _serves(one, actor, *versions)


async def test_commit_that_is_given_up_ends(one: Database, actor: Actor) -> None:
    """Nobody knows what became of it, but it is over."""

    async def work() -> None:
        async with one.write(actor) as session:
            for id in "ab":
                await _bump(session, id)
            task = asyncio.current_task()
            assert task is not None
            asyncio.get_running_loop().call_soon(task.cancel)

    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(work())
    versions = await _versions(one, actor)
    assert versions in ([1, 1], [2, 2])
    await _serves(one, actor, *versions)


@on_postgresql
async def test_slow_commit_is_given_up(one: Database, actor: Actor) -> None:
    await administer(_url(one), *SLOW_COMMIT)
    await _give_up(one.transact(actor, _bump))
    await administer(_url(one), "DROP TRIGGER lingering ON lead")
    await _serves(one, actor, 1, 1)


@on_postgresql
async def test_failed_transaction_is_not_committed(one: Database, actor: Actor) -> None:
    """PostgreSQL takes a COMMIT for a ROLLBACK there, without an error; nobody must take it for success."""

    async def work(session: ScopedSession) -> None:
        await _bump(session)
        with pytest.raises(DBAPIError, match="division by zero"):
            await session.connection.execute(text("SELECT 1 / 0"))

    with pytest.raises(DBAPIError, match="nothing was committed"):
        await one.transact(actor, work)
    await _serves(one, actor, 1, 1)


@on_postgresql
async def test_connection_that_died_idle_is_replaced(one: Database, actor: Actor) -> None:
    """Whoever had it before; the work runs once."""
    other = await new_actor(one, "Bluth")
    backends: list[int] = []

    async def work(session: ScopedSession) -> None:
        backends.append(await _backend(session))

    for who in (actor, actor, other):
        await one.transact(who, work)
        await _terminate(one, backends[-1])
    await one.transact(actor, work)
    assert len(backends) == len(set(backends)) == 4


@on_postgresql
@pytest.mark.parametrize("last", ["statement", "commit"])
async def test_connection_lost_in_work_is_unavailable(one: Database, actor: Actor, last: str) -> None:
    """Nothing is sent a second time: what came before is lost, and whether a commit got through is not known."""
    runs = 0

    async def work(session: ScopedSession) -> None:
        nonlocal runs
        runs += 1
        await _bump(session)
        await _terminate(one, await _backend(session))
        if last == "statement":
            await _bump(session)

    with pytest.raises(Unavailable, match="the connection to the database was lost"):
        await one.transact(actor, work)
    assert runs == 1
    await _serves(one, actor, 1, 1)


@on_postgresql
async def test_idle_transaction_is_ended(one: Database, actor: Actor) -> None:
    async with one.read(actor) as session:
        assert await session.connection.scalar(text("SHOW idle_in_transaction_session_timeout")) == "1min"

    async def work(session: ScopedSession) -> None:
        await session.connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 50"))
        await _bump(session)
        await asyncio.sleep(0.3)
        await _bump(session)

    with pytest.raises(Unavailable):
        await one.transact(actor, work)
    await _serves(one, actor, 1, 1)


async def test_statements_are_those_of_the_work(one: Database, actor: Actor, store: str) -> None:
    """The organization is named together with the beginning."""
    scope = f"BEGIN; SET LOCAL crm.organization = '{actor.organization_id}'"
    begin = {"postgresql": scope, "sqlite": "BEGIN IMMEDIATE"}[store]
    with sent() as statements:
        await one.transact(actor, _bump)
    assert [sql.split(" ")[0] for sql, _ in statements[1:]] == ["UPDATE", "COMMIT"]
    assert statements[0][0] == begin
    with sent() as statements, pytest.raises(ValueError, match="wrong"):
        async with one.write(actor):
            raise ValueError("wrong")
    assert [sql for sql, _ in statements] == [begin, "ROLLBACK"]


async def test_written_rows_are_counted(one: Database, actor: Actor) -> None:
    async with one.write(actor) as session:
        assert await session.update(Lead, {"name": "New"}) == 2
        assert await session.update(Lead, {"name": "New"}, LEADS.c.id == "a") == 1
        assert await session.update(Lead, {"name": "New"}, LEADS.c.id == "x") == 0
        assert await session.delete(Lead, LEADS.c.id == "x") == 0
        assert await session.delete(Lead) == 2


async def test_many_rows_are_written_at_once(one: Database, actor: Actor) -> None:
    rows = [{"id": f"new_{i:03}", "label": f"N{i}", "label_key": f"n{i}", "position": 10 + i} for i in range(300)]
    async with one.write(actor) as session:
        with sent() as statements:
            await session.insert(LeadStatus, *rows)
            await session.update_each(
                LeadStatus, [{"id": row["id"], "position": 1_000 + i} for i, row in enumerate(rows)]
            )
        assert len(statements) == 2
        found = await session.find(LeadStatus, STATUSES.c.position >= 10, order_by=[STATUSES.c.position])
    assert [row["id"] for row in found] == [row["id"] for row in rows]
    assert [row["position"] for row in found] == list(range(1_000, 1_300))


async def test_failure_of_one_row_writes_none(one: Database, actor: Actor) -> None:
    rows = [{"id": str(i), "label": f"N{i}", "label_key": f"n{i % 50}", "position": i} for i in range(60)]
    with pytest.raises(DBAPIError, match=r"(?i)unique"):
        async with one.write(actor) as session:
            await session.insert(LeadStatus, *rows)
    async with one.read(actor) as session:
        assert await session.count(LeadStatus) == 4


async def test_rows_are_written_as_the_engine_writes_them(one: Database) -> None:
    """Every column of every table, with what is derived and what has a default, compared as the database has it."""
    ours, theirs = await new_actor(one, "Acme"), await new_actor(one, "Bluth")
    async with one.write(ours) as session:
        for model, row in ROWS:
            await session.insert(model, {"id": "it", **row})
    async with owning(one) as connection:
        for model, row in ROWS:
            [whole] = whole_rows(table_of(model), [{"id": "it", "organization_id": theirs.organization_id, **row}])
            await connection.execute(insert(table_of(model)), whole)
        for table in TENANTS:
            columns = ", ".join(f'"{column.name}"' for column in table.columns if column.name != "organization_id")
            rows = await connection.exec_driver_sql(f"SELECT {columns} FROM \"{table.name}\" WHERE id = 'it'")
            first, second = rows.all()
            assert (table.name, first) == (table.name, second)


async def test_values_come_back(one: Database) -> None:
    actor = await new_actor(one, "Acme")
    async with one.write(actor) as session:
        for model, row in ROWS:
            await session.insert(model, {"id": "it", **row})
            found = await session.get(model, "it")
            assert found is not None
            assert {name: found[name] for name in row} == row


async def test_changed_values_come_back(one: Database, actor: Actor) -> None:
    """By a condition and by ids; null where there was something; JSON that is not ASCII."""
    later = NOON.replace(year=2027)
    changes: list[dict[str, Any]] = [
        {"date_updated": later, "details": {"Größe": [1, None, "x"]}, "name": "Ünï", "version": 2**31 - 1},
        {"date_updated": NOON, "details": {}, "name": None, "version": 1},
    ]
    async with one.write(actor) as session:
        for values in changes:
            await session.update(Lead, values, LEADS.c.id == "a")
            await session.update_each(Lead, [{"id": "b", **values}])
            for row in await session.find(Lead):
                assert {name: row[name] for name in values} == values


async def test_columns_left_out_have_their_defaults(one: Database, actor: Actor) -> None:
    async with one.write(actor) as session:
        [status, *_] = await session.find(LeadStatus)
        bare = {"organization_id": actor.organization_id, "status_id": status["id"], **AUDIT, **NAMED}
        connection: Any = session.connection
        await connection.execute(insert(LEADS), {"id": "c", **bare})
        await connection.execute(insert(LEADS), [{"id": id, **bare} for id in "de"])
        rows = await session.find(Lead, LEADS.c.id > "b")
        assert [(row["version"], row["details"], row["name"]) for row in rows] == [(1, {}, None)] * 3
        organization = await session.get(Organization, actor.organization_id)
        assert organization is not None
        assert (organization["currency"], organization["time_zone"]) == ("USD", "UTC")


async def test_missing_values_are_missed(one: Database, actor: Actor) -> None:
    with pytest.raises(StatementError, match="A value is required for bind parameter 'organization_id'"):
        async with one.write(actor) as session:
            await session.connection.execute(insert(LEADS))


@on_postgresql
async def test_pooled_writers_switch_organizations(database_url: str) -> None:
    """A transaction sees its organization's rows alone, whoever had the connection, and however that ended."""
    async with opened(database_url) as pooled:
        actors = await two_actors(pooled)
        dice = random.Random(7)

        async def look(actor: Actor) -> None:
            async with pooled.write(actor) as session:
                for _ in range(dice.randint(1, 3)):
                    owners = await session.connection.execute(text("SELECT DISTINCT organization_id FROM lead"))
                    assert owners.scalars().all() == [actor.organization_id]
                    await asyncio.sleep(dice.choice([0, 0, 0.001]))

        async def fail(actor: Actor) -> None:
            with pytest.raises(DBAPIError, match="division by zero"):
                async with pooled.write(actor) as session:
                    await session.connection.execute(text("SELECT 1 / 0"))

        async def give_up(actor: Actor) -> None:
            await _give_up(pooled.transact(actor, _linger), after=dice.uniform(0, 0.02))

        async def outside(_: Actor) -> None:
            async with pooled.unscoped() as connection:
                assert await connection.scalar(text("SELECT count(*) FROM lead")) == 0

        ways: list[Callable[[Actor], Awaitable[None]]] = [look, fail, give_up, outside]
        await asyncio.gather(*(dice.choices(ways, [7, 1, 1, 1])[0](dice.choice(actors)) for _ in range(200)))
        await asyncio.gather(*(look(actor) for actor in actors * 5))


async def _linger(session: ScopedSession) -> None:
    await session.connection.execute(ENDLESS["postgresql"])


@on_postgresql
async def test_scope_is_an_id(one: Database, actor: Actor) -> None:
    """It is part of a text; nothing gets into that which could end it."""
    for wrong in ("\0", "'; DROP TABLE lead; --", "\\", "orga_1\n", "é"):
        with pytest.raises(ValueError, match="is no id of an organization"):
            async with one.write(Actor(wrong)):
                pass
    await _serves(one, actor, 1, 1)


@on_postgresql
async def test_denied_role_is_told(one: Database, actor: Actor) -> None:
    """A login that was not granted it. That does not pass, so it is not taken for a server that stays away."""
    await administer(_url(one), "DROP ROLE IF EXISTS crm_bare", "CREATE ROLE crm_bare LOGIN PASSWORD 'bare'")
    async with opened(one.url.set(username="crm_bare", password="bare").render_as_string(False)) as bare:
        for connected in (bare.read(actor), bare.write(actor)):
            with pytest.raises(ProgrammingError, match="permission denied to set role"):
                async with connected:
                    pass
    await administer(_url(one), "DROP ROLE crm_bare")


async def test_writers_are_waited_for(one: Database, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more connections than there may be; whoever waits too long for one is told."""
    for module in (postgresql, sqlite):
        monkeypatch.setattr(module, "WAIT_SECONDS", 0.05)
    async with one.write(actor):
        with pytest.raises(Unavailable, match="the database cannot be reached"):
            await one.transact(actor, _bump)
    await _serves(one, actor, 1, 1)


@on_sqlite
async def test_waiting_for_the_lock_holds_up_nobody(one: Database, actor: Actor) -> None:
    second = Database(_url(one))
    async with one.write(actor) as session:
        waiting = asyncio.create_task(second.transact(actor, _bump))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        await _bump(session)
    await waiting
    assert await _versions(one, actor) == [3, 1]
    await second.close()


@on_sqlite
async def test_given_up_wait_takes_no_lock(one: Database, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_MILLISECONDS", 200)
    second = Database(_url(one))
    async with one.write(actor):
        await _give_up(second.transact(actor, _bump), after=0.05)
    await _serves(one, actor, 1, 1)
    await _serves(second, actor, 2, 2)
    await second.close()


async def test_sets_of_columns_share_nothing(one: Database, actor: Actor) -> None:
    """Inserts into one table that name other columns, or the same ones in another order."""
    orders: list[list[str]] = [["id", "label", "label_key", "position"], ["position", "label_key", "label", "id"]]
    async with one.write(actor) as session:
        for i, names in enumerate(orders * 2):
            row: dict[str, Any] = {"id": f"n{i}", "label": f"N{i}", "label_key": f"k{i}", "position": 10 + i}
            await session.insert(LeadStatus, {name: row[name] for name in names})
        rows = (await session.connection.execute(select(STATUSES).where(STATUSES.c.position >= 10))).mappings().all()
    found = sorted((row["id"], row["label"], row["label_key"], row["position"]) for row in rows)
    assert found == [(f"n{i}", f"N{i}", f"k{i}", 10 + i) for i in range(4)]


def test_every_default_is_known() -> None:
    """The database fills in nothing by itself: what a row leaves out, `Prepared.defaults` says."""
    columns = [column for table in SQLModel.metadata.tables.values() for column in table.columns]
    assert not [column for column in columns if column.server_default is not None or column.onupdate is not None]
    assert all(column.default.is_scalar or column.default.is_callable for column in columns if column.default)
