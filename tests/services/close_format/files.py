"""Files to import, and what is in the database afterwards."""

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import RowMapping
from sqlmodel import SQLModel, col

from app.domain.access import Actor
from app.services.close_format import ImportSummary, export_leads, import_file
from app.storage.database import Database

DATA = Path(__file__).parents[2] / "data"


class Store:
    """One organization of a database."""

    def __init__(self, database: Database, organization_id: str) -> None:
        self.database = database
        self.organization_id = organization_id
        self.actor = Actor.system(organization_id)

    async def load(self, *records: Any, **options: Any) -> ImportSummary:
        """Import an array of these records."""
        return await self.load_bytes(json.dumps(records).encode(), **options)

    async def load_bytes(self, source: bytes, **options: Any) -> ImportSummary:
        return await import_file(self.database, self.organization_id, io.BytesIO(source), **options)

    async def export(self) -> bytes:
        target = io.BytesIO()
        await export_leads(self.database, self.organization_id, target)
        return target.getvalue()

    async def rows(self, model: type[SQLModel], **equal: Any) -> Sequence[RowMapping]:
        """The rows of a table with these values, by id."""
        table: Any = model
        conditions = [col(getattr(table, name)) == value for name, value in equal.items()]
        async with self.database.read(self.actor) as session:
            return await session.find(model, *conditions, order_by=[col(table.id)])

    async def row(self, model: type[SQLModel], **equal: Any) -> RowMapping:
        [row] = await self.rows(model, **equal)
        return row


def lead(**keys: Any) -> dict[str, Any]:
    """A lead with a name and dates."""
    return {
        "id": "lead_1",
        "name": "Acme",
        "date_created": "2024-01-01T00:00:00+00:00",
        "date_updated": "2024-01-02T00:00:00+00:00",
        **keys,
    }
