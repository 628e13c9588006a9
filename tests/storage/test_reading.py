"""Statements on the bare driver: the same values in, the same rows out, and what is shared between statements."""

import asyncio
import threading
import time
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import bindparam, literal, select, text
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.ext.asyncio import create_async_engine

from app.domain.access import Actor
from app.storage import reading, sqlite
from app.storage.custom_fields import CustomFieldValue
from app.storage.database import Database, Unavailable
from app.storage.leads import Lead
from app.storage.migrations import DRIVERS
from app.storage.reading import Asked, Effort, Preparing, Program, Reading
from app.storage.reads import table_of
from tests.storage.scenery import TENANTS, new_actor, sent, take_scope, two_actors

on_postgresql = pytest.mark.parametrize("store", ["postgresql"])
on_sqlite = pytest.mark.parametrize("store", ["sqlite"])
LEADS = table_of(Lead)


@pytest.fixture
async def actor(database: Database) -> Actor:
    actor, _ = await two_actors(database)
    return actor


def named(name: str) -> Any:
    """A statement that binds a value twice, once by a copy: what is aliased is copied."""
    inner = select(LEADS.c.id).where(LEADS.c.display_name == name).subquery().alias()
    return select(LEADS.c.display_name, literal(name).label("said")).where(LEADS.c.id.in_(select(inner.c.id)))


async def test_rows_are_those_of_the_engine(database: Database, actor: Actor) -> None:
    """Every column of every table, by name and by place, in the types that the engine gives."""
    engine = create_async_engine(database.url.set(drivername=DRIVERS[database.dialect]))
    async with engine.connect() as theirs, database.read(actor) as session:
        await take_scope(theirs, actor)
        for table in TENANTS:
            mine = select(table).where(table.c.organization_id == actor.organization_id)
            expected, found = (await theirs.execute(mine)).all(), (await session.connection.execute(mine)).all()
            assert [dict(row._mapping) for row in found] == [dict(row._mapping) for row in expected]
            assert [[type(value) for value in row] for row in found] == [[type(v) for v in row] for row in expected]
    await engine.dispose()


async def test_statements_made_alike_keep_their_own_values(database: Database, actor: Actor) -> None:
    """They share a text, and nothing of what they bind: neither a value nor a copy of it."""
    async with database.read(actor) as session:
        with sent() as statements:
            found = [(await session.connection.execute(named(name))).all() for name in ("Ada", "Bob", "Ada")]
    assert [{tuple(row) for row in rows} for rows in found] == [{("Ada", "Ada")}, set(), {("Ada", "Ada")}]
    assert len({id(sql) for sql, _ in statements}) == 1


