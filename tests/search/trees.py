"""Random filter trees that make sense, with values taken mostly from a world, so that they find something."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from hypothesis import strategies as st

from app.domain.filter_checks import Checker
from app.domain.filters import (
    ACTIVITIES,
    SEARCHED,
    And,
    CustomField,
    FieldCondition,
    FieldRef,
    HasRelated,
    Id,
    InStatus,
    Kind,
    MatchAll,
    Not,
    ObjectType,
    Or,
    Query,
    RegularField,
    SortKey,
    Text,
)
from app.domain.search_fields import Field, Fields
from app.domain.time import Clock
from app.domain.words import TextMode
from tests.search.evaluator import Evaluator
from tests.search.readings import texts
from tests.search.rows import World
from tests.search.values import Values, condition, conditions, moments, text_values

Kinds: TypeAlias = frozenset[Kind]

MAX_RELATIONS = 4
MAX_DEPTH = 7
_ORDER = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True)
class Search:
    """A tree with the order that its results are asked for in."""

    query: Query
    sort: tuple[SortKey, ...] = ()


class Leaves:
    """Many small trees, too many for a failure to show them all."""

    def __init__(self, trees: Sequence[Query]) -> None:
        self.trees = trees

    def __repr__(self) -> str:
        return f"<{len(self.trees)} trees>"


@dataclass(frozen=True)
class Place:
    """Where a node is to stand: what kinds it looks at, how deep, below how many relations, and turned around."""

    kinds: Kinds
    depth: int = 0
    relations: int = 0
    negated: bool = False

    def inside(self, kinds: Kinds | None = None, negated: bool | None = None) -> "Place":
        negated = self.negated if negated is None else negated
        return Place(self.kinds if kinds is None else kinds, self.depth + 1, self.relations, negated)

    def beyond(self, kind: Kind) -> "Place":
        return Place(frozenset({kind}), self.depth + 1, self.relations + 1)


def searches(world: World, fields: Fields, clock: Clock) -> st.SearchStrategy[Search]:
    """Trees over these fields, with up to three sort keys where results are of one kind."""
    return st.composite(Trees(world, fields, clock).search)()


def about(kind: Kind, world: World, fields: Fields, clock: Clock) -> st.SearchStrategy[Query]:
    """Trees that make sense for objects of one kind, turned around too."""
    trees = Trees(world, fields, clock)
    made = st.composite(trees.node)(Place(frozenset({kind})))
    return made.filter(lambda query: all(map(trees.sense, divided(kind, query))))


def divided(kind: Kind, query: Query) -> tuple[Query, Query]:
    """The objects of a kind that match, and those that do not."""
    return And((ObjectType(kind), query)), And((ObjectType(kind), Not(query)))


def each_condition(kind: Kind, world: World, fields: Fields, clock: Clock) -> st.SearchStrategy[Leaves]:
    """Conditions of each sort on each field of a kind, and its other leaves."""
    return st.composite(Trees(world, fields, clock).each_condition)(kind)


class Trees:
    """The strategies for one world."""

    def __init__(self, world: World, fields: Fields, clock: Clock) -> None:
        self.world, self.fields = world, fields
        self.known = Evaluator(world, clock)
        self.values = Values(world)
        self.relations = {
            kind: sorted((to for start, to in fields.relations if start is kind), key=_ORDER.__getitem__)
            for kind in Kind
        }

    def search(self, draw: st.DrawFn) -> Search:
        kinds = draw(st.sampled_from([frozenset({Kind.LEAD}), frozenset({Kind.CONTACT}), SEARCHED]))
        query = self.node(draw, Place(kinds))
        if len(kinds) == 1 and draw(st.booleans()):
            query = And((ObjectType(next(iter(kinds))), query))
        found = self.sense(query)
        if found is None:  # what stands side by side looks at different kinds: turn to one of them
            kind = draw(st.sampled_from(_in_order(kinds)))
            query = And((ObjectType(kind), self.node(draw, Place(frozenset({kind})))))
            found = self.sense(query)
            if found is None:
                raise AssertionError(f"the program refuses {query}")
        return Search(query, self._sort(draw, found))

    def sense(self, query: Query) -> Kinds | None:
        """The kinds that a tree searches; None for one that the program refuses."""
        checker = Checker(self.fields)
        kinds = checker.check(query)
        return None if checker.problems else kinds

    def _sort(self, draw: st.DrawFn, kinds: Kinds) -> tuple[SortKey, ...]:
        if len(kinds) != 1:
            return ()
        [kind] = kinds
        sortable = [ref_to(field) for field in self.fields.of(kind) if field.sortable]
        refs = draw(st.lists(st.sampled_from(sortable), max_size=3, unique=True))
        return tuple(SortKey(ref, draw(st.booleans())) for ref in refs)

    def node(self, draw: st.DrawFn, place: Place) -> Query:
        makers = [self._condition] * 5 + [self._text, self._small]
        if place.kinds == frozenset({Kind.OPPORTUNITY}):
            makers += [self._in_status] * 3
        more = max(1, 4 - place.depth)  # rather wide and deep at the root
        if place.depth < MAX_DEPTH:
            makers += [self._every_or_some] * (2 * more) + [self._not] * more
            if place.relations < MAX_RELATIONS and any(self.relations[kind] for kind in place.kinds):
                makers += [self._related] * (2 * more)
        return draw(st.sampled_from(makers))(draw, place)

    def _not(self, draw: st.DrawFn, place: Place) -> Query:
        return Not(self.node(draw, place.inside(negated=not place.negated)))

    def _every_or_some(self, draw: st.DrawFn, place: Place) -> Query:
        every = draw(st.booleans())
        inside = place.inside()
        if every is not place.negated and len(place.kinds) > 1:  # conditions that all have to hold are on one kind
            inside = place.inside(frozenset({draw(st.sampled_from(_in_order(place.kinds)))}))
        size = draw(st.sampled_from((2, 2, 3, 3, 1, 0)))
        queries = tuple(self.node(draw, inside) for _ in range(size))
        return And(queries) if every else Or(queries)

    def _related(self, draw: st.DrawFn, place: Place) -> Query:
        kind = draw(st.sampled_from(_in_order(place.kinds)))
        related = draw(st.sampled_from(self.relations[kind]))
        this = kind if draw(st.booleans()) else None
        return HasRelated(related, self.node(draw, place.beyond(related)), this)

    def _condition(self, draw: st.DrawFn, place: Place) -> Query:
        kind = draw(st.sampled_from(_in_order(place.kinds)))
        fields = list(self.fields.of(kind))
        if kind in ACTIVITIES:
            fields += self.fields.of(Kind.ACTIVITY)
        if not fields:
            return self._text(draw, place)
        type = draw(st.sampled_from(sorted({field.type for field in fields})))  # each type as often, rare ones too
        field = draw(st.sampled_from([field for field in fields if field.type is type]))
        return FieldCondition(ref_to(field), draw(conditions(field, self.held(field, kind), self.values)))

    def held(self, field: Field, kind: Kind) -> list[Any]:
        """What the objects of a kind hold in a field."""
        ref = ref_to(field)
        return [value for row in self.world.rows(kind) for value in self.known.values(ref, kind, row)[1]]

    def each_condition(self, draw: st.DrawFn, kind: Kind) -> Leaves:
        place = Place(frozenset({kind}))
        asked: list[Query] = [
            FieldCondition(ref_to(field), draw(condition(sort, field, held, self.values)))
            for field in self.fields.of(kind)
            for held in [self.held(field, kind)]
            for sort in field.conditions
        ]
        asked += [self._text(draw, place) for _ in TextMode]
        if kind is Kind.OPPORTUNITY:
            asked += [self._in_status(draw, place) for _ in range(4)]
        return Leaves([self._of_root(draw, kind, query) for query in asked])

    def _of_root(self, draw: st.DrawFn, kind: Kind, asked: Query) -> Query:
        """Often about one object alone, for the others of a lead would hide what it says of that one."""
        ids = [row["id"] for row in self.world.rows(kind)]
        alone = draw(st.booleans())
        if ids and alone and kind not in SEARCHED:
            asked = And((Id(draw(st.sampled_from(ids))), asked))
        return from_root(kind, asked)

    def _text(self, draw: st.DrawFn, place: Place) -> Query:
        kind = draw(st.sampled_from(_in_order(place.kinds)))
        known = [text for row in self.world.rows(kind) for text in texts(self.world, kind, row)]
        value, mode = draw(text_values(known))
        return Text(value, mode)

    def _small(self, draw: st.DrawFn, place: Place) -> Query:
        kind = draw(st.sampled_from(_in_order(place.kinds)))
        ids = [row["id"] for row in self.world.rows(kind)] + ["gone"]
        nodes: list[st.SearchStrategy[Query]] = [
            st.builds(Id, st.sampled_from(ids)),
            st.builds(MatchAll, st.booleans()),
        ]
        if place.kinds <= SEARCHED:
            nodes.append(st.builds(ObjectType, st.sampled_from(_in_order(SEARCHED))))
        return draw(st.one_of(nodes))

    def _in_status(self, draw: st.DrawFn, place: Place) -> Query:
        ids = st.lists(st.sampled_from([*self.values.statuses, "stat_gone"]), min_size=1, max_size=2)
        bound = st.none() | moments(self.values.moments)
        return InStatus(tuple(draw(ids)), draw(bound), draw(bound))


def from_root(kind: Kind, asked: Query) -> Query:
    """A query about the objects of a kind, or about those of the leads or contacts that they belong to."""
    if kind in SEARCHED:
        return And((ObjectType(kind), asked))
    below_leads = kind not in (Kind.CONTACT_EMAIL, Kind.CONTACT_PHONE, Kind.CONTACT_URL)
    return HasRelated(kind, asked, Kind.LEAD if below_leads else Kind.CONTACT)


def ref_to(field: Field) -> FieldRef:
    if field.custom_field_id is not None:
        return CustomField(field.custom_field_id)
    return RegularField(field.kind, field.name)


def _in_order(kinds: Kinds) -> Sequence[Kind]:
    return sorted(kinds, key=_ORDER.__getitem__)
