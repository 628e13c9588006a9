"""Searches that make no sense: each fault with its code and its place, before the database is asked."""

from typing import Any

import pytest

from tests.client import Client
from tests.graphql.search_rows import CONTACTS, LEADS, QUERY, build, refused, related, where

ALL: dict[str, Any] = {"matchAll": True}
CONDITION = ["query", "fieldCondition", "condition"]
FIELD = ["query", "fieldCondition", "field"]
NAME = {"lead": "NAME"}
DATE = {"lead": "DATE_CREATED"}
COUNT = {"lead": "CONTACTS_COUNT"}
STATUS = {"lead": "STATUS_ID"}
BAD, MISMATCH, LIMIT, COST = "BAD_USER_INPUT", "FIELD_CONDITION_MISMATCH", "LIMIT_EXCEEDED", "COST_EXCEEDED"


def nested(levels: int, wrap: Any, inner: Any = ALL) -> Any:
    for _ in range(levels):
        inner = wrap(inner)
    return inner


def of_contacts(query: Any) -> Any:
    return related("CONTACT", related("LEAD", query))


FAULTS: list[tuple[Any, str, list[str], str]] = [
    (where(NAME, numberRange={"gt": 1}), MISMATCH, CONDITION, "A condition numberRange does not fit NAME"),
    (where(COUNT, text={"value": "a"}), MISMATCH, CONDITION, "does not fit CONTACTS_COUNT (number)"),
    (where({"contact": "TITLE"}, currentUser=True), MISMATCH, CONDITION, "does not fit TITLE"),
    ({"and": [LEADS, where({"contact": "TITLE"}, exists=True)]}, BAD, ["query", "and", "1", *FIELD[1:]], "hasRelated"),
    ({"and": [CONTACTS, where(NAME, exists=True)]}, BAD, ["query", "and", "1", *FIELD[1:]], "hasRelated"),
    (where({"customField": "cf_x"}, exists=True), BAD, FIELD, "There is no custom field 'cf_x'"),
    ({"and": [LEADS, related("CONTACT_EMAIL", ALL)]}, BAD, ["query", "and", "1", "hasRelated"], "are not related"),
    (
        {"and": [LEADS, related("LEAD", ALL, thisObjectType="CONTACT")]},
        BAD,
        ["query", "and", "1", "hasRelated"],
        "thisObjectType cannot be CONTACT",
    ),
    ({"inStatus": {"statusIds": ["stat_1"]}}, BAD, ["query", "inStatus"], "put it into hasRelated with OPPORTUNITY"),
    (where(STATUS, reference={"ids": []}), BAD, CONDITION, "An empty list matches nothing"),
    (where({"customField": "cf_kind"}, term={"values": []}), BAD, CONDITION, "An empty list matches nothing"),
    (where(STATUS, reference={"ids": ["user_1"]}), BAD, CONDITION, "'user_1' is no id of one"),
    (where(STATUS, reference={"ids": ["a"], "type": "USER"}), BAD, CONDITION, "refers to LEAD_STATUS, not to USER"),
    (where(COUNT, numberRange={}), BAD, CONDITION, "at least one bound"),
    (where(DATE, momentRange={}), BAD, CONDITION, "at least one bound"),
    (where(DATE, momentRange={"after": None}), BAD, CONDITION, "at least one bound"),
    (where(COUNT, numberRange={"gt": 1, "gte": 2}), BAD, CONDITION, "Give gt or gte, not both"),
    ({"text": {"value": " - "}}, BAD, ["query", "text"], "holds no word"),
    (where(NAME, text={"value": ""}), BAD, CONDITION, "holds no word"),
    ({"text": {"value": "a" * 1_001}}, LIMIT, ["query", "text"], "1000 characters at most, not 1001"),
    (where(STATUS, reference={"ids": ["stat_1"] * 5_001}), LIMIT, CONDITION, "5000 values at most, not 5001"),
    (where({"customField": "cf_kind"}, term={"values": ["a"] * 1_001}), LIMIT, CONDITION, "1000 values at most"),
    (nested(20, lambda query: {"not": query}), COST, ["query", *["not"] * 20, "matchAll"], "20 levels deep at most"),
    (
        nested(20, lambda query: {"or": [query]}),
        COST,
        ["query", *["or", "0"] * 20, "matchAll"],
        "20 levels deep at most",
    ),
    ({"and": [ALL] * 200}, COST, ["query", "and", "199", "matchAll"], "200 nodes at most"),
    (
        {"and": [LEADS, nested(2, of_contacts, related("CONTACT", ALL))]},
        COST,
        ["query", "and", "1", *["hasRelated", "relatedQuery"] * 4, "hasRelated"],
        "nested 4 deep at most",
    ),
]
SORTS: list[tuple[Any, Any, str, list[str], str]] = [
    (LEADS, [{"field": {"lead": "NAME"}}] * 4, LIMIT, ["sort", "3"], "3 keys at most"),
    (ALL, [{"field": {"lead": "NAME"}}], BAD, ["sort", "0"], "name an objectType"),
    (CONTACTS, [{"field": {"lead": "NAME"}}], BAD, ["sort", "0", "field"], "sort by a field of the objects"),
    (LEADS, [{"field": {"customField": "cf_kind"}}], BAD, ["sort", "0", "field"], "cannot be sorted by cf_kind"),
]


