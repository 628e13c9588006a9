"""Whether the process lives, and whether it can serve."""

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.storage.database import Database, Unavailable

SECONDS = 3.0


def routes() -> list[Route]:
    return [Route("/livez", live), Route("/readyz", ready)]


async def live(_: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def ready(request: Request) -> Response:
    """Answers 503 while the database does not answer in time."""
    database: Database = request.app.state.database
    try:
        async with asyncio.timeout(SECONDS):
            await database.ping()
    except TimeoutError:
        raise Unavailable("the database does not answer in time") from None
    return JSONResponse({"status": "ok"})
