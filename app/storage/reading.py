"""Reading past SQLAlchemy: it makes the statements, once; then values go to the driver and rows come back without it.

Everything that reads goes through here, and what writes is prepared here too. A statement that was seen before costs
a look-up, its values and its rows; what an engine would add to these takes longer than most of our statements.
"""

import asyncio
from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import suppress
from contextvars import ContextVar
from enum import Enum
from typing import Any, NamedTuple, Protocol, TypeAlias, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import BindParameter, Dialect, Executable
from sqlalchemy.engine import IteratorResult, Result
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import InvalidRequestError, StatementError
from sqlalchemy.sql.cache_key import CacheKey
from sqlalchemy.types import TypeEngine

from app.storage.kept import Kept

T = TypeVar("T")
D_co = TypeVar("D_co", bound="Driver", covariant=True)
MOST_KEPT = 500


class Effort(Enum):
    """How much a statement has to go through, for what is worth doing about it."""

    BRIEF = "a row or two, by their keys: that takes no longer than asking does"
    USUAL = "about as much as it answers"
    LONG = "maybe a whole table, to answer with a number: worth a plan for its very values"


_NUMERIC = 1700  # PostgreSQL's number of a type: only the processor of numbers asks for it


class Statements:
    """The statements of the current context, such as one request: how many sessions sent, and all that drivers got."""

    def __init__(self) -> None:
        self.count = 0
        self.sent: list[tuple[str, Sequence[Any]]] = []


counted: ContextVar[Statements | None] = ContextVar("counted", default=None)


class Found(NamedTuple):
    """What a driver answers: rows, and the names of their columns, which it may leave out where there are no rows."""

    names: Sequence[str]
    rows: Sequence[Sequence[Any]]


class Asked(NamedTuple):
    """A statement in the driver's words, on its way."""

    sql: str
    parameters: Sequence[Any]
    effort: Effort = Effort.USUAL


Program: TypeAlias = Generator[Asked, Found, T]
"""What asks statements one after the other, each when the one before is answered, and comes to a result."""


class Driver(Protocol):
    """A connection of the database's driver, used by one at a time."""

    async def fetch(self, sql: str, parameters: Sequence[Any], effort: Effort = Effort.USUAL) -> Found: ...

    async def run(self, program: Program[T]) -> T:
        """The result of a program, whose statements are all sent here."""
        ...

    async def remember_scope(self, organization_id: str) -> None:
        """See the rows of this organization alone, where the database knows whose rows they are."""
        ...


class Connections(Protocol[D_co]):
    """The connections of a database, each lent to one at a time."""

    dialect: Dialect

    async def acquire(self) -> D_co: ...

    async def release(self, driver: Driver) -> None: ...

    async def close(self) -> None: ...


Readers: TypeAlias = Connections[Driver]


