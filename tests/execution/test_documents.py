"""Queries that are answered by one statement: which ones, and what happens where the database's text would be wrong."""

import datetime as dt
import gc
import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import Alias, text, update

from app.domain.tasks import TaskType
from app.execution.document_values import MOST_STATEMENTS
from app.execution.gateway import COMPILED, DOCUMENT, Gateway
from app.execution.levels import Form
from app.graphql.context import Context
from app.graphql.engine import Engine
from app.graphql.schema import schema
from app.storage.activities import Activity
from app.storage.leads import Lead
from app.storage.reading import Statements, counted
from app.storage.reads import table_of
from app.storage.tasks import Task
from tests.client import Client
from tests.graphql.scenery import AUDIT, build

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
PAGE = """
    totalCount edges { cursor node { __typename id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
"""
DEEP = "lead { contacts { nodes { " * 6 + "id" + " } } }" * 6
CONTACTS = f"""query($a: String, $b: String, $f: Int, $l: Int) {{
    contacts(after: $a, before: $b, first: $f, last: $l) {{ {PAGE} }} }}"""
MONEY = """
    value { amount currency } expectedValue { a: amount } annualizedValue { currency __typename amount }
    annualizedExpectedValue { amount }
"""
FILES = "attachments { url filename contentType size thumbnailUrl }"
DETAILS = f"""
    ... on Call {{ recordingUrl voicemailDuration voicemailUrl }} ... on Created {{ origin }} ... on Sms {{ {FILES} }}
    ... on Email {{ to cc bcc bodyPreview messageId inReplyTo references {FILES} }}
    ... on Meeting {{ location attendees {{ __typename email name response contact {{ name }} user {{ id }} }} }}
"""
TASKS = f"""
    view tomorrow: view(timeZone: "Pacific/Kiritimati") autoDeleteDate date {{ dateTime }}
    ... on IncomingEmailTask {{ subject emails {{ id subject }} }} ... on IncomingSmsTask {{ remotePhone {FILES} }}
    ... on VoicemailTask {{ phone localPhone voicemailDuration voicemailUrl }}
"""
VALUES = """
    __typename field { id choices } ... on CustomFieldTextValue { text } ... on CustomFieldNumberValue { number }
    ... on CustomFieldDateValue { date } ... on CustomFieldDateTimeValue { dateTime }
    ... on CustomFieldChoicesValue { choices } ... on CustomFieldUsersValue { users { displayName } }
    ... on CustomFieldContactsValue { contacts { displayName } }
"""
ONE = [
    "{ __typename viewer { displayName role { name } } organization { name currency } }",
    f"query($n: Int = 2) {{ leads(first: $n) {{ {PAGE} nodes {{ status {{ leadCount }} addresses {{ city }} }} }} }}",
    f"{{ contacts(last: 2) {{ {PAGE} nodes {{ lead {{ displayName contacts(first: 1) {{ {PAGE} }} }} }} }} }}",
    "{ activities { nodes { __typename id date ... on Call { duration phone } ... on Email { subject } } } }",
    f'{{ lead(id: "nobody") {{ id }} tasks(filter: {{ types: null }}) {{ {PAGE} }} }}',
    f"{{ opportunities {{ totalValues {{ amount currency __typename }} nodes {{ {MONEY} }} }} }}",
    f"{{ contacts {{ nodes {{ opportunities {{ totalCount totalValues {{ amount }} nodes {{ {MONEY} }} }} }} }} }}",
    f"{{ activities {{ nodes {{ {DETAILS} }} }} }}",
    f"{{ tasks(filter: {{ types: null }}) {{ nodes {{ __typename {TASKS} }} }} }}",
    f'{{ leads {{ nodes {{ customFields {{ {VALUES} }} one: customField(id: "cf_text") {{ {VALUES} }} }} }} }}',
    '{ leads { nodes { customFields(ids: ["cf_user", "cf_choices"]) { field { editableWithRoles { id } } } } } }',
    "{ leadStatuses { isDefault leadCount } viewer { timeZone } }",
]


@pytest.fixture
async def gateway(client: Client) -> Gateway:
    await build(client.database, client.organization_id)
    return Gateway(Engine(schema), Form.DOCUMENT)


async def run(gateway: Gateway, client: Client, query: str, /, **variables: Any) -> tuple[str, int, bytes]:
    """The path, the number of statements, and what goes out."""
    token = counted.set(statements := Statements())
    result = await gateway.run(query, variables, None, context(client))
    counted.reset(token)
    return result.path, statements.count, result.encoded()


