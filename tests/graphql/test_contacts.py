"""Contacts: creating, changing, listing and deleting them."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.storage.activities import Activity
from app.storage.reads import table_of
from app.storage.tasks import Task
from tests.client import Client

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

EVERYTHING = """
    id name displayName title version dateCreated dateUpdated createdBy { id } updatedBy { id } lead { id }
    emails { type email } phones { type phone phoneFormatted } urls { type url }
"""
GOB: dict[str, Any] = {
    "name": "Gob",
    "title": "Sr. Vice President",
    "emails": [{"email": "gob@example.com"}, {"type": "home", "email": "magic@example.com"}],
    "phones": [{"type": "mobile", "phone": "+44 20 7946 0018"}],
    "urls": [{"url": "https://gob.example/"}],
}


@pytest.fixture
async def lead(client: Client) -> str:
    client.now = NOON
    payload = await client.mutate("leadCreate", {"name": "Bluth"}, "lead { id }")
    return str(payload["lead"]["id"])


async def made(client: Client, lead: str, **input: Any) -> dict[str, Any]:
    payload = await client.mutate("contactCreate", {"leadId": lead} | input, f"contact {{ {EVERYTHING} }}")
    assert payload["userErrors"] == []
    contact: dict[str, Any] = payload["contact"]
    return contact


async def test_contact_create_writes_all(client: Client, lead: str) -> None:
    contact = await made(client, lead, **GOB)
    assert contact["id"].startswith("cont_")
    assert contact == {
        "id": contact["id"],
        "name": "Gob",
        "displayName": "Gob",
        "title": "Sr. Vice President",
        "version": 1,
        "dateCreated": "2026-03-01T12:00:00+00:00",
        "dateUpdated": "2026-03-01T12:00:00+00:00",
        "createdBy": {"id": client.actor.user_id},
        "updatedBy": {"id": client.actor.user_id},
        "lead": {"id": lead},
        "emails": [
            {"type": "office", "email": "gob@example.com"},
            {"type": "home", "email": "magic@example.com"},
        ],
        "phones": [{"type": "mobile", "phone": "+442079460018", "phoneFormatted": "+44 20 7946 0018"}],
        "urls": [{"type": "url", "url": "https://gob.example/"}],
    }


@pytest.mark.parametrize(
    ("input", "shown"),
    [
        ({}, "Unnamed contact"),
        ({"phones": [{"phone": "+16505550100"}]}, "+16505550100"),
        ({"phones": [{"phone": "+16505550100"}], "emails": [{"email": "a@example.com"}]}, "a@example.com"),
        ({"name": "Gob", "emails": [{"email": "a@example.com"}]}, "Gob"),
    ],
)
async def test_display_name_falls_back(client: Client, lead: str, input: dict[str, Any], shown: str) -> None:
    assert (await made(client, lead, **input))["displayName"] == shown


@pytest.mark.parametrize(
    ("input", "path"),
    [
        ({"emails": [{"email": "a@example.com"}, {"email": "no at"}]}, ["emails", "1", "email"]),
        ({"phones": [{"phone": "650-333-4444"}]}, ["phones", "0", "phone"]),
        ({"phones": [{"phone": "+1 12"}]}, ["phones", "0", "phone"]),
        ({"emails": [{"type": " ", "email": "a@example.com"}]}, ["emails", "0", "type"]),
        ({"title": "x" * 1_001}, ["title"]),
        ({"name": "a\u0000b"}, ["name"]),
    ],
)
async def test_bad_details_are_refused(client: Client, lead: str, input: dict[str, Any], path: list[str]) -> None:
    payload = await client.mutate("contactCreate", {"leadId": lead} | input, "contact { id }")
    assert payload["contact"] is None
    assert [error["path"] for error in payload["userErrors"]] == [path]
    contact = await made(client, lead, **GOB)
    payload = await client.mutate("contactUpdate", {"id": contact["id"], "patch": input})
    assert [error["path"] for error in payload["userErrors"]] == [["patch", *path]]


async def test_bad_url_is_refused_by_scalar(client: Client, lead: str) -> None:
    query = "mutation($i: ContactCreateInput!) { contactCreate(input: $i) { contact { id } } }"
    body = await client.run(query, {"i": {"leadId": lead, "urls": [{"url": "not a url"}]}})
    [error] = body["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert ".urls[0].url" in error["message"]


async def test_patch_replaces_lists_whole(client: Client, lead: str) -> None:
    before = await made(client, lead, **GOB)
    client.now = NOON + timedelta(hours=1)
    patch = {"emails": [{"email": "new@example.com"}], "phones": None}
    payload = await client.mutate("contactUpdate", {"id": before["id"], "patch": patch}, f"contact {{ {EVERYTHING} }}")
    assert payload["contact"] == before | {
        "emails": [{"type": "office", "email": "new@example.com"}],
        "phones": [],
        "version": 2,
        "dateUpdated": "2026-03-01T13:00:00+00:00",
    }


async def test_equal_patch_changes_nothing(client: Client, lead: str) -> None:
    before = await made(client, lead, **GOB)
    client.now = NOON + timedelta(hours=1)
    payload = await client.mutate("contactUpdate", {"id": before["id"], "patch": GOB}, f"contact {{ {EVERYTHING} }}")
    assert payload["contact"] == before


async def test_stale_version_is_a_conflict(client: Client, lead: str) -> None:
    contact = await made(client, lead, **GOB)
    change = {"id": contact["id"], "patch": {"title": "CEO"}, "expectedVersion": 1}
    assert (await client.mutate("contactUpdate", change))["userErrors"] == []
    [error] = (await client.mutate("contactUpdate", change))["userErrors"]
    assert (error["code"], error["currentVersion"]) == ("CONFLICT", 2)


async def test_contact_moves_to_another_lead(client: Client, lead: str) -> None:
    other = (await client.mutate("leadCreate", {"name": "Other"}, "lead { id }"))["lead"]["id"]
    contact = await made(client, lead, **GOB)
    payload = await client.mutate(
        "contactUpdate", {"id": contact["id"], "patch": {"leadId": other}}, "contact { lead { id } }"
    )
    assert payload["contact"] == {"lead": {"id": other}}
    for target, code, path in [("lead_x", "NOT_FOUND", ["patch", "leadId"]), (None, "REQUIRED", ["patch", "leadId"])]:
        payload = await client.mutate("contactUpdate", {"id": contact["id"], "patch": {"leadId": target}})
        assert [(e["code"], e["path"]) for e in payload["userErrors"]] == [(code, path)]


async def test_moved_contact_leaves_the_past(client: Client, lead: str) -> None:
    """What happened on the old lead stays there, without the contact; then either lead can be deleted (L27)."""
    other = (await client.mutate("leadCreate", {"contacts": [{"name": "Zed"}]}, "lead { id }"))["lead"]["id"]
    contact = await made(client, lead, **GOB)
    own = {"leadId": lead, "contactId": contact["id"]}
    await client.mutate("noteCreate", own | {"text": "Nice talk"})
    await client.mutate("opportunityCreate", own)
    await client.mutate("contactUpdate", {"id": contact["id"], "patch": {"leadId": other}})
    query = """query($id: ID!) { lead(id: $id) { opportunities { nodes { contact { id } } }
        activities(filter: { types: [NOTE] }) { nodes { contact { id } } } } }"""
    assert (await client.data(query, {"id": lead}))["lead"] == {
        "opportunities": {"nodes": [{"contact": None}]},
        "activities": {"nodes": [{"contact": None}]},
    }
    payload = await client.mutate("leadDelete", {"id": other}, "deletedId")
    assert payload == {"deletedId": other, "userErrors": []}


async def test_move_renames_both_nameless_leads(client: Client) -> None:
    ids = []
    for people in (["Ann", "Bob"], ["Zed"]):
        contacts = [{"name": name} for name in people]
        created = await client.mutate("leadCreate", {"contacts": contacts}, "lead { id contacts { nodes { id } } }")
        ids.append((created["lead"]["id"], created["lead"]["contacts"]["nodes"][0]["id"]))
    (first, ann), (second, zed) = ids
    await client.mutate("contactDelete", {"id": zed})
    await client.mutate("contactUpdate", {"id": ann, "patch": {"leadId": second}})
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Lead { displayName } } }"
    shown = (await client.data(query, {"ids": [first, second]}))["nodes"]
    assert shown == [{"displayName": "Bob"}, {"displayName": "Ann"}]


async def test_names_hold_against_a_race(client: Client) -> None:
    """A lead is named while its first contact is renamed: the name that was given wins."""
    created = await client.mutate("leadCreate", {"contacts": [{"name": "A"}]}, "lead { id contacts { nodes { id } } }")
    lead, contact = created["lead"]["id"], created["lead"]["contacts"]["nodes"][0]["id"]
    await asyncio.gather(
        client.mutate("leadUpdate", {"id": lead, "patch": {"name": "X"}}),
        client.mutate("contactUpdate", {"id": contact, "patch": {"name": "B"}}),
    )
    data = await client.data("query($id: ID!) { lead(id: $id) { name displayName } }", {"id": lead})
    assert data["lead"] == {"name": "X", "displayName": "X"}


async def test_first_contact_names_nameless_lead(client: Client) -> None:
    """A lead without a name shows its primary contact's, the one that was created first."""
    client.now = NOON
    created = await client.mutate("leadCreate", {"contacts": [{"name": "Gob"}, {"name": "Buster"}]}, "lead { id }")
    lead = created["lead"]["id"]
    query = "query($id: ID!) { lead(id: $id) { displayName contacts { nodes { id name } } } }"

    async def shown() -> tuple[str, list[str]]:
        found = (await client.data(query, {"id": lead}))["lead"]
        return found["displayName"], [contact["id"] for contact in found["contacts"]["nodes"]]

    name, [gob, buster] = await shown()
    assert name == "Gob"
    await client.mutate("contactUpdate", {"id": gob, "patch": {"name": "G.O.B."}})
    assert (await shown())[0] == "G.O.B."
    await client.mutate("contactDelete", {"id": gob})
    assert await shown() == ("Buster", [buster])
    await client.mutate("contactDelete", {"id": buster})
    assert await shown() == ("Unnamed lead", [])


