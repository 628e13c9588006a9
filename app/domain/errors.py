"""The problems that the domain can name.

DomainError            a mutation cannot be done; becomes a `userErrors` entry
├── Invalid            a value is malformed, missing or too long
├── NotFound           a referenced object does not exist, or cannot be seen
├── Denied             the caller's role does not allow this
├── InUse              the object is still used
└── Conflict           the object's state does not allow this
Problems               several of these at once
ArgumentFault          an argument of a query is not acceptable; becomes a top-level error
"""

from collections.abc import Sequence
from enum import StrEnum

from app.domain.access import Permission

Path = Sequence[str | int]


class ErrorCode(StrEnum):
    """The kinds of problem that a mutation can report. Values may be added."""

    INVALID = "INVALID"
    """A value is malformed or out of range."""
    REQUIRED = "REQUIRED"
    """A required value is missing or null."""
    TOO_LONG = "TOO_LONG"
    """A value is too long."""
    TAKEN = "TAKEN"
    """A value has to be unique and is taken."""
    NOT_FOUND = "NOT_FOUND"
    """A referenced object does not exist or cannot be seen."""
    PERMISSION_DENIED = "PERMISSION_DENIED"
    """The caller's role does not allow this."""
    IN_USE = "IN_USE"
    """The object is in use and cannot be removed."""
    CONFLICT = "CONFLICT"
    """The object's state does not allow this."""
    RENTAL_FAILED = "RENTAL_FAILED"
    """A number could not be rented."""


class DomainError(Exception):
    """A problem that the caller can correct; `path` leads into the mutation's input."""

    code = ErrorCode.INVALID

    def __init__(self, message: str, path: Path = (), code: ErrorCode | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.path = [str(step) for step in path]
        self.code = code or type(self).code


class Invalid(DomainError):
    """A value is not acceptable."""

    def __init__(
        self, message: str, path: Path = (), code: ErrorCode | None = None, accepted_values: Sequence[str] | None = None
    ) -> None:
        super().__init__(message, path, code)
        self.accepted_values = list(accepted_values) if accepted_values is not None else None


class NotFound(DomainError):
    """A referenced object does not exist, or the caller cannot see it."""

    code = ErrorCode.NOT_FOUND

    def __init__(self, what: str, missing_id: str, path: Path = ()) -> None:
        super().__init__(f"There is no {what} {missing_id}.", path)
        self.missing_id = missing_id


class Denied(DomainError):
    """The caller's role does not allow this."""

    code = ErrorCode.PERMISSION_DENIED

    def __init__(self, message: str, permission: Permission | None = None, path: Path = ()) -> None:
        super().__init__(message, path)
        self.permission = permission


class InUse(DomainError):
    """The object is still used, and so cannot be removed."""

    code = ErrorCode.IN_USE

    def __init__(self, message: str, used_by_count: int, path: Path = ()) -> None:
        super().__init__(message, path)
        self.used_by_count = used_by_count


class Conflict(DomainError):
    """The object's state does not allow this."""

    code = ErrorCode.CONFLICT

    def __init__(
        self,
        message: str,
        path: Path = (),
        code: ErrorCode | None = None,
        conflicting_id: str | None = None,
        current_version: int | None = None,
    ) -> None:
        super().__init__(message, path, code)
        self.conflicting_id = conflicting_id
        self.current_version = current_version


class Problems(Exception):
    """Several problems of one input, reported together."""

    def __init__(self, errors: Sequence[DomainError]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = list(errors)


class FaultCode(StrEnum):
    """The codes of `errors[].extensions.code` that a query's arguments can cause."""

    BAD_USER_INPUT = "BAD_USER_INPUT"
    FIELD_CONDITION_MISMATCH = "FIELD_CONDITION_MISMATCH"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    COST_EXCEEDED = "COST_EXCEEDED"
    CURSOR_INVALID = "CURSOR_INVALID"
    CURSOR_EXPIRED = "CURSOR_EXPIRED"
    RESULT_WINDOW_EXCEEDED = "RESULT_WINDOW_EXCEEDED"


class ArgumentFault(Exception):
    """An argument is not acceptable; `path` leads from the field's arguments to the fault."""

    def __init__(self, message: str, path: Path = (), code: FaultCode = FaultCode.BAD_USER_INPUT) -> None:
        super().__init__(message)
        self.message = message
        self.path = [str(step) for step in path]
        self.code = code
