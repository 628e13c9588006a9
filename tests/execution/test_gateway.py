"""Which way an operation is answered, and that what a plan began is neither done nor asked twice."""

from typing import Any

import pytest
from sqlalchemy import update

from app.execution import leaves
from app.execution.gateway import COMPILED, Gateway
from app.execution.levels import Form, Rows
from app.graphql.context import Context
from app.graphql.engine import Engine
from app.graphql.schema import schema
from app.storage import leads as stored
from app.storage.activities import Activity
from app.storage.database import Database, TimedOut, Unavailable
from app.storage.reads import table_of
from tests.client import Client
from tests.graphql.scenery import build

INVALID = ["{ nope }", "{ leads {", "query A { viewer { id } } query B { viewer { id } }", "subscription { x }"]
CREATE = 'mutation { made: leadCreate(input: { name: "Acme" }) { lead { %s } userErrors { message } } }'


@pytest.fixture
def gateway() -> Gateway:
    return Gateway(Engine(schema), Form.LEVELS)


async def run(gateway: Gateway, client: Client, query: str, **variables: Any) -> Any:
    return await gateway.run(query, variables, None, Context(client.database, client.actor))


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("{ leads { totalCount } }", COMPILED),
        ('{ lead(id: "lead_x") { id } }', COMPILED),
        ("{ __typename }", COMPILED),
        ("{ __schema { queryType { name } } }", "introspection"),
        ('{ node(id: "lead_x") { id } }', "opaque: node"),
        ("{ leads(first: 1000) { totalCount } }", "rerun: arguments"),
        ('{ leads(after: "x") { nodes { id } } }', "rerun: arguments"),
        *((query, "invalid document") for query in INVALID[:2]),
        (INVALID[2], "no such operation"),
    ],
)
async def test_path_is_told(client: Client, gateway: Gateway, query: str, path: str) -> None:
    assert (await run(gateway, client, query)).path == path


async def test_conditions_choose_the_plan(client: Client, gateway: Gateway) -> None:
    """@skip and @include make a plan each, other variables none."""
    query = """query($a: Boolean!, $b: Boolean!, $n: Int) {
        leads(first: $n) { totalCount @include(if: $a) pageInfo @skip(if: $b) { hasNextPage } } }"""
    for a, b, keys in (
        (True, True, ["totalCount"]),
        (False, False, ["pageInfo"]),
        (True, False, ["totalCount", "pageInfo"]),
    ):
        for n in (1, 2):
            result = await run(gateway, client, query, a=a, b=b, n=n)
            assert (result.path, list(result.body["data"]["leads"])) == (COMPILED, keys)
    [plans] = gateway._plans.values()
    assert len(plans) == 3


async def test_arguments_of_the_same_shape_make_no_statement(
    client: Client, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Rows] = []
    make = Rows._made

    def noted(self: Rows, *given: Any) -> Any:
        made.append(self)
        return make(self, *given)

    monkeypatch.setattr(Rows, "_made", noted)
    query = "query($ids: [ID!], $n: Int) { leads(filter: { ids: $ids }, first: $n) { nodes { id } } }"
    for ids, n in ((["a"], 1), (["a"], 2), (["b"], 1), (["a", "b"], 3), (None, 1), (None, 2)):
        await run(gateway, client, query, ids=ids, n=n)
    assert len(made) == 2


async def test_calendar_is_that_of_the_request(client: Client, gateway: Gateway) -> None:
    """What depends on the day is not kept for another day; what depends on the zone alone is."""
    query = '{ tasks(filter: { view: INBOX }, timeZone: "Asia/Tokyo") { totalCount nodes { id } } }'
    await run(gateway, client, query)
    [plans] = gateway._plans.values()
    [plan] = plans.values()
    assert [len(level.reads) for level in plan.code.levels] == [0, 0]
    await run(gateway, client, '{ tasks(timeZone: "Asia/Tokyo") { nodes { id } } }')
    kept = [level for plans in gateway._plans.values() for plan in plans.values() for level in plan.code.levels]
    assert sorted(len(level.reads) for level in kept) == [0, 0, 0, 1]


async def test_null_where_none_may_be_is_told_by_the_resolvers(client: Client, gateway: Gateway) -> None:
    await build(client.database, client.organization_id)
    async with client.database.write(client.actor) as session:
        await session.connection.execute(update(table_of(Activity)).values(details={"to": [None]}))
    result = await run(gateway, client, '{ activity(id: "acti_email1") { ... on Email { to } } }')
    assert result.path == "rerun: null"
    assert "errors" in result.body
    assert gateway.reruns == {"rerun: null": 1}


