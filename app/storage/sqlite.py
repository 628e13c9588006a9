"""SQLite as a store: one writer connection, a few read-only ones, one serving process."""

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextvars import copy_context
from datetime import date, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.domain.time import day_start, local_day
from app.storage.json_text import cursor_text
from app.storage.reading import Asked, Driver, Effort, Found, Program, T, note, outlast

BUSY_MILLISECONDS = 5_000
READERS = 4
WAIT_SECONDS = 10
STATEMENTS = 256


class _Connections:
    """What they are asked is worked out in threads; one that is given up is stopped."""

    def __init__(self, url: URL, size: int, name: str, *pragmas: str) -> None:
        self.dialect = create_async_engine(url.set(drivername="sqlite+aiosqlite")).dialect
        self._path = url.database or ""
        self._pragmas = pragmas
        self._places = asyncio.Semaphore(size)
        self._idle: list[sqlite3.Connection] = []
        self._threads = ThreadPoolExecutor(size, name)

    async def release(self, driver: Driver) -> None:
        if isinstance(driver, Reader):
            self._idle.append(driver.connection)
            self._places.release()

    async def close(self) -> None:
        self._threads.shutdown()
        while self._idle:
            self._idle.pop().close()

    async def _taken(self) -> sqlite3.Connection:
        """A connection of one's own until it is released."""
        if self._places.locked():
            async with asyncio.timeout(WAIT_SECONDS):
                await self._places.acquire()
        else:
            await self._places.acquire()
        try:
            return self._idle.pop() if self._idle else self._opened()
        except BaseException:
            self._places.release()
            raise

    def _opened(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(self._path, check_same_thread=False, cached_statements=STATEMENTS)
            _prepare(connection, *self._pragmas)
        except sqlite3.Error as error:
            raise _wrapped("", error) from error
        return connection


class Readers(_Connections):
    """A few connections that read."""

    def __init__(self, url: URL, pool_size: int) -> None:
        super().__init__(url, min(READERS, pool_size), "sqlite-reader", "PRAGMA query_only = ON")

    async def acquire(self) -> "Reader":
        return Reader(await self._taken(), self._threads)


class Writers(_Connections):
    """The one connection that writes."""

    def __init__(self, url: URL, _: int) -> None:
        checkpoint = "PRAGMA wal_autocheckpoint = 0" if _served(url) else "PRAGMA wal_autocheckpoint = 1000"
        super().__init__(url, 1, "sqlite-writer", "PRAGMA synchronous = FULL", checkpoint)

    async def acquire(self) -> "Writer":
        return Writer(await self._taken(), self._threads)


class Reader:
    """A connection of the driver."""

    def __init__(self, connection: sqlite3.Connection, threads: Executor) -> None:
        self.connection = connection
        self._threads = threads
        self._given_up = False

    async def fetch(self, sql: str, parameters: Sequence[Any], effort: Effort = Effort.USUAL) -> Found:
        note(sql, parameters)
        if effort is Effort.BRIEF:  # going to a thread and back takes ten times as long
            return self._fetch(sql, parameters)
        return await self._in_thread(partial(self._fetch, sql, parameters))

    async def run(self, program: Program[T]) -> T:
        """Brief statements are answered at once; from the first other one on, everything is left to the thread."""
        try:
            asked = next(program)
            while asked.effort is Effort.BRIEF:
                asked = program.send(self._noted(asked))
        except StopIteration as end:
            result: T = end.value
            return result
        return await self._in_thread(partial(self._finish, program, asked))

    async def remember_scope(self, organization_id: str) -> None:
        """SQLite has no second wall: what is seen is up to the statements."""

    def _finish(self, program: Program[T], asked: Asked) -> T:
        try:
            while True:
                asked = program.send(self._noted(asked))
        except StopIteration as end:
            result: T = end.value
            return result

    def _noted(self, asked: Asked) -> Found:
        if self._given_up:
            raise OperationalError(asked.sql, None, sqlite3.OperationalError("interrupted"), hide_parameters=True)
        note(asked.sql, asked.parameters)
        return self._fetch(asked.sql, asked.parameters)

    async def _in_thread(self, work: Callable[[], T], *, is_stopped: bool = True) -> T:
        """Where work takes long it holds up nobody; given up, it is stopped, or comes to its end."""
        context = copy_context()
        running = asyncio.get_running_loop().run_in_executor(self._threads, lambda: context.run(work))
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            self._given_up = True
            if is_stopped:
                self.connection.interrupt()
            await outlast(running)  # the thread still has the connection
            running.exception()  # an interruption is no news
            raise

    def _fetch(self, sql: str, parameters: Sequence[Any]) -> Found:
        try:
            cursor = self.connection.execute(sql, parameters)
            return Found([name for name, *_ in cursor.description or ()], cursor.fetchall())
        except sqlite3.Error as error:
            raise _wrapped(sql, error) from error


class Writer(Reader):
    """A connection in a transaction, from `begin` to `commit` or `rollback`. Its thread waits for locks and disks."""

    async def begin(self) -> None:
        """Take the write lock at once, not at the first write: what was read before might have changed until then."""
        await self._ran("BEGIN IMMEDIATE")

    async def change(self, sql: str, parameters: Sequence[Any]) -> int:
        return (await self._ran(sql, parameters)).rowcount

    async def change_each(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        note(sql, rows)
        await self._in_thread(partial(_done, self.connection.executemany, sql, rows))

    async def commit(self) -> None:
        await self._ran("COMMIT", is_stopped=False)

    async def rollback(self) -> None:
        if self.connection.in_transaction:  # an interrupted write has ended it already, and so has a late commit
            await self._ran("ROLLBACK", is_stopped=False)

    async def _ran(self, sql: str, parameters: Sequence[Any] = (), *, is_stopped: bool = True) -> sqlite3.Cursor:
        note(sql, parameters)
        work = partial(_done, self.connection.execute, sql, parameters)
        return await self._in_thread(work, is_stopped=is_stopped)


def _done(execute: Callable[[str, Any], sqlite3.Cursor], sql: str, parameters: Any) -> sqlite3.Cursor:
    try:
        return execute(sql, parameters)
    except sqlite3.Error as error:
        raise _wrapped(sql, error) from error


def _wrapped(sql: str, error: sqlite3.Error) -> DBAPIError:
    """An error of the driver as that of SQLAlchemy which stands for it."""
    kind = IntegrityError if isinstance(error, sqlite3.IntegrityError) else OperationalError
    return kind(sql, None, error, hide_parameters=True)


def begin_by_hand(engine: AsyncEngine) -> None:
    """Transactions begin with the write lock, and hold changes of tables too; the driver begins none by itself."""
    event.listen(engine.sync_engine, "connect", lambda raw, _: setattr(raw, "isolation_level", None))
    event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))