async def test_each_fault_has_its_place(client: Client) -> None:
    """F2, F24, F28-F37: only the custom fields are read, where the tree names some that are not remembered."""
    await build(client)
    for query, code, path, message in FAULTS:
        found = await refused(client, query)
        assert found[:2] == (code, path), found
        assert message in found[2]
        assert client.statements <= (1 if "customField" in str(query) else 0)


async def test_impossible_sorts_are_refused(client: Client) -> None:
    """F12: other objects' fields, choices, too many keys."""
    await build(client)
    for query, sort, code, path, message in SORTS:
        found = await refused(client, query, sort=sort)
        assert found[:2] == (code, path), found
        assert message in found[2]
        assert client.statements == (1 if "customField" in str(sort) else 0)


async def test_limits_hold_to_the_last(client: Client) -> None:
    """The largest trees that are allowed run."""
    for query in [
        nested(19, lambda inner: {"not": inner}),
        {"and": [ALL] * 199},
        {"and": [LEADS, nested(2, of_contacts)]},
        {"text": {"value": "a" * 1_000}},
        where(STATUS, reference={"ids": ["stat_1"] * 5_000}),
    ]:
        await client.data(QUERY % "count { total }", {"query": query})


NOT_IN_THE_SCHEMA = [
    (where({"lead": "DISPLY_NAME"}, exists=True), "DISPLAY_NAME"),
    (where({"lead": "TITLE"}, exists=True), "LeadSearchField"),
    (where({"lead": "NAME", "contact": "TITLE"}, exists=True), ".fieldCondition.field: "),
    ({"and": [{"or": [{}]}]}, ".and[0].or[0]: "),
    ({"matchAll": None}, "matchAll"),
    ({"objectType": "OPPORTUNITY"}, "SearchObjectType"),
    (where(COUNT, numberRange={"gt": "NaN"}), "NaN"),
    (where(COUNT, numberRange={"gt": "1e400"}), "too large"),
    (where(DATE, momentRange={"after": {"relative": {"offset": "a week"}}}), "duration"),
    (where(NAME, text={"value": "a", "mode": "ANY"}), "TextMatchMode"),
]


@pytest.mark.parametrize(("query", "message"), NOT_IN_THE_SCHEMA, ids=[message for _, message in NOT_IN_THE_SCHEMA])
async def test_schema_refuses_unknown_parts(client: Client, query: Any, message: str) -> None:
    """F3, F29, F37: by the name of the member, or of the nearest value."""
    code, _, found = await refused(client, query)
    assert code == BAD
    assert message in found
    assert client.statements == 0


async def test_unfit_sorts_are_no_values(client: Client) -> None:
    """F12: what results cannot be sorted by is not in the enum."""
    for field in ({"lead": "STATUS_ID"}, {"contact": "LEAD_ID"}, {"lead": "URL"}, {"contact": "CREATED_BY"}):
        code, _, found = await refused(client, LEADS, sort=[{"field": field}])
        assert code == BAD
        assert "SortField" in found


async def test_endless_nesting_is_refused(client: Client) -> None:
    """However deep variables or the document nest, that is the caller's fault."""
    for levels in (99, 100, 400, 3_000):
        query = nested(levels, lambda inner: {"not": inner})
        assert (await refused(client, query))[0] == COST
        text = (
            "{ search(query: " + "{ not: " * levels + "{ matchAll: true }" + " }" * levels + ") { count { total } } }"
        )
        [error] = (await client.run(text))["errors"]
        assert error["extensions"]["code"] in {COST, "GRAPHQL_PARSE_FAILED"}
        assert "deep" in error["message"]
