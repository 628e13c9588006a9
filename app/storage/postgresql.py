"""PostgreSQL as a store: asyncpg, and row level security as the second wall around an organization.

Every connection takes on a role that neither owns the tables nor bypasses their policies; the policies let it see
the rows of the organization in the setting `crm.organization`, and none without it. Searches read the same rows
through views, whose owner is a second role: below a policy no condition on words gets to an index.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any

import asyncpg
from sqlalchemy import URL, Dialect
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.ext.asyncio import create_async_engine

from app.storage.reading import Driver, Effort, Found, Program, T, note, outlast

ROLE = "crm_gateway"
SETTING = "crm.organization"
PLANS = "plan_cache_mode"
SEARCH_ROLE = "crm_gateway_search"
SEARCH_SCHEMA = "crm_search"
WAIT_SECONDS = 10
STATEMENTS = 256

_ID = re.compile(r"\w*", re.ASCII)
_driver: Any = asyncpg  # its types are not all exported
_OUT_OF_STEP = _driver.InternalClientError  # such as when the server said goodbye between two statements
ERRORS: tuple[type[BaseException], ...] = (_driver.PostgresError, _driver.InterfaceError, _OUT_OF_STEP, OSError)

_SESSION = {
    "application_name": "crm-gateway",
    "statement_timeout": "30s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "60s",
    "jit": "off",
}


class Readers:
    """Connections that read, in autocommit. They leave no state behind but the scope, which is set where it differs,
    so they go back to the pool without a reset."""

    settings = _SESSION | {"default_transaction_read_only": "on"}

    def __init__(self, url: URL, pool_size: int) -> None:
        self.dialect, given = _dialect(url)
        self._pool = _driver.create_pool(
            **given,
            min_size=0,
            max_size=pool_size,
            timeout=WAIT_SECONDS,
            connection_class=_Connection,
            statement_cache_size=STATEMENTS,
            init=_prepare,
            reset=_keep,
            server_settings=self.settings,
        )
        self._opening = asyncio.Lock()

    async def acquire(self) -> "Reader":
        """A connection of one's own until it is released."""
        return Reader(self._pool, await self._pooled())

    async def release(self, reader: Driver) -> None:
        if isinstance(reader, Reader):
            await self._pool.release(reader.pooled)

    async def close(self) -> None:
        if self._pool._initialized:
            await self._pool.close()

    async def _pooled(self) -> Any:
        if not self._pool._initialized:
            async with self._opening:
                await self._pool
        # A wait for a connection ends; it is not timed where there is none, for that takes longer than the rest.
        patience = None if self._pool.get_idle_size() else WAIT_SECONDS
        try:
            return await self._pool.acquire(timeout=patience)
        except _driver.SyntaxOrAccessError as error:  # the role is not granted
            raise _wrapped("SET ROLE", error, lost=False) from error


class Writers(Readers):
    """Connections that write, in transactions; the scope ends with each."""

    settings = _SESSION

    async def acquire(self) -> "Writer":
        return Writer(self._pool, await self._pooled())


async def connect(url: URL) -> Any:
    """A connection beside the pools."""
    _, given = _dialect(url)
    connection = await _driver.connect(**given, timeout=WAIT_SECONDS, server_settings=_SESSION)
    try:
        await connection.execute(f"SET ROLE {ROLE}")
    except BaseException:
        connection.terminate()
        raise
    return connection


def _dialect(url: URL) -> tuple[Dialect, Mapping[str, Any]]:
    """The dialect of a database, and what connects the driver to it."""
    url = url.set(drivername="postgresql+asyncpg")
    dialect = create_async_engine(url).dialect
    return dialect, dialect.create_connect_args(url)[1]


class _Connection(asyncpg.Connection):
    """A connection that knows how it is set: whose rows it sees, and how it plans."""

    organization_id: str | None = None
    plans_anew: bool | None = False


