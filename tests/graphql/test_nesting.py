"""What nests too deep, told without recursion."""

from typing import Any

from graphql import parse

from app.graphql.nesting import MAX_NESTING, is_deep_document, is_deep_value


def nested(levels: int) -> Any:
    value: Any = 1
    for level in range(levels):
        value = [value, 2] if level % 2 else {"a": value, "b": None}
    return value


def test_values_are_as_deep_as_their_brackets() -> None:
    assert not is_deep_value(None)
    assert not is_deep_value({"a": ["[" * 200]})
    assert not is_deep_value(nested(MAX_NESTING))
    assert is_deep_value(nested(MAX_NESTING + 1))
    assert is_deep_value(nested(100_000))


def test_documents_are_as_deep_as_their_brackets() -> None:
    def document(levels: int) -> Any:
        return parse("{ a" * (levels - 1) + "(b: 1)" + " }" * (levels - 1))

    assert not is_deep_document(document(MAX_NESTING))
    assert is_deep_document(document(MAX_NESTING + 1))
    assert not is_deep_document(parse('{ a(b: "' + "{" * 200 + '") c }'))
    assert not is_deep_document(parse("{ a { b } c " * 90 + "}" * 90))
