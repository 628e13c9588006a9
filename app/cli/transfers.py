"""Commands that move data in and out, in the JSON formats of the leads export and of the lists of the REST API."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from app.cli import console
from app.cli.opening import chosen, opened, synchronous
from app.cli.options import DatabaseUrl, Organization
from app.domain.custom_fields import Scope
from app.services import close_format
from app.services.close_format import Counts, FieldsSummary, ImportSummary

RejectsOption = Annotated[
    Path | None,
    typer.Option(
        "--rejects", help="Where bad records go; else beside the file, as FILE.rejects.jsonl.", show_default=False
    ),
]

NAMED = 5
OUTCOMES = ("created", "updated", "unchanged", "rejected")


@synchronous
async def import_close_export(
    file: Annotated[
        Path,
        typer.Argument(help="The export; - is standard input.", allow_dash=True),
    ],
    rejects: RejectsOption = None,
    organization: Organization = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Import an export of leads; a second time it changes nothing.

    It runs as an administrator: the roles that may edit the values of a custom field do not bind it.
    """
    rejects = _rejects(rejects, file)
    async with opened(database_url) as database:
        of = await chosen(database, organization)
        with console.progress(f"Importing into {of.name} as an administrator") as advance:
            summary = await close_format.import_file(database, of.id, _source(file), rejects=rejects, progress=advance)
    _print(summary, rejects)


@synchronous
async def import_custom_fields(
    file: Annotated[
        Path,
        typer.Argument(help="The fields, as the REST API lists them; - is standard input.", allow_dash=True),
    ],
    on: Annotated[Scope, typer.Option(help="What they are fields of, where they do not say it.")] = Scope.LEAD,
    rejects: RejectsOption = None,
    organization: Organization = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Import definitions of custom fields; a second time it changes nothing.

    It runs as an administrator: the roles that may edit the values of a field do not bind it.

    Fields that are there already get the file's names, descriptions and further choices; nothing is taken from them.
    """
    rejects = _rejects(rejects, file)
    async with opened(database_url) as database:
        of = await chosen(database, organization)
        console.err.print(f"Importing into {of.name} as an administrator ...")
        summary = await close_format.import_custom_fields(database, of.id, _source(file), on=on, rejects=rejects)
    _print_fields(summary, rejects)


@synchronous
async def export_close_export(
    file: Annotated[Path, typer.Argument(help="Where to; - is standard output.", dir_okay=False, allow_dash=True)],
    organization: Organization = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Export the leads with everything that belongs to them."""
    async with opened(database_url) as database:
        of = await chosen(database, organization)
        with console.progress(f"Exporting {of.name}") as advance, _target(file) as target:
            count = await close_format.export_leads(database, of.id, target, progress=advance)
    console.err.print(f"{count} leads are written.")


def _source(file: Path) -> Path | BinaryIO:
    return sys.stdin.buffer if str(file) == "-" else file


def _rejects(chosen: Path | None, file: Path) -> Path:
    """Where the rejects of a file go: beside it, unless another place is chosen, but never in its own."""
    if chosen is None:
        return Path("stdin.rejects.jsonl" if str(file) == "-" else f"{file}.rejects.jsonl")
    if chosen.exists() and file.exists() and chosen.samefile(file):
        raise typer.BadParameter("The file that is imported would be overwritten.", param_hint="--rejects")
    return chosen


@contextmanager
def _target(file: Path) -> Iterator[BinaryIO]:
    """Standard output, or a file that is put in place when it is complete."""
    if str(file) == "-":
        yield sys.stdout.buffer
        return
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("wb") as target:
            yield target
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _print(summary: ImportSummary, rejects: Path) -> None:
    rows = [_counts("leads", summary)] + [_counts(kind, of) for kind, of in summary.objects.items() if kind != "leads"]
    console.table(["Objects", "Read", *(outcome.capitalize() for outcome in OUTCOMES)], rows)
    made = [(kind.replace("_", " "), len(names), _few(names)) for kind, names in asdict(summary.made).items() if names]
    if made:
        console.table(["Made for them", "Count", "Names"], made)
    _print_oddities(summary)
    if summary.rejected or summary.rejected_children:
        _point_to(rejects)


def _print_fields(summary: FieldsSummary, rejects: Path) -> None:
    rows = [[each.id, each.name, each.outcome, "; ".join(each.reasons)] for each in summary.fields]
    console.table(["Field", "Name", "Outcome", "Kept out"], rows)
    console.table(["Objects", "Read", *map(str.capitalize, OUTCOMES)], [_counts("custom fields", summary.counts)])
    if summary.users:
        console.table(["Made for them", "Count", "Names"], [("users", len(summary.users), _few(summary.users))])
    _print_oddities(summary)
    if not summary.is_whole:
        _point_to(rejects)


def _print_oddities(summary: ImportSummary | FieldsSummary) -> None:
    for title, counted in (("Warning", summary.warnings), ("Unknown key", summary.unknown_keys)):
        if counted:
            console.table([title, "Count"], sorted(counted.items()))


def _point_to(rejects: Path) -> None:
    console.err.print(f"What was rejected, and why, is in {rejects}.")


def _counts(kind: str, of: ImportSummary | Counts) -> list[object]:
    counts = [getattr(of, outcome) for outcome in OUTCOMES]
    return [kind, sum(counts), *counts]


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:NAMED]) + (", ..." if len(names) > NAMED else "")
