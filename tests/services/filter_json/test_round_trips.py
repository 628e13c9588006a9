"""What goes from JSON to the input and back comes back."""

import json
from typing import Any

import pytest
from hypothesis import given

from app.services.filter_json import canonical, read, write
from tests.services.filter_json.samples import FILES, as_canonical, queries, requests, sample

# Null elsewhere, and nothing here.
ALSO = {"whole-request": ["cursor", "limit"]}


@pytest.mark.parametrize("name", [name for name in FILES if name not in ("saved-view", "visits-of-a-type")])
def test_copied_filters_come_back(name: str) -> None:
    """F38: JSON to input to JSON is the identity, but for `negate: false` and the hyphens of periods."""
    parsed = read(FILES[name].read_text("utf-8"))
    assert parsed.problems == []
    left = {member: value for member, value in sample(name).items() if member not in ALSO.get(name, ())}
    assert canonical(parsed) == as_canonical(left)


def test_saved_view_is_its_request() -> None:
    parsed = read(sample("saved-view"))
    assert (parsed.problems, parsed.warnings) == ([], [])
    assert canonical(parsed) == as_canonical(sample("saved-view")["s_query"])


def test_repeated_kind_becomes_match_all() -> None:
    """F20: a related query that says its kind once more says nothing by it."""
    name = '{"object_type": "activity.custom_activity", "type": "object_type"}'
    text = json.dumps(as_canonical(sample("visits-of-a-type")))
    assert text.count(name) == 1
    assert canonical(read(text)) == json.loads(text.replace(name, '{"type": "match_all"}'))


@given(requests)
def test_requests_come_back(request: Any) -> None:
    parsed = read(request)
    assert (parsed.problems, parsed.warnings) == ([], [])
    assert canonical(parsed) == as_canonical(request)


@given(queries)
def test_lone_queries_come_back(query: Any) -> None:
    parsed = read(json.dumps(query))
    assert canonical(parsed) == as_canonical(query)
    assert parsed.variables is not None
    assert write(parsed.variables) == {"query": as_canonical(query)}


@given(requests)
def test_own_output_is_read_alike(request: Any) -> None:
    first = read(request)
    assert first.variables is not None
    assert read(write(first.variables)).variables == first.variables
    assert read(json.dumps(canonical(first))).variables == first.variables


@pytest.mark.parametrize(
    ("given_input", "written"),
    [
        ({"not": {"not": {"id": "lead_1"}}}, {"type": "id", "value": "lead_1"}),
        ({"not": {"not": {"not": {"id": "lead_1"}}}}, {"type": "id", "value": "lead_1", "negate": True}),
        ({"matchAll": False}, {"type": "match_none"}),
    ],
)
def test_doubled_negation_is_none(given_input: Any, written: Any) -> None:
    """F26: any node can be negated."""
    assert write(given_input) == written


@pytest.mark.parametrize("condition", ["currentUser", "exists"])
def test_denied_condition_becomes_negation(condition: str) -> None:
    """F32, F33: "is not me" and "is missing" are the negations of "is me" and "is set"."""

    def query(wanted: bool) -> dict[str, Any]:
        return {"fieldCondition": {"field": {"lead": "CREATED_BY"}, "condition": {condition: wanted}}}

    held = write(query(True))
    assert write(query(False)) == {**held, "negate": True}
    assert write({"not": query(False)}) == held
    assert read({**held, "negate": True}).variables == {"query": {"not": query(True)}}
