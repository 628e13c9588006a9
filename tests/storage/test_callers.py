"""What is remembered of callers: found ones alone, for a while, and none from before a change."""

import asyncio

import pytest
from sqlalchemy import Row, update

from app.services import keys, organizations
from app.storage import callers, remembered
from app.storage.callers import Callers, caller_by_key
from app.storage.database import Database
from app.storage.organizations import Organization
from app.storage.reads import table_of
from tests.storage.scenery import counting
from tests.storage.watching import opened_changes, until


@pytest.fixture
async def ids(database: Database) -> list[str]:
    """The ids of five keys."""
    organization = await organizations.create(database, "Acme")
    ann = await organizations.add_user(database, organization, "Ann")
    return [(await keys.create(database, organization, ann, f"key {n}")).partition(".")[0] for n in range(5)]


async def _looked_up(database: Database, id: str) -> Row[tuple[object, ...]] | None:
    async with database.look_up() as reading:
        return await caller_by_key(reading, id)


async def _move(database: Database, zone: str) -> None:
    """Give every organization another time zone."""
    async with database.unscoped() as connection:
        await connection.execute(update(table_of(Organization)).values(time_zone=zone))


async def test_found_caller_is_remembered(database: Database, ids: list[str]) -> None:
    async with opened_changes(database) as changes:
        remembering = Callers(changes, lambda id: _looked_up(database, id))
        assert remembering.remembered(ids[0]) is None
        found = await remembering.find(ids[0])
        assert found is not None
        with counting() as statements:
            assert remembering.remembered(ids[0]) is found
            assert remembering.remembered(ids[1]) is None
        assert statements.sent == []


async def test_missing_key_is_not_remembered(database: Database) -> None:
    async with opened_changes(database) as changes:
        remembering = Callers(changes, lambda id: _looked_up(database, id))
        for _ in range(2):
            assert remembering.remembered("api_0000000000000000") is None
            with counting() as statements:
                assert await remembering.find("api_0000000000000000") is None
            assert any("caller" in statement for statement, _ in statements.sent)


async def test_change_while_looking_up_counts(database: Database, ids: list[str]) -> None:
    """What was read before a change, and comes after it was told, is not remembered."""
    async with opened_changes(database) as changes:

        async def late(id: str) -> Row[tuple[object, ...]] | None:
            found = await _looked_up(database, id)
            before = changes.version()
            await _move(database, "Asia/Tokyo")
            await until(lambda: changes.version() != before)
            return found

        remembering = Callers(changes, late)
        found = await remembering.find(ids[0])
        assert found is not None
        assert found.organization_zone == "UTC"
        assert remembering.remembered(ids[0]) is None


async def test_change_after_looking_up_counts(database: Database, ids: list[str]) -> None:
    async with opened_changes(database) as changes:
        remembering = Callers(changes, lambda id: _looked_up(database, id))
        await remembering.find(ids[0])
        before = changes.version()
        await _move(database, "Asia/Tokyo")
        await until(lambda: changes.version() != before)
        assert remembering.remembered(ids[0]) is None
        await remembering.find(ids[0])
        moved = remembering.remembered(ids[0])
        assert moved is not None
        assert moved.organization_zone == "Asia/Tokyo"


async def test_nothing_is_remembered_unwatched(database: Database, ids: list[str]) -> None:
    """Neither what was found meanwhile, nor what was found before."""

    class Unsteady:
        told: int | None = 1

        def version(self) -> int | None:
            return self.told

        def note(self) -> None: ...

        async def close(self) -> None: ...

    changes = Unsteady()
    remembering = Callers(changes, lambda id: _looked_up(database, id))
    await remembering.find(ids[0])
    assert remembering.remembered(ids[0]) is not None
    changes.told = None
    await remembering.find(ids[1])
    assert [remembering.remembered(id) for id in ids[:2]] == [None, None]
    changes.told = 1
    assert [remembering.remembered(id) for id in ids[:2]] == [None, None]


async def test_remembered_are_bounded(database: Database, ids: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callers, "MOST", 3)
    async with opened_changes(database) as changes:
        remembering = Callers(changes, lambda id: _looked_up(database, id))
        for id in ids:
            await remembering.find(id)
        assert [remembering.remembered(id) is not None for id in ids] == [False, False, True, True, True]


async def test_remembered_grow_old(database: Database, ids: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "SECONDS", 0.2)
    async with opened_changes(database) as changes:
        remembering = Callers(changes, lambda id: _looked_up(database, id))
        await remembering.find(ids[0])
        assert remembering.remembered(ids[0]) is not None
        await asyncio.sleep(0.25)
        assert remembering.remembered(ids[0]) is None
