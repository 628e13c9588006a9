"""How fast filters find, beside SQL by hand for the same questions in the same run, on both databases."""

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import make_url

from scripts.benchmarks.crm_loading import load, sized
from scripts.benchmarks.search_filters import QUESTIONS
from scripts.benchmarks.search_runs import Figures, measure, plans
from tests.servers import postgres_url

MOST_RATIO = {"postgresql": 1.3, "sqlite": 1.5}
MOST_GROWTH = 2.0

Measured = dict[tuple[str, int], list[Figures]]


def bench_search(
    leads: Annotated[list[int] | None, typer.Option(help="The sizes of the CRM, in leads; 20,000.")] = None,
    database: Annotated[
        list[str] | None,
        typer.Option(help="URLs of the databases, which get the size into their names; by default ones that go away."),
    ] = None,
    seconds: Annotated[float, typer.Option(help="How long each question is asked.")] = 3.0,
    explain: Annotated[bool, typer.Option(help="Show the plans where search takes too long.")] = False,
) -> None:
    """Ask filters and SQL by hand the same questions; print the times, their ratio, and how they grow with the CRM."""
    sizes = sorted(leads or [20_000])
    console = Console(width=140)
    measured: Measured = {}
    with ExitStack() as stack:
        for url in database or passing(stack, "crm_bench_search"):
            for size in sizes:
                own = sized(url, size)
                store = make_url(own).get_backend_name()
                console.print(f"{size:,} leads in {store} ...")
                asyncio.run(load(own, size))
                measured[store, size] = asyncio.run(measure(own, seconds))
                if explain:
                    _explain(console, own, measured[store, size], MOST_RATIO[store])
    for (store, size), figures in measured.items():
        console.print(_times(f"{store}, {size:,} leads: milliseconds", figures, MOST_RATIO[store]))
    if len(sizes) > 1:
        console.print(_growth(measured, sizes))


def passing(stack: ExitStack, name: str) -> list[str]:
    """A SQLite file and a server's database of this name for this run only."""
    folder = stack.enter_context(TemporaryDirectory())
    server = make_url(stack.enter_context(postgres_url())).set(database=name)
    return [f"sqlite:///{Path(folder) / 'bench.db'}", server.render_as_string(hide_password=False)]


def _explain(console: Console, url: str, figures: Sequence[Figures], most: float) -> None:
    for one, question in zip(figures, QUESTIONS, strict=True):
        if one.sql_ratio > most:
            console.rule(one.question)
            console.print("\n\n".join(asyncio.run(plans(url, question))), markup=False, highlight=False)


def _times(title: str, figures: Sequence[Figures], most: float) -> Table:
    table = Table("", title=title)
    for name in ("by hand", "search", "ratio", "SQL by hand", "SQL of search", "ratio of SQL"):
        table.add_column(name, justify="right")
    for one in figures:
        whole = [f"{one.by_hand:.2f}", f"{one.search:.2f}", _marked(one.ratio, most)]
        alone = [f"{one.hand_sql:.2f}", f"{one.search_sql:.2f}", _marked(one.sql_ratio, most)]
        table.add_row(one.question, *whole, *alone)
    return table


def _growth(measured: Measured, sizes: Sequence[int]) -> Table:
    """How many times as long the largest CRM takes as the smallest."""
    stores = list(dict.fromkeys(store for store, _ in measured))
    table = Table("", title=f"times as long with {sizes[-1]:,} leads as with {sizes[0]:,}")
    for store in stores:
        table.add_column(f"{store} by hand", justify="right")
        table.add_column(f"{store} search", justify="right")
    ends = [(measured[store, sizes[0]], measured[store, sizes[-1]]) for store in stores]
    for place, one in enumerate(ends[0][0]):
        cells = []
        for small, large in ends:
            cells.append(f"{large[place].by_hand / small[place].by_hand:.2f}")
            cells.append(_marked(large[place].search / small[place].search, MOST_GROWTH))
        table.add_row(one.question, *cells)
    return table


def _marked(figure: float, most: float) -> str:
    return f"{figure:.2f}" if figure <= most else f"[red]{figure:.2f} ![/red]"
