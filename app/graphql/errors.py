"""Problems as the schema shows them: `userErrors` of a payload, and the codes of top-level errors."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry.utils.str_converters import to_camel_case

from app.domain.access import Permission
from app.domain.errors import Conflict, Denied, DomainError, ErrorCode, InUse, Invalid, NotFound
from app.graphql.declare import interface, object_type
from app.graphql.fields import derived

_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Problem:
    """A domain error as a value: the executor takes a bare exception for a failure of its own."""

    error: DomainError

    def __getattr__(self, name: str) -> Any:
        return getattr(self.error, name)


def is_a(kind: type[DomainError]) -> Any:
    """`is_type_of` of the type that shows one kind of domain error."""

    def is_type_of(value: Problem, info: object) -> bool:
        return isinstance(value.error, kind)

    return is_type_of


def _path(steps: Sequence[str]) -> list[str] | None:
    """In the names of the schema: date_won is dateWon."""
    return [to_camel_case(step) if _NAME.fullmatch(step) else step for step in steps] or None


@interface
class UserError:
    """A problem that the caller can correct. Unknown implementations may appear over time."""

    message: str
    """The problem in words for a person."""
    code: ErrorCode
    """The kind of problem, for a program."""
    path: list[str] | None = derived(_path, "path")
    """The path into `input`, such as ["patch", "customFields", "0"]; null when no one field is at fault."""


@object_type
class ValidationError(UserError):
    """A value in the input is not acceptable."""

    is_type_of = is_a(Invalid)
    accepted_values: list[str] | None
    """The values that would have been accepted, when they form a short list."""


@object_type
class NotFoundError(UserError):
    """A referenced object does not exist or cannot be seen."""

    is_type_of = is_a(NotFound)
    missing_id: strawberry.ID
    """The ID that was not found."""


@object_type
class PermissionDeniedError(UserError):
    """The caller's role does not allow this."""

    is_type_of = is_a(Denied)
    permission: Permission | None
    """The permission that is needed; null when only certain roles or the owner may do this."""


@object_type
class InUseError(UserError):
    """The object is in use and cannot be removed."""

    is_type_of = is_a(InUse)
    used_by_count: int
    """How many objects use it."""


@object_type
class ConflictError(UserError):
    """The object's current state does not allow this."""

    is_type_of = is_a(Conflict)
    conflicting_id: strawberry.ID | None
    """The object in conflict, when there is one."""
    current_version: int | None
    """The object's version now."""


USER_ERRORS = [ValidationError, NotFoundError, PermissionDeniedError, InUseError, ConflictError]
