"""What processes use, from /proc: CPU time of a server with its children, and of the sessions of a database."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import asyncpg

_TICKS = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")
_SESSIONS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = $1 AND backend_type IN ('client backend', 'parallel worker')"
)


def tree(pid: int) -> list[int]:
    """A process and all that it started."""
    found = [pid]
    for parent in found:
        for task in (_PROC / str(parent) / "task").glob("*/children"):
            found += [int(child) for child in _read(task).split()]
    return found


def cpu(pids: Iterable[int]) -> dict[int, float]:
    """Seconds that each of these processes has used."""
    found = {pid: _exact(pid) or _rough(pid) for pid in pids}
    return {pid: seconds for pid, seconds in found.items() if seconds is not None}


def _exact(pid: int) -> float:
    """By the scheduler, to the nanosecond: the time of all its threads. Threads that ended do not count any more."""
    times = [_read(task).split() for task in (_PROC / str(pid) / "task").glob("*/schedstat")]
    return sum(int(time[0]) for time in times if time) / 1e9


def _rough(pid: int) -> float | None:
    """By ticks, where the kernel does not tell more."""
    _, _, fields = _read(_PROC / str(pid) / "stat").rpartition(") ")
    return sum(map(int, fields.split()[11:13])) / _TICKS if fields else None


def between(before: dict[int, float], after: dict[int, float]) -> float:
    """Seconds used from one look to the next."""
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())


def peak(pids: Iterable[int]) -> int:
    """The most memory that these processes held, in kB."""
    lines = [line for pid in pids for line in _read(_PROC / str(pid) / "status").splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


async def sessions(server_url: str, database: str) -> list[int]:
    """The processes of a PostgreSQL server on this machine that work on a database; none on another machine."""
    driver: Any = asyncpg
    connection = await driver.connect(server_url)
    try:
        pids = [row["pid"] for row in await connection.fetch(_SESSIONS, database)]
    finally:
        await connection.close()
    return [pid for pid in pids if _read(_PROC / str(pid) / "comm").startswith("postgres")]


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""
