"""The rows of a table of labels, such as statuses: looked up by id or label, and added to at the end."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import SQLModel

from app.domain.checks import MAX_LABEL
from app.domain.text import fold
from app.services.close_format.kinds import Row
from app.services.close_format.values import made_id
from app.storage.reads import table_of
from app.storage.session import ScopedSession
from app.storage.types import among


def label_key(label: str) -> str:
    return fold(label)[:MAX_LABEL]


@dataclass
class Shelf:
    """The rows of `model`; `label` is the column of their labels, unique in folded form, perhaps within another."""

    session: ScopedSession
    model: type[SQLModel]
    prefix: str
    label: str
    rows: list[Row] = field(default_factory=list)
    made: list[str] = field(default_factory=list)

    async def load(self) -> "Shelf":
        self.rows = [
            {name: value for name, value in row.items() if name != "organization_id"}
            for row in await self.session.find(self.model)
        ]
        return self

    def by_id(self, id: str | None) -> Row | None:
        return next((row for row in self.rows if row["id"] == id), None)

    def by_label(self, label: str, **within: str) -> Row | None:
        wanted = {f"{self.label}_key": label_key(label)} | within
        return next((row for row in self.rows if all(row[name] == value for name, value in wanted.items())), None)

    def first(self) -> Row:
        return min(self.rows, key=lambda row: (row["position"], row["id"]))

    async def make(self, id: str | None, label: str, **values: Any) -> Row:
        """A new row at the end; without an id one that follows from the label."""
        label = label[:MAX_LABEL]
        key = label_key(label)
        row = {
            "id": id or made_id(self.prefix, self.model.__name__, *map(str, values.values()), key),
            self.label: label,
            f"{self.label}_key": key,
            "position": max((row["position"] for row in self.rows), default=-1) + 1,
            **values,
        }
        await self.insert(row)
        self.rows.append(row)
        self.made.append(label)
        return row

    async def insert(self, *rows: Row) -> None:
        await self.session.insert(self.model, *rows)

    async def delete(self, *rows: Row) -> None:
        await self.session.delete(self.model, among(table_of(self.model).c.id, [row["id"] for row in rows]))

    async def take_over(self, row: Row, id: str) -> None:
        """Give a row that nothing refers to another id."""
        await self.delete(row)
        row["id"] = id
        await self.insert(row)


async def used(session: ScopedSession, column: Any, ids: Iterable[str]) -> bool:
    """Whether a row of the column's table refers to one of these."""
    return await session.count(column.class_, among(table_of(column.class_).c[column.key], list(ids))) > 0
