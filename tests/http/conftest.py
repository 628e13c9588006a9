from collections.abc import AsyncIterator

import httpx2
import pytest

from app.storage.database import Database
from tests.http.gateway import Acme, make_acme, served


@pytest.fixture
async def acme(database: Database) -> Acme:
    """An organization in Berlin whose administrator Ann has a key."""
    return await make_acme(database)


@pytest.fixture
async def api(database: Database, acme: Acme) -> AsyncIterator[httpx2.AsyncClient]:
    """The gateway, asked with Ann's key."""
    async with served(database, acme.key, debug_headers=True) as client:
        yield client
