"""Measures servers on one case after the other: they take turns, so that what the machine does meanwhile hits all."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import count, cycle
from statistics import median
from typing import Any

from sqlalchemy import make_url

from scripts.benchmarks import graphql_answers, graphql_usage
from scripts.benchmarks.crm_furniture import made_id
from scripts.benchmarks.graphql_cases import STATUSES, Case, Scene
from scripts.benchmarks.graphql_databases import put
from scripts.benchmarks.graphql_load import Load, run
from scripts.benchmarks.graphql_servers import Server

COMPARED = (0, 5, 17)
WARM_UP = 4


@dataclass(frozen=True)
class Figures:
    """Medians of the rounds: CPU in milliseconds a request, latencies in milliseconds, memory in MB."""

    case: str
    connections: int
    server: str
    rps: float
    p50: float
    p99: float
    gateway: float
    spread: float
    database: float | None
    bytes: int
    peak: float
    client: float
    refused: float

    @property
    def sum(self) -> float:
        return self.gateway + (self.database or 0.0)


@dataclass(frozen=True)
class Plan:
    """How long, how often and over how many connections a case is asked."""

    seconds: float
    rounds: int
    connections: Sequence[int]

    @property
    def warm_up(self) -> float:
        return self.seconds / 2


class Wrong(Exception):
    """A server answered something else than what was asked for, while it was measured."""


@dataclass(frozen=True)
class Spent:
    """A load, and the CPU that it cost in milliseconds a request; None for a database without processes."""

    load: Load
    gateway: float
    database: float | None


def spent(server: Server, load: Callable[[], Load]) -> Spent:
    """Put a load on a server, and look what its processes and the database's used meanwhile."""
    before = graphql_usage.cpu([*graphql_usage.tree(server.pid), *_stores(server)])
    taken = load()
    own, stores = graphql_usage.tree(server.pid), _stores(server)
    gateway, database = (graphql_usage.between(before, graphql_usage.cpu(pids)) for pids in (own, stores))
    each = 1000 / taken.requests
    return Spent(taken, gateway * each, database * each if stores else None)


def ask(
    name: str, server: Server, requests: Iterator[bytes], connections: int, seconds: float, *, faults: bool = False
) -> Load:
    """Ask a server for a time; `Wrong` where it answers errors that are none of the question, or nothing."""
    load = run(server.port, requests, connections, seconds, faults=faults)
    if load.faults or not load.requests:
        answered = load.faults[0][:1_000] if load.faults else "nothing but that it is too busy"
        raise Wrong(f"{name}: {server.name} answered {answered!r}")
    return load


class Bench:
    """A bench of running servers over the same rows."""

    def __init__(self, servers: Sequence[Server], scene: Scene, plan: Plan, say: Callable[[str], None]) -> None:
        self.servers, self.scene, self.plan, self._say = servers, scene, plan, say
        # Requests that write go on where the last ones on that database stopped: else they would change nothing.
        self._numbers: dict[tuple[str, str], Iterator[int]] = defaultdict(count)

    def measure(self, case: Case) -> list[Figures]:
        """The figures of all servers that know this case, after their answers were found to be equal."""
        asked = [server for server in self.servers if case.asks(server.dialect)]
        self.compare(case, asked)
        requests = {server.name: self._requests(case, server) for server in asked}
        if self.plan.seconds:
            for server in asked:
                self._load(case, server, requests[server.name], WARM_UP, self.plan.warm_up)
        found = []
        for connections in self.plan.connections:
            self._say(f"{case.name}, {connections} connections ...")
            runs: dict[str, list[Figures]] = {server.name: [] for server in asked}
            for _ in range(self.plan.rounds):
                for server in asked:
                    runs[server.name].append(self._round(case, server, requests[server.name], connections))
            found += [_medians(each) for each in runs.values()]
        return found

    def compare(self, case: Case, asked: Sequence[Server]) -> None:
        """Ask all the same; `Differ` where they do not answer the same values."""
        if case.mixed or case.unseen:  # what it is made of is compared by itself
            return
        for number in COMPARED:
            answers = {server.name: server.ask(case, self._sample(case, server, number)) for server in asked}
            graphql_answers.check(case.name, answers, fails=case.fails)

    def _sample(self, case: Case, server: Server, number: int) -> bytes:
        if not case.writes:
            return case.body(server.dialect, self.scene, number)
        lead = made_id("lead", self.scene.leads - 1)
        asyncio.run(put(server.url, lead, STATUSES[0]))
        return case.body(server.dialect, self.scene, 0, id=lead, status=STATUSES[1])

    def _requests(self, case: Case, server: Server) -> Iterator[bytes]:
        """Requests without end: each set of variables in turn, or ever new ones."""
        if case.varied is None:
            numbers = self._numbers[case.name, server.url]
            return (server.request(case, case.body(server.dialect, self.scene, number)) for number in numbers)
        bodies = [case.body(server.dialect, self.scene, number) for number in range(case.varied)]
        return cycle([server.request(case, body) for body in bodies])

    def _load(self, case: Case, server: Server, requests: Iterator[bytes], connections: int, seconds: float) -> Load:
        return ask(case.name, server, requests, connections, seconds, faults=case.fails)

    def _round(self, case: Case, server: Server, requests: Iterator[bytes], connections: int) -> Figures:
        cost = spent(server, lambda: self._load(case, server, requests, connections, self.plan.seconds))
        load = cost.load
        return Figures(
            case.name,
            connections,
            server.name,
            rps=load.requests / load.seconds,
            p50=load.percentile(0.5),
            p99=load.percentile(0.99),
            gateway=cost.gateway,
            spread=0.0,
            database=cost.database,
            bytes=load.received // load.requests,
            peak=graphql_usage.peak(graphql_usage.tree(server.pid)) / 1000,
            client=load.busy,
            refused=load.refused / (load.refused + load.requests),
        )


def _stores(server: Server) -> list[int]:
    """The processes of the database that work for a server; SQLite has none."""
    url = make_url(server.url)
    if url.get_backend_name() == "sqlite":
        return []
    elsewhere = url.set(database="postgres").render_as_string(hide_password=False)
    return asyncio.run(graphql_usage.sessions(elsewhere, url.database or ""))


def _medians(rounds: Sequence[Figures]) -> Figures:
    first, made = asdict(rounds[0]), dict[str, Any]()
    for name, value in first.items():
        given = [getattr(each, name) for each in rounds]
        made[name] = median(given) if isinstance(value, float) else value
    gateways = [each.gateway for each in rounds]
    made["spread"] = (max(gateways) - min(gateways)) / made["gateway"] if made["gateway"] else 0.0
    made["peak"] = max(each.peak for each in rounds)
    return Figures(**made)