class Prepared:
    """A statement in the driver's words: its text, the values that it takes, the rows that it gives."""

    def __init__(self, statement: Executable, dialect: Dialect, schema: str | None, names: Sequence[str] = ()) -> None:
        compiled = _compiled(statement, dialect, schema, names)
        self.sql = str(compiled)
        made = _made_of(statement)
        keys = {bind.key for bind in made.bindparams} if made else set()
        binds = {name: (bind, _source(bind, keys)) for bind, name in compiled.bind_names.items()}
        self.own = {source: bind.effective_value for bind, source in binds.values() if not bind.required}
        taken = [binds[name] for name in compiled.positiontup]
        self._slots = [(bind.key, source, _encoder(bind.type, dialect)) for bind, source in taken]
        self._types = [column.type for column in getattr(statement, "selected_columns", ())]
        self._dialect = dialect
        self._shape: SimpleResultMetaData | None = None
        self._left_out = {column.key: column.default for column in compiled.insert_prefetch}

    def defaults(self) -> dict[str, Any]:
        """What new rows hold in the columns that they leave out."""
        return {name: each.arg(None) if each.is_callable else each.arg for name, each in self._left_out.items()}

    def parameters(self, values: Mapping[str, Any], own: Mapping[str, Any]) -> list[Any]:
        """The values as the driver takes them: the given ones, and the statement's own for the rest."""
        parameters = []
        for key, source, encode in self._slots:
            if key not in values and source not in own:
                raise StatementError(f"A value is required for bind parameter {key!r}", self.sql, None, None)
            value = values[key] if key in values else own[source]
            parameters.append(encode(value) if encode else value)
        return parameters

    def result(self, found: Found) -> Result[*tuple[Any, ...]]:
        """The rows, each value in the form that its column's type gives it."""
        if self._shape is None:
            if not found.rows:
                return IteratorResult(SimpleResultMetaData(found.names), iter(()))
            self._shape = self._shaped(found.names)
        return IteratorResult(self._shape, iter(found.rows))

    def values(self, row: Sequence[Any], places: Sequence[int]) -> tuple[Any, ...]:
        """The values at these places of a row, each in the form that its column's type gives it."""
        return tuple(self._value(row[place], self._types[place]) for place in places)

    def _value(self, value: Any, type_: TypeEngine[Any]) -> Any:
        decode = decoder(type_, self._dialect)
        return decode(value) if decode and value is not None else value

    def _shaped(self, names: Sequence[str]) -> SimpleResultMetaData:
        if not self._types:  # a text says nothing of its columns
            return SimpleResultMetaData(names)
        if len(self._types) != len(names):
            raise InvalidRequestError(f"{len(names)} columns came where {len(self._types)} were asked for")
        return SimpleResultMetaData(names, _processors=[decoder(each, self._dialect) for each in self._types])


class Template:
    """A statement, and where in it the values went that are others the next time. It keeps none of these."""

    def __init__(self, prepared: Prepared, own: Mapping[str, Any], places: Sequence[Sequence[str]]) -> None:
        placed = {name for names in places for name in names}
        self.prepared = prepared
        self._own = {name: value for name, value in own.items() if name not in placed}
        self._places = places

    def own(self, constants: Sequence[BindParameter[Any]]) -> Mapping[str, Any]:
        """The values of the statement as it would be, had it been made with these."""
        places = zip(constants, self._places, strict=True)
        return self._own | {name: b.effective_value for b, names in places if not b.required for name in names}


class Preparing:
    """The statements of a database that are prepared: found by themselves, or by another one that is made alike."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self._known: WeakKeyDictionary[Executable, dict[Any, tuple[Prepared, Mapping[str, Any]]]]
        self._known = WeakKeyDictionary()
        self._alike: Kept[Any, tuple[Prepared, Sequence[str]]] = Kept(MOST_KEPT)

    def prepared(
        self, statement: Executable, schema: str | None = None, *, names: Sequence[str] = (), once: bool = False
    ) -> tuple[Prepared, Mapping[str, Any]]:
        """A statement over the tables of `schema`, and the values that it brings along. `names` are the columns of
        an insert that says none itself."""
        if once:
            prepared = Prepared(statement, self.dialect, schema)
            return prepared, prepared.own
        known = self._known.setdefault(statement, {})
        found = known.get((schema, names))
        if found is None:
            found = known[schema, names] = self._like(statement, schema, names)
        return found

    def template(
        self, statement: Executable, binds: Sequence[BindParameter[Any]], schema: str | None = None
    ) -> "Template":
        """A statement into which some values went, to be sent with others in their places."""
        prepared, own = self.prepared(statement, schema)
        made = _made_of(statement)
        if made is None:
            raise InvalidRequestError("what a statement is made of cannot be told")
        _, sources = self._alike.get((schema, (), made.key)) or self._first(statement, schema, (), made)
        named = list(zip(sources, made.bindparams, strict=True))
        places = [[source for source, each in named if bind in each._cloned_set] for bind in binds]
        return Template(prepared, own, places)

    def _like(
        self, statement: Executable, schema: str | None, names: Sequence[str]
    ) -> tuple[Prepared, Mapping[str, Any]]:
        """What a statement shares with those made alike, and its own values in the places of the first one's."""
        made = _made_of(statement)
        if made is None:
            prepared = Prepared(statement, self.dialect, schema, names)
            return prepared, prepared.own
        found = self._alike.get((schema, names, made.key)) or self._first(statement, schema, names, made)
        prepared, sources = found
        binds = zip(sources, made.bindparams, strict=True)
        return prepared, prepared.own | {source: bind.effective_value for source, bind in binds if not bind.required}

    def _first(
        self, statement: Executable, schema: str | None, names: Sequence[str], made: CacheKey
    ) -> tuple[Prepared, Sequence[str]]:
        keys = [bind.key for bind in made.bindparams]
        prepared = Prepared(statement, self.dialect, schema, names)
        # The values of the first statement are those of no other one, and may be large.
        prepared.own = {source: value for source, value in prepared.own.items() if source not in keys}
        return self._alike.put((schema, names, made.key), (prepared, keys))


