"""Sets up what a benchmark of GraphQL needs, from a database to running servers, and takes it down again."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from rich.console import Console
from sqlalchemy import make_url

from scripts.benchmarks.graphql_cases import Case, Scene
from scripts.benchmarks.graphql_databases import add_functions, copied, crowd, cursors, key_of
from scripts.benchmarks.graphql_paths import paths
from scripts.benchmarks.graphql_runs import Bench, Plan
from scripts.benchmarks.graphql_servers import OTHERS, CannotRun, Server, executions, gateway
from scripts.benchmarks.graphql_store import Taken


def measured(url: str, leads: int, cases: Sequence[Case], peers: Sequence[str], plan: Plan, console: Console) -> Taken:
    """The figures of the cases on this database; on a copy of it where a case changes it."""
    parsed = make_url(url)
    store = parsed.get_backend_name()
    url = parsed.set(drivername=store).render_as_string(hide_password=False)
    with ExitStack() as stack:
        if any(case.writes or case.crowded for case in cases):
            console.print("copying it, for some queries change it ...")
            url = stack.enter_context(copied(url))
            if store == "postgresql":
                asyncio.run(add_functions(url))
        if any(case.crowded for case in cases):
            asyncio.run(crowd(url))
        servers = list(_started(stack, url, peers, console))
        scene = Scene(leads, cursors(servers[0], leads))
        bench = Bench(servers, scene, plan, console.print)
        # What writes comes last: on SQLite each server has a file of its own, and their rows would differ from then on.
        found = {case.name: bench.measure(case) for case in sorted(cases, key=lambda case: case.writes)}
        return Taken(store, leads, found, _ways(url, leads, cases))


def _ways(url: str, leads: int, cases: Sequence[Case]) -> dict[str, str]:
    with ExitStack() as stack:
        sqlite = make_url(url).get_backend_name() == "sqlite"
        own = stack.enter_context(copied(url, "ways")) if sqlite else url
        return paths(own, stack.enter_context(key_of(own)), leads, cases)


def _started(stack: ExitStack, url: str, peers: Sequence[str], console: Console) -> Iterator[Server]:
    """The gateway and those peers that can run here."""
    sqlite = make_url(url).get_backend_name() == "sqlite"
    for execution in executions():
        if execution == executions()[0] or execution in peers:
            # One process serves a file, so each gets its own; on PostgreSQL all work on the same rows.
            own = stack.enter_context(copied(url, execution)) if sqlite else url
            yield stack.enter_context(gateway(execution, own, stack.enter_context(key_of(own))))
    for name in peers:
        if name in OTHERS:
            try:
                yield stack.enter_context(OTHERS[name](url, stack.enter_context(key_of(url))))
            except CannotRun as reason:
                console.print(f"without {name}: {reason}")
