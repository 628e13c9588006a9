"""Two organizations never see each other, even where their ids are the same."""

from typing import Any

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType, get_named_type

from app.graphql.schema import schema
from app.services import organizations
from app.storage.leads import Lead
from app.storage.reads import table_of
from tests.client import Client
from tests.graphql.scenery import build


def roots() -> dict[str, Any]:
    query = schema._schema.query_type
    assert query is not None
    return dict(query.fields)


@pytest.fixture
async def stranger(client: Client) -> Client:
    """A caller in an organization of its own; the first one holds one of everything."""
    await build(client.database, client.organization_id)
    return await Client.of(client.database, await organizations.create(client.database, "Other"))


IDS = [
    "lead_1", "cont_1", "oppo_1", "stat_1", "stat_o1", "user_1", "task_lead", "task_voicemail", "acti_call",
    "acti_email_thread", "acti_custom", "cf_text", "actitype_1",
]  # fmt: skip


async def test_ids_of_others_read_as_absent(client: Client, stranger: Client) -> None:
    """L22: by node, by nodes, and by each field that takes an id."""
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    mine = (await client.data(query, {"ids": IDS}))["nodes"]
    assert [node["id"] for node in mine] == IDS
    assert (await stranger.data(query, {"ids": IDS}))["nodes"] == [None] * len(IDS)
    for name, field in roots().items():
        if "id" in field.args:
            more, select = (", query: { matchAll: true }", "matched") if name == "explainMatch" else ("", "id")
            for id in IDS:
                query = f"query($id: ID!) {{ found: {name}(id: $id{more}) {{ {select} }} }}"
                assert await stranger.data(query, {"id": id}) == {"found": None}, name


WITHOUT_IDS = {"customFieldSchema", "searchFields", "parseSearchQuery"}


