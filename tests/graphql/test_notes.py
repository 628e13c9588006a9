"""Notes, and deleting activities of any kind (rules A11, L1, L22, G5)."""

from typing import Any

import pytest
from sqlmodel import col

from app.domain.activities import ActivityType
from app.domain.checks import MAX_TEXT
from app.domain.tasks import TaskType
from app.services import organizations
from app.storage.activities import Activity
from app.storage.organizations import User
from app.storage.reads import table_of
from app.storage.tasks import Task
from tests.client import Client
from tests.graphql.task_rows import NOON, insert

NOTE = """note {
    id type text textHtml date dateCreated dateUpdated version
    lead { id } contact { id } user { id } createdBy { id } updatedBy { id }
}"""


async def activities(client: Client) -> list[dict[str, Any]]:
    """Every activity but the record of a lead's creation."""
    async with client.database.read(client.actor) as session:
        kept = col(Activity.type) != ActivityType.CREATED
        return [dict(row) for row in await session.find(Activity, kept, order_by=[table_of(Activity).c.id])]


async def lead_with_contact(client: Client) -> tuple[str, str]:
    input = {"name": "Acme", "contacts": [{"name": "Gob"}]}
    lead = (await client.mutate("leadCreate", input, "lead { id contacts { nodes { id } } }"))["lead"]
    return lead["id"], lead["contacts"]["nodes"][0]["id"]


async def imported(client: Client, **values: Any) -> str:
    """A note with HTML, as only an import brings it."""
    html = {"text": "Hello", "text_html": "<p>Hello</p>"}
    await insert(client, Activity, {"id": "acti_1", "type": ActivityType.NOTE, "date": NOON, **html, **values})
    return "acti_1"


