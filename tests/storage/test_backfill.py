"""A database with rows from before there were words: its upgrade, by an ordinary login that policies hold for."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, insert, make_url, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.access import Actor
from app.domain.words import TextMode
from app.storage import migrations, sqlite
from app.storage.activities import Activity
from app.storage.custom_fields import CustomFieldValue
from app.storage.database import Database
from app.storage.derived import derivations
from app.storage.leads import Lead
from app.storage.migrations import derivations as filling
from app.storage.organizations import Organization
from app.storage.postgresql import ROLE, SEARCH_ROLE
from app.storage.reads import table_of
from app.storage.scope import visible
from app.storage.words import holds
from tests.conftest import opened
from tests.storage.scenery import AUDIT, NAMED, NOON, ROWS, TENANTS, administer, set_scope

LEADS, ACTIVITIES, VALUES = table_of(Lead), table_of(Activity), table_of(CustomFieldValue)
BEFORE = "0002"
MANY = 25


@pytest.fixture
async def old_url(store: str, request: pytest.FixtureRequest, tmp_path: Any) -> AsyncIterator[str]:
    """The URL of a database from before, with two organizations; the rows of both have the same ids."""
    if store == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.db'}"
        await _fill(url)
        yield url
        return
    request.getfixturevalue("postgres_template")  # whose migration makes the roles
    server = request.getfixturevalue("postgres_server")
    drop = ("DROP DATABASE IF EXISTS crm_old WITH (FORCE)", "DROP ROLE IF EXISTS crm_old")
    make = ("CREATE ROLE crm_old LOGIN PASSWORD 'old'", f"GRANT {ROLE}, {SEARCH_ROLE} TO crm_old")
    await administer(server, *drop, *make, "CREATE DATABASE crm_old OWNER crm_old")
    login = make_url(server).set(username="crm_old", password="old", database="crm_old")
    url = login.render_as_string(hide_password=False)
    await _fill(url)
    yield url
    await administer(server, *drop)


async def _fill(url: str) -> None:
    owner = migrations.engine(url)
    if owner.dialect.name == "sqlite":
        sqlite.begin_by_hand(owner)
    async with owner.begin() as connection:
        await connection.run_sync(_to_before)
        for organization in ("o1", "o2"):
            await _fill_organization(connection, organization)
    await owner.dispose()


def _to_before(connection: Connection) -> None:
    command.upgrade(migrations.configuration(connection=connection), BEFORE)


async def _fill_organization(connection: AsyncConnection, id: str) -> None:
    organization = {"id": id, "name": id, "currency": "USD", "time_zone": "UTC", "date_created": NOON}
    await connection.execute(insert(table_of(Organization)), organization)
    if connection.dialect.name == "postgresql":
        await set_scope(connection, id)
    for model, row in ROWS:
        await connection.execute(insert(table_of(model)), {"organization_id": id, "id": "it", **row})
    own: dict[str, Any] = {"organization_id": id, **AUDIT}
    leads = [{**own, **NAMED, "id": f"lead_{n}", "status_id": "it", "name": f"Old {n} of {id}"} for n in range(MANY)]
    await connection.execute(insert(LEADS), leads)
    mail = {**own, "type": "email", "lead_id": "it", "date": NOON, "text": "Straße 7"}
    await connection.execute(insert(ACTIVITIES), {**mail, "id": "thread", "thread_id": None})
    await connection.execute(insert(ACTIVITIES), {**mail, "id": "mail", "thread_id": "thread"})
    await connection.execute(update(VALUES).values(number=Decimal("-12.50"), text="Ältere  Wörter"))


async def test_old_rows_get_words(old_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every derived column of every row, batch by batch, as if the row were written now."""
    monkeypatch.setattr(filling, "BATCH", 10)
    await migrations.upgrade(old_url)
    async with opened(old_url) as database:
        filled = 0
        for organization in ("o1", "o2"):
            async with database.read(Actor.system(organization)) as session:
                for table in TENANTS:
                    every = select(table).where(table.c.organization_id == organization)
                    rows = (await session.connection.execute(every)).mappings().all()
                    for row in map(dict, rows):
                        made = {name: derive(row) for name, derive in derivations(table).items()}
                        assert {name: row[name] for name in made} == made
                        filled += sum(value is not None for value in made.values())
        # In each: 25 × (name, display name), lead, address × 2, email × 2, phone × 2, url × 2, 3 × text, value × 3.
        assert filled == 2 * (2 * MANY + 1 + 2 + 2 + 2 + 2 + 3 + 3)


async def test_old_rows_are_found(old_url: str) -> None:
    await migrations.upgrade(old_url)
    async with opened(old_url) as database:
        for organization in ("o1", "o2"):
            found = await _found(database, organization, LEADS, "name", f"old 7 {organization}")
            assert found == ["lead_7"]
            assert await _found(database, organization, ACTIVITIES, "text", "STRASSE") == ["mail", "thread"]
            assert await _found(database, organization, VALUES, "text", "wörter") == ["it"]
        async with database.write(Actor.system("o1")) as session:
            await session.update(Lead, {"name": "New"}, LEADS.c.id == "lead_7")
        assert await _found(database, "o1", LEADS, "name", "old 7") == []
        assert await _found(database, "o2", LEADS, "name", "old 7") == ["lead_7"]


async def _found(database: Database, organization: str, table: Any, name: str, value: str) -> list[str]:
    held = holds(table, [name], value, TextMode.FULL_WORDS, database.dialect)
    async with database.read(Actor.system(organization)) as session:
        asked = select(table.c.id).where(visible(table), held).order_by(table.c.id)
        return [row.id for row in await session.search(asked)]
