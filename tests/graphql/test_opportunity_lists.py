"""Lists of deals: filters, orders, pages and sums, and what they cost (rules L4, L11)."""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from tests.client import Client
from tests.graphql.test_opportunities import deal, lead

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

LIST = """
query($filter: OpportunityFilterInput, $orderBy: OpportunityOrderInput,
      $first: Int, $after: String, $last: Int, $before: String) {
  opportunities(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
    totalCount totalValues { amount currency }
    nodes { id dateCreated dateUpdated closeDate dateWon confidence value { amount currency }
            lead { id } contact { id } user { id } status { id type pipeline { id } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""


async def listed(client: Client, **variables: Any) -> dict[str, Any]:
    found: dict[str, Any] = (await client.data(LIST, variables))["opportunities"]
    return found


async def board(client: Client) -> list[dict[str, Any]]:
    """Nine deals on three leads, in two pipelines, some with the same value, some without one."""
    leads = [await lead(client, name=name, contacts=[{"name": name}]) for name in ("Ash", "Birch", "Cedar")]
    other = (await client.with_role("User")).actor.user_id
    pipeline = await client.mutate("pipelineCreate", {"name": "Renewals"}, "pipeline { id }")
    stage = {"pipelineId": pipeline["pipeline"]["id"], "label": "Asked", "type": "ACTIVE"}
    asked = await client.mutate("opportunityStatusCreate", stage, "opportunityStatus { id }")
    asked_id = asked["opportunityStatus"]["id"]
    values = [("10.50", "USD"), None, ("10.50", "EUR"), ("0.10", "USD"), ("-3", "USD"), None, ("0.20", "EUR")]
    for number in range(9):
        client.now = NOON + timedelta(days=number // 2)
        home = leads[number % 3]
        input: dict[str, Any] = {"confidence": number % 4 * 25, "userId": other if number % 2 else None}
        if number % 4 == 0:
            input["status"] = {"label": "Won"}
        elif number % 4 == 1:
            input["status"] = {"id": asked_id}
        if number % 3:
            input |= {"contactId": home["contacts"]["nodes"][0]["id"], "closeDate": f"2026-04-0{number}"}
        if number < len(values) and (value := values[number]):
            input["value"] = {"amount": value[0], "currency": value[1]}
        await deal(client, home["id"], **input)
    client.now = None
    nodes: list[dict[str, Any]] = (await listed(client, first=100))["nodes"]
    return nodes


async def test_filters_equal_brute_force(client: Client) -> None:
    nodes = await board(client)
    assert len(nodes) == 9
    some = nodes[2]
    day, moment = "2026-04-04", some["dateCreated"]
    cases: list[tuple[dict[str, Any], Callable[[Any], bool]]] = [
        ({"ids": [some["id"], "oppo_none"]}, lambda n: n["id"] == some["id"]),
        ({"leadIds": [some["lead"]["id"]]}, lambda n: n["lead"] == some["lead"]),
        ({"userIds": [nodes[1]["user"]["id"]]}, lambda n: n["user"] == nodes[1]["user"]),
        ({"contactIds": [nodes[1]["contact"]["id"]]}, lambda n: n["contact"] == nodes[1]["contact"]),
        ({"statusIds": [some["status"]["id"]]}, lambda n: n["status"]["id"] == some["status"]["id"]),
        ({"statusTypes": ["WON"]}, lambda n: n["status"]["type"] == "WON"),
        ({"statusTypes": ["WON", "LOST", "ACTIVE"]}, lambda n: True),
        (
            {"pipelineIds": [some["status"]["pipeline"]["id"]]},
            lambda n: n["status"]["pipeline"] == some["status"]["pipeline"],
        ),
        (
            {"pipelineIds": [some["status"]["pipeline"]["id"]], "statusTypes": ["ACTIVE"]},
            lambda n: n["status"]["pipeline"] == some["status"]["pipeline"] and n["status"]["type"] == "ACTIVE",
        ),
        ({"closeDate": {"lt": day}}, lambda n: n["closeDate"] is not None and n["closeDate"] < day),
        ({"closeDate": {"gte": day}}, lambda n: n["closeDate"] is not None and n["closeDate"] >= day),
        ({"dateCreated": {"gt": moment}}, lambda n: n["dateCreated"] > moment),
        ({"dateCreated": {"lte": moment}}, lambda n: n["dateCreated"] <= moment),
        ({"dateWon": {"gt": "2026-03-01"}}, lambda n: n["dateWon"] is not None and n["dateWon"] > "2026-03-01"),
        ({}, lambda n: True),
    ]
    sizes = []
    for filter, holds in cases:
        found = await listed(client, filter=filter)
        kept = [node for node in nodes if holds(node)]
        assert found["nodes"] == kept, filter
        assert (found["totalCount"], found["totalValues"]) == (len(kept), sums(kept)), filter
        sizes.append(len(kept))
    assert [size for size in sizes if not 0 < size < 9] == [9, 9]  # the two that hold for every deal
    both = {"statusTypes": ["WON"], "leadIds": [nodes[0]["lead"]["id"]]}
    kept = [n for n in nodes if n["status"]["type"] == "WON" and n["lead"] == nodes[0]["lead"]]
    assert (await listed(client, filter=both))["nodes"] == kept


def sums(nodes: list[dict[str, Any]]) -> list[dict[str, str]]:
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for node in nodes:
        if node["value"]:
            totals[node["value"]["currency"]] += Decimal(node["value"]["amount"])
    return [{"amount": str(totals[currency]), "currency": currency} for currency in sorted(totals)]


async def test_empty_list_is_refused(client: Client) -> None:
    for member in ("ids", "leadIds", "userIds", "contactIds", "statusIds", "statusTypes", "pipelineIds"):
        body = await client.run(LIST, {"filter": {member: []}})
        (error,) = body["errors"]
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert error["extensions"]["inputPath"] == ["filter", member]


def ordered(nodes: list[dict[str, Any]], field: str, descending: bool) -> list[str]:
    """Nulls last in both directions, ties by id in the order's direction."""

    def key(node: dict[str, Any]) -> Any:
        value = node[field]
        return Decimal(value["amount"]) if field == "value" and value else value

    with_value = [node for node in nodes if node[field] is not None]
    without = [node for node in nodes if node[field] is None]
    with_value.sort(key=lambda node: (key(node), node["id"]), reverse=descending)
    without.sort(key=lambda node: str(node["id"]), reverse=descending)
    return [node["id"] for node in (*with_value, *without)]


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
async def test_orders_page_both_ways(client: Client, direction: str) -> None:
    """L11: each deal comes once, whatever the order, forwards and backwards."""
    nodes = await board(client)
    fields = {
        "DATE_CREATED": "dateCreated",
        "DATE_UPDATED": "dateUpdated",
        "CLOSE_DATE": "closeDate",
        "VALUE": "value",
        "CONFIDENCE": "confidence",
    }
    for name, field in fields.items():
        order = {"field": name, "direction": direction}
        wanted = ordered(nodes, field, direction == "DESC")
        assert [n["id"] for n in (await listed(client, orderBy=order))["nodes"]] == wanted, name
        assert await walked(client, order, "first", "after") == wanted, name
        assert await walked(client, order, "last", "before") == wanted, name