async def texts(gateway: Gateway, client: Client, query: str, /, **variables: Any) -> list[str]:
    """The statements that answer."""
    token = counted.set(statements := Statements())
    await gateway.run(query, variables, None, context(client))
    counted.reset(token)
    return [sql for sql, _ in statements.sent]


async def resolved(client: Client, query: str, /, **variables: Any) -> bytes:
    result = await Engine(schema).run(query, variables, None, context(client))
    return result.encoded()


def context(client: Client, moment: datetime = NOW) -> Context:
    """At one moment: the cursors of searches say when they were made."""
    return Context(client.database, client.actor, now=lambda: moment)


@pytest.mark.parametrize("query", ONE)
async def test_one_statement_answers_columns_and_relations(client: Client, gateway: Gateway, query: str) -> None:
    path, statements, body = await run(gateway, client, query)
    assert (path, statements) == (DOCUMENT, 1)
    assert body == await resolved(client, query)


@pytest.mark.parametrize(
    "query",
    [
        "{ contacts { nodes { phones { phoneFormatted } } } }",
        "{ leads { nodes { customFields { ... on CustomFieldHiddenValue { json } } } } }",
        "{ roles { permissions } }",
    ],
)
async def test_other_fields_take_levels(client: Client, gateway: Gateway, query: str) -> None:
    path, _, body = await run(gateway, client, query)
    assert path == COMPILED
    assert body == await resolved(client, query)


@pytest.mark.parametrize(("zone", "is_written"), [("America/Havana", True), ("+14:00", True), ("CET", False)])
async def test_days_of_tasks_are_those_of_the_zone(
    client: Client, gateway: Gateway, zone: str, is_written: bool
) -> None:
    """By the database, where PostgreSQL knows the zone by its name."""
    midnights = [dt.datetime(2022, 11, 6, 4, minute, tzinfo=dt.UTC) for minute in (0, 30)]
    async with client.database.write(client.actor) as session:
        for n, moment in enumerate(midnights):
            await session.insert(Task, {"id": f"task_{n}", "type": TaskType.LEAD, "date_time": moment} | AUDIT)
    query = f'{{ tasks(timeZone: "{zone}") {{ nodes {{ date {{ date dateTime }} }} }} }}'
    path, _, body = await run(gateway, client, query)
    assert path == (DOCUMENT if is_written else COMPILED)
    assert body == await resolved(client, query)


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"to": "a@example.com"}, "to"),
        ({"to": ["a@example.com", None]}, "to"),
        ({"cc": [5]}, "cc"),
        ({"message_id": 5}, "messageId"),
        ({"body_preview": ["text"]}, "bodyPreview"),
        ({"attachments": {"url": "x:y"}}, "attachments { url }"),
        ({"attachments": ["x:y"]}, "attachments { url }"),
        ({"attachments": [{"url": "x:y", "size": 2**31}]}, "attachments { size }"),
        ({"attachments": [{"url": "x:y", "size": 1.0}]}, "attachments { size }"),
    ],
)
async def test_details_of_other_types_are_left_to_the_resolvers(
    client: Client, gateway: Gateway, details: dict[str, Any], field: str
) -> None:
    async with client.database.write(client.actor) as session:
        await session.connection.execute(update(table_of(Activity)).values(details=details))
    query = f"{{ activities {{ nodes {{ ... on Email {{ {field} }} }} }} }}"
    path, _, body = await run(gateway, client, query)
    assert path == "rerun: null"
    assert body == await resolved(client, query)


async def test_details_that_are_stored_compressed(client: Client, gateway: Gateway) -> None:
    details = {"to": [f"{n}@example.com" for n in range(500)], "body_preview": "so " * 5000}
    async with client.database.write(client.actor) as session:
        await session.connection.execute(update(table_of(Activity)).values(details=details))
    query = "{ activities { nodes { __typename id ... on Email { to bodyPreview attachments { url } } } } }"
    path, statements, body = await run(gateway, client, query)
    assert (path, statements) == (DOCUMENT, 1)
    assert body == await resolved(client, query)


@pytest.mark.parametrize(("count", "expected"), [(3, DOCUMENT), (100, COMPILED)])
async def test_long_arguments_of_measures_make_no_statement(
    client: Client, gateway: Gateway, count: int, expected: str
) -> None:
    """A statement would be for these alone."""
    query = "query($ids: [ID!]) { leads { nodes { customFields(ids: $ids) { field { id } } } } }"
    ids = ["cf_text", *(f"cf_{number}" for number in range(count))]
    path, _, body = await run(gateway, client, query, ids=ids)
    assert path == expected
    assert body == await resolved(client, query, ids=ids)


