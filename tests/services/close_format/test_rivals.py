"""Others who write while an import runs. SQLite has a single writer, so that only PostgreSQL lets them in between."""

from collections.abc import Sequence

import pytest

from app.services.close_format import ImportFault, writing
from app.services.close_format.kinds import LeadDraft
from app.services.close_format.stored import Stored, load
from app.storage.leads import Lead
from app.storage.session import ScopedSession
from tests.services.close_format.files import Store, lead

pytestmark = pytest.mark.parametrize("store", ["postgresql"])


class Rival:
    """Writes a lead of its own each time the import has looked at what is there."""

    def __init__(self, crm: Store, *ids: str) -> None:
        self.crm = crm
        self.ids = list(ids)

    async def load(self, session: ScopedSession, batch: Sequence[LeadDraft]) -> Stored:
        stored = await load(session, batch)
        if self.ids:
            old = await self.crm.row(Lead, id="lead_old")
            async with self.crm.database.write(self.crm.actor) as own:
                await own.insert(Lead, {**old, "id": self.ids.pop(0), "name": "Rival"})
        return stored


async def test_second_look_sees_a_rivals_lead(crm: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    await crm.load(lead(id="lead_old"))
    monkeypatch.setattr(writing, "load", Rival(crm, "lead_1").load)
    summary = await crm.load(lead(), lead(id="lead_2"))
    assert (summary.created, summary.updated) == (1, 1)
    row = await crm.row(Lead, id="lead_1")
    assert (row["name"], row["version"]) == ("Acme", 2)


async def test_stubborn_rival_ends_the_import(crm: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    await crm.load(lead(id="lead_old"))
    monkeypatch.setattr(writing, "load", Rival(crm, "lead_1", "lead_2", "lead_3").load)
    with pytest.raises(ImportFault, match="The organization was changed by someone else meanwhile"):
        await crm.load(lead(), lead(id="lead_2"), lead(id="lead_3"))
