"""Searches through the schema: what comes back, page by page, and what it costs."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from app.domain.access import Actor
from app.graphql.context import Context
from app.services import organizations
from app.services.search.searching import Rules
from app.storage.contacts import Contact
from app.storage.database import Database
from tests.client import ENGINE, Client
from tests.graphql.search_rows import (
    CONTACTS,
    IDS,
    LEADS,
    NOON,
    PAGE,
    QUERY,
    build,
    ids,
    ids_of,
    refused,
    related,
    search,
    where,
)

ALL: dict[str, Any] = {"matchAll": True}
CEO = where({"contact": "TITLE"}, text={"value": "CEO"})
COUNT = "count { limited total }"
EVERYTHING = ["lead_c", "lead_b", "cont_cid", "cont_bob", "cont_ann", "lead_a"]


async def test_ceo_contacts_are_found(client: Client) -> None:
    """F1: contacts whose title has the word CEO."""
    await build(client)
    found = await search(client, {"and": [CONTACTS, CEO]}, "nodes { __typename ... on Contact { id name title } }")
    assert found["nodes"] == [
        {"__typename": "Contact", "id": "cont_cid", "name": "Cid Ray", "title": "ceo & owner"},
        {"__typename": "Contact", "id": "cont_ann", "name": "Ann Lee", "title": "CEO"},
    ]


async def test_ceos_of_software_companies_are_found(client: Client) -> None:
    """F25: a custom field of the lead, seen from its contacts."""
    await build(client)
    kind = where({"customField": "cf_kind"}, term={"values": ["Software as a service"]})
    several = where({"contact": "EMAILS_COUNT"}, numberRange={"gt": 1})
    query = {"and": [CONTACTS, several, CEO, related("LEAD", kind, thisObjectType="CONTACT")]}
    assert await ids(client, query) == ["cont_ann"]


async def test_hits_of_both_kinds_are_typed(client: Client) -> None:
    """F2, F5: each hit has the fields of its type, and what hangs on it."""
    await build(client)
    select = "nodes { __typename ... on Lead { name contacts { totalCount } } ... on Contact { title lead { name } } }"
    found = await search(client, {"text": {"value": "bluth"}}, select)
    assert found["nodes"] == [{"__typename": "Lead", "name": "Bluth Homes", "contacts": {"totalCount": 1}}]
    found = await search(client, {"or": [{"id": "lead_c"}, {"id": "cont_bob"}]}, select)
    assert found["nodes"] == [
        {"__typename": "Lead", "name": "Initech", "contacts": {"totalCount": 0}},
        {"__typename": "Contact", "title": None, "lead": {"name": "Acme"}},
    ]


async def test_ids_cost_one_statement(client: Client) -> None:
    """F4: over one kind or both; whole rows of one kind as well, of both a statement more for each."""
    await build(client)
    await ids(client, ALL)  # what cursors are signed with is read once
    for query, select, statements in [
        (ALL, IDS, 1),
        (LEADS, IDS, 1),
        (ALL, "edges { cursor node { __typename ... on Contact { id } ... on Lead { id } } }", 1),
        (ALL, "pageInfo { endCursor }", 1),
        (LEADS, "nodes { ... on Lead { id name description dateCreated } }", 1),
        (CONTACTS, "nodes { ... on Contact { ...Name } } edges { node { ... on Contact { title } } }", 1),
        (ALL, "nodes { ... on Lead { name } ... on Contact { ...Name } } edges { node { ... on Lead { url } } }", 3),
    ]:
        fragment = " fragment Name on Contact { name }" if "...Name" in select else ""
        await client.data(QUERY % select + fragment, {"query": query})
        assert client.statements == statements, select


async def test_each_part_is_read_when_selected(client: Client) -> None:
    """F7: no count without its field, no page without one of its own."""
    await build(client)
    await ids(client, ALL)
    found = await search(client, LEADS, COUNT)
    assert (found, client.statements) == ({"count": {"limited": 3, "total": 3}}, 1)
    found = await search(client, LEADS, f"{PAGE} {COUNT} edges {{ cursor }}")
    assert (found["count"]["total"], len(found["edges"]), client.statements) == (3, 3, 2)
    assert (await search(client, LEADS, "__typename"), client.statements) == (
        {"__typename": "SearchResultConnection"},
        0,
    )


async def test_limit_caps_the_whole_set(client: Client) -> None:
    """F6, F14: pages of two out of at most five; the last one is short, and nothing follows it."""
    await build(client)
    pages, after = [], None
    while True:
        found = await search(client, ALL, f"{PAGE} {COUNT}", resultsLimit=5, first=2, after=after)
        pages.append(ids_of(found))
        assert found["count"] == {"limited": 5, "total": 6}
        if not found["pageInfo"]["hasNextPage"]:
            break
        after = found["pageInfo"]["endCursor"]
    assert pages == [EVERYTHING[:2], EVERYTHING[2:4], EVERYTHING[4:5]]


async def test_limit_of_zero_counts_alone(client: Client) -> None:
    """F8: no hits, none within the limit, all of them in total; one statement."""
    await build(client)
    found = await search(client, ALL, f"{PAGE} edges {{ cursor }} {COUNT}", resultsLimit=0)
    assert found == {
        "nodes": [],
        "edges": [],
        "pageInfo": {"endCursor": None, "hasNextPage": False},
        "count": {"limited": 0, "total": 6},
    }
    assert client.statements == 1


async def test_limited_count_is_the_smaller(client: Client) -> None:
    """F9: the limit, or the total where that is less."""
    await build(client)
    for limit, limited in [(3, 3), (6, 6), (10, 6), (None, 6)]:
        found = await search(client, ALL, COUNT, resultsLimit=limit)
        assert found == {"count": {"limited": limited, "total": 6}}


async def test_sort_has_several_keys(client: Client) -> None:
    """F10, F11: nulls last in both directions; ties in the order of the next key, at last of the id."""
    await build(client)

    def key(name: str, direction: str | None = None) -> dict[str, Any]:
        return {"field": {"contact": name}} | ({"direction": direction} if direction else {})

    for sort, found in [
        ([key("TITLE")], ["cont_ann", "cont_cid", "cont_bob"]),
        ([key("TITLE", "DESC")], ["cont_cid", "cont_ann", "cont_bob"]),
        ([key("NAME")], ["cont_ann", "cont_bob", "cont_cid"]),
        ([key("PHONES_COUNT", "DESC"), key("EMAILS_COUNT", "ASC")], ["cont_bob", "cont_cid", "cont_ann"]),
        ([key("URLS_COUNT"), key("DATE_CREATED", "DESC")], ["cont_bob", "cont_ann", "cont_cid"]),
        ([], ["cont_cid", "cont_bob", "cont_ann"]),
    ]:
        assert await ids(client, CONTACTS, sort=sort) == found
    size = [{"field": {"customField": "cf_size"}}]
    assert await ids(client, LEADS, sort=size) == ["lead_a", "lead_b", "lead_c"]


async def test_pages_follow_the_sort(client: Client) -> None:
    """F10, F14: page by page, nulls included, the hits are those of one large page."""
    await build(client)
    for field in ("DESCRIPTION", "CONTACTS_COUNT", "DISPLAY_NAME", "LAST_COMMUNICATION_DATE"):
        for direction in ("ASC", "DESC"):
            sort = [{"field": {"lead": field}, "direction": direction}]
            paged, after, more = [], None, True
            while more:
                found = await search(client, LEADS, sort=sort, first=1, after=after)
                paged += ids_of(found)
                after, more = found["pageInfo"]["endCursor"], found["pageInfo"]["hasNextPage"]
            assert paged == await ids(client, LEADS, sort=sort)


async def test_page_tells_where_it_lies(client: Client) -> None:
    await build(client)
    select = (
        "edges { cursor node { ... on Node { id } } } pageInfo { startCursor endCursor hasPreviousPage hasNextPage }"
    )
    first = await search(client, ALL, select, first=3)
    cursors = [edge["cursor"] for edge in first["edges"]]
    assert first["pageInfo"] == {
        "startCursor": cursors[0],
        "endCursor": cursors[2],
        "hasPreviousPage": False,
        "hasNextPage": True,
    }
    second = await search(client, ALL, select, after=cursors[1])
    assert [edge["node"]["id"] for edge in second["edges"]] == EVERYTHING[2:]
    assert second["pageInfo"]["hasPreviousPage"] is True
    assert second["pageInfo"]["hasNextPage"] is False


async def test_page_sizes_are_checked(client: Client) -> None:
    """F13: refused, never clamped, whatever is selected; 25 hits without a size."""
    await build(client)
    for size in (0, -1, 101):
        code, path, _ = await refused(client, ALL, COUNT, first=size)
        assert (code, path, client.statements) == ("BAD_USER_INPUT", ["first"], 0)
    code, path, _ = await refused(client, ALL, resultsLimit=-1)
    assert (code, path, client.statements) == ("BAD_USER_INPUT", ["resultsLimit"], 0)
    async with client.database.write(client.actor) as session:
        [row, *_] = await session.find(Contact)
        own = {name: value for name, value in row.items() if name != "organization_id"}
        await session.insert(Contact, *(own | {"id": f"cont_{place}"} for place in range(30)))
    assert len(await ids(client, CONTACTS)) == 25
    assert len(await ids(client, CONTACTS, first=100)) == 33


async def test_cursors_expire(client: Client) -> None:
    """F15: good for 30 seconds, to the microsecond."""
    await build(client)
    client.now = NOON
    after = (await search(client, ALL, first=2))["pageInfo"]["endCursor"]
    client.now = NOON + timedelta(seconds=30)
    assert len(await ids(client, ALL, first=2, after=after)) == 2
    client.now = NOON + timedelta(seconds=30, microseconds=1)
    code, path, message = await refused(client, ALL, first=2, after=after)
    assert (code, path) == ("CURSOR_EXPIRED", ["after"])
    assert "30 seconds" in message


async def test_cursors_belong_to_their_search(client: Client) -> None:
    """F15: not to another query, sort, limit, zone or organization, nor to anybody who changed them."""
    await build(client)
    sort = [{"field": {"lead": "NAME"}}]
    after = (await search(client, LEADS, first=1, sort=sort))["pageInfo"]["endCursor"]
    assert await ids(client, LEADS, sort=sort, after=after) == ["lead_b", "lead_c"]
    changed = bytearray(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    changed[-2] ^= 1
    forged = base64.urlsafe_b64encode(changed).rstrip(b"=").decode()
    cases: list[tuple[Any, dict[str, Any]]] = [
        ({"and": [LEADS, ALL]}, {"sort": sort}),
        (LEADS, {"sort": [sort[0] | {"direction": "DESC"}]}),
        (LEADS, {}),
        (LEADS, {"sort": sort, "resultsLimit": 10}),
        (LEADS, {"sort": sort, "timeZone": "+01:00"}),
        (LEADS, {"sort": sort, "after": forged}),
        (LEADS, {"sort": sort, "after": ""}),
        (LEADS, {"sort": sort, "after": "x"}),
    ]
    for query, variables in cases:
        code, path, _ = await refused(client, query, **({"after": after} | variables))
        assert (code, path) == ("CURSOR_INVALID", ["after"]), variables
    other = await Client.of(client.database, await organizations.create(client.database, "Other"))
    assert (await refused(other, LEADS, sort=sort, after=after))[0] == "CURSOR_INVALID"


async def test_window_ends_the_pages(client: Client) -> None:
    """F16: a page ends at the window, and what would follow tells how to go on."""
    await build(client)

    async def page(window: int, **variables: Any) -> dict[str, Any]:
        context = Context(client.database, client.actor, search_rules=Rules(window=window))
        return (await ENGINE.run(QUERY % PAGE, {"query": ALL} | variables, None, context)).body

    first = (await page(3, first=2))["data"]["search"]
    second = (await page(3, first=2, after=first["pageInfo"]["endCursor"]))["data"]["search"]
    assert (ids_of(second), second["pageInfo"]["hasNextPage"]) == (EVERYTHING[2:3], True)
    [error] = (await page(3, after=second["pageInfo"]["endCursor"]))["errors"]
    assert error["extensions"] == {"code": "RESULT_WINDOW_EXCEEDED", "inputPath": ["after"]}
    assert "DATE_CREATED" in error["message"]
    assert ids_of((await page(0, after=second["pageInfo"]["endCursor"]))["data"]["search"]) == EVERYTHING[3:]


async def test_unknown_id_finds_nothing(client: Client) -> None:
    """F19: neither does one with the prefix of something else."""
    await build(client)
    assert await ids(client, {"id": "cont_ann"}) == ["cont_ann"]
    for id in ("cont_x", "oppo_1", "", "lead_a "):
        assert await ids(client, {"id": id}) == []


async def test_vanished_hits_are_left_out(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lead that goes between the page and its rows takes no other hit along, and the next page begins after it."""
    await build(client)
    read, calls = Database.read, 0

    def interrupted(database: Database, actor: Actor) -> Any:
        nonlocal calls
        calls += 1
        return removing() if calls == 1 else read(database, actor)

    @asynccontextmanager
    async def removing() -> AsyncIterator[Any]:
        await client.mutate("leadDelete", {"id": "lead_c"})
        async with read(client.database, client.actor) as session:
            yield session

    monkeypatch.setattr(Database, "read", interrupted)
    client.is_compiled = False
    select = "edges { node { ... on Lead { name } ... on Contact { name } } } pageInfo { startCursor endCursor }"
    found = await search(client, ALL, select, first=3)
    assert [edge["node"]["name"] for edge in found["edges"]] == ["Bluth Homes", "Cid Ray"]
    assert await ids(client, ALL, after=found["pageInfo"]["endCursor"]) == EVERYTHING[3:]
    assert await ids(client, ALL, after=found["pageInfo"]["startCursor"]) == EVERYTHING[1:]
