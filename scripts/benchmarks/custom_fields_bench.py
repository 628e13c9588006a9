"""What custom-field values add to a page of leads: the same read with and without them, in turns, on both databases."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import make_url

from app.cli.opening import connected
from app.domain.access import Actor
from scripts.benchmarks.crm_furniture import ORGANIZATION
from scripts.benchmarks.crm_loading import load, sized
from scripts.benchmarks.custom_values import FIELDS, give_values
from scripts.benchmarks.graphql_cases import CASES, VARIETY, Scene
from scripts.benchmarks.graphql_databases import copied, key_of
from scripts.benchmarks.graphql_load import request
from scripts.benchmarks.graphql_report import put
from scripts.benchmarks.graphql_runs import Plan, Spent, ask, spent
from scripts.benchmarks.graphql_servers import Server, executions, gateway
from scripts.benchmarks.graphql_tables import milliseconds
from scripts.benchmarks.searching import passing

DOCUMENT = Path("docs/performance.md")
BEGIN, END = "<!-- custom fields: written by scripts/bench custom-fields --write -->", "<!-- end of custom fields -->"
MOST_RATIO = 1.5

_PAGE = (
    "query Leads($after: DateTime!) { "
    "leads(first: 50, filter: { dateCreated: { gt: $after } }, orderBy: { field: DATE_CREATED, direction: ASC }) "
    "{ nodes { id name displayName description url source dateCreated dateUpdated } } }"
)
_VALUES = (
    "customFields { __typename field { id name } "
    "... on CustomFieldTextValue { text } ... on CustomFieldNumberValue { number } "
    "... on CustomFieldDateValue { date } ... on CustomFieldDateTimeValue { dateTime } "
    "... on CustomFieldChoicesValue { choices } ... on CustomFieldUsersValue { users { id displayName } } "
    "... on CustomFieldContactsValue { contacts { id displayName } } }"
)


@dataclass(frozen=True)
class Compared:
    """A read without and with values: medians in milliseconds a request, and of the ratios of turns next to each other.

    `database` and `sum_ratio` are None where the database has no processes of its own; `bytes` are those of an answer.
    """

    store: str
    read: str
    gateway: tuple[float, float]
    ratio: float
    database: tuple[float, float] | None
    sum_ratio: float | None
    bytes: tuple[int, int]


def bench_custom_fields(
    leads: Annotated[int, typer.Option(help="The size of the CRM, in leads.", min=100)] = 2_000,
    database: Annotated[
        list[str] | None,
        typer.Option(help="URLs of the databases, which get the size into their names; by default ones that go away."),
    ] = None,
    connections: Annotated[int, typer.Option(help="How many connections ask at once.", min=1)] = 16,
    rounds: Annotated[int, typer.Option(help="How often the reads take turns.", min=1)] = 7,
    seconds: Annotated[float, typer.Option(help="How long each turn is.", min=0.05)] = 3.0,
    write: Annotated[bool, typer.Option(help="Renew the table in docs/performance.md.")] = False,
) -> None:
    """Read 50 leads with and without 20 custom-field values each; print what a request costs, and the ratios."""
    console = Console(width=140)
    found: list[Compared] = []
    with ExitStack() as stack:
        for url in database or passing(stack, "crm_bench_values"):
            own = sized(url, leads)
            console.print(f"{leads:,} leads in {make_url(own).get_backend_name()} ...")
            asyncio.run(load(own, leads))
            found += compared(own, leads, Plan(seconds, rounds, [connections]))
    console.print(_table(found, leads))
    if write:
        put(DOCUMENT, BEGIN, END, document_lines(found, leads, connections))


def compared(url: str, leads: int, plan: Plan) -> list[Compared]:
    """Measure on a copy of this database, on which every lead has values."""
    parsed = make_url(url)
    url = parsed.set(drivername=parsed.get_backend_name()).render_as_string(hide_password=False)
    with copied(url, "values") as own, key_of(own) as key:
        asyncio.run(_give(own, leads))
        with gateway(executions()[0], own, key) as server:
            return [_compare(server, leads, plan, name, text) for name, text in reads().items()]


def reads() -> dict[str, str]:
    """The operations without values, by what they are called."""
    screen = CASES["Q2"].words("gateway")
    return {"50 leads, 8 scalars": _PAGE, "Q2": screen.text if screen else ""}


def with_values(text: str) -> str:
    """The operation with the values of its leads."""
    return text.replace("nodes {", f"nodes {{ {_VALUES}", 1)


async def _give(url: str, leads: int) -> None:
    async with connected(url) as database:
        await give_values(database, Actor.system(ORGANIZATION), leads)


def _compare(server: Server, leads: int, plan: Plan, name: str, text: str) -> Compared:
    asked = [_requests(server, operation, leads) for operation in (text, with_values(text))]
    [connections] = plan.connections

    def turn(requests: Iterator[bytes], seconds: float = plan.seconds) -> Spent:
        return spent(server, lambda: ask(name, server, requests, connections, seconds))

    for requests in asked:
        turn(requests, plan.warm_up)
    turns = [[turn(requests) for requests in asked] for _ in range(plan.rounds)]
    plain, full = zip(*turns, strict=True)
    stores = [(one.database, other.database) for one, other in turns]
    has_store = all(one is not None and other is not None for one, other in stores)
    return Compared(
        make_url(server.url).get_backend_name(),
        name,
        (median(one.gateway for one in plain), median(one.gateway for one in full)),
        median(other.gateway / one.gateway for one, other in turns),
        (median(one or 0 for one, _ in stores), median(other or 0 for _, other in stores)) if has_store else None,
        median(_sum(other) / _sum(one) for one, other in turns) if has_store else None,
        (_bytes(plain[0]), _bytes(full[0])),
    )


def _requests(server: Server, text: str, leads: int) -> Iterator[bytes]:
    scene = Scene(leads)
    bodies = [orjson.dumps({"query": text, "variables": {"after": scene.after(number)}}) for number in range(VARIETY)]
    return cycle([request("/graphql", server.port, server.headers, body) for body in bodies])


def _sum(one: Spent) -> float:
    return one.gateway + (one.database or 0.0)


def _bytes(one: Spent) -> int:
    return one.load.received // one.load.requests


COLUMNS = ("gateway ms", "times", "database ms", "sum, times", "kB")


def _cells(one: Compared) -> list[str]:
    aim = f" (≤ {MOST_RATIO:g}×)"
    reached = f"**{one.ratio:.2f}×**{aim}" if one.ratio <= MOST_RATIO else f"{one.ratio:.2f}× (missed){aim}"
    return [
        {"postgresql": "PostgreSQL", "sqlite": "SQLite"}[one.store],
        one.read,
        " → ".join(map(milliseconds, one.gateway)),
        reached,
        "" if one.database is None else " → ".join(map(milliseconds, one.database)),
        "" if one.sum_ratio is None else f"{one.sum_ratio:.2f}×",
        " → ".join(f"{size / 1000:.0f}" for size in one.bytes),
    ]


def _table(found: Sequence[Compared], leads: int) -> Table:
    table = Table("", "read", title=f"{len(FIELDS)} values on each of {leads:,} leads, without → with them")
    for name in COLUMNS:
        table.add_column(name, justify="right")
    for one in found:
        table.add_row(*_cells(one))
    return table


def document_lines(found: Sequence[Compared], leads: int, connections: int) -> Iterator[str]:
    what = f"the {len(FIELDS)} values of each lead"
    yield f"A request without → with {what}, {leads:,} leads, {connections} connections; in brackets the aim.\n"
    yield f"| | read | {' | '.join(COLUMNS)} |"
    yield f"| --- | --- |{' ---: |' * len(COLUMNS)}"
    for one in found:
        yield f"| {' | '.join(_cells(one))} |"
    yield ""
