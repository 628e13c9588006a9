import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.filter_json import Parsed, ProblemCode, canonical, is_arguments, read
from tests.services.filter_json.samples import FILES, RELATED, sample

WORDS = [
    *("type", "negate", "queries", "query", "value", "mode", "values", "object_type", "object_ids", "reference_type"),
    *("this_object_type", "related_object_type", "related_query", "field", "field_name", "condition", "status_ids"),
    *("on_or_after", "before", "direction", "moment", "offset", "which_day_end", "range", "which", "days", "gt"),
    *("and", "or", "id", "text", "has_related", "field_condition", "in_status", "regular_field", "custom_field"),
    *("moment_range", "number_range", "term", "reference", "boolean", "fixed_local_date", "now", "sort", "_limit"),
    *("results_limit", "include_counts", "_fields", "cursor", "s_query", "start", "lead", "past", "", "2026-01-05"),
    *("start_end_of_predefined_relative_period", "activity.call", "2026-01-05T10:00:00Z", "\ud800"),
]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(WORDS) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=5),
    max_leaves=25,
)


ALL = {"type": "match_all"}
CUSTOM = {"type": "custom_field", "custom_field_id": "cf_1"}


def condition(given_condition: Any, name: str = "date_created") -> Any:
    field = {"type": "regular_field", "object_type": "lead", "field_name": name}
    return {"type": "field_condition", "field": field, "condition": given_condition}


def found(parsed: Parsed) -> list[tuple[str, str, str]]:
    """The problems, each with its path."""
    return [(".".join(problem.path), problem.code, problem.message) for problem in parsed.problems]


def only(json: Any) -> tuple[str, str]:
    """Path and message of the only problem."""
    parsed = read(json)
    assert parsed.variables is None
    [(path, _, message)] = found(parsed)
    return path, message


def test_source_example_becomes_input() -> None:
    """F1, F2: the tutorial's first query."""
    text = {"value": "CEO", "mode": "FULL_WORDS"}
    assert read(sample("ceo-contacts")).variables == {
        "query": {
            "and": [
                {"objectType": "CONTACT"},
                {"fieldCondition": {"field": {"contact": "TITLE"}, "condition": {"text": text}}},
            ]
        }
    }


def test_whole_request_becomes_arguments() -> None:
    """F5-F8, F13: limits and sort are arguments; counts and fields are selected, without a warning."""
    parsed = read(FILES["whole-request"].read_text("utf-8"))
    variables = parsed.variables or {}
    assert list(variables) == ["query", "sort", "first", "resultsLimit"]
    assert (variables["first"], variables["resultsLimit"]) == (50, 100)
    assert variables["sort"] == [{"direction": "DESC", "field": {"lead": "DATE_CREATED"}}]
    assert parsed.warnings == []
    assert parsed.wanted.counts is True
    assert parsed.wanted.fields == {"contact": {"id": {}, "name": {}}, "lead": {"id": {}}}


def test_cursor_is_left_out() -> None:
    """F14: cursors of elsewhere are not valid here."""
    parsed = read({"query": {"type": "match_all"}, "cursor": "abc", "limit": 7, "_limit": 10})
    assert parsed.variables == {"query": {"matchAll": True}, "first": 10}
    assert [(warning.path, warning.code) for warning in parsed.warnings] == [
        (["cursor"], "IGNORED_MEMBER"),
        (["limit"], "IGNORED_MEMBER"),
    ]


@pytest.mark.parametrize(
    ("given_name", "member", "value"),
    [
        ("lead.num_emails", "lead", "EMAILS_COUNT"),
        ("lead.num_calls", "lead", "CALLS_COUNT"),
        ("lead.num_outgoing_calls", "lead", "OUTGOING_CALLS_COUNT"),
        ("lead.num_phone_numbers", "lead", "PHONES_COUNT"),
        ("lead.num_upcoming_meetings", "lead", "UPCOMING_MEETINGS_COUNT"),
        ("lead.last_lead_status_change_date", "lead", "LAST_STATUS_CHANGE_DATE"),
        ("lead.last_communication_date", "lead", "LAST_COMMUNICATION_DATE"),
        ("contact.emails_count", "contact", "EMAILS_COUNT"),
        ("contact_phone.phone", "contactPhone", "PHONE"),
        ("address.address_1", "address", "ADDRESS_1"),
        ("activity.date", "activity", "DATE"),
        ("activity.call.direction", "call", "DIRECTION"),
        ("activity.note.note", "note", "TEXT"),
        ("activity.email_thread.date", "activity", "DATE"),
        ("activity.custom_activity.custom_activity_type_id", "customActivity", "CUSTOM_ACTIVITY_TYPE_ID"),
    ],
)
def test_fields_have_their_names(given_name: str, member: str, value: str) -> None:
    """F29, F39-F44: regular fields, and those that exports name otherwise."""
    kind, _, name = given_name.rpartition(".")
    field = {"type": "regular_field", "object_type": kind, "field_name": name}
    query = {"type": "field_condition", "field": field, "condition": {"type": "exists"}}
    assert read(query).variables == {
        "query": {"fieldCondition": {"field": {member: value}, "condition": {"exists": True}}}
    }


