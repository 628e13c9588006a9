"""From the JSON that people copy to the arguments of a search."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from app.services.filter_json.places import (
    Notes,
    Positions,
    Problem,
    ProblemCode,
    Refused,
    Spot,
    Steps,
    problem_at,
)
from app.services.filter_json.queries import MEMBERS, QUERY
from app.services.filter_json.requests import REQUEST
from app.services.filter_json.selections import NOTHING, Wanted, wanted
from app.services.filter_json.syntax import parse

_VIEW = "s_query"


@dataclass(frozen=True)
class Parsed:
    """A filter that was read. `variables` are None where there are problems; `bare` says that it was a lone query."""

    variables: dict[str, Any] | None
    problems: list[Problem]
    warnings: list[Problem]
    paths: Mapping[Steps, Steps]
    positions: Positions
    bare: bool
    wanted: Wanted = NOTHING

    def place(self, input_path: Sequence[str]) -> list[str]:
        """The path in the JSON of what became this part of the input, or the nearest part around it."""
        steps = tuple(input_path)
        for end in range(len(steps), 0, -1):
            if (path := self.paths.get(steps[:end])) is not None:
                return list(path)
        return []

    def problem(self, input_path: Sequence[str], code: str, message: str) -> Problem:
        """A problem that was found in the input, told at its place in the JSON."""
        path = self.place(input_path)
        return problem_at(path, code, message, self.positions.nearest(tuple(path)))


def read(json: Any) -> Parsed:
    """The arguments of the search that some JSON asks for; the JSON is a value, or text."""
    if not isinstance(json, str):
        return _read(json, Notes(), [])
    parsing = parse(json)
    notes = Notes(parsing.positions)
    if not parsing.found:
        return Parsed(None, parsing.problems, [], {}, parsing.positions, bare=False)
    return _read(parsing.value, notes, parsing.problems)


def is_arguments(json: Any) -> bool:
    """Whether a value is the arguments of a search already, or their `query` alone, and not JSON to be read."""
    query = json.get("query", json) if isinstance(json, dict) else None
    return isinstance(query, dict) and bool(query) and set(query) <= MEMBERS


def _read(json: Any, notes: Notes, problems: list[Problem]) -> Parsed:
    spot = Spot()
    if isinstance(json, dict) and isinstance(json.get(_VIEW), dict):
        json, spot = json[_VIEW], spot.step(_VIEW)
    bare = not isinstance(json, dict) or ("query" not in json and ("type" in json or not REQUEST.names & set(json)))
    variables: dict[str, Any] | None = None
    besides = NOTHING if bare else wanted(json, spot, notes)
    with suppress(Refused):
        if is_arguments(json):
            raise notes.refuse(spot, ProblemCode.INVALID_VALUE, "This is the input of a search already.")
        if bare:
            variables = {"query": QUERY.read(json, spot.step(input="query"), notes)}
        else:
            variables = REQUEST.read(json, spot, notes)
    problems = problems + notes.problems
    variables = None if problems else variables
    return Parsed(variables, problems, notes.warnings, notes.paths, notes.positions, bare, besides)
