"""Changes of a database that would be noticed already, and waiting for what takes a moment."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from app.storage.changes import Changes, CountedChanges, ToldChanges
from app.storage.database import Database


@asynccontextmanager
async def opened_changes(database: Database) -> AsyncIterator[Changes]:
    changes: Changes
    if database.dialect == "sqlite":
        changes = CountedChanges(database.url)
    else:
        changes = ToldChanges(database.url, database.finder)
    await until(lambda: changes.version() is not None)
    yield changes
    await changes.close()


async def until(holds: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait for what will hold soon; a TimeoutError when it does not."""
    async with asyncio.timeout(seconds):
        while True:
            if holds():
                return
            await asyncio.sleep(0.001)


async def until_told(changes: Changes, before: int | None) -> None:
    """Wait for the change after a version."""
    await until(lambda: changes.version() not in {before, None}, seconds=1)
