"""One import into a new database, given by its URL; prints its time and the process's peak memory as JSON."""

import asyncio
import json
import resource
import sys
import time
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from app.services import organizations
from app.services.close_format import import_file
from app.storage import migrations
from app.storage.database import Database


async def measure(url: str, file: Path) -> dict[str, float]:
    await _make(url)
    database = Database(url)
    organization = await organizations.create(database, "Bench")
    start = time.perf_counter()
    summary = await import_file(database, organization, file)
    seconds = time.perf_counter() - start
    await database.close()
    if summary.created != summary.read:
        raise SystemExit(f"Not every lead came in: {summary}")
    return {
        "leads": summary.read,
        "objects": sum(counts.created for counts in summary.objects.values()),
        "seconds": seconds,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


async def _make(url: str) -> None:
    """A new, migrated database in the place of any other."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        engine = create_async_engine(parsed.set(drivername="postgresql+asyncpg", database="postgres"))
        async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            await connection.execute(text(f"DROP DATABASE IF EXISTS {parsed.database}"))
            await connection.execute(text(f"CREATE DATABASE {parsed.database}"))
        await engine.dispose()
    await migrations.upgrade(url)


print(json.dumps(asyncio.run(measure(sys.argv[1], Path(sys.argv[2])))))
