"""The arguments of a search as GraphQL text."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from app.services.filter_json.names import FIELD_MEMBERS

WIDTH = 100
_INDENT = "  "
# Members whose text is an enum value. `period` is one inside of itself.
_ENUMS = frozenset(
    {
        *FIELD_MEMBERS, "objectType", "thisObjectType", "relatedObjectType", "mode", "type", "edge", "anchor", "snapTo",
        "direction", "period",
    }
)  # fmt: skip


def literal(arguments: Mapping[str, Any]) -> str:
    """The field `search` with its arguments, to be put into an operation."""
    lines = [f"{name}: {_value(value, name, 1)}" for name, value in arguments.items()]
    return "search(\n" + "".join(f"{_INDENT}{line}\n" for line in lines) + ")"


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
    return json.dumps(value, ensure_ascii=False)
