"""What is said about a filter that runs but makes no sense."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from app.domain.filters import FieldCondition, Path
from app.domain.search_fields import Field
from app.services.search.lint.groups import Member, Scope

SHOWN = 5
_LONGEST = 60


class LintCode(StrEnum):
    """The kinds of warning about a filter. Values may be added."""

    NEVER_MATCHES = "NEVER_MATCHES"
    """Nothing can ever match."""
    ALWAYS_MATCHES = "ALWAYS_MATCHES"
    """Everything matches, so this filters nothing out."""
    CONTRADICTION = "CONTRADICTION"
    """Conditions that all have to hold exclude each other."""
    UNKNOWN_TERM = "UNKNOWN_TERM"
    """A term is no value that the field can have."""
    UNKNOWN_CHOICE = "UNKNOWN_CHOICE"
    """A term is no choice of the custom field."""
    UNKNOWN_REFERENCE = "UNKNOWN_REFERENCE"
    """An id points to nothing."""


@dataclass(frozen=True)
class Warning:
    """Something that looks wrong, at the path where the caller wrote it."""

    path: Path
    code: LintCode
    message: str


@dataclass(frozen=True)
class Effect:
    """That a part of a tree is the same for every object, seen with the `not` around it."""

    always: bool
    turned: bool

    @property
    def code(self) -> LintCode:
        return LintCode.ALWAYS_MATCHES if self.always else LintCode.NEVER_MATCHES

    @property
    def result(self) -> str:
        """What follows for one condition, as the end of a sentence."""
        verb = "always matches" if self.always else "never matches"
        return f"so under `not` this {verb}" if self.turned else f"so this {verb}"


def effect(holds: bool, negated: bool, scope: Scope) -> Effect:
    """What comes of a leaf that always (or never) holds.

    A relation to objects of which none can match never holds; with one to objects that all match, all is open.
    """
    always = holds is not negated
    if not always and scope.turned:
        always = True
    return Effect(always, always is not holds)


def constant(member: Member, holds: bool, reason: str, advice: str) -> Warning:
    """A leaf that always (or never) holds."""
    found = effect(holds, member.negated, member.scope)
    return Warning(part_path(member), found.code, f"{reason}, {found.result}: {advice}.")


def unknown(member: Member, code: LintCode, reason: str, advice: str, alone: bool) -> Warning:
    """Values of a leaf that stand for nothing; `alone` when it names no others, so that it never holds."""
    result = f", {effect(False, member.negated, member.scope).result}" if alone else ""
    return Warning(part_path(member), code, f"{reason}{result}: {advice}.")


def part_path(member: Member) -> Path:
    """The path of a leaf: of the condition, where it has one."""
    node = member.node
    return node.condition.path if isinstance(node, FieldCondition) else node.path


def named(field: Field) -> str:
    return f"the custom field {field.name!r}" if field.custom_field_id else field.name.upper()


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def listed(values: Iterable[str]) -> str:
    """The first few of many values, quoted."""
    rest = iter(values)
    shown = [repr(shortened(value)) for value in islice(rest, SHOWN)]
    more = sum(1 for _ in rest)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
