"""Checks of an input's members, which collect every problem with its path."""

from collections.abc import Container, Mapping
from typing import Any

from app.domain.errors import DomainError, ErrorCode, Invalid, Path, Problems
from app.domain.text import clean

MAX_LABEL = 200
MAX_LINE = 1_000
MAX_TEXT = 100_000
MAX_TOLD = 100
"""How many problems of one input are told."""


class Checks:
    """The problems of one input found so far. `path` leads to the members that are looked at."""

    def __init__(self, path: Path = (), errors: list[DomainError] | None = None) -> None:
        self.path = list(path)
        self.errors: list[DomainError] = [] if errors is None else errors

    def at(self, *path: str | int) -> "Checks":
        """The same list of problems, one step further in."""
        return Checks([*self.path, *path], self.errors)

    def add(self, error: DomainError) -> None:
        self.errors.append(error)

    def invalid(self, message: str, *path: str | int, code: ErrorCode = ErrorCode.INVALID) -> None:
        self.add(Invalid(message, [*self.path, *path], code))

    def finish(self) -> None:
        if self.errors:
            raise Problems(self.errors[:MAX_TOLD])

    def text(self, members: Mapping[str, Any], name: str, limit: int = MAX_LINE, required: bool = False) -> str | None:
        """A text member, cleaned: an empty one is none. A required one cannot be null or blank."""
        value = clean(members.get(name))
        if value is None and required:
            code = ErrorCode.REQUIRED if members.get(name) is None else ErrorCode.INVALID
            self.invalid(f"{_spoken(name)} cannot be empty.", name, code=code)
        if value is not None and len(value) > limit:
            self.invalid(
                f"{_spoken(name)} can have {limit} characters at most, not {len(value)}.", name, code=ErrorCode.TOO_LONG
            )
        if value is not None and "\0" in value:
            self.invalid(f"{_spoken(name)} cannot hold a null character.", name)
        return value

    def texts(
        self, members: Mapping[str, Any], limits: Mapping[str, int], required: Container[str] = ()
    ) -> dict[str, str | None]:
        """The text members that were given, cleaned; a required one that is given cannot be empty."""
        return {
            name: self.text(members, name, limit, name in required) for name, limit in limits.items() if name in members
        }

    def present(self, members: Mapping[str, Any], *names: str) -> None:
        """Members that may be omitted, but not be null."""
        for name in names:
            if name in members and members[name] is None:
                self.invalid(f"{_spoken(name)} cannot be null.", name, code=ErrorCode.REQUIRED)


def _spoken(name: str) -> str:
    return name.replace("_", " ").capitalize()
