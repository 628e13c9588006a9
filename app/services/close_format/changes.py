"""Rows to write, collected table by table so that each takes a few statements whatever the number of rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import SQLModel

from app.services.close_format.kinds import CHILDREN, LEAD, Row
from app.services.close_format.stored import LISTS
from app.storage.custom_fields import CustomFieldValue
from app.storage.reads import table_of
from app.storage.session import ScopedSession
from app.storage.types import among

# A table comes after those that it refers to.
_ORDER: tuple[type[SQLModel], ...] = (LEAD.model, *(kind.model for kind in CHILDREN), *LISTS, CustomFieldValue)


@dataclass
class Changes:
    """Deletes come first, for a list that is replaced uses its ids again; updates last, for they may name new rows."""

    inserts: dict[type[SQLModel], list[Row]] = field(default_factory=dict)
    updates: dict[type[SQLModel], dict[frozenset[str], list[Row]]] = field(default_factory=dict)
    deletes: dict[type[SQLModel], list[str]] = field(default_factory=dict)

    def insert(self, model: type[SQLModel], rows: Iterable[Row]) -> None:
        """All rows of a table have the same columns."""
        self.inserts.setdefault(model, []).extend(rows)

    def update(self, model: type[SQLModel], row: Row) -> None:
        """The columns of a row that change, with its id; rows with the same columns are written together."""
        self.updates.setdefault(model, {}).setdefault(frozenset(row), []).append(row)

    def delete(self, model: type[SQLModel], rows: Iterable[Mapping[str, Any]]) -> None:
        self.deletes.setdefault(model, []).extend(row["id"] for row in rows)

    async def write(self, session: ScopedSession) -> None:
        for model, ids in self.deletes.items():
            if ids:
                await session.delete(model, among(table_of(model).c.id, ids))
        for model in _ORDER:
            await session.insert(model, *self.inserts.get(model, []))
        for model, groups in self.updates.items():
            for rows in groups.values():
                await session.update_each(model, rows)
