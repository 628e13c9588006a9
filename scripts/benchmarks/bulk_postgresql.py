"""Many rows into a new PostgreSQL database, by COPY: the indexes that no constraint needs come after the rows."""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.storage.migrations import engine
from scripts.benchmarks.bulk_rows import Bulk

# Keys that are checked one by one take most of the time; these rows fit together.
_SETTINGS = ("session_replication_role = replica", "maintenance_work_mem = '256MB'", "synchronous_commit = off")
_INDEXES = text(
    """
    SELECT index.relname, pg_get_indexdef(index.oid)
    FROM pg_index JOIN pg_class AS index ON index.oid = indexrelid
    WHERE index.relnamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
    """
)


async def fill(url: str, bulks: Iterable[Bulk]) -> None:
    """Write the rows into a migrated database that has none, and look them over for the planner."""
    owner = engine(url)
    async with owner.begin() as connection:
        for setting in _SETTINGS:
            await connection.execute(text(f"SET LOCAL {setting}"))
        later = await _take_down(connection)
        driver = (await connection.get_raw_connection()).driver_connection
        if driver is None:
            raise RuntimeError("no connection")
        for bulk in bulks:
            await driver.copy_records_to_table(bulk.table, records=bulk.rows, columns=bulk.columns)
        for statement in later:
            await connection.execute(text(statement))
    async with owner.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.execute(text("VACUUM ANALYZE"))
    await owner.dispose()


async def _take_down(connection: AsyncConnection) -> list[str]:
    """Drop the indexes; what makes them again."""
    found = (await connection.execute(_INDEXES)).all()
    for name, _ in found:
        await connection.execute(text(f'DROP INDEX "{name}"'))
    return [definition for _, definition in found]