async def walked(client: Client, order: dict[str, str], size: str, start: str) -> list[str]:
    """The ids of all pages of two, in reading order."""
    pages: list[list[str]] = []
    forwards, cursor = size == "first", None
    while True:
        found = await listed(client, orderBy=order, **{size: 2, start: cursor})
        info = found["pageInfo"]
        assert info["hasPreviousPage" if forwards else "hasNextPage"] == bool(pages)
        pages.append([node["id"] for node in found["nodes"]])
        if not info["hasNextPage" if forwards else "hasPreviousPage"]:
            break
        cursor = info["endCursor" if forwards else "startCursor"]
    return [id for page in (pages if forwards else reversed(pages)) for id in page]


async def test_newest_come_first_unordered(client: Client) -> None:
    nodes = await board(client)
    assert all(
        (left["dateCreated"], left["id"]) > (right["dateCreated"], right["id"]) for left, right in pairwise(nodes)
    )


async def test_statements_do_not_grow(client: Client) -> None:
    """L4: one statement for each level and measure, however many deals and leads there are."""
    query = """{ leads { nodes { opportunities(filter: {statusTypes: [ACTIVE, WON]}) {
        totalCount totalValues { amount }
        nodes { lead { id } contact { id } user { id } status { pipeline { name } } }
    } } } }"""
    home = await lead(client, contacts=[{"name": "Gob"}])
    await deal(client, home["id"], contactId=home["contacts"]["nodes"][0]["id"], value={"amount": 1})
    await client.data(query)
    few = client.statements
    await board(client)
    data = await client.data(query)
    assert sum(node["opportunities"]["totalCount"] for node in data["leads"]["nodes"]) == 10
    assert client.statements == few == 9


async def test_root_list_takes_three_statements(client: Client) -> None:
    await board(client)
    query = "query($f: OpportunityFilterInput) { opportunities(filter: $f) { %s } }"
    filter = {"f": {"statusTypes": ["WON"], "dateWon": {"gte": "2026-01-01"}}}
    await client.data(query % "nodes { id }", filter)
    assert client.statements == 1
    await client.data(query % "nodes { id } totalCount totalValues { amount }", filter)
    assert client.statements == 3


async def test_each_lead_sums_its_own(client: Client) -> None:
    nodes = await board(client)
    data = await client.data("{ leads { nodes { id opportunities(first: 1) { totalValues { amount currency } } } } }")
    for home in data["leads"]["nodes"]:
        own = [node for node in nodes if node["lead"]["id"] == home["id"]]
        assert home["opportunities"]["totalValues"] == sums(own)


async def test_large_values_sum_exactly(client: Client) -> None:
    lead_id = (await lead(client))["id"]
    for _ in range(3):
        await deal(client, lead_id, value={"amount": "9999999999999.99"})
    assert (await listed(client))["totalValues"] == [{"amount": "29999999999999.97", "currency": "USD"}]
