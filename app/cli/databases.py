"""Commands for a database as a whole: its tables, and the demo organization in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from app import settings
from app.cli import console, demo, key_file
from app.cli.mistakes import Mistake
from app.cli.opening import connected, synchronous
from app.cli.options import DatabaseUrl
from app.storage import migrations
from app.storage.sqlite import ServingLock


@synchronous
async def migrate(database_url: DatabaseUrl = None) -> None:
    """Bring the tables to this version; a missing SQLite file is made."""
    url = settings.read(database_url=database_url).database_url
    changed = await upgrade(url)
    shown = make_url(url).render_as_string()
    console.err.print(f"{shown} is {'now' if changed else 'already'} at revision {migrations.head()}.")


@synchronous
async def load_demo(database_url: DatabaseUrl = None) -> None:
    """Load the demo organization. Prints its key, which works on this machine alone."""
    url = settings.read(database_url=database_url).database_url
    await upgrade(url)
    async with connected(url) as database:
        if await demo.is_loaded(database):
            console.err.print("The demo organization is there already.")
        else:
            with alone(url):
                await demo.load(database)
        console.out.print(await demo.key(database, key_file.path_for(url)))


async def upgrade(url: str) -> bool:
    """Bring the tables to this version, unless they are; tells whether anything was done."""
    check_folder(url)
    if not await migrations.pending(url):
        return False
    with alone(url):
        await migrations.upgrade(url)
    return True


def check_folder(url: str) -> None:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(str(parsed.database)).absolute().parent.is_dir():
        raise Mistake(f"{parsed.database}: there is no such folder.")


@contextmanager
def alone(url: str) -> Iterator[None]:
    """While no server works on an SQLite file. PostgreSQL keeps its users apart by itself."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        check_folder(url)
        with ServingLock(parsed):
            yield
    else:
        yield
