"""Transactions: what is rolled back, what is tried again and how often, and what becomes Unavailable."""

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from app.domain.access import Actor
from app.domain.errors import Conflict, NotFound
from app.storage import sqlite
from app.storage.activities import Activity
from app.storage.contacts import Contact
from app.storage.database import TRIES, Database, TimedOut, Unavailable
from app.storage.leads import Lead, LeadStatus
from app.storage.reads import table_of
from app.storage.session import ScopedSession
from tests.storage.scenery import AUDIT, NAMED, NOON, add_lead, administer, new_actor, owning, sent

on_postgresql = pytest.mark.parametrize("store", ["postgresql"])
on_sqlite = pytest.mark.parametrize("store", ["sqlite"])
LEADS = table_of(Lead)
EXTRA = {"id": "extra", "label": "Extra", "label_key": "extra", "position": 4}


@pytest.fixture
async def actor(database: Database) -> Actor:
    """The system inside an organization with the leads a and b."""
    actor = await new_actor(database, "Acme")
    async with database.write(actor) as session:
        for id in "ab":
            await add_lead(session, id)
    return actor


def _url(database: Database, name: str | None = None) -> str:
    """The URL of a database, or of another one on its server."""
    url = database.url if name is None else database.url.set(database=name)
    return url.render_as_string(hide_password=False)


async def _versions(database: Database, actor: Actor) -> dict[str, int]:
    async with database.read(actor) as session:
        return {row["id"]: row["version"] for row in await session.find(Lead)}


async def _bump(session: ScopedSession, id: str) -> None:
    row = await session.get(Lead, id)
    assert row is not None
    await session.update(Lead, {"version": row["version"] + 1}, LEADS.c.id == id)


async def _contact(session: ScopedSession, lead_id: str) -> None:
    await session.insert(Contact, {"id": "c", "lead_id": lead_id, **AUDIT, **NAMED})


async def test_work_is_committed_once(database: Database, actor: Actor) -> None:
    async def work(session: ScopedSession) -> str:
        await _bump(session, "a")
        return "done"

    assert await database.transact(actor, work) == "done"
    assert await _versions(database, actor) == {"a": 2, "b": 1}


async def test_exceptions_roll_back(database: Database, actor: Actor) -> None:
    runs: list[BaseException] = []

    async def work(session: ScopedSession, error: BaseException) -> None:
        runs.append(error)
        await _bump(session, "a")
        raise error

    errors = [NotFound("lead", "x"), ValueError("wrong"), asyncio.CancelledError()]
    for error in errors:
        with pytest.raises(type(error)):
            await database.transact(actor, partial(work, error=error))
    assert runs == errors
    assert await _versions(database, actor) == {"a": 1, "b": 1}
    async with database.write(actor) as session:  # the connection is fit for use
        await _bump(session, "b")
    assert await _versions(database, actor) == {"a": 1, "b": 2}


async def test_reads_see_what_is_committed(database: Database, actor: Actor) -> None:
    async with database.read(actor) as session:
        assert await session.count(Contact) == 0
        await database.transact(actor, lambda writing: _contact(writing, "a"))
        assert await session.count(Contact) == 1


async def test_deferred_keys_roll_back(database: Database, actor: Actor) -> None:
    """A reference that is checked at the end only: an email may come before its thread."""
    mail = {**AUDIT, "type": "email", "date": NOON, "thread_id": "thread"}

    async def write(*rows: dict[str, Any]) -> None:
        async with database.write(actor) as session:
            for row in rows:
                await session.insert(Activity, row)

    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        await write({"id": "mail", **mail})
    await write({"id": "mail", **mail}, {"id": "thread", **mail, "type": "email_thread", "thread_id": None})
    async with database.read(actor) as session:
        assert await session.count(Activity) == 2


@on_postgresql
async def test_deadlocked_work_runs_again(database: Database, actor: Actor) -> None:
    holding = {"a": asyncio.Event(), "b": asyncio.Event()}
    runs: list[str] = []

    async def cross(session: ScopedSession, first: str, second: str) -> None:
        runs.append(first)
        await _bump(session, first)
        holding[first].set()
        await holding[second].wait()
        await _bump(session, second)

    await asyncio.gather(
        database.transact(actor, lambda session: cross(session, "a", "b")),
        database.transact(actor, lambda session: cross(session, "b", "a")),
    )
    assert sorted(runs) in (["a", "a", "b"], ["a", "b", "b"])
    assert await _versions(database, actor) == {"a": 3, "b": 3}


