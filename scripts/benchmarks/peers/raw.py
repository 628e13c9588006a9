"""The raw limit: a plain Starlette route that answers each operation by one constant statement, whose text goes out.

It finds out who asks as the gateway does. It knows no GraphQL: the path names the operation.
"""

import re
import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import orjson
from sqlalchemy import make_url
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.http.auth import identify
from app.http.refusals import HANDLERS
from app.storage.database import Database
from scripts.benchmarks.crm_furniture import ORGANIZATION
from scripts.benchmarks.graphql_cases import CASES, statement
from scripts.benchmarks.peers.serving import serve

POOL_SIZE = 10

Ask = Callable[[str, dict[str, Any]], Awaitable[str]]


def application(url: str, *, open_to_all: bool = False) -> Starlette:
    """The routes of the cases that have a statement. Open to all, it asks for no key."""
    store = make_url(url).get_backend_name()
    known = [case.name for case in CASES.values() if case.asks(f"raw_{store}")]
    routes = [_route(name, statement(name, store), open_to_all) for name in known]

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.database = Database(url, pool_size=POOL_SIZE)
        opening = _postgresql if store == "postgresql" else _sqlite
        try:
            async with opening(url) as app.state.ask:
                yield
        finally:
            await app.state.database.close()

    return Starlette(routes=routes, exception_handlers=HANDLERS, lifespan=lifespan)


def _route(name: str, sql: str, open_to_all: bool) -> Route:
    async def endpoint(request: Request) -> Response:
        organization_id = ORGANIZATION
        if not open_to_all:
            organization_id = (await identify(request, request.app.state.database)).organization_id
        variables = orjson.loads(await request.body())["variables"]
        text = await request.app.state.ask(sql, {"organization": organization_id, **variables})
        return Response(text, headers={"Cache-Control": "no-store"}, media_type="application/json")

    return Route(f"/{name}", endpoint, methods=["POST"])


@asynccontextmanager
async def _postgresql(url: str) -> AsyncIterator[Ask]:
    """Asks on a pool that keeps its connections as they are."""
    prepared: dict[str, tuple[str, list[str]]] = {}

    async def keep(connection: Any) -> None:
        """Instead of a reset, which would be a statement."""

    driver: Any = asyncpg
    settings = {"jit": "off", "TimeZone": "UTC"}
    async with driver.create_pool(
        url, min_size=1, max_size=POOL_SIZE, statement_cache_size=256, reset=keep, server_settings=settings
    ) as pool:

        async def ask(sql: str, values: dict[str, Any]) -> str:
            if sql not in prepared:
                prepared[sql] = _numbered(sql)
            text, names = prepared[sql]
            async with pool.acquire() as connection:
                found: str = await connection.fetchval(text, *[values[name] for name in names])
            return found

        yield ask


def _numbered(sql: str) -> tuple[str, list[str]]:
    """A statement with numbers in the places of names, and the names in their order."""
    names = list(dict.fromkeys(re.findall(r"\$(\w+)", sql)))
    return re.sub(r"\$(\w+)", lambda match: f"${names.index(match[1]) + 1}", sql), names


@asynccontextmanager
async def _sqlite(url: str) -> AsyncIterator[Ask]:
    """Asks in the thread that serves, on one connection: that costs the least."""
    file = make_url(url).database
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True, cached_statements=256)

    async def ask(sql: str, values: dict[str, Any]) -> str:
        lists = {name: orjson.dumps(value).decode() for name, value in values.items() if isinstance(value, list)}
        [(text,)] = connection.execute(sql, values | lists).fetchall()
        return str(text)

    try:
        yield ask
    finally:
        connection.close()


if __name__ == "__main__":
    serve(application(sys.argv[1], open_to_all="--open" in sys.argv))
