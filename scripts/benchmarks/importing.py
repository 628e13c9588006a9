"""How fast a leads export comes in, on both databases, and in how much memory: a small file and one ten times as large.

Each import runs in a process of its own, whose largest resident size is the figure for memory.
"""

import json
import lzma
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import make_url

from tests.servers import postgres_url

SOURCE = Path("tests/data/maven-close-export.json.xz")
MEGABYTE = 1_000_000
STORES = ["sqlite", "postgresql"]

# Each copy of the leads gets ids of its own; users and statuses are the same in all.
_IDS = re.compile(rb'"((?:lead|oppo|acti)_\w+)"')


def bench_import(
    megabytes: Annotated[list[int] | None, typer.Option(help="The sizes of the files; 10 and 100.")] = None,
    store: Annotated[list[str] | None, typer.Option(help="The databases; both.")] = None,
) -> None:
    """Import generated files; print leads and objects a second, and peak memory."""
    sizes = megabytes or [10, 100]
    console = Console(width=100)
    table = Table("database", "file", "leads", "objects", "seconds", "leads/s", "objects/s", "peak MB")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        server = stack.enter_context(postgres_url()) if "postgresql" in (store or STORES) else None
        for name in store or STORES:
            peaks = []
            for size in sizes:
                console.print(f"{size} MB into {name} ...")
                file = folder / f"{size}.json"
                if not file.exists():
                    write_file(file, size * MEGABYTE)
                figures = measured(database_url(name, server, folder, size), file)
                peaks.append(figures["peak"])
                table.add_row(name, f"{size} MB", *_shown(figures))
            if len(peaks) > 1:
                ratio = f"{peaks[-1] / peaks[0]:.2f} times"
                table.add_row(name, "last to first", *[""] * 5, ratio, end_section=True)
    console.print(table)


def write_file(file: Path, size: int) -> None:
    """A list of leads of about this many bytes."""
    with file.open("wb") as target:
        target.write(b"[")
        for i, lead in enumerate(leads()):
            if target.tell() >= size:
                break
            target.write((b",\n" if i else b"") + lead)
        target.write(b"]\n")


def leads() -> Iterator[bytes]:
    """The leads of the source again and again, with new ids each time."""
    originals = [json.dumps(lead).encode() for lead in json.loads(lzma.decompress(SOURCE.read_bytes()))]
    copy = 0
    while True:
        for lead in originals:
            yield _IDS.sub(rb'"\g<1>%d"' % copy, lead)
        copy += 1


def database_url(store: str, server: str | None, folder: Path, size: int) -> str:
    if store == "sqlite" or server is None:
        return f"sqlite:///{folder / f'{size}.db'}"
    return make_url(server).set(database=f"crm_bench_{size}").render_as_string(hide_password=False)


def measured(url: str, file: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "scripts.benchmarks.import_once", url, str(file)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)  # noqa: S603 - our own words
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def _shown(figures: dict[str, Any]) -> list[str]:
    seconds = figures["seconds"]
    return [
        f"{figures['leads']:,}",
        f"{figures['objects']:,}",
        f"{seconds:.1f}",
        f"{figures['leads'] / seconds:,.0f}",
        f"{figures['objects'] / seconds:,.0f}",
        f"{figures['peak'] / MEGABYTE:.0f}",
    ]
