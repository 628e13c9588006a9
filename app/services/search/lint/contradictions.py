"""Warnings about leaves that exclude each other, or that let everything through together."""

from collections.abc import Iterator

from app.domain.filters import (
    Boolean,
    Condition,
    CurrentUser,
    Exists,
    FieldCondition,
    Id,
    NumberRange,
    ObjectType,
    Query,
    Reference,
    Term,
    Text,
)
from app.services.search.lint.clashes import Clash, clashes
from app.services.search.lint.findings import (
    SHOWN,
    LintCode,
    Warning,
    capital,
    effect,
    listed,
    named,
    part_path,
    shortened,
)
from app.services.search.lint.groups import Group, Member
from app.services.search.lint.ranges import in_words
from app.services.search.lint.values import Facts


def contradictions(group: Group, facts: Facts) -> Iterator[Warning]:
    for clash in clashes(group, facts):
        yield _warning(clash, group)


def _warning(clash: Clash, group: Group) -> Warning:
    found = effect(not group.every, negated=False, scope=group.scope)
    turned = all(member.negated for member in (clash.member, *clash.others))
    relation = "exclude each other" if group.every is not turned else "leave nothing out"
    together = "under `not` they" if turned or found.turned else "together they"
    others = " and ".join(_told(member) for member in clash.others[:SHOWN])
    subject = f"{capital(named(clash.field))}: " if clash.field else ""
    return Warning(
        part_path(clash.member),
        LintCode.ALWAYS_MATCHES if found.always else LintCode.CONTRADICTION,
        f"{subject}{_told(clash.member)} and {others} {relation}, so {together} "
        f"{'always' if found.always else 'never'} match: {_advice(group, turned)}.",
    )


def _advice(group: Group, turned: bool) -> str:
    advice = "take one of them out"
    if not group.every or turned:
        return advice
    own = ", or each into a hasRelated of its own" if group.scope.related else ""
    return f"{advice}, or put them into `or`{own}"


def _told(member: Member) -> str:
    """A leaf in a few words."""
    return f"`{'not ' if member.negated else ''}{_words(member.node)}`"


def _words(node: Query) -> str:
    match node:
        case FieldCondition(condition=condition):
            return _condition(condition)
        case Id(id=value):
            return f"id: {shortened(value)!r}"
        case ObjectType(kind=kind):
            return f"objectType: {kind.name}"
    name = type(node).__name__
    return f"{name[0].lower()}{name[1:]}"


def _condition(condition: Condition) -> str:
    first, *others = condition.kind.value.split("_")
    name = first + "".join(word.capitalize() for word in others)
    match condition:
        case Exists(wanted=value) | CurrentUser(wanted=value) | Boolean(value=value):
            return f"{name}: {str(value).lower()}"
        case Reference(ids=values) | Term(values=values):
            return f"{name}: {listed(values)}"
        case Text(value=text):
            return f"{name}: {shortened(text)!r}"
        case NumberRange():
            return f"{name}: {in_words(condition)}"
    return name
