"""The whole gateway in this process: its real routes, middleware and lifespan, without a socket."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from app import settings
from app.asgi import create_app
from app.services import keys, organizations
from app.storage.database import Database

ELSEWHERE = "203.0.113.7"


@dataclass(frozen=True)
class Acme:
    id: str
    ann: str
    key: str


async def make_acme(database: Database) -> Acme:
    id = await organizations.create(database, "Acme", time_zone="Europe/Berlin")
    ann = await organizations.add_user(database, id, "Ann Lee", email="ann@acme.example", role="Admin")
    return Acme(id, ann, await keys.create(database, id, ann, "laptop"))


def url_of(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


@asynccontextmanager
async def served(
    database: Database,
    key: str | None = None,
    *,
    address: str = ELSEWHERE,
    demo_key: str | None = None,
    **given: Any,
) -> AsyncIterator[httpx2.AsyncClient]:
    """A client at an address, talking to a gateway with these settings."""
    app = create_app(settings.read(database_url=url_of(database), **given), demo_key=demo_key)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    transport = httpx2.ASGITransport(app, client=(address, 4321))
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://gateway.example", headers=headers) as client,
    ):
        yield client


def code(answer: httpx2.Response) -> str:
    """The one code of a refusal, which has a message and a request id, and no data."""
    body = answer.json()
    [error] = body["errors"]
    assert list(body) == ["errors"]
    assert error["message"]
    assert error["extensions"]["requestId"] == answer.headers["x-request-id"]
    found: str = error["extensions"]["code"]
    return found
