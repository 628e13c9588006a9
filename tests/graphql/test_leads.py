"""Leads: creating, changing, listing and deleting them (rules L1-L4, L11-L18, L22-L24, L27)."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.graphql.schema import schema
from app.storage.activities import Activity
from app.storage.contacts import Contact, ContactEmail
from app.storage.leads import Lead, LeadAddress, LeadStatus
from app.storage.opportunities import Opportunity
from app.storage.tasks import Task
from tests.client import Client

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

EVERYTHING = """
    id name displayName description url source version dateCreated dateUpdated
    createdBy { id } updatedBy { id }
    status { id label }
    addresses { label address1 address2 city state zipcode country }
    contacts { nodes { id name title emails { type email } phones { type phone phoneFormatted } urls { type url } } }
"""

BLUTH: dict[str, Any] = {
    "name": "Bluth Company",
    "description": "Best. Show. Ever.",
    "url": "https://bluth.example/",
    "status": {"label": "Qualified"},
    "addresses": [
        {
            "label": "business",
            "address1": "747 Howard St",
            "address2": "Room 3",
            "city": "San Francisco",
            "state": "CA",
            "zipcode": "94103",
            "country": "us",
        }
    ],
    "contacts": [
        {
            "name": "Gob",
            "title": "Sr. Vice President",
            "emails": [{"type": "office", "email": "gob@example.com"}],
            "phones": [{"type": "mobile", "phone": "+1 (650) 555-0100"}],
            "urls": [{"type": "blog", "url": "https://gob.example/"}],
        },
        {"name": "Buster", "emails": [{"email": "buster@example.com"}]},
    ],
}


async def made(client: Client, **input: Any) -> dict[str, Any]:
    payload = await client.mutate("leadCreate", {"name": "Acme"} | input, f"lead {{ {EVERYTHING} }}")
    assert payload["userErrors"] == []
    lead: dict[str, Any] = payload["lead"]
    return lead


async def test_lead_has_one_type_only() -> None:
    """L2: companies are leads; there is no account."""
    names = schema._schema.type_map
    assert "Lead" in names
    assert not [name for name in names if name.startswith("Account")]


async def test_lead_create_writes_everything_nested(client: Client) -> None:
    """L12, L13: contacts and addresses come with the lead, in one transaction."""
    client.now = NOON
    lead = await made(client, **BLUTH)
    assert lead["id"].startswith("lead_")
    contacts = lead["contacts"]["nodes"]
    assert all(contact.pop("id").startswith("cont_") for contact in contacts)
    assert lead == {
        "id": lead["id"],
        "name": "Bluth Company",
        "displayName": "Bluth Company",
        "description": "Best. Show. Ever.",
        "url": "https://bluth.example/",
        "source": "api",
        "version": 1,
        "dateCreated": "2026-03-01T12:00:00+00:00",
        "dateUpdated": "2026-03-01T12:00:00+00:00",
        "createdBy": {"id": client.actor.user_id},
        "updatedBy": {"id": client.actor.user_id},
        "status": {"id": lead["status"]["id"], "label": "Qualified"},
        "addresses": [BLUTH["addresses"][0] | {"country": "US"}],
        "contacts": {
            "nodes": [
                {
                    "name": "Gob",
                    "title": "Sr. Vice President",
                    "emails": [{"type": "office", "email": "gob@example.com"}],
                    "phones": [{"type": "mobile", "phone": "+16505550100", "phoneFormatted": "+1 650-555-0100"}],
                    "urls": [{"type": "blog", "url": "https://gob.example/"}],
                },
                {
                    "name": "Buster",
                    "title": None,
                    "emails": [{"type": "office", "email": "buster@example.com"}],
                    "phones": [],
                    "urls": [],
                },
            ]
        },
    }


async def test_lead_create_records_created_activity(client: Client) -> None:
    lead = await made(client)
    data = await client.data(
        """query($id: ID!) { lead(id: $id) { activities { nodes {
            __typename type user { id } ... on Created { origin } } } } }""",
        {"id": lead["id"]},
    )
    assert data["lead"]["activities"]["nodes"] == [
        {"__typename": "Created", "type": "CREATED", "user": {"id": client.actor.user_id}, "origin": "api"}
    ]


async def test_bad_nested_contact_writes_nothing(client: Client) -> None:
    """L13: a problem in the third contact leaves no lead, no contact, no address."""
    contacts = [{"name": "A"}, {"name": "B"}, {"name": "C", "emails": [{"email": "nonsense"}]}]
    payload = await client.mutate("leadCreate", BLUTH | {"contacts": contacts}, "lead { id }")
    assert payload["lead"] is None
    [error] = payload["userErrors"]
    assert (error["__typename"], error["code"]) == ("ValidationError", "INVALID")
    assert error["path"] == ["contacts", "2", "emails", "0", "email"]
    async with client.database.read(client.actor) as session:
        for model in (Lead, LeadAddress, Contact, ContactEmail, Activity):
            assert await session.count(model) == 0


async def test_all_problems_come_together(client: Client) -> None:
    input = {
        "name": "x" * 1_001,
        "addresses": [{"country": "USA"}],
        "contacts": [{"phones": [{"phone": "650-333-4444"}]}],
    }
    payload = await client.mutate("leadCreate", input, "lead { id }")
    assert [(e["code"], e["path"]) for e in payload["userErrors"]] == [
        ("TOO_LONG", ["name"]),
        ("INVALID", ["addresses", "0", "country"]),
        ("INVALID", ["contacts", "0", "phones", "0", "phone"]),
    ]


async def test_lead_needs_name_or_contact(client: Client) -> None:
    payload = await client.mutate("leadCreate", {"name": "  "}, "lead { id }")
    assert [(e["code"], e["path"]) for e in payload["userErrors"]] == [("REQUIRED", ["name"])]
    lead = await made(client, name=None, contacts=[{"name": "Gob"}])
    assert (lead["name"], lead["displayName"]) == (None, "Gob")


@pytest.mark.parametrize("child", ["tasks", "opportunities", "activities"])
async def test_other_children_cannot_be_nested(client: Client, child: str) -> None:
    """L14: tasks, opportunities and activities are posted separately."""
    body = await client.run(f'mutation {{ leadCreate(input: {{ name: "A", {child}: [] }}) {{ lead {{ id }} }} }}')
    [error] = body["errors"]
    assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert child in error["message"]


@pytest.mark.parametrize(
    "status", ['{ id: "stat_a", label: "Potential" }', "{ }", "{ id: null }", '{ id: "stat_a", label: null }']
)
async def test_status_is_named_one_way(client: Client, status: str) -> None:
    """L15: an id or a label, never both, never neither."""
    query = f'mutation {{ leadCreate(input: {{ name: "A", status: {status} }}) {{ lead {{ id }} }} }}'
    body = await client.run(query)
    assert {error["extensions"]["code"] for error in body["errors"]} <= {
        "GRAPHQL_VALIDATION_FAILED",
        "BAD_USER_INPUT",
    }
    assert "data" not in body


async def test_status_variable_fault_has_path(client: Client) -> None:
    input = {"name": "A", "status": {"id": "stat_a", "label": "Potential"}}
    body = await client.run("mutation($i: LeadCreateInput!) { leadCreate(input: $i) { lead { id } } }", {"i": input})
    [error] = body["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert ".status" in error["message"]


async def test_default_status_is_first(client: Client) -> None:
    """L16: without a status a lead gets the first one, whichever that is now."""
    assert (await made(client))["status"]["label"] == "Potential"
    statuses = (await client.data("{ leadStatuses { id label } }"))["leadStatuses"]
    ids = [status["id"] for status in reversed(statuses)]
    await client.mutate("leadStatusReorder", {"ids": ids})
    assert (await made(client))["status"]["label"] == "Customer"


async def test_status_id_survives_renaming(client: Client) -> None:
    """L17: an id still works after a rename; the old label does not."""
    [first, *_] = (await client.data("{ leadStatuses { id label } }"))["leadStatuses"]
    await client.mutate("leadStatusUpdate", {"id": first["id"], "patch": {"label": "New"}})
    assert (await made(client, status={"id": first["id"]}))["status"]["label"] == "New"
    payload = await client.mutate("leadCreate", {"name": "A", "status": {"label": "Potential"}})
    assert [(e["code"], e["path"]) for e in payload["userErrors"]] == [("INVALID", ["status", "label"])]


async def test_unknown_status_label_is_refused(client: Client) -> None:
    """L18: a label has to exist; none is made."""
    payload = await client.mutate("leadCreate", {"name": "A", "status": {"label": "Nope"}}, "lead { id }")
    [error] = payload["userErrors"]
    assert error["acceptedValues"] == ["Potential", "Bad Fit", "Qualified", "Customer"]
    assert len((await client.data("{ leadStatuses { id } }"))["leadStatuses"]) == 4


async def test_unknown_status_id_is_not_found(client: Client) -> None:
    payload = await client.mutate("leadCreate", {"name": "A", "status": {"id": "stat_x"}}, "lead { id }")
    [error] = payload["userErrors"]
    assert (error["code"], error["path"], error["missingId"]) == ("NOT_FOUND", ["status", "id"], "stat_x")


@pytest.mark.parametrize("id", ["lead_unknown", "cont_unknown", "nonsense", ""])
async def test_unknown_lead_reads_as_null(client: Client, id: str) -> None:
    """L22: no error, no oracle."""
    query = "query($id: ID!) { lead(id: $id) { id } node(id: $id) { id } nodes(ids: [$id]) { id } }"
    assert await client.run(query, {"id": id}) == {"data": {"lead": None, "node": None, "nodes": [None]}}


async def test_patch_keeps_what_is_omitted(client: Client) -> None:
    """L23: only the given members change."""
    client.now = NOON
    before = await made(client, **BLUTH)
    client.now = NOON + timedelta(hours=1)
    payload = await client.mutate(
        "leadUpdate", {"id": before["id"], "patch": {"description": "Canceled."}}, f"lead {{ {EVERYTHING} }}"
    )
    assert payload["lead"] == before | {
        "description": "Canceled.",
        "dateUpdated": "2026-03-01T13:00:00+00:00",
        "version": 2,
    }


async def test_null_clears_and_lists_are_replaced(client: Client) -> None:
    lead = await made(client, **BLUTH)
    patch = {"description": None, "url": None, "addresses": [{"city": "Berlin", "country": "DE"}]}
    payload = await client.mutate("leadUpdate", {"id": lead["id"], "patch": patch}, f"lead {{ {EVERYTHING} }}")
    assert (payload["lead"]["description"], payload["lead"]["url"], payload["lead"]["version"]) == (None, None, 2)
    assert payload["lead"]["addresses"] == [
        {"label": None, "address1": None, "address2": None, "city": "Berlin", "state": None, "zipcode": None,
         "country": "DE"}
    ]  # fmt: skip


async def test_empty_texts_are_stored_as_null(client: Client) -> None:
    """F33: an empty string is not set."""
    lead = await made(client, description="", url=None, addresses=[{"city": " ", "country": ""}])
    assert lead["description"] is None
    assert (lead["addresses"][0]["city"], lead["addresses"][0]["country"]) == (None, None)


@pytest.mark.parametrize(
    ("patch", "path"), [({"name": None}, "name"), ({"name": " "}, "name"), ({"status": None}, "status")]
)
async def test_required_member_cannot_be_cleared(client: Client, patch: dict[str, Any], path: str) -> None:
    lead = await made(client)
    payload = await client.mutate("leadUpdate", {"id": lead["id"], "patch": patch}, "lead { id }")
    assert payload["lead"] is None
    assert [error["path"] for error in payload["userErrors"]] == [["patch", path]]


async def test_equal_patch_changes_nothing(client: Client) -> None:
    client.now = NOON
    lead = await made(client, **BLUTH)
    client.now = NOON + timedelta(hours=1)
    patch = {"name": "Bluth Company", "description": "Best. Show. Ever.", "status": {"label": "Qualified"}}
    patch |= {"addresses": BLUTH["addresses"]}
    payload = await client.mutate("leadUpdate", {"id": lead["id"], "patch": patch}, f"lead {{ {EVERYTHING} }}")
    assert payload["lead"] == lead


async def test_stale_version_is_a_conflict(client: Client) -> None:
    """Two editors: one succeeds, the other learns the current version."""
    lead = await made(client)
    first = {"id": lead["id"], "patch": {"description": "one"}, "expectedVersion": 1}
    second = {"id": lead["id"], "patch": {"description": "two"}, "expectedVersion": 1}
    assert (await client.mutate("leadUpdate", first))["userErrors"] == []
    payload = await client.mutate("leadUpdate", second, "lead { id }")
    [error] = payload["userErrors"]
    assert (error["__typename"], error["code"], error["path"]) == ("ConflictError", "CONFLICT", ["expectedVersion"])
    assert (error["currentVersion"], error["conflictingId"]) == (2, lead["id"])
    data = await client.data("query($id: ID!) { lead(id: $id) { description } }", {"id": lead["id"]})
    assert data["lead"]["description"] == "one"


CHANGES = """query($id: ID!) { lead(id: $id) { status { label }
    activities(filter: { types: [LEAD_STATUS_CHANGE] }) { nodes { ... on LeadStatusChange {
        oldLabel newLabel oldLeadStatus { label } newLeadStatus { label } user { id } } } } } }"""


async def test_status_change_is_recorded_once(client: Client) -> None:
    """L24, S5: one activity for a change, none for the same status again."""
    lead = await made(client)
    change = {"leadId": lead["id"], "status": {"label": "Customer"}}
    select = "lead { status { label } version } activity { oldLabel newLabel }"
    first = await client.mutate("leadChangeStatus", change, select)
    assert first["lead"] == {"status": {"label": "Customer"}, "version": 2}
    assert first["activity"] == {"oldLabel": "Potential", "newLabel": "Customer"}
    again = await client.mutate("leadChangeStatus", change, select)
    assert again["activity"] is None
    assert again["lead"]["version"] == 2
    await client.mutate("leadUpdate", {"id": lead["id"], "patch": {"status": {"label": "customer"}}})
    data = await client.data(CHANGES, {"id": lead["id"]})
    assert data["lead"]["activities"]["nodes"] == [
        {
            "oldLabel": "Potential",
            "newLabel": "Customer",
            "oldLeadStatus": {"label": "Potential"},
            "newLeadStatus": {"label": "Customer"},
            "user": {"id": client.actor.user_id},
        }
    ]


async def test_status_change_by_patch_is_recorded(client: Client) -> None:
    lead = await made(client)
    await client.mutate("leadUpdate", {"id": lead["id"], "patch": {"status": {"label": "Bad Fit"}}})
    data = await client.data(CHANGES, {"id": lead["id"]})
    assert data["lead"]["status"] == {"label": "Bad Fit"}
    assert [node["newLabel"] for node in data["lead"]["activities"]["nodes"]] == ["Bad Fit"]


async def test_lead_delete_takes_children_along(client: Client) -> None:
    """L27: everything on the lead goes; a second time there is nothing to delete."""
    lead = await made(client, **BLUTH)
    other = await made(client)
    own = {"leadId": lead["id"]}
    await client.mutate("taskCreate", own | {"text": "Call"})
    await client.mutate("noteCreate", own | {"text": "Hm"})
    contact = lead["contacts"]["nodes"][0]["id"]
    await client.mutate("opportunityCreate", own | {"contactId": contact})
    payload = await client.mutate("leadDelete", {"id": lead["id"]}, "deletedId")
    assert payload == {"deletedId": lead["id"], "userErrors": []}
    async with client.database.read(client.actor) as session:
        assert [row["id"] for row in await session.find(Lead)] == [other["id"]]
        for model in (LeadAddress, Contact, ContactEmail, Opportunity, Task):
            assert await session.count(model) == 0
        assert {row["lead_id"] for row in await session.find(Activity)} == {other["id"]}
    again = await client.mutate("leadDelete", {"id": lead["id"]}, "deletedId")
    [error] = again["userErrors"]
    assert (error["code"], error["missingId"], error["path"]) == ("NOT_FOUND", lead["id"], ["id"])


@pytest.mark.parametrize(
    ("mutation", "input"),
    [
        ("contactCreate", {"name": "A"}),
        ("taskCreate", {"text": "A"}),
        ("noteCreate", {"text": "A"}),
        ("opportunityCreate", {}),
    ],
)
async def test_child_needs_an_existing_lead(client: Client, mutation: str, input: dict[str, Any]) -> None:
    """L1: children belong to a lead; with an unknown one nothing is written."""
    payload = await client.mutate(mutation, input | {"leadId": "lead_x"})
    [error] = payload["userErrors"]
    assert (error["code"], error["path"], error["missingId"]) == ("NOT_FOUND", ["leadId"], "lead_x")
    type_ = f"{mutation[0].upper()}{mutation[1:]}Input"
    query = f"mutation($i: {type_}!) {{ {mutation}(input: $i) {{ userErrors {{ code }} }} }}"
    body = await client.run(query, {"i": input})
    assert body["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize("size", [0, -1, 101, 2_147_483_647])
@pytest.mark.parametrize("argument", ["first", "last"])
async def test_page_size_out_of_range_is_refused(client: Client, argument: str, size: int) -> None:
    """L11: never silently clamped."""
    body = await client.run(f"{{ leads({argument}: {size}) {{ nodes {{ id }} }} }}")
    [error] = body["errors"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "inputPath": [argument]}


async def test_both_page_sizes_are_refused(client: Client) -> None:
    body = await client.run("{ leads(first: 1, last: 1) { nodes { id } } }")
    assert body["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "inputPath": ["last"]}


async def test_leads_page_forwards_and_backwards(client: Client) -> None:
    """L11: pages cover the list once, in both directions."""
    for i in range(7):
        client.now = NOON + timedelta(minutes=i // 2)
        await made(client, name=f"Lead {i}")
    query = """query($first: Int, $after: String, $last: Int, $before: String) {
        leads(first: $first, after: $after, last: $last, before: $before) {
            totalCount nodes { name } edges { cursor node { name } }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
    everything = [node["name"] for node in (await client.data("{ leads { nodes { name } } }"))["leads"]["nodes"]]
    assert everything[0] == "Lead 6"
    seen: list[str] = []
    cursor = None
    while True:
        page = (await client.data(query, {"first": 3, "after": cursor}))["leads"]
        assert page["totalCount"] == 7
        assert page["pageInfo"]["hasPreviousPage"] == (cursor is not None)
        seen += [node["name"] for node in page["nodes"]]
        cursor = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == everything
    back = (await client.data(query, {"last": 2, "before": cursor}))["leads"]
    assert [node["name"] for node in back["nodes"]] == everything[4:6]
    assert (back["pageInfo"]["hasNextPage"], back["pageInfo"]["hasPreviousPage"]) == (True, True)


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("{ field: DISPLAY_NAME, direction: ASC }", ["alpha", "Beta", "gamma", "Émile"]),
        ("{ field: DISPLAY_NAME }", ["Émile", "gamma", "Beta", "alpha"]),
        ("{ direction: ASC }", ["gamma", "Beta", "alpha", "Émile"]),
        ("{ field: DATE_UPDATED }", ["gamma", "Émile", "alpha", "Beta"]),
    ],
)
async def test_leads_are_ordered_as_asked(client: Client, order: str, names: list[str]) -> None:
    ids = {}
    for i, name in enumerate(["gamma", "Beta", "alpha", "Émile"]):
        client.now = NOON + timedelta(minutes=i)
        ids[name] = (await made(client, name=name))["id"]
    client.now = NOON + timedelta(hours=1)
    await client.mutate("leadUpdate", {"id": ids["gamma"], "patch": {"description": "x"}})
    data = await client.data(f"{{ leads(orderBy: {order}) {{ nodes {{ name }} }} }}")
    assert [node["name"] for node in data["leads"]["nodes"]] == names


