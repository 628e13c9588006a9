"""Where the gateway's time goes: its own time by packages, from answering a query many times inside this process."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from cProfile import Profile
from dataclasses import dataclass
from itertools import count
from operator import itemgetter
from pathlib import Path
from typing import Any

import uvloop
from rich.table import Table

from app import settings
from app.asgi import create_app
from scripts.benchmarks.graphql_cases import Case, Scene
from scripts.benchmarks.graphql_servers import LARGEST_PAGE, ROOT, executions

WARM_UP = 20
LEAST = 0.005
_BY_PART = {"graphql", "app"}
"""Packages that are shown by their parts: parsing, validating and executing are different work."""

Ask = Callable[[bytes], Awaitable[None]]


@dataclass(frozen=True)
class Profiled:
    """CPU milliseconds a request without the profiler, and the shares of packages with it."""

    milliseconds: float
    shares: Mapping[str, float]


def profiled(url: str, key: str, case: Case, leads: int, seconds: float) -> Profiled:
    """Answer a case for a while without the profiler, then with it; small functions weigh more with it."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_profiled(url, key, case, Scene(leads), seconds))


async def _profiled(url: str, key: str, case: Case, scene: Scene, seconds: float) -> Profiled:
    app = create_app(settings.read(database_url=url, max_page_size=LARGEST_PAGE, **_execution()))
    numbers = count()
    async with app.router.lifespan_context(app):
        ask = _asker(app, key)

        async def answer_for(seconds: float) -> int:
            end, answered = time.perf_counter() + seconds, 0
            while time.perf_counter() < end:
                await ask(case.body("gateway", scene, next(numbers)))
                answered += 1
            return answered

        for _ in range(WARM_UP):
            await ask(case.body("gateway", scene, next(numbers)))
        spent = time.process_time()
        answered = await answer_for(seconds)
        each = 1000 * (time.process_time() - spent) / answered
        profile = Profile(time.thread_time, builtins=False)  # not of the clock: most of that is waiting
        profile.enable()
        await answer_for(seconds)
        profile.disable()
    return Profiled(each, _shares(profile))


def _execution() -> dict[str, str]:
    [first, *others] = executions()
    return {"execution": first} if others else {}


def _asker(app: Any, key: str) -> Ask:
    """Asks the application without a server around it."""
    headers = [(b"content-type", b"application/json"), (b"authorization", f"Bearer {key}".encode())]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "root_path": "",
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
    }

    async def ask(body: bytes) -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            if message.get("status", 200) != 200:
                raise RuntimeError(f"the gateway answered {message['status']}")

        await app({**scope, "headers": list(headers)}, receive, send)

    return ask


def _shares(profile: Profile) -> dict[str, float]:
    """Each package's part of the time, the largest first."""
    own: defaultdict[str, float] = defaultdict(float)
    for entry in profile.getstats():
        own[_package(entry.code)] += entry.inlinetime
    whole = sum(own.values())
    ordered = sorted(own.items(), key=itemgetter(1), reverse=True)
    return {name: seconds / whole for name, seconds in ordered if seconds / whole >= LEAST}


def _package(code: Any) -> str:
    """The package of a function: what follows site-packages, or this program's own floor."""
    parts = Path(code.co_filename).parts if hasattr(code, "co_filename") else ("generated",)
    if "site-packages" in parts:
        parts = parts[parts.index("site-packages") + 1 :]
    elif parts[: len(ROOT.parts)] == ROOT.parts:
        parts = parts[len(ROOT.parts) :]
    elif parts[0] != "/":
        return "generated code"
    else:
        return "the standard library"
    return ".".join(parts[:2]).removesuffix(".py") if parts[0] in _BY_PART else parts[0]


def shares_table(case: Case, found: Profiled) -> Table:
    """A row a package."""
    table = Table(
        "package", min_width=70, title=f"{case.name}: {found.milliseconds:.2f} ms CPU a request in this process"
    )
    table.add_column("own time", justify="right")
    for name, share in found.shares.items():
        table.add_row(name, f"{share:.1%}")
    return table
