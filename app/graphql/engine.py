"""An operation from its text to the body of the response: parse and validate once per text, then execute."""

from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

import orjson
from cachetools import LRUCache
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    execute,
    get_operation_ast,
    parse,
)
from strawberry.schema import Schema

from app.graphql.context import Context
from app.graphql.faults import Code, formatted, is_unexpected
from app.graphql.nesting import is_deep_document, is_deep_value, too_deep
from app.graphql.validating import errors_of

LEAST_WEIGHT = 1_000  # characters that a document counts for besides its own


@dataclass(frozen=True, eq=False)
class Document:
    """A text that was parsed and validated; with errors it cannot run."""

    node: DocumentNode | None
    errors: tuple[GraphQLError, ...]
    code: Code | None = None


@dataclass(frozen=True)
class Result:
    """The body of a response. `executed` is false when the request was refused before anything ran; `path` says
    which way the answer was found."""

    content: "dict[str, Any] | Text"
    executed: bool
    path: str = "resolvers"

    @property
    def body(self) -> dict[str, Any]:
        if isinstance(self.content, Text):
            return {"data": orjson.loads(bytes(self.content))}
        return self.content

    def encoded(self) -> bytes:
        """The body as it goes out."""
        if isinstance(self.content, Text):
            return b'{"data":' + self.content + b"}"
        return orjson.dumps(self.content, default=str)


class Text(bytes):
    """The JSON text of an operation's data, in place of the data: made by the database, and passed on as it is."""


class Documents:
    """The documents seen last, bounded by the sum of their lengths; a short one takes room too."""

    def __init__(self, schema: GraphQLSchema, capacity: int = 1024 * 1024) -> None:
        self._schema = schema
        self._known: LRUCache[str, tuple[Document, int]] = LRUCache(capacity, getsizeof=lambda entry: entry[1])

    def known(self, text: str) -> Document | None:
        found = self._known.get(text)
        return found and found[0]

    def get(self, text: str) -> Document:
        known = self.known(text)
        if known is not None:
            return known
        found = self._read(text)
        weight = len(text) + LEAST_WEIGHT
        if weight <= self._known.maxsize:
            self._known[text] = found, weight
        return found

    def _read(self, text: str) -> Document:
        try:
            node = parse(text)
        except GraphQLError as error:
            return Document(None, (error,), Code.GRAPHQL_PARSE_FAILED)
        if is_deep_document(node):
            return Document(None, (too_deep("document is"),), Code.GRAPHQL_PARSE_FAILED)
        try:
            errors = errors_of(self._schema, node)
        except ValueError:  # Python reads no number of more than a few thousand digits
            errors = [GraphQLError("A number in the document has too many digits.")]
        return Document(node, tuple(errors), Code.GRAPHQL_VALIDATION_FAILED if errors else None)


class Engine:
    """Runs operations on a schema."""

    def __init__(self, schema: Schema) -> None:
        self.declared = schema
        self.schema: GraphQLSchema = schema._schema  # strawberry has no public name for the built schema
        self.documents = Documents(self.schema)

    async def run(
        self,
        query: str,
        variables: dict[str, Any] | None,
        operation_name: str | None,
        context: Context,
        read_only: bool = False,
    ) -> Result:
        document = self.documents.get(query)
        if document.node is None or document.errors:
            return _refused(document.errors, document.code)
        operation = get_operation_ast(document.node, operation_name)
        if operation is None:
            return _refused([_unresolved(document.node, operation_name)], Code.OPERATION_RESOLUTION_FAILURE)
        if read_only and operation.operation is not OperationType.QUERY:
            message = f"A {operation.operation.value} has to be sent by POST."
            return _refused([GraphQLError(message)], Code.METHOD_NOT_ALLOWED)
        if is_deep_value(variables):
            return _refused([too_deep("variables are")], Code.COST_EXCEEDED)
        arguments = {"variable_values": variables, "operation_name": operation_name}
        result = await self._execute(document.node, context, arguments)
        if operation.operation is OperationType.QUERY and _is_torn(result):
            context.start_again()
            result = await self._execute(document.node, context, arguments)
        return _answer(result)

    async def _execute(self, document: DocumentNode, context: Context, arguments: dict[str, Any]) -> Any:
        result = execute(self.schema, document, root_value=context.actor, context_value=context, **arguments)
        return await result if isawaitable(result) else result


def _is_torn(result: Any) -> bool:
    """Whether a link that is always there led nowhere: something was removed between two statements of a query."""
    errors = result.errors or ()
    return any("null for non-nullable" in error.message for error in errors if is_unexpected(error))


def _answer(result: Any) -> Result:
    if not isinstance(result, ExecutionResult):
        raise TypeError(f"an operation gave {type(result).__name__}")
    errors = result.errors or []
    if result.data is None and errors and all(error.path is None for error in errors):
        return _refused(errors, Code.BAD_USER_INPUT)
    body: dict[str, Any] = {"data": result.data}
    if errors:
        body["errors"] = [formatted(error) for error in errors]
    return Result(body, executed=True)


def _refused(errors: Any, code: Code | None) -> Result:
    return Result({"errors": [formatted(error, code) for error in errors]}, executed=False)


def _unresolved(document: DocumentNode, name: str | None) -> GraphQLError:
    names = [
        definition.name.value if definition.name else "(no name)"
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
    ]
    if name is not None:
        return GraphQLError(f"The document has no operation {name!r}; it has {', '.join(names) or 'none'}.")
    if not names:
        return GraphQLError("The document has no operation.")
    return GraphQLError(f"The document has several operations ({', '.join(names)}); name one in operationName.")
