"""JSON from text that people paste. Reading goes on behind a mistake, so that one look names them all."""

from dataclasses import dataclass, field
from typing import Any

from app.services.filter_json.places import Mark, Positions, Problem, ProblemCode, problem_at, shown
from app.services.filter_json.tokens import Fault, Stop, Tokens

MAX_LENGTH = 1_000_000
MAX_VALUES = 50_000
MAX_DEPTH = 100

_CLOSING = {"{": "}", "[": "]"}
_NAMES = {"{": "brace", "[": "bracket"}


@dataclass(frozen=True)
class Parsing:
    """What stands in a text. With problems it is a guess, and nothing where even that was impossible."""

    value: Any
    problems: list[Problem]
    positions: Positions
    found: bool


def parse(text: str) -> Parsing:
    """The JSON value of a text."""
    if len(text) > MAX_LENGTH:
        message = f"The text is longer than {MAX_LENGTH} characters."
        return Parsing(None, [problem_at([], ProblemCode.LIMIT_EXCEEDED, message, None)], Positions(), found=False)
    parser = _Parser(Tokens(text))
    value, found = parser.document()
    positions = Positions(parser.root, [offset for offset, character in enumerate(text) if character == "\n"])
    problems = [
        problem_at([], ProblemCode.INVALID_JSON, fault.message, positions.of(fault.offset))
        for fault in sorted(parser.tokens.faults, key=_offset)
    ]
    return Parsing(value, problems, positions, found)


def _offset(fault: Fault) -> int:
    return fault.offset


@dataclass
class _Parser:
    tokens: Tokens
    root: Mark = field(default_factory=lambda: Mark(0))
    count: int = 0

    def document(self) -> tuple[Any, bool]:
        try:
            if not self.tokens.next():
                raise self.tokens.stop("There is no JSON here.")
            value = self._value(self.root, 0)
            if self.tokens.next():
                raise self.tokens.stop(f"The JSON has ended, and {self.tokens.shown()} follows.")
        except Stop:
            return None, False
        return value, True

    def _value(self, mark: Mark, depth: int) -> Any:
        first = self.tokens.next()
        mark.value = self.tokens.offset
        self.count += 1
        if self.count > MAX_VALUES:
            raise self.tokens.stop(f"The JSON has more than {MAX_VALUES} values.")
        if first in ("{", "["):
            if depth == MAX_DEPTH:
                raise self.tokens.stop(f"The JSON is nested deeper than {MAX_DEPTH} levels.")
            return self._object(mark, depth + 1) if first == "{" else self._list(mark, depth + 1)
        if first in ("", ",", ":", "}", "]"):
            self.tokens.fault("A value is missing here.")
            return None
        if self.tokens.at_string():
            return self.tokens.string()
        return self.tokens.word()

    def _object(self, mark: Mark, depth: int) -> dict[str, Any]:
        opened = self._open()
        made: dict[str, Any] = {}
        while self._goes_on(opened):
            start = self.tokens.offset
            name = self.tokens.name()
            if name in made:
                self.tokens.fault(f"{shown(name)} stands twice in this object.", start)
            mark.inner[name] = Mark(start, name=start)
            if self.tokens.next() == ":":
                self.tokens.offset += 1
            else:
                self.tokens.fault(f"A colon is missing behind {shown(name)}.")
            made[name] = self._value(mark.inner[name], depth)
            self._comma(opened)
        return made

    def _list(self, mark: Mark, depth: int) -> list[Any]:
        opened = self._open()
        made: list[Any] = []
        while self._goes_on(opened):
            entry = mark.inner[str(len(made))] = Mark(self.tokens.offset)
            made.append(self._value(entry, depth))
            self._comma(opened)
        return made

    def _open(self) -> int:
        self.tokens.offset += 1
        return self.tokens.offset - 1

    def _goes_on(self, opened: int) -> bool:
        """Whether another member or entry follows; steps over the end."""
        opening = self.tokens.text[opened]
        next = self.tokens.next()
        while next == ",":
            self.tokens.fault("There is a comma too many.")
            self.tokens.offset += 1
            next = self.tokens.next()
        if next == "":
            self.tokens.fault(f"The {_NAMES[opening]} that opens here is not closed.", opened)
        elif next in "}]":
            if next != _CLOSING[opening]:
                self.tokens.fault(f"{next} stands where {_CLOSING[opening]} has to close what {opening} opened.")
            self.tokens.offset += 1
        return next not in ("", "}", "]")

    def _comma(self, opened: int) -> None:
        """Step over the comma between members or entries, wherever one has to be."""
        next, place = self.tokens.next(), self.tokens.offset
        if next == ",":
            self.tokens.offset += 1
            if self.tokens.next() in ("}", "]"):
                closing = _NAMES[self.tokens.text[opened]]
                self.tokens.fault(f"There is a comma before the closing {closing}; take it out.", place)
        elif next not in ("", "}", "]"):
            self.tokens.fault(f"A comma is missing before {self.tokens.shown()}.")
