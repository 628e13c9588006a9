"""From the text of an operation to the body of its response: every error has a code."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from app.domain.access import Actor
from app.graphql.context import Context
from app.graphql.engine import LEAST_WEIGHT, Documents, Engine
from app.graphql.faults import Code, request_id
from app.graphql.schema import schema
from app.storage.activities import Activity
from app.storage.database import Database, TimedOut, Unavailable
from app.storage.reads import table_of
from tests.client import ENGINE, Client
from tests.graphql.scenery import build

SEVERAL = "query A { viewer { id } } query B { roles { name } }"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ viewer { id }", "GRAPHQL_PARSE_FAILED"),
        ("", "GRAPHQL_PARSE_FAILED"),
        ("{ nope }", "GRAPHQL_VALIDATION_FAILED"),
        ("fragment F on Lead { id }", "GRAPHQL_VALIDATION_FAILED"),
        (SEVERAL, "OPERATION_RESOLUTION_FAILURE"),
        ("query($a: Int!) { leads(first: $a) { totalCount } }", "BAD_USER_INPUT"),
        ("{ leads(first: 1000) { totalCount } }", "BAD_USER_INPUT"),
        ('{ leads(filter: { dateCreated: { gt: "yesterday" } }) { totalCount } }', "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_every_error_has_a_code(client: Client, query: str, code: str) -> None:
    body = await client.run(query)
    assert [error["extensions"]["code"] for error in body["errors"]] == [code]
    assert body.get("data") is None


async def test_operation_is_chosen_by_name(client: Client) -> None:
    context = Context(client.database, client.actor)
    result = await ENGINE.run(SEVERAL, None, "B", context)
    assert [role["name"] for role in result.body["data"]["roles"]] == ["Admin", "Manager", "User"]
    result = await ENGINE.run(SEVERAL, None, "C", context)
    assert result.body["errors"][0]["message"] == "The document has no operation 'C'; it has A, B."
    assert not result.executed


async def test_read_only_refuses_mutations(client: Client) -> None:
    query = 'mutation { leadCreate(input: { name: "A" }) { lead { id } } }'
    result = await ENGINE.run(query, None, None, Context(client.database, client.actor), read_only=True)
    assert result.body["errors"][0]["extensions"]["code"] == "METHOD_NOT_ALLOWED"
    assert (await client.data("{ leads { totalCount } }"))["leads"]["totalCount"] == 0


async def test_unexpected_failure_is_masked(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What nobody expected shows neither its text nor its place; the log has both."""

    def broken(*_: object, **__: object) -> Any:
        raise RuntimeError("secret: password=hunter2")

    monkeypatch.setattr(Database, "read", broken)
    client.is_compiled = False
    token = request_id.set("req-1")
    body = await client.run("{ leads { totalCount } }")
    request_id.reset(token)
    [error] = body["errors"]
    assert error["message"] == "Something went wrong on our side."
    assert error["extensions"] == {"code": "INTERNAL", "requestId": "req-1"}
    assert "hunter2" in caplog.text
    assert "hunter2" not in str(body)


@pytest.mark.parametrize(("failure", "code"), [(Unavailable, "UNAVAILABLE"), (TimedOut, "TIMEOUT")])
async def test_database_trouble_has_its_code(
    client: Client, monkeypatch: pytest.MonkeyPatch, failure: type[Exception], code: str
) -> None:
    def failing(*_: object, **__: object) -> Any:
        raise failure("said to nobody")

    monkeypatch.setattr(Database, "read", failing)
    client.is_compiled = False
    body = await client.run("{ leads { totalCount } }")
    assert body["errors"][0]["extensions"]["code"] == code
    assert "said to nobody" not in str(body)


async def test_mutations_run_in_order(client: Client) -> None:
    """Each root field of a mutation is a transaction of its own; later ones see what earlier ones did."""
    body = await client.run("""mutation {
        a: leadCreate(input: { name: "A" }) { lead { status { leadCount } } }
        b: leadCreate(input: { name: " " }) { lead { id } userErrors { code } }
        c: leadCreate(input: { name: "C" }) { lead { status { leadCount } } } }""")
    assert body["data"] == {
        "a": {"lead": {"status": {"leadCount": 1}}},
        "b": {"lead": None, "userErrors": [{"code": "REQUIRED"}]},
        "c": {"lead": {"status": {"leadCount": 2}}},
    }


async def test_documents_are_read_once() -> None:
    documents = Documents(schema._schema)
    first = documents.get("{ viewer { id } }")
    assert documents.get("{ viewer { id } }") is first
    assert documents.get("{ viewer { id  } }") is not first
    assert documents.get("{ nope }").code is Code.GRAPHQL_VALIDATION_FAILED


async def test_documents_are_bounded_by_size() -> None:
    texts = [f"{{ viewer {{ id }} }} # {i:50}" for i in range(20)]
    documents = Documents(schema._schema, capacity=10 * (len(texts[0]) + LEAST_WEIGHT))
    first = documents.get(texts[0])
    for text in texts[1:9]:
        documents.get(text)
    assert documents.get(texts[0]) is first
    kept = documents.get(texts[8])
    for text in texts[9:]:
        documents.get(text)
    assert documents.get(texts[0]) is not first
    assert documents.get(texts[8]) is not kept


async def test_introspection_runs(client: Client) -> None:
    engine = Engine(schema)
    context = Context(client.database, Actor(client.organization_id))
    result = await engine.run("{ __schema { queryType { name } } __typename }", None, None, context)
    assert result.body == {"data": {"__schema": {"queryType": {"name": "Query"}}, "__typename": "Query"}}


async def test_value_of_another_type_is_our_fault(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    """What is stored and does not fit the schema is masked and logged, never the caller's input."""
    await build(client.database, client.organization_id)
    async with client.database.write(client.actor) as session:
        await session.update(Activity, {"status": "lost"}, table_of(Activity).c.id == "acti_email1")
    body = await client.run('{ activity(id: "acti_email1") { ... on Email { emailStatus } } }')
    assert [error["extensions"]["code"] for error in body["errors"]] == ["INTERNAL"]
    assert "lost" in caplog.text
    assert "lost" not in str(body)


async def test_torn_query_is_read_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lead that goes between two statements of a query takes its contacts along, and nothing else."""
    kept = await client.mutate("leadCreate", {"name": "Kept", "contacts": [{"name": "Ann"}]}, "lead { id }")
    gone = await client.mutate("leadCreate", {"name": "Gone", "contacts": [{"name": "Bob"}]}, "lead { id }")
    read, calls = Database.read, 0

    def interrupted(database: Database, actor: Actor) -> Any:
        nonlocal calls
        calls += 1
        return removing() if calls == 2 else read(database, actor)

    @asynccontextmanager
    async def removing() -> AsyncIterator[Any]:
        await client.mutate("leadDelete", {"id": gone["lead"]["id"]})
        async with read(client.database, client.actor) as session:
            yield session

    monkeypatch.setattr(Database, "read", interrupted)
    client.is_compiled = False
    body = await client.run("{ contacts { nodes { displayName lead { id name } } } }")
    assert body == {"data": {"contacts": {"nodes": [{"displayName": "Ann", "lead": kept["lead"] | {"name": "Kept"}}]}}}
    assert calls == 4
