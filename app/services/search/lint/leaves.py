"""Warnings about single leaves that are the same for every object."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from app.domain.filters import (
    And,
    CurrentUser,
    Exists,
    FieldCondition,
    MatchAll,
    MomentRange,
    NumberRange,
    ObjectType,
    Or,
)
from app.domain.moments import EdgeOfDay, Fixed
from app.domain.search_fields import Field
from app.services.search.lint.findings import Warning, capital, constant, effect, named
from app.services.search.lint.groups import Member
from app.services.search.lint.ranges import Interval, has_no_day, in_words, instants, is_whole, numbers, possible
from app.services.search.lint.values import Facts
from app.storage.search.fields import Searched


def constants(member: Member, facts: Facts) -> Iterator[Warning]:
    """What is true or false of a leaf, whatever the data."""
    match member.node:
        case FieldCondition(condition=condition) if member.field is not None:
            match condition:
                case NumberRange():
                    yield from _number_range(member, member.field, condition)
                case MomentRange():
                    yield from _moment_range(member, member.field, condition, facts)
                case Exists():
                    yield from _exists(member, member.field, condition)
                case CurrentUser():
                    yield from _current_user(member, condition, facts)
        case ObjectType(kind=kind) if member.scope.related and kind not in member.scope.kinds:
            looked_at = " or ".join(sorted(kind.name for kind in member.scope.kinds))
            reason = f"This looks at {looked_at}, which is no {kind.name}"
            yield constant(member, False, reason, "take it out, or put it outside of hasRelated")
        case MatchAll() | And() | Or():
            yield from _fixed(member, member.node)


def _fixed(member: Member, node: MatchAll | And | Or) -> Iterator[Warning]:
    """Matching everything is worth a word only where it comes to nothing: exported filters are full of it."""
    holds = node.wanted if isinstance(node, MatchAll) else isinstance(node, And)
    if holds and effect(holds, member.negated, member.scope).always:
        return
    whom = "everything" if holds else "nothing"
    if isinstance(node, MatchAll):
        yield constant(member, holds, f"`matchAll: {str(holds).lower()}` holds for {whom}", "take it out")
    else:
        reason = f"An empty `{type(node).__name__.lower()}` holds for {whom}"
        yield constant(member, holds, reason, "take it out, or put conditions into it")


def _number_range(member: Member, field: Field, bounds: NumberRange) -> Iterator[Warning]:
    asked, have = numbers(bounds, field), possible(field)
    name = capital(named(field))
    if asked.is_empty:
        whole = "is a whole number, and " if is_whole(field) else ""
        yield constant(member, False, f"{name} {whole}cannot be {in_words(bounds)}", "swap the bounds, or widen them")
    elif asked.meet(have).is_empty:
        yield constant(member, False, f"{name} is never {in_words(bounds)}", f"it is {_limits(have)}")
    elif have != Interval() and asked.covers(have) and member.is_certain:
        advice = f"take it out, or narrow the bounds, for it is {_limits(have)}"
        yield constant(member, True, f"{name} is always {in_words(bounds)}", advice)


def _limits(have: Interval[Decimal]) -> str:
    return f"{have.low} or more" if have.high is None else f"between {have.low} and {have.high}"


def _moment_range(member: Member, field: Field, bounds: MomentRange, facts: Facts) -> Iterator[Warning]:
    span = instants(bounds, facts.clock)
    given = [getattr(bounds, name) for name in ("after", "on_or_after", "before", "on_or_before")]
    moving = any(not isinstance(moment, Fixed | EdgeOfDay | None) for moment in given)
    now = " at present" if moving else ""
    ends = f"{_shown(span.low)} and {_shown(span.high)}"
    if span.is_empty:
        reason = f"No instant lies{now} between {ends}"
        yield constant(member, False, reason, "swap the bounds, or widen them")
    elif has_no_day(span, field, facts.clock):
        reason = f"{capital(named(field))} is a whole day, which counts as its first instant, and none begins{now}"
        yield constant(member, False, f"{reason} between {ends}", "ask for the start of the day")


def _shown(instant: datetime | None) -> str:
    return "" if instant is None else instant.isoformat().replace("+00:00", "Z")


def _exists(member: Member, field: Field, condition: Exists) -> Iterator[Warning]:
    always_set = isinstance(field, Searched) and not field.nullable
    if always_set and (member.is_certain or not condition.wanted):
        reason = f"{capital(named(field))} is always set"
        yield constant(member, condition.wanted, reason, "take it out, or ask for values")


def _current_user(member: Member, condition: CurrentUser, facts: Facts) -> Iterator[Warning]:
    if facts.actor.user_id is None and (member.is_certain or condition.wanted):
        reason = "The caller is no user of the organization"
        yield constant(member, not condition.wanted, reason, "name a user with `reference`, or call with a user's key")
