"""A document that shows a difference, made small; and where two answers differ."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from typing import Any

import orjson
from graphql import (
    REMOVE,
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    Node,
    ObjectFieldNode,
    OperationDefinitionNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    parse,
    print_ast,
    validate,
    visit,
)

from tests.execution.answering import ENGINE, Request
from tests.execution.arguments import variables_of

_PARTS = (FieldNode, InlineFragmentNode, FragmentSpreadNode, ArgumentNode, DirectiveNode, ObjectFieldNode)
_MOST = 400


async def smallest(request: Request, differs: Callable[[Request], Awaitable[bool]]) -> Request:
    """What is left when nothing more can be taken away without losing the difference."""
    for _ in range(_MOST):
        for smaller in _smaller(request):
            if await differs(smaller):
                request = smaller
                break
        else:
            return request
    return request


def difference(one: bytes, other: bytes) -> str:
    """The first place where two answers differ, and what they say there."""
    if one == other:
        return "the same, but not by the plan that was begun"
    return _difference(orjson.loads(one), orjson.loads(other), "") or "the order of keys, or the form of a value"


def _difference(one: Any, other: Any, path: str) -> str:
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        pairs = ((f"{path}.{key}", one[key], other[key]) for key in one)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = ((f"{path}[{place}]", left, other[place]) for place, left in enumerate(one))
    else:
        return "" if one == other else f"{path or '.'}: {str(one)[:300]} and {str(other)[:300]}"
    return next((found for place, left, right in pairs if (found := _difference(left, right, place))), "")


def _smaller(request: Request) -> Iterator[Request]:
    """The same document without one part of it, large parts first."""
    document = parse(request.query)
    place = 0
    while (without := _without(document, place)) is not None:
        place += 1
        query = print_ast(_cleaned(without))
        if "{}" not in query and not validate(ENGINE.schema, parse(query)):
            left = variables_of(parse(query), request.operation_name)
            names = {each.variable.name.value for each in left}
            given = {name: value for name, value in (request.variables or {}).items() if name in names}
            yield replace(request, query=query, variables=given)


def _without(document: DocumentNode, place: int) -> DocumentNode | None:
    """The document without its part of this number; None where it has fewer."""
    seen = -1

    class Remover(Visitor):
        def enter(self, node: Node, *_: Any) -> Any:
            nonlocal seen
            seen += isinstance(node, _PARTS)
            return REMOVE if isinstance(node, _PARTS) and seen == place else None

    left: DocumentNode = visit(document, Remover())
    return left if seen >= place else None


def _cleaned(document: DocumentNode) -> DocumentNode:
    """The document without the fragments and variables that nothing uses any more."""
    while True:
        used = _names(document, FragmentSpreadNode)
        kept = [each for each in document.definitions if not _is_unused(each, used)]
        if len(kept) == len(document.definitions):
            break
        document = DocumentNode(definitions=tuple(kept))
    variables = _names(document, VariableNode)

    class Remover(Visitor):
        def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> Any:
            return None if node.variable.name.value in variables else REMOVE

    left: DocumentNode = visit(document, Remover())
    return left


def _is_unused(definition: Node, used: set[str]) -> bool:
    if isinstance(definition, OperationDefinitionNode):
        return bool(definition.name and definition.name.value == "Other")
    return isinstance(definition, FragmentDefinitionNode) and definition.name.value not in used


def _names(document: DocumentNode, kind: type[Any]) -> set[str]:
    """The names that stand in nodes of a kind, but for the definitions of variables."""
    found: set[str] = set()

    class Collector(Visitor):
        def enter(self, node: Node, key: Any, parent: Any, *_: Any) -> None:
            if isinstance(node, kind) and not isinstance(parent, VariableDefinitionNode):
                found.add(node.name.value)

    visit(document, Collector())
    return found
