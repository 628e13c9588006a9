"""Whether something changed that is remembered: a key, a member, a role, an organization, a custom field."""

import asyncio
import logging
import sqlite3
from collections.abc import Set
from contextlib import suppress
from contextvars import Context
from time import monotonic
from typing import Any, Protocol
from uuid import uuid4

from sqlalchemy import URL

from app.storage import postgresql
from app.storage.reading import Effort, Readers

CHANNEL = "crm_changes"
# What is remembered stands on these tables alone; the triggers of a migration tell of their changes. A new row changes
# nothing that was found before, but a field's new place does.
REMEMBERED = frozenset({"api_key", "custom_field", "custom_field_placement", "organization", "role", "user"})
WITH_NEW_ROWS = frozenset({"custom_field_placement"})
PROOF_SECONDS = 5.0
ECHO_SECONDS = 1.0
PAUSE_SECONDS = 5.0

logger = logging.getLogger("crm.storage")


def are_told(changed: Set[str], added_to: Set[str]) -> bool:
    """Whether what was written to these tables is a change; `added_to` got new rows."""
    return bool(changed & REMEMBERED or added_to & WITH_NEW_ROWS)


class Changes(Protocol):
    def version(self) -> int | None:
        """A number that another one follows when a change is committed; None while that could go unnoticed."""
        ...

    def note(self) -> None:
        """A change was committed here: who made it sees it from now on, however long others take to hear of it."""
        ...

    async def close(self) -> None: ...


class CountedChanges:
    """SQLite counts, for each connection, what others commit to the file: whatever it is, and at once."""

    def __init__(self, url: URL) -> None:
        self._path = url.database or ""
        self._connection: sqlite3.Connection | None = None

    def version(self) -> int | None:
        try:
            if self._connection is None:
                self._connection = sqlite3.connect(self._path, isolation_level=None)
            [(version,)] = self._connection.execute("PRAGMA data_version")
        except sqlite3.Error:
            return None
        return int(version)

    def note(self) -> None:
        """It is counted already."""

    async def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class ToldChanges:
    """PostgreSQL tells one connection that listens, when another one has committed: a matter of milliseconds.

    The connection is opened in the background once somebody asks, and again a while after it was lost. It is trusted
    only for as long as it was lately proved to hear what another connection says: one that was cut off in silence, or
    that a proxy gives to others between transactions, would seem to live and hear nothing.
    """

    def __init__(self, url: URL, others: Readers) -> None:
        self._url, self._others = url, others
        self._version = 0
        self._trusted_until = 0.0
        self._token, self._echo = "", asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._is_closed = False

    def version(self) -> int | None:
        if not self._is_closed and (self._task is None or self._task.done()):
            # Not in the context of the request that happens to be the first: its statements are counted.
            self._task = asyncio.get_running_loop().create_task(self._attend(), context=Context())
        return self._version if monotonic() < self._trusted_until else None

    def note(self) -> None:
        self._version += 1

    async def close(self) -> None:
        self._is_closed = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _attend(self) -> None:
        """Listen until that fails, and let some time pass before anybody tries again."""
        try:
            await self._listen()
        except Exception as error:  # whatever it is: callers are looked up meanwhile
            logger.warning("changes cannot be heard, so nothing is remembered and each request asks: %r", error)
        await asyncio.sleep(PAUSE_SECONDS)

    async def _listen(self) -> None:
        connection = await postgresql.connect(self._url)
        lost = asyncio.Event()

        def lose(_: Any) -> None:
            lost.set()
            self._trusted_until = 0.0
            self._version += 1

        connection.add_termination_listener(lose)
        try:
            await connection.add_listener(CHANNEL, self._hear)
            while not lost.is_set():
                since = monotonic()
                async with asyncio.timeout(ECHO_SECONDS):
                    await self._prove()
                if not lost.is_set():
                    self._trusted_until = since + PROOF_SECONDS + ECHO_SECONDS
                with suppress(TimeoutError):
                    async with asyncio.timeout(PROOF_SECONDS):
                        await lost.wait()
        finally:
            self._trusted_until = 0.0
            with suppress(*postgresql.ERRORS, TimeoutError):  # which would take the place of what ended it
                await connection.close(timeout=ECHO_SECONDS)

    def _hear(self, connection: Any, process: int, channel: str, said: str) -> None:
        """A change says nothing; what says something proves that it is heard, here or by another gateway."""
        if not said:
            self._version += 1
        elif said == self._token:
            self._echo.set()

    async def _prove(self) -> None:
        """Wait to hear what another connection says."""
        self._token, self._echo = uuid4().hex, asyncio.Event()
        other = await self._others.acquire()
        try:
            await other.fetch("SELECT pg_notify($1, $2)", [CHANNEL, self._token], Effort.BRIEF)
        finally:
            await self._others.release(other)
        await self._echo.wait()
