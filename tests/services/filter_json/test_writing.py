from typing import Any

import pytest

from app.services.filter_json import Unwritable, canonical, read, write


def test_arguments_become_a_request() -> None:
    """F6, F10, F13: and those that elsewhere has no name for are left out."""
    arguments = {
        "query": {"matchAll": True},
        "sort": [{"field": {"contact": "TITLE"}}],
        "first": 20,
        "after": "cursor",
        "resultsLimit": None,
        "timeZone": "Europe/Berlin",
    }
    assert write(arguments) == {
        "query": {"type": "match_all"},
        "sort": [{"field": {"type": "regular_field", "object_type": "contact", "field_name": "title"}}],
        "_limit": 20,
        "results_limit": None,
    }


def test_problems_have_no_json() -> None:
    assert canonical(read({"type": "fly"})) is None


def test_written_kind_follows_the_relation() -> None:
    """The fields that all activities have are called by the kind that the relation is about."""
    condition = {"fieldCondition": {"field": {"activity": "DATE"}, "condition": {"exists": True}}}
    for kind, name in (
        ("EMAIL_THREAD", "activity.email_thread"),
        ("LEAD_STATUS_CHANGE", "activity.lead_status_change"),
        ("ACTIVITY", "activity"),
        ("CALL", "activity"),
    ):
        json = write({"hasRelated": {"relatedObjectType": kind, "relatedQuery": condition}})
        assert json["related_query"]["field"]["object_type"] == name


def field(name: Any = "URL", condition: Any = None) -> Any:
    return {"fieldCondition": {"field": {"lead": name}, "condition": condition or {"exists": True}}}


def before(moment: Any) -> Any:
    return field("DATE_CREATED", {"momentRange": {"before": moment}})


MOMENT = "query.fieldCondition.condition.momentRange.before"


@pytest.mark.parametrize(
    ("arguments", "path", "message"),
    [
        ({}, "query", "An object with exactly one member has to stand here, not an object."),
        ({"and": [], "or": []}, "query", "An object with exactly one member has to stand here, not an object."),
        ({"query": None}, "query", "query is missing."),
        (
            {"query": {"matchAll": True}, "page": 3},
            "page",
            '"page" is none of the members query, sort, first, resultsLimit.',
        ),
        ({"and": {}}, "query.and", "A list has to stand here, not an object."),
        ({"xor": []}, "query", '"xor" is no query.'),
        ({"matchAll": 1}, "query", '"matchAll" is no query.'),
        (
            {"and": [{"objectType": "CALL"}]},
            "query.and.0.objectType",
            '"CALL" is no object type. It has to be one of LEAD, CONTACT.',
        ),
        ({"text": {"value": 3}}, "query.text.value", "A text has to stand here, not 3."),
        ({"text": "x"}, "query.text", 'An object has to stand here, not "x".'),
        ({"hasRelated": {"relatedObjectType": "CALL"}}, "query.hasRelated.relatedQuery", "relatedQuery is missing."),
        ({"hasRelated": 3}, "query.hasRelated", "An object has to stand here, not 3."),
        (field("url"), "query.fieldCondition.field.lead", '"url" is no field name, such as DATE_CREATED.'),
        (field(condition={"exists": "yes"}), "query.fieldCondition.condition", '"exists" is no condition.'),
        (before({"relative": 3}), f"{MOMENT}.relative", "An object has to stand here, not 3."),
        (before({"relative": {"offset": 3}}), f"{MOMENT}.relative.offset", "A text has to stand here, not 3."),
        (before({"dateTime": 3}), f"{MOMENT}.dateTime", "A text has to stand here, not 3."),
    ],
)
def test_what_is_no_input_is_told(arguments: Any, path: str, message: str) -> None:
    with pytest.raises(Unwritable) as caught:
        write(arguments)
    assert (".".join(caught.value.path), str(caught.value)) == (path, message)


def test_unknown_anchor_names_all() -> None:
    with pytest.raises(Unwritable) as caught:
        write(before({"relative": {"anchor": "NOON", "offset": "P1D"}}))
    assert ".".join(caught.value.path) == f"{MOMENT}.relative.anchor"
    assert str(caught.value) == (
        '"NOON" is no anchor. It has to be one of NOW, START_OF_DAY, END_OF_DAY, START_OF_WEEK, START_OF_MONTH, '
        "START_OF_QUARTER, START_OF_YEAR."
    )


def test_bad_durations_are_told() -> None:
    with pytest.raises(Unwritable, match=r"^'1 day' is not an ISO 8601 duration of whole numbers .*\.$") as caught:
        write(before({"relative": {"offset": "1 day"}}))
    assert ".".join(caught.value.path) == f"{MOMENT}.relative.offset"


def test_endless_inputs_are_refused() -> None:
    query: Any = {"matchAll": True}
    for _ in range(5000):
        query = {"and": [query]}
    with pytest.raises(Unwritable, match="20 levels deep") as caught:
        write(query)
    assert len(caught.value.path) == 41
    for _ in range(5000):
        query = {"not": query}
    with pytest.raises(Unwritable, match="20 levels deep"):
        write(query)
