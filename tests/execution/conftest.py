"""Organizations to ask about, and who asks."""

import gc
import logging
from collections.abc import AsyncIterator

import pytest

from app.storage.database import Database
from tests.execution.settlement import Settlement, settled
from tests.execution.world import World, settle


@pytest.fixture
async def world(database: Database) -> World:
    return await settle(database)


@pytest.fixture
async def settlement(database: Database, world: World, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Settlement]:
    """Failures that are meant are not logged; what graphql-core drops of a failed query is collected here and now."""
    for name in ("crm.graphql", "crm.execution"):
        caplog.set_level(logging.CRITICAL, name)
    yield await settled(database, world)
    gc.collect()
