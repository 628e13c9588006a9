"""Cursors that the lists of a world hand out, to go on from in other documents."""

from typing import Any, TypeAlias

from graphql import GraphQLSchema

from app.storage.database import Database
from tests.execution.answering import Caller, Request, resolve
from tests.execution.searches import PAGED

Cursors: TypeAlias = dict[str, list[str]]

# How a list of each type is reached.
_WAYS = {
    "Query": "{ %s }",
    "Lead": "{ leads(first: 100) { nodes { %s } } }",
    "Contact": "{ contacts(first: 100) { nodes { %s } } }",
    "OpportunityStatus": "{ opportunityStatuses { %s } }",
}
_SEARCH = """query($query: SearchQueryInput!, $sort: [SearchSortInput!]) {
    search(query: $query, sort: $sort, first: 100) { edges { cursor } } }"""
_MOST = 6


def key_of(parent: str, field: str, order: Any) -> str:
    """What the cursors of a list depend on."""
    return f"{parent}.{field} {sorted(order.items()) if order else ''}"


async def collect(database: Database, caller: Caller, schema: GraphQLSchema) -> Cursors:
    """A few cursors of each list in each of its orders."""
    found: Cursors = {}
    for parent, way in _WAYS.items():
        lists = {f"list{place}": each for place, each in enumerate(_lists(schema, parent))}
        fields = [
            f"{alias}: {field}({_call(order)}) {{ edges {{ cursor }} }}" for alias, (field, order) in lists.items()
        ]
        body = await resolve(database, caller, Request(way % " ".join(fields)))
        assert "errors" not in body, body["errors"]
        for alias, (field, order) in lists.items():
            cursors = sorted(set(_below(body["data"], alias)))
            found[key_of(parent, field, order)] = cursors[:: max(1, len(cursors) // _MOST)]
    for place, search in enumerate(PAGED):
        body = await resolve(database, caller, Request(_SEARCH, search))
        found[f"search {place}"] = [edge["cursor"] for edge in body["data"]["search"]["edges"]][:_MOST]
    return found


def _lists(schema: GraphQLSchema, parent: str) -> list[tuple[str, dict[str, str] | None]]:
    """The lists of a type with their orders; None is the usual one."""
    type_: Any = schema.type_map[parent]
    lists: list[tuple[str, dict[str, str] | None]] = []
    for name, field in type_.fields.items():
        if "before" in field.args:
            lists.append((name, None))
            if "orderBy" in field.args:
                members = field.args["orderBy"].type.fields
                lists += [
                    (name, {"field": by, "direction": direction})
                    for by in members["field"].type.of_type.values
                    for direction in members["direction"].type.of_type.values
                ]
    return lists


def _call(order: dict[str, str] | None) -> str:
    size = "first: 20"
    return f"{size} orderBy: {{field: {order['field']}, direction: {order['direction']}}}" if order else size


def _below(value: Any, alias: str) -> list[str]:
    """The cursors below every list of this alias."""
    if isinstance(value, list):
        return [cursor for item in value for cursor in _below(item, alias)]
    if not isinstance(value, dict):
        return []
    own = [edge["cursor"] for edge in value.get(alias, {}).get("edges", ())]
    others = [item for key, item in value.items() if not key.startswith("list")]
    return own or [cursor for item in others for cursor in _below(item, alias)]