async def test_lists_hold_nothing_of_others(client: Client, stranger: Client) -> None:
    """Every root list and connection, with every kind and mode that would show more."""
    arguments = {
        "tasks": "(filter: { types: null })",
        "activities": "(threadEmails: THREADS_AND_MESSAGES)",
        "search": "(query: { matchAll: true })",
    }
    for name, field in roots().items():
        type_ = get_named_type(field.type)
        if "id" in field.args or name in {"node", "nodes", *WITHOUT_IDS}:
            continue
        if isinstance(type_, GraphQLObjectType) and "nodes" in type_.fields:
            count = "count { total }" if name == "search" else "totalCount"
            query = f"{{ found: {name}{arguments.get(name, '')} {{ {count} nodes {{ ... on Node {{ id }} }} }} }}"
            found = (await stranger.data(query))["found"]
            ids = [node["id"] for node in found["nodes"]]
            assert found.get("totalCount", found.get("count", {}).get("total")) == len(ids)
        else:
            assert isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
            data = (await stranger.data(f"{{ found: {name} {{ id }} }}"))["found"]
            ids = [node["id"] for node in (data if isinstance(data, list) else [data])]
        seen = await client.data("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ids})
        assert seen["nodes"] == [None] * len(ids), name


async def test_search_fields_are_ones_own(client: Client, stranger: Client) -> None:
    query = "{ searchFields { customField { id } } }"
    fields = [info["customField"] for info in (await client.data(query))["searchFields"]]
    assert sum(field is not None for field in fields) == 11
    assert [info["customField"] for info in (await stranger.data(query))["searchFields"] if info["customField"]] == []


NAMES_NOTHING = {"customActivityTypeCreate", "leadCreate", "leadStatusCreate", "pipelineCreate"}


async def test_mutations_do_not_find_others(client: Client, stranger: Client) -> None:
    [pipeline] = [p["id"] for p in (await client.data("{ pipelines { id } }"))["pipelines"]]
    cases: list[tuple[str, dict[str, Any]]] = [
        ("leadUpdate", {"id": "lead_1", "patch": {"name": "Stolen"}}),
        ("leadDelete", {"id": "lead_1"}),
        ("leadChangeStatus", {"leadId": "lead_1", "status": {"label": "Customer"}}),
        ("contactCreate", {"leadId": "lead_1", "name": "Eve"}),
        ("contactUpdate", {"id": "cont_1", "patch": {"name": "Eve"}}),
        ("contactDelete", {"id": "cont_1"}),
        ("opportunityCreate", {"leadId": "lead_1"}),
        ("opportunityUpdate", {"id": "oppo_1", "patch": {"note": "Eve"}}),
        ("opportunityDelete", {"id": "oppo_1"}),
        ("taskCreate", {"leadId": "lead_1", "text": "Eve"}),
        ("taskUpdate", {"id": "task_lead", "patch": {"text": "Eve"}}),
        ("taskComplete", {"id": "task_lead"}),
        ("taskDelete", {"id": "task_lead"}),
        ("noteCreate", {"leadId": "lead_1", "text": "Eve"}),
        ("noteUpdate", {"id": "acti_note", "patch": {"text": "Eve"}}),
        ("activityDelete", {"id": "acti_note"}),
        ("leadStatusUpdate", {"id": "stat_1", "patch": {"label": "Eve"}}),
        ("leadStatusDelete", {"id": "stat_1"}),
        ("opportunityStatusUpdate", {"id": "stat_o1", "patch": {"label": "Eve"}}),
        ("opportunityStatusCreate", {"pipelineId": pipeline, "label": "Eve", "type": "ACTIVE"}),
        ("opportunityStatusDelete", {"id": "stat_o1"}),
        ("opportunityChangeStatus", {"opportunityId": "oppo_1", "status": {"label": "Won"}}),
        ("pipelineUpdate", {"id": pipeline, "patch": {"name": "Eve"}}),
        ("pipelineDelete", {"id": pipeline}),
        ("pipelineReorder", {"ids": [pipeline]}),
        ("leadStatusReorder", {"ids": ["stat_1"]}),
        ("taskReopen", {"id": "task_lead"}),
        ("customActivityCreate", {"leadId": "lead_1", "customTypeId": "actitype_1"}),
        ("customActivityUpdate", {"id": "acti_custom", "patch": {"contactId": None}}),
        ("customActivityTypeUpdate", {"id": "actitype_1", "patch": {"name": "Eve"}}),
        ("customActivityTypeDelete", {"id": "actitype_1"}),
        (
            "customFieldCreate",
            {"scope": {"customActivityTypeId": "actitype_1"}, "name": "Eve", "dataType": "TEXT"},
        ),
        ("customFieldUpdate", {"id": "cf_text", "patch": {"name": "Eve"}}),
        ("customFieldDelete", {"id": "cf_text"}),
        ("customFieldAssociationCreate", {"fieldId": "cf_text", "association": {"target": {"object": "CONTACT"}}}),
        ("customFieldAssociationUpdate", {"fieldId": "cf_text", "target": {"object": "LEAD"}, "patch": {}}),
        ("customFieldAssociationDelete", {"fieldId": "cf_text", "target": {"object": "LEAD"}}),
        ("customFieldSchemaReorder", {"target": {"object": "LEAD"}, "fieldIds": ["cf_text"]}),
        ("customFieldValueSet", {"ownerId": "lead_1", "fieldId": "cf_text", "value": {"text": "Eve"}}),
        ("customFieldValueUnset", {"ownerId": "lead_1", "fieldId": "cf_text"}),
        ("customFieldValueAdd", {"ownerId": "lead_1", "fieldId": "cf_choices", "item": {"choice": "green"}}),
        ("customFieldValueRemove", {"ownerId": "lead_1", "fieldId": "cf_choices", "item": {"choice": "red"}}),
    ]
    root = schema._schema.mutation_type
    assert root is not None
    assert set(root.fields) - {name for name, _ in cases} == NAMES_NOTHING
    before = await snapshot(client)
    for name, input in cases:
        payload = await stranger.mutate(name, input)
        assert [error["code"] for error in payload["userErrors"]] == ["NOT_FOUND"], name
    lead = (await stranger.mutate("leadCreate", {"name": "Own"}, "lead { id }"))["lead"]["id"]
    for name, input in [
        ("opportunityCreate", {"leadId": lead, "contactId": "cont_1"}),
        ("opportunityCreate", {"leadId": lead, "status": {"id": "stat_o1"}}),
        ("taskCreate", {"leadId": lead, "text": "A", "assignedToId": "user_1"}),
        ("leadUpdate", {"id": lead, "patch": {"status": {"id": "stat_1"}}}),
    ]:
        payload = await stranger.mutate(name, input)
        assert len(payload["userErrors"]) == 1, name
    assert await snapshot(client) == before


async def snapshot(client: Client) -> list[dict[str, Any]]:
    """Every row of the organization, from every table."""
    rows: list[dict[str, Any]] = []
    async with client.database.read(client.actor) as session:
        for model in _models():
            rows += [dict(row) for row in await session.find(model)]
    return rows


def _models() -> list[Any]:
    names = set(table_of(Lead).metadata.tables) - {"organization", "api_key", "secret"}
    registry: Any = Lead._sa_registry
    return sorted(
        (mapper.class_ for mapper in registry.mappers if mapper.local_table.name in names),
        key=lambda m: str(m.__name__),
    )


async def test_equal_ids_stay_apart(client: Client, stranger: Client) -> None:
    """The same ids in both: each sees its own, on every level of the graph."""
    await build(stranger.database, stranger.organization_id)
    await stranger.mutate("leadUpdate", {"id": "lead_1", "patch": {"name": "Theirs", "description": "secret"}})
    await stranger.mutate("contactUpdate", {"id": "cont_1", "patch": {"name": "Their Ann"}})
    await stranger.mutate("taskDelete", {"id": "task_lead"})
    await stranger.mutate("noteUpdate", {"id": "acti_note", "patch": {"text": "Their note"}})
    query = """{ leads { totalCount nodes { name description
        contacts { totalCount nodes { displayName emails { email } lead { name } activities { totalCount } } }
        tasks(filter: { types: null }) { totalCount }
        opportunities { totalCount totalValues { amount currency } nodes { lead { name } status { label } } }
        activities(filter: { types: [NOTE] }) { totalCount nodes { lead { name } ... on Note { text } } }
        customFields { display } } } leadStatuses { label leadCount } }"""
    mine, theirs = await client.data(query), await stranger.data(query)
    [lead] = mine["leads"]["nodes"]
    [other] = theirs["leads"]["nodes"]
    assert (lead["name"], other["name"]) == ("Acme", "Theirs")
    assert (lead["description"], other["description"]) == (None, "secret")
    assert (lead["tasks"], other["tasks"]) == ({"totalCount": 7}, {"totalCount": 6})
    assert lead["contacts"]["nodes"][0] | {"activities": None} == {
        "displayName": "Ann",
        "emails": [{"email": "ann@example.com"}],
        "lead": {"name": "Acme"},
        "activities": None,
    }
    assert other["contacts"]["nodes"][0]["displayName"] == "Their Ann"
    assert lead["activities"] == {"totalCount": 1, "nodes": [{"lead": {"name": "Acme"}, "text": "Likes blue"}]}
    assert other["activities"] == {"totalCount": 1, "nodes": [{"lead": {"name": "Theirs"}, "text": "Their note"}]}
    assert lead["opportunities"] == {
        "totalCount": 1,
        "totalValues": [{"amount": "1234.56", "currency": "EUR"}],
        "nodes": [{"lead": {"name": "Acme"}, "status": {"label": "Open"}}],
    }
    assert {"label": "Fresh", "leadCount": 1} in mine["leadStatuses"]
    assert [value["display"] for value in lead["customFields"]][:2] == ['{"a":[1,null]}', "Ann"]
    assert [value["display"] for value in other["customFields"]][:2] == ['{"a":[1,null]}', "Their Ann"]
