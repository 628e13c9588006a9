"""Every query that stands in the documentation and in the tests, with values for its variables."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    parse,
    type_from_ast,
    validate,
)

from tests.execution.answering import ENGINE, Request
from tests.execution.arguments import Values

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"```graphql\n(.*?)```", re.DOTALL)


def queries() -> dict[str, DocumentNode]:
    """The texts that are queries of the schema, parsed."""
    texts = dict.fromkeys([*_documented(), *_tested()])
    return {text: document for text in texts if (document := _query(text)) is not None}


def request(text: str, document: DocumentNode, values: Values) -> Request:
    """One of the operations of a text."""
    [operation, *others] = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    variables: dict[str, Any] = {}
    for each in operation.variable_definitions or ():
        type_: Any = type_from_ast(ENGINE.schema, each.type)
        name = each.variable.name.value
        variables[name] = values.value(type_, name, _OWNERS.get(name, "lead"))
    wanted = operation.name.value if others and operation.name else None
    return Request(text, variables, wanted, odd=True)


_OWNERS = {"query": "search", "filter": "leads"}


def _documented() -> Iterator[str]:
    for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]):
        yield from _BLOCK.findall(path.read_text())


def _tested() -> Iterator[str]:
    for path in sorted(ROOT.glob("tests/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "{" in node.value:
                yield node.value


def _query(text: str) -> DocumentNode | None:
    try:
        document = parse(text)
    except GraphQLError:
        return None
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    reads = operations and all(each.operation is OperationType.QUERY for each in operations)
    return document if reads and not validate(ENGINE.schema, document) else None
