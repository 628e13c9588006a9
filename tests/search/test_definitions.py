"""Custom fields that searches name: looked up once, and what becomes of them counts."""

import asyncio

import pytest
from sqlalchemy import text

from app.domain.errors import ArgumentFault
from app.domain.filters import CustomField, Exists, FieldCondition, Id, Query
from app.domain.time import Clock
from app.services.search.searching import Rules, prepare
from app.storage.database import Database
from tests.client import Client
from tests.graphql.search_rows import NOON, build
from tests.storage.scenery import counting
from tests.storage.watching import until

RULES = Rules(secret=b"a secret of these tests")


def having(field: str) -> Query:
    return FieldCondition(CustomField(field), Exists(True))


async def looks(client: Client, query: Query, database: Database | None = None) -> int:
    """How often the definition of a custom field is read for a search."""
    with counting() as statements:
        await prepare(database or client.database, client.actor, Clock.at(NOON, "UTC"), query, rules=RULES)
    return sum("accepts_multiple_values" in sql for sql, _ in statements.sent)


async def found(client: Client, query: Query) -> int:
    searching = await prepare(client.database, client.actor, Clock.at(NOON, "UTC"), query, rules=RULES)
    return (await searching.count()).total


async def test_definitions_are_looked_up_once(client: Client) -> None:
    await build(client)
    await until(lambda: client.database.changes.version() is not None)
    assert [await looks(client, having("cf_size")) for _ in range(3)] == [1, 0, 0]
    assert await looks(client, having("cf_kind")) == 1
    assert await found(client, having("cf_size")) == 1


async def test_a_field_that_is_deleted_elsewhere_counts_as_gone(client: Client) -> None:
    await build(client)
    await until(lambda: client.database.changes.version() is not None)
    assert await looks(client, having("cf_size")) == 1
    other = Database(client.database.url.render_as_string(hide_password=False))
    async with other.write(client.actor) as session:
        await session.connection.execute(text("DELETE FROM custom_field_placement WHERE field_id = 'cf_size'"))
        await session.connection.execute(text("DELETE FROM custom_field_value WHERE field_id = 'cf_size'"))
        await session.connection.execute(text("DELETE FROM custom_field WHERE id = 'cf_size'"))
    await other.close()

    async def search_on() -> None:
        async with asyncio.timeout(1):
            while True:
                await found(client, having("cf_size"))

    with pytest.raises(ArgumentFault, match="There is no custom field 'cf_size'"):
        await search_on()


async def test_a_field_that_is_missing_is_looked_up_again(client: Client) -> None:
    await until(lambda: client.database.changes.version() is not None)
    for _ in range(2):
        with pytest.raises(ArgumentFault, match="There is no custom field"):
            await looks(client, having("cf_size"))
    await build(client)
    assert await found(client, having("cf_size")) == 1


@pytest.mark.parametrize(("value", "is_kept"), [("lead_a", True), ("x" * 30_000, False)])
async def test_long_trees_are_not_kept(client: Client, value: str, is_kept: bool) -> None:
    searching = await prepare(client.database, client.actor, Clock.at(NOON, "UTC"), Id(value), rules=RULES)
    assert searching.search.is_light is is_kept
