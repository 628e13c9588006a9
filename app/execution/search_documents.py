"""The objects of a search as JSON, written by the statement that finds them: around its rows, one text for each hit.

A cursor of a search is signed, which no database can do; so a page is put together here, of the texts and the order
values that come with them.
"""

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from graphql import GraphQLObjectType
from sqlalchemy import select

from app.domain.filters import Kind
from app.execution.document import Documents
from app.execution.document_parts import Building, Row, Value
from app.execution.document_values import MOST_STATEMENTS, Bound, Parts
from app.execution.levels import Level, Run, Unplannable
from app.storage import json_text
from app.storage.database import Database
from app.storage.json_text import Unwritten
from app.storage.kept import Kept
from app.storage.paging import sorting
from app.storage.reading import Template
from app.storage.search.statements import READS, Statement

if TYPE_CHECKING:
    from app.execution.planner import Planner
    from app.execution.walk import Details

Show: TypeAlias = Callable[[Statement], Statement]


class HitDocument:
    """The text of an object of one kind: what is selected of it, in the rows that a search finds."""

    def __init__(self, parts: Parts, level: Level, value: Value, database: Database) -> None:
        self._parts, self._level, self._value, self._database = parts, level, value, database
        self._templates: Kept[Hashable, Template] = Kept(MOST_STATEMENTS)
        self._is_written: Kept[Hashable, bool] = Kept(MOST_STATEMENTS)

    @classmethod
    def of(cls, planner: "Planner", kind: Kind, type_: GraphQLObjectType, details: "Details") -> "HitDocument | None":
        """None where the databases do not write what is selected, or nothing is gained: without a relation the rows
        themselves are as quickly read."""
        documents = Documents.like(planner)
        level = documents.level(read=READS[kind])
        try:
            value = documents.objects(level, type_, details)
        except Unplannable:
            return None
        return cls(documents.parts, level, value, planner.database) if documents.parts.levels else None

    @property
    def columns(self) -> Sequence[str]:
        """What is read besides the id."""
        return tuple(name for name in self._level.columns if name != "id")

    def showing(self, run: Run) -> Show | None:
        """What makes of a search's statement one that answers texts; None where that is not worth it, or cannot be."""
        bound = self._parts.bound(run, run.context.actor)
        if bound is None or not self._parts.is_due(run, bound.shape):
            return None
        building = Building(bound.run, bound.reads, self._database.dialect)
        is_written = self._is_written.get(bound.shape)
        if is_written is None:
            is_written = self._is_written.put(bound.shape, self._can_write(building))
        return partial(self._show, building, bound) if is_written else None

    def _can_write(self, building: Building) -> bool:
        read: Any = self._level.read
        known = {column.key: column for column in read.columns}
        try:
            self._value(building, Row({name: known[name] for name in self._level.columns}, read.table))
        except (Unplannable, Unwritten):
            return False
        return True

    def _show(self, building: Building, bound: Bound, statement: Statement) -> Statement:
        key = statement.select, bound.shape
        template = self._templates.get(key)
        if template is None:
            around = self._around(statement, building)
            template = self._templates.put(key, self._database.template(around, bound.constants, searches=True))
        return statement._replace(
            values=lambda clock: {**statement.values(clock), **bound.values},
            places=range(2, 2 + len(statement.order)),
            sent=(template.prepared, template.own(bound.constants)),
        )

    def _around(self, statement: Statement, building: Building) -> Any:
        """The rows of a statement with their texts in the place of what these are made of."""
        found = statement.select.subquery("found_")
        columns = [*found.c]
        row = Row(dict(zip(("id", *self.columns), columns, strict=False)), found)
        text = json_text.document(self._value(building, row), building.dialect)
        order = [
            key._replace(column=columns[place]) for key, place in zip(statement.order, statement.places, strict=True)
        ]
        ends = [key.column.label(f"order_{place}_") for place, key in enumerate(order)]
        return select(columns[0], text.label("text_"), *ends).order_by(*sorting(order, backward=False))
