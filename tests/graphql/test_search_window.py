"""Paging through more objects than a search gives out, at the real size."""

from datetime import timedelta
from typing import Any

from app.graphql.context import Context
from app.services.search.searching import Rules
from app.storage.leads import Lead, LeadStatus
from tests.client import ENGINE, Client
from tests.graphql.search_rows import AUDIT, LEADS, NOON, PAGE, QUERY, search, where

OLDEST_FIRST = [{"field": {"lead": "DATE_CREATED"}, "direction": "ASC"}]


async def _crowd(client: Client, count: int, together: int) -> set[str]:
    """So many leads, of which each few have the same date."""
    async with client.database.write(client.actor) as session:
        [status, *_] = await session.find(LeadStatus)
        named = {"name": "Acme", "display_name": "Acme", "sort_name": "acme", "status_id": status["id"]}
        rows = [
            {**AUDIT, **named, "id": f"lead_{n:05}", "date_created": NOON + timedelta(seconds=n // together)}
            for n in range(count)
        ]
        await session.insert(Lead, *rows)
    return {row["id"] for row in rows}


async def test_ten_thousand_hits_are_reachable(client: Client) -> None:
    """F16: of 10,050 objects exactly 10,000 are reached by paging, then the advice to slice comes."""
    client.now = NOON
    everything = await _crowd(client, 10_050, together=1)
    seen: list[str] = []
    after: dict[str, Any] = {}
    for _ in range(100):
        page = await search(client, LEADS, PAGE, first=100, **after)
        seen += [node["id"] for node in page["nodes"]]
        after = {"after": page["pageInfo"]["endCursor"]}
        assert page["pageInfo"]["hasNextPage"]
    assert len(seen) == 10_000
    assert set(seen) < everything
    body = await client.run(QUERY % PAGE, {"query": LEADS, "first": 100, **after})
    [error] = body["errors"]
    assert error["extensions"]["code"] == "RESULT_WINDOW_EXCEEDED"
    assert "DATE_CREATED" in error["message"]


async def test_slices_by_date_reach_everything(client: Client) -> None:
    """F17, L10: who slices by dateCreated sees every object, where several share a date as well."""
    everything = await _crowd(client, 230, together=7)
    seen: dict[str, None] = {}
    slice_: dict[str, Any] = {"and": [LEADS]}
    for _ in range(10):
        before = len(seen)
        last = await _window(client, slice_, seen)
        start = {"onOrAfter": {"dateTime": last}}
        slice_ = {"and": [LEADS, where({"lead": "DATE_CREATED"}, momentRange=start)]}
        if len(seen) == before:
            break
    assert set(seen) == everything
    assert len(everything) == 230


async def _window(client: Client, query: dict[str, Any], seen: dict[str, None]) -> str:
    """Page up to the end of a small window; the date of the last hit."""
    select = "nodes { ... on Lead { id dateCreated } } pageInfo { endCursor hasNextPage }"
    after: dict[str, Any] = {}
    last = ""
    while True:
        context = Context(client.database, client.actor, search_rules=Rules(window=50))
        variables = {"query": query, "sort": OLDEST_FIRST, "first": 20, **after}
        body = (await ENGINE.run(QUERY % select, variables, None, context)).body
        if "errors" in body:
            assert body["errors"][0]["extensions"]["code"] == "RESULT_WINDOW_EXCEEDED"
            return str(last)
        found = body["data"]["search"]
        seen |= dict.fromkeys(node["id"] for node in found["nodes"])
        last = found["nodes"][-1]["dateCreated"]
        after = {"after": found["pageInfo"]["endCursor"]}
        if not found["pageInfo"]["hasNextPage"]:
            return str(last)