async def test_mutation_is_done_once_though_its_payload_fails(
    client: Client, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The payload is then read by the resolvers, from what was done."""

    def broken(self: Rows, *given: Any) -> Any:
        raise leaves.Bail

    monkeypatch.setattr(Rows, "answer", broken)
    result = await run(gateway, client, CREATE % "name status { label }")
    assert result.path == "rerun: null"
    assert result.body["data"]["made"] == {"lead": {"name": "Acme", "status": {"label": "Potential"}}, "userErrors": []}
    monkeypatch.undo()
    found = await run(gateway, client, "{ leads { nodes { name } } }")
    assert found.body["data"]["leads"]["nodes"] == [{"name": "Acme"}]


async def test_mutation_that_raises_is_not_tried_again(
    client: Client, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = 0

    async def transact(*_: Any) -> Any:
        nonlocal tries
        tries += 1
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(Database, "transact", transact)
    result = await run(gateway, client, CREATE % "name")
    assert tries == 1
    assert [error["extensions"]["code"] for error in result.body["errors"]] == ["INTERNAL"]
    assert result.path == "rerun: RuntimeError"


async def test_condition_that_is_null_is_refused(client: Client, gateway: Gateway) -> None:
    """Also where a plan is known for the condition that does not hold: nothing is done."""
    query = """mutation($x: Boolean = false) {
        leadCreate(input: { name: "Acme" }) @skip(if: $x) { lead { name } } }"""
    assert "errors" not in (await run(gateway, client, query, x=False)).body
    result = await run(gateway, client, query, x=None)
    assert [error["extensions"]["code"] for error in result.body["errors"]] == ["BAD_USER_INPUT"]
    found = await run(gateway, client, "{ leads { totalCount } }")
    assert found.body["data"]["leads"]["totalCount"] == 1


@pytest.mark.parametrize(("failure", "code"), [(Unavailable, "UNAVAILABLE"), (TimedOut, "TIMEOUT")])
async def test_trouble_of_the_database_is_not_asked_for_again(
    client: Client, gateway: Gateway, monkeypatch: pytest.MonkeyPatch, failure: type[Exception], code: str
) -> None:
    asked = 0

    async def failing(*_: Any) -> Any:
        nonlocal asked
        asked += 1
        raise failure("said to nobody")

    monkeypatch.setattr(Database, "run", failing)
    monkeypatch.setattr(Database, "read", failing)
    result = await run(gateway, client, "{ leads { nodes { id } } }")
    assert asked == 1
    assert result.body["data"] is None
    assert [error["extensions"]["code"] for error in result.body["errors"]] == [code]
    assert "said to nobody" not in str(result.body)


async def test_torn_query_is_read_again(client: Client, gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lead that goes between two statements of a plan takes its contacts along, and nothing else."""
    kept = await client.mutate("leadCreate", {"name": "Kept", "contacts": [{"name": "Ann"}]}, "lead { id }")
    gone = await client.mutate("leadCreate", {"name": "Gone", "contacts": [{"name": "Bob"}]}, "lead { id }")
    answer = Rows.answer
    missed = False

    def interrupted(self: Rows, *given: Any) -> Any:
        nonlocal missed
        found = answer(self, *given)
        if self.level.read is stored.by_id:  # as if the lead were gone when it is looked for
            missed = found.by_key.pop(gone["lead"]["id"], None) is not None
        return found

    monkeypatch.setattr(Rows, "answer", interrupted)
    query = "{ contacts { nodes { displayName lead { id name } } } }"
    result = await run(gateway, client, query)
    assert missed
    assert result.path == "rerun: null"
    assert {"displayName": "Ann", "lead": kept["lead"] | {"name": "Kept"}} in result.body["data"]["contacts"]["nodes"]


async def test_several_mutations_read_what_each_left(client: Client, gateway: Gateway) -> None:
    """One after the other, by the resolvers: a payload that fails must not have the ones before it read again."""
    lead = await client.mutate("leadCreate", {"name": "Zero"}, "lead { id }")
    query = """mutation($id: ID!) {
        a: leadUpdate(input: { id: $id, patch: { name: "One" } }) { lead { displayName } }
        b: leadUpdate(input: { id: $id, patch: { name: "Two" } }) { lead { contacts(first: 0) { totalCount } } } }"""
    result = await run(gateway, client, query, id=lead["lead"]["id"])
    assert result.path == "several mutations"
    assert result.body["data"] == {"a": {"lead": {"displayName": "One"}}, "b": {"lead": None}}


async def test_what_was_done_is_told_though_it_cannot_be_read(
    client: Client, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(*_: Any) -> Any:
        raise Unavailable("said to nobody")

    monkeypatch.setattr(Database, "run", failing)
    result = await run(gateway, client, CREATE % "name")
    assert result.path == "rerun: database"
    assert result.body["data"]["made"] == {"lead": {"name": "Acme"}, "userErrors": []}


async def test_empty_cursor_is_refused_each_time(
    client: Client, gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        result = await run(gateway, client, '{ leads(after: "") { nodes { id } } }')
        assert (result.path, result.body["errors"][0]["extensions"]["code"]) == ("rerun: arguments", "CURSOR_INVALID")
    assert caplog.records == []


async def test_other_operations_do_not_choose_the_plan(client: Client, gateway: Gateway) -> None:
    """A variable of the same name may be a list there."""
    query = """query A($x: Boolean!) { leads { totalCount @include(if: $x) } }
        query B($x: [ID!]!) { leads(filter: { ids: $x }) { totalCount } }"""
    result = await gateway.run(query, {"x": ["a"]}, "B", Context(client.database, client.actor))
    assert (result.path, result.body) == (COMPILED, {"data": {"leads": {"totalCount": 0}}})
