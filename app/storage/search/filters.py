"""A filter tree as one SQL condition, node class by node class (rules F19-F37).

Negation is pushed down to the leaves, where a condition that is null counts as not met; so a tree and its negation
divide the objects of their kind between them (rule F26). Relations multiply no rows: they are EXISTS, or membership in
a set of ids where few are expected (see `rarity`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import singledispatchmethod
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    distinct,
    false,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    true,
    union_all,
)

from app.domain.filters import (
    And,
    CustomField,
    FieldCondition,
    HasRelated,
    Id,
    InStatus,
    Kind,
    MatchAll,
    Not,
    ObjectType,
    Or,
    Query,
    depth,
)
from app.domain.filters import Text as TextQuery
from app.domain.search_fields import Fields, has_fields_of
from app.domain.words import TextMode, split
from app.storage.scope import visible
from app.storage.search.binds import Moving
from app.storage.search.catalogue import RELATIONS, SOURCES, Link, Source
from app.storage.search.conditions import Conditions
from app.storage.search.custom_fields import OWNERS, VALUES
from app.storage.search.fields import Aliases, Rows, Searched
from app.storage.search.rarity import EVERYTHING_COMMON, Rarity
from app.storage.search.stays import in_status
from app.storage.words import holds, stands

FEW_WORDS = 5


@dataclass(frozen=True)
class Scope:
    """The rows that a node looks at, and what kind of object they are.

    Where nothing but the id of an object matters, `rows` are those of another that names it in the column `key`.
    """

    kind: Kind
    rows: Rows
    key: str = "id"
    is_alternative: bool = False  # within an `or`, where a row may match without it

    @property
    def id(self) -> ColumnElement[Any]:
        return self.rows.c[self.key]

    def column(self, name: str) -> ColumnElement[Any]:
        return self.id if name == "id" else self.rows.c[name]


@dataclass(frozen=True)
class Joined:
    """A custom field with one value, and where the values of these rows stand; None where they have none."""

    field_id: str
    rows: Rows
    values: Rows | None


class Compiler:
    """Turns the trees of one statement into conditions; what they bind when it runs is in `moving`."""

    def __init__(
        self, fields: Fields, dialect: str, rarity: Rarity = EVERYTHING_COMMON, joined: Joined | None = None
    ) -> None:
        self.fields = fields
        self.joined = joined
        self.dialect = dialect
        self.rarity = rarity
        self.moving = Moving()
        self.conditions = Conditions(dialect, self.moving)
        self.aliases = Aliases()

    def where(self, query: Query, scope: Scope, negated: bool = False) -> ColumnElement[bool]:
        """The condition that the rows of a scope match the tree (or do not). It is never null when negated."""
        condition: ColumnElement[bool] = self._node(query, scope, negated)
        return condition

    @singledispatchmethod
    def _node(self, query: Any, scope: Scope, negated: bool) -> ColumnElement[bool]:
        raise TypeError(f"{type(query).__name__} is no node of a filter tree")

    @_node.register
    def _(self, query: And, scope: Scope, negated: bool) -> ColumnElement[bool]:
        return self._joined(query.queries, scope, every=not negated, negated=negated)

    @_node.register
    def _(self, query: Or, scope: Scope, negated: bool) -> ColumnElement[bool]:
        return self._joined(list(_together(query.queries)), scope, every=negated, negated=negated)

    def _joined(self, queries: Sequence[Query], scope: Scope, every: bool, negated: bool) -> ColumnElement[bool]:
        if not every and queries[1:]:
            scope = replace(scope, is_alternative=True)
        # SQLite's parser has little room for what stands before a parenthesis, so the deepest come first.
        ordered = sorted(queries, key=depth, reverse=True) if self.dialect == "sqlite" else queries
        parts = [self.where(inner, scope, negated) for inner in ordered]
        return and_(true(), *parts) if every else or_(false(), *parts)

    @_node.register
    def _(self, query: Not, scope: Scope, negated: bool) -> ColumnElement[bool]:
        return self.where(query.query, scope, not negated)

    @_node.register
    def _(self, query: MatchAll, scope: Scope, negated: bool) -> ColumnElement[bool]:
        return _constant(query.wanted is not negated)

    @_node.register
    def _(self, query: ObjectType, scope: Scope, negated: bool) -> ColumnElement[bool]:
        return _constant((query.kind is scope.kind) is not negated)

    @_node.register
    def _(self, query: Id, scope: Scope, negated: bool) -> ColumnElement[bool]:
        return _leaf(scope.id == query.id, negated)

    @_node.register
    def _(self, query: TextQuery, scope: Scope, negated: bool) -> ColumnElement[bool]:
        if query.mode in (TextMode.PHRASE, TextMode.EXACT_VALUE):
            return _leaf(self._anywhere(query, query.value, scope), negated)
        words = list(dict.fromkeys(split(query.value)))
        if len(words) > FEW_WORDS and scope.kind in OWNERS and self._is_indexed(query):
            return _leaf(self._counted(query, words, scope), negated)
        return _leaf(and_(*(self._anywhere(query, word, scope) for word in words)), negated)

    @_node.register
    def _(self, query: HasRelated, scope: Scope, negated: bool) -> ColumnElement[bool]:
        link = RELATIONS.get((scope.kind, query.related))
        if link is None or (query.this is not None and not has_fields_of(scope.kind, query.this)):
            return _constant(negated)
        if link.is_kept and _by_id_alone(query.query, query.related):
            key = scope.column(link.this)
            met = self.where(query.query, Scope(query.related, scope.rows, link.this, scope.is_alternative))
            return _leaf(and_(key.is_not(None), met), negated)
        return self._related(query, link, SOURCES[query.related], scope, negated)

    def _related(
        self, query: HasRelated, link: Link, source: Source, scope: Scope, negated: bool
    ) -> ColumnElement[bool]:
        """A related row matches (or none does)."""
        member, met = self.members(query, link, source)
        key = scope.column(link.this)
        if self.rarity.is_rare(query.query):
            return _leaf(_leaf_in(key, member, met), negated)
        return self._exists(scope, negated, member == key, met)

    def members(self, query: HasRelated, link: Link, source: Source) -> tuple[ColumnElement[Any], ColumnElement[bool]]:
        """What the related rows that match are linked by, and the condition that they match."""
        inner = Scope(query.related, self.aliases(source.table))
        met = and_(visible(inner.rows), source.only(inner.rows), self.where(query.query, inner))
        return inner.rows.c[link.related], met

    def _exists(self, scope: Scope, negated: bool, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        """There is a row that meets the conditions (or there is none).

        Where that is to be denied, or is one of several ways to match, PostgreSQL would find all such rows at first.
        An offset keeps it at one object after the other: as quick at worst, and done with a page at once.
        """
        found = select(literal(1)).where(*conditions).correlate(scope.rows)
        if self.dialect == "postgresql" and (negated or scope.is_alternative):
            found = found.offset(literal_column("0"))
        return not_(found.exists()) if negated else found.exists()

    @_node.register
    def _(self, query: InStatus, scope: Scope, negated: bool) -> ColumnElement[bool]:
        if scope.kind is not Kind.OPPORTUNITY:
            return _constant(negated)
        return _leaf(in_status(query, scope.rows, self.moving, self.aliases), negated)

    @_node.register
    def _(self, query: FieldCondition, scope: Scope, negated: bool) -> ColumnElement[bool]:
        found = self.fields.find(query.field, scope.kind)
        if found is None:
            return _constant(negated)
        if not isinstance(found, Searched):
            raise TypeError(f"{found.name} has no column")
        negated = negated is not self.conditions.is_turned(query.condition)
        if found.custom_field_id is None:
            rare = self.rarity.is_rare(query)
            return _leaf(self.conditions.met(query.condition, found, scope.rows, rare), negated)
        joined = self.joined
        if joined and joined.field_id == found.custom_field_id and joined.rows is scope.rows and scope.key == "id":
            if joined.values is None:
                return _constant(negated)
            return _leaf(self.conditions.met(query.condition, found, joined.values, rare=False), negated)
        return self._valued(query, found, scope, negated)

    def _valued(self, query: FieldCondition, field: Searched, scope: Scope, negated: bool) -> ColumnElement[bool]:
        """A value of a custom field meets the condition."""
        rare, values = self.rarity.is_rare(query), self.aliases(VALUES)
        met = and_(
            visible(values),
            values.c.field_id == field.custom_field_id,
            self.conditions.met(query.condition, field, values, rare),
        )
        if rare:
            return _leaf(_leaf_in(scope.id, values.c.object_id, met), negated)
        return self._exists(scope, negated, values.c.object_id == scope.id, met)

    def _is_indexed(self, query: Query) -> bool:
        return self.dialect != "sqlite" or self.rarity.is_rare(query)

    def _counted(self, query: TextQuery, words: Sequence[str], scope: Scope) -> ColumnElement[bool]:
        """Each of many words stands in one of the object's texts: in one set of ids, for planners join few."""
        found = []
        for place, word in enumerate(words):
            rows, values = self.aliases(SOURCES[scope.kind].table), self.aliases(VALUES)
            number: ColumnElement[int] = literal_column(str(place))
            own = holds(rows, SOURCES[scope.kind].texts, word, query.mode, self.dialect)
            valued = holds(values, ("text",), word, query.mode, self.dialect)
            found.append(select(rows.c.id.label("id"), number.label("place")).where(visible(rows), own))
            found.append(select(values.c.object_id, number).where(visible(values), valued))
        each = union_all(*found).subquery()
        every = func.count(distinct(each.c.place)) == len(words)
        return scope.id.in_(select(each.c.id).group_by(each.c.id).having(every))

    def _anywhere(self, query: TextQuery, text: str, scope: Scope) -> ColumnElement[bool]:
        """The text stands in a text of the object itself, or in one of its custom fields."""
        source = SOURCES[scope.kind]
        indexed = self._is_indexed(query)
        look = holds if indexed else stands
        if scope.kind not in OWNERS:
            return look(scope.rows, source.texts, text, query.mode, self.dialect)
        values = self.aliases(VALUES)
        valued = and_(visible(values), look(values, ("text",), text, query.mode, self.dialect))
        if not indexed:
            its = self._exists(scope, False, values.c.object_id == scope.id, valued)
            return or_(stands(scope.rows, source.texts, text, query.mode, self.dialect), its)
        member = select(values.c.object_id).where(valued)
        if self.dialect == "sqlite":
            return or_(holds(scope.rows, source.texts, text, query.mode, self.dialect), scope.id.in_(member))
        rows = self.aliases(source.table)
        own = select(rows.c.id).where(visible(rows), holds(rows, source.texts, text, query.mode, self.dialect))
        return scope.id.in_(union_all(own, member))  # for no index serves alternatives in two tables


