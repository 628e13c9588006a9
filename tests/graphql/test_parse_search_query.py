"""Filters copied from elsewhere: what they become, where they are wrong, and that the result runs as it is."""

import json
from pathlib import Path
from typing import Any

import orjson
import pytest

from app.services.filter_json.selections import SELECTIONS
from tests.client import Client
from tests.graphql.search_rows import IDS, QUERY, build, ids_of

FOLDER = Path(__file__).parents[1] / "data" / "filters"
FILES = sorted(FOLDER.glob("*.json"))
PARSE = """query($json: JSON!) { parseSearchQuery(json: $json) {
    variables literal json
    warnings { path code message line column }
    errors { path code message line column }
} }"""
MINE = {"type": "field_condition", "negate": True, "condition": {"type": "current_user"}}
FIELD = {"type": "regular_field", "object_type": "lead", "field_name": "created_by"}
FILTER: dict[str, Any] = {
    "type": "and",
    "queries": [{"type": "object_type", "object_type": "lead"}, MINE | {"field": FIELD}],
}


async def parse(client: Client, value: Any) -> dict[str, Any]:
    found: dict[str, Any] = (await client.data(PARSE, {"json": value}))["parseSearchQuery"]
    return found


async def test_copied_filter_becomes_variables(client: Client) -> None:
    """F38: as a value and as text alike; what is handed out is the whole search, in three languages."""
    await build(client)
    sort = [{"field": FIELD | {"field_name": "name"}}]
    wishes = {"include_counts": True, "_fields": {"lead": ["id", "status_id", "custom.cf_1"]}}
    body = {"query": FILTER, "results_limit": 2, "_limit": 5, "sort": sort} | wishes
    parsed = await parse(client, body)
    assert await parse(client, json.dumps(body)) == parsed
    condition = {"field": {"lead": "CREATED_BY"}, "condition": {"currentUser": True}}
    assert parsed["variables"] == {
        "query": {"and": [{"objectType": "LEAD"}, {"not": {"fieldCondition": condition}}]},
        "sort": [{"field": {"lead": "NAME"}}],
        "first": 5,
        "resultsLimit": 2,
    }
    assert parsed["json"] == body
    assert (parsed["warnings"], parsed["errors"]) == ([], [])
    by_variables = await client.data(QUERY % IDS, parsed["variables"])
    by_text = await client.data(parsed["literal"])
    assert ids_of(by_variables["search"]) == ids_of(by_text["search"]) == ["lead_b", "lead_c"]
    assert [*by_text["search"]["nodes"][0]] == ["id", "status", "cf_1"]
    assert by_text["search"]["count"] == {"limited": 2, "total": 2}
    assert by_text["search"]["pageInfo"]["hasNextPage"] is False


async def test_parsing_again_changes_nothing(client: Client) -> None:
    """F38: the canonical JSON becomes the same once more."""
    parsed = await parse(client, FILTER)
    assert await parse(client, parsed["json"]) == parsed


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
async def test_exported_filters_run_as_they_are(client: Client, path: Path) -> None:
    """F38: each is parsed and runs, or lacks no more than custom fields that this organization does not have."""
    parsed = await parse(client, path.read_text("utf-8"))
    assert all("custom field" in error["message"] for error in parsed["errors"]), parsed["errors"]
    if parsed["errors"]:
        assert (parsed["variables"], parsed["literal"], parsed["json"]) == (None, None, None)
        return
    found = await client.data(QUERY % "count { total }", parsed["variables"])
    assert found == {"search": {"count": {"total": 0}}}
    assert (await client.data(parsed["literal"]))["search"]["nodes"] == []


async def test_broken_json_has_a_place(client: Client) -> None:
    """F38: line, column, and what to do."""
    parsed = await parse(client, '{\n  "type": "and"\n  "queries": []\n}')
    assert parsed["variables"] is None
    [error] = parsed["errors"]
    assert (error["code"], error["line"], error["column"], error["path"]) == ("INVALID_JSON", 3, 3, [])
    assert error["message"] == 'A comma is missing before "queries".'
    for text in ("", "{", "nul", "[" * 5_000, '{"a": NaN}', "7", "null"):
        assert (await parse(client, text))["errors"], text


def condition(field: dict[str, str], **condition: Any) -> dict[str, Any]:
    return {"type": "field_condition", "field": field, "condition": condition}


def regular(kind: str, name: str) -> dict[str, str]:
    return {"type": "regular_field", "object_type": kind, "field_name": name}


WRONG: list[tuple[Any, str, list[str]]] = [
    (condition(regular("lead", "nmae"), type="exists"), "BAD_USER_INPUT", ["queries", "1", "field", "field_name"]),
    (
        condition(regular("lead", "name"), type="number_range", gt=1),
        "FIELD_CONDITION_MISMATCH",
        ["queries", "1", "condition"],
    ),
    (condition(regular("contact", "title"), type="exists"), "BAD_USER_INPUT", ["queries", "1", "field"]),
    ({"type": "text", "value": "", "mode": "phrase"}, "BAD_USER_INPUT", ["queries", "1"]),
    ({"type": "nothing"}, "UNKNOWN_VALUE", ["queries", "1", "type"]),
    (
        condition(regular("lead", "date_created"), type="moment_range", after=None),
        "BAD_USER_INPUT",
        ["queries", "1", "condition"],
    ),
]