class Reading:
    """A driver's connection that takes SQLAlchemy's statements."""

    def __init__(self, driver: Driver, preparing: Preparing) -> None:
        self.driver = driver
        self._preparing = preparing

    @property
    def dialect(self) -> Dialect:
        return self._preparing.dialect

    async def execute(
        self,
        statement: Executable,
        values: Mapping[str, Any] | None = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> Result[*tuple[Any, ...]]:
        """Its rows. Options that count: `schema_translate_map` for all tables, `compiled_cache` None, `effort`."""
        options = execution_options or {}
        schema = options.get("schema_translate_map", {}).get(None)
        prepared, own = self._preparing.prepared(statement, schema, once="compiled_cache" in options)
        parameters = prepared.parameters(values or {}, own)
        found = await self.driver.fetch(prepared.sql, parameters, options.get("effort", Effort.USUAL))
        return prepared.result(found)

    async def scalar(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Any:
        return (await self.execute(statement, values)).scalar()

    async def exec_driver_sql(self, sql: str, parameters: Sequence[Any] = ()) -> Result[*tuple[Any, ...]]:
        found = await self.driver.fetch(sql, parameters)
        return IteratorResult(SimpleResultMetaData(found.names), iter(found.rows))


def note(sql: str, parameters: Sequence[Any]) -> None:
    """Tell the current context what a driver is about to send."""
    if (statements := counted.get()) is not None:
        statements.sent.append((sql, parameters))


async def outlast(running: asyncio.Future[Any]) -> None:
    """Wait for the end of something, whoever is cancelled meanwhile, and however often."""
    while not running.done():
        with suppress(asyncio.CancelledError):
            await asyncio.wait([running])


def decoder(type_: TypeEngine[Any], dialect: Dialect) -> Any:
    """What makes a column's value of what the driver gives; None where that is the value."""
    return type_.dialect_impl(dialect).result_processor(dialect, _NUMERIC)


def _encoder(type_: TypeEngine[Any], dialect: Dialect) -> Any:
    return type_.dialect_impl(dialect).bind_processor(dialect)


def _compiled(statement: Any, dialect: Dialect, schema: str | None, names: Sequence[str]) -> Any:
    options: dict[str, Any] = {"column_keys": names} if names else {}
    if schema is not None:
        options |= {"schema_translate_map": {None: schema}, "render_schema_translate": True}
    compiled = statement.compile(dialect=dialect, **options)
    if compiled.post_compile_params:
        raise InvalidRequestError("the text of a statement depends on a list in it: bind the list as one, by `among`")
    return compiled


def _made_of(statement: Any) -> CacheKey | None:
    """What SQLAlchemy's own cache goes by: all that decides a statement's text, and the values that it binds."""
    made: CacheKey | None = statement._generate_cache_key()
    return made


def _source(bind: Any, keys: Collection[str]) -> str:
    """The value of a statement that a parameter of its text stands for: the text may bind a copy, or add one itself."""
    return next((str(each.key) for each in bind._cloned_set if each.key in keys), str(bind.key))