async def refused(client: Client, field: str, input: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """The codes and paths of the problems; nothing may have been written."""
    before = await activities(client)
    payload = await client.mutate(field, input)
    assert await activities(client) == before
    return [(error["code"], error["path"]) for error in payload["userErrors"]]


async def test_note_create_fills_defaults(client: Client) -> None:
    """The caller's note, of this moment, on the lead."""
    client.now = NOON
    lead_id, _ = await lead_with_contact(client)
    payload = await client.mutate("noteCreate", {"leadId": lead_id, "text": "Likes blue"}, NOTE)
    me, moment = {"id": client.actor.user_id}, "2026-03-10T12:00:00+00:00"
    assert payload == {
        "note": {
            "id": payload["note"]["id"],
            "type": "NOTE",
            "text": "Likes blue",
            "textHtml": None,
            "date": moment,
            "dateCreated": moment,
            "dateUpdated": moment,
            "version": 1,
            "lead": {"id": lead_id},
            "contact": None,
            "user": me,
            "createdBy": me,
            "updatedBy": me,
        },
        "userErrors": [],
    }
    assert payload["note"]["id"].startswith("acti_")
    data = await client.data("{ activities(filter: { types: [NOTE] }) { nodes { id } } }")
    assert data["activities"]["nodes"] == [{"id": payload["note"]["id"]}]


async def test_note_create_takes_everything(client: Client) -> None:
    lead_id, contact_id = await lead_with_contact(client)
    other = (await client.with_role("User")).actor.user_id
    input = {
        "leadId": lead_id,
        "contactId": contact_id,
        "text": "Likes blue",
        "date": "2026-01-10T06:00:00+01:00",
        "userId": other,
    }
    payload = await client.mutate("noteCreate", input, NOTE)
    assert payload["userErrors"] == []
    note = payload["note"]
    assert (note["contact"], note["user"]) == ({"id": contact_id}, {"id": other})
    assert (note["date"], note["createdBy"]) == ("2026-01-10T05:00:00+00:00", {"id": client.actor.user_id})


async def test_note_needs_a_known_lead(client: Client) -> None:
    """L1: absent and foreign leads are not found, and no note is written."""
    stranger = await Client.of(client.database, await organizations.create(client.database, "Other"))
    foreign, _ = await lead_with_contact(stranger)
    for lead_id in ("lead_absent", foreign):
        found = await refused(client, "noteCreate", {"leadId": lead_id, "text": "Hello"})
        assert found == [("NOT_FOUND", ["leadId"])]
    assert await activities(client) == await activities(stranger) == []


@pytest.mark.parametrize(("text", "code"), [("", "INVALID"), (" \n", "INVALID"), ("x" * (MAX_TEXT + 1), "TOO_LONG")])
async def test_note_text_is_bounded(client: Client, text: str, code: str) -> None:
    lead_id, _ = await lead_with_contact(client)
    id = await imported(client)
    assert await refused(client, "noteCreate", {"leadId": lead_id, "text": text}) == [(code, ["text"])]
    assert await refused(client, "noteUpdate", {"id": id, "patch": {"text": text}}) == [(code, ["patch", "text"])]


async def test_contact_has_to_be_the_leads(client: Client) -> None:
    """A11: a contact of another lead is refused, and one that cannot be seen is not found."""
    lead_id, _ = await lead_with_contact(client)
    _, other = await lead_with_contact(client)
    stranger = await Client.of(client.database, await organizations.create(client.database, "Other"))
    _, foreign = await lead_with_contact(stranger)
    id = await imported(client, lead_id=lead_id)
    for contact_id, code in ((other, "INVALID"), (foreign, "NOT_FOUND"), ("cont_absent", "NOT_FOUND")):
        input = {"leadId": lead_id, "text": "Hello", "contactId": contact_id}
        assert await refused(client, "noteCreate", input) == [(code, ["contactId"])]
        patch = {"contactId": contact_id, "text": "New"}
        assert await refused(client, "noteUpdate", {"id": id, "patch": patch}) == [(code, ["patch", "contactId"])]


async def test_note_belongs_to_a_member(client: Client) -> None:
    """Absent, former and foreign users are refused alike, together with what else is wrong."""
    lead_id, _ = await lead_with_contact(client)
    former = await organizations.add_user(client.database, client.organization_id, "Former")
    async with client.database.write(client.actor) as session:
        await session.update(User, {"is_active": False}, col(User.id) == former)
    other = await organizations.create(client.database, "Other")
    foreign = await organizations.add_user(client.database, other, "Foreign")
    for user_id in ("user_absent", former, foreign):
        found = await refused(client, "noteCreate", {"leadId": lead_id, "text": "", "userId": user_id})
        assert found == [("INVALID", ["text"]), ("INVALID", ["userId"])]


async def test_note_update_patches(client: Client) -> None:
    """G5: each patch changes what it names; null clears the contact."""
    client.now = NOON
    lead_id, contact_id = await lead_with_contact(client)
    made = await client.mutate("noteCreate", {"leadId": lead_id, "text": "Hello"}, NOTE)
    expected = made["note"]
    patches: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"text": "Goodbye"}, {"text": "Goodbye"}),
        ({"date": "2026-01-10T05:00:00Z"}, {"date": "2026-01-10T05:00:00+00:00"}),
        ({"contactId": contact_id}, {"contact": {"id": contact_id}}),
        ({"contactId": None}, {"contact": None}),
    ]
    for patch, changed in patches:
        payload = await client.mutate("noteUpdate", {"id": expected["id"], "patch": patch}, NOTE)
        expected = expected | changed | {"version": expected["version"] + 1}
        assert payload == {"note": expected, "userErrors": []}


async def test_new_text_drops_html(client: Client) -> None:
    """HTML that an import brought stays until the text is another one."""
    id = await imported(client)
    for patch, text, html, version in (
        ({"text": "Hello"}, "Hello", "<p>Hello</p>", 1),
        ({"date": "2026-01-10T05:00:00Z"}, "Hello", "<p>Hello</p>", 2),
        ({"text": "Goodbye"}, "Goodbye", None, 3),
    ):
        payload = await client.mutate("noteUpdate", {"id": id, "patch": patch}, "note { text textHtml version }")
        assert payload["note"] == {"text": text, "textHtml": html, "version": version}


@pytest.mark.parametrize("name", ["text", "date"])
async def test_note_members_stay_set(client: Client, name: str) -> None:
    id = await imported(client)
    found = await refused(client, "noteUpdate", {"id": id, "patch": {name: None}})
    assert found == [("REQUIRED", ["patch", name])]


