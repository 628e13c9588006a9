"""The command that writes the schema."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from app.cli import console
from app.cli.mistakes import Mistake
from app.graphql.schema import schema, sdl


def write_schema(
    file: Annotated[
        Path, typer.Argument(help="Where to; - is standard output.", allow_dash=True, dir_okay=False)
    ] = Path("schema.graphql"),
    check: Annotated[bool, typer.Option("--check", help="Only tell whether the file is up to date.")] = False,
) -> None:
    """Write the schema in the GraphQL schema definition language."""
    text = sdl(schema)
    if str(file) == "-":
        sys.stdout.write(text)
    elif not check:
        file.write_text(text, "utf-8")
        console.err.print(f"{file} is written.")
    elif not file.exists() or file.read_text("utf-8") != text:
        raise Mistake(f"{file} differs from the code: write it with crm-gateway schema {file}.")
