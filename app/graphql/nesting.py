"""How deep an operation nests, told without recursion: what nests too deep is refused before anything walks it."""

from typing import Any

from graphql import DocumentNode, GraphQLError, TokenKind

MAX_NESTING = 100  # of brackets: twice what the deepest allowed filter needs, and far from the end of the stack

_OPENING = frozenset({TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L})
_CLOSING = frozenset({TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R})


def too_deep(what: str) -> GraphQLError:
    return GraphQLError(f"The {what} nested too deeply: {MAX_NESTING} levels of brackets are the most.")


def is_deep_document(document: DocumentNode) -> bool:
    token = document.loc.start_token if document.loc else None
    depth = 0
    while token is not None:
        depth += (token.kind in _OPENING) - (token.kind in _CLOSING)
        if depth > MAX_NESTING:
            return True
        token = token.next
    return False


def is_deep_value(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_NESTING):
        level = [inner for each in level for inner in _within(each)]
        if not level:
            return False
    return True


def _within(value: Any) -> list[Any]:
    """The objects and lists directly within a value."""
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [member for member in members if isinstance(member, dict | list)]
