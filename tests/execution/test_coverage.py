"""Every field of the schema that no plan answers is listed here, with its reason."""

from collections import deque
from collections.abc import Iterator
from typing import Any

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    OperationDefinitionNode,
    get_named_type,
    is_composite_type,
    parse,
)
from graphql.execution.values import VariableValues

from app.execution.gateway import _planned
from app.execution.levels import Unplannable
from app.graphql.engine import Engine
from app.graphql.schema import schema
from app.storage.database import Database

ENGINE = Engine(schema)
CORE = ENGINE.schema

_ANY_TYPE = "its object can be of any type that has an id, and is told by the prefix"
_TEXT = "it works on a text or a list that is no row"
REASONS = {
    "Query.node": _ANY_TYPE,
    "Query.nodes": _ANY_TYPE,
    "Query.searchFields": _TEXT,
    "Query.parseSearchQuery": _TEXT,
    "Query.explainMatch": "it asks a statement for every place that the tree looks at",
    "CustomFieldValue.display": "it names users and contacts, which are rows of other tables for each kind of value",
    "EmailThread.participants": "it goes through the details of all messages of a thread",
    "EmailThread.latestEmail": "it is the last of a list that has no pages",
}


async def test_fields_without_a_plan_are_listed(database: Database) -> None:
    found = dict(without_plan(database))
    display = {f"{each}.display" for each in implementations("CustomFieldValue")}
    assert set(found) == set(REASONS) | display
    assert set(found.values()) == {f"opaque: {name.partition('.')[2]}" for name in REASONS}


def unplanned(document: str, database: Database) -> str | None:
    """Why there is no plan for a document."""
    node = parse(document)
    [operation] = node.definitions
    assert isinstance(operation, OperationDefinitionNode)
    try:
        _planned(ENGINE, node, operation, VariableValues({}, {}), database)
    except Unplannable as reason:
        return str(reason)
    return None


def without_plan(database: Database) -> Iterator[tuple[str, str]]:
    """The fields that no plan answers, with what is said of them: of every type that can be reached by plans alone."""
    ways: deque[tuple[Any, list[str]]] = deque([(CORE.query_type, ["query"]), (CORE.mutation_type, ["mutation"])])
    known: set[str] = set()
    while ways:
        type_, way = ways.popleft()
        if type_.name in known:
            continue
        known.add(type_.name)
        for name, field in getattr(type_, "fields", {}).items():
            named = get_named_type(field.type)
            below = " { __typename }" if is_composite_type(named) else ""
            reason = unplanned(" { ".join([*way, name + below]) + " }" * len(way), database)
            if reason is not None:
                yield f"{type_.name}.{name}", reason
            elif is_composite_type(named):
                ways.append((named, [*way, name]))
        if not isinstance(type_, GraphQLObjectType):
            ways.extend((each, [*way, f"... on {each.name}"]) for each in CORE.get_possible_types(type_))
    assert len(known) > 100


def implementations(name: str) -> list[str]:
    interface = CORE.type_map[name]
    assert isinstance(interface, GraphQLInterfaceType)
    return [each.name for each in CORE.get_possible_types(interface)]
