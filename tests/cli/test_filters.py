import io
import json
import sys
from pathlib import Path

import pytest

from app.services.filter_json import read
from tests.cli.conftest import Crm

FILTERS = Path(__file__).parents[1] / "data" / "filters"
COPIED = FILTERS / "ceo-contacts.json"
LITERAL = """search(
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
)
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
    assert list(json.loads(ran.out)) == ["query", "sort", "_limit", "results_limit"]
    name = FILTERS / "whole-request.json"
    assert ran.err == (
        f"Warning: {name}:13:3: Select the field count of the result to get the counts. (at include_counts)\n"
        f"Warning: {name}:2:3: Select the fields of the result."
        " Asked for were contact.id, contact.name, lead.id. (at _fields)\n"
    )
    assert ran.code == 0


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
