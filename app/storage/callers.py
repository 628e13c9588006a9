"""Who calls with a key: looked up, and remembered while every change that it stands on would be noticed."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from cachetools import TTLCache
from sqlalchemy import Boolean, LargeBinary, Row, Select, bindparam, column, select, table

from app.storage.changes import Changes
from app.storage.kept import Kept
from app.storage.postgresql import SEARCH_SCHEMA
from app.storage.reading import Effort, Reading
from app.storage.types import Json, Word

MOST = 10_000
SECONDS = 60.0


def _caller_by_key(schema: str | None) -> Select[Any]:
    callers = table(
        "caller",
        column("id", Word()),
        column("organization_id", Word()),
        column("user_id", Word()),
        column("secret_hash", LargeBinary()),
        column("loopback_only", Boolean()),
        column("organization_zone", Word()),
        column("time_zone", Word()),
        column("role_id", Word()),
        column("permissions", Json),
        schema=schema,
    )
    return select(callers).where(callers.c.id == bindparam("id"))


_BY_KEY = {"sqlite": _caller_by_key(None), "postgresql": _caller_by_key(SEARCH_SCHEMA)}


async def caller_by_key(reading: Reading, id: str) -> Row[Any] | None:
    """The active member of a key that is not revoked, with role and zones, whatever the organization."""
    statement = _BY_KEY[reading.dialect.name]
    return (await reading.execute(statement, {"id": id}, execution_options={"effort": Effort.BRIEF})).one_or_none()


class Callers:
    """The callers that were found, each for a while and none past a change. Keys that do not exist take no room."""

    def __init__(self, changes: Changes, look_up: Callable[[str], Awaitable[Row[Any] | None]]) -> None:
        self._changes, self._look_up = changes, look_up
        self._version: int | None = None
        self._kept: Kept[str, Row[Any]] = _nothing()

    def remembered(self, id: str) -> Row[Any] | None:
        """The caller of a key that was found before."""
        kept = self._current()
        return None if kept is None else kept.get(id)

    async def find(self, id: str) -> Row[Any] | None:
        """The caller of a key as the database has it."""
        kept = self._current()  # before it is looked up: what is found may be from before a change that comes meanwhile
        caller = await self._look_up(id)
        if kept is not None and caller is not None:
            kept.put(id, caller)
        return caller

    def _current(self) -> Kept[str, Row[Any]] | None:
        """What was found since the newest change; None while a change could go unnoticed."""
        version = self._changes.version()
        if version != self._version:
            self._version, self._kept = version, _nothing()
        return None if version is None else self._kept


def _nothing() -> Kept[str, Row[Any]]:
    return Kept(MOST, partial(TTLCache, ttl=SECONDS))
