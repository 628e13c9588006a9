"""What each condition means for the values that an object has in a field (rules F31-F37)."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import singledispatch
from typing import Any, NamedTuple

from app.domain.filters import (
    Boolean,
    Condition,
    CurrentUser,
    Exists,
    MomentRange,
    NumberRange,
    Reference,
    Term,
    Text,
)
from app.domain.moments import at
from app.domain.search_fields import FieldType
from app.domain.time import Clock, day_start
from tests.search.texts import folded, found_in

_SYNONYMS = {
    "incoming": "inbound",
    "outgoing": "outbound",
    "vm_left": "voicemail_left",
    "vm_answered": "voicemail_answered",
    "declined": "declined_by_lead",
}


class Seen(NamedTuple):
    """The values of a field that are set on an object, at a moment, by a caller."""

    values: Sequence[Any]
    type: FieldType
    custom: bool
    clock: Clock
    caller: str | None


@singledispatch
def meets(condition: Condition, seen: Seen) -> bool:
    """Whether any value meets the condition; a value that is not set meets none but the negative ones."""
    raise TypeError(f"{condition!r} has no meaning")


@meets.register
def _(condition: Boolean, seen: Seen) -> bool:
    return condition.value in seen.values


@meets.register
def _(condition: CurrentUser, seen: Seen) -> bool:
    return (seen.caller in seen.values) is condition.wanted


@meets.register
def _(condition: Exists, seen: Seen) -> bool:
    return bool(seen.values) is condition.wanted


@meets.register
def _(condition: Text, seen: Seen) -> bool:
    return any(found_in([value], condition.value, condition.mode) for value in seen.values)


@meets.register
def _(condition: Term, seen: Seen) -> bool:
    if seen.type is FieldType.LABEL:
        return bool({folded(value) for value in seen.values} & {folded(value) for value in condition.values})
    if seen.type is FieldType.CHOICE and not seen.custom:
        return bool(set(seen.values) & {_normal(value) for value in condition.values})
    return bool(set(seen.values) & set(condition.values))


@meets.register
def _(condition: Reference, seen: Seen) -> bool:
    return bool(set(seen.values) & set(condition.ids))


@meets.register
def _(condition: NumberRange, seen: Seen) -> bool:
    bounds = condition.gt, condition.gte, condition.lt, condition.lte
    return any(_within(Decimal(value), *bounds) for value in seen.values)


@meets.register
def _(condition: MomentRange, seen: Seen) -> bool:
    moments = condition.after, condition.on_or_after, condition.before, condition.on_or_before
    bounds = [None if moment is None else at(moment, seen.clock) for moment in moments]
    return any(_within(_instant(value, seen.clock), *bounds) for value in seen.values)


def _instant(value: date, clock: Clock) -> datetime:
    """A whole day stands for its first instant."""
    return value if isinstance(value, datetime) else day_start(value, clock.zone)


def _within(value: Any, above: Any, least: Any, below: Any, most: Any) -> bool:
    return (
        (above is None or value > above)
        and (least is None or value >= least)
        and (below is None or value < below)
        and (most is None or value <= most)
    )


def _normal(term: str) -> str:
    plain = term.lower().replace("-", "_")
    return _SYNONYMS.get(plain, plain)
