"""What commands print: results on standard output, everything else on standard error."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

Advance = Callable[[int, int | None], None]

# Names and texts of users are printed as they are: a bracket in them is no markup.
out = Console(markup=False, highlight=False, soft_wrap=True)
err = Console(stderr=True, markup=False, highlight=False, soft_wrap=True)


def fail(message: str) -> None:
    err.print("Error:", message, style="red")


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table for people; for a pipe, lines of fields between tabs."""
    if not out.is_terminal:
        for row in (columns, *rows):
            sys.stdout.write("\t".join(map(str, row)) + "\n")
        return
    shown = Table(*columns, box=SIMPLE_HEAD)
    for row in rows:
        shown.add_row(*map(str, row))
    out.print(shown)


@contextmanager
def progress(what: str) -> Iterator[Advance | None]:
    """A bar for work that takes a while; a line when nobody looks at a terminal."""
    if not err.is_terminal:
        err.print(f"{what} ...")
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
