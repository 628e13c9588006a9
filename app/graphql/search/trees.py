"""From the inputs of a search to the domain's filter tree, each part with the path at which it was written."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import strawberry
from strawberry.utils.str_converters import to_camel_case

from app.domain.errors import ArgumentFault, FaultCode
from app.domain.filter_checks import MAX_LEVELS
from app.domain.filters import (
    And,
    Boolean,
    Condition,
    CurrentUser,
    CustomField,
    Exists,
    FieldCondition,
    FieldRef,
    HasRelated,
    Id,
    InStatus,
    Kind,
    MatchAll,
    MomentRange,
    Not,
    NumberRange,
    ObjectType,
    Or,
    Path,
    Query,
    Reference,
    RegularField,
    SortKey,
    Term,
    Text,
)
from app.domain.moments import EdgeOfDay, EdgeOfPeriod, Fixed, Moment, Relative
from app.graphql.inputs import members_of
from app.graphql.orders import OrderDirection
from app.graphql.search.inputs import (
    FieldConditionInput,
    MomentInput,
    SearchFieldInput,
    SearchQueryInput,
    SearchSortFieldInput,
    SearchSortInput,
)

ROOT: Path = ("query",)
MAX_STEPS = 200  # far beyond the checked levels, and far from the end of the stack

_Made: TypeAlias = Callable[[Any, Path], Any]


def tree(query: SearchQueryInput, path: Path = ROOT) -> Query:
    """The tree of an input. Whether it makes sense is checked later."""
    if len(path) > MAX_STEPS:
        raise ArgumentFault(f"A query can be {MAX_LEVELS} levels deep at most.", ROOT, FaultCode.COST_EXCEEDED)
    name, value = _given(query)
    node: Query = _NODES[name](value, (*path, to_camel_case(name)))
    return node


def order(sort: Sequence[SearchSortInput] | None) -> tuple[SortKey, ...]:
    """The keys of a sort."""
    return tuple(_sort_key(key, ("sort", str(place))) for place, key in enumerate(sort or ()))


def _sort_key(key: SearchSortInput, path: Path) -> SortKey:
    return SortKey(_field(key.field, (*path, "field")), key.direction is OrderDirection.DESC, path=path)


def _given(choice: Any) -> tuple[str, Any]:
    """The one member of an input that was given, by its name."""
    for name in members_of(choice.__class__):
        value = getattr(choice, name)
        if value is not strawberry.UNSET:
            return name.rstrip("_"), value
    raise ValueError(f"{type(choice).__name__} has no member")


def _trees(queries: Sequence[SearchQueryInput], path: Path) -> tuple[Query, ...]:
    return tuple(tree(query, (*path, str(place))) for place, query in enumerate(queries))


def _text(match: Any, path: Path) -> Text:
    return Text(match.value, match.mode, path=path)


def _has_related(relation: Any, path: Path) -> HasRelated:
    query = tree(relation.related_query, (*path, "relatedQuery"))
    return HasRelated(relation.related_object_type, query, relation.this_object_type, path=path)


def _field_condition(given: Any, path: Path) -> FieldCondition:
    condition = _condition(given.condition, (*path, "condition"))
    return FieldCondition(_field(given.field, (*path, "field")), condition, path=path)


def _in_status(stay: Any, path: Path) -> InStatus:
    return InStatus(tuple(stay.status_ids), _moment(stay.on_or_after), _moment(stay.before), path=path)


_NODES: Mapping[str, _Made] = {
    "and": lambda queries, path: And(_trees(queries, path), path=path),
    "or": lambda queries, path: Or(_trees(queries, path), path=path),
    "not": lambda query, path: Not(tree(query, path), path=path),
    "match_all": lambda wanted, path: MatchAll(wanted, path=path),
    "id": lambda id, path: Id(id, path=path),
    "object_type": lambda kind, path: ObjectType(Kind(kind.value), path=path),
    "text": _text,
    "has_related": _has_related,
    "field_condition": _field_condition,
    "in_status": _in_status,
}


def _field(field: SearchFieldInput | SearchSortFieldInput, path: Path) -> FieldRef:
    name, value = _given(field)
    return CustomField(value, path=path) if name == "custom_field" else RegularField(Kind(name), value.value, path=path)


def _condition(given: FieldConditionInput, path: Path) -> Condition:
    name, value = _given(given)
    condition: Condition = _CONDITIONS[name](value, path)
    return condition


def _number_range(bounds: Any, path: Path) -> NumberRange:
    return NumberRange(bounds.gt, bounds.gte, bounds.lt, bounds.lte, path=path)


def _moment_range(bounds: Any, path: Path) -> MomentRange:
    moments = (bounds.after, bounds.on_or_after, bounds.before, bounds.on_or_before)
    return MomentRange(*map(_moment, moments), path=path)


_CONDITIONS: Mapping[str, _Made] = {
    "boolean": lambda value, path: Boolean(value, path=path),
    "current_user": lambda wanted, path: CurrentUser(wanted, path=path),
    "exists": lambda wanted, path: Exists(wanted, path=path),
    "text": _text,
    "term": lambda term, path: Term(tuple(term.values), path=path),
    "reference": lambda reference, path: Reference(tuple(reference.ids), reference.type, path=path),
    "number_range": _number_range,
    "moment_range": _moment_range,
}


def _moment(given: MomentInput | None) -> Moment | None:
    if given is None:
        return None
    name, value = _given(given)
    match name:
        case "date_time":
            return Fixed(value)
        case "day":
            return EdgeOfDay(value.date, value.edge)
        case "relative":
            return Relative(value.anchor, value.offset, value.snap_to)
    return EdgeOfPeriod(value.period, value.edge)
