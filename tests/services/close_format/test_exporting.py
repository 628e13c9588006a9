"""The export, and that the import reads it back."""

import pytest

from app.domain.activities import ActivityType
from app.domain.tasks import TaskType
from app.services import organizations
from app.storage.activities import Activity
from app.storage.database import Database
from app.storage.tasks import Task
from tests.services.close_format.everything import LEADS
from tests.services.close_format.files import Store


@pytest.fixture
async def other(database: Database) -> Store:
    return Store(database, await organizations.create(database, "Other"))


async def test_everything_comes_back_as_the_same_bytes(crm: Store, other: Store) -> None:
    summary = await crm.load(*LEADS)
    assert (summary.rejected, summary.rejected_children) == (0, 0)
    assert {row["type"] for row in await crm.rows(Activity)} == set(ActivityType)
    assert {row["type"] for row in await crm.rows(Task)} == set(TaskType)
    first = await crm.export()
    summary = await other.load_bytes(first)
    assert (summary.created, summary.rejected, summary.rejected_children, summary.unknown_keys) == (
        3,
        0,
        0,
        {"opportunities.is_stalled": 1},
    )
    assert await other.export() == first
