"""Whatever a record holds, the import takes it or refuses it, and does so again; what it took comes back."""

import pytest

from app.services import organizations
from app.storage.database import Database
from tests.services.close_format.everything import LEADS
from tests.services.close_format.files import Store
from tests.services.close_format.mutations import mutated


@pytest.mark.parametrize("seed", range(8))
async def test_bent_records_come_in_or_stay_out(database: Database, seed: int) -> None:
    first = Store(database, await organizations.create(database, "First"))
    second = Store(database, await organizations.create(database, "Second"))
    records = mutated(LEADS, f"seed {seed}")
    summary = await first.load(*records)
    assert summary.read == len(records) == summary.created + summary.updated + summary.unchanged + summary.rejected
    again = await first.load(*records)
    assert (again.created, again.updated, again.rejected) == (0, 0, summary.rejected)
    assert again.rejected_children == summary.rejected_children
    exported = await first.export()
    back = await second.load_bytes(exported)
    assert (back.rejected, back.rejected_children) == (0, 0)
    assert await second.export() == exported
