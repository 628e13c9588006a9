"""A search as GraphQL text."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from app.services.filter_json.names import FIELD_MEMBERS
from app.services.filter_json.selections import NOTHING, Selection, Wanted, hits

WIDTH = 100
_INDENT = "  "
# Members whose text is an enum value. `period` is one inside of itself.
_ENUMS = frozenset(
    {
        *FIELD_MEMBERS, "objectType", "thisObjectType", "relatedObjectType", "mode", "type", "edge", "anchor", "snapTo",
        "direction", "period",
    }
)  # fmt: skip


def literal(arguments: Mapping[str, Any], wanted: Wanted = NOTHING) -> str:
    """The whole query that searches with these arguments and selects what is wanted."""
    given = "".join(f"{_INDENT * 2}{name}: {_value(value, name, 2)}\n" for name, value in arguments.items())
    selection: Selection = {
        "nodes": hits(arguments["query"], wanted),
        "pageInfo": {"hasNextPage": {}, "endCursor": {}},
    }
    if wanted.counts:
        selection["count"] = {"limited": {}, "total": {}}
    lines = "".join(f"{_INDENT * 2}{name} {_selected(inner, name, 2)}\n" for name, inner in selection.items())
    return f"query {{\n{_INDENT}search(\n{given}{_INDENT}) {{\n{lines}{_INDENT}}}\n}}"


def _selected(selection: Selection, name: str, depth: int) -> str:
    """A selection on one line if it fits and nothing in it branches again, else with a line for each field."""
    flat = "{ " + " ".join(_flat_field(name, inner) for name, inner in selection.items()) + " }"
    fits = len(flat) + len(name) + len(_INDENT) * depth < WIDTH
    if fits and not any(name.startswith("...") for name in selection):
        return flat
    within = "\n" + _INDENT * (depth + 1)
    fields = (f"{name} {_selected(inner, name, depth + 1)}" if inner else name for name, inner in selection.items())
    return "{" + "".join(within + field for field in fields) + "\n" + _INDENT * depth + "}"


def _flat_field(name: str, selection: Selection) -> str:
    inner = " ".join(_flat_field(name, inner) for name, inner in selection.items())
    return f"{name} {{ {inner} }}" if inner else name


def _value(value: Any, member: str, depth: int) -> str:
    """A value on one line if it fits, else with a line for each part."""
    flat = _flat(value, member)
    if not isinstance(value, dict | list) or len(flat) + len(member) + len(_INDENT) * depth <= WIDTH:
        return flat
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    within = "\n" + _INDENT * (depth + 1)
    return opening + "".join(within + part for part in _parts(value, depth + 1)) + "\n" + _INDENT * depth + closing


def _parts(value: dict[str, Any] | list[Any], depth: int) -> Iterator[str]:
    if isinstance(value, dict):
        return (f"{name}: {_value(inner, name, depth)}" for name, inner in value.items())
    return (_value(inner, "", depth) for inner in value)


def _flat(value: Any, member: str) -> str:
    match value:
        case dict() if value:
            return "{ " + ", ".join(f"{name}: {_flat(inner, name)}" for name, inner in value.items()) + " }"
        case list():
            return "[" + ", ".join(_flat(inner, "") for inner in value) + "]"
        case str() if member in _ENUMS:
            return value
    return json.dumps(value, ensure_ascii=False, default=str)
