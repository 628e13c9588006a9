"""PostgreSQL as a store: asyncpg, and row level security as the second wall around an organization.

Every connection takes on a role that neither owns the tables nor bypasses their policies; the policies let it see
the rows of the organization in the setting `crm.organization`, and none without it. Searches read the same rows
through views, whose owner is a second role: below a policy no condition on words gets to an index.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
from sqlalchemy import URL, Dialect, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.storage.reading import Driver, Effort, Found, Program, T, note

ROLE = "crm_gateway"
SETTING = "crm.organization"
PLANS = "plan_cache_mode"
SEARCH_ROLE = "crm_gateway_search"
SEARCH_SCHEMA = "crm_search"
WAIT_SECONDS = 10
STATEMENTS = 256

_driver: Any = asyncpg  # its types are not all exported
_OUT_OF_STEP = _driver.InternalClientError  # such as when the server said goodbye between two statements
ERRORS: tuple[type[BaseException], ...] = (_driver.PostgresError, _driver.InterfaceError, _OUT_OF_STEP, OSError)
DENIED: tuple[type[BaseException], ...] = (ProgrammingError, _driver.SyntaxOrAccessError)

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
            server_settings=_SESSION | {"default_transaction_read_only": "on"},
        )
        self._opening = asyncio.Lock()

    async def acquire(self) -> "Reader":
        """A connection of one's own until it is released."""
        if not self._pool._initialized:
            async with self._opening:
                await self._pool
        # A wait for a connection ends; it is not timed where there is none, for that takes longer than the rest.
        patience = None if self._pool.get_idle_size() else WAIT_SECONDS
        return Reader(self._pool, await self._pool.acquire(timeout=patience))

    async def release(self, reader: Driver) -> None:
        if isinstance(reader, Reader):
            await self._pool.release(reader.pooled)

    async def close(self) -> None:
        if self._pool._initialized:
            await self._pool.close()


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
    dialect = _engine(url, 1, {}).dialect
    return dialect, dialect.create_connect_args(url.set(drivername="postgresql+asyncpg"))[1]


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
            if isinstance(error, _OUT_OF_STEP):
                self.connection.terminate()
            lost = self.connection.is_closed()
            if lost and not self._has_answered:
                await self._replace()
                return await self.fetch(sql, parameters, effort)
            raise _wrapped(sql, error, lost=lost) from error
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

    async def _replace(self) -> None:
        """Take a new connection: what ended this one has most likely ended the others in the pool."""
        self._has_answered = True
        await self._pool.release(self.pooled)
        await self._pool.expire_connections()
        try:
            self._take(await self._pool.acquire(timeout=WAIT_SECONDS))
        except ERRORS as error:
            raise _wrapped("", error, lost=True) from error
        if self._organization_id is not None:
            await self.remember_scope(self._organization_id)


def writer(url: URL, pool_size: int) -> AsyncEngine:
    return _engine(url, pool_size, _SESSION)


def _engine(url: URL, pool_size: int, settings: dict[str, str]) -> AsyncEngine:
    engine = create_async_engine(
        url.set(drivername="postgresql+asyncpg"),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=WAIT_SECONDS,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"server_settings": settings, "timeout": WAIT_SECONDS},
    )
    event.listen(engine.sync_engine, "connect", _take_role)
    return engine


def _take_role(connection: Any, _: object) -> None:
    cursor = connection.cursor()
    cursor.execute(f"SET ROLE {ROLE}")
    cursor.close()
    connection.commit()


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


async def set_scope(connection: AsyncConnection, organization_id: str) -> None:
    """Set the organization until the end of the transaction."""
    await connection.execute(text("SELECT set_config(:name, :value, true)"), _scope(organization_id))


def _scope(organization_id: str) -> dict[str, str]:
    return {"name": SETTING, "value": organization_id}
