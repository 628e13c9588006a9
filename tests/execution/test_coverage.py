"""Every field of the schema that no plan answers, and that no document does, is listed here, with its reason."""

from collections import deque
from collections.abc import Callable, Iterator
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
from app.execution.plan import Plan
from app.graphql.engine import Engine
from app.graphql.schema import schema
from app.storage.database import Database

ENGINE = Engine(schema)
CORE = ENGINE.schema

_ANY_TYPE = "its object can be of any type that has an id, and is told by the prefix"
_OF_INPUT = "which one it is says the input, and no row"
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
REASONS_OF_PAYLOADS = {
    **dict.fromkeys((f"CustomFieldValue{name}Payload.owner" for name in ("Set", "Unset", "Add", "Remove")), _ANY_TYPE),
    **dict.fromkeys((f"CustomFieldValue{name}Payload.value" for name in ("Set", "Add", "Remove")), _OF_INPUT),
}
_PYTHON = "what makes it is a library of Python"
_JSON = "the databases keep neither the order of its members nor the form of its numbers"
_SCHEMA = "one statement reads it with all its fields as it is, and its digest is made by a library of Python"
WITHOUT_DOCUMENT = {
    "Query.search": "its hits are found before",
    "Query.customFieldSchema": _SCHEMA,
    "CustomActivityType.fields": _SCHEMA,
    "ContactPhone.phoneFormatted": _PYTHON,
    "CustomFieldHiddenValue.json": _JSON,
    "Role.permissions": "it is a list of enums in JSON, and few ask for it",
}


async def test_fields_without_a_plan_are_listed(database: Database) -> None:
    found = dict(without_answer(lambda document: unplanned(document, database), "query", "mutation"))
    reasons = REASONS | REASONS_OF_PAYLOADS
    assert set(found) == set(reasons) | DISPLAY
    assert set(found.values()) == {f"opaque: {name.partition('.')[2]}" for name in reasons}


async def test_fields_without_a_document_are_listed(database: Database) -> None:
    found = dict(without_answer(lambda document: undocumented(document, database), "query"))
    assert set(found) == set(REASONS) | DISPLAY | set(WITHOUT_DOCUMENT)


def unplanned(document: str, database: Database) -> str | None:
    """Why there is no plan for a document."""
    try:
        plan_of(document, database)
    except Unplannable as reason:
        return str(reason)
    return None


def undocumented(document: str, database: Database) -> str | None:
    """That no plan of a document has the form of one statement."""
    try:
        plan: Plan = plan_of(document, database)
    except Unplannable as reason:
        return str(reason)
    return "levels" if plan.document is None else None


def plan_of(document: str, database: Database) -> Any:
    node = parse(document)
    [operation] = node.definitions
    assert isinstance(operation, OperationDefinitionNode)
    return _planned(ENGINE, node, operation, VariableValues({}, {}), database)


def without_answer(reason_of: Callable[[str], str | None], *roots: str) -> Iterator[tuple[str, str]]:
    """The fields that are not answered, and what is said of them: of every type that can be reached by others alone."""
    ways: deque[tuple[Any, list[str]]] = deque((getattr(CORE, f"{root}_type"), [root]) for root in roots)
    known: set[str] = set()
    while ways:
        type_, way = ways.popleft()
        if type_.name in known:
            continue
        known.add(type_.name)
        for name, field in getattr(type_, "fields", {}).items():
            named = get_named_type(field.type)
            below = " { __typename }" if is_composite_type(named) else ""
            reason = reason_of(" { ".join([*way, name + below]) + " }" * len(way))
            if reason is not None:
                yield f"{type_.name}.{name}", reason
            elif is_composite_type(named):
                ways.append((named, [*way, name]))
        if not isinstance(type_, GraphQLObjectType):
            ways.extend((each, [*way, f"... on {each.name}"]) for each in CORE.get_possible_types(type_))
    assert len(known) > 50


def implementations(name: str) -> list[str]:
    interface = CORE.type_map[name]
    assert isinstance(interface, GraphQLInterfaceType)
    return [each.name for each in CORE.get_possible_types(interface)]


DISPLAY = {f"{each}.display" for each in implementations("CustomFieldValue")}
