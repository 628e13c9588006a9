"""Loading the demo into an organization: its records go through the import, as anybody's file does."""

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from app.demo.furniture import furnish
from app.demo.leads import records
from app.domain.access import Actor
from app.services.close_format import import_file
from app.storage.database import Database

Progress = Callable[[int, int | None], None]


async def load_demo(database: Database, organization_id: str, today: date, progress: Progress | None = None) -> None:
    """Write the demo as it looks on a day; loaded again on the same day it changes nothing."""
    await database.transact(Actor.system(organization_id), lambda session: furnish(session, today))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "demo.jsonl"
        await asyncio.to_thread(write_file, file, today)
        await import_file(database, organization_id, file, progress=progress)


def write_file(file: Path, today: date) -> None:
    """Write the records of a day, one a line."""
    with file.open("wb") as lines:
        for record in records(today):
            lines.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
