"""Databases and clients for tests: every test that asks for one runs on SQLite and on PostgreSQL."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from app.services import organizations
from app.storage import migrations
from app.storage.database import Database
from tests.cli.server import Server, serving
from tests.client import Client
from tests.servers import postgres_url

STORES = ("sqlite", "postgresql")
MOST_WORKERS = 4
_numbers = count(1)


def pytest_xdist_auto_num_workers() -> int:
    """Each worker starts a PostgreSQL of its own; they would get in each other's way on one that is given."""
    return 0 if "CRM_TEST_POSTGRES_URL" in os.environ else min(os.cpu_count() or 1, MOST_WORKERS)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with postgres_url() as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "crm.db"
    _finish(migrations.upgrade(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of a migrated, empty database; others are made as its copies."""
    name = "crm_template"

    async def make() -> None:
        await _administer(postgres_server, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
        await migrations.upgrade(_sibling(postgres_server, name))

    _finish(make())
    return name


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def database_url(store: str, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The URL of a migrated, empty database of the test's own."""
    async with migrated(store, request, tmp_path) as url:
        yield url


@asynccontextmanager
async def migrated(store: str, request: pytest.FixtureRequest, folder: Path) -> AsyncIterator[str]:
    """The URL of a migrated, empty database; on SQLite it is in the folder."""
    if store == "sqlite":
        path = folder / "crm.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server, template = request.getfixturevalue("postgres_server"), request.getfixturevalue("postgres_template")
    name = f"crm_test_{next(_numbers)}"
    await _administer(server, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _sibling(server, name)
    await _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with opened(database_url) as opened_database:
        yield opened_database


@asynccontextmanager
async def opened(url: str, pool_size: int = 4) -> AsyncIterator[Database]:
    database = Database(url, pool_size=pool_size)
    try:
        yield database
    finally:
        await database.close()


@pytest.fixture
async def organization(database: Database) -> str:
    """The id of a new organization with the built-in roles, statuses and one pipeline."""
    return await organizations.create(database, "Acme")


@pytest.fixture
async def client(database: Database, organization: str) -> Client:
    """A caller with the role Admin in a new organization."""
    return await Client.of(database, organization)


@pytest.fixture(scope="session")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own process over the demo organization, as somebody who starts for the first time has it."""
    with serving(tmp_path_factory.mktemp("demo")) as server:
        yield server


def _finish(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end in a loop of its own, for the tests' loop may be running."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def _sibling(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


async def _administer(server: str, *statements: str) -> None:
    engine = create_async_engine(server, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()
