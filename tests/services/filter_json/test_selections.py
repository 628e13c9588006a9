from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema, parse, validate

from app.services.filter_json import Parsed, canonical, literal, read
from app.services.filter_json.selections import SELECTIONS

SCHEMA = build_schema((Path(__file__).parents[3] / "schema.graphql").read_text("utf-8"))
ALL: dict[str, Any] = {"type": "match_all"}


def request(**more: Any) -> dict[str, Any]:
    return {"query": ALL, **more}


def selected(parsed: Parsed) -> list[str]:
    """The lines of the literal between the arguments and the end."""
    assert parsed.variables is not None, parsed.problems
    text = literal(parsed.variables, parsed.wanted)
    assert validate(SCHEMA, parse(text)) == []
    lines = text.splitlines()
    return [line.strip() for line in lines[lines.index("  ) {") + 1 : -2]]


def told(parsed: Parsed) -> list[tuple[str, str, str]]:
    assert parsed.problems == []
    return [(".".join(warning.path), warning.code, warning.message) for warning in parsed.warnings]


def test_every_name_can_be_selected() -> None:
    """F5: the names of both kinds at once, in one query that the schema takes."""
    parsed = read(request(_fields={kind: [*names] for kind, names in SELECTIONS.items()}))
    assert told(parsed) == []
    assert selected(parsed)[0] == "nodes {"


def test_fields_become_selections() -> None:
    """F5: those of one object stand together; custom fields are called by their ids."""
    lead = ["id", "status_id", "status_label", "created_by", "contacts", "custom.lcf_2", "custom.cf_1aB"]
    contact = ["name", "lead_id", "lead_name", "emails", "phones", "urls", "id"]
    parsed = read(request(_fields={"contact": contact, "lead": lead}))
    assert told(parsed) == []
    assert selected(parsed) == [
        "nodes {",
        "... on Lead {",
        "id",
        "status { id label }",
        "createdBy { id }",
        "contacts { nodes { id } }",
        'lcf_2: customField(id: "lcf_2") { display }',
        'cf_1aB: customField(id: "cf_1aB") { display }',
        "}",
        "... on Contact {",
        "name",
        "lead { id displayName }",
        "emails { type email }",
        "phones { type phone phoneFormatted }",
        "urls { type url }",
        "id",
        "}",
        "}",
        "pageInfo { hasNextPage endCursor }",
    ]


def test_counts_are_selected_when_wanted() -> None:
    """F7: only then."""
    assert selected(read(request(include_counts=True)))[-1] == "count { limited total }"
    assert selected(read(request(include_counts=False)))[-1] == "pageInfo { hasNextPage endCursor }"


LEAD = {"type": "object_type", "object_type": "lead"}
CONTACT = {"type": "object_type", "object_type": "contact"}
LEAD_LINE, CONTACT_LINE = "... on Lead { id displayName }", "... on Contact { id displayName }"


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        (ALL, [LEAD_LINE, CONTACT_LINE]),
        (LEAD, [LEAD_LINE]),
        ({"type": "and", "queries": [{"type": "and", "queries": [ALL, CONTACT]}, ALL]}, [CONTACT_LINE]),
        ({"type": "and", "queries": [LEAD, CONTACT]}, [LEAD_LINE, CONTACT_LINE]),
        ({"type": "or", "queries": [LEAD]}, [LEAD_LINE, CONTACT_LINE]),
        ({**LEAD, "negate": True}, [LEAD_LINE, CONTACT_LINE]),
    ],
)
def test_searched_kind_is_selected(query: Any, lines: list[str]) -> None:
    """F20: where the top of the query says it plainly."""
    assert selected(read(query)) == ["nodes {", *lines, "}", "pageInfo { hasNextPage endCursor }"]


def test_unnamed_kind_is_selected_briefly() -> None:
    """F5: hits of a kind that no fields are named of are told as well, where there can be any."""
    fields: dict[str, list[str]] = {"contact": []}
    assert selected(read(request(_fields=fields)))[1:3] == [LEAD_LINE, "... on Contact { id }"]
    assert selected(read({"query": CONTACT, "_fields": fields}))[1:3] == ["... on Contact { id }", "}"]


def test_names_without_counterpart_are_warned_of() -> None:
    fields = {"contact": ["title", "email", "x", "custom.Industry"], "lead": ["html_url"], "opportunity": ["id"]}
    parsed = read(request(_fields=fields))
    what = "nothing that can be selected of a contact and is left out."
    assert told(parsed) == [
        (
            "_fields.opportunity",
            "UNKNOWN_VALUE",
            '"opportunity" is no object type that is returned. It has to be one of lead, contact.',
        ),
        ("_fields.contact.1", "UNKNOWN_VALUE", f'"email" is {what} Did you mean "emails"?'),
        ("_fields.contact.2", "UNKNOWN_VALUE", f'"x" is {what}'),
        ("_fields.contact.3", "UNKNOWN_VALUE", f'"custom.Industry" is {what} Did you mean "custom"?'),
        (
            "_fields.lead.0",
            "UNKNOWN_VALUE",
            '"html_url" is nothing that can be selected of a lead and is left out. Did you mean "url"?',
        ),
    ]
    assert selected(parsed)[1:3] == ["... on Lead { id }", "... on Contact { title }"]
    assert canonical(parsed) == request(_fields=fields)


@pytest.mark.parametrize(
    ("more", "path", "message"),
    [
        ({"include_counts": "yes"}, "include_counts", 'True or false has to stand here, not "yes"; it is left out.'),
        (
            {"_fields": ["id"]},
            "_fields",
            "An object with a list for each kind of object has to stand here, not a list; it is left out.",
        ),
        (
            {"_fields": {"lead": "id"}},
            "_fields.lead",
            'A list of names has to stand here, not "id"; it is left out.',
        ),
        (
            {"_fields": {"lead": ["id", 7]}},
            "_fields.lead.1",
            "A text has to stand here, not 7; the list is left out.",
        ),
    ],
)
def test_senseless_wishes_are_left_out(more: Any, path: str, message: str) -> None:
    """A filter runs all the same."""
    parsed = read(request(**more))
    assert told(parsed) == [(path, "INVALID_VALUE", message)]
    assert selected(parsed) == ["nodes {", LEAD_LINE, CONTACT_LINE, "}", "pageInfo { hasNextPage endCursor }"]


def test_too_many_names_are_cut() -> None:
    parsed = read(request(_fields={"lead": ["id"] * 200 + ["url"]}))
    message = "Only the first 200 names are looked at, the others are left out."
    assert told(parsed) == [("_fields.lead", "LIMIT_EXCEEDED", message)]
    assert selected(parsed)[1] == "... on Lead { id }"


def test_wishes_of_views_have_places() -> None:
    parsed = read({"s_query": request(_fields={"lead": ["nme"]})})
    assert told(parsed)[0][0] == "s_query._fields.lead.0"