async def test_contacts_stand_in_creation_order(client: Client, lead: str) -> None:
    """The first contact of a lead is the primary one."""
    for i, name in enumerate(["Zoe", "Adam", "Mia"]):
        client.now = NOON + timedelta(minutes=i)
        await made(client, lead, name=name)
    query = "query($id: ID!) { lead(id: $id) { contacts { totalCount nodes { name } } } }"
    contacts = (await client.data(query, {"id": lead}))["lead"]["contacts"]
    assert contacts == {"totalCount": 3, "nodes": [{"name": "Zoe"}, {"name": "Adam"}, {"name": "Mia"}]}


async def test_delete_keeps_what_happened(client: Client, lead: str) -> None:
    contact = await made(client, lead, **GOB)
    own = {"leadId": lead, "contactId": contact["id"]}
    await client.mutate("noteCreate", own | {"text": "Nice talk"})
    await client.mutate("opportunityCreate", own)
    task = (await client.mutate("taskCreate", {"leadId": lead, "text": "Call"}, "task { id }"))["task"]["id"]
    async with client.database.write(client.actor) as session:
        await session.update(Task, {"contact_id": contact["id"]}, table_of(Task).c.id == task)
    payload = await client.mutate("contactDelete", {"id": contact["id"]}, "deletedId")
    assert payload == {"deletedId": contact["id"], "userErrors": []}
    query = """query($id: ID!) { lead(id: $id) { contacts { nodes { id } }
        opportunities { nodes { contact { id } } }
        activities(filter: { types: [NOTE] }) { nodes { contact { id } } } } }"""
    assert (await client.data(query, {"id": lead}))["lead"] == {
        "contacts": {"nodes": []},
        "opportunities": {"nodes": [{"contact": None}]},
        "activities": {"nodes": [{"contact": None}]},
    }
    [error] = (await client.mutate("contactDelete", {"id": contact["id"]}))["userErrors"]
    assert error["code"] == "NOT_FOUND"


