import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from app.http import health
from app.http.refusals import HANDLERS
from app.http.requests import Identified
from app.storage.database import Database
from tests.http.gateway import code, served


@asynccontextmanager
async def served_without(database: Database) -> AsyncIterator[httpx2.AsyncClient]:
    """The health routes over a database that does not work."""
    app = Starlette(routes=health.routes(), middleware=[Middleware(Identified)], exception_handlers=HANDLERS)
    app.state.database = database
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://gateway.example") as client:
        yield client
    await database.close()


@asynccontextmanager
async def mute_server() -> AsyncIterator[int]:
    """The port of a server that takes connections and never says anything."""
    left = asyncio.Event()

    async def ignore(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await left.wait()
        writer.close()

    server = await asyncio.start_server(ignore, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
        left.set()


async def test_health_needs_no_key(database: Database) -> None:
    async with served(database) as client:
        for path in ("/livez", "/readyz"):
            answer = await client.get(path)
            assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_lost_database_is_not_ready() -> None:
    async with mute_server() as port:
        pass  # the port is free again
    async with served_without(Database(f"postgresql://crm@127.0.0.1:{port}/crm")) as client:
        ready, live = await client.get("/readyz"), await client.get("/livez")
    assert (ready.status_code, code(ready)) == (503, "UNAVAILABLE")
    assert live.status_code == 200


async def test_mute_database_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "SECONDS", 0.1)
    async with (
        mute_server() as port,
        served_without(Database(f"postgresql://crm@127.0.0.1:{port}/crm")) as client,
    ):
        ready = await client.get("/readyz")
    assert (ready.status_code, code(ready)) == (503, "UNAVAILABLE")
