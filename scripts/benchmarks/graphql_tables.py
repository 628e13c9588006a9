"""The figures of a benchmark of GraphQL on the console."""

from rich.table import Table

from scripts.benchmarks.graphql_cases import Case
from scripts.benchmarks.graphql_runs import Figures
from scripts.benchmarks.graphql_store import Taken

BUSY = 0.85
"""The part of a core that asking may take before it slows the answers down; more is marked."""

COLUMNS = ("gateway ms", "database ms", "sum ms", "spread", "requests/s", "p50 ms", "p99 ms", "peak MB", "bytes")
RATIOS = ("gateway", "sum")


def table(case: Case, taken: Taken) -> Table:
    """A row a server and number of connections; ratios say how many times the gateway's cost a server's is."""
    figures, path = taken.cases[case.name], taken.paths.get(case.name, "several ways")
    made = Table("asking", title=f"{case.name}: {case.title} (the gateway: {path})")
    made.add_column("server", no_wrap=True)
    for name in (*COLUMNS, *(f"{name} / ours" for name in RATIOS)):
        made.add_column(name, justify="right")
    for connections in dict.fromkeys(one.connections for one in figures):
        group = [one for one in figures if one.connections == connections]
        for one in group:
            made.add_row(*_cells(one, group[0]), end_section=one is group[-1])
    return made


def _cells(one: Figures, ours: Figures) -> list[str]:
    return [
        str(one.connections),
        one.server,
        milliseconds(one.gateway),
        "-" if one.database is None else milliseconds(one.database),
        milliseconds(one.sum),
        f"{one.spread:.0%}",
        rate(one),
        milliseconds(one.p50),
        milliseconds(one.p99),
        f"{one.peak:.0f}",
        f"{one.bytes:,}",
        times(one.gateway, ours.gateway),
        times(one.sum, ours.sum),
    ]


def rate(one: Figures) -> str:
    """Answers a second: marked where asking took much of a core, and with the part that the server refused."""
    refused = f" ({one.refused:.0%} refused)" if one.refused else ""
    return f"{one.rps:,.0f}{' !' if one.client > BUSY else ''}{refused}"


def milliseconds(value: float) -> str:
    """Three digits that matter."""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def times(one: float, other: float) -> str:
    return f"{one / other:.2f}" if other else "-"