async def test_leads_are_filtered(client: Client) -> None:
    ids = []
    for i, label in enumerate(["Potential", "Customer", "Customer"]):
        client.now = NOON + timedelta(days=i)
        ids.append((await made(client, name=f"Lead {i}", status={"label": label}))["id"])
    statuses = {s["label"]: s["id"] for s in (await client.data("{ leadStatuses { id label } }"))["leadStatuses"]}
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({}, ids),
        ({"ids": [ids[0], ids[2], "lead_x"]}, [ids[0], ids[2]]),
        ({"statusIds": [statuses["Customer"]]}, ids[1:]),
        ({"statusIds": [statuses["Customer"]], "ids": ids[:2]}, [ids[1]]),
        ({"dateCreated": {"gt": NOON.isoformat()}}, ids[1:]),
        ({"dateCreated": {"gte": NOON.isoformat(), "lt": (NOON + timedelta(days=1)).isoformat()}}, [ids[0]]),
        ({"dateUpdated": {"lte": "2026-03-02T13:00:00+01:00"}}, ids[:2]),
    ]
    query = """query($f: LeadFilterInput) {
        leads(filter: $f, orderBy: { direction: ASC }) { totalCount nodes { id } } }"""
    for filter, expected in cases:
        found = (await client.data(query, {"f": filter}))["leads"]
        assert [node["id"] for node in found["nodes"]] == expected
        assert found["totalCount"] == len(expected)


