"""A large organization, which the golden files' plans are made for."""

import shutil
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import make_url

from app.domain.access import Actor
from app.storage.database import Database
from tests.storage.scenery import administer
from tests.storage.search.crowd import settle


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def crowd(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Database, Actor]]:
    """One for all these tests, for none of them changes it; on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("golden") / "crm.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        url = f"sqlite:///{path}"
    else:
        server, template = request.getfixturevalue("postgres_server"), request.getfixturevalue("postgres_template")
        await administer(
            server, "DROP DATABASE IF EXISTS crm_golden", f"CREATE DATABASE crm_golden TEMPLATE {template}"
        )
        url = make_url(server).set(database="crm_golden").render_as_string(hide_password=False)
    database = Database(url, pool_size=2)
    yield database, await settle(database)
    await database.close()
