"""A made-up CRM in a database: made once, and found again by later runs."""

import asyncio
from hashlib import blake2b
from pathlib import Path

import typer
from sqlalchemy import URL, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from app.storage import derived, migrations
from app.storage.migrations import DRIVERS
from scripts.benchmarks import bulk_postgresql, bulk_sqlite
from scripts.benchmarks.bulk_rows import every
from scripts.benchmarks.crm_furniture import ORGANIZATION


def sized(url: str, leads: int) -> str:
    """The URL of the database for so many leads: its name ends with them."""
    parsed, size = make_url(url), f"{leads // 1000}k" if leads % 1000 == 0 else str(leads)
    name = Path(parsed.database or "bench.db")
    return _shown(parsed.set(database=str(name.with_name(f"{name.stem}_{size}{name.suffix}"))))


async def load(url: str, leads: int) -> None:
    """See to it that this database holds these leads and nothing else."""
    wanted = f"{leads} leads, {_fingerprint()}"
    found = await _organizations(url)
    if found == {ORGANIZATION: wanted}:
        return
    if found and set(found) != {ORGANIZATION}:
        raise typer.BadParameter(f"{_shown(make_url(url), hide=True)} holds something else than a benchmark's data.")
    if make_url(url).get_backend_name() == "sqlite":
        await _load_sqlite(url, leads, wanted)
    else:
        await _load_postgresql(url, leads, wanted)


async def _load_sqlite(url: str, leads: int, name: str) -> None:
    file = Path(make_url(url).database or "")
    part = file.with_name(f"{file.name}.part")
    for old in (file, part):
        for suffix in ("", "-wal", "-shm"):
            old.with_name(f"{old.name}{suffix}").unlink(missing_ok=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    await migrations.upgrade(f"sqlite:///{part}")
    await bulk_sqlite.fill(part, every(leads, name, "sqlite"))
    part.rename(file)


async def _load_postgresql(url: str, leads: int, name: str) -> None:
    parsed = make_url(url)
    server = create_async_engine(parsed.set(drivername=DRIVERS["postgresql"], database="postgres"))
    async with server.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.execute(text(f'DROP DATABASE IF EXISTS "{parsed.database}"'))
        await connection.execute(text(f'CREATE DATABASE "{parsed.database}"'))
    await server.dispose()
    await migrations.upgrade(url)
    await bulk_postgresql.fill(url, every(leads, name, "postgresql"))


async def _organizations(url: str) -> dict[str, str]:
    """The organizations by their ids; none where there is no such database, or nothing in it."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and not await asyncio.to_thread(Path(parsed.database or "").exists):
        return {}
    owner = migrations.engine(url)
    try:
        async with owner.connect() as connection:
            found = await connection.execute(text("SELECT id, name FROM organization"))
            return {row.id: row.name for row in found}
    except DBAPIError as error:
        if any(missing in str(error.orig) for missing in ("does not exist", "no such table")):
            return {}
        raise
    finally:
        await owner.dispose()


def _fingerprint() -> str:
    """Changes with whatever the data follow from: what makes them, and the tables that hold them."""
    here, storage = Path(__file__).parent, Path(derived.__file__).parent
    sources = [
        *sorted(here.glob("crm_*.py")),
        *sorted(here.glob("bulk_*.py")),
        *sorted((storage / "migrations").rglob("*.py")),
        storage / "derived.py",
        storage / "number_keys.py",
        storage / "types.py",
    ]
    return blake2b(b"".join(source.read_bytes() for source in sources), digest_size=6).hexdigest()


def _shown(url: URL, hide: bool = False) -> str:
    return url.render_as_string(hide_password=hide)