def _together(queries: Sequence[Query]) -> Iterator[Query]:
    """Alternatives in one relation are one relation to alternatives."""
    relations: dict[tuple[Kind, Kind | None], list[Query]] = {}
    for query in queries:
        if isinstance(query, HasRelated):
            relations.setdefault((query.related, query.this), []).append(query.query)
        else:
            yield query
    for (related, this), inner in relations.items():
        yield HasRelated(related, Or(inner) if inner[1:] else inner[0], this)


def _by_id_alone(query: Query, kind: Kind) -> bool:
    """Whether a tree over a kind looks at nothing but the ids of its objects."""
    match query:
        case And(queries=queries) | Or(queries=queries):
            return all(_by_id_alone(inner, kind) for inner in queries)
        case Not(query=inner):
            return _by_id_alone(inner, kind)
        case FieldCondition(field=field):
            return isinstance(field, CustomField)
        case HasRelated(related=related):
            link = RELATIONS.get((kind, related))
            return link is None or link.this == "id"
    return isinstance(query, MatchAll | ObjectType | Id)


def _leaf_in(key: ColumnElement[Any], member: ColumnElement[Any], met: ColumnElement[bool]) -> ColumnElement[bool]:
    return key.in_(select(member).where(met, member.is_not(None)))


def _constant(value: bool) -> ColumnElement[bool]:
    return true() if value else false()


def _leaf(condition: ColumnElement[bool], negated: bool) -> ColumnElement[bool]:
    return not_(func.coalesce(condition, false())) if negated else condition
