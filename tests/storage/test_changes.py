"""What is told of changes: each that is committed, and nothing at all where one could go unnoticed."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from time import monotonic

import pytest
from sqlalchemy import URL, text

from app.domain.custom_fields import DataType
from app.storage import changes
from app.storage.changes import Changes, CountedChanges, ToldChanges
from app.storage.custom_fields import CustomField, CustomFieldPlacement
from app.storage.database import Database
from app.storage.organizations import Organization, Role, User
from app.storage.reads import table_of
from tests.storage.relay import relayed
from tests.storage.scenery import administer, new_actor, owning
from tests.storage.watching import opened_changes, until, until_told

on_postgresql = pytest.mark.parametrize("store", ["postgresql"])
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
LISTENING = "query LIKE 'LISTEN%' AND datname = current_database()"


@pytest.fixture
async def watched(database: Database) -> AsyncIterator[Changes]:
    async with opened_changes(database) as changes:
        yield changes


async def test_commit_is_told(database: Database, watched: Changes) -> None:
    actor = await new_actor(database, "Acme")
    before = watched.version()
    async with database.write(actor) as session:
        await session.update(Role, {"position": 9})
        await asyncio.sleep(0.05)
        assert watched.version() == before
    await until_told(watched, before)


async def test_own_commit_is_known_at_once(database: Database) -> None:
    """Also where nobody hears of it: who made a change never meets what was remembered before it."""
    actor = await new_actor(database, "Acme")
    await until(lambda: database.changes.version() is not None)
    before = database.changes.version()
    async with database.write(actor) as session:
        await session.update(Role, {"position": 9})
    assert database.changes.version() != before


async def test_rollback_is_not_told(database: Database, watched: Changes) -> None:
    actor = await new_actor(database, "Acme")
    before = watched.version()

    async def fail() -> None:
        async with database.write(actor) as session:
            await session.update(Role, {"position": 9})
            raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        await fail()
    await asyncio.sleep(0.05)
    assert watched.version() == before


@on_postgresql
async def test_each_table_that_is_remembered_tells(database: Database, watched: Changes) -> None:
    actor = await new_actor(database, "Acme")
    async with owning(database) as connection:
        viewed = text(
            "SELECT DISTINCT refobjid::regclass::text FROM pg_depend JOIN pg_rewrite AS r ON r.oid = objid"
            " WHERE r.ev_class = 'crm_search.caller'::regclass AND refclassid = 'pg_class'::regclass"
            " AND refobjid <> r.ev_class ORDER BY 1"
        )
        tables = (await connection.execute(viewed)).scalars().all()
    assert tables == ['"user"', "api_key", "organization", "role"]
    for table in (*tables, "custom_field", "custom_field_placement"):
        for change in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            before = watched.version()
            async with database.write(actor) as session:
                await session.connection.execute(text(change))
            await until_told(watched, before)


@on_postgresql
async def test_new_members_tell_nothing(database: Database, watched: Changes) -> None:
    """An import adds many; nobody who called before depends on them."""
    before = watched.version()
    actor = await new_actor(database, "Acme")
    async with database.write(actor) as session:
        await session.insert(User, {"id": "user_a", "display_name": "Ann", "is_active": True})
    async with database.write(actor) as session:
        await session.update(User, {"is_active": False})
    await until_told(watched, before)
    assert watched.version() == (before or 0) + 1


@on_postgresql
async def test_deleted_organization_tells_once(database: Database, watched: Changes) -> None:
    actor = await new_actor(database, "Acme")
    before = watched.version()
    async with database.unscoped() as connection:
        await connection.execute(
            table_of(Organization).delete().where(table_of(Organization).c.id == actor.organization_id)
        )
    await until_told(watched, before)
    await asyncio.sleep(0.05)
    assert watched.version() == (before or 0) + 1


async def test_file_that_cannot_be_read_tells_nothing() -> None:
    away = CountedChanges(URL.create("sqlite", database="/nowhere/crm.db"))
    assert away.version() is None
    await away.close()


@on_postgresql
async def test_lost_connection_tells_nothing(
    database: Database, watched: Changes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is opened anew a while later, and what was told before counts for nothing then."""
    monkeypatch.setattr(changes, "PAUSE_SECONDS", 0.2)
    before = watched.version()
    url = database.url.render_as_string(hide_password=False)
    await administer(url, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {LISTENING}")
    await until(lambda: watched.version() is None, seconds=1)
    await until(lambda: watched.version() is not None)
    assert watched.version() != before


@on_postgresql
async def test_unreachable_server_is_asked_now_and_then(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(changes, "PAUSE_SECONDS", 0.2)
    away = ToldChanges(database.url.set(port=1), database.finder)
    begun = monotonic()
    for _ in range(50):
        assert away.version() is None
        await asyncio.sleep(0.01)
    assert 1 <= len(caplog.messages) <= (monotonic() - begun) / changes.PAUSE_SECONDS + 1
    assert caplog.messages[0].startswith("changes cannot be heard")
    await away.close()


@on_postgresql
async def test_connection_that_hears_nothing_is_not_trusted(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(changes, "ECHO_SECONDS", 0.2)
    async with relayed(database.url) as (relay, url):
        relay.is_mute = True
        deaf = ToldChanges(url, database.finder)
        assert deaf.version() is None
        await until(lambda: bool(caplog.messages))
        assert deaf.version() is None
        assert caplog.messages == [
            "changes cannot be heard, so nothing is remembered and each request asks: TimeoutError()"
        ]
        await deaf.close()


@on_postgresql
async def test_connection_that_goes_deaf_is_not_trusted(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "ECHO_SECONDS", 0.3)
    monkeypatch.setattr(changes, "PROOF_SECONDS", 0.3)
    monkeypatch.setattr(changes, "PAUSE_SECONDS", 0.3)
    async with relayed(database.url) as (relay, url):
        told = ToldChanges(url, database.finder)
        await until(lambda: told.version() is not None)
        await asyncio.sleep(0.7)  # proofs that succeed change nothing
        assert told.version() == 0
        relay.is_mute = True
        await until(lambda: told.version() is None, seconds=1)
        relay.is_mute = False
        await until(lambda: told.version() is not None)
        assert told.version() != 0
        await told.close()


@on_postgresql
async def test_proofs_of_others_are_no_changes(database: Database, watched: Changes) -> None:
    other = ToldChanges(database.url, database.finder)
    before = watched.version()
    await until(lambda: other.version() is not None)
    await asyncio.sleep(0.05)
    assert watched.version() == before
    await other.close()


@on_postgresql
async def test_closing_leaves_no_connection(database: Database) -> None:
    told = ToldChanges(database.url, database.finder)
    await until(lambda: told.version() is not None)
    assert await _listening(database) == 1
    await told.close()
    await _until_none_listens(database)


@on_postgresql
async def test_closing_ends_what_is_being_opened(database: Database) -> None:
    for milliseconds in range(0, 30, 3):
        told = ToldChanges(database.url, database.finder)
        assert told.version() is None
        await asyncio.sleep(milliseconds / 1000)
        await told.close()
    await _until_none_listens(database)


async def _listening(database: Database) -> int:
    async with owning(database) as connection:
        found = await connection.scalar(text(f"SELECT count(*) FROM pg_stat_activity WHERE {LISTENING}"))
    return int(found or 0)


async def _until_none_listens(database: Database) -> None:
    async with asyncio.timeout(2):
        while True:
            if await _listening(database) == 0:
                return
            await asyncio.sleep(0.01)


@on_postgresql
async def test_listener_ends_though_nothing_comes_through(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "ECHO_SECONDS", 0.2)
    async with relayed(database.url) as (relay, url):
        told = ToldChanges(url, database.finder)
        await until(lambda: told.version() is not None)
        relay.is_silent = True
        async with asyncio.timeout(changes.PAUSE_SECONDS / 2):
            await told.close()


async def test_closed_stays_closed(database: Database) -> None:
    async with opened_changes(database) as told:
        pass
    before = asyncio.all_tasks()
    if database.dialect == "postgresql":
        assert told.version() is None
    assert asyncio.all_tasks() == before


@on_postgresql
async def test_new_place_of_a_field_is_told(database: Database, watched: Changes) -> None:
    """The field was found before, where it had another one."""
    actor = await new_actor(database, "Acme")
    field = {"name": "size", "name_key": "size", "home": "shared", "scope": "shared", "data_type": DataType.NUMBER}
    async with database.write(actor) as session:
        await session.insert(CustomField, {"id": "cf_size", "date_created": NOW, "date_updated": NOW} | field)
    before = watched.version()
    place = {"id": "place_1", "field_id": "cf_size", "target": "lead", "position": 0}
    async with database.write(actor) as session:
        await session.insert(CustomFieldPlacement, place)
    await until_told(watched, before)
