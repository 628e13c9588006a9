from pathlib import Path
from typing import Any

import pytest
from graphql import FieldNode, OperationDefinitionNode, build_schema, parse, validate
from graphql.execution.values import get_argument_values, get_variable_values
from hypothesis import given

from app.services.filter_json import literal, read
from tests.services.filter_json.samples import FILES, requests

SCHEMA = build_schema((Path(__file__).parents[3] / "schema.graphql").read_text("utf-8"))
VARIABLES = """query ($query: SearchQueryInput!, $sort: [SearchSortInput!], $first: Int, $resultsLimit: Int) {
  search(query: $query, sort: $sort, first: $first, resultsLimit: $resultsLimit) { count { total } }
}"""


def asked(source: str, variables: dict[str, Any]) -> dict[str, Any]:
    """The arguments that `search` gets from an operation."""
    document = parse(source)
    assert validate(SCHEMA, document) == []
    [operation] = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    [node] = operation.selection_set.selections
    assert isinstance(node, FieldNode)
    values = get_variable_values(SCHEMA, operation.variable_definitions or (), variables)
    assert not isinstance(values, list), values
    assert SCHEMA.query_type is not None
    return get_argument_values(SCHEMA.query_type.fields["search"], node, values)


def from_literal(variables: dict[str, Any]) -> dict[str, Any]:
    return asked(literal(variables), {})


def arguments(name: str) -> dict[str, Any]:
    return read(FILES[name].read_text("utf-8")).variables or {}


@pytest.mark.parametrize("name", list(FILES))
def test_literal_asks_what_variables_ask(name: str) -> None:
    """F38: both are valid GraphQL and mean the same."""
    assert from_literal(arguments(name)) == asked(VARIABLES, arguments(name))


@given(requests)
def test_any_literal_asks_what_variables_ask(request: Any) -> None:
    parsed = read(request)
    assert parsed.variables is not None
    assert asked(literal(parsed.variables, parsed.wanted), {}) == asked(VARIABLES, parsed.variables)


def test_literal_is_readable() -> None:
    assert literal(arguments("saas-ceos")) == (
        """query {
  search(
    query: {
      and: [
        { objectType: CONTACT }
        {
          fieldCondition: { field: { contact: EMAILS_COUNT }, condition: { numberRange: { gt: 1 } } }
        }
        {
          fieldCondition: {
            field: { contact: TITLE }
            condition: { text: { value: "CEO", mode: FULL_WORDS } }
          }
        }
        {
          hasRelated: {
            thisObjectType: CONTACT
            relatedObjectType: LEAD
            relatedQuery: {
              fieldCondition: {
                field: { customField: "cf_B57sofuEB7OBneH86SJctTr7hfiAiQcgkGRbAQfha0Z" }
                condition: { term: { values: ["Software as a service"] } }
              }
            }
          }
        }
      ]
    }
  ) {
    nodes {
      ... on Contact { id displayName }
    }
    pageInfo { hasNextPage endCursor }
  }
}"""
    )


def test_texts_are_escaped() -> None:
    variables = {"query": {"text": {"value": 'a "b"\\\n\x00é\U0001f600', "mode": "PHRASE"}}, "first": 3}
    text = literal(variables)
    assert text.splitlines()[2:5] == [
        '    query: { text: { value: "a \\"b\\"\\\\\\n\\u0000é\U0001f600", mode: PHRASE } }',
        "    first: 3",
        "  ) {",
    ]
    assert from_literal(variables) == asked(VARIABLES, variables)
