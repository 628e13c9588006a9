"""Migrations of the schema, run by Alembic on either database."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.storage import sqlite
from app.storage.migrations import statistics

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
LOCK = 0x63726D  # any number that nothing else in the database locks by


def engine(url: str) -> AsyncEngine:
    """The owner's engine: it takes on no role, for it makes the tables."""
    parsed = make_url(url)
    return create_async_engine(parsed.set(drivername=DRIVERS[parsed.get_backend_name()]))


async def upgrade(url: str) -> None:
    """Bring the database to the newest revision, wholly or not at all; nothing happens when it is there."""
    owner = engine(url)
    if owner.dialect.name == "sqlite":
        sqlite.begin_by_hand(owner)
    try:
        async with owner.begin() as connection:
            await connection.run_sync(_upgrade)
    finally:
        await owner.dispose()


async def pending(url: str) -> bool:
    """Whether the database is behind the newest revision."""
    owner = engine(url)
    try:
        async with owner.connect() as connection:
            return await connection.run_sync(_revision) != head()
    finally:
        await owner.dispose()


def head() -> str | None:
    return ScriptDirectory.from_config(configuration()).get_current_head()


def configuration(**attributes: Any) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes.update(attributes)
    return config


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # several processes may start at once
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    before = _revision(connection)
    command.upgrade(configuration(connection=connection), "head")
    if connection.dialect.name == "sqlite" and before != head():
        statistics.write(connection)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