async def test_task_without_lead_lets_its_contact_go(client: Client, lead: str) -> None:
    """A task on no lead at all may name a contact, too; it neither keeps the contact nor its lead."""
    for field in ("contact", "lead"):
        owner = (await client.mutate("leadCreate", {"name": "A"}, "lead { id }"))["lead"]["id"]
        contact = (await made(client, owner, **GOB))["id"]
        task = {"id": f"task_{field}", "type": "missed_call", "lead_id": None, "contact_id": contact}
        async with client.database.write(client.actor) as session:
            await session.insert(Task, task | {"date_created": NOON, "date_updated": NOON})
        id = contact if field == "contact" else owner
        payload = await client.mutate(f"{field}Delete", {"id": id}, "deletedId")
        assert payload == {"deletedId": id, "userErrors": []}
        data = await client.data("query($id: ID!) { task(id: $id) { contact { id } } }", {"id": task["id"]})
        assert data["task"] == {"contact": None}


async def test_renaming_leaves_other_links_alone(client: Client, lead: str) -> None:
    """Only a move unlinks: what an import linked across leads stays as it came."""
    other = (await client.mutate("leadCreate", {"name": "Other"}, "lead { id }"))["lead"]["id"]
    contact = (await made(client, lead, **GOB))["id"]
    note = (await client.mutate("noteCreate", {"leadId": other, "text": "Hm"}, "note { id }"))["note"]["id"]
    async with client.database.write(client.actor) as session:
        await session.update(Activity, {"contact_id": contact}, table_of(Activity).c.id == note)
    await client.mutate("contactUpdate", {"id": contact, "patch": {"title": "CEO"}})
    data = await client.data("query($id: ID!) { activity(id: $id) { contact { id } } }", {"id": note})
    assert data["activity"] == {"contact": {"id": contact}}


