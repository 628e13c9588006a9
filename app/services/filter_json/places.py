"""Where the parts of a filter stand, and what is found there: problems, warnings, and the way from input to JSON."""

import difflib
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias

from app.domain.filter_checks import MAX_LEVELS, MAX_NODES
from app.domain.filters import Kind

Steps: TypeAlias = tuple[str, ...]

_SHOWN = 40
_LARGE = 10**20


class ProblemCode(StrEnum):
    """The kinds of problem, for a program."""

    INVALID_JSON = "INVALID_JSON"
    """The text is not JSON."""
    MISSING_MEMBER = "MISSING_MEMBER"
    """A member that is needed is missing."""
    UNKNOWN_MEMBER = "UNKNOWN_MEMBER"
    """A member that means nothing here."""
    IGNORED_MEMBER = "IGNORED_MEMBER"
    """A member that is known, and done otherwise here."""
    UNKNOWN_VALUE = "UNKNOWN_VALUE"
    """A type, kind or mode that is none of the known ones."""
    INVALID_VALUE = "INVALID_VALUE"
    """A value of another kind than has to stand there."""
    CHANGED_VALUE = "CHANGED_VALUE"
    """A value that could not be taken over as it is."""
    NOT_EXPRESSIBLE = "NOT_EXPRESSIBLE"
    """What a search cannot say."""
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    """More than can be looked at."""
    COST_EXCEEDED = "COST_EXCEEDED"
    """More than a search takes."""
    NEVER_MATCHES = "NEVER_MATCHES"
    """A part that no object can match."""


class Position(NamedTuple):
    """A place in a text; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Problem:
    """What is wrong with a filter, or looks so; line and column are known where the JSON came as text."""

    path: list[str]
    code: str
    message: str
    line: int | None = None
    column: int | None = None


@dataclass
class Mark:
    """Where a value of a JSON text begins, where its name does if it has one, and the values in it."""

    value: int
    name: int | None = None
    inner: dict[str, "Mark"] = field(default_factory=dict)


@dataclass(frozen=True)
class Positions:
    """Where the values of a JSON text stand; nowhere, where there is no text."""

    root: Mark | None = None
    line_ends: Sequence[int] = ()

    def of(self, offset: int) -> Position:
        line = bisect_left(self.line_ends, offset)
        return Position(line + 1, offset - (self.line_ends[line - 1] if line else -1))

    def nearest(self, path: Steps, name: bool = False) -> Position | None:
        """The position of the value at a path, or of its name; of the nearest one around it where there is none."""
        mark = self.root
        if mark is None:
            return None
        for step in path:
            if step not in mark.inner:
                break
            mark = mark.inner[step]
        return self.of(mark.name if name and mark.name is not None else mark.value)


@dataclass(frozen=True)
class Spot:
    """Where a translation stands, in the JSON and in the input: below which kind of object, and how deep."""

    json: Steps = ()
    input: Steps = ()
    kind: Kind | None = None
    level: int = 0

    def step(self, json: str | None = None, input: str | None = None) -> "Spot":
        return replace(
            self,
            json=self.json if json is None else (*self.json, json),
            input=self.input if input is None else (*self.input, input),
        )

    def about(self, kind: Kind | None) -> "Spot":
        return replace(self, kind=kind)

    def deeper(self) -> "Spot":
        return replace(self, level=self.level + 1)


class Refused(Exception):
    """A part cannot be read; the notes say why."""


class Unwritable(ValueError):
    """An input that is none; the message says why, the path where."""

    def __init__(self, message: str, path: Sequence[str]) -> None:
        super().__init__(message)
        self.path = list(path)


@dataclass
class Notes:
    """Collects what is found while one filter is read."""

    positions: Positions = field(default_factory=Positions)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    paths: dict[Steps, Steps] = field(default_factory=dict)
    nodes: int = 0

    def refuse(self, spot: Spot, code: ProblemCode, message: str) -> Refused:
        """Note a problem; the caller raises what this returns."""
        self.problems.append(problem_at(spot.json, code, message, self.positions.nearest(spot.json)))
        return Refused()

    def warn(self, spot: Spot, code: ProblemCode, message: str) -> None:
        position = self.positions.nearest(spot.json, name=True)
        self.warnings.append(problem_at(spot.json, code, message, position))

    def mark(self, spot: Spot) -> None:
        """Remember which part of the JSON became this part of the input."""
        self.paths[spot.input] = spot.json

    def node(self, spot: Spot) -> None:
        """Count a node of the tree; one that is too many or too deep is refused, and told once."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            message = f"A query can have {MAX_NODES} nodes at most."
        elif spot.level > MAX_LEVELS:
            message = f"A query can be {MAX_LEVELS} levels deep at most."
        else:
            return
        if any(problem.message == message for problem in self.problems):
            raise Refused
        raise self.refuse(spot, ProblemCode.COST_EXCEEDED, message)

    def warn_of_others(self, value: Mapping[str, Any], known: Collection[str], spot: Spot) -> None:
        """Warn of each member that is none of the known ones."""
        for name in value:
            if name not in known:
                near = nearest(name, known)
                hint = f" Did you mean {near}?" if near else f" Known here: {', '.join(sorted(known))}."
                self.warn(
                    spot.step(name),
                    ProblemCode.UNKNOWN_MEMBER,
                    f"{shown(name)} means nothing here and is left out.{hint}",
                )


def problem_at(path: Sequence[str], code: str, message: str, position: Position | None) -> Problem:
    return Problem(list(path), code, message, *(position or (None, None)))


def nearest(name: str, known: Collection[str]) -> str | None:
    """The known name that was meant, most likely."""
    found = difflib.get_close_matches(name[:_SHOWN].lower(), known, 1, 0.6)
    return shown(found[0]) if found else None


def none_of(what: str, value: Any, known: Collection[str]) -> str:
    """The sentence that a value is none of the known ones, with the nearest and all of them."""
    near = nearest(value, known) if isinstance(value, str) else None
    hint = f" Did you mean {near}?" if near else ""
    return f"{shown(value)} is no {what}.{hint} It has to be one of {', '.join(known)}."


def shown(value: Any) -> str:
    """A value as it is told to people: never long, whatever it is."""
    match value:
        case dict():
            return "an object"
        case list():
            return "a list"
        case None | bool():
            return {None: "null", True: "true", False: "false"}[value]
        case int() if abs(value) > _LARGE:
            return "a very large number"
        case str():
            text = value.encode("utf-8", "replace").decode()
            return f'"{text}"' if len(text) <= _SHOWN else f'"{text[:_SHOWN]}…"'
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
