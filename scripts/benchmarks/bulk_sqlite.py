"""Many rows into a new SQLite file: its indexes and what keeps the words come after the rows."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection

from app.storage.derived import derivations
from app.storage.metadata import metadata
from app.storage.migrations import engine, statistics
from app.storage.migrations.words import index_words
from scripts.benchmarks.bulk_rows import Bulk


async def fill(file: Path, bulks: Iterable[Bulk]) -> None:
    """Write the rows into a migrated file that has none. The planner gets the figures that the gateway gives it."""
    with sqlite3.connect(file) as connection:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -200000"):
            connection.execute(f"PRAGMA {pragma}")
        later = _take_down(connection)
        for bulk in bulks:
            columns, marks = ", ".join(bulk.columns), ", ".join("?" * len(bulk.columns))
            statement = f'INSERT INTO "{bulk.table}" ({columns}) VALUES ({marks})'  # noqa: S608 - our own names
            connection.executemany(statement, bulk.rows)
        for statement in later:
            connection.execute(statement)
    connection.close()
    owner = engine(f"sqlite:///{file}")
    async with owner.begin() as opened:
        await opened.run_sync(_index_words)
        await opened.run_sync(statistics.write)
    await owner.dispose()


def _take_down(connection: sqlite3.Connection) -> list[str]:
    """Drop the indexes and the triggers; what makes the indexes again."""
    found = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
    ).fetchall()
    for type_, name, _ in found:
        connection.execute(f'DROP {type_} "{name}"')
    return [sql for type_, _, sql in found if type_ == "index"]


def _index_words(connection: Connection) -> None:
    with Operations.context(MigrationContext.configure(connection)):
        for table in metadata.sorted_tables:
            words = [name for name in derivations(table) if name.endswith("_words")]
            if words:
                index_words(table.name, words)
