"""The figures that were taken, in a file that later runs renew in part: each case of each database and size."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import orjson

from scripts.benchmarks.graphql_runs import Figures


@dataclass(frozen=True)
class Taken:
    """Figures of one database and size by their cases, and how the gateway answers each."""

    store: str
    leads: int
    cases: Mapping[str, Sequence[Figures]]
    paths: Mapping[str, str] = field(default_factory=dict)

    def at(self, case: str, connections: int) -> dict[str, Figures]:
        """A case's figures by the names of servers."""
        return {one.server: one for one in self.cases.get(case, ()) if one.connections == connections}


def read(file: Path) -> list[Taken]:
    """What is kept; nothing where the file does not exist."""
    if not file.exists():
        return []
    return [
        replace(Taken(**one), cases={name: [Figures(**each) for each in found] for name, found in one["cases"].items()})
        for one in orjson.loads(file.read_bytes())
    ]


def merged(kept: Sequence[Taken], new: Taken) -> list[Taken]:
    """What is kept, with new figures in the place of old ones of the same cases."""
    same = next((one for one in kept if (one.store, one.leads) == (new.store, new.leads)), new)
    others = [one for one in kept if one is not same]
    whole = replace(new, cases={**same.cases, **new.cases}, paths={**same.paths, **new.paths})
    return sorted([*others, whole], key=lambda one: (one.store, one.leads))


def write(file: Path, taken: Sequence[Taken]) -> None:
    """Keep them, rounded to what such figures are worth."""
    rows = [
        asdict(one) | {"cases": {name: [_row(each) for each in found] for name, found in one.cases.items()}}
        for one in taken
    ]
    file.write_bytes(orjson.dumps(rows, option=orjson.OPT_INDENT_2) + b"\n")


def _row(figures: Figures) -> dict[str, object]:
    return {name: _rounded(value) for name, value in asdict(figures).items()}


def _rounded(value: object) -> object:
    return float(f"{value:.4g}") if isinstance(value, float) else value
