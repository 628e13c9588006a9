"""Asks a server again and again over a few connections, for a time, and takes what each answer took."""

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import uvloop

_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_LAST_CHUNK = b"0\r\n\r\n"
_GOOD = b"HTTP/1.1 200"
_BUSY = (b'"code":"UNAVAILABLE"', b"QueuePool limit")
_PAUSE = 0.1
_FAULT = b'"errors":['


@dataclass
class Load:
    """What came back."""

    seconds: float = 0.0
    busy: float = 0.0
    received: int = 0
    refused: int = 0
    latencies: list[float] = field(default_factory=list)
    faults: list[bytes] = field(default_factory=list)

    @property
    def requests(self) -> int:
        return len(self.latencies)

    def percentile(self, part: float) -> float:
        """Milliseconds that this part of the answers took at most."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def request(path: str, port: int, headers: dict[str, str], body: bytes) -> bytes:
    """A POST as it goes over the wire."""
    lines = [
        f"POST {path} HTTP/1.1",
        f"host: 127.0.0.1:{port}",
        "content-type: application/json",
        "accept: application/json",
        *(f"{name}: {value}" for name, value in headers.items()),
        f"content-length: {len(body)}",
    ]
    return "\r\n".join(lines).encode() + _END + body


def run(port: int, requests: Iterator[bytes], connections: int, seconds: float, *, faults: bool = False) -> Load:
    """Ask on this port; `faults` says that answers may hold errors."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_load(port, requests, connections, seconds, faults))


async def _load(port: int, requests: Iterator[bytes], connections: int, seconds: float, faults: bool) -> Load:
    loop = asyncio.get_running_loop()
    load = Load()
    started, spent = time.perf_counter(), time.process_time()
    deadline = started + seconds
    opened = [
        await loop.create_connection(_factory(requests, deadline, load, faults), "127.0.0.1", port)
        for _ in range(connections)
    ]
    for _, connection in opened:
        connection.ask()
    await asyncio.gather(*(connection.done for _, connection in opened))
    load.seconds = time.perf_counter() - started
    load.busy = (time.process_time() - spent) / load.seconds
    return load


def _factory(*arguments: Any) -> Callable[[], "_Connection"]:
    return lambda: _Connection(*arguments)


class _Connection(asyncio.Protocol):
    """Sends a request, waits for the whole answer, sends the next."""

    def __init__(self, requests: Iterator[bytes], deadline: float, load: Load, faults: bool) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._requests, self._deadline, self._load, self._faults = requests, deadline, load, faults
        self._received = bytearray()
        self._end: int | None = None
        self._asked = 0.0

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the server closed the connection"))

    def ask(self) -> None:
        self._asked = time.perf_counter()
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._end is None:
            self._end = _end(self._received)
        if self._end is None or len(self._received) < self._end:
            return
        pause = self._take(self._received, time.perf_counter() - self._asked)
        self._received.clear()
        self._end = None
        if time.perf_counter() < self._deadline and not self._load.faults:
            asyncio.get_running_loop().call_later(pause, self.ask) if pause else self.ask()
        else:
            self.done.set_result(None)
            self._transport.close()

    def _take(self, answer: bytearray, seconds: float) -> float:
        """Note an answer; how long to wait before the next request, as a server that is too busy wants it."""
        if not answer.startswith(_GOOD) or (not self._faults and _FAULT in answer):
            if any(words in answer for words in _BUSY):
                self._load.refused += 1
                return _PAUSE
            self._load.faults.append(bytes(answer[:2_000]))
        self._load.latencies.append(seconds)
        self._load.received += len(answer)
        return 0.0


def _end(received: bytearray) -> int | None:
    """How long the whole answer is; None while that is not known."""
    head = received.find(_END)
    if head < 0:
        return None
    length = _LENGTH.search(received, 0, head)
    if length:
        return head + len(_END) + int(length[1])
    return len(received) if received.endswith(_LAST_CHUNK) else None
