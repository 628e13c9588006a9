"""Searches over HTTP: what the settings say of them, and trees that nest too deep for any stack."""

from typing import Any

import httpx2

from app.storage.database import Database
from tests.graphql.search_rows import QUERY
from tests.http.gateway import Acme, served

SELECT = "pageInfo { hasNextPage endCursor } count { total }"


async def search(api: httpx2.AsyncClient, query: Any, **variables: Any) -> dict[str, Any]:
    answer = await api.post("/graphql", json={"query": QUERY % SELECT, "variables": {"query": query} | variables})
    body: dict[str, Any] = answer.json()
    return body


async def make_leads(api: httpx2.AsyncClient, count: int) -> None:
    for place in range(count):
        query = f'mutation {{ leadCreate(input: {{ name: "{place}" }}) {{ lead {{ id }} }} }}'
        assert "errors" not in (await api.post("/graphql", json={"query": query})).json()


async def test_settings_rule_the_pages(database: Database, acme: Acme) -> None:
    """F15, F16: the window, the size of a page and the secret are those of the settings."""
    leads = {"objectType": "LEAD"}
    async with served(database, acme.key, search_window=2, max_page_size=2, secret="s" * 16) as api:
        await make_leads(api, 3)
        page = (await search(api, leads, first=2))["data"]["search"]
        assert (page["pageInfo"]["hasNextPage"], page["count"]) == (True, {"total": 3})
        after = page["pageInfo"]["endCursor"]
        assert _code(await search(api, leads, after=after)) == "RESULT_WINDOW_EXCEEDED"
        assert _code(await search(api, leads, first=3)) == "BAD_USER_INPUT"
    async with served(database, acme.key, secret="s" * 16) as api:
        assert (await search(api, leads, after=after))["data"]["search"]["pageInfo"]["hasNextPage"] is False
    async with served(database, acme.key) as api:
        assert _code(await search(api, leads, after=after)) == "CURSOR_INVALID"


async def test_deep_trees_are_refused(api: httpx2.AsyncClient) -> None:
    """At every depth the answer is a refusal, never a failure of ours."""
    for levels in (20, 60, 98, 99, 200, 900):
        query: Any = {"matchAll": True}
        for _ in range(levels):
            query = {"not": query}
        assert _code(await search(api, query)) == "COST_EXCEEDED", levels
        lists: Any = {"matchAll": True}
        for _ in range(levels // 2):
            lists = {"and": [lists]}
        assert levels == 20 or _code(await search(api, lists)) == "COST_EXCEEDED", levels


def _code(body: dict[str, Any]) -> str:
    [error] = body["errors"]
    code: str = error["extensions"]["code"]
    return code