async def test_contacts_are_filtered_and_ordered(client: Client, lead: str) -> None:
    other = (await client.mutate("leadCreate", {"name": "Other"}, "lead { id }"))["lead"]["id"]
    ids = []
    for i, (name, on) in enumerate([("beta", lead), ("Alpha", other), ("gamma", lead)]):
        client.now = NOON + timedelta(days=i)
        ids.append((await made(client, on, name=name))["id"])
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({}, [ids[1], ids[0], ids[2]]),
        ({"ids": [ids[2], "cont_x"]}, [ids[2]]),
        ({"leadIds": [lead]}, [ids[0], ids[2]]),
        ({"leadIds": [lead, other], "dateCreated": {"gt": NOON.isoformat()}}, ids[1:]),
        ({"dateUpdated": {"lt": (NOON + timedelta(days=1)).isoformat()}}, [ids[0]]),
    ]
    query = """query($f: ContactFilterInput) {
        contacts(filter: $f, orderBy: { field: NAME, direction: ASC }) { nodes { id } } }"""
    for filter, expected in cases:
        found = (await client.data(query, {"f": filter}))["contacts"]["nodes"]
        assert [node["id"] for node in found] == expected
    newest = (await client.data("{ contacts(first: 1) { nodes { id } } }"))["contacts"]["nodes"]
    assert newest == [{"id": ids[2]}]


async def test_unknown_contact_reads_as_null(client: Client) -> None:
    assert await client.run('{ contact(id: "cont_x") { id } }') == {"data": {"contact": None}}
