"""Filters that were copied from elsewhere: read, held against the schema, checked and looked over."""

from collections.abc import Sequence
from typing import Any

from app.domain.errors import ArgumentFault, FaultCode
from app.domain.filter_checks import Checker, Problem
from app.graphql.context import Context, Info
from app.graphql.declare import object_type
from app.graphql.scalars import JSON
from app.graphql.search.arguments import coerced
from app.graphql.search.trees import order, tree
from app.services import filter_json
from app.services.filter_json import Parsed
from app.services.search.lint import lint
from app.services.search.searching import fields_for
from app.storage.paging import Window

_INT64 = range(-(2**63), 2**63)


@object_type
class SearchProblem:
    """Something about a filter."""

    path: list[str]
    """Where in the tree."""
    code: str
    """The kind of problem, for a program."""
    message: str
    """The problem in words for a person."""
    line: int | None
    """The line, where the JSON itself is broken."""
    column: int | None
    """The column, where the JSON itself is broken."""


@object_type
class ParsedSearchQuery:
    """A filter that was parsed from JSON."""

    variables: JSON | None
    """Ready for `search`: query, sort, first, resultsLimit; null when there are errors."""
    literal: str | None
    """A whole query that asks for the same, as GraphQL text."""
    json: JSON | None
    """The canonical JSON."""
    warnings: list[SearchProblem]
    """What looks wrong but runs."""
    errors: list[SearchProblem]
    """What keeps it from running."""


async def parsed(info: Info, json: Any) -> ParsedSearchQuery:
    """What a filter becomes here. With an error in it there is nothing that could be run."""
    read = filter_json.read(json)
    errors: list[Any] = list(read.problems)
    warnings: list[Any] = list(read.warnings)
    variables = None
    if read.variables is not None:
        variables, capped = _capped(read.variables, info.context.max_page_size)
        faults, found = await _looked_over(info, variables)
        errors += [_placed(read, fault) for fault in faults]
        warnings += [_placed(read, warning) for warning in found]
        warnings += [read.problem(("first",), "PAGE_SIZE", message) for message in capped]
    if errors or variables is None:
        return ParsedSearchQuery(variables=None, literal=None, json=None, warnings=warnings, errors=errors)
    variables = _sendable(variables)
    return ParsedSearchQuery(
        variables=JSON(variables),
        literal=filter_json.literal(variables, read.wanted),
        json=JSON(_sendable(filter_json.canonical(read))),
        warnings=warnings,
        errors=[],
    )


def _capped(variables: dict[str, Any], largest: int) -> tuple[dict[str, Any], list[str]]:
    """Pages elsewhere may be larger than they can be here; that need not keep a filter from running."""
    first = variables.get("first")
    if type(first) is not int or first <= largest:
        return variables, []
    return variables | {"first": largest}, [f"A page has {largest} hits at most, not {first}: go on with its cursor."]


def _sendable(value: Any) -> Any:
    """JSON in which whole numbers that few readers take are texts, as which a range takes them all the same."""
    match value:
        case dict():
            return {name: _sendable(inner) for name, inner in value.items()}
        case list():
            return [_sendable(inner) for inner in value]
        case int() if value not in _INT64:
            return str(value)
    return value


def _placed(read: Parsed, problem: Any) -> filter_json.Problem:
    """A problem of the input at its place in the JSON."""
    return read.problem(problem.path, problem.code.value, problem.message)


async def _looked_over(info: Info, variables: dict[str, Any]) -> tuple[Sequence[Problem], Sequence[Any]]:
    """The faults in the arguments of a search, or else what looks wrong about them."""
    arguments, faults = coerced(info.schema, variables)
    if faults:
        return faults, []
    context = info.context
    query, sort = tree(arguments["query"]), order(arguments.get("sort"))
    fields = await fields_for(context.database, context.actor, query, sort)
    checker = Checker(fields)
    checker.check_sort(sort, checker.check(query))
    if faults := [*checker.problems, *_out_of_range(context, arguments)]:
        return faults, []
    return [], await lint(context.database, context.actor, context.clock(), query, fields)


def _out_of_range(context: Context, arguments: dict[str, Any]) -> list[Problem]:
    limit = arguments.get("results_limit")
    if limit is not None and limit < 0:
        return [Problem(("resultsLimit",), f"`resultsLimit` cannot be negative: {limit}.", FaultCode.BAD_USER_INPUT)]
    try:
        Window.of(arguments.get("first"), maximum=context.max_page_size)
    except ArgumentFault as fault:
        return [Problem(tuple(fault.path), fault.message, fault.code)]
    return []