async def test_five_thousand_ids_are_taken(client: Client) -> None:
    lead = await made(client)
    query = "query($ids: [ID!]) { leads(filter: { ids: $ids }) { nodes { id } } }"
    ids = [f"lead_{i}" for i in range(4_999)] + [lead["id"]]
    assert (await client.data(query, {"ids": ids}))["leads"]["nodes"] == [{"id": lead["id"]}]
    body = await client.run(query, {"ids": [*ids, "lead_more"]})
    assert body["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "inputPath": ["filter", "ids"]}


async def test_empty_filter_list_is_refused(client: Client) -> None:
    body = await client.run("{ leads(filter: { statusIds: [] }) { nodes { id } } }")
    assert body["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "inputPath": ["filter", "statusIds"]}


async def test_activities_are_read_only_when_selected(client: Client) -> None:
    """L4: one statement for leads; one more for their activities, whatever their number."""
    for i in range(5):
        await made(client, name=f"Lead {i}")
    await client.data("{ leads { nodes { id name } } }")
    assert client.statements == 1
    await client.data("{ leads { nodes { id activities { nodes { id } } } } }")
    assert client.statements == 2
    await client.data("{ leads { totalCount } }")
    assert client.statements == 1


async def test_no_status_is_a_conflict(client: Client) -> None:
    """L16: without any status there is no default, and no lead is made."""
    async with client.database.write(client.actor) as session:
        await session.delete(LeadStatus)
    payload = await client.mutate("leadCreate", {"name": "A"}, "lead { id }")
    assert [(e["code"], e["path"]) for e in payload["userErrors"]] == [("CONFLICT", ["status"])]
    assert payload["lead"] is None


async def test_statements_do_not_grow_with_contacts(client: Client) -> None:
    """L13: a create with 200 contacts takes as many statements as one with 2."""
    counts = []
    for size in (2, 200):
        people = [{"name": f"P{i}", "emails": [{"email": f"p{i}@example.com"}]} for i in range(size)]
        payload = await client.mutate(
            "leadCreate", {"name": "A", "contacts": people}, "lead { contacts { totalCount } }"
        )
        assert payload["lead"] == {"contacts": {"totalCount": size}}
        counts.append(client.statements)
    assert counts[0] == counts[1] <= 12


async def test_two_editors_at_once(client: Client) -> None:
    """Of edits on the same version one succeeds, whenever they come; each other one learns the version."""
    lead = await made(client)
    edits = [{"id": lead["id"], "patch": {"description": f"{i}"}, "expectedVersion": 1} for i in range(4)]
    payloads = await asyncio.gather(*(client.mutate("leadUpdate", edit, "lead { version }") for edit in edits))
    assert sorted(p["lead"]["version"] for p in payloads if p["lead"]) == [2]
    assert [e["currentVersion"] for p in payloads for e in p["userErrors"]] == [2, 2, 2]
