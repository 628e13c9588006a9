"""Documents that are shared by texts which differ in their literals alone.

The shape of a text is its tokens, with a mark for each string and each whole number. Texts of a shape that comes again
and again run a document with variables in place of literals, which was parsed, validated and planned once. What a
literal decides beyond its value keeps texts apart: that it stands where no variable may, and which others it equals,
for fields of one name have to have the same arguments.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import count
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

from cachetools import LRUCache
from graphql import (
    SKIP,
    DocumentNode,
    GraphQLError,
    GraphQLID,
    GraphQLInt,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    IntValueNode,
    Lexer,
    NamedTypeNode,
    NameNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    Source,
    StringValueNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    get_nullable_type,
    visit,
)

from app.execution.arguments import variables_in
from app.graphql.engine import LEAST_WEIGHT, Document, Documents
from app.graphql.validating import errors_of

LONGEST = 20_000  # characters of a text
MOST_LITERALS = 200

# Each repetition can match in one way only, and what is unknown is the whole rest: so the time is linear.
_BLANK = r"[ \t\n\r,\ufeff]*"
_IGNORED = rf"{_BLANK}(?:\#[^\r\n\ud800-\udfff]*{_BLANK})*"
_BLOCK = r'"""[^"\\\ud800-\udfff]*(?:(?:\\"""|\\(?!""")|"(?!""))[^"\\\ud800-\udfff]*)*"""'
_STRING = r'"(?!"")[^"\\\r\n\ud800-\udfff]*(?:\\[^\r\n\ud800-\udfff][^"\\\r\n\ud800-\udfff]*)*"'
_INT, _AFTER_NUMBER = r"-?(?:0|[1-9][0-9]*)", r"(?![0-9A-Za-z_.])"
_FLOAT = rf"{_INT}(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?{_AFTER_NUMBER}"
_NAME, _PUNCTUATOR = r"[A-Za-z_][0-9A-Za-z_]*", r"[!$&():=@\[\]{|}]|\.\.\."
_TOKEN = re.compile(
    rf"{_IGNORED}(?:({_BLOCK}|{_STRING}|{_INT}{_AFTER_NUMBER})|({_NAME}|{_PUNCTUATOR}|{_FLOAT})|\Z|([\s\S]+))"
)
_STRING_MARK, _INT_MARK = '""', "0"

K = TypeVar("K")
V = TypeVar("V")
Key: TypeAlias = tuple[str, tuple[str | int, ...]]


class Shape(NamedTuple):
    """A text's tokens, with marks for its literals, and the literals as they are written."""

    tokens: str
    literals: Sequence[str]

    def key(self, lifted: frozenset[int]) -> Key:
        """What texts share that run one document: other literals by what they are, those that are lifted by the first
        one that is written alike."""
        first: dict[str, int] = {}
        parts = (
            first.setdefault(literal, place) if place in lifted else literal
            for place, literal in enumerate(self.literals)
        )
        return self.tokens, tuple(parts)


def shape_of(text: str) -> Shape | None:
    """None where there is nothing to lift, or a token that is none of the language."""
    if len(text) > LONGEST:
        return None
    literals, others, unknown = zip(*_TOKEN.findall(text), strict=True)
    if any(unknown):
        return None
    found = [literal for literal in literals if literal]
    if not 0 < len(found) <= MOST_LITERALS:
        return None
    tokens = [other or _mark(literal) for literal, other in zip(literals, others, strict=True)]
    return Shape(" ".join(tokens).rstrip(), found)


def _mark(literal: str) -> str:
    return literal and (_STRING_MARK if literal[0] == '"' else _INT_MARK)


def read_string(literal: str) -> str:
    """The value of a string, in either form; GraphQLError where an escape means nothing."""
    if "\\" in literal or literal.startswith('"""'):
        return Lexer(Source(literal)).advance().value or ""
    return literal[1:-1]


class Variable(NamedTuple):
    """What stands in a literal's place."""

    name: str
    type: str
    place: int  # of the first of the literals, among all of the text

    def value(self, literal: str) -> Any:
        """What the literal says as a variable's value. An ID is told as it is written: -0 is not 0."""
        if literal[0] == '"':
            return read_string(literal)
        return literal if self.type == "ID" else int(literal)


@dataclass(frozen=True)
class Lifted:
    """A document with variables for literals."""

    document: Document
    variables: Sequence[Variable]

    def values(self, literals: Sequence[str]) -> dict[str, Any]:
        return {variable.name: variable.value(literals[variable.place]) for variable in self.variables}


class Unshared(Enum):
    """Why texts with one key share no document: there was only one, or they are valid with their literals alone."""

    YET = "yet"
    EVER = "ever"


class Lifting:
    """The documents that texts run: their own, or the one of their shape."""

    def __init__(self, schema: GraphQLSchema, documents: Documents, capacity: int = 512 * 1024) -> None:
        self._schema, self._documents = schema, documents
        self._shapes: Weighed[str, frozenset[int] | None] = Weighed(capacity // 2)  # which literals can be lifted
        self._lifted: Weighed[Key, Lifted | Unshared] = Weighed(capacity)

    def document(self, text: str) -> tuple[Document, Mapping[str, Any]]:
        """What to run for a text, and the values of the variables that were literals. With values a document has no
        errors, but they may be none that the variables' types take."""
        known = self._documents.known(text)
        shape = shape_of(text) if known is None else None
        lifted = self._shared(text, shape) if shape else None
        if shape and lifted:
            try:
                return lifted.document, lifted.values(shape.literals)
            except (GraphQLError, ValueError):  # an escape, or too many digits: the document's own error tells which
                pass
        return known or self._documents.get(text), {}

    def _shared(self, text: str, shape: Shape) -> Lifted | None:
        """None until there were others of the shape: to share a document is worth its making only then."""
        if shape.tokens not in self._shapes:
            self._shapes.put(shape.tokens, None, len(shape.tokens))
            return None
        liftable = self._shapes.get(shape.tokens)
        if liftable is None and (made := self._lift(text)):
            liftable = made.places
            self._shapes.put(shape.tokens, liftable, len(shape.tokens))
        if not liftable:
            return None
        key = shape.key(liftable)
        known = self._lifted.get(key)
        if known is None:
            self._lifted.put(key, Unshared.YET, len(text))
            return None
        found = self._make(key, text) if known is Unshared.YET else known
        return None if isinstance(found, Unshared) else found

    def _make(self, key: Key, text: str) -> Lifted | Unshared:
        made = self._lift(text)
        if made is None:
            return Unshared.YET
        found: Lifted | Unshared = Unshared.EVER
        if not errors_of(self._schema, made.node):
            found = Lifted(Document(made.node, ()), made.variables)
        self._lifted.put(key, found, len(text))
        return found

    def _lift(self, text: str) -> "Lift | None":
        """None where the text has errors of its own, which others of its shape need not have."""
        document = self._documents.get(text)
        if document.node is None or document.errors:
            return None
        return Lift.of(self._schema, document.node, text)


class Weighed(Generic[K, V]):
    """The entries used last, bounded by the sum of the lengths of what they are about; a short one takes room too."""

    def __init__(self, capacity: int) -> None:
        self._entries: LRUCache[K, tuple[V, int]] = LRUCache(capacity, getsizeof=lambda entry: entry[1])

    def __contains__(self, key: K) -> bool:
        return key in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: K) -> V | None:
        found = self._entries.get(key)
        return found and found[0]

    def put(self, key: K, value: V, length: int) -> None:
        weight = length + LEAST_WEIGHT
        if weight <= self._entries.maxsize:
            self._entries[key] = value, weight


@dataclass(frozen=True)
class Lift:
    """A document whose literals were lifted, before it is known to be valid."""

    node: DocumentNode
    variables: Sequence[Variable]
    places: frozenset[int]

    @classmethod
    def of(cls, schema: GraphQLSchema, document: DocumentNode, text: str) -> "Lift":
        """Nothing is lifted where there are several operations: a variable is of one of them."""
        operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
        if len(operations) != 1:
            return cls(document, (), frozenset())
        literals = {match.start(1): match[1] for match in _TOKEN.finditer(text) if match[1]}
        lifter = Lifter(TypeInfo(schema), literals, variables_in([document]))
        edited = visit(document, TypeInfoVisitor(lifter.types, lifter))
        variables = list(lifter.lifted.values())
        definitions = [
            _declared(each, variables) if isinstance(each, OperationDefinitionNode) else each
            for each in edited.definitions
        ]
        edited = replace(edited, definitions=tuple(definitions))
        return cls(edited, variables, frozenset(lifter.places))


def _declared(operation: OperationDefinitionNode, variables: Sequence[Variable]) -> OperationDefinitionNode:
    """The operation with more variables, which are never null: there is a value wherever there was a literal."""
    definitions = [
        VariableDefinitionNode(
            variable=VariableNode(name=NameNode(value=variable.name)),
            type=NonNullTypeNode(type=NamedTypeNode(name=NameNode(value=variable.type))),
        )
        for variable in variables
    ]
    return replace(operation, variable_definitions=(*(operation.variable_definitions or ()), *definitions))


class Lifter(Visitor):
    """Puts variables in the place of literals: one for all that are of one type and written alike."""

    def __init__(self, types: TypeInfo, literals: Mapping[int, str], taken: set[str]) -> None:
        super().__init__()
        self.types = types
        self.lifted: dict[tuple[str, str], Variable] = {}
        self.places: list[int] = []
        self._literals = {start: (place, literal) for place, (start, literal) in enumerate(literals.items())}
        self._names = (name for number in count() if (name := f"literal{number}") not in taken)

    def enter_directive(self, *_: Any) -> Any:
        return SKIP

    def enter_variable_definition(self, *_: Any) -> Any:
        return SKIP

    def enter_int_value(self, node: IntValueNode, *_: Any) -> VariableNode | None:
        type_: Any = get_nullable_type(self.types.get_input_type())
        return self._put(node, type_) if type_ in (GraphQLInt, GraphQLID) else None

    def enter_string_value(self, node: StringValueNode, key: Any, *_: Any) -> VariableNode | None:
        type_: Any = get_nullable_type(self.types.get_input_type())
        is_lifted = type_ in (GraphQLString, GraphQLID) or (key == "value" and _reads_alike(type_))
        return self._put(node, type_) if is_lifted else None

    def _put(self, node: IntValueNode | StringValueNode, type_: GraphQLScalarType) -> VariableNode | None:
        if node.loc is None:
            return None
        place, literal = self._literals[node.loc.start]
        self.places.append(place)
        if (literal, type_.name) not in self.lifted:
            self.lifted[literal, type_.name] = Variable(next(self._names), type_.name, place)
        return VariableNode(name=NameNode(value=self.lifted[literal, type_.name].name))


def _reads_alike(type_: Any) -> bool:
    """Whether a scalar of our own reads the string in a literal by the function that reads a variable's value."""
    return (
        isinstance(type_, GraphQLScalarType)
        and type_.coerce_input_literal is None
        and getattr(type_.parse_literal, "__func__", None) is GraphQLScalarType.parse_literal
    )
