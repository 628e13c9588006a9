"""The database: its engines, who may write to it, and the sessions it hands out."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Generic, TypeVar

from sqlalchemy import BindParameter, Executable, Row, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from app.domain.access import Actor
from app.domain.errors import ArgumentFault, FaultCode
from app.storage import postgresql, sqlite
from app.storage.callers import Callers, caller_by_key
from app.storage.changes import Changes, CountedChanges, ToldChanges, are_told
from app.storage.reading import (
    Connections,
    Driver,
    Prepared,
    Preparing,
    Program,
    Readers,
    Reading,
    Statements,
    Template,
    counted,
)
from app.storage.session import ScopedSession
from app.storage.writing import Writers, Writing

T = TypeVar("T")
C = TypeVar("C")
D = TypeVar("D", bound=Driver)
TRIES = 3
FINDERS = 2

_PASSING = {
    "40001",  # serialization failure
    "40P01",  # deadlock
    "55P03",  # a lock that was not free in time
    "23503",  # a foreign key, whose other row went after the transaction looked
    "23505",  # a unique constraint, whose other row came after it looked
}
_UNREACHABLE: tuple[type[BaseException], ...] = (DBAPIError, *postgresql.ERRORS)
_TOO_COMPLEX = ("parser stack overflow", "Expression tree is too large", "too many terms in compound SELECT")
_CANCELED = "57014"  # by the server, for it ran longer than statement_timeout
_LOCKED = "55P03"


class Unavailable(Exception):
    """The database does not answer, or stayed busy; the caller may try again."""


class TimedOut(Exception):
    """A statement ran longer than it may."""


class Database:
    """Readers in autocommit, a writer in transactions. On SQLite there is one writer, in one process."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = make_url(url)
        self.dialect = self.url.get_backend_name()
        module = sqlite if self.dialect == "sqlite" else postgresql
        self.reader: Readers = module.Readers(self.url, pool_size)
        # Finding keys never changes the scope of a connection, so it has some of its own on PostgreSQL.
        self.finder: Readers = self.reader if self.dialect == "sqlite" else module.Readers(self.url, FINDERS)
        self.writer: Writers = module.Writers(self.url, pool_size)
        self._preparing = Preparing(self.reader.dialect)
        self.changes: Changes
        if self.dialect == "sqlite":
            self.changes = CountedChanges(self.url)
        else:
            self.changes = ToldChanges(self.url, self.finder)
        self.callers = Callers(self.changes, self._caller)

    def read(self, actor: Actor) -> AbstractAsyncContextManager[ScopedSession]:
        """A session whose statements each see what is committed."""
        return _Reading(self.reader, actor.organization_id, lambda d: ScopedSession(Reading(d, self._preparing), actor))

    def prepared(
        self, statement: Executable, *, searches: bool = False, once: bool = False
    ) -> tuple[Prepared, Mapping[str, Any]]:
        """A statement that reads, and the values that it brings along. One that searches reads where the indexes of
        words can serve; what is made of one that is sent once is not kept."""
        return self._preparing.prepared(statement, self._schema(searches), once=once)

    def template(
        self, statement: Executable, binds: Sequence[BindParameter[Any]], *, searches: bool = False
    ) -> Template:
        """A statement that reads, made with some values, to be sent with others."""
        return self._preparing.template(statement, binds, self._schema(searches))

    def _schema(self, searches: bool) -> str | None:
        return postgresql.SEARCH_SCHEMA if searches and self.dialect == "postgresql" else None

    async def run(self, actor: Actor, program: Program[T]) -> T:
        """The result of a program of statements in the name of an actor, on one connection."""
        if (statements := counted.get()) is not None:
            program = _counting(program, statements)
        async with _Reading(self.reader, actor.organization_id, _as_it_is) as driver:
            return await driver.run(program)

    def write(self, actor: Actor) -> AbstractAsyncContextManager[ScopedSession]:
        """A session in one transaction: committed at the end, or rolled back by an exception."""
        return self._transaction(actor.organization_id, lambda writing: ScopedSession(writing, actor))

    async def transact(self, actor: Actor, work: Callable[[ScopedSession], Awaitable[T]]) -> T:
        """Run `work` in a transaction of its own, again when another one got in its way; so it has to be pure."""
        for attempt in range(1, TRIES + 1):
            try:
                async with self.write(actor) as session:
                    return await work(session)
            except DBAPIError as error:
                last = attempt == TRIES
                if not _passing(error) or (last and isinstance(error, IntegrityError)):
                    raise
                if last:
                    raise Unavailable("the database is busy") from error
                await asyncio.sleep(random.uniform(0.5, 1.5) * 0.02 * 2**attempt)  # noqa: S311 - it guards nothing
        raise AssertionError("unreachable")

    def unscoped(self) -> AbstractAsyncContextManager[Writing]:
        """A transaction outside any organization, for the two global tables; tenant tables read as empty."""
        return self._transaction("", _as_it_is)

    def look_up(self) -> AbstractAsyncContextManager[Reading]:
        """A reading connection outside any organization, for finding a key."""
        return _Reading(self.finder, "", lambda driver: Reading(driver, self._preparing))

    async def refresh_statistics(self) -> None:
        """Tell the planner what the tables look like, after much was written. SQLite plans by fixed figures."""
        if self.dialect == "postgresql":
            async with self.unscoped() as connection:
                await connection.execute(text(f"SELECT {postgresql.SEARCH_SCHEMA}.refresh_statistics()"))

    async def ping(self) -> None:
        async with self.look_up() as reading:
            await reading.execute(text("SELECT 1"))

    async def close(self) -> None:
        await self.changes.close()
        await self.finder.close()
        await self.reader.close()
        await self.writer.close()

    async def _caller(self, id: str) -> Row[Any] | None:
        async with self.look_up() as reading:
            return await caller_by_key(reading, id)

    @asynccontextmanager
    async def _transaction(self, organization_id: str, made: Callable[[Writing], C]) -> AsyncIterator[C]:
        async with _Connected(self.writer, organization_id, _as_it_is) as writer:
            try:
                await writer.begin()
                writing = Writing(writer, self._preparing)
                yield made(writing)
                await writer.commit()
            except BaseException:
                await writer.rollback()
                raise
        if are_told(writing.changed, writing.added_to):
            self.changes.note()


