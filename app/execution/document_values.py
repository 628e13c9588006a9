"""What one run gives to a document: the values that its levels bind, and what decides the statement's text."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import BindParameter

from app.execution.document_made import Clocks
from app.execution.levels import LONGEST_KEPT, Form, Level, Run
from app.storage import json_text
from app.storage.kept import Kept
from app.storage.paging import decode
from app.storage.reads import Read

MOST_STATEMENTS = 16


class Part(NamedTuple):
    """What a level gives to a statement: what decides its text, values by their names, and what is read. One that is
    long is not worth keeping a statement for."""

    shape: Hashable
    values: dict[str, Any]
    read: Read | None = None
    is_long: bool = False


class Bound(NamedTuple):
    """What one run gives to a statement: what decides its text, its values by their names, and the reads that it is
    made of, by the numbers of their levels."""

    run: Run
    shape: Hashable
    values: dict[str, Any]
    reads: Mapping[int, Read]

    @property
    def constants(self) -> Sequence[BindParameter[Any]]:
        """The values that come with the reads."""
        return [constant for read in self.reads.values() for constant in read.constants]


class Parts:
    """The levels that went into a document, the calendars that it asks for, and what it takes from a given root: values
    to bind, and lists that have to be empty."""

    def __init__(self) -> None:
        self.levels: list[Level] = []
        self.clocks = Clocks()
        self.keys: set[str] = set()
        self.lists: set[str] = set()
        self._seen: Kept[Hashable, bool] = Kept(MOST_STATEMENTS)
        self._steady: dict[tuple[int, int], Part] = {}

    @property
    def has_lists(self) -> bool:
        return not all(level.read and level.read.single for level in self.levels)

    def bound(self, run: Run, root: Any) -> Bound | None:
        """None where the arguments or the root want what no database writes. A run knows levels by their numbers, and
        these are not the other form's; so it is another one."""
        run = Run(run.context, run.variables, run.form)
        clocks = self.clocks.values(run)
        if clocks is None or any(getattr(root, name) for name in self.lists):
            return None
        steady, size = self._steady, run.context.max_page_size
        parts = {level.id: steady.get((level.id, size)) or self._part(run, level) for level in self.levels}
        if any(part.is_long for part in parts.values()):
            return None
        values: dict[str, Any] = run.values | clocks | {given(name): getattr(root, name) for name in self.keys}
        for part in parts.values():
            values |= part.values
        reads = {id: part.read for id, part in parts.items() if part.read is not None}
        return Bound(run, tuple(part.shape for part in parts.values()), values, reads)

    def _part(self, run: Run, level: Level) -> Part:
        """What one level gives; kept where each request gives the same."""
        token = run.bound(level).token
        if level.read is None:
            return Part(token, {}, is_long=len(token[0]) > LONGEST_KEPT)
        own = Part(_shape(run, level), _values(run, level), run.read(level))
        if level.fixed is not None and not level.clocked:
            self._steady[level.id, run.context.max_page_size] = own
        return own

    def is_due(self, run: Run, shape: Hashable) -> bool:
        """Whether a statement of this shape is worth its making, which takes longer than to answer in another way: when
        it comes again, or where documents are wanted."""
        if run.form is Form.DOCUMENT or self._seen.get(shape):
            return True
        self._seen.put(shape, True)
        return False


def given(name: str) -> str:
    """The name of a value that a given root has."""
    return f"given_{name}"


def _shape(run: Run, level: Level) -> Hashable:
    """What decides the part of a level that reads."""
    shape, window = run.read(level).shape, run.bound(level).window
    if window is None:
        return shape
    return shape, window.backward, window.after is None, window.before is None, json_text.most_for(window.size)


def _values(run: Run, level: Level) -> dict[str, Any]:
    """What a level binds in this run."""
    bound = run.bound(level)
    values: dict[str, Any] = {}
    if level.argument:
        values[f"key_{level.id}"] = bound.arguments[level.argument]
    if bound.window is not None and level.read is not None:
        values[f"size_{level.id}"] = bound.window.size
        for name, cursor in (("after", bound.window.after), ("before", bound.window.before)):
            if cursor is not None:
                decoded = decode(run.read(level).order, cursor, name)
                values |= {f"{name}_{level.id}_{i}": value for i, value in enumerate(decoded)}
    return values