async def test_pages_follow_each_other(client: Client, gateway: Gateway) -> None:
    """Forwards and backwards by the cursors that the database wrote."""
    whole = (await gateway.run("{ contacts { nodes { id } } }", {}, None, Context(client.database, client.actor))).body
    ids = [node["id"] for node in whole["data"]["contacts"]["nodes"]]
    for forward in (True, False):
        seen: list[str] = []
        cursor: str | None = None
        while True:
            where = {"a": cursor, "f": 2} if forward else {"b": cursor, "l": 2}
            result = await gateway.run(CONTACTS, where, None, Context(client.database, client.actor))
            assert result.path == DOCUMENT
            page = result.body["data"]["contacts"]
            own = [edge["node"]["id"] for edge in page["edges"]]
            seen = [*seen, *own] if forward else [*own, *seen]
            info = page["pageInfo"]
            if not info["hasNextPage" if forward else "hasPreviousPage"]:
                break
            cursor = info["endCursor" if forward else "startCursor"]
        assert seen == ids


async def test_arguments_make_statements_of_their_own(client: Client, gateway: Gateway) -> None:
    query = "query($ids: [ID!], $n: Int) { leads(filter: { ids: $ids }, first: $n) { nodes { id } } }"
    for ids, n in ((["lead_a"], 1), (["lead_b"], 7), (["lead_a", "lead_b"], 50), (["nobody"], 1)):
        path, _, body = await run(gateway, client, query, ids=ids, n=n)
        assert path == DOCUMENT
        assert body == await resolved(client, query, ids=ids, n=n)


async def test_value_of_no_enum_is_told_by_the_resolvers(client: Client, gateway: Gateway) -> None:
    async with client.database.write(client.actor) as session:
        await session.connection.execute(text("UPDATE activity SET disposition = 'sneezed' WHERE type = 'call'"))
    path, _, body = await run(gateway, client, "{ activities { nodes { ... on Call { disposition } } } }")
    assert path == "rerun: null"
    assert b'"code":"INTERNAL"' in body


async def test_texts_are_written_as_python_writes_them(client: Client, gateway: Gateway) -> None:
    words = 'Zoë "Σ" \\ / \u2028 \x7f \x01 \t 𝄞 <b>&'
    async with client.database.write(client.actor) as session:
        await session.connection.execute(update(table_of(Lead)).values(description=words))
    query = "{ leads { nodes { description } } }"
    path, _, body = await run(gateway, client, query)
    assert path == DOCUMENT
    assert body == await resolved(client, query)


async def test_deep_queries_take_levels_where_the_database_gives_up(client: Client, gateway: Gateway) -> None:
    query = f"{{ contacts(first: 1) {{ nodes {{ {DEEP} }} }} }}"
    path, _, body = await run(gateway, client, query)
    assert path == (COMPILED if client.database.dialect == "sqlite" else DOCUMENT)
    assert body == await resolved(client, query)
    assert (await run(gateway, client, query))[0] == path


async def test_form_can_be_forced(client: Client, gateway: Gateway) -> None:
    query = "{ leads { nodes { id } } }"
    paths = [(await run(Gateway(gateway.engine, form), client, query))[0] for form in (Form.LEVELS, Form.DOCUMENT)]
    assert paths == [COMPILED, DOCUMENT]


async def test_documents_are_for_lists_that_come_again(client: Client, gateway: Gateway) -> None:
    """To make one takes longer than to answer once, and a point read gains nothing."""
    measured = Gateway(gateway.engine)
    for query, expected in (
        ("{ leads { nodes { id } } }", [COMPILED, COMPILED, DOCUMENT]),
        ("{ viewer { id role { name } } }", [COMPILED] * 3),
        ("query($n: Int) { leads(first: $n) { nodes { id } } }", [COMPILED, COMPILED, DOCUMENT]),
        ("query($ids: [ID!]) { leads(filter: { ids: $ids }) { nodes { id } } }", [COMPILED, COMPILED, DOCUMENT]),
    ):
        assert [(await run(measured, client, query))[0] for _ in range(3)] == expected


FILTERED = """query($filter: LeadFilterInput, $tasks: TaskFilterInput, $zone: TimeZone) { leads(filter: $filter) {
    totalCount nodes { id tasks(filter: $tasks, timeZone: $zone) { totalCount nodes { __typename id } } } } }"""