async def test_kept_statement_is_made_once(database: Database, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    compiled = reading._compiled

    def noted(statement: Any, *given: Any) -> Any:
        made.append(statement)
        return compiled(statement, *given)

    monkeypatch.setattr(reading, "_compiled", noted)
    kept = select(LEADS.c.id).where(LEADS.c.display_name == bindparam("name"))
    async with database.read(actor) as session:
        for name in ("Ada", "Bob", "Ada"):
            assert bool((await session.connection.execute(kept, {"name": name})).all()) is (name == "Ada")
        for _ in range(2):
            await session.connection.execute(kept, {"name": "Ada"}, execution_options={"compiled_cache": None})
    assert len(made) == 3


async def test_text_depends_on_no_list(database: Database) -> None:
    """A list in a statement would be a text of its own for each length: lists are bound as one."""
    async with database.look_up() as connection:
        with pytest.raises(InvalidRequestError, match="bind the list as one"):
            await connection.execute(select(LEADS.c.id).where(LEADS.c.id.in_(["a", "b"])))


async def test_empty_answers_have_no_rows(database: Database) -> None:
    async with database.look_up() as connection:
        none = select(LEADS).where(LEADS.c.id == "nobody")
        assert (await connection.execute(none)).all() == []
        assert (await connection.execute(none)).mappings().all() == []
        assert (await connection.execute(none)).one_or_none() is None


async def test_numbers_stay_exact(database: Database, actor: Actor) -> None:
    values = table_of(CustomFieldValue)
    async with database.read(actor) as session:
        number = await session.connection.scalar(
            select(values.c.number).where(values.c.organization_id == actor.organization_id)
        )
        assert (number, str(number)) == (Decimal("5.50"), "5.50")


@on_sqlite
async def test_brief_statements_stay_in_the_loop(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Going to a thread takes longer than they do; anything else would hold up every other request."""
    threads: list[str] = []
    fetch = sqlite.Reader._fetch

    def noted(self: sqlite.Reader, *given: Any) -> Any:
        threads.append(threading.current_thread().name)
        return fetch(self, *given)

    monkeypatch.setattr(sqlite.Reader, "_fetch", noted)
    async with database.look_up() as connection:
        await connection.execute(text("SELECT 1"), execution_options={"effort": Effort.BRIEF})
        await connection.execute(text("SELECT 1"))
    here = threading.current_thread().name
    assert threads[0] == here
    assert threads[1].startswith("sqlite-reader")


@on_sqlite
async def test_given_up_statement_is_stopped(database: Database) -> None:
    """It would go on for minutes; its connection serves the next one."""
    one = Database(f"sqlite:///{database.url.database}", pool_size=1)
    endless = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n")

    async def ask() -> None:
        async with one.look_up() as connection:
            await connection.execute(endless)

    asked = asyncio.create_task(ask())
    await asyncio.sleep(0.05)
    asked.cancel()
    start = time.monotonic()
    with pytest.raises(asyncio.CancelledError):
        await asked
    await one.ping()
    assert time.monotonic() - start < 5
    await one.close()


@on_sqlite
async def test_given_up_program_asks_nothing_more(database: Database) -> None:
    """Whoever cancels twice waits too: the thread has the connection until it is through."""
    one = Database(f"sqlite:///{database.url.database}", pool_size=1)
    slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 300000) SELECT max(i) FROM n"
    asked = 0

    def program() -> Program[None]:
        nonlocal asked
        for _ in range(1_000):
            asked += 1
            yield Asked(slow, [])

    running = asyncio.create_task(one.run(Actor("orga_1"), program()))
    await asyncio.sleep(0.1)
    running.cancel()
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    seen = asked
    await one.ping()
    assert asked == seen < 1_000
    await one.close()


@on_sqlite
async def test_readers_are_waited_for(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more connections than there may be; whoever waits too long for one is told."""
    monkeypatch.setattr(sqlite, "WAIT_SECONDS", 0.05)
    one = Database(f"sqlite:///{database.url.database}", pool_size=1)
    async with one.look_up():
        with pytest.raises(Unavailable):
            await one.ping()
    await one.ping()
    await one.close()


@on_postgresql
async def test_long_statements_are_planned_for_their_values(database: Database) -> None:
    one = Database(database.url.render_as_string(hide_password=False), pool_size=1)
    mode = text("SELECT current_setting('plan_cache_mode')")

    async def told(effort: Effort) -> Any:
        async with one.look_up() as connection:
            return (await connection.execute(mode, execution_options={"effort": effort})).scalar_one()

    efforts = [Effort.USUAL, Effort.LONG, Effort.LONG, Effort.BRIEF]
    with sent() as statements:
        modes = [await told(effort) for effort in efforts]
    assert modes == ["auto", "force_custom_plan", "force_custom_plan", "auto"]
    assert len([sql for sql, values in statements if values and values[0] == "plan_cache_mode"]) == 2
    await one.close()


async def test_drivers_are_read_as_they_are(database: Database) -> None:
    """A connection of the pool without a scope or a session."""
    await new_actor(database, "Acme")
    driver = await database.reader.acquire()
    plain = Reading(driver, Preparing(database.reader.dialect))
    assert await plain.scalar(text("SELECT 1")) == 1
    assert (await plain.exec_driver_sql("SELECT 2 AS two")).one().two == 2
    await database.reader.release(driver)
