"""Searches whose hits the database writes: one statement finds them and what is selected of them."""

from typing import Any

import orjson
import pytest
from sqlalchemy import text

from app.execution.gateway import COMPILED, DOCUMENT, Gateway
from app.execution.levels import Form
from app.graphql.engine import Engine
from app.graphql.schema import schema
from tests.client import Client
from tests.execution.test_documents import PADDING, resolved, run, texts
from tests.graphql.search_rows import CONTACTS, LEADS, QUERY, build, related

PERSON = "... on Contact { id name lead { displayName contacts { nodes { name emails { email } } } } }"
COMPANY = """... on Lead {
    __typename id status { label } contacts(first: 2) { totalCount edges { cursor node { name } } }
    tasks(filter: $tasks) { nodes { __typename id } } activities(first: 1) { nodes { __typename id } } }"""
TASKS = QUERY.replace("$timeZone: TimeZone\n", "$timeZone: TimeZone, $tasks: TaskFilterInput\n")
WORD = {"and": [LEADS, {"text": {"value": "tools"}}]}
NUMBER = [{"field": {"customField": "cf_size"}, "direction": "DESC"}]
NAME = [{"field": {"lead": "DISPLAY_NAME"}}]


@pytest.fixture
async def gateway(client: Client) -> Gateway:
    await build(client)
    return Gateway(Engine(schema), Form.DOCUMENT)


@pytest.mark.parametrize(
    ("query", "select"),
    [
        (CONTACTS, f"nodes {{ {PERSON} }}"),
        (CONTACTS, f"__typename all: edges {{ cursor node {{ {PERSON} }} }} pageInfo {{ hasNextPage endCursor }}"),
        (WORD, f"nodes {{ __typename {COMPANY} {PERSON} }}"),
        ({"and": [LEADS, related("CONTACT", {"text": {"value": "ceo"}})]}, f"nodes {{ {COMPANY} }}"),
        ({"and": [LEADS, {"matchAll": False}]}, f"nodes {{ {COMPANY} }}"),
    ],
)
async def test_one_statement_finds_hits_and_writes_them(
    client: Client, gateway: Gateway, query: Any, select: str
) -> None:
    document = (TASKS if "$tasks" in select else QUERY) % select
    for more in ({}, {"first": 1}, {"resultsLimit": 2}):
        variables = {"query": query, **more}
        path, _, body = await run(gateway, client, document, **variables)
        assert path == DOCUMENT
        assert body == await resolved(client, document, **variables)
        sent = await texts(gateway, client, document, **variables)
        assert len([sql for sql in sent if "text_" in sql]) == 1
        assert len(sent) == 1 or client.database.dialect == "sqlite"  # where it may look into an index first


@pytest.mark.parametrize("sort", [NAME, NUMBER, [*NUMBER, *NAME], None])
async def test_pages_go_on_where_the_last_one_ended(client: Client, gateway: Gateway, sort: Any) -> None:
    """By values that the statement gives beside its texts, in both halves of a sort by a custom field."""
    query = TASKS % f"edges {{ cursor node {{ {COMPANY} }} }} pageInfo {{ hasNextPage endCursor }}"
    found, after, has_more = [], None, True
    for _ in range(3):
        assert has_more
        variables = {"query": LEADS, "sort": sort, "first": 1, "after": after}
        path, _, body = await run(gateway, client, query, **variables)
        assert path == DOCUMENT
        [edge] = (page := orjson.loads(body)["data"]["search"])["edges"]
        found.append(edge["node"]["id"])
        after, has_more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
        assert after == edge["cursor"]
    assert sorted(found) == ["lead_a", "lead_b", "lead_c"]
    assert not has_more


async def test_values_of_a_nested_filter_share_a_statement(client: Client, gateway: Gateway) -> None:
    query = TASKS % f"nodes {{ {COMPANY} }}"
    made = set()
    for ids in (["task_1"], ["task_2"], ["task_1", "task_3"], [*PADDING, "task_1"], [*PADDING, "task_2"]):
        variables = {"query": LEADS, "tasks": {"ids": ids}}
        path, _, body = await run(gateway, client, query, **variables)
        assert (path, body) == (DOCUMENT, await resolved(client, query, **variables))
        made.update(await texts(gateway, client, query, **variables))
    assert len(made) == 1


async def test_texts_are_for_relations_that_come_again(client: Client, gateway: Gateway) -> None:
    """Columns are as quickly read, and to make a statement takes longer than to answer in another way once."""
    measured = Gateway(gateway.engine)
    several = f"nodes {{ {PERSON} }} edges {{ node {{ ... on Contact {{ name }} }} }}"
    for select, expected in (
        (f"nodes {{ {PERSON} }}", [COMPILED, DOCUMENT, DOCUMENT]),
        ("nodes { ... on Contact { id name } }", [COMPILED] * 3),
        (several, [COMPILED] * 3),
    ):
        assert [(await run(measured, client, QUERY % select, query=CONTACTS))[0] for _ in range(3)] == expected
    both = f"nodes {{ {PERSON} }}"
    assert (await run(gateway, client, QUERY % both, query={"text": {"value": "lee"}}))[0] == COMPILED


async def test_count_is_asked_beside_the_texts(client: Client, gateway: Gateway) -> None:
    query = QUERY % f"count {{ total limited }} nodes {{ {PERSON} }}"
    path, _, body = await run(gateway, client, query, query=CONTACTS, resultsLimit=1)
    assert (path, body) == (DOCUMENT, await resolved(client, query, query=CONTACTS, resultsLimit=1))


async def test_a_value_that_may_not_be_is_told_by_the_resolvers(client: Client, gateway: Gateway) -> None:
    async with client.database.write(client.actor) as session:
        await session.connection.execute(text("UPDATE activity SET disposition = 'sneezed' WHERE type = 'call'"))
    query = QUERY % "nodes { ... on Lead { activities { nodes { ... on Call { disposition } } } } }"
    path, _, body = await run(gateway, client, query, query=LEADS)
    assert path == "rerun: null"
    assert b'"code":"INTERNAL"' in body