MOMENTS = ("2020-01-01T00:00:00Z", "2024-03-05T06:07:08.000009+02:00", "2199-01-01T00:00:00Z")


CHANGE = """mutation($status: ID!) {
    moved: leadChangeStatus(input: { leadId: "lead_1", status: { id: $status } }) {
        __typename lead { id status { label } contacts { nodes { name } } } activity { oldLabel newLabel }
        userErrors { code }
    }
}"""


async def test_payload_with_several_objects_is_a_document(client: Client, gateway: Gateway) -> None:
    """From the second time on; beside what the use case itself sends."""
    measured = Gateway(Engine(schema), Form.MEASURED)
    statuses = [row["id"] for row in (await client.data("{ leadStatuses { id } }"))["leadStatuses"]]
    sent = []
    for path, status in ((COMPILED, statuses[1]), (COMPILED, statuses[2]), (DOCUMENT, statuses[1])):
        told, count, body = await run(measured, client, CHANGE, status=status)
        sent.append(count)
        assert (told, b'"activity":{"oldLabel":' in body) == (path, True)
    assert sent[2] == sent[1] - 3
    path, count, body = await run(measured, client, CHANGE, status=statuses[1])
    assert (path, count) == (DOCUMENT, sent[2] - 2)
    assert orjson.loads(body)["data"]["moved"] == {
        "__typename": "LeadChangeStatusPayload",
        "lead": {"id": "lead_1", "status": {"label": "Bad Fit"}, "contacts": {"nodes": [{"name": "Ann"}]}},
        "activity": None,
        "userErrors": [],
    }


async def test_payload_with_problems_is_none(client: Client, gateway: Gateway) -> None:
    path, _, body = await run(gateway, client, CHANGE, status="stat_unknown")
    assert (path, orjson.loads(body)["data"]["moved"]["userErrors"]) == (COMPILED, [{"code": "NOT_FOUND"}])


async def test_values_of_a_filter_share_a_statement(client: Client, gateway: Gateway) -> None:
    """Each request is answered for its own values, whatever those were that the statement was made with."""
    made = []
    for moment, ids in itertools.product(MOMENTS, (["lead_none"], [f"lead_{n}" for n in range(90)])):
        variables = {"filter": {"dateCreated": {"lt": moment}}, "tasks": {"leadIds": ids, "isComplete": False}}
        path, statements, body = await run(gateway, client, FILTERED, **variables)
        assert (path, statements) == (DOCUMENT, 1)
        assert body == await resolved(client, FILTERED, **variables)
        made.append(await texts(gateway, client, FILTERED, **variables))
    assert len({each for [each] in made}) == 1


async def test_a_view_of_tasks_is_a_document_at_every_moment_and_in_every_zone(
    client: Client, gateway: Gateway
) -> None:
    made = []
    for zone, view in itertools.product(("Pacific/Kiritimati", "America/Adak", "UTC"), ("INBOX", "FUTURE", "ARCHIVE")):
        variables = {"tasks": {"view": view, "types": None}, "zone": zone}
        path, _, body = await run(gateway, client, FILTERED, **variables)
        assert path == DOCUMENT
        assert body == await resolved(client, FILTERED, **variables)
        made += await texts(gateway, client, FILTERED, **variables)
    assert len(set(made)) == 3


PADDING = [f"lead_{'x' * 40}{n}" for n in range(15)]
MOVING = """query($view: TaskView) { leads { nodes { id tasks(filter: { view: $view, types: null }) { nodes { id } } } }
    tasks(filter: { view: $view, types: null }) { nodes { id } } }"""


@pytest.mark.parametrize("form", [Form.MEASURED, Form.DOCUMENT])
async def test_long_arguments_are_those_of_the_request(client: Client, gateway: Gateway, form: Form) -> None:
    """A read that is too long to be kept is made anew, and the statement is sent with its values."""
    query = "query($ids: [ID!]) { leads(filter: { ids: $ids }) { nodes { id contacts(first: 1) { nodes { id } } } } }"
    known = (await Engine(schema).run("{ leads { nodes { id } } }", {}, None, context(client))).body
    several = Gateway(gateway.engine, form)
    for node in known["data"]["leads"]["nodes"] * 2:
        _, _, body = await run(several, client, query, ids=[node["id"], *PADDING])
        assert [found["id"] for found in orjson.loads(body)["data"]["leads"]["nodes"]] == [node["id"]]


