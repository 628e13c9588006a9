"""How fast the gateway answers, beside other servers on the same rows and beside constant SQL, all in the same run."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from sqlalchemy import make_url

from scripts.benchmarks import graphql_store
from scripts.benchmarks.crm_loading import load, sized
from scripts.benchmarks.graphql_cases import CASES, MAIN, Case
from scripts.benchmarks.graphql_databases import copied, key_of
from scripts.benchmarks.graphql_profile import profiled, shares_table
from scripts.benchmarks.graphql_report import renew
from scripts.benchmarks.graphql_runs import Plan
from scripts.benchmarks.graphql_servers import OTHERS
from scripts.benchmarks.graphql_stage import measured
from scripts.benchmarks.graphql_store import merged
from scripts.benchmarks.graphql_tables import table
from tests.servers import postgres_url

DOCUMENT, KEPT = Path("docs/performance.md"), Path("docs/performance.json")
PEERS = "resolvers,raw,bare,naive,postgraphile"


def bench_graphql(
    leads: Annotated[int, typer.Option(help="The size of the CRM, in leads.", min=100)] = 20_000,
    database: Annotated[
        str | None,
        typer.Option(help="URL of the database, which gets the size into its name; by default one that goes away."),
    ] = None,
    queries: Annotated[str, typer.Option(help="Which queries: their names with commas, or all.")] = ",".join(MAIN),
    peers: Annotated[str, typer.Option(help="What is measured beside the gateway.")] = PEERS,
    connections: Annotated[str, typer.Option(help="How many connections ask at once.")] = "1,16,64",
    rounds: Annotated[int, typer.Option(help="How often the servers take turns.", min=1)] = 3,
    seconds: Annotated[float, typer.Option(help="How long each turn is.", min=0.05)] = 3.0,
    profile: Annotated[bool, typer.Option(help="Show where the gateway's time goes instead of measuring.")] = False,
    write: Annotated[bool, typer.Option(help="Renew the figures and the picture in docs/performance.md.")] = False,
) -> None:
    """Ask the gateway and its peers the same; print what a request costs, how many a second, and how long they take."""
    console = Console(width=170)
    cases = [CASES[name] for name in (CASES if queries == "all" else _listed(queries, CASES))]
    plan = Plan(seconds, rounds, _numbers(connections))
    names = _listed(peers, ["resolvers", *OTHERS])
    with ExitStack() as stack:
        url = sized(database or stack.enter_context(_passing()), leads)
        console.print(f"{leads:,} leads in {make_url(url).get_backend_name()} ...")
        asyncio.run(load(url, leads))
        if profile:
            _profile(url, leads, cases, seconds, console)
            return
        taken = measured(url, leads, cases, names, plan, console)
    if write:
        kept = merged(graphql_store.read(KEPT), taken)
        graphql_store.write(KEPT, kept)
        renew(DOCUMENT, kept)
    for case in cases:
        console.print(table(case, taken))


def _profile(url: str, leads: int, cases: Sequence[Case], seconds: float, console: Console) -> None:
    """The profiles of the cases, on a copy: some of them change it."""
    with copied(url, "profile") as own, key_of(own) as key:
        for case in cases:
            if case.name != "Q2O":  # it needs cursors, and is Q2
                console.print(shares_table(case, profiled(own, key, case, leads, seconds)))


def _listed(names: str, known: Iterable[str]) -> list[str]:
    listed = [name.strip() for name in names.split(",") if name.strip()]
    unknown = [name for name in listed if name not in known]
    if unknown:
        raise typer.BadParameter(f"{', '.join(unknown)}: there are {', '.join(known)}.")
    return listed


def _numbers(text: str) -> list[int]:
    try:
        numbers = [int(number) for number in text.split(",")]
    except ValueError:
        raise typer.BadParameter(f"{text!r}: write numbers such as 1,16,64.") from None
    if min(numbers) < 1:
        raise typer.BadParameter(f"{text!r}: one connection is the least.")
    return numbers


@contextmanager
def _passing() -> Iterator[str]:
    """A server's database for this run only."""
    with postgres_url() as server:
        yield make_url(server).set(drivername="postgresql", database="crm_bench").render_as_string(hide_password=False)
