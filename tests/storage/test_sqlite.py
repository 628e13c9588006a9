import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from app.domain.access import Actor
from app.storage.database import Database
from app.storage.leads import Lead, LeadStatus
from app.storage.reads import table_of
from app.storage.session import ScopedSession
from app.storage.sqlite import AlreadyServed, ServingLock, lock_path
from tests.storage.scenery import add_lead, new_actor, sent

pytestmark = pytest.mark.parametrize("store", ["sqlite"])

REFUSED = "crm.db is served by another process; SQLite takes one. Use PostgreSQL for several workers."
SERVE = """
import sys
from sqlalchemy import make_url
from app.storage.sqlite import AlreadyServed, ServingLock
for _ in range(2):
    try:
        ServingLock(make_url(sys.argv[1])).__enter__()
        print("served", flush=True)
    except AlreadyServed as refusal:
        print(refusal, flush=True)
    sys.stdin.readline()
"""


async def _pragmas(database: Database, *names: str) -> list[object]:
    """The settings of the connection that writes."""
    async with database.unscoped() as connection:
        return [await connection.scalar(text(f"PRAGMA {name}")) for name in names]


async def test_connections_are_prepared(database: Database) -> None:
    names = ("journal_mode", "foreign_keys", "busy_timeout", "query_only")
    async with database.look_up() as reading:
        assert [await reading.scalar(text(f"PRAGMA {name}")) for name in names] == ["wal", 1, 5_000, 1]
    assert await _pragmas(database, *names) == ["wal", 1, 5_000, 0]
    full = 2
    assert await _pragmas(database, "synchronous", "wal_autocheckpoint") == [full, 1_000]


@pytest.mark.parametrize(
    "statement", ["DELETE FROM lead_status", "INSERT INTO alembic_version VALUES ('x')", "CREATE TABLE more (id)"]
)
async def test_readers_refuse_to_write(database: Database, statement: str) -> None:
    async with database.look_up() as connection:
        with pytest.raises(OperationalError, match="attempt to write a readonly database"):
            await connection.execute(text(statement))
        assert await connection.scalar(text("SELECT count(*) FROM alembic_version")) == 1


async def test_transactions_begin_with_the_lock(database: Database) -> None:
    actor = await new_actor(database, "Acme")
    with sent() as statements:
        async with database.write(actor) as session:
            await session.count(Lead)
    assert [sql.split()[0] for sql, _ in statements] == ["BEGIN", "SELECT", "COMMIT"]
    assert statements[0][0] == "BEGIN IMMEDIATE"


async def test_increments_of_two_writers_add_up(database: Database) -> None:
    """Each reads, lets the other run, and writes; nothing is locked but the file."""
    actor = await new_actor(database, "Acme")
    async with database.write(actor) as session:
        await add_lead(session, "it")
    second = Database(database.url.render_as_string(hide_password=False))

    async def add(session: ScopedSession) -> None:
        row = await session.get(Lead, "it")
        assert row is not None
        await asyncio.sleep(0)
        await session.update(Lead, {"version": row["version"] + 1})

    async def loop(one: Database) -> None:
        for _ in range(50):
            await one.transact(actor, add)

    await asyncio.gather(loop(database), loop(second))
    await second.close()
    async with database.read(actor) as session:
        assert [row["version"] for row in await session.find(Lead)] == [101]


async def test_readers_do_not_wait_for_writer(database: Database) -> None:
    actor = await new_actor(database, "Acme")
    async with database.write(actor) as writing:
        await add_lead(writing, "it")
        async with database.read(actor) as reading:
            assert await reading.count(Lead) == 0
            assert await writing.count(Lead) == 1
    async with database.read(actor) as reading:
        assert await reading.count(Lead) == 1


async def test_second_server_is_refused(database: Database) -> None:
    with ServingLock(database.url), pytest.raises(AlreadyServed) as refusal, ServingLock(database.url):
        pass
    assert str(refusal.value) == REFUSED
    with ServingLock(database.url):
        pass


async def test_lock_holds_between_processes(database: Database) -> None:
    command = [sys.executable, "-c", SERVE, str(database.url)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    with ServingLock(database.url):
        assert process.stdout.readline() == f"{REFUSED}\n"
    process.stdin.write("\n")
    process.stdin.flush()
    assert process.stdout.readline() == "served\n"
    with pytest.raises(AlreadyServed, match=REFUSED), ServingLock(database.url):
        pass
    process.kill()  # without a chance to let go
    process.communicate()
    with ServingLock(database.url):
        pass


async def test_served_files_are_moved_by_their_server(database: Database) -> None:
    """A command that writes while the file is served leaves the log to the server."""
    with ServingLock(database.url):
        command = Database(database.url.render_as_string(hide_password=False))
    assert await _pragmas(command, "wal_autocheckpoint") == [0]
    await command.close()


def test_lock_file_is_private(tmp_path: Path, store: str) -> None:
    url = make_url(f"{store}:///{tmp_path / 'crm.db'}")
    with ServingLock(url):
        assert lock_path(url) == tmp_path / "crm.db.lock"
        assert lock_path(url).stat().st_mode & 0o777 == 0o600


async def test_busy_file_is_waited_for(database: Database) -> None:
    actor = await new_actor(database, "Acme")
    second = Database(database.url.render_as_string(hide_password=False))

    async def rename(session: ScopedSession) -> int:
        return await session.update(LeadStatus, {"label": "Late"}, table_of(LeadStatus).c.position == 0)

    async with database.write(actor) as session:
        waiting = asyncio.ensure_future(second.transact(actor, rename))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        await session.update(LeadStatus, {"label": "First"}, table_of(LeadStatus).c.position == 0)
    assert await waiting == 1
    assert await _labels(database, actor) == ["Late", "Bad Fit", "Qualified", "Customer"]
    await second.close()


async def _labels(database: Database, actor: Actor) -> list[str]:
    async with database.read(actor) as session:
        rows = await session.find(LeadStatus, order_by=[table_of(LeadStatus).c.position])
    return [row["label"] for row in rows]
