"""A filter tree as groups of leaves that hold together: all of a group, or at least one of them.

Negation is carried down to the leaves, so nested `and` and `or` of one kind are one group.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.filter_checks import searched_kinds
from app.domain.filters import SEARCHED, And, FieldCondition, HasRelated, Kind, Not, Or, Query
from app.domain.search_fields import Field, Fields, has_fields_of


@dataclass(frozen=True)
class Scope:
    """The kinds of object that a part of a tree looks at. `turned` is it when a relation around it must not hold."""

    kinds: frozenset[Kind]
    related: bool = False
    turned: bool = False


@dataclass(frozen=True)
class Member:
    """A leaf of the tree, a relation being one; `field` is what a condition looks at."""

    node: Query
    negated: bool
    scope: Scope
    field: Field | None = None

    @property
    def is_certain(self) -> bool:
        """Whether every object looked at has the field, so that a condition is never false for want of it."""
        return self.field is not None and all(has_fields_of(kind, self.field.kind) for kind in self.scope.kinds)


@dataclass(frozen=True)
class Group:
    """Members of which every one has to hold, or any one."""

    members: Sequence[Member]
    every: bool
    scope: Scope


def groups(query: Query, fields: Fields) -> Iterator[Group]:
    """The groups of a tree, the outer ones first."""
    kinds = searched_kinds(query, fields) or SEARCHED
    return _Grouping(fields).groups(query, False, True, Scope(kinds))


@dataclass(frozen=True)
class _Grouping:
    fields: Fields

    def groups(self, query: Query, negated: bool, every: bool, scope: Scope) -> Iterator[Group]:
        found = list(_flat(query, negated, every))
        forks = [(node, turned) for node, turned in found if _is_fork(node)]
        leaves = [(node, turned) for node, turned in found if not _is_fork(node)]
        members = [Member(node, turned, scope, self._field(node, scope)) for node, turned in leaves]
        yield Group(members, every, scope)
        for node, turned in forks:
            yield from self.groups(node, turned, not every, scope)
        for node, turned in leaves:
            if isinstance(node, HasRelated):
                inner = Scope(frozenset({node.related}), True, scope.turned or turned)
                yield from self.groups(node.query, False, True, inner)

    def _field(self, node: Query, scope: Scope) -> Field | None:
        """The field of a condition, as the objects looked at have it; None for other nodes and for unknown fields."""
        if not isinstance(node, FieldCondition):
            return None
        kinds = sorted(scope.kinds) + sorted(self.fields.kinds(node.field))
        return next((found for kind in kinds if (found := self.fields.find(node.field, kind))), None)


def _flat(query: Query, negated: bool, every: bool) -> Iterator[tuple[Query, bool]]:
    match query:
        case Not(query=inner):
            yield from _flat(inner, not negated, every)
        case And(queries=queries) | Or(queries=queries) if len(queries) == 1 or (
            queries and (isinstance(query, And) is not negated) is every
        ):
            for inner in queries:
                yield from _flat(inner, negated, every)
        case _:
            yield query, negated


def _is_fork(query: Query) -> bool:
    return isinstance(query, And | Or) and bool(query.queries)
