from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.storage.scenery import administer

EMPTY = "crm_empty"


@pytest.fixture
async def empty_url(store: str, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The URL of a database without tables."""
    if store == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server = request.getfixturevalue("postgres_server")
    await administer(server, f"DROP DATABASE IF EXISTS {EMPTY} WITH (FORCE)", f"CREATE DATABASE {EMPTY}")
    yield make_url(server).set(database=EMPTY).render_as_string(hide_password=False)
    await administer(server, f"DROP DATABASE {EMPTY} WITH (FORCE)")
