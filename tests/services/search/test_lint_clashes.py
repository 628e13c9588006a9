"""Whether members of a group clash, held against every object that could be: by trying them all."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.access import Actor
from app.domain.filters import Condition, CustomField, Exists, FieldCondition, Kind, NumberRange, Term
from app.domain.search_fields import Field, FieldType
from app.domain.time import Clock
from app.services.search.lint.clashes import clashes
from app.services.search.lint.groups import Group, Member, Scope
from app.services.search.lint.values import Facts

FACTS = Facts(Actor.system("orga_1"), Clock.at(datetime(2026, 3, 10, tzinfo=UTC), "UTC"))
LEADS, BOTH = Scope(frozenset({Kind.LEAD})), Scope(frozenset({Kind.LEAD, Kind.CONTACT}))
QUARTERS = [Decimal(quarters) / 4 for quarters in range(-4, 26)]
BOUNDS = {"gt": "__gt__", "gte": "__ge__", "lt": "__lt__", "lte": "__le__"}

Values = frozenset[Any]
Object = Values | None  # what a lead has in the field, or None for a contact, which has no such field

terms = st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True).map(Term)
exists = st.booleans().map(Exists)
lows = st.one_of(st.none(), st.tuples(st.sampled_from(["gt", "gte"]), st.integers(0, 5)))
highs = st.one_of(st.none(), st.tuples(st.sampled_from(["lt", "lte"]), st.integers(0, 5)))


def field(type: FieldType, multiple: bool) -> Field:
    return Field(kind=Kind.LEAD, name="Field", type=type, description="", custom_field_id="cf_1", multiple=multiple)


def group(of: Field, parts: Sequence[tuple[Condition, bool]], every: bool, scope: Scope) -> Group:
    members = [Member(FieldCondition(CustomField("cf_1"), part), negated, scope, of) for part, negated in parts]
    return Group(members, every, scope)


def objects(pool: Iterable[Any], multiple: bool, scope: Scope) -> list[Object]:
    """Everything that an object can have in the field: nothing, any one value or, where it takes several, any few."""
    sizes = range(4) if multiple else range(2)
    leads: list[Object] = [frozenset(values) for size in sizes for values in combinations(pool, size)]
    return [*leads, None] if scope is BOTH else leads


def holds(condition: Condition, values: Object) -> bool:
    if values is None:
        return False
    match condition:
        case Exists(wanted=wanted):
            return bool(values) is wanted
        case Term(values=wanted):
            return any(value in wanted for value in values)
        case NumberRange():
            return any(within(condition, value) for value in values)
    raise AssertionError(condition)


def within(bounds: NumberRange, value: Decimal) -> bool:
    given = {name: bound for name in BOUNDS if (bound := getattr(bounds, name)) is not None}
    return all(getattr(value, BOUNDS[name])(bound) for name, bound in given.items())


def is_constant(found: Group, everything: Sequence[Object]) -> bool:
    """Whether no object meets every member, or each of them any."""
    met = [[holds(m.node.condition, o) is not m.negated for m in found.members] for o in everything]  # type: ignore[union-attr]
    return not any(map(all, met)) if found.every else all(map(any, met))


@st.composite
def ranges(draw: st.DrawFn) -> NumberRange:
    """A range that some number lies in: others are found by themselves."""
    bounds: dict[str, Any] = {name: Decimal(bound) for name, bound in filter(None, (draw(lows), draw(highs)))}
    found = NumberRange(**(bounds or {"gt": Decimal(0)}))
    return found if any(within(found, value) for value in QUARTERS) else NumberRange(gt=Decimal(0))


@settings(deadline=None)
@given(st.lists(st.tuples(terms | exists, st.booleans()), min_size=2, max_size=5), *[st.booleans()] * 3)
def test_clashing_values_are_exactly_found(
    parts: list[tuple[Condition, bool]], multiple: bool, every: bool, both: bool
) -> None:
    scope = BOTH if both else LEADS
    found = group(field(FieldType.CHOICE, multiple), parts, every, scope)
    assert bool(list(clashes(found, FACTS))) is is_constant(found, objects("abcz", multiple, scope))


@settings(deadline=None)
@given(st.lists(ranges() | exists, min_size=2, max_size=5))
def test_clashing_ranges_are_exactly_found(conditions: list[Condition]) -> None:
    found = group(field(FieldType.NUMBER, multiple=False), [(part, False) for part in conditions], True, LEADS)
    assert bool(list(clashes(found, FACTS))) is is_constant(found, objects(QUARTERS, False, LEADS))


@settings(deadline=None)
@given(st.lists(st.tuples(ranges() | exists, st.booleans()), min_size=2, max_size=4), *[st.booleans()] * 3)
def test_ranges_clash_in_truth(parts: list[tuple[Condition, bool]], multiple: bool, every: bool, both: bool) -> None:
    scope = BOTH if both else LEADS
    found = group(field(FieldType.NUMBER, multiple), parts, every, scope)
    if list(clashes(found, FACTS)):
        assert is_constant(found, objects(QUARTERS[::2], multiple, scope))


@settings(deadline=None)
@given(st.lists(st.tuples(terms | exists, st.booleans()), min_size=2, max_size=5))
def test_clashing_members_suffice_by_themselves(parts: list[tuple[Condition, bool]]) -> None:
    found = group(field(FieldType.CHOICE, multiple=False), parts, True, LEADS)
    for clash in clashes(found, FACTS):
        blamed = Group([*clash.others, clash.member], True, LEADS)
        assert clash.others
        assert is_constant(blamed, objects("abcz", False, LEADS))
