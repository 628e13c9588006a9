"""What conditions on one field leave possible for the value that an object has there."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.domain.access import Actor
from app.domain.filters import (
    Boolean,
    Condition,
    CurrentUser,
    Exists,
    FieldCondition,
    MomentRange,
    NumberRange,
    Reference,
    Term,
    Text,
)
from app.domain.search_fields import Field, FieldType
from app.domain.text import fold
from app.domain.time import Clock
from app.domain.words import TextMode
from app.services.search.lint.groups import Member
from app.services.search.lint.ranges import Interval, has_no_day, instants, numbers
from app.storage.search.conditions import spelled

Values = frozenset[Hashable]


@dataclass(frozen=True)
class Fact:
    """What one condition says: whether the value is set, which values it is one of, and which it is none of."""

    is_set: bool | None = None
    among: Values | None = None
    without: Values = frozenset()
    number: Interval[Decimal] | None = None
    instant: Interval[datetime] | None = None


NOTHING = Fact()
_ANY_NUMBER, _ANY_INSTANT = Interval[Decimal](), Interval[datetime]()


@dataclass
class Possible:
    """What is left for the value of a field. Of several values each condition may be met by another one."""

    field: Field
    clock: Clock
    is_set: bool | None = None
    among: tuple[Values, ...] = ()
    without: Values = frozenset()
    number: Interval[Decimal] = _ANY_NUMBER
    instant: Interval[datetime] = _ANY_INSTANT

    def narrow(self, fact: Fact) -> bool:
        """Take in a condition; whether anything is left that meets it and all before."""
        if fact.is_set is not None:
            if self.is_set not in (None, fact.is_set):
                return False
            self.is_set = fact.is_set
        if fact.among is not None:
            alone = self.field.multiple or not self.among
            self.among = (*self.among, fact.among) if alone else (self.among[0] & fact.among,)
        self.without |= fact.without
        return not any(values <= self.without for values in self.among) and self._narrow_ranges(fact)

    def _narrow_ranges(self, fact: Fact) -> bool:
        if self.field.multiple:
            return True
        self.number = self.number.meet(fact.number or _ANY_NUMBER)
        self.instant = self.instant.meet(fact.instant or _ANY_INSTANT)
        empty = self.number.is_empty or self.instant.is_empty
        return not empty and not has_no_day(self.instant, self.field, self.clock)


@dataclass(frozen=True)
class Facts:
    """Reads what conditions say, in the name of a caller."""

    actor: Actor
    clock: Clock

    def of(self, member: Member, certain: bool) -> Fact:
        """What a condition, or its negation, says. Without `certain` an object may lack the field altogether."""
        node, field = member.node, member.field
        if not isinstance(node, FieldCondition) or field is None:
            return NOTHING
        match node.condition:
            case Exists(wanted=wanted) | CurrentUser(wanted=wanted) if member.negated and not wanted and not certain:
                return NOTHING
            case Exists(wanted=wanted):
                return Fact(is_set=wanted is not member.negated)
            case CurrentUser(wanted=wanted):
                caller = self.actor.user_id
                return NOTHING if caller is None else _is_one_of([caller], wanted is not member.negated)
            case NumberRange() | MomentRange():
                return NOTHING if member.negated else self._within(node.condition, field)
        values = _values(node.condition, field)
        if values is None:
            return NOTHING if member.negated else Fact(is_set=True)
        return _is_one_of(values, not member.negated)

    def _within(self, bounds: NumberRange | MomentRange, field: Field) -> Fact:
        """A range; one that holds nothing by itself is told of by itself."""
        if isinstance(bounds, NumberRange):
            number = numbers(bounds, field)
            return Fact(is_set=True, number=None if number.is_empty else number)
        instant = instants(bounds, self.clock)
        empty = instant.is_empty or has_no_day(instant, field, self.clock)
        return Fact(is_set=True, instant=None if empty else instant)


def _is_one_of(values: Sequence[Hashable], wanted: bool) -> Fact:
    return Fact(is_set=True, among=frozenset(values)) if wanted else Fact(without=frozenset(values))


def _values(condition: Condition, field: Field) -> Sequence[Hashable] | None:
    """The values that a condition names, in the form in which they are compared; None where it names none."""
    match condition:
        case Boolean(value=value):
            return [value]
        case Reference(ids=ids):
            return ids
        case Term(values=terms):
            return [compared(term, field) for term in terms]
        case Text(value=text, mode=TextMode.EXACT_VALUE):
            return [fold(text)]
    return None


def compared(term: str, field: Field) -> str:
    """A term in the form in which it is compared with the values of a field."""
    if field.type is FieldType.LABEL:
        return fold(term)
    fixed = field.type is FieldType.CHOICE and field.custom_field_id is None
    return spelled(term) if fixed else term
