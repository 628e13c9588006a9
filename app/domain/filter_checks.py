"""Whether a filter tree makes sense: which kinds of object it searches, and every fault in it (rules F2, F24-F37)."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce, singledispatchmethod
from typing import NamedTuple

from app.domain.errors import FaultCode
from app.domain.filters import (
    SEARCHED,
    And,
    Condition,
    ConditionKind,
    CustomField,
    FieldCondition,
    FieldRef,
    HasRelated,
    Id,
    InStatus,
    Kind,
    Located,
    MatchAll,
    MomentRange,
    Not,
    NumberRange,
    ObjectType,
    Or,
    Path,
    Query,
    Reference,
    ReferenceType,
    RegularField,
    SortKey,
    Term,
    Text,
)
from app.domain.search_fields import Field, Fields, has_fields_of
from app.domain.words import TextMode, split

Kinds = frozenset[Kind]

MAX_LEVELS = 20
MAX_NODES = 200
MAX_RELATIONS = 4
MAX_SORT_KEYS = 3
MAX_TEXT = 1_000
MAX_WORDS = 200  # of all texts together
MAX_IDS = 5_000
MAX_TERMS = 1_000

_PREFIXES = {
    "user_": ReferenceType.USER,
    "group_": ReferenceType.USER,
    "lead_": ReferenceType.LEAD,
    "cont_": ReferenceType.CONTACT,
}
_OTHER_PREFIXES = ("oppo_", "acti_", "task_", "pipe_", "orga_", "role_", "cf_", "actitype_")
_STATUSES = frozenset({ReferenceType.LEAD_STATUS, ReferenceType.OPPORTUNITY_STATUS})


def unknown_field(kind: Kind, name: str, known: Iterable[str]) -> str:
    """What to say of a field that a kind of object does not have, with the nearest that it has."""
    names = list(known)
    near = difflib.get_close_matches(name.lower(), names, 3, 0.4) or names
    hint = f" Did you mean {' or '.join(other.upper() for other in near)}?" if near else ""
    return f"{named(kind)} has no field {name.upper()}.{hint}"


class Problem(NamedTuple):
    """A fault in a tree, at the path where the caller wrote it."""

    path: Path
    message: str
    code: FaultCode = FaultCode.BAD_USER_INPUT


def named(kind: Kind) -> str:
    return kind.name


def searched_kinds(query: Query, fields: Fields | None, negated: bool = False) -> Kinds:
    """The kinds of object that a tree can match (rule F2). Without fields its objectType nodes alone decide."""
    match query:
        case Not(query=inner):
            return searched_kinds(inner, fields, not negated)
        case And(queries=queries) | Or(queries=queries):
            found = [searched_kinds(inner, fields, negated) for inner in queries]
            return combined(found, isinstance(query, And) is not negated)
        case ObjectType(kind=kind):
            return SEARCHED - {kind} if negated else SEARCHED & {kind}
    return SEARCHED if fields is None else SEARCHED & _looked_at(query, fields) or SEARCHED


def _looked_at(query: Query, fields: Fields) -> Kinds:
    """The kinds that a leaf is about by itself."""
    match query:
        case FieldCondition(field=ref):
            return fields.kinds(ref)
        case HasRelated(this=kind) if kind is not None:
            return frozenset({kind})
    return frozenset()


def combined(found: Iterable[Kinds], every: bool) -> Kinds:
    """Kinds of which every set has to hold a kind, or one set."""
    if every:
        return reduce(Kinds.__and__, found, SEARCHED)
    return reduce(Kinds.__or__, found, frozenset())


@dataclass(frozen=True)
class _Place:
    """Where a node stands: what kinds of object it looks at, how deep, and whether it is turned around."""

    kinds: Kinds
    level: int = 1
    relations: int = 0
    negated: bool = False

    def within(self, kinds: Kinds | None = None, negated: bool | None = None, relations: int | None = None) -> "_Place":
        return _Place(
            self.kinds if kinds is None else kinds,
            self.level + 1,
            self.relations if relations is None else relations,
            self.negated if negated is None else negated,
        )


@dataclass
class Checker:
    """Collects the faults of one tree."""

    fields: Fields
    problems: list[Problem] = field(default_factory=list)
    nodes: int = 0
    words: int = 0

    def check(self, query: Query) -> Kinds:
        """The kinds that the tree searches. Its faults are in `problems` then."""
        self._node(query, _Place(SEARCHED))
        if any(problem.code is FaultCode.COST_EXCEEDED for problem in self.problems):
            return frozenset()
        return searched_kinds(query, self.fields)

    def check_sort(self, keys: Sequence[SortKey], kinds: Kinds) -> None:
        """Sorting takes the numbers, dates and texts of the one kind that is searched (rule F12)."""
        if len(keys) > MAX_SORT_KEYS:
            self._add(keys[MAX_SORT_KEYS], f"Sort by {MAX_SORT_KEYS} keys at most.", FaultCode.LIMIT_EXCEEDED)
        elif keys and len(kinds) > 1:
            self._add(keys[0], "A search over leads and contacts cannot be sorted: name an objectType in the query.")
        for key in keys if len(kinds) == 1 else ():
            self._sort_key(key, next(iter(kinds)))

    def _sort_key(self, key: SortKey, kind: Kind) -> None:
        found = self.fields.find(key.field, kind)
        if not self._known(key.field):
            return
        if found is None:
            self._missing(key.field, frozenset({kind}), "sort by a field of the objects that are returned")
        elif not found.sortable:
            self._add(key.field, f"Results cannot be sorted by {found.name}; only by a number, a date or one text.")

    def _node(self, query: Query, place: _Place) -> None:
        self.nodes += 1
        if self.nodes == MAX_NODES + 1:
            self._add(query, f"A query can have {MAX_NODES} nodes at most.", FaultCode.COST_EXCEEDED)
        if self.nodes > MAX_NODES:
            return
        if place.level > MAX_LEVELS:
            self._add(query, f"A query can be {MAX_LEVELS} levels deep at most.", FaultCode.COST_EXCEEDED)
            return
        self._visit(query, place)

    @singledispatchmethod
    def _visit(self, query: Query, place: _Place) -> None:
        raise TypeError(f"{type(query).__name__} is no node of a filter tree")

    @_visit.register
    def _(self, query: And | Or, place: _Place) -> None:
        every = isinstance(query, And) is not place.negated
        kinds = place.kinds
        if every and kinds <= SEARCHED:
            kinds &= searched_kinds(query, None, place.negated)
            if kinds == SEARCHED:
                self._agree(query.queries, place.negated)
        for inner in query.queries:
            self._node(inner, place.within(kinds))

    @_visit.register
    def _(self, query: Not, place: _Place) -> None:
        self._node(query.query, place.within(negated=not place.negated))

    @_visit.register
    def _(self, query: MatchAll | Id, place: _Place) -> None:
        pass

    @_visit.register
    def _(self, query: ObjectType, place: _Place) -> None:
        if query.kind not in SEARCHED:
            self._add(query, f"A search returns leads or contacts, not {named(query.kind)}.")

    @_visit.register
    def _(self, query: Text, place: _Place) -> None:
        self._text(query)

    @_visit.register
    def _(self, query: HasRelated, place: _Place) -> None:
        starts = frozenset({query.this}) if query.this else place.kinds
        if query.this and place.kinds and not any(has_fields_of(kind, query.this) for kind in place.kinds):
            self._add(query, f"This looks at {_listed(place.kinds)}, so thisObjectType cannot be {named(query.this)}.")
        elif starts and not any((kind, query.related) in self.fields.relations for kind in starts):
            near = sorted(named(to) for kind, to in self.fields.relations if kind in starts)
            self._add(
                query, f"{_listed(starts)} and {named(query.related)} are not related; related are {', '.join(near)}."
            )
        if place.relations == MAX_RELATIONS:
            message = f"hasRelated can be nested {MAX_RELATIONS} deep at most."
            self._add(query, message, FaultCode.COST_EXCEEDED)
            return
        self._node(query.query, place.within(frozenset({query.related}), False, place.relations + 1))

    @_visit.register
    def _(self, query: InStatus, place: _Place) -> None:
        if place.kinds and Kind.OPPORTUNITY not in place.kinds:
            self._add(query, "inStatus looks at opportunities: put it into hasRelated with OPPORTUNITY.")
        self._list(query, query.status_ids, "statusIds", MAX_IDS)

    @_visit.register
    def _(self, query: FieldCondition, place: _Place) -> None:
        ref = query.field
        if not self._known(ref):
            return
        fitting = [kind for kind in place.kinds if self.fields.find(ref, kind)]
        if place.kinds and not fitting:
            self._missing(ref, place.kinds, "look at it with hasRelated")
            return
        found = self.fields.find(ref, fitting[0]) if fitting else self._any(ref)
        if found is not None:
            self._condition(found, query.condition)

    def _known(self, ref: FieldRef) -> bool:
        if isinstance(ref, CustomField):
            if ref.id not in self.fields.custom:
                self._add(ref, f"There is no custom field {ref.id!r}; it may have been deleted.")
            return ref.id in self.fields.custom
        known = self.fields.regular[ref.kind]
        if ref.name not in known:
            self._add(ref, unknown_field(ref.kind, ref.name, known))
        return ref.name in known

    def _any(self, ref: FieldRef) -> Field | None:
        return next((found for kind in self.fields.kinds(ref) if (found := self.fields.find(ref, kind))), None)

    def _missing(self, ref: FieldRef, kinds: Kinds, hint: str) -> None:
        what = ref.name.upper() if isinstance(ref, RegularField) else f"The custom field {ref.id}"
        owners = self.fields.kinds(ref)
        self._add(ref, f"{what} is a field of {_listed(owners)}, not of {_listed(kinds)}: {hint}.")

    def _agree(self, queries: Sequence[Query], negated: bool) -> None:
        """Conditions that all have to hold look at the same kind of object."""
        kinds = SEARCHED
        for query in queries:
            own = searched_kinds(query, self.fields, negated)
            if own and not kinds & own:
                self._add(
                    _first_condition(query),
                    f"This looks at {_listed(own)}, and what stands beside it at {_listed(kinds)}: "
                    "look at one of them with hasRelated.",
                )
                return
            kinds = kinds & own or kinds

    def _condition(self, found: Field, condition: Condition) -> None:
        if condition.kind not in found.conditions:
            self._add(condition, _unfit(found, condition), FaultCode.FIELD_CONDITION_MISMATCH)
        elif isinstance(condition, Text):
            self._text(condition)
        elif isinstance(condition, Term):
            self._list(condition, condition.values, "values", MAX_TERMS)
        elif isinstance(condition, Reference):
            self._reference(found, condition)
        elif isinstance(condition, NumberRange | MomentRange):
            self._range(condition)

    def _text(self, text: Text) -> None:
        if len(text.value) > MAX_TEXT:
            message = f"A text can have {MAX_TEXT} characters at most, not {len(text.value)}."
            self._add(text, message, FaultCode.LIMIT_EXCEEDED)
            return
        words = len(set(split(text.value)))
        self.words += 1 if text.mode is TextMode.EXACT_VALUE else words
        if not words:
            self._add(text, f"{text.value!r} holds no word to look for.")
        elif self.words > MAX_WORDS:
            message = f"The texts of a query can have {MAX_WORDS} words at most together."
            self._add(text, message, FaultCode.COST_EXCEEDED)

    def _list(self, part: Located, values: Sequence[str], name: str, limit: int) -> None:
        if not values:
            self._add(part, f"An empty list matches nothing: give at least one of {name}.")
        elif len(values) > limit:
            message = f"{name} can hold {limit} values at most, not {len(values)}."
            self._add(part, message, FaultCode.LIMIT_EXCEEDED)

    def _reference(self, found: Field, condition: Reference) -> None:
        self._list(condition, condition.ids, "ids", MAX_IDS)
        wanted = found.reference
        if wanted is None:  # a piece of configuration, whose ids have prefixes of their own
            return
        message = f"{found.name.upper()} refers to {wanted.name}"
        if condition.type and _plain(condition.type) is not wanted:
            self._add(condition, f"{message}, not to {condition.type.name}.")
        elif strange := next((id for id in condition.ids[:MAX_IDS] if not _may_refer(id, wanted)), None):
            self._add(condition, f"{message}; {strange!r} is no id of one.")

    def _range(self, bounds: NumberRange | MomentRange) -> None:
        low, high = _BOUNDS[type(bounds)]
        given = [name for name in (*low, *high) if getattr(bounds, name) is not None]
        if not given:
            self._add(bounds, "A range needs at least one bound.")
        for pair in (low, high):
            if set(pair) <= set(given):
                self._add(bounds, f"Give {' or '.join(_camel(name) for name in pair)}, not both.")
        for name in given:
            value = getattr(bounds, name)
            if isinstance(bounds, NumberRange) and not value.is_finite():
                self._add(bounds, f"{_camel(name)} is no number.")

    def _add(self, part: Located, message: str, code: FaultCode = FaultCode.BAD_USER_INPUT) -> None:
        self.problems.append(Problem(part.path, message, code))


_BOUNDS = {
    NumberRange: (("gt", "gte"), ("lt", "lte")),
    MomentRange: (("after", "on_or_after"), ("before", "on_or_before")),
}


def _unfit(found: Field, condition: Condition) -> str:
    fitting = ", ".join(_camel(kind.value) for kind in found.conditions)
    what = f"A condition {_camel(condition.kind.value)} does not fit {found.name.upper()} ({found.type.value})"
    if isinstance(condition, Term) and ConditionKind.TEXT in found.conditions:
        return f"{what}; take text with the mode EXACT_VALUE. There fit {fitting}."
    return f"{what}; there fit {fitting}."


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def _listed(kinds: Iterable[Kind]) -> str:
    return " or ".join(sorted(named(kind) for kind in kinds)) or "nothing"


def _first_condition(query: Query) -> Located:
    match query:
        case FieldCondition(field=ref):
            return ref
        case Not(query=inner):
            return _first_condition(inner)
        case And(queries=queries) | Or(queries=queries) if queries:
            return _first_condition(queries[0])
    return query


def _plain(type: ReferenceType) -> ReferenceType:
    return ReferenceType.USER if type is ReferenceType.USER_OR_GROUP else type


def _may_refer(id: str, wanted: ReferenceType) -> bool:
    """Whether an id can be the id of such an object, as far as its prefix tells."""
    for prefix, type in _PREFIXES.items():
        if id.startswith(prefix):
            return type is wanted
    if id.startswith("stat_"):
        return wanted in _STATUSES
    return not id.startswith(_OTHER_PREFIXES)