def _prepare(connection: Any, *pragmas: str) -> None:
    connection.isolation_level = None  # transactions are begun by us, not by the driver
    cursor = connection.cursor()
    for pragma in (
        f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}",
        "PRAGMA journal_mode = WAL",
        "PRAGMA foreign_keys = ON",
        *pragmas,
    ):
        cursor.execute(pragma)
    cursor.close()
    connection.create_function("day_start", 2, _day_start, deterministic=True)
    connection.create_function("local_day", 2, _local_day, deterministic=True)
    connection.create_function("cursor_text", 1, cursor_text, deterministic=True)


@lru_cache(maxsize=4096)
def _day_start(day: str | None, zone: str) -> str | None:
    """The stored form of the instant at which a stored day begins in a zone."""
    return None if day is None else day_start(date.fromisoformat(day), zone).isoformat()


@lru_cache(maxsize=4096)
def _local_day(instant: str | None, zone: str) -> str | None:
    """The stored form of the day of a stored instant in a zone."""
    return None if instant is None else local_day(datetime.fromisoformat(instant), zone).isoformat()


class AlreadyServed(Exception):
    """Another process serves this file."""


class ServingLock:
    """Held by the one process that serves a file; a second one would checkpoint under the first one's feet."""

    def __init__(self, url: URL) -> None:
        self._path = lock_path(url)
        self._file: int | None = None

    def __enter__(self) -> None:
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._file)
            raise AlreadyServed(
                f"{self._path.name.removesuffix('.lock')} is served by another process; SQLite takes one. "
                "Use PostgreSQL for several workers."
            ) from error

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            os.close(self._file)  # which lets the lock go; the file stays, for removing it would race


def lock_path(url: URL) -> Path:
    return Path(f"{url.database}.lock")


def _served(url: URL) -> bool:
    """Whether another process serves the file; that one alone moves the log into the database."""
    try:
        with ServingLock(url):
            return False
    except AlreadyServed:
        return True
