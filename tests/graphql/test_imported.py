"""The graph over a real export: what it answers equals what the file says, in a fixed number of statements."""

import io
import lzma
from collections import Counter, defaultdict
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
import pytest

from app.services import organizations
from app.services.close_format import Counts, ImportSummary, export_leads, import_custom_fields, import_file
from tests.client import Client

DATA = Path(__file__).parents[1] / "data"


@lru_cache(maxsize=1)
def packed() -> bytes:
    return lzma.decompress((DATA / "maven-close-export.json.xz").read_bytes())


@lru_cache(maxsize=1)
def leads() -> list[dict[str, Any]]:
    """The file in plain Python."""
    found: list[dict[str, Any]] = orjson.loads(packed())
    return found


def deals() -> list[dict[str, Any]]:
    return [deal for lead in leads() for deal in lead["opportunities"]]


@pytest.fixture
async def maven(client: Client) -> Client:
    summary = await import_file(client.database, client.organization_id, io.BytesIO(packed()))
    assert (summary.read, summary.created, summary.rejected) == (86, 86, 0)
    return client


async def pages(client: Client, query: str, path: list[str], **variables: Any) -> list[dict[str, Any]]:
    """All nodes of a connection, page by page."""
    nodes: list[dict[str, Any]] = []
    after, more = None, True
    while more:
        page: Any = await client.data(query, variables | {"after": after})
        for step in path:
            page = page[step]
        nodes += page["nodes"]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    return nodes


async def test_sums_equal_the_file(maven: Client) -> None:
    """Opportunities per status, won values per lead and status changes per month, computed both ways."""
    statuses = (await maven.data("{ opportunityStatuses { label opportunities { totalCount } } }"))[
        "opportunityStatuses"
    ]
    counted = {s["label"]: s["opportunities"]["totalCount"] for s in statuses if s["opportunities"]["totalCount"]}
    assert counted == Counter(deal["status_label"] for deal in deals())

    won: dict[str, Decimal] = {}
    query = """query($after: String) { leads(first: 100, after: $after) { pageInfo { hasNextPage endCursor }
        nodes { id opportunities(filter: { statusTypes: [WON] }) { totalValues { amount currency } } } } }"""
    for lead in await pages(maven, query, ["leads"]):
        for total in lead["opportunities"]["totalValues"]:
            won[lead["id"]] = Decimal(total["amount"])
            assert total["currency"] == "USD"
    expected: dict[str, Decimal] = defaultdict(Decimal)
    for deal in deals():
        if deal["status_type"] == "won" and deal["value"] is not None:
            expected[deal["lead_id"]] += Decimal(deal["value"]) / 100
    assert won == expected

    query = """query($after: String) { activities(first: 100, after: $after,
        filter: { types: [OPPORTUNITY_STATUS_CHANGE] }) { pageInfo { hasNextPage endCursor } nodes { date } } }"""
    changes = await pages(maven, query, ["activities"])
    assert Counter(change["date"][:7] for change in changes) == Counter(
        activity["date_created"][:7] for lead in leads() for activity in lead["activities"]
    )


async def test_long_list_is_paged_once(maven: Client) -> None:
    """The lead with 1,425 opportunities pages through them all, each once, in order."""
    longest = max(leads(), key=lambda lead: len(lead["opportunities"]))
    query = """query($after: String, $id: ID!) { lead(id: $id) { opportunities(first: 100, after: $after) {
        totalCount pageInfo { hasNextPage endCursor } nodes { id dateCreated } } } }"""
    nodes = await pages(maven, query, ["lead", "opportunities"], id=longest["id"])
    ids = [node["id"] for node in nodes]
    assert len(ids) == len(set(ids)) == 1425
    assert set(ids) == {deal["id"] for deal in longest["opportunities"]}
    assert [node["dateCreated"] for node in nodes] == sorted((node["dateCreated"] for node in nodes), reverse=True)


SCREEN = """query($first: Int!) { leads(first: $first) { nodes {
    id displayName status { label }
    contacts { nodes { displayName emails { email } phones { phone } } }
    tasks { nodes { date { date } assignedTo { displayName } ... on LeadTask { text } } }
    opportunities { nodes { status { label } value { amount currency } } }
    activities(first: 5) { nodes { __typename date } } } } }"""