@pytest.mark.parametrize("kind", RELATED)
def test_kind_may_be_said_twice(kind: str) -> None:
    """F20, F24: a related query may say what it is about; leads and contacts stay what they are."""
    inner = {"type": "object_type", "object_type": kind}
    parsed = read({"type": "has_related", "related_object_type": kind, "related_query": inner})
    assert parsed.problems == []
    related = (parsed.variables or {})["query"]["hasRelated"]
    searched = {"lead": {"objectType": "LEAD"}, "contact": {"objectType": "CONTACT"}}
    assert related["relatedQuery"] == searched.get(kind, {"matchAll": True})


def test_other_kinds_are_not_searched() -> None:
    """F20: a search returns leads and contacts."""
    message = 'A search returns leads and contacts; look at "opportunity" with has_related.'
    assert only({"type": "object_type", "object_type": "opportunity"}) == ("object_type", message)


@pytest.mark.parametrize(
    ("json", "path", "message"),
    [
        ([], "", "A query is an object with a type; this is a list."),
        (7, "", "A query is an object with a type; this is 7."),
        (None, "", "A query is an object with a type; this is null."),
        ({"sort": []}, "", '"query" is missing.'),
        ({"query": None}, "", '"query" is null.'),
        ({"and": [{"objectType": "LEAD"}]}, "", "This is the input of a search already."),
        ({"type": "and"}, "", '"queries" is missing.'),
        ({"type": "and", "queries": {}}, "queries", "A list has to stand here, not an object."),
        ({"type": "text", "value": 7}, "value", "A text has to stand here, not 7."),
        ({"type": "text", "value": "\ud800"}, "value", 'A text has to stand here, not "?".'),
        ({"type": "match_all", "negate": "yes"}, "negate", 'True or false has to stand here, not "yes".'),
        (condition({"type": "term", "values": ["a", 1]}), "condition.values.1", "A text has to stand here, not 1."),
        (condition({"type": "exists"}, "Title"), "field.field_name", '"Title" is no field name, such as date_created.'),
        ({"query": ALL, "_limit": 1.5}, "_limit", "A whole number has to stand here, not 1.5."),
        ({"query": ALL, "results_limit": 2**31}, "results_limit", "A whole number has to stand here, not 2147483648."),
        ({"query": ALL, "sort": [1]}, "sort.0", "A sort key is an object with a field and a direction; this is 1."),
        (
            {"query": ALL, "sort": [{"direction": "up", "field": CUSTOM}]},
            "sort.0.direction",
            '"up" is no direction. It has to be one of asc, desc.',
        ),
    ],
)
def test_bad_values_are_told(json: Any, path: str, message: str) -> None:
    assert only(json) == (path, message)


@pytest.mark.parametrize(
    ("bound", "told"),
    [
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (1e301, "1e+301"),
        (10**4000, "a very large number"),
        (True, "true"),
        ("ten", '"ten"'),
        ("1e5000", '"1e5000"'),
        ([1], "a list"),
    ],
)
def test_bounds_are_finite_numbers(bound: Any, told: str) -> None:
    """F37: NaN and what no column holds are refused."""
    path, message = only(condition({"type": "number_range", "gt": bound}))
    assert (path, message) == ("condition.gt", f"A number has to stand here, not {told}.")


def test_unknown_mode_names_the_nearest() -> None:
    path, message = only({"type": "text", "value": "x", "mode": "full_word"})
    assert path == "mode"
    assert message == (
        '"full_word" is no mode. Did you mean "full_words"? '
        "It has to be one of full_words, phrase, beginning_of_words, exact_value."
    )


