"""The command that translates filters: the JSON that people copy, and the arguments of `search`."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli import console
from app.cli.mistakes import Mistake
from app.services import filter_json
from app.services.filter_json import Problem, Unwritable, Wanted
from app.services.filter_json.syntax import Parsing, parse


class Form(StrEnum):
    GRAPHQL = "graphql"
    VARIABLES = "variables"
    JSON = "json"


def translate(
    file: Annotated[
        Path, typer.Argument(help="The filter; - is standard input.", allow_dash=True, dir_okay=False, exists=False)
    ],
    to: Annotated[
        Form | None,
        typer.Option(
            help="What to print; graphql for copied JSON, json for variables of a search.", show_default=False
        ),
    ] = None,
) -> None:
    """Translate a filter that was copied as JSON into a search, or the variables of a search into such JSON."""
    text, wanted = _text(file), Wanted()
    parsing = parse(text)
    if filter_json.is_arguments(parsing.value):
        _raise(file, parsing.problems)
        arguments, copied = _checked(file, parsing)
        to = to or Form.JSON
    else:
        parsed = filter_json.read(text)
        for warning in parsed.warnings:
            console.err.print("Warning:", _line(file, warning), style="yellow")
        _raise(file, parsed.problems)
        arguments, copied = parsed.variables or {}, filter_json.canonical(parsed)
        wanted = parsed.wanted
        to = to or Form.GRAPHQL
    sys.stdout.write(_form(to, arguments, wanted, copied) + "\n")


def _text(file: Path) -> str:
    try:
        return sys.stdin.buffer.read().decode() if str(file) == "-" else file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise Mistake(f"{file} is not UTF-8.") from error


def _checked(file: Path, parsing: Parsing) -> tuple[dict[str, Any], Any]:
    """Arguments that were given as such, and their JSON."""
    value: dict[str, Any] = parsing.value
    try:
        copied = filter_json.write(value)
    except Unwritable as error:
        path = error.path if "query" in value else error.path[1:]
        position = parsing.positions.nearest(tuple(path))
        raise Mistake(_line(file, Problem(path, "", str(error), *(position or ())))) from error
    return (value if "query" in value else {"query": value}), copied


def _form(to: Form, arguments: dict[str, Any], wanted: Wanted, copied: Any) -> str:
    if to is Form.GRAPHQL:
        return filter_json.literal(arguments, wanted)
    return json.dumps(copied if to is Form.JSON else arguments, indent=2, ensure_ascii=False, default=str)


def _raise(file: Path, problems: list[Problem]) -> None:
    if problems:
        raise Mistake("\n".join(_line(file, problem) for problem in problems))


def _line(file: Path, problem: Problem) -> str:
    """A problem with its place, in the way of compilers."""
    name = "stdin" if str(file) == "-" else str(file)
    place = f"{name}:{problem.line}:{problem.column}" if problem.line else name
    where = f" (at {'.'.join(problem.path)})" if problem.path else ""
    return f"{place}: {problem.message}{where}"
