"""What the functions of a document are made of: a row, the statement that is being made, and common values."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, FromClause, func, select

from app.execution.levels import Level, Run
from app.storage import json_text
from app.storage.json_text import Absent, Kind
from app.storage.reads import Read
from app.storage.scope import visible


class Row(NamedTuple):
    """The columns that a field can look at, and where they are."""

    columns: Mapping[str, ColumnElement[Any]]
    source: FromClause | None = None


class Building(NamedTuple):
    """A statement that is being made: for one run, of these reads of the levels by their numbers, whose values are
    bound in it."""

    run: Run
    reads: Mapping[int, Read]
    dialect: str

    def read(self, level: Level) -> Read:
        """The read of a level with its arguments, on a FROM of its own."""
        read = self.reads[level.id]
        return read.on(read.table.alias(f"t{level.id}"))


Value: TypeAlias = Callable[[Building, Row], ColumnElement[Any]]


def object_of(members: Sequence[tuple[str, Value]]) -> Value:
    return lambda building, row: json_text.row_object(
        [(name, value(building, row)) for name, value in members], building.dialect
    )


def constant(name: str) -> Value:
    return lambda building, row: json_text.name_leaf(name, building.dialect)


def count_of(building: Building, read: Read, key: ColumnElement[Any], row: Row) -> ColumnElement[Any]:
    found = select(func.count()).select_from(read.table)
    found = correlated(found.where(visible(read.table), *read.conditions, read.key == key), row)
    return json_text.leaf(found.scalar_subquery(), Kind.INT, building.dialect, Absent.NEVER)


def correlated(found: Any, row: Row) -> Any:
    return found if row.source is None else found.correlate(row.source)
