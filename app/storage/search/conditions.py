"""Conditions on the value of one field, class by class (rules F31-F37)."""

import operator
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import partial, singledispatchmethod
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Date, Integer, and_, literal, or_

from app.domain import filters
from app.domain.moments import at, day_bounds
from app.domain.numbers import shifted
from app.domain.search_fields import FieldType
from app.domain.time import Clock
from app.domain.words import stored
from app.storage.search.binds import CALLER, Moving
from app.storage.search.fields import Rows, Searched
from app.storage.types import Instant, Word, among
from app.storage.words import holds, stands

FEW = 20
_LARGEST = 2**63 - 1
_SPELLINGS = {
    "incoming": "inbound",
    "outgoing": "outbound",
    "vm_left": "voicemail_left",
    "vm_answered": "voicemail_answered",
    "declined": "declined_by_lead",
}


class Conditions:
    """What conditions mean for rows. What moves with the clock is left to be bound."""

    def __init__(self, dialect: str, moving: Moving) -> None:
        self.dialect = dialect
        self.moving = moving

    def is_turned(self, condition: filters.Condition) -> bool:
        """Whether a condition asks for the opposite: the value is missing, or is not the caller."""
        return isinstance(condition, filters.Exists | filters.CurrentUser) and not condition.wanted

    def met(self, condition: filters.Condition, field: Searched, rows: Rows, rare: bool) -> ColumnElement[bool]:
        """The value meets the condition, or the one it is turned from; null where there is no value."""
        if isinstance(condition, filters.Text):
            return self._text(condition, field, rows, rare)
        met: ColumnElement[bool] = self._met(condition, field, rows)
        return met

    @singledispatchmethod
    def _met(self, condition: Any, field: Searched, rows: Rows) -> ColumnElement[bool]:
        raise TypeError(f"{type(condition).__name__} is no condition")

    @_met.register
    def _(self, condition: filters.Boolean, field: Searched, rows: Rows) -> ColumnElement[bool]:
        met: ColumnElement[bool] = field.expression(rows).is_(condition.value)
        return met

    @_met.register
    def _(self, condition: filters.CurrentUser, field: Searched, rows: Rows) -> ColumnElement[bool]:
        met: ColumnElement[bool] = field.expression(rows) == CALLER
        return met

    @_met.register
    def _(self, condition: filters.Exists, field: Searched, rows: Rows) -> ColumnElement[bool]:
        value: ColumnElement[bool] = field.expression(rows).is_not(None)
        return or_(value, field.day(rows).is_not(None)) if field.day else value

    @_met.register
    def _(self, condition: filters.Term, field: Searched, rows: Rows) -> ColumnElement[bool]:
        if field.type is FieldType.LABEL:  # equal words and digests: equal whatever their case
            return one_of(rows.c[f"{field.name}_words"], [stored(term) or "" for term in condition.values])
        fixed = field.type is FieldType.CHOICE and field.custom_field_id is None
        terms = [spelled(term) for term in condition.values] if fixed else condition.values
        return one_of(field.expression(rows), terms)

    @_met.register
    def _(self, condition: filters.Reference, field: Searched, rows: Rows) -> ColumnElement[bool]:
        return one_of(field.expression(rows), condition.ids)

    @_met.register
    def _(self, condition: filters.NumberRange, field: Searched, rows: Rows) -> ColumnElement[bool]:
        value = field.expression(rows)
        whole = isinstance(value.type, Integer)
        parts = []
        for name, compare in _COMPARISONS.items():
            bound = getattr(condition, name)
            if bound is not None:
                parts.append(_whole(value, name, shifted(bound, field.scale)) if whole else compare(value, bound))
        return and_(*parts)

    @_met.register
    def _(self, condition: filters.MomentRange, field: Searched, rows: Rows) -> ColumnElement[bool]:
        value = field.expression(rows)
        if field.type is FieldType.DAY:
            return self._days(condition, value)
        moments = {name: getattr(condition, name) for name in _MOMENTS}
        bounds = {name: self.moving.bind(partial(at, moment), Instant()) for name, moment in moments.items() if moment}
        within = and_(*(_MOMENTS[name](value, bound) for name, bound in bounds.items()))
        return or_(within, self._days(condition, field.day(rows))) if field.day else within

    def _text(self, condition: filters.Text, field: Searched, rows: Rows, rare: bool) -> ColumnElement[bool]:
        look = holds if rare or self.dialect != "sqlite" else stands
        return look(rows, field.texts, condition.value, condition.mode, self.dialect)

    def _days(self, condition: filters.MomentRange, value: ColumnElement[Any]) -> ColumnElement[bool]:
        """A whole day stands for its first instant in the caller's zone."""
        first = self.moving.bind(lambda clock: _days_within(condition, clock)[0], Date())
        last = self.moving.bind(lambda clock: _days_within(condition, clock)[1], Date())
        return and_(value >= first, value <= last)


def _days_within(condition: filters.MomentRange, clock: Clock) -> tuple[date, date]:
    """The first day and the last; the first is the later one where no day is meant."""
    moments = (condition.after, condition.on_or_after, condition.before, condition.on_or_before)
    after, on_or_after, before, on_or_before = (None if moment is None else at(moment, clock) for moment in moments)
    first, last = day_bounds(after, on_or_after, before, on_or_before, clock.zone)
    return first or date.min, last or date.max


def spelled(term: str) -> str:
    """A term of a fixed list as it is stored, whatever way callers spell it."""
    plain = term.strip().lower().replace("-", "_")
    return _SPELLINGS.get(plain, plain)


def one_of(value: ColumnElement[Any], wanted: Iterable[str]) -> ColumnElement[bool]:
    """The value is one of these texts; a few are told apart from many, which go in one bound list."""
    distinct = list(dict.fromkeys(wanted))
    if len(distinct) == 1:
        return value == literal(distinct[0], Word())
    if len(distinct) <= FEW:
        return value.in_([literal(text, Word()) for text in distinct])
    return among(value, distinct)


def _whole(value: ColumnElement[Any], name: str, bound: Decimal) -> ColumnElement[bool]:
    """A whole-numbered value against a bound that need not be one, nor fit into its column."""
    down, up = int(bound.to_integral_value(ROUND_FLOOR)), int(bound.to_integral_value(ROUND_CEILING))
    edge = {"gt": down, "gte": up - 1, "lt": up, "lte": down + 1}[name]
    compare = operator.gt if name.startswith("g") else operator.lt
    met: ColumnElement[bool] = compare(value, _fitting(edge))
    return met


def _fitting(number: int) -> Any:
    return literal(max(-_LARGEST, min(_LARGEST, number)), BigInteger())


_COMPARISONS: dict[str, Any] = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
_MOMENTS: dict[str, Any] = {
    "after": _COMPARISONS["gt"],
    "on_or_after": _COMPARISONS["gte"],
    "before": _COMPARISONS["lt"],
    "on_or_before": _COMPARISONS["lte"],
}
