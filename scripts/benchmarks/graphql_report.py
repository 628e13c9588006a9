"""Writes the figures of benchmarks into a document: what was aimed at, what was reached, all tables."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.benchmarks.graphql_cases import CASES, Case
from scripts.benchmarks.graphql_picture import picture
from scripts.benchmarks.graphql_runs import Figures
from scripts.benchmarks.graphql_store import Taken
from scripts.benchmarks.graphql_tables import milliseconds, rate

BEGIN, END = "<!-- figures: written by scripts/bench graphql --write -->", "<!-- end of figures -->"
PICTURE = Path("images/performance.svg")
PEER, RAW, WEIGHED = "postgraphile", "raw", 16
COMPARED = (
    "gateway CPU, times better than PostGraphile",
    "with the database's",
    "with the database's, against constant SQL",
    "p99 at 64 connections, PostGraphile's",
)
NAMES = {
    "compiled": "gateway",
    "resolvers": "gateway, resolvers",
    "raw": "constant SQL",
    "bare": "constant SQL, no key",
    "naive": "plain Strawberry",
    "postgraphile": "PostGraphile 5",
}


@dataclass(frozen=True)
class Target:
    """What a case is to reach: how many times the peer's CPU ours is, and how many times the raw limit's it may be."""

    gateway: float | None = None
    sum: float | None = None
    raw: float | None = None


TARGETS = {
    "Q1": Target(1.8, 1.6, 1.3),
    "Q2": Target(8, 2.2, 1.2),
    "Q3": Target(2.5, 1.2, 1.2),
    "Q4": Target(1.5, 1.3),
    "Q2O": Target(10, 4),
    "Q1U": Target(1.2),
}


def renew(document: Path, taken: Sequence[Taken]) -> None:
    """Put the figures between their marks in the document, and the picture beside it."""
    put(document, BEGIN, END, _lines(taken))
    main = _main(taken)
    if main is not None:
        (document.parent / PICTURE).write_text(picture(main, list(TARGETS), WEIGHED))


def put(document: Path, begin: str, end: str, lines: Iterable[str]) -> None:
    """Put lines between two marks of a document, in the place of what is there."""
    head, found_begin, rest = document.read_text().partition(begin)
    _, found_end, tail = rest.partition(end)
    if not found_begin or not found_end:
        raise ValueError(f"{document} has no place for figures")
    figures = "\n".join(lines)
    document.write_text(f"{head}{begin}\n\n{figures}\n{end}{tail}")


def _main(taken: Sequence[Taken]) -> Taken | None:
    """What the targets are held against: PostgreSQL, with 20,000 leads where there are such figures."""
    found = [one for one in taken if one.store == "postgresql"]
    return next((one for one in found if one.leads == 20_000), found[-1] if found else None)


def _lines(taken: Sequence[Taken]) -> Iterator[str]:
    main = _main(taken)
    if main is not None:
        yield f"![What a request costs, beside PostGraphile and constant SQL]({PICTURE})\n"
        yield from _targets(main)
    for one in taken:
        yield from _figures(one)
    yield from _sizes(taken)


def _targets(taken: Taken) -> Iterator[str]:
    yield f"CPU a request on PostgreSQL with {taken.leads:,} leads, {WEIGHED} connections; in brackets the aims.\n"
    yield f"| | {' | '.join(COMPARED)} |"
    yield f"| --- |{' --- |' * len(COMPARED)}"
    for name, target in TARGETS.items():
        found = taken.at(name, WEIGHED)
        ours, peer, raw = _ours(found), found.get(PEER), found.get(RAW)
        if ours is None or peer is None:
            continue
        cells = [
            _better(peer.gateway / ours.gateway, target.gateway),
            _better(peer.sum / ours.sum, target.sum),
            _near(ours.sum / raw.sum, target.raw) if raw else "",
            _latest(taken.at(name, 64)),
        ]
        yield f"| {name} {CASES[name].title} | {' | '.join(cells)} |"
    yield ""


def _ours(found: dict[str, Figures]) -> Figures | None:
    return found.get("compiled") or found.get("resolvers")


def _better(reached: float, target: float | None) -> str:
    if target is None:
        return f"{reached:.1f}×"
    return f"{_marked(f'{reached:.1f}×', reached >= target)} (≥ {target:g}×)"


def _near(reached: float, target: float | None) -> str:
    if target is None:
        return f"{reached:.2f}×"
    return f"{_marked(f'{reached:.2f}×', reached <= target)} (≤ {target:g}×)"


def _latest(found: dict[str, Figures]) -> str:
    ours, peer = _ours(found), found.get(PEER)
    if ours is None or peer is None:
        return ""
    return f"{_marked(milliseconds(ours.p99), ours.p99 <= peer.p99)}, {milliseconds(peer.p99)} ms"


def _marked(text: str, reached: bool) -> str:
    return f"**{text}**" if reached else f"{text} (missed)"


def _figures(taken: Taken) -> Iterator[str]:
    connections = sorted({one.connections for found in taken.cases.values() for one in found})
    shown = ", ".join(str(number) for number in connections)
    weighed = WEIGHED if WEIGHED in connections else connections[0]
    stores = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}
    yield f"### {stores[taken.store]}, {taken.leads:,} leads\n"
    yield f"CPU at {weighed} connections; requests a second and p50 / p99 at {shown}.\n"
    yield "| | server | gateway ms | database ms | requests a second | p50 / p99 ms | peak MB |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: |"
    for case in CASES.values():
        if case.name in taken.cases:
            yield from _rows(case, taken, connections, weighed)
    yield ""


def _rows(case: Case, taken: Taken, connections: Sequence[int], weighed: int) -> Iterator[str]:
    label = f"**{case.name}** {case.title}"
    path = taken.paths.get(case.name)
    for server, one in taken.at(case.name, weighed).items():
        told = f" ({path})" if path and server == "compiled" else ""
        all_ = [found for number in connections if (found := taken.at(case.name, number).get(server))]
        cells = [
            label,
            NAMES[server] + told,
            milliseconds(one.gateway),
            "" if one.database is None else milliseconds(one.database),
            " · ".join(rate(each) for each in all_),
            " · ".join(f"{milliseconds(each.p50)} / {milliseconds(each.p99)}" for each in all_),
            f"{max(each.peak for each in all_):.0f}",
        ]
        yield f"| {' | '.join(cells)} |"
        label = ""


def _sizes(taken: Sequence[Taken]) -> Iterator[str]:
    """How the gateway's cost depends on the size of the CRM, where several sizes were measured."""
    for store in dict.fromkeys(one.store for one in taken):
        sizes = [one for one in taken if one.store == store]
        if len(sizes) < 2:
            continue
        names = [name for name in CASES if all(_ours(one.at(name, WEIGHED)) for one in sizes)]
        yield f"### The gateway by the size of the CRM, {store}\n"
        yield f"CPU of gateway and database, ms a request at {WEIGHED} connections.\n"
        yield f"| | {' | '.join(f'{one.leads:,} leads' for one in sizes)} |"
        yield f"| --- |{' ---: |' * len(sizes)}"
        for name in names:
            found = [_ours(one.at(name, WEIGHED)) for one in sizes]
            yield f"| {name} {CASES[name].title} | {' | '.join(milliseconds(each.sum) for each in found if each)} |"
        yield ""
