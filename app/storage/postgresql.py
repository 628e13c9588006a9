"""PostgreSQL as a store: asyncpg, and row level security as the second wall around an organization.

Every connection takes on a role that neither owns the tables nor bypasses their policies; the policies let it see
the rows of the organization in the setting `crm.organization`, and none without it. Searches read the same rows
through views, whose owner is a second role: below a policy no condition on words gets to an index.
"""

from typing import Any

from sqlalchemy import URL, event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

ROLE = "crm_gateway"
SETTING = "crm.organization"
SEARCH_ROLE = "crm_gateway_search"
SEARCH_SCHEMA = "crm_search"

_SESSION = {
    "application_name": "crm-gateway",
    "statement_timeout": "30s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "60s",
    "jit": "off",
}


def reader(url: URL, pool_size: int) -> AsyncEngine:
    """Reads leave no state behind, so their connections go back to the pool without a reset."""
    settings = _SESSION | {"default_transaction_read_only": "on"}
    return _engine(url, pool_size, settings, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)


def writer(url: URL, pool_size: int) -> AsyncEngine:
    return _engine(url, pool_size, _SESSION)


def _engine(url: URL, pool_size: int, settings: dict[str, str], **options: Any) -> AsyncEngine:
    engine = create_async_engine(
        url.set(drivername="postgresql+asyncpg"),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"server_settings": settings, "timeout": 10},
        **options,
    )
    event.listen(engine.sync_engine, "connect", _take_role)
    return engine


def _take_role(connection: Any, _: object) -> None:
    cursor = connection.cursor()
    cursor.execute(f"SET ROLE {ROLE}")
    cursor.close()
    connection.commit()


async def remember_scope(connection: AsyncConnection, organization_id: str) -> None:
    """Set the organization of an autocommit connection, unless it is the one that is set already."""
    known = connection.sync_connection.info if connection.sync_connection else {}
    if known.get(SETTING) != organization_id:
        known.pop(SETTING, None)
        await connection.execute(text("SELECT set_config(:name, :value, false)"), _scope(organization_id))
        known[SETTING] = organization_id


async def set_scope(connection: AsyncConnection, organization_id: str) -> None:
    """Set the organization until the end of the transaction."""
    await connection.execute(text("SELECT set_config(:name, :value, true)"), _scope(organization_id))


def _scope(organization_id: str) -> dict[str, str]:
    return {"name": SETTING, "value": organization_id}
