"""The objects of a search as JSON, written by the statement that finds them: around its rows, one text for each hit.

A cursor of a search is signed, which no database can do; so a page is put together here, of the texts and the order
values that come with them.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from cachetools import LRUCache
from graphql import GraphQLObjectType
from sqlalchemy import select

from app.domain.filters import Kind
from app.execution.document import MOST_STATEMENTS, Documents, shape_of, values_of
from app.execution.document_parts import Building, Row, Value
from app.execution.levels import Form, Level, Run, Unplannable
from app.storage import json_text
from app.storage.paging import sorting
from app.storage.reading import Template
from app.storage.search.statements import READS, Statement

if TYPE_CHECKING:
    from app.execution.planner import Planner
    from app.execution.walk import Details

Show: TypeAlias = Callable[[Statement], Statement]


class HitDocument:
    """The text of an object of one kind: what is selected of it, in the rows that a search finds."""

    def __init__(self, documents: Documents, level: Level, value: Value) -> None:
        self._documents, self._level, self._value = documents, level, value
        self._templates: LRUCache[Hashable, Template] = LRUCache(MOST_STATEMENTS)
        self._seen: LRUCache[Hashable, bool] = LRUCache(MOST_STATEMENTS)

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
        return cls(documents, level, value) if documents.levels else None

    @property
    def columns(self) -> Sequence[str]:
        """What is read besides the id."""
        return tuple(name for name in self._level.columns if name != "id")

    def showing(self, run: Run) -> Show | None:
        """What makes of a search's statement one that answers texts; None where that is not worth it, or cannot be."""
        run = Run(run.context, run.variables, run.form)  # levels have numbers of their own here
        levels = self._documents.levels
        shape = tuple(shape_of(run, level) for level in levels)
        values: dict[str, Any] = {}
        for level in levels:
            values |= values_of(run, level)
        reads = [run.read(level) for level in levels if level.read is not None]
        binds = [bind for read in reads for bind in read.shape.binds]
        if run.form is not Form.DOCUMENT and shape not in self._seen:
            self._seen[shape] = True
            return None

        def show(statement: Statement) -> Statement:
            key = statement.select, shape
            template = self._templates.get(key)
            if template is None:
                made = self._around(statement, Building(run, self._documents.database.dialect))
                template = self._templates[key] = self._documents.database.template(made, binds, searches=True)
            return statement._replace(
                values=lambda clock: {**statement.values(clock), **values},
                places=range(2, 2 + len(statement.order)),
                sent=(template.prepared, template.own(binds)),
            )

        return show

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
