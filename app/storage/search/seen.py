"""What one object has where a tree looks: which of its nodes hold, and the values that its conditions see."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, select

from app.domain.filters import And, CustomField, FieldCondition, HasRelated, Kind, Not, Or, Query, Text
from app.domain.search_fields import Fields
from app.storage.scope import visible
from app.storage.search.catalogue import RELATIONS, SOURCES
from app.storage.search.custom_fields import VALUES
from app.storage.search.fields import Rows, Searched
from app.storage.search.filters import Compiler, Scope

MOST = 10


@dataclass(frozen=True)
class Seen:
    """A node, and the relations that lead from the object to what it looks at."""

    node: Query
    relations: tuple[HasRelated, ...] = ()

    @property
    def whole(self) -> Query:
        """The node as a query about the object itself: something related, if need be, meets it."""
        query = self.node
        for relation in reversed(self.relations):
            query = HasRelated(relation.related, query, relation.this)
        return query


def unfold(query: Query, relations: tuple[HasRelated, ...] = ()) -> Iterator[Seen]:
    """Every node of a tree, from the root on."""
    yield Seen(query, relations)
    match query:
        case And(queries=queries) | Or(queries=queries):
            for inner in queries:
                yield from unfold(inner, relations)
        case Not(query=inner):
            yield from unfold(inner, relations)
        case HasRelated(query=inner):
            yield from unfold(inner, (*relations, query))


class Looking:
    """Statements about one object of a kind; they bind its id."""

    def __init__(self, compiler: Compiler, fields: Fields, kind: Kind, id: str) -> None:
        self.compiler, self.fields, self.kind, self.id = compiler, fields, kind, id
        self.rows: Rows = SOURCES[kind].table
        self._itself = and_(visible(self.rows), self.rows.c.id == id)

    def outcomes(self, seen: Sequence[Seen]) -> Select[Any]:
        """One row: 1 for each node that holds, 0 for each that does not."""
        scope = Scope(self.kind, self.rows)
        flags = [case((self.compiler.where(each.whole, scope), 1), else_=0) for each in seen]
        return select(*(flag.label(f"node_{place}") for place, flag in enumerate(flags))).where(self._itself)

    def values(self, seen: Seen) -> Select[Any] | None:
        """What the node's field has; the ids of what a relation leads to; None for nodes that look at nothing."""
        match seen.node:
            case FieldCondition() if self._leads(seen.relations):
                return self._of_field(seen.node, seen.relations)
            case HasRelated() if self._leads((*seen.relations, seen.node)):
                return self._related(seen.node, seen.relations)
            case Text() if self._leads(seen.relations):
                return self._of_texts(seen.relations)
        return None

    def _of_field(self, node: FieldCondition, relations: tuple[HasRelated, ...]) -> Select[Any] | None:
        kind, rows, joins = self._reached(relations)
        field = self.fields.find(node.field, kind)
        if not isinstance(field, Searched):
            return None
        if isinstance(node.field, CustomField):
            values = self.compiler.aliases(VALUES)
            owner = and_(
                visible(values),
                values.c.object_id == rows.c.id,
                values.c.field_id == node.field.id,
            )
            return self._limited([field.expression(values)], [*joins, owner])
        shown = [field.expression(rows), *([field.day(rows)] if field.day else [])]
        return self._limited(shown, joins)

    def _of_texts(self, relations: tuple[HasRelated, ...]) -> Select[Any]:
        kind, rows, joins = self._reached(relations)
        return self._limited([rows.c[name] for name in SOURCES[kind].texts if name in rows.c], joins)

    def _related(self, node: HasRelated, relations: tuple[HasRelated, ...]) -> Select[Any]:
        kind, rows, joins = self._reached((*relations, node))
        return self._limited([rows.c.id], [*joins, self.compiler.where(node.query, Scope(kind, rows))])

    def _leads(self, relations: Sequence[HasRelated]) -> bool:
        """Whether the relations lead anywhere from this kind of object."""
        kinds = [self.kind, *(relation.related for relation in relations)]
        return all(pair in RELATIONS for pair in pairwise(kinds))

    def _reached(self, relations: Sequence[HasRelated]) -> tuple[Kind, Rows, list[ColumnElement[bool]]]:
        """Where the relations lead: the kind, its rows, and what joins them to the object."""
        kind, rows, joins = self.kind, self.rows, [self._itself]
        for relation in relations:
            source = SOURCES[relation.related]
            related: Rows = self.compiler.aliases(source.table)
            link = RELATIONS[kind, relation.related]
            joins += [visible(related), related.c[link.related] == rows.c[link.this], source.only(related)]
            kind, rows = relation.related, related
        return kind, rows, joins

    def _limited(self, columns: Sequence[ColumnElement[Any]], conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
        return select(*columns).where(*conditions).limit(MOST)