@on_postgresql
async def test_unserializable_work_runs_again(database: Database, actor: Actor) -> None:
    name = make_url(_url(database)).database
    await administer(_url(database), f"ALTER DATABASE {name} SET default_transaction_isolation = 'repeatable read'")
    strict = Database(_url(database))
    runs = 0

    async def add(session: ScopedSession) -> None:
        nonlocal runs
        runs += 1
        row = await session.get(Lead, "a")
        assert row is not None
        if runs == 1:
            await strict.transact(actor, lambda other: _bump(other, "a"))
        await session.update(Lead, {"version": row["version"] + 1}, LEADS.c.id == "a")

    await strict.transact(actor, add)
    assert runs == 2
    assert await _versions(strict, actor) == {"a": 3, "b": 1}
    await strict.close()


@on_postgresql
async def test_only_passing_errors_repeat(database: Database, actor: Actor) -> None:
    runs: list[str] = []

    async def work(session: ScopedSession, code: str) -> None:
        runs.append(code)
        await _bump(session, "a")
        await session.connection.execute(text(f"DO $$ BEGIN RAISE SQLSTATE '{code}'; END $$"))

    for code, error in (("40001", Unavailable), ("40P01", Unavailable), ("22012", DBAPIError), ("23514", DBAPIError)):
        with pytest.raises(error):
            await database.transact(actor, partial(work, code=code))
    assert runs == ["40001"] * 3 + ["40P01"] * 3 + ["22012", "23514"]
    assert await _versions(database, actor) == {"a": 1, "b": 1}


@on_postgresql
async def test_held_lock_is_unavailable(database: Database, actor: Actor) -> None:
    runs = 0

    async def work(session: ScopedSession) -> None:
        nonlocal runs
        runs += 1
        await session.connection.execute(text("SELECT id FROM lead FOR UPDATE NOWAIT"))

    async with database.write(actor) as session:
        await session.lock(Lead, ["a"])
        with pytest.raises(Unavailable, match="the database is busy") as caught:
            await database.transact(actor, work)
    assert runs == TRIES == 3
    assert isinstance(caught.value.__cause__, DBAPIError)
    await database.transact(actor, work)


