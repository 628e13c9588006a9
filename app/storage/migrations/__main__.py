"""Writes a new revision from what the tables have and the newest revision has not: `python -m app.storage.migrations TEXT`."""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.storage.migrations import configuration, engine, upgrade


async def write(message: str) -> None:
    """Compare the tables with a database at the newest revision."""
    count = len(list(ScriptDirectory.from_config(configuration()).walk_revisions()))

    def generate(connection: Connection) -> None:
        settings = configuration(connection=connection)
        command.revision(settings, message, autogenerate=True, rev_id=f"{count + 1:04}")

    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'crm.db'}"
        await upgrade(url)
        owner = engine(url)
        async with owner.begin() as connection:
            await connection.run_sync(generate)
        await owner.dispose()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit('say what changes: python -m app.storage.migrations "What changes"')
    asyncio.run(write(sys.argv[1]))
