"""From the arguments of a search back to JSON."""

from collections.abc import Mapping
from typing import Any

from app.services.filter_json.places import Spot
from app.services.filter_json.queries import QUERY
from app.services.filter_json.reading import Parsed
from app.services.filter_json.requests import REQUEST


def write(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of a search's arguments, or of its `query` alone; Unwritable for what is no such input."""
    if "query" in arguments:
        return REQUEST.write(arguments, Spot())
    return QUERY.write(arguments, Spot(input=("query",)))


def canonical(parsed: Parsed) -> dict[str, Any] | None:
    """What was read as JSON once more: a lone query as one, a request as one; None where there are problems."""
    if parsed.variables is None:
        return None
    if parsed.bare:
        return write(parsed.variables["query"])
    return {**write(parsed.variables), **parsed.wanted.given}
