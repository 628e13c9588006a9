"""The levels of a plan: what is read for all rows of the level above, by one statement.

While planning, a level collects the columns that are asked of it. While running, it takes the request's arguments and
keys, and gives a statement with its values; the answer goes to the generated code. A statement is kept by the shape of
the read that it was made of, so a request whose arguments differ in their values alone makes none.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement

from app.domain.time import Clock
from app.execution.arguments import Arguments
from app.graphql.context import Context
from app.storage.database import Database
from app.storage.kept import Kept
from app.storage.paging import Window, cut, encoder
from app.storage.reading import Asked, Effort, Prepared, Program, Template, decoder
from app.storage.reads import Measure, Read, group
from app.storage.scope import actor_values

MOST_STATEMENTS = 16
LONGEST_KEPT = 500  # characters of arguments: lists that are longer hardly come again
PAGING = ("first", "after", "last", "before")

Keys: TypeAlias = Sequence[str]
Only: TypeAlias = tuple[str, frozenset[Any]] | None


class Form(Enum):
    """Which form a query's plan takes where it can have several."""

    MEASURED = "measured"
    LEVELS = "levels"
    DOCUMENT = "document"


class Unplannable(Exception):
    """The operation needs something that only the resolvers can do."""


class Ready(NamedTuple):
    """A statement for reads of one shape, and how it makes cursors."""

    template: Template
    cursor: Callable[[Any], str] | None = None


class Answer(NamedTuple):
    """The rows of a level, and what belongs to each key; for the other keys `empty` does."""

    rows: Sequence[Any]
    by_key: dict[Any, Any]
    empty: Any = None
    cursor: Callable[[Any], str] | None = None


class NoticingClock:
    """A clock that knows whether more was asked of it than its zone: what depends on the moment is not kept."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.tells_time = False

    def __getattr__(self, name: str) -> Any:
        self.tells_time = self.tells_time or name != "zone"
        return getattr(self._clock, name)


class Argued(NamedTuple):
    """What the arguments of a level say, and as what they are known; with pages of at most `maximum`."""

    arguments: Mapping[str, Any]
    window: Window | None
    zone: str | None
    token: str
    maximum: int


class Bound(NamedTuple):
    """A level's arguments in one request."""

    arguments: Mapping[str, Any]
    window: Window | None
    clock: Clock | None
    token: tuple[str, str | None]


class Run:
    """One run of a plan: who asks, with which variables, and which form is wanted."""

    def __init__(self, context: Context, variables: Any, form: Form = Form.LEVELS) -> None:
        self.context = context
        self.variables = variables
        self.form = form
        self.has_texts = False
        self.values = actor_values(context.actor)
        self.prepared: dict[int, Any] = {}
        self._bound: dict[int, Bound] = {}
        self._narrowed: dict[int, Read] = {}

    def bound(self, level: "Level") -> Bound:
        found = self._bound.get(level.id)
        if found is None:
            found = self._bound[level.id] = level.bind(self)
        return found

    def read(self, level: "Level") -> Read:
        """The read of a level, narrowed by its arguments."""
        found = self._narrowed.get(level.id)
        if found is None:
            found = self._narrowed[level.id] = level.narrowed(self.bound(level))
        return found

    def clock(self, level: "Level") -> Clock:
        """The calendar that a level was asked with, else the request's."""
        return self.bound(level).clock or self.context.clock()

    def key(self, level: "Level") -> Any:
        """The key that an argument gives."""
        return self.bound(level).arguments[level.argument or ""]


@dataclass(eq=False)
class Level:
    """The rows of one relation. Without a read its rows are Python objects that are there already."""

    id: int
    parent: "Level | None" = None
    read: Read | None = None
    key: str = ""
    argument: str | None = None
    paged: bool = False
    clocked: bool = False
    given: Arguments | None = None
    listed: Callable[[Any], list[str]] | None = None
    source: str = ""  # the code that makes objects from a row `r` of the parent
    rows: str = ""  # the code that lists all of them, where that is another
    only: Only = None  # keys come from parent rows of these types alone
    kind: Only = None  # while planning: the type whose fields are being looked at
    is_asked: bool = True
    has_cursors: bool = False
    columns: dict[str, int] = field(default_factory=dict)
    children: dict[Hashable, "Level"] = field(default_factory=dict)
    fixed: Argued | None = None  # where the document gives all arguments, and no variable does
    statements: Kept[Hashable, Ready] = field(default_factory=lambda: Kept(MOST_STATEMENTS))
    reads: Kept[Hashable, Read] = field(default_factory=lambda: Kept(MOST_STATEMENTS))

    def column(self, name: str) -> ColumnElement[Any]:
        """The column of this name, before any argument changes it."""
        found = None if self.read is None else {column.key: column for column in self.read.columns}.get(name)
        if found is None:
            raise Unplannable(f"{name} is no column")
        return found

    def value(self, name: str) -> str:
        """The code that takes a column from a row `r` as it came; from now on the statement reads it."""
        if self.read is None:
            return f"r.{name}"
        self.column(name)
        return f"r[{self.columns.setdefault(name, len(self.columns) + 1)}]"

    def may_be_null(self, name: str) -> bool:
        """An argument can put an expression in a column's place, which may be null where the column is not."""
        narrowed = self.read is not None and self.read.narrow is not None
        return narrowed or getattr(self.column(name), "nullable", True) is not False

    # ---- running

    def bind(self, run: Run) -> Bound:
        found = self.fixed
        if found is None or found.maximum != run.context.max_page_size:
            found = self._argued(run)
            if self.given is None or self.given.is_fixed:
                self.fixed = found
        clock = run.context.clock(found.zone) if self.clocked else None
        return Bound(found.arguments, found.window, clock, (found.token, clock.zone if clock else None))

    def _argued(self, run: Run) -> "Argued":
        arguments = dict(self.given.read(run.variables)) if self.given else {}
        window, maximum = None, run.context.max_page_size
        if self.paged:
            paging = {name: arguments.pop(name) for name in PAGING if name in arguments}
            window = Window.of(**paging, maximum=maximum)
        zone = (arguments.pop("time_zone", None) or None) if self.clocked else None
        named = {name: value for name, value in arguments.items() if name != self.argument}
        return Argued(arguments, window, zone, repr(named) if named else "", maximum)

    def narrowing(self, bound: Bound) -> tuple[dict[str, Any], Callable[[], bool]]:
        """What narrows the read; and whether what was made of it is the same the next time, told afterwards."""
        named = {name: value for name, value in bound.arguments.items() if name != self.argument}
        is_short = len(bound.token[0]) <= LONGEST_KEPT
        if bound.clock is None:
            return named, lambda: is_short
        clock = NoticingClock(bound.clock)
        return named | {"clock": clock}, lambda: is_short and not clock.tells_time

    def narrowed(self, bound: Bound) -> Read:
        found = self.reads.get(bound.token)
        if found is None:
            if self.read is None:
                raise Unplannable("rows that are there already")
            arguments, lasts = self.narrowing(bound)
            found = self.read.narrowed(**arguments)
            if lasts():
                self.reads.put(bound.token, found)
        return found