async def test_stale_note_update_is_refused(client: Client) -> None:
    id = await imported(client)
    input = {"id": id, "patch": {"text": "First"}, "expectedVersion": 1}
    assert (await client.mutate("noteUpdate", input, "note { version }"))["note"] == {"version": 2}
    payload = await client.mutate("noteUpdate", input | {"patch": {"text": "Second"}}, "note { id }")
    [error] = payload["userErrors"]
    assert (payload["note"], error["code"], error["path"]) == (None, "CONFLICT", ["expectedVersion"])
    assert (error["conflictingId"], error["currentVersion"]) == (id, 2)


async def test_only_notes_are_updated(client: Client) -> None:
    """An activity of another kind, an absent one and a foreign one are not found."""
    stranger = await Client.of(client.database, await organizations.create(client.database, "Other"))
    await insert(stranger, Activity, {"id": "acti_foreign", "type": ActivityType.NOTE, "date": NOON})
    await insert(client, Activity, {"id": "acti_meeting", "type": ActivityType.MEETING, "date": NOON})
    for id in ("acti_meeting", "acti_foreign", "acti_absent"):
        found = await refused(client, "noteUpdate", {"id": id, "patch": {"text": "New"}})
        assert found == [("NOT_FOUND", ["id"])]


@pytest.mark.parametrize("type", ActivityType)
async def test_any_activity_can_be_deleted(client: Client, type: ActivityType) -> None:
    """Once; the second time it is not found."""
    await insert(
        client,
        Activity,
        {"id": "acti_1", "type": type, "date": NOON},
        {"id": "acti_2", "type": type, "date": NOON},
    )
    payload = await client.mutate("activityDelete", {"id": "acti_1"}, "deletedId")
    assert payload == {"deletedId": "acti_1", "userErrors": []}
    async with client.database.read(client.actor) as session:
        assert [row["id"] for row in await session.find(Activity)] == ["acti_2"]
    payload = await client.mutate("activityDelete", {"id": "acti_1"}, "deletedId")
    [error] = payload["userErrors"]
    assert (payload["deletedId"], error["code"], error["missingId"]) == (None, "NOT_FOUND", "acti_1")


async def test_mails_outlive_their_thread(client: Client) -> None:
    """They stay as they are, each on its own; mails of other threads keep theirs."""
    mail = {"type": ActivityType.EMAIL, "date": NOON, "direction": "inbound", "status": "inbox"}
    thread = {"type": ActivityType.EMAIL_THREAD, "date": NOON}
    await insert(
        client,
        Activity,
        thread | {"id": "acti_thread"},
        thread | {"id": "acti_other"},
        mail | {"id": "acti_1", "thread_id": "acti_thread"},
        mail | {"id": "acti_2", "thread_id": "acti_other"},
    )
    payload = await client.mutate("activityDelete", {"id": "acti_thread"}, "deletedId")
    assert payload["userErrors"] == []
    left = {row["id"]: row["thread_id"] for row in await activities(client)}
    assert left == {"acti_other": None, "acti_1": None, "acti_2": "acti_other"}


async def test_tasks_outlive_their_object(client: Client) -> None:
    """A task keeps the id of the call that it was about, and its link answers null."""
    call = {"id": "acti_call", "type": ActivityType.CALL, "direction": "inbound", "disposition": "no_answer"}
    await insert(client, Activity, call | {"date": NOON})
    await insert(client, Task, {"id": "noti_1", "type": TaskType.MISSED_CALL, "object_id": "acti_call"})
    query = '{ task(id: "noti_1") { ... on MissedCallTask { call { id } } } }'
    assert (await client.data(query))["task"] == {"call": {"id": "acti_call"}}
    await client.mutate("activityDelete", {"id": "acti_call"})
    assert (await client.data(query))["task"] == {"call": None}
    async with client.database.read(client.actor) as session:
        assert [row["object_id"] for row in await session.find(Task)] == ["acti_call"]


async def test_foreign_activities_stay(client: Client) -> None:
    """L22: another organization's activity is as good as absent."""
    stranger = await Client.of(client.database, await organizations.create(client.database, "Other"))
    await insert(stranger, Activity, {"id": "acti_1", "type": ActivityType.NOTE, "date": NOON})
    payload = await client.mutate("activityDelete", {"id": "acti_1"}, "deletedId")
    assert [error["code"] for error in payload["userErrors"]] == ["NOT_FOUND"]
    assert [row["id"] for row in await activities(stranger)] == ["acti_1"]
