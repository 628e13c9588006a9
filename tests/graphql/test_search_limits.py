"""Searches at the edge of what is allowed: they are answered, and what lies beyond is refused."""

from decimal import Decimal
from typing import Any

import pytest

from app.services.search import searching
from app.storage.activities import Activity
from app.storage.kept import Kept
from tests.client import Client
from tests.graphql.search_rows import AUDIT, LEADS, NOON, build, ids, refused, search, where

EXPLAIN = """query($query: SearchQueryInput!, $id: ID!) {
    explainMatch(query: $query, id: $id) { matched nodes { path matched values } }
}"""
NAMED = {"text": {"value": "ann"}}


def _related(kind: str, query: Any) -> dict[str, Any]:
    return {"hasRelated": {"relatedObjectType": kind, "relatedQuery": query}}


def _deepest(levels: int, relations: int) -> dict[str, Any]:
    """A tree of so many levels, and and or by turns, with relations up and down in between."""
    kinds = ["LEAD", *("CONTACT" if n % 2 == 0 else "LEAD" for n in range(relations))]
    query: dict[str, Any] = where({kinds[-1].lower(): "NAME"}, **NAMED)
    for level in range(levels - 3):
        name = {kinds[relations].lower(): "NAME"}
        if relations and level % 4 == 2:
            query = _related(kinds[relations], query)
            relations -= 1
        elif level % 2:
            query = {"and": [where(name, exists=True), query]}
        else:
            query = {"or": [{"not": where(name, **NAMED)}, query]}
    assert relations == 0
    return {"and": [LEADS, query]}


@pytest.mark.parametrize("relations", [0, 4])
async def test_deepest_trees_are_answered(client: Client, relations: int) -> None:
    """F27: 20 levels and 4 relations run, turned around, counted and explained as well; one level more is refused."""
    await build(client)
    deep, deeper = _deepest(20, relations), _deepest(21, relations)
    found = set(await ids(client, deep))
    assert (await search(client, deep, "count { total }"))["count"] == {"total": len(found)}
    turned = {"and": [LEADS, {"not": _deepest(18, relations)}]}
    others = set(await ids(client, turned))
    assert (await search(client, turned, "count { total }"))["count"] == {"total": len(others)}
    explained = (await client.data(EXPLAIN, {"query": deep, "id": "lead_a"}))["explainMatch"]
    assert explained["matched"] == ("lead_a" in found)
    code, _, message = await refused(client, deeper)
    assert (code, message) == ("COST_EXCEEDED", "A query can be 20 levels deep at most.")


async def test_words_of_all_texts_are_bounded(client: Client) -> None:
    """F21: 200 words in the texts of a tree are looked for, and not one more."""
    await build(client)
    words = [f"w{n}" for n in range(201)]
    texts = [{"text": {"value": " ".join(words[:100])}}, {"text": {"value": " ".join(words[100:200])}}]
    assert await ids(client, {"and": [LEADS, *texts]}) == []
    assert len(await ids(client, {"and": [LEADS, {"not": {"and": texts}}]})) == 3
    assert (await search(client, {"or": texts}, "count { total }"))["count"] == {"total": 0}
    code, path, _ = await refused(client, {"and": [*texts, {"text": {"value": words[200]}}]})
    assert (code, path) == ("COST_EXCEEDED", ["query", "and", "2", "text"])


async def test_many_words_mean_all_of_them(client: Client) -> None:
    """F22: of many words each has to stand in the object, whether few or many are asked for."""
    await build(client)
    mine = [name.lower() for name in ("one", "two", "three", "four", "five", "six", "seven")]
    await client.mutate("leadUpdate", {"id": "lead_a", "patch": {"description": " ".join(reversed(mine))}})
    asked = {"and": [LEADS, {"text": {"value": " ".join(mine)}}]}
    assert await ids(client, asked) == ["lead_a"]
    asked = {"and": [LEADS, {"text": {"value": " ".join([*mine, "eight"])}}]}
    assert await ids(client, asked) == []


async def test_bounds_keep_their_digits(client: Client) -> None:
    """F37: a bound a hair below one is not one."""
    await build(client)
    below_one = "0." + "9" * 40
    some = await ids(client, where({"lead": "CONTACTS_COUNT"}, numberRange={"gte": 1}))
    assert await ids(client, where({"lead": "CONTACTS_COUNT"}, numberRange={"gt": below_one})) == some != []
    assert Decimal(below_one) < 1


async def test_calls_have_a_status(client: Client) -> None:
    """F1: filters ask calls for a status, which the disposition tells."""
    await build(client)
    call = {**AUDIT, "type": "call", "date": NOON, "lead_id": "lead_b", "disposition": "voicemail_left"}
    async with client.database.write(client.actor) as session:
        await session.insert(Activity, {"id": "acti_call", **call})
    status = {"call": "STATUS"}
    for term, found in (("completed", ["lead_b"]), ("no-answer", []), ("failed", [])):
        asked = {"and": [LEADS, _related("CALL", where(status, term={"values": [term]})), {"id": "lead_b"}]}
        assert await ids(client, asked) == found, term


async def test_large_statements_are_not_kept(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """What will not come again does not push out what will."""
    kept: Kept[str, Any] = Kept(10)
    monkeypatch.setattr(searching, "_SEARCHES", kept)
    await build(client)
    for start in (0, 100):
        await ids(client, {"text": {"value": " ".join(f"w{n}" for n in range(start, start + 100))}})
    assert len(kept) == 0
    await ids(client, where({"lead": "URL"}, exists=True))
    assert len(kept) == 1
    await ids(client, where({"lead": "URL"}, exists=True))
    assert len(kept) == 1