@on_sqlite
async def test_held_file_is_unavailable(database: Database, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_MILLISECONDS", 10)
    second = Database(_url(database))
    async with database.write(actor):
        with sent() as statements, pytest.raises(Unavailable, match="the database is busy") as caught:
            await second.transact(actor, lambda session: _bump(session, "a"))
    assert [statement for statement, _ in statements] == ["BEGIN IMMEDIATE"] * TRIES
    assert isinstance(caught.value.__cause__, OperationalError)
    await second.transact(actor, lambda session: _bump(session, "a"))
    assert await _versions(database, actor) == {"a": 2, "b": 1}
    await second.close()


@on_postgresql
async def test_vanished_lead_is_seen(database: Database, actor: Actor) -> None:
    """The lead goes between the look and the insert; the second try looks again."""
    runs = 0

    async def add(session: ScopedSession) -> None:
        nonlocal runs
        runs += 1
        if await session.get(Lead, "a") is None:
            raise NotFound("lead", "a")
        async with database.write(actor) as other:
            await other.delete(Lead, LEADS.c.id == "a")
        await _contact(session, "a")

    with pytest.raises(NotFound, match="There is no lead a"):
        await database.transact(actor, add)
    assert runs == 2


@on_postgresql
async def test_taken_label_is_seen(database: Database, actor: Actor) -> None:
    """The same label is written between the look and the insert."""
    runs = 0

    async def add(session: ScopedSession) -> None:
        nonlocal runs
        runs += 1
        if await session.get(LeadStatus, "theirs") is not None:
            raise Conflict("It is taken.")
        async with database.write(actor) as other:
            await other.insert(LeadStatus, {**EXTRA, "id": "theirs"})
        await session.insert(LeadStatus, EXTRA)

    with pytest.raises(Conflict):
        await database.transact(actor, add)
    assert runs == 2


async def test_lasting_clash_is_itself(database: Database, actor: Actor, store: str) -> None:
    """SQLite's one writer has no races, so there is nothing to try again."""
    runs: list[str] = []

    async def work(session: ScopedSession, kind: str) -> None:
        runs.append(kind)
        if kind == "unique":
            await session.insert(LeadStatus, EXTRA, {**EXTRA, "id": "again"})
        else:
            await _contact(session, "gone")

    for kind in ("unique", "foreign key"):
        with pytest.raises(IntegrityError, match=f"(?i){kind}"):
            await database.transact(actor, partial(work, kind=kind))
    times = {"sqlite": 1, "postgresql": TRIES}[store]
    assert runs == ["unique"] * times + ["foreign key"] * times


@on_postgresql
async def test_lost_connection_is_unavailable(database: Database, actor: Actor) -> None:
    async def lose(session: ScopedSession) -> None:
        backend = await session.connection.scalar(text("SELECT pg_backend_pid()"))
        await administer(_url(database), f"SELECT pg_terminate_backend({backend})")
        await session.count(Lead)

    async def read() -> None:
        async with database.read(actor) as session:
            await lose(session)

    for lost in (read(), database.transact(actor, lose)):
        with pytest.raises(Unavailable, match="the connection to the database was lost"):
            await lost
    assert await _versions(database, actor) == {"a": 1, "b": 1}
    await database.transact(actor, lambda session: _bump(session, "a"))


@on_postgresql
async def test_reader_gives_up_on_a_lock(database: Database, actor: Actor) -> None:
    async def read() -> None:
        async with database.read(actor) as session:
            await session.connection.execute(text("SELECT set_config('lock_timeout', '50', false)"))
            await session.count(Lead)

    async with owning(database) as connection:
        await connection.execute(text("LOCK TABLE lead"))
        with pytest.raises(Unavailable, match="busy"):
            await read()
    await read()


@on_postgresql
async def test_slow_statement_times_out(database: Database, actor: Actor) -> None:
    """The server cancels it; the connection goes on, whether it reads or writes."""

    async def sleep(session: ScopedSession) -> None:
        await session.connection.execute(text("SELECT set_config('statement_timeout', '50', false)"))
        await session.connection.execute(text("SELECT pg_sleep(5)"))

    with pytest.raises(TimedOut):
        await database.transact(actor, sleep)
    with pytest.raises(TimedOut):
        async with database.read(actor) as session:
            await sleep(session)
    async with database.read(actor) as session, database.write(actor) as writing:
        assert await session.count(Lead) == await writing.count(Lead)


@on_postgresql
async def test_server_that_stays_away_is_unavailable(database: Database, actor: Actor) -> None:
    """The pooled connections died, and the server takes no new ones."""
    assert await _versions(database, actor) == {"a": 1, "b": 1}
    name = database.url.database
    await administer(
        _url(database, "postgres"),
        f"ALTER DATABASE {name} ALLOW_CONNECTIONS false",
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",
    )
    with pytest.raises(Unavailable):
        await _versions(database, actor)
    await administer(_url(database, "postgres"), f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert await _versions(database, actor) == {"a": 1, "b": 1}


@on_postgresql
async def test_idle_connections_are_replaced(database: Database, actor: Actor) -> None:
    """Pooled connections that died meanwhile are noticed before they are used."""
    assert await _versions(database, actor) == {"a": 1, "b": 1}
    await administer(
        _url(database),
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid()",
    )
    assert await _versions(database, actor) == {"a": 1, "b": 1}
    await database.transact(actor, lambda session: _bump(session, "b"))


@on_postgresql
async def test_unreachable_server_is_unavailable(database: Database) -> None:
    url = make_url(_url(database))
    for change in (url.set(port=1), url.set(database="crm_nowhere"), url.set(username="crm_nobody")):
        away = Database(change.render_as_string(hide_password=False))
        with pytest.raises(Unavailable, match="the database cannot be reached"):
            await away.ping()
        with pytest.raises(Unavailable, match="the database cannot be reached"):
            await away.transact(Actor.system("orga_a"), lambda session: _bump(session, "a"))
        await away.close()


async def test_ping_answers(database: Database) -> None:
    await database.ping()


@on_sqlite
async def test_broken_file_is_unavailable(database: Database) -> None:
    broken = Path(f"{database.url.database}.broken")
    broken.write_bytes(b"no database" * 100)
    away = Database(f"sqlite:///{broken}")
    with pytest.raises(Unavailable, match="the database cannot be reached"):
        await away.ping()
    await away.close()
