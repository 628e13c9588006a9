"""How commands get at the data: a coroutine per command, a migrated database, and one organization in it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

from sqlalchemy import make_url

from app import settings
from app.cli.mistakes import Mistake
from app.services import organizations
from app.services.organizations import Named
from app.storage import migrations
from app.storage.database import Database

P = ParamSpec("P")


def synchronous(command: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run a command that is a coroutine."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(command(*args, **kwargs))

    return run


@asynccontextmanager
async def opened(database_url: str | None) -> AsyncIterator[Database]:
    """The database, which has to hold the tables of this version."""
    url = settings.read(database_url=database_url).database_url
    if is_missing(url) or await migrations.pending(url):
        shown = make_url(url).render_as_string()
        raise Mistake(f"{shown} is not ready for this version: run crm-gateway migrate.")
    async with connected(url) as database:
        yield database


def is_missing(url: str) -> bool:
    """Whether it is an SQLite file that does not exist; a look into it would make it."""
    parsed = make_url(url)
    return parsed.get_backend_name() == "sqlite" and not Path(str(parsed.database)).exists()


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Database]:
    database = Database(url, pool_size=2)
    try:
        yield database
    finally:
        await database.close()


async def chosen(database: Database, id_or_name: str | None) -> Named:
    """The organization that a command works on."""
    found = await organizations.find(database, id_or_name)
    if len(found) == 1:
        return found[0]
    if id_or_name is None and not found:
        raise Mistake("There is no organization yet: make one with crm-gateway organization add NAME.")
    if id_or_name is None:
        raise Mistake(f"There are several organizations; name one with --organization: {_listed(found)}.")
    if found:
        raise Mistake(f"Several organizations are called {id_or_name!r}; name one by its id: {_listed(found)}.")
    known = _listed(await organizations.find(database)) or "none"
    raise Mistake(f"There is no organization {id_or_name!r}; there are: {known}.")


def _listed(found: list[Named]) -> str:
    return ", ".join(f"{organization.name} ({organization.id})" for organization in found)