async def test_screen_takes_a_fixed_number_of_statements(maven: Client) -> None:
    """50 leads with all that one screen shows: as many statements as one lead takes."""
    first = leads()[0]["id"]
    contact = {"name": "Ann", "emails": [{"email": "ann@example.com"}], "phones": [{"phone": "+16505550100"}]}
    await maven.mutate("contactCreate", {"leadId": first} | contact)
    await maven.mutate("taskCreate", {"leadId": first, "text": "Call"})
    nodes: list[dict[str, Any]] = []
    for size in (1, 50, 86):
        nodes = (await maven.data(SCREEN, {"first": size}))["leads"]["nodes"]
        assert len(nodes) == size
        busy = any(node["contacts"]["nodes"] for node in nodes)
        assert maven.statements == (10 if busy else 7)
    by_id = {lead["id"]: lead for lead in leads()}
    for node in nodes:
        source = by_id[node["id"]]
        assert (node["displayName"], node["status"]["label"]) == (source["display_name"], source["status_label"])
        assert len(node["opportunities"]["nodes"]) == min(25, len(source["opportunities"]))
        assert len(node["activities"]["nodes"]) == min(5, len(source["activities"]))


async def test_fetched_lead_equals_the_file(client: Client) -> None:
    """L3: basics, contacts, tasks, opportunities and custom fields of one real lead."""
    await import_file(client.database, client.organization_id, DATA / "hull-list-leads.json")
    source = orjson.loads((DATA / "hull-list-leads.json").read_bytes())["data"][0]
    data = await client.data("""{ leads { nodes { id name description url dateCreated status { id label }
        addresses { city country zipcode address1 state }
        contacts { nodes { id name title emails { email } phones { phone } } }
        tasks { nodes { id isComplete date { date dateTime } assignedTo { displayName } ... on LeadTask { text } } }
        opportunities { nodes { id confidence note valuePeriod value { amount currency } dateWon contact { id }
            user { displayName } status { label } } }
        customFields { display field { id name } } } } }""")
    [lead] = data["leads"]["nodes"]
    assert (lead["id"], lead["name"], lead["url"]) == (source["id"], source["name"], source["url"])
    assert lead["description"] == source["description"]
    assert lead["dateCreated"] == source["date_created"]
    assert lead["status"] == {"id": source["status_id"], "label": source["status_label"]}
    assert lead["addresses"] == [
        {"city": "Berlin", "country": "DE", "zipcode": "10119", "address1": "Rheinthaler Straße 33", "state": None}
    ]
    assert sorted(contact["id"] for contact in lead["contacts"]["nodes"]) == sorted(c["id"] for c in source["contacts"])
    [task] = lead["tasks"]["nodes"]
    assert task == {
        "id": source["tasks"][0]["id"],
        "isComplete": True,
        "date": {"date": "2018-01-09", "dateTime": None},
        "assignedTo": {"displayName": "Laurent Griezman"},
        "text": "Follow up",
    }
    [deal] = lead["opportunities"]["nodes"]
    assert deal == {
        "id": source["opportunities"][0]["id"],
        "confidence": 100,
        "note": "Mauvaise gestion des vacances",
        "valuePeriod": "MONTHLY",
        "value": {"amount": "89.00", "currency": "EUR"},
        "dateWon": "2018-06-12",
        "contact": {"id": source["opportunities"][0]["contact_id"]},
        "user": {"displayName": "Laurent Griezman"},
        "status": {"label": "Activation"},
    }
    shown = {value["field"]["id"]: value["display"] for value in lead["customFields"]}
    flat = {key.removeprefix("custom."): str(value) for key, value in source.items() if key.startswith("custom.")}
    assert shown == flat
    names = {value["field"]["id"]: value["field"]["name"] for value in lead["customFields"]}
    assert names["lcf_CpqzI0t50mc3P052ZlAy9YAx2iC2ofOPDUNUHPHCcrG"] == "FTEs"