class Reader:
    """A connection of the driver. One that died while it lay in the pool is replaced before it is missed."""

    def __init__(self, pool: Any, pooled: Any) -> None:
        self._pool = pool
        self._organization_id: str | None = None
        self._has_answered = False
        self._take(pooled)

    async def fetch(self, sql: str, parameters: Sequence[Any], effort: Effort = Effort.USUAL) -> Found:
        if (effort is Effort.LONG) is not self.connection.plans_anew:
            await self._plan_anew(effort is Effort.LONG)
        note(sql, parameters)
        try:
            rows = await self.connection.fetch(sql, *parameters)
        except ERRORS as error:
            await self._replace(self._failure(sql, error))
            return await self.fetch(sql, parameters, effort)
        self._has_answered = True
        return Found(list(rows[0].keys()) if rows else (), rows)

    async def run(self, program: Program[T]) -> T:
        try:
            asked = next(program)
            while True:
                asked = program.send(await self.fetch(*asked))
        except StopIteration as end:
            result: T = end.value
            return result

    async def remember_scope(self, organization_id: str) -> None:
        """See the rows of this organization, unless they are the ones that it sees already."""
        self._organization_id = organization_id
        if self.connection.organization_id != organization_id:
            self.connection.organization_id = None
            await self.fetch("SELECT set_config($1, $2, false)", [SETTING, organization_id])
            self.connection.organization_id = organization_id

    async def _plan_anew(self, wanted: bool) -> None:
        """Have statements planned for their values, or let the server keep a plan that serves for any."""
        mode = "force_custom_plan" if wanted else "auto"
        effort = Effort.LONG if wanted else Effort.USUAL
        self.connection.plans_anew = wanted  # told first, for what tells it is a statement too
        try:
            await self.fetch("SELECT set_config($1, $2, false)", [PLANS, mode], effort)
        except BaseException:
            self.connection.plans_anew = None
            raise

    def _take(self, pooled: Any) -> None:
        self.pooled = pooled
        self.connection: Any = pooled._con  # the pool's proxy before it is empty once the connection is lost

    def _failure(self, sql: str, error: BaseException) -> DBAPIError:
        if isinstance(error, _OUT_OF_STEP):
            self.connection.terminate()
        return _wrapped(sql, error, lost=self.connection.is_closed())

    async def _replace(self, failure: DBAPIError) -> None:
        """Take a new connection: what ended this one has most likely ended the others in the pool.

        A failure of one that has answered is raised: what it did before is lost with it.
        """
        if self._has_answered or not failure.connection_invalidated:
            raise failure from failure.orig
        self._has_answered = True
        await self._pool.release(self.pooled)
        await self._pool.expire_connections()
        try:
            self._take(await self._pool.acquire(timeout=WAIT_SECONDS))
        except ERRORS as error:
            raise _wrapped("", error, lost=True) from error
        if self._organization_id is not None:
            await self.remember_scope(self._organization_id)


class Writer(Reader):
    """A connection in a transaction, from `begin` to `commit` or `rollback`."""

    async def remember_scope(self, organization_id: str) -> None:
        """See the rows of this organization from `begin` on."""
        if not _ID.fullmatch(organization_id):  # it becomes part of a text, which takes no parameters
            raise ValueError(f"{organization_id!r} is no id of an organization")
        self._organization_id = organization_id

    async def fetch(self, sql: str, parameters: Sequence[Any], effort: Effort = Effort.USUAL) -> Found:
        """Planned as usual: what a connection is told of planning would be lost with a transaction."""
        return await super().fetch(sql, parameters)

    async def begin(self) -> None:
        """Begin, and set the scope until the end, in one round trip."""
        sql = f"BEGIN; SET LOCAL {SETTING} = '{self._organization_id}'"
        note(sql, ())
        try:
            await self.connection.execute(sql)
        except ERRORS as error:
            await self._replace(self._failure(sql, error))
            await self.begin()
        self._has_answered = True

    async def change(self, sql: str, parameters: Sequence[Any]) -> int:
        # Rows or their number: the driver's public methods answer one or the other, and a write has no rows for us.
        status: str = await self._sent(sql, parameters, self.connection.execute(sql, *parameters))
        return int(status.rpartition(" ")[2])

    async def change_each(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        await self._sent(sql, rows, self.connection.executemany(sql, rows))

    async def commit(self) -> None:
        """PostgreSQL rolls back, and says so without an error, where a statement had failed and nobody minded."""
        if await self._sent("COMMIT", (), self.connection.execute("COMMIT")) != "COMMIT":
            raise _wrapped("COMMIT", _driver.InFailedSQLTransactionError("nothing was committed"), lost=False)

    async def rollback(self) -> None:
        """Whoever cancels again waits too: what was given up holds its locks until the server has heard of that."""
        note("ROLLBACK", ())
        ending = asyncio.ensure_future(self._end())
        try:
            await asyncio.shield(ending)
        except asyncio.CancelledError:
            await outlast(ending)
            raise

    async def _end(self) -> None:
        """A connection that does not get out of its transaction is ended, which ends that as well."""
        try:
            await self.connection.execute("ROLLBACK", timeout=WAIT_SECONDS)
        except ERRORS:
            self.connection.terminate()

    async def _sent(self, sql: str, parameters: Sequence[Any], answer: Awaitable[T]) -> T:
        note(sql, parameters)
        try:
            return await answer
        except ERRORS as error:
            raise self._failure(sql, error) from error


async def _prepare(connection: Any) -> None:
    """Take on the role; read JSON as SQLAlchemy does."""
    await connection.execute(f"SET ROLE {ROLE}")
    for name in ("json", "jsonb"):
        await connection.set_type_codec(name, encoder=str, decoder=json.loads, schema="pg_catalog")


async def _keep(connection: Any) -> None:
    """Instead of the pool's own reset, which is a statement."""


def _wrapped(sql: str, error: BaseException, *, lost: bool) -> DBAPIError:
    """An error of the driver as that of SQLAlchemy which stands for it."""
    kinds = (
        (_driver.IntegrityConstraintViolationError, IntegrityError),
        (_driver.SyntaxOrAccessError, ProgrammingError),
        (_driver.OperatorInterventionError, OperationalError),
    )
    kind: Any = next((ours for theirs, ours in kinds if isinstance(error, theirs)), DBAPIError)
    wrapped: DBAPIError = kind(sql, None, error, hide_parameters=True, connection_invalidated=lost)
    return wrapped