class _Connected(AbstractAsyncContextManager[C], Generic[D, C]):
    """A connection for a while, and what its failures mean. (Written out, for it is in every request.)"""

    def __init__(self, connections: Connections[D], organization_id: str, made: Callable[[D], C]) -> None:
        self._connections, self._organization_id, self._made = connections, organization_id, made

    async def __aenter__(self) -> C:
        try:
            self._driver = await self._connections.acquire()
        except ProgrammingError:  # what is denied today is denied tomorrow
            raise
        except _UNREACHABLE as error:
            raise Unavailable("the database cannot be reached") from error
        try:
            await self._driver.remember_scope(self._organization_id)
        except BaseException as error:
            await self.__aexit__(type(error), error, None)
            raise
        return self._made(self._driver)

    async def __aexit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        await self._connections.release(self._driver)
        if isinstance(error, DBAPIError) and (meant := self._meant(error)) is not None:
            raise meant from error

    def _meant(self, error: DBAPIError) -> Exception | None:
        return _meant(error)


class _Reading(_Connected[Driver, C]):
    """The same for one that reads: who would write tries again where a lock was not free, a reader gives up."""

    def _meant(self, error: DBAPIError) -> Exception | None:
        if getattr(error.orig, "sqlstate", None) == _LOCKED:
            return Unavailable("the database is busy")
        return super()._meant(error)


def _as_it_is(made: C) -> C:
    return made


def _meant(error: DBAPIError) -> Exception | None:
    """What a failure of the database means to the caller, where it means something."""
    if getattr(error.orig, "sqlstate", None) == _CANCELED:
        return TimedOut("a statement ran too long")
    if any(complaint in str(error.orig) for complaint in _TOO_COMPLEX):
        message = "The query is more than SQLite can take at once; nest it less, or ask with fewer conditions."
        return ArgumentFault(message, ["query"], FaultCode.COST_EXCEEDED)
    if error.connection_invalidated:
        return Unavailable("the connection to the database was lost")
    return None


def _counting(program: Program[T], statements: Statements) -> Program[T]:
    """The program, with each of its statements counted."""
    try:
        asked = next(program)
        while True:
            statements.count += 1
            asked = program.send((yield asked))
    except StopIteration as end:
        result: T = end.value
        return result


def _passing(error: DBAPIError) -> bool:
    """Whether the same work may end in another way when tried again, for what other transactions did meanwhile."""
    return getattr(error.orig, "sqlstate", None) in _PASSING or "database is locked" in str(error.orig)