async def test_listed_fields_and_their_values_equal_the_files(client: Client) -> None:
    """CF9: all fields of a real account in their order, and what a real lead holds in them, with the types listed."""
    summary = await import_custom_fields(client.database, client.organization_id, DATA / "hull-list-leadfields.json")
    assert (summary.counts, summary.is_whole) == (Counts(created=34), True)
    leads = await import_file(client.database, client.organization_id, DATA / "hull-list-leads.json")
    assert (leads.created, leads.rejected, leads.warnings, leads.made.custom_fields) == (1, 0, {}, ())
    fields = orjson.loads((DATA / "hull-list-leadfields.json").read_bytes())["data"]
    data = await client.data("""{ customFieldSchema(target: { object: LEAD }) { entries { position isShared isRequired
        editableWithRoles { id } field { id name description dataType scope choices acceptsMultipleValues dateCreated
        dateUpdated version createdBy { id } updatedBy { id } editableWithRoles { id } } } }
        leads { nodes { customFields { __typename field { id }
            ... on CustomFieldTextValue { text } ... on CustomFieldNumberValue { number }
            ... on CustomFieldChoicesValue { choices } } } } }""")
    assert data["customFieldSchema"]["entries"] == [
        {"position": i, "isShared": False, "isRequired": False, "editableWithRoles": [], "field": _listed(field)}
        for i, field in enumerate(fields)
    ]
    assert {field["type"] for field in fields} == {"choices", "date", "number", "text", "user"}
    [source] = orjson.loads((DATA / "hull-list-leads.json").read_bytes())["data"]
    held = [(field, source[f"custom.{field['id']}"]) for field in fields if f"custom.{field['id']}" in source]
    assert len(held) == 14
    [lead] = data["leads"]["nodes"]
    assert lead["customFields"] == [_held(field, value) for field, value in held]


def _listed(field: dict[str, Any]) -> dict[str, Any]:
    """A field as the graph shows it."""
    return {
        "id": field["id"],
        "name": field["name"],
        "description": None,
        "dataType": field["type"].upper(),
        "scope": "LEAD",
        "choices": field.get("choices"),
        "acceptsMultipleValues": False,
        "dateCreated": field["date_created"],
        "dateUpdated": field["date_updated"],
        "version": 1,
        "createdBy": {"id": field["created_by"]},
        "updatedBy": {"id": field["updated_by"]},
        "editableWithRoles": [],
    }


def _held(field: dict[str, Any], value: Any) -> dict[str, Any]:
    """The value of a field as the graph shows it."""
    members: dict[str, tuple[str, dict[str, Any]]] = {
        "choices": ("CustomFieldChoicesValue", {"choices": [value]}),
        "number": ("CustomFieldNumberValue", {"number": str(value)}),
        "text": ("CustomFieldTextValue", {"text": value}),
    }
    name, member = members[field["type"]]
    return {"__typename": name, "field": {"id": field["id"]}, **member}


async def exported(client: Client) -> bytes:
    target = io.BytesIO()
    await export_leads(client.database, client.organization_id, target)
    return target.getvalue()


async def again(client: Client, source: bytes) -> ImportSummary:
    return await import_file(client.database, client.organization_id, io.BytesIO(source))


async def test_second_import_changes_nothing(maven: Client) -> None:
    before = await exported(maven)
    summary = await again(maven, packed())
    assert (summary.read, summary.unchanged, summary.updated, summary.created) == (86, 86, 0, 0)
    assert await exported(maven) == before


FILES = ["maven", "hull-list-leads.json", "hull-lead-post.json", "thermondo-lead.json"]


@pytest.mark.parametrize("name", FILES)
async def test_export_comes_back_as_the_same_bytes(client: Client, name: str) -> None:
    """Importing an export into an empty organization and exporting again."""
    source = packed() if name == "maven" else (DATA / name).read_bytes()
    if name in FILES[2:]:
        source = b"[" + source + b"]"
    assert (await again(client, source)).rejected == 0
    first = await exported(client)
    other = await Client.of(client.database, await organizations.create(client.database, "Other"))
    assert (await again(other, first)).rejected == 0
    assert await exported(other) == first


async def test_import_records_nothing_itself(maven: Client) -> None:
    data = await maven.data("""{ created: activities(filter: { types: [CREATED] }) { totalCount }
        changes: activities(filter: { types: [LEAD_STATUS_CHANGE] }) { totalCount }
        leads(first: 1) { nodes { version createdBy { id } } } }""")
    assert data == {
        "created": {"totalCount": 0},
        "changes": {"totalCount": 0},
        "leads": {"nodes": [{"version": 1, "createdBy": None}]},
    }
