import io
import json
import sys
from pathlib import Path

import pytest

from app.services.filter_json import read
from tests.cli.conftest import Crm

FILTERS = Path(__file__).parents[1] / "data" / "filters"
COPIED = FILTERS / "ceo-contacts.json"
LITERAL = """query {
  search(
    query: {
      and: [
        { objectType: CONTACT }
        {
          fieldCondition: {
            field: { contact: TITLE }
            condition: { text: { value: "CEO", mode: FULL_WORDS } }
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
}
"""


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch) -> io.BytesIO:
    """What standard input holds."""
    pipe = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(pipe))
    return pipe


def test_copied_filter_becomes_graphql(bare: Crm) -> None:
    """F38: a copied filter is ready to be asked."""
    ran = bare("filter", str(COPIED))
    assert (ran.code, ran.out, ran.err) == (0, LITERAL, "")


def test_filter_goes_both_ways(bare: Crm, folder: Path) -> None:
    """F38: the variables of a search become the same filter again."""
    variables = bare("filter", str(COPIED), "--to", "variables").out
    assert json.loads(variables) == read(COPIED.read_text("utf-8")).variables
    file = folder / "variables.json"
    file.write_text(variables, "utf-8")
    assert json.loads(bare("filter", str(file)).out) == json.loads(COPIED.read_text("utf-8"))
    assert bare("filter", str(file), "--to", "graphql").out == LITERAL
    assert bare("filter", str(file), "--to", "variables").out == variables


def test_filter_is_made_canonical(bare: Crm) -> None:
    ran = bare("filter", str(FILTERS / "whole-request.json"), "--to", "json")
    assert '"negate"' not in ran.out
    assert list(json.loads(ran.out)) == ["query", "sort", "_limit", "results_limit", "include_counts", "_fields"]
    assert (ran.code, ran.err) == (0, "")


def test_wishes_become_the_selection(bare: Crm) -> None:
    """F5, F7: what a whole request wants of its result is selected."""
    ran = bare("filter", str(FILTERS / "whole-request.json"))
    assert ran.out.splitlines()[10:] == [
        "    resultsLimit: 100",
        "  ) {",
        "    nodes {",
        "      ... on Lead { id }",
        "      ... on Contact { id name }",
        "    }",
        "    pageInfo { hasNextPage endCursor }",
        "    count { limited total }",
        "  }",
        "}",
    ]


def test_warnings_have_their_places(bare: Crm, piped: io.BytesIO) -> None:
    piped.write(b'{"query": {"type": "match_all"},\n "_fields": {"lead": ["id",\n  "nmae"]}, "cursor": "x"}')
    piped.seek(0)
    ran = bare("filter", "-", "--to", "variables")
    assert (ran.code, json.loads(ran.out)) == (0, {"query": {"matchAll": True}})
    assert ran.err == (
        'Warning: stdin:3:3: "nmae" is nothing that can be selected of a lead and is left out. Did you mean "name"?'
        " (at _fields.lead.1)\n"
        "Warning: stdin:3:13: Cursors of elsewhere are not valid here: take the endCursor of a page as the argument"
        " after. (at cursor)\n"
    )


@pytest.mark.parametrize("number", ["123456789012345678901234567890", "0.1000000000000000055511151231257827"])
def test_digits_of_numbers_are_kept(bare: Crm, piped: io.BytesIO, number: str) -> None:
    """F37: both ways, as a number or as a text."""
    field = '{"type": "custom_field", "custom_field_id": "cf_1"}'
    copied = '{"type": "field_condition", "field": %s, "condition": {"type": "number_range", "gt": %s}}'
    given = '{"fieldCondition": {"field": {"customField": "cf_1"}, "condition": {"numberRange": {"gt": %s}}}}'
    for text in (copied % (field, number), given % number):
        for form in ("graphql", "variables", "json"):
            piped.seek(0)
            piped.truncate()
            piped.write(text.encode())
            piped.seek(0)
            ran = bare("filter", "-", "--to", form)
            assert (ran.code, ran.out.count(number)) == (0, 1), ran.err


def test_lone_query_comes_from_pipe(bare: Crm, piped: io.BytesIO) -> None:
    piped.write('{"text": {"value": "Größe"}}'.encode())
    piped.seek(0)
    assert json.loads(bare("filter", "-").out) == {"type": "text", "value": "Größe"}


def test_mistakes_in_text_are_told(bare: Crm) -> None:
    file = FILTERS / "malformed" / "unclosed-without-type.txt"
    ran = bare("filter", str(file))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        f"Error: {file}:1:1: The brace that opens here is not closed.\n"
        f"{file}:11:34: There is a comma before the closing brace; take it out.\n"
        f'{file}:5:18: "type" of this query is missing; it looks like "field_condition". (at related_query)\n'
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "stdin:1:1: A query is an object with a type; this is a list."),
        ('{"type":\n "id"}', 'stdin:1:1: "value" is missing.'),
        (
            '{"query": {"and": [\n  {"objectType": "LEADS"}]}}',
            'stdin:2:18: "LEADS" is no object type. It has to be one of LEAD, CONTACT. (at query.and.0.objectType)',
        ),
        ('{"and": [{"xor": []}]}', 'stdin:1:10: "xor" is no query. (at and.0)'),
        ('{"and": [],}', "stdin:1:11: There is a comma before the closing brace; take it out."),
    ],
)
def test_bad_filters_are_mistakes(bare: Crm, piped: io.BytesIO, text: str, message: str) -> None:
    piped.write(text.encode())
    piped.seek(0)
    ran = bare("filter", "-")
    assert (ran.code, ran.out, ran.err) == (1, "", f"Error: {message}\n")


def test_unreadable_files_are_mistakes(bare: Crm, folder: Path) -> None:
    assert bare("filter", "none.json").err == "Error: none.json: No such file or directory.\n"
    (folder / "latin.json").write_bytes(b'{"value": "\xe9"}')
    ran = bare("filter", "latin.json")
    assert (ran.code, ran.err) == (1, "Error: latin.json is not UTF-8.\n")