@pytest.mark.parametrize("form", [Form.MEASURED, Form.DOCUMENT])
async def test_moments_are_those_of_the_request(client: Client, gateway: Gateway, form: Form) -> None:
    """What a view of tasks means moves on while a statement is kept."""
    several = Gateway(gateway.engine, form)
    async with client.database.write(client.actor) as session:
        for place in range(4):
            day = NOW + timedelta(days=400 * place)
            await session.insert(Task, {"id": f"task_{place}", "type": TaskType.LEAD, "date_time": day} | AUDIT)
    seen: set[bytes] = set()
    for place in (0, 0, 1, 2, 3, 0):
        moment = NOW + timedelta(days=400 * place - 30)
        for view in ("INBOX", "FUTURE"):
            bodies = [
                (await engine.run(MOVING, {"view": view}, None, context(client, moment))).encoded()
                for engine in (several, Engine(schema))
            ]
            assert bodies[0] == bodies[1]
            seen.add(bodies[0])
    assert len(seen) >= 5


async def test_a_shape_that_comes_for_the_first_time_is_answered_by_levels(client: Client, gateway: Gateway) -> None:
    measured = Gateway(gateway.engine)
    shapes: list[dict[str, Any]] = [{}, {"ids": ["lead_1"]}, {"dateCreated": {"gt": MOMENTS[0]}}]
    await run(measured, client, FILTERED, filter={"statusIds": ["stat_1"]})
    first = [await run(measured, client, FILTERED, filter=shape) for shape in shapes]
    again = [await run(measured, client, FILTERED, filter=shape) for shape in shapes]
    assert [path for path, _, _ in (*first, *again)] == [COMPILED] * 3 + [DOCUMENT] * 3
    assert [body for _, _, body in first] == [body for _, _, body in again]


async def test_forgotten_statements_leave_nothing_behind(client: Client, gateway: Gateway) -> None:
    """Each shape of arguments makes a statement on aliases of its own; those of forgotten ones go."""
    moved = {"gt": MOMENTS[0]}
    members = {"ids": ["lead_1"], "statusIds": ["stat_1"], "dateCreated": moved, "dateUpdated": moved}
    shapes = [dict(chosen) for size in range(5) for chosen in itertools.combinations(members.items(), size)]
    ranges = [{"dateCreated": dict.fromkeys(ends, MOMENTS[0])} for ends in (("lt",), ("lte", "gt"), ("gte", "lt"))]
    counts = []
    for _ in range(3):
        for shape in [*shapes, *ranges]:
            await run(gateway, client, FILTERED, filter=shape)
        gc.collect()
        counts.append(sum(isinstance(each, Alias) for each in gc.get_objects()))
    assert len(shapes) + len(ranges) > MOST_STATEMENTS
    assert counts[2] <= counts[1] + MOST_STATEMENTS


async def test_types_of_which_the_same_is_selected_are_written_once(client: Client, gateway: Gateway) -> None:
    """With the name of each row's type; a fragment on one of them keeps that one apart."""
    for select, times in (
        ("id date", 1),
        ("__typename id kind: __typename date", 1),
        ("__typename id ... on Call { duration } ... on Meeting { title }", 3),
        ("id lead { contacts { nodes { name } } } user { displayName }", 1),
    ):
        query = f"{{ activities {{ nodes {{ {select} }} }} }}"
        path, _, body = await run(gateway, client, query)
        assert (path, body) == (DOCUMENT, await resolved(client, query))
        [sql] = await texts(gateway, client, query)
        assert sql.count('"id":' if client.database.dialect == "postgresql" else "'id'") == times


@pytest.mark.parametrize(
    ("select", "is_numbered"),
    [
        ("nodes { id }", False),
        ("edges { cursor node { id } } totalCount", False),
        ("nodes { id } edges { cursor }", True),
        ("nodes { id } pageInfo { hasNextPage }", True),
    ],
)
@pytest.mark.parametrize("size", ["first: 2", "last: 2", "first: 100"])
async def test_rows_are_numbered_where_more_than_one_part_needs_them(
    client: Client, gateway: Gateway, select: str, is_numbered: bool, size: str
) -> None:
    query = f"{{ contacts({size}) {{ {select} }} leads {{ nodes {{ contacts({size}) {{ {select} }} }} }} }}"
    path, _, body = await run(gateway, client, query)
    assert (path, body) == (DOCUMENT, await resolved(client, query))
    [sql] = await texts(gateway, client, query)
    assert ("row_number" in sql) is (is_numbered and client.database.dialect == "postgresql")
