"""Random valid documents over the whole schema, made with dice: the same dice make the same document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, TypeAlias

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_required_argument,
)

from tests.execution.answering import Request
from tests.execution.arguments import Values, Variables
from tests.execution.cursors import Cursors, key_of
from tests.execution.scopes import Entry, Scope

Composite: TypeAlias = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType

DEEPEST, MOST_ROWS = 6, 400
SIZES = (1, 1, 2, 2, 3, 5)
ODD_SIZES = (0, -1, 100, 101, 2**31 - 1)
PAGING = ("first", "last", "after", "before")
# Fields that resolvers alone answer: a document with one of them says little of the compiled path.
OPAQUE = frozenset(
    {"searchFields", "participants", "latestEmail", "parseSearchQuery", "explainMatch", "node", "nodes", "display"}
)
INTROSPECTION = ("__schema { queryType { name } }", '__type(name: "Lead") { kind fields { name } }')
# Where nothing may be null and something is, at different depths.
BROKEN = (
    'broken: lead(id: "lead_broken") { id activities(first: 50) { nodes { id ... on Call { direction } } } }',
    'broken: activity(id: "acti_broken_meeting1") { date ... on Meeting { startsAt title } }',
    "broken: activities(first: 100, filter: { types: [EMAIL] }) { edges { node { ... on Email { emailStatus } } } }",
    'broken: activity(id: "acti_broken_custom0") { ... on CustomActivity { customType { name } } }',
    'broken: lead(id: "lead_broken") { customFields { field { id } ... on CustomFieldNumberValue { number } } }',
)


@dataclass(frozen=True)
class Place:
    """Where something is selected: on which type, which of its objects can be there, beside which other keys, how
    many levels can follow, and about how many rows there are."""

    type: Any
    objects: frozenset[str]
    scope: Scope
    depth: int
    rows: int = 1


@dataclass
class Fragment:
    name: str
    on: str
    text: str
    scope: Scope


@dataclass
class Writer:
    """Writes one document."""

    schema: GraphQLSchema
    dice: Random
    ids: Sequence[str]
    cursors: Cursors
    fragments: list[Fragment] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.variables = Variables(self.dice)
        self.values = Values(self.dice, self.ids)
        self.left = self.dice.choice((6, 25, 50, 80))  # how many selections are still to be made
        self.opaque = self._happens(0.2)

    def document(self) -> Request:
        query: Any = self.schema.query_type
        body = self._selection(Place(query, self._objects(query), Scope(), DEEPEST))
        for extras, chance in ((INTROSPECTION, 0.02), (BROKEN, 0.04)):
            if self._happens(chance):
                body = f"{{ {self.dice.choice(extras)} {body[1:]}"
        name = self.dice.choice(("", "", "Named"))
        operations = [f"query {name}{self.variables.header} {body}"]
        if name and self._happens(0.2):
            operations.insert(self.dice.randint(0, 1), "query Other { viewer { id } }")
        texts = [f"fragment {each.name} on {each.on} {each.text}" for each in self.fragments]
        wanted = name if len(operations) > 1 else None
        text = "\n".join([*texts[:1], *operations, *texts[1:]])
        return Request(text, self.variables.values, wanted, self.values.odd)

    def _selection(self, place: Place) -> str:
        counts = (1, 2, 3, 4, 6) if len(place.objects) == 1 else (2, 4, 6)
        parts = [self._part(place) for _ in range(self.dice.choice(counts))]
        return f"{{ {' '.join(part for part in parts if part) or '__typename'} }}"

    def _part(self, place: Place) -> str:
        self.left -= 1
        roll = self.dice.random()
        if place.depth and roll < (0.15 if len(place.objects) == 1 else 0.6):
            return self._fragment(place)
        if roll > 0.95 or isinstance(place.type, GraphQLUnionType):
            return self._typename(place)
        if roll > 0.88 and (again := [key for key, entry in place.scope.keys.items() if self._is_of(place, entry)]):
            key = self.dice.choice(again)
            return self._written(place, key, place.scope.keys[key])
        return self._field(place)

    def _is_of(self, place: Place, entry: Entry) -> bool:
        return entry.parent == place.type.name and entry.name != "__typename"

    def _typename(self, place: Place) -> str:
        key = self._key(place.scope, Entry(place.type.name, "__typename", "", "String!", Scope()))
        return f"{'' if key == '__typename' else f'{key}: '}__typename{self._condition()}"

    # ---- fragments

    def _fragment(self, place: Place) -> str:
        known = [each for each in self.fragments if self._serves(place, each)]
        if known and place.rows < 20 and self._happens(0.3):
            spread = self.dice.choice(known)
            place.scope.take(spread.scope)
            return f"...{spread.name}{self._condition()}"
        on = self._inner(place)
        inner = replace(place, type=on, objects=(self._objects(on) & place.objects), depth=place.depth - 1)
        if self._happens(0.35):
            return self._named(inner)
        condition = "" if on is place.type and self._happens(0.5) else f" on {on.name}"
        return f"...{condition}{self._condition()} {self._selection(inner)}"

    def _serves(self, place: Place, fragment: Fragment) -> bool:
        on = self._objects(self.schema.type_map[fragment.on])
        return not on.isdisjoint(self._objects(place.type)) and place.scope.fits(fragment.scope)

    def _named(self, place: Place) -> str:
        """A fragment of its own; nothing if what it selects does not go with what is selected already."""
        kept = dict(self.variables.declared), dict(self.variables.values), list(self.fragments)
        own = Scope()
        text = self._selection(replace(place, scope=own))
        if not place.scope.fits(own):
            self.variables.declared, self.variables.values, self.fragments = kept
            return ""
        place.scope.take(own)
        made = Fragment(f"F{len(self.fragments)}", place.type.name, text, own)
        self.fragments.append(made)
        return f"...{made.name}{self._condition()}"

    def _inner(self, place: Place) -> Any:
        """A type that a fragment can be on in this place: one of its objects, or an interface of some of them."""
        if len(place.objects) > 1 and self._happens(0.75):
            return self.schema.type_map[self.dice.choice(sorted(place.objects))]
        types: list[Any] = [self.schema.type_map[name] for name in sorted(place.objects)]
        named = {each.name: each for type_ in types for each in type_.interfaces}
        return self.dice.choice([place.type, *named.values()])

    def _objects(self, type_: Any) -> frozenset[str]:
        if isinstance(type_, GraphQLObjectType):
            return frozenset({type_.name})
        return frozenset(each.name for each in self.schema.get_possible_types(type_))

    # ---- fields

    def _field(self, place: Place) -> str:
        names = self._names(place)
        if not names:
            return self._typename(place)
        name = self.dice.choice(names)
        given, size = self._arguments(place.type, name)
        call = f"({', '.join(given)})" if given else ""
        key = self._key(place.scope, Entry(place.type.name, name, call, str(place.type.fields[name].type), Scope()))
        return self._written(replace(place, rows=place.rows * size), key, place.scope.keys[key])

    def _names(self, place: Place) -> list[str]:
        """What can still be selected: few rows more, and nothing below where the document ends."""
        ends, full = not place.depth or self.left <= 0, place.rows > MOST_ROWS
        leaves, wide = [], []
        for name, each in place.type.fields.items():
            if self.opaque or name not in OPAQUE:
                if is_leaf_type(get_named_type(each.type)):
                    leaves.append(name)
                elif not ends and not (full and _is_many(each)):
                    wide.append(name)
        return wide if wide and (not leaves or (place.depth > 1 and self._happens(0.5))) else leaves

    def _written(self, place: Place, key: str, entry: Entry) -> str:
        below: Any = get_named_type(place.type.fields[entry.name].type)
        text = f"{'' if key == entry.name else f'{key}: '}{entry.name}{entry.call}{self._condition()}"
        if is_leaf_type(below):
            return text
        inner = Place(below, self._objects(below), entry.below, max(place.depth - 1, 0), place.rows)
        return f"{text} {self._selection(inner)}"

    def _key(self, scope: Scope, entry: Entry) -> str:
        """The key for a field: its name or another one, such as that of another field; the same for the same again."""
        key = self.dice.choice((*[entry.name] * 4, "a", "name", "id", "nodes", f"{entry.name}_"))
        while key in scope.keys and not scope.keys[key].means(entry):
            key = f"k{len(scope.keys)}" if key != f"k{len(scope.keys)}" else f"{key}_"
        scope.keys.setdefault(key, entry)
        return key

    def _condition(self) -> str:
        if not self._happens(0.06):
            return ""
        boolean: Any = GraphQLNonNull(self.schema.type_map["Boolean"])
        names = self.dice.choice((["skip"], ["include"], ["skip", "include"]))
        return "".join(f" @{name}(if: {self.variables.write(self._is_kept(name), boolean)})" for name in names)

    def _is_kept(self, directive: str) -> bool:
        return self._happens(0.7) == (directive == "include")

    # ---- arguments

    def _arguments(self, type_: Any, name: str) -> tuple[list[str], int]:
        """The arguments of a field, and about how many rows it answers."""
        known: Mapping[str, Any] = type_.fields[name].args
        given = self.values.search(self.cursors) if name == "search" else {}
        apart = {*given, "sort", *PAGING, *(("timeZone", "resultsLimit") if "after" in given else ())}
        for key, argument in known.items():
            if key not in apart and (is_required_argument(argument) or self._happens(0.3)):
                given[key] = self.values.value(argument.type, key, name)
        size = 4 if _is_many(type_.fields[name]) else 1
        if "first" in known:
            given |= self._page(key_of(type_.name, name, given.get("orderBy")), known)
            self.values.odd |= "timeZone" in given and not {"after", "before"}.isdisjoint(given)
            size = min(abs(given.get("first") or given.get("last") or 8), 8)
        parts = [f"{key}: {self.variables.write(value, known[key].type)}" for key, value in given.items()]
        self.dice.shuffle(parts)
        return parts, max(size, 1)

    def _page(self, list_: str, known: Mapping[str, Any]) -> dict[str, Any]:
        given: dict[str, Any] = {}
        sizes: Sequence[int] = SIZES
        cursors = self.cursors.get(list_, [])
        if self._happens(0.03):
            self.values.odd, sizes = True, ODD_SIZES
        elif self._happens(0.02):
            self.values.odd = True
            cursors = ["not a cursor", *(found[0] for found in self.cursors.values() if found)]
        if (end := self.dice.choice(("first", "first", "last", ""))) in known:
            given[end] = self.dice.choice(sizes)
        for side in ("after", "before"):
            if side in known and cursors and self._happens(0.25):
                given[side] = self.dice.choice(cursors)
        return given

    def _happens(self, chance: float) -> bool:
        return self.dice.random() < chance


def _is_many(field: GraphQLField) -> bool:
    inner = get_nullable_type(field.type)
    return "first" in field.args or (isinstance(inner, GraphQLList) and not is_leaf_type(get_named_type(inner)))
