"""Why an object matches a query or not, node by node."""

from typing import Any

from app.services import organizations
from tests.client import Client
from tests.graphql.search_rows import CONTACTS, LEADS, NOON, build, related, where

QUERY = """query($query: SearchQueryInput!, $id: ID!, $timeZone: TimeZone) {
    explainMatch(query: $query, id: $id, timeZone: $timeZone) { matched nodes { path matched values } }
}"""
CEO = where({"contact": "TITLE"}, text={"value": "CEO"})


async def explain(client: Client, query: Any, id: str, **variables: Any) -> Any:
    return (await client.data(QUERY, {"query": query, "id": id} | variables))["explainMatch"]


async def outcomes(client: Client, query: Any, id: str, **variables: Any) -> list[tuple[str, bool, list[str]]]:
    found = await explain(client, query, id, **variables)
    return [(".".join(node["path"]), node["matched"], node["values"]) for node in found["nodes"]]


async def test_every_node_has_its_outcome(client: Client) -> None:
    """The root first; a condition shows what the object has there."""
    await build(client)
    query = {"and": [CONTACTS, {"not": CEO}, {"or": [where({"contact": "EMAILS_COUNT"}, numberRange={"gt": 1})]}]}
    assert await outcomes(client, query, "cont_ann") == [
        ("query.and", False, []),
        ("query.and.0.objectType", True, ["CONTACT"]),
        ("query.and.1.not", False, []),
        ("query.and.1.not.fieldCondition", True, ["CEO"]),
        ("query.and.2.or", True, []),
        ("query.and.2.or.0.fieldCondition", True, ["2"]),
    ]
    assert (await explain(client, query, "cont_ann"))["matched"] is False
    assert (await explain(client, query["and"][2], "cont_ann"))["matched"] is True


async def test_relations_show_what_they_lead_to(client: Client) -> None:
    """A condition below a relation shows the values of what is related."""
    await build(client)
    query = {"and": [LEADS, related("CONTACT", where({"contact": "NAME"}, text={"value": "bob"}))]}
    [_, _, relation, inner] = await outcomes(client, query, "lead_a")
    assert relation[:2] == ("query.and.1.hasRelated", True)
    assert inner[:2] == ("query.and.1.hasRelated.relatedQuery.fieldCondition", True)
    assert sorted(inner[2]) == ["Ann Lee", "Bob Ray"]
    [_, _, relation, inner] = await outcomes(client, query, "lead_c")
    assert (relation[1:], inner[1:]) == ((False, []), (False, []))


async def test_object_of_another_kind_does_not_match(client: Client) -> None:
    """F2: a lead is none of the contacts that a condition on contacts finds."""
    await build(client)
    found = await explain(client, {"not": CEO}, "lead_a")
    assert found["matched"] is False


async def test_unseen_objects_are_null(client: Client) -> None:
    """L22: unknown, of another organization, or of a kind that no search returns."""
    await build(client)
    for id in ("lead_x", "cont_x", "oppo_1", "", "acti_1"):
        assert await explain(client, {"matchAll": True}, id) is None
    other = await Client.of(client.database, await organizations.create(client.database, "Other"))
    assert await explain(other, {"matchAll": True}, "lead_a") is None
    assert (await explain(client, {"matchAll": True}, "lead_a"))["matched"] is True


async def test_moments_follow_zone_and_clock(client: Client) -> None:
    await build(client)
    client.now = NOON
    since = where({"lead": "DATE_CREATED"}, momentRange={"onOrAfter": {"relative": {"anchor": "END_OF_DAY"}}})
    assert await outcomes(client, since, "lead_a") == [("query.fieldCondition", False, ["2026-03-10T12:00:00+00:00"])]
    assert [matched for _, matched, _ in await outcomes(client, since, "lead_a", timeZone="+12:30")] == [False]
    assert [matched for _, matched, _ in await outcomes(client, since, "lead_b", timeZone="-11:00")] == [True]


async def test_faults_are_those_of_a_search(client: Client) -> None:
    await build(client)
    variables = {"query": {"and": [CONTACTS, where({"lead": "NAME"}, exists=True)]}, "id": "cont_ann"}
    [error] = (await client.run(QUERY, variables))["errors"]
    assert error["extensions"] == {
        "code": "BAD_USER_INPUT",
        "inputPath": ["query", "and", "1", "fieldCondition", "field"],
    }