async def test_faults_are_told_in_the_json(client: Client) -> None:
    """A fault that the schema or the search finds is told at the place in the JSON that it came from."""
    leads = {"type": "object_type", "object_type": "lead"}
    for query, code, path in WRONG:
        filter = {"type": "and", "queries": [leads, query]}
        [error] = (await parse(client, filter))["errors"]
        assert (error["code"], error["path"], error["line"]) == (code, path, None), error
        [error] = (await parse(client, json.dumps(filter, indent=2)))["errors"]
        assert error["line"] > 4, error


async def test_requests_are_checked_whole(client: Client) -> None:
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({"_limit": 0}, ["_limit"]),
        ({"results_limit": 2**31}, ["results_limit"]),
        ({"results_limit": -1}, ["results_limit"]),
        ({"sort": [{"field": FIELD}]}, ["sort", "0", "field", "field_name"]),
    ]
    for more, path in cases:
        parsed = await parse(client, {"query": FILTER} | more)
        assert [error["path"] for error in parsed["errors"]] == [path]
        assert parsed["variables"] is None


async def test_senseless_parts_are_warned_of(client: Client) -> None:
    """What runs but cannot mean what it says: from the JSON itself, and from what the organization has."""
    await build(client)
    gone = condition(
        regular("lead", "status_id"), type="reference", object_ids=["stat_gone"], reference_type="status.lead"
    )
    parsed = await parse(client, {"query": {"type": "and", "queries": [gone]}, "include_counts": True, "cursor": "x"})
    assert parsed["errors"] == []
    assert parsed["variables"] is not None
    assert {(warning["code"], tuple(warning["path"])) for warning in parsed["warnings"]} == {
        ("IGNORED_MEMBER", ("cursor",)),
        ("UNKNOWN_REFERENCE", ("query", "queries", "0", "condition")),
    }


async def test_large_numbers_come_back(client: Client) -> None:
    """What JSON can say and 64 bits cannot hold does not break the answer, which is written as JSON."""
    several = json.dumps(condition(regular("lead", "calls_count"), type="number_range", gt=0))
    for number in ("1" + "0" * 30, "-1" + "0" * 30, "1e250", "0.1000000000000000055511151231257827"):
        parsed = await parse(client, several.replace("0}", f"{number}}}"))
        assert parsed["errors"] == [], number
        assert json.loads(orjson.dumps(parsed, default=str)) == parsed
        again = await parse(client, parsed["json"])
        assert [again[name] for name in ("variables", "literal", "json")] == [
            parsed[name] for name in ("variables", "literal", "json")
        ]
        await client.data(QUERY % IDS, parsed["variables"])


async def test_digits_reach_the_search(client: Client) -> None:
    """F37: JSON text with more digits than a float has is searched for as it says."""
    text = json.dumps(condition(regular("lead", "calls_count"), type="number_range", gt=0))
    for number in ("123456789012345678901234567890", "0.1000000000000000055511151231257827"):
        parsed = await parse(client, text.replace("0}", f"{number}}}"))
        bounds = parsed["variables"]["query"]["fieldCondition"]["condition"]["numberRange"]
        assert (bounds, parsed["json"]["condition"]["gt"]) == ({"gt": number}, number)


async def test_large_filters_cost_too_much(client: Client) -> None:
    """The code is the one of the search itself."""
    deep: dict[str, Any] = {"type": "match_all"}
    wide: dict[str, Any] = {"type": "and", "queries": [deep] * 200}
    for _ in range(20):
        deep = {"type": "and", "queries": [deep]}
    for query in (deep, wide):
        assert [error["code"] for error in (await parse(client, query))["errors"]] == ["COST_EXCEEDED"]


async def test_deepest_literal_runs(client: Client) -> None:
    """F38: also where every level is a relation's or a list's, and everything is selected."""
    query: dict[str, Any] = {"type": "match_all"}
    for kind in ("lead", "contact"):
        query = {"type": "has_related", "related_object_type": kind, "related_query": query}
    for _ in range(17):
        query = {"type": "and", "queries": [query]}
    parsed = await parse(client, {"query": query, "_fields": {kind: [*names] for kind, names in SELECTIONS.items()}})
    assert (parsed["errors"], parsed["warnings"]) == ([], [])
    assert (await client.data(parsed["literal"]))["search"]["nodes"] == []


async def test_kinds_of_elsewhere_match_nothing(client: Client) -> None:
    """F24: a filter that looks for them runs, with a warning."""
    await build(client)
    related = {"type": "has_related", "related_object_type": "activity.whatsapp_message", "related_query": FILTER}
    parsed = await parse(client, {"type": "and", "queries": [FILTER, related]})
    assert parsed["errors"] == []
    assert ("NEVER_MATCHES", ["queries", "1", "related_object_type"]) in [
        (warning["code"], warning["path"]) for warning in parsed["warnings"]
    ]
    assert (await client.data(parsed["literal"]))["search"]["nodes"] == []


async def test_large_pages_are_cut(client: Client) -> None:
    """F13: a page may be larger elsewhere than here; the filter runs all the same, with a warning."""
    found = await parse(client, {"query": FILTER, "_limit": 200})
    assert found["errors"] == []
    assert found["variables"]["first"] == 100
    assert found["json"]["_limit"] == 200
    assert [(warning["path"], warning["code"]) for warning in found["warnings"]] == [(["_limit"], "PAGE_SIZE")]
