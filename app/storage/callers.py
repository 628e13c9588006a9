"""Who calls with a key: looked up, and remembered while every change that it stands on would be noticed."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import Boolean, LargeBinary, Row, Select, bindparam, column, select, table

from app.storage.changes import Changes
from app.storage.postgresql import SEARCH_SCHEMA
from app.storage.reading import Effort, Reading
from app.storage.remembered import Remembered
from app.storage.types import Json, Word

MOST = 10_000


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
    """The callers that were found. Keys that do not exist take no room."""

    def __init__(self, changes: Changes, look_up: Callable[[str], Awaitable[Row[Any] | None]]) -> None:
        self._look_up = look_up
        self._remembered: Remembered[str, Row[Any] | None] = Remembered(changes, MOST)

    def remembered(self, id: str) -> Row[Any] | None:
        """The caller of a key that was found before."""
        return self._remembered.get(id)

    async def find(self, id: str) -> Row[Any] | None:
        """The caller of a key as the database has it."""
        return await self._remembered.find(id, lambda: self._look_up(id), lambda caller: caller is not None)
