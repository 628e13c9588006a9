"""The database that a benchmark of GraphQL works on: a copy where it writes, a key, cursors, functions for peers."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import typer
from sqlalchemy import URL, insert, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from app.cli.opening import connected
from app.domain.activities import ActivityType
from app.services import keys
from app.storage import migrations
from app.storage.activities import Activity
from app.storage.derived import plain_columns
from app.storage.migrations import DRIVERS
from app.storage.reads import table_of
from scripts.benchmarks.crm_furniture import ORGANIZATION, SPAN, START, USERS, audited, made_id
from scripts.benchmarks.graphql_cases import CASES, DEEPEST, PEERS
from scripts.benchmarks.graphql_servers import Server

CROWD = 50_000
_PUT = text("UPDATE lead SET status_id = :status WHERE organization_id = :organization AND id = :lead")
_CURSORS = (
    "query Cursors($after: String) { "
    "leads(first: 100, after: $after, orderBy: { field: DATE_CREATED, direction: ASC }) { edges { cursor } } }"
)


@contextmanager
def copied(url: str, name: str = "graphql") -> Iterator[str]:
    """The URL of a copy that goes away again."""
    parsed = make_url(url)
    original = parsed.database or ""
    if parsed.get_backend_name() == "sqlite":
        file = Path(original)
        copy = file.with_name(f"{file.stem}_{name}{file.suffix}")
        _back_up(file, copy)
        try:
            yield _shown(parsed.set(database=str(copy)))
        finally:
            for suffix in ("", "-wal", "-shm", ".lock"):
                copy.with_name(f"{copy.name}{suffix}").unlink(missing_ok=True)
        return
    own = f"{original}_{name}"
    try:
        asyncio.run(_run(parsed, f'DROP DATABASE IF EXISTS "{own}"', f'CREATE DATABASE "{own}" TEMPLATE "{original}"'))
    except DBAPIError as error:
        raise typer.BadParameter(f"{original} cannot be copied: {error.orig}") from None
    try:
        yield _shown(parsed.set(database=own))
    finally:
        asyncio.run(_run(parsed, f'DROP DATABASE IF EXISTS "{own}" WITH (FORCE)'))


def _back_up(file: Path, copy: Path) -> None:
    """A copy that is whole even while somebody writes to the file."""
    copy.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)


async def _run(url: URL, *statements: str) -> None:
    """Statements outside a transaction, on the server's own database."""
    server = create_async_engine(url.set(drivername=DRIVERS["postgresql"], database="postgres"))
    try:
        async with server.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            for statement in statements:
                await connection.execute(text(statement))
    finally:
        await server.dispose()


@contextmanager
def key_of(url: str) -> Iterator[str]:
    """A key of the first user, which is refused afterwards."""
    key = asyncio.run(_make_key(url))
    try:
        yield key
    finally:
        asyncio.run(_revoke(url, key))


async def _make_key(url: str) -> str:
    async with connected(url) as database:
        return await keys.create(database, ORGANIZATION, USERS[0], "benchmark")


async def _revoke(url: str, key: str) -> None:
    async with connected(url) as database:
        await keys.revoke(database, ORGANIZATION, key.partition(".")[0])


async def add_functions(url: str) -> None:
    """What a peer that serves tables calls for what the gateway does in one mutation."""
    driver: Any = asyncpg
    connection = await driver.connect(url)
    try:
        await connection.execute((PEERS / "functions.sql").read_text())
    finally:
        await connection.close()


async def put(url: str, lead: str, status: str) -> None:
    """Move a lead to a status past every server, so that each of them can make the same change."""
    owner = migrations.engine(url)
    try:
        async with owner.begin() as connection:
            binds = {"organization": ORGANIZATION, "lead": lead, "status": status}
            await connection.execute(_PUT, binds)
    finally:
        await owner.dispose()


async def crowd(url: str) -> None:
    """Give the first lead very many notes, all through the years of the data."""
    blank = {column.name: None for column in plain_columns(table_of(Activity))}
    common = {"type": ActivityType.NOTE, "lead_id": made_id("lead", 0), "user_id": USERS[0], "details": {}}
    moments = [START + SPAN * (i / CROWD) for i in range(CROWD)]
    rows = [
        {**blank, **audited(moment, USERS[0]), **common, "id": made_id("acti", 10**12 + i), "date": moment}
        for i, moment in enumerate(moments)
    ]
    owner = migrations.engine(url)
    try:
        async with owner.begin() as connection:
            await connection.execute(insert(table_of(Activity)), rows)
            if connection.dialect.name == "postgresql":  # SQLite plans by fixed figures
                await connection.execute(text("ANALYZE activity"))
    finally:
        await owner.dispose()


def cursors(server: Server, leads: int) -> list[str]:
    """The gateway's cursors of the first leads, the oldest first."""
    found: list[str] = []
    while len(found) < min(DEEPEST, leads // 2):
        variables = {"after": found[-1] if found else None}
        answer = orjson.loads(server.ask(CASES["Q2O"], orjson.dumps({"query": _CURSORS, "variables": variables})))
        found += [edge["cursor"] for edge in answer["data"]["leads"]["edges"]]
    return found


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=False)
