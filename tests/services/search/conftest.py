"""An organization that tests of warnings about filters share."""

import shutil
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import make_url

from app.services import organizations
from app.storage.database import Database
from tests.client import Client
from tests.services.search.lint_scene import Scene, build
from tests.storage.scenery import administer


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    """One organization for all these tests, for none of them changes it; on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("lint") / "crm.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        url = f"sqlite:///{path}"
    else:
        server, template = request.getfixturevalue("postgres_server"), request.getfixturevalue("postgres_template")
        await administer(server, "DROP DATABASE IF EXISTS crm_lint", f"CREATE DATABASE crm_lint TEMPLATE {template}")
        url = make_url(server).set(database="crm_lint").render_as_string(hide_password=False)
    database = Database(url, pool_size=4)
    client = await Client.of(database, await organizations.create(database, "Acme"))
    yield await build(database, client.actor)
    await database.close()