def test_unknown_type_names_the_nearest() -> None:
    """F3: every query has a type."""
    path, message = only({"query": {"type": "and", "queries": [{"type": "object-type", "object_type": "lead"}]}})
    assert path == "query.queries.0.type"
    assert message == (
        '"object-type" is no type of query. Did you mean "object_type"? It has to be one of and, or, match_all, '
        "match_none, id, object_type, text, has_related, field_condition, in_status."
    )


def test_unknown_kind_names_all() -> None:
    json = {"type": "has_related", "related_object_type": "activity.calls", "related_query": {"type": "match_all"}}
    path, message = only(json)
    assert path == "related_object_type"
    assert message.startswith('"activity.calls" is no object type. Did you mean "activity.call"? It has to be one of ')
    assert message.count(",") == 18


@pytest.mark.parametrize("kind", ["activity.whatsapp_message", "activity.form_submission"])
def test_kinds_of_elsewhere_match_nothing(kind: str) -> None:
    """F24: nothing is related to what there is none of, whatever is asked of it."""
    field = {"type": "regular_field", "object_type": kind, "field_name": "date"}
    asked = {"type": "field_condition", "field": field, "condition": {"type": "exists"}}
    related = {"type": "has_related", "related_object_type": kind, "related_query": asked}
    parsed = read({"type": "or", "queries": [related, {**related, "negate": True}]})
    assert parsed.problems == []
    assert parsed.variables == {"query": {"or": [{"matchAll": False}, {"not": {"matchAll": False}}]}}
    assert [(warning.path, warning.code, warning.message) for warning in parsed.warnings] == [
        (
            ["queries", index, "related_object_type"],
            "NEVER_MATCHES",
            f'There is no "{kind}" here, so nothing is related to one.',
        )
        for index in ("0", "1")
    ]


def test_digits_of_numbers_are_kept() -> None:
    """F37: JSON that is text is read with all the digits of its numbers."""
    text = json.dumps(condition({"type": "number_range", "gt": "here"}))
    for number in ("123456789012345678901234567890", "0.1000000000000000055511151231257827", "-12345678901234567.89"):
        parsed = read(text.replace('"here"', number))
        assert parsed.variables is not None
        bounds = parsed.variables["query"]["fieldCondition"]["condition"]["numberRange"]
        assert str(bounds["gt"]) == number
        assert read(canonical(parsed)).variables == parsed.variables
    assert read(text.replace('"here"', "0.10")).variables == read(text.replace('"here"', "0.1")).variables


def test_sort_takes_returned_kinds() -> None:
    """F12: fields of other objects cannot be sorted by."""
    key = {"direction": "asc", "field": {"type": "regular_field", "object_type": "address", "field_name": "city"}}
    path, message = only({"query": {"type": "match_all"}, "sort": [key]})
    assert path == "sort.0.field.object_type"
    assert message == '"address" is no object type that has fields here. It has to be one of lead, contact.'


def test_unknown_members_are_warned_of() -> None:
    parsed = read('{"type": "and",\n "querys": [], "queries": [], "colour": 1}')
    assert parsed.variables == {"query": {"and": []}}
    assert [(warning.path, warning.message, warning.line, warning.column) for warning in parsed.warnings] == [
        (["querys"], '"querys" means nothing here and is left out. Did you mean "queries"?', 2, 2),
        (["colour"], '"colour" means nothing here and is left out. Known here: negate, queries, type.', 2, 31),
    ]


def test_caller_among_ids_is_warned_of() -> None:
    """F32: some exports write an id for "me"; ours is a condition."""
    reference = {"type": "reference", "reference_type": "user_or_group", "object_ids": ["user_1", "CURRENT_USER"]}
    parsed = read(condition(reference, "created_by"))
    assert parsed.problems == []
    assert [(warning.path, warning.message) for warning in parsed.warnings] == [
        (
            ["condition", "object_ids", "1"],
            "CURRENT_USER is no id here and matches nobody: take the condition current_user instead.",
        )
    ]