def clock_of(level: Level, given: Arguments, run: Run) -> Any:
    """The calendar that a field was asked with, else the one of its level."""
    zone = given.read(run.variables).get("time_zone")
    return run.context.clock(zone) if zone else run.clock(level)


class Rows:
    """Asks for the rows of a level."""

    def __init__(self, level: Level, database: Database) -> None:
        self.level, self.database = level, database

    def program(self, run: Run, keys: Keys) -> Program[Answer]:
        if not keys:
            return self.answer(run, (), None)
        asked, ready = self.asked(run, keys)
        found = yield asked
        return self.answer(run, found.rows, ready)

    def asked(self, run: Run, keys: Keys) -> tuple[Asked, Ready]:
        level, read, window, one_key = self.level, run.read(self.level), run.bound(self.level).window, len(keys) == 1
        known = read.shape, one_key, window and (window.backward, window.after is None, window.before is None)
        ready = level.statements.get(known) or level.statements.put(known, self._made(read, window, one_key))
        values: dict[str, Any] = {**run.values, "keys": keys[0] if one_key else keys, **read.binds(window)}
        parameters = ready.template.prepared.parameters(values, ready.template.own(read.constants))
        effort = Effort.BRIEF if one_key and read.single else Effort.USUAL
        return Asked(ready.template.prepared.sql, parameters, effort), ready

    def answer(self, run: Run, rows: Sequence[Any], ready: Ready | None) -> Answer:
        window, read = run.bound(self.level).window, self.level.read
        if window is not None:
            pages = {key: cut(own, window) for key, own in group(rows).items()}
            flat = [row for page in pages.values() for row in page[0]]
            return Answer(flat, pages, cut([], window), ready and ready.cursor)
        if read is not None and read.single:
            return Answer(rows, {row[0]: row for row in rows})
        return Answer(rows, group(rows), ())

    def _made(self, read: Read, window: Window | None, one_key: bool) -> Ready:
        known = {column.key: column for column in read.columns}
        chosen = [known[name] for name in self.level.columns]
        order = read.order if self.level.has_cursors else ()
        ends = [key.column.label(f"order_{place}_") for place, key in enumerate(order)]
        statement = read.select([*chosen, *ends], self.database.dialect, window, one_key)
        return Ready(self.database.template(statement, read.constants), self._cursor(order) if order else None)

    def _cursor(self, order: Any) -> Callable[[Any], str]:
        encode, width = encoder(order), len(order)
        decoders = [decoder(key.column.type, self.database.reader.dialect) for key in order]

        def cursor(row: Any) -> str:
            ends = zip(decoders, row[len(row) - width :], strict=True)
            return encode([decode(value) if decode and value is not None else value for decode, value in ends])

        return cursor


class Measured:
    """Asks a measure about the rows of a level, or about the parents of a page's rows."""

    def __init__(self, measure: Callable[[Read | None], Measure], level: Level, database: Database) -> None:
        self.measure, self.level, self.database = measure, level, database
        self._kept: Kept[Hashable, tuple[Prepared, Mapping[str, Any], Measure]] = Kept(MOST_STATEMENTS)

    def program(self, run: Run, keys: Keys) -> Program[Answer]:
        if not keys:
            return Answer((), {})
        bound = run.bound(self.level)
        found = self._kept.get(bound.token)
        if found is None:
            arguments, lasts = self.level.narrowing(bound)
            measure = self.measure(self.level.read)
            found = *self.database.prepared(measure.statement(**arguments)), measure
            if lasts():
                self._kept.put(bound.token, found)
        prepared, own, measure = found
        rows = yield Asked(prepared.sql, prepared.parameters({**run.values, "keys": keys}, own))
        return Answer((), measure.answers(prepared.result(rows).all()), measure.nothing())
