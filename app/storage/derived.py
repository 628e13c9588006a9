"""Columns that are derived from other columns of their row, each time the row is written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Column, Table, Text
from sqlalchemy.sql import ClauseElement
from sqlalchemy.types import TypeEngine

from app.domain.names import sort_name
from app.domain.words import stored
from app.storage.types import Exact, SortableNumber, Word

INFO = "derived"


@dataclass(frozen=True)
class Derivation:
    """How a column's value comes from the values of its sources, and the types of both."""

    sources: tuple[str, ...]
    derive: Callable[..., Any]
    column_type: type[TypeEngine[Any]] = Text
    source_type: type[TypeEngine[Any]] = Text

    def __call__(self, row: Mapping[str, Any]) -> Any:
        """The value for a row; a source that it does not name is null."""
        values = [row.get(name) for name in self.sources]
        if any(isinstance(value, ClauseElement) for value in values):
            raise TypeError(f"what follows from {', '.join(self.sources)} has to be known when it is written")
        return self.derive(*values)


def words(*sources: str) -> Derivation:
    """The words of a text, or of several that are read as one with ", " between them."""
    return Derivation(sources, stored if len(sources) == 1 else _stored_together)


def key(source: str) -> Derivation:
    """What a text is sorted by, so that both databases sort alike."""
    return Derivation((source,), _sorted_by, Word)


def number_key(source: str) -> Derivation:
    """A decimal once more, so that an index serves for comparing it."""
    return Derivation((source,), _itself, SortableNumber, Exact)


@cache
def derivations(table: Table) -> dict[str, Derivation]:
    return {column.name: column.info[INFO] for column in table.columns if INFO in column.info}


@cache
def plain_columns(table: Table) -> tuple[Column[Any], ...]:
    """The columns that rows carry: all but the derived ones."""
    return tuple(column for column in table.columns if INFO not in column.info)


def whole_rows(table: Table, rows: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """New rows with what is derived from them; a source that they leave out is null."""
    return _with(_asked(table, rows[0]), rows)


def whole_changes(table: Table, rows: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Changes of rows with what is derived from them, which takes all of its sources."""
    derived = _asked(table, rows[0])
    for name, derivation in derived.items():
        if missing := [source for source in derivation.sources if source not in rows[0]]:
            raise ValueError(f"{table.name}.{name} is derived, and cannot be without {', '.join(missing)}")
    return _with(derived, rows)


def _asked(table: Table, row: Mapping[str, Any]) -> dict[str, Derivation]:
    """The derived columns that a row has to do with: it names them, or one of their sources."""
    return {
        name: derivation
        for name, derivation in derivations(table).items()
        if name in row or any(source in row for source in derivation.sources)
    }


def _with(derived: Mapping[str, Derivation], rows: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    if not derived:
        return rows
    return [{**row, **{name: derive(row) for name, derive in derived.items()}} for row in rows]


def _stored_together(*texts: str | None) -> str | None:
    return stored(", ".join(text for text in texts if text) or None)


def _sorted_by(text: str | None) -> str | None:
    return None if text is None else sort_name(text)


def _itself(value: Any) -> Any:
    return value