def test_all_problems_are_told_at_once() -> None:
    """Those behind a missing type as well, where the other members give it away."""
    text = '{"queries": [{"type": "id"},\n {"type": "text", "value": null}, {"type": "fly"}]}'
    parsed = read(text)
    assert [(problem.path, problem.line, problem.column) for problem in parsed.problems] == [
        ([], 1, 1),
        (["queries", "0"], 1, 14),
        (["queries", "1"], 2, 2),
        (["queries", "2", "type"], 2, 44),
    ]
    assert parsed.problems[0].message == '"type" of this query is missing; it looks like "and" or "or".'


def test_missing_type_without_hint() -> None:
    path, message = only(condition({"value": "x"}))
    assert (path, message) == ("condition", '"type" of this condition is missing; it looks like "boolean" or "text".')
    assert only(condition({"value": "x", "mode": "phrase"}))[1].endswith('it looks like "text".')
    _, message = only({"type": None})
    assert message.startswith('"type" of this query is missing; it has to be one of and, or, match_all,')


def nested(levels: int) -> Any:
    query: Any = {"type": "match_all"}
    for _ in range(levels - 1):
        query = {"type": "and", "queries": [query]}
    return query


def test_deep_queries_are_refused() -> None:
    assert read(nested(20)).problems == []
    path, message = only(nested(21))
    assert (path.count("queries"), message) == (20, "A query can be 20 levels deep at most.")
    assert only(nested(5000)) == (path, message)
    assert [problem.code for problem in read(nested(21)).problems] == ["COST_EXCEEDED"]


def test_negations_count_as_levels() -> None:
    query: Any = {"type": "match_all", "negate": True}
    for _ in range(9):
        query = {"type": "and", "queries": [query], "negate": True}
    assert read(query).problems == []
    assert only({"type": "and", "queries": [query]})[1] == "A query can be 20 levels deep at most."


def test_large_queries_are_refused() -> None:
    def wide(nodes: int) -> Any:
        return {"type": "or", "queries": [{"type": "match_all"}] * (nodes - 1)}

    assert read(wide(200)).problems == []
    parsed = read(wide(1000))
    assert found(parsed) == [("queries.199", "COST_EXCEEDED", "A query can have 200 nodes at most.")]


def test_input_is_placed_in_json() -> None:
    parsed = read(FILES["saas-ceos"].read_text("utf-8"))
    base = ["query", "queries", "3", "related_query"]
    inner = ["query", "and", "3", "hasRelated", "relatedQuery", "fieldCondition"]
    assert parsed.place(inner) == base
    assert parsed.place([*inner, "field", "customField"]) == [*base, "field", "custom_field_id"]
    assert parsed.place([*inner, "condition", "term", "values", "0"]) == [*base, "condition", "values"]
    assert parsed.place(["query", "and", "1", "fieldCondition", "field", "contact"]) == [
        *["query", "queries", "1", "field", "field_name"]
    ]
    assert parsed.place(["timeZone"]) == []
    problem = parsed.problem([*inner, "field", "customField"], "BAD_USER_INPUT", "There is none.")
    assert (problem.path, problem.line, problem.column) == ([*base, "field", "custom_field_id"], 42, 32)


def test_negation_is_placed_in_json() -> None:
    parsed = read({"s_query": {"query": {"type": "id", "value": "lead_1", "negate": True}, "sort": None}})
    assert parsed.variables == {"query": {"not": {"id": "lead_1"}}, "sort": None}
    assert parsed.place(["query", "not", "id"]) == ["s_query", "query", "value"]
    assert parsed.place(["query", "not"]) == ["s_query", "query"]
    assert parsed.place(["sort"]) == ["s_query", "sort"]


@given(anything)
def test_any_value_is_read_or_refused(json: Any) -> None:
    parsed = read(json)
    assert (parsed.variables is None) is bool(parsed.problems)
    assert {problem.code for problem in parsed.problems} <= set(ProblemCode)
    assert {problem.line for problem in parsed.problems} <= {None} or isinstance(json, str)


@pytest.mark.parametrize(
    ("json", "expected"),
    [
        ({"query": {"and": []}}, True),
        ({"not": {"id": "lead_1"}}, True),
        ({"query": {"id": "lead_1"}, "first": 3}, True),
        ({"type": "and", "queries": []}, False),
        ({"query": {"type": "id", "value": "lead_1"}}, False),
        ({"query": {}}, False),
        ({}, False),
        ([], False),
        ("and", False),
    ],
)
def test_arguments_are_told_from_json(json: Any, expected: bool) -> None:
    assert is_arguments(json) is expected
