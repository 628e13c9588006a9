"""Tasks: reading and changing them (rules T2, T4, T8-T20, T26, T30-T32)."""

from datetime import date
from typing import Any

import pytest

from app.domain.activities import ActivityType
from app.domain.tasks import TaskType
from app.graphql.schema import schema
from app.services import organizations
from app.storage.activities import Activity
from app.storage.tasks import Task
from tests.client import Client
from tests.graphql.task_rows import NOON, insert, instant, lead_of, listed, rows, task

EVERYTHING = """
    __typename id type isComplete autoDeleteDate view version dateCreated dateUpdated
    date { date dateTime } lead { id } contact { id } assignedTo { id } createdBy { id } updatedBy { id }
"""
LINKS = """
    __typename id
    ... on LeadTask { text }
    ... on IncomingEmailTask { thread { id } emails { id subject } subject }
    ... on EmailFollowupTask { thread { id } email { id } subject bodyPreview }
    ... on MissedCallTask { call { id } phone localPhone }
    ... on AnsweredDetachedCallTask { call { id } phone lead { id } }
    ... on VoicemailTask { call { id } phone localPhone voicemailDuration voicemailUrl }
    ... on OpportunityDueTask { opportunity { id } }
    ... on IncomingSmsTask { sms { id } remotePhone localPhone
        attachments { url filename contentType size thumbnailUrl } }
"""


async def one_of_each_kind(client: Client, lead_id: str, number: int = 0) -> str:
    """Eight tasks with what they are about; the id of the opportunity among it."""
    n = f"{number:03}"
    payload = await client.mutate("opportunityCreate", {"leadId": lead_id}, "opportunity { id }")
    opportunity_id = str(payload["opportunity"]["id"])
    happened = {"lead_id": lead_id, "date": NOON}
    mail = happened | {"type": ActivityType.EMAIL, "thread_id": f"acti_thread{n}", "status": "inbox"}
    call = happened | {"type": ActivityType.CALL, "direction": "inbound", "disposition": "no_answer"}
    await insert(
        client,
        Activity,
        happened | {"id": f"acti_thread{n}", "type": ActivityType.EMAIL_THREAD, "subject": "Price"},
        mail | {"id": f"acti_first{n}", "direction": "inbound", "subject": "Price"},
        mail | {"id": f"acti_second{n}", "direction": "inbound", "subject": "Re: Price"},
        call | {"id": f"acti_call{n}"},
        happened | {"id": f"acti_sms{n}", "type": ActivityType.SMS, "direction": "inbound", "status": "inbox"},
    )
    phones = {"phone": "+16505550100", "local_phone": "+16505550101"}
    picture = {"url": "https://files.example/a.png", "filename": "a.png", "content_type": "image/png", "size": 9}
    about: dict[TaskType, dict[str, Any]] = {
        TaskType.LEAD: {"text": "Call back"},
        TaskType.INCOMING_EMAIL: {
            "object_id": f"acti_thread{n}",
            "details": {"email_ids": [f"acti_second{n}", "acti_gone", f"acti_first{n}"], "subject": "Price"},
        },
        TaskType.EMAIL_FOLLOWUP: {
            "object_id": f"acti_thread{n}",
            "details": {"email_id": f"acti_first{n}", "subject": "Price", "body_preview": "Dear"},
        },
        TaskType.MISSED_CALL: {"object_id": f"acti_call{n}", "details": phones},
        TaskType.ANSWERED_DETACHED_CALL: {"object_id": f"acti_call{n}", "details": phones, "lead_id": None},
        TaskType.VOICEMAIL: {
            "object_id": f"acti_call{n}",
            "details": phones | {"voicemail_duration": 12, "voicemail_url": "https://files.example/v.mp3"},
        },
        TaskType.OPPORTUNITY_DUE: {"object_id": opportunity_id},
        TaskType.INCOMING_SMS: {
            "object_id": f"acti_sms{n}",
            "details": phones | {"attachments": [picture | {"media_id": "m1"}]},
        },
    }
    tasks = [{"id": f"noti_{n}{type}", "type": type, "lead_id": lead_id} | values for type, values in about.items()]
    await insert(client, Task, *tasks)
    return opportunity_id


async def test_only_to_dos_are_listed(client: Client) -> None:
    """T8, T9: without a type filter there are only tasks of kind LEAD, on a lead too."""
    lead_id = await lead_of(client)
    await one_of_each_kind(client, lead_id)
    await insert(client, Task, task(1, TaskType.MISSED_CALL))
    assert await listed(client) == await listed(client, {}) == ["noti_000lead"]
    query = "query($id: ID!) { lead(id: $id) { tasks { nodes { id } } } }"
    data = await client.data(query, {"id": lead_id})
    assert data["lead"]["tasks"]["nodes"] == [{"id": "noti_000lead"}]


async def test_null_types_list_everything(client: Client) -> None:
    """T10: every kind."""
    await one_of_each_kind(client, await lead_of(client))
    assert len(await listed(client, {"types": None})) == 8


async def test_several_types_are_listed(client: Client) -> None:
    """T11: the kinds that the filter names."""
    await one_of_each_kind(client, await lead_of(client))
    found = await listed(client, {"types": ["MISSED_CALL", "VOICEMAIL"]})
    assert found == ["noti_000missed_call", "noti_000voicemail"]


async def test_each_kind_reads_its_links(client: Client) -> None:
    """T12-T20: what each kind of task is about."""
    lead_id = await lead_of(client)
    opportunity_id = await one_of_each_kind(client, lead_id)
    data = await client.data(f"{{ tasks(filter: {{ types: null }}) {{ nodes {{ {LINKS} }} }} }}")
    found = {node.pop("__typename"): node for node in data["tasks"]["nodes"]}
    phones = {"phone": "+16505550100", "localPhone": "+16505550101"}
    call = {"call": {"id": "acti_call000"}}
    assert found == {
        "LeadTask": {"id": "noti_000lead", "text": "Call back"},
        "IncomingEmailTask": {
            "id": "noti_000incoming_email",
            "thread": {"id": "acti_thread000"},
            "emails": [
                {"id": "acti_second000", "subject": "Re: Price"},
                {"id": "acti_first000", "subject": "Price"},
            ],
            "subject": "Price",
        },
        "EmailFollowupTask": {
            "id": "noti_000email_followup",
            "thread": {"id": "acti_thread000"},
            "email": {"id": "acti_first000"},
            "subject": "Price",
            "bodyPreview": "Dear",
        },
        "MissedCallTask": {"id": "noti_000missed_call"} | call | phones,
        "AnsweredDetachedCallTask": {
            "id": "noti_000answered_detached_call",
            "phone": "+16505550100",
            "lead": None,
        }
        | call,
        "VoicemailTask": {
            "id": "noti_000voicemail",
            "voicemailDuration": 12,
            "voicemailUrl": "https://files.example/v.mp3",
        }
        | call
        | phones,
        "OpportunityDueTask": {"id": "noti_000opportunity_due", "opportunity": {"id": opportunity_id}},
        "IncomingSmsTask": {
            "id": "noti_000incoming_sms",
            "sms": {"id": "acti_sms000"},
            "remotePhone": "+16505550100",
            "localPhone": "+16505550101",
            "attachments": [
                {
                    "url": "https://files.example/a.png",
                    "filename": "a.png",
                    "contentType": "image/png",
                    "size": 9,
                    "thumbnailUrl": None,
                }
            ],
        },
    }


async def test_absent_links_read_as_null(client: Client) -> None:
    """T12: a task outlives what it is about, and may come without any of it."""
    kinds = [kind for kind in TaskType if kind is not TaskType.LEAD]
    await insert(client, Task, *(task(n, kind, object_id="acti_gone") for n, kind in enumerate(kinds)))
    data = await client.data(f"{{ tasks(filter: {{ types: null }}) {{ nodes {{ {LINKS} }} }} }}")
    left = {value for node in data["tasks"]["nodes"] for value in map(str, list(node.values())[2:])}
    assert left == {"None", "[]"}


async def test_statements_do_not_grow(client: Client) -> None:
    """T12: no more statements for 48 tasks than for 8."""
    lead_id = await lead_of(client)
    query = f"{{ tasks(filter: {{ types: null }}, first: 100) {{ nodes {{ {LINKS} }} }} }}"
    await one_of_each_kind(client, lead_id, 0)
    await client.data(query)
    few = client.statements
    for number in range(1, 6):
        await one_of_each_kind(client, lead_id, number)
    data = await client.data(query)
    assert len(data["tasks"]["nodes"]) == 48
    assert client.statements == few <= 10  # the tasks, and one for each link at most


async def test_task_reads_by_id(client: Client) -> None:
    """T30: one task of any kind, by `task` and by `node`, whatever its id starts with."""
    client.now = NOON
    lead_id = await lead_of(client)
    await one_of_each_kind(client, lead_id)
    query = f"""{{
        task(id: "noti_000voicemail") {{ {EVERYTHING} }}
        node(id: "noti_000voicemail") {{ ... on VoicemailTask {{ {EVERYTHING} }} }}
    }}"""
    data = await client.data(query)
    assert data["task"] == {
        "__typename": "VoicemailTask",
        "id": "noti_000voicemail",
        "type": "VOICEMAIL",
        "isComplete": False,
        "autoDeleteDate": None,
        "view": "INBOX",
        "version": 1,
        "dateCreated": "2026-03-10T12:00:00+00:00",
        "dateUpdated": "2026-03-10T12:00:00+00:00",
        "date": None,
        "lead": {"id": lead_id},
        "contact": None,
        "assignedTo": None,
        "createdBy": None,
        "updatedBy": None,
    }
    assert data["node"] == data["task"]


async def test_hidden_tasks_read_as_null(client: Client) -> None:
    """T30, L22: absent, foreign and wrongly prefixed ids alike."""
    foreign = await organizations.create(client.database, "Other")
    stranger = await Client.of(client.database, foreign)
    await insert(stranger, Task, task(1))
    lead_id = await lead_of(client)
    query = "query($id: ID!) { task(id: $id) { id } node(id: $id) { ... on Task { id } } }"
    for id in ("task_absent", "task_001", lead_id, ""):
        assert (await client.data(query, {"id": id}))["task"] is None
    assert await listed(client, {"ids": ["task_001"]}) == []
    assert await listed(client) == []


CREATED = f"task {{ {EVERYTHING} text }}"


async def test_task_create_fills_defaults(client: Client) -> None:
    """T26, T6: a to-do for the caller and for today in the caller's zone."""
    client.now, client.zone = instant("2026-03-11T05:00:00Z"), "America/Los_Angeles"
    lead_id = await lead_of(client)
    payload = await client.mutate("taskCreate", {"leadId": lead_id, "text": "Call back"}, CREATED)
    assert payload["userErrors"] == []
    me = {"id": client.actor.user_id}
    assert payload["task"] == {
        "__typename": "LeadTask",
        "id": payload["task"]["id"],
        "type": "LEAD",
        "text": "Call back",
        "isComplete": False,
        "autoDeleteDate": None,
        "view": "INBOX",
        "version": 1,
        "dateCreated": "2026-03-11T05:00:00+00:00",
        "dateUpdated": "2026-03-11T05:00:00+00:00",
        "date": {"date": "2026-03-10", "dateTime": None},
        "lead": {"id": lead_id},
        "contact": None,
        "assignedTo": me,
        "createdBy": me,
        "updatedBy": me,
    }
    assert payload["task"]["id"].startswith("task_")


async def test_task_date_keeps_its_kind(client: Client) -> None:
    """T4: a whole day stays one, and an instant stays one, in every zone."""
    lead_id = await lead_of(client)
    for given, shown in (
        ({"date": "2015-01-05"}, {"date": "2015-01-05", "dateTime": None}),
        ({"dateTime": "2015-01-05T00:00:00+01:00"}, {"date": "2015-01-04", "dateTime": "2015-01-04T23:00:00+00:00"}),
    ):
        for zone in ("UTC", "-08:00"):
            payload = await client.mutate(
                "taskCreate",
                {"leadId": lead_id, "text": "Visit", "date": given},
                "task { date { date dateTime } }",
                zone=zone,
            )
            assert payload["task"] == {"date": shown}


async def test_task_create_takes_text_only(client: Client) -> None:
    """T26, L1, T7: no other kind can be made, a lead is needed, dueDate is not offered."""
    fields = schema._schema.type_map["TaskCreateInput"].fields  # type: ignore[attr-defined]
    assert sorted(fields) == ["assignedToId", "date", "isComplete", "leadId", "text"]
    body = await client.run('mutation { taskCreate(input: { text: "Call" }) { userErrors { code } } }')
    assert body["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_task_update_patches_any_kind(client: Client) -> None:
    """T31: assignee, date and completion of a task that the gateway made; null clears the date."""
    client.now = NOON
    await insert(client, Task, task(1, TaskType.MISSED_CALL, date=date(2026, 3, 1)))
    select = "task { __typename version view date { date dateTime } isComplete assignedTo { id } }"
    input = {"id": "task_001", "patch": {"date": {"dateTime": "2026-03-12T09:00:00Z"}}}
    payload = await client.mutate("taskUpdate", input, select)
    assert payload["task"] == {
        "__typename": "MissedCallTask",
        "version": 2,
        "view": "FUTURE",
        "date": {"date": "2026-03-12", "dateTime": "2026-03-12T09:00:00+00:00"},
        "isComplete": False,
        "assignedTo": None,
    }
    patch = {"date": None, "assignedToId": client.actor.user_id}
    payload = await client.mutate("taskUpdate", {"id": "task_001", "patch": patch, "expectedVersion": 2}, select)
    assert payload["userErrors"] == []
    assert payload["task"]["date"] is None
    assert payload["task"]["assignedTo"] == {"id": client.actor.user_id}
    assert (payload["task"]["view"], payload["task"]["version"]) == ("INBOX", 3)


async def test_stale_task_update_is_refused(client: Client) -> None:
    """Two editors: one succeeds, the other learns the current version."""
    await insert(client, Task, task(1))
    input = {"id": "task_001", "patch": {"text": "First"}, "expectedVersion": 1}
    assert (await client.mutate("taskUpdate", input, "task { version }"))["task"] == {"version": 2}
    payload = await client.mutate("taskUpdate", input | {"patch": {"text": "Second"}}, "task { id }")
    assert payload["task"] is None
    [error] = payload["userErrors"]
    assert (error["code"], error["path"]) == ("CONFLICT", ["expectedVersion"])
    assert (error["conflictingId"], error["currentVersion"]) == ("task_001", 2)
    assert [row["text"] for row in await rows(client, Task)] == ["First"]


async def test_text_belongs_to_to_dos(client: Client) -> None:
    """T31: the text of another kind cannot be changed, and nothing else of that patch is written."""
    await insert(client, Task, task(1, TaskType.MISSED_CALL))
    before = await rows(client, Task)
    patch = {"text": "New", "isComplete": True, "date": {"date": "2026-01-01"}}
    payload = await client.mutate("taskUpdate", {"id": "task_001", "patch": patch}, "task { id }")
    [error] = payload["userErrors"]
    assert (payload["task"], error["code"], error["path"]) == (None, "INVALID", ["patch", "text"])
    assert await rows(client, Task) == before
    assert await rows(client, Activity) == []


async def test_task_complete_moves_and_records(client: Client) -> None:
    """T2: a completed task is in the archive, and an activity tells of it."""
    client.now = NOON
    lead_id = await lead_of(client)
    made = await client.mutate("taskCreate", {"leadId": lead_id, "text": "Call back"}, "task { id }")
    input = {"id": made["task"]["id"]}
    select = "task { view isComplete version } activity { lead { id } user { id } date taskText task { id } }"
    payload = await client.mutate("taskComplete", input, select)
    assert payload["task"] == {"view": "ARCHIVE", "isComplete": True, "version": 2}
    assert payload["activity"] == {
        "lead": {"id": lead_id},
        "user": {"id": client.actor.user_id},
        "date": "2026-03-10T12:00:00+00:00",
        "taskText": "Call back",
        "task": input,
    }
    again = await client.mutate("taskComplete", input, select)
    assert again == {"task": payload["task"], "activity": None, "userErrors": []}
    reopened = await client.mutate("taskReopen", input, "task { view isComplete version }")
    assert reopened["task"] == {"view": "INBOX", "isComplete": False, "version": 3}


async def test_second_task_delete_is_refused(client: Client) -> None:
    """T32: the first removes it, the second finds nothing; its record outlives it."""
    lead_id = await lead_of(client)
    made = await client.mutate("taskCreate", {"leadId": lead_id, "text": "Call", "isComplete": True}, "task { id }")
    input = {"id": made["task"]["id"]}
    assert await client.mutate("taskDelete", input, "deletedId") == {"deletedId": input["id"], "userErrors": []}
    payload = await client.mutate("taskDelete", input, "deletedId")
    [error] = payload["userErrors"]
    assert (payload["deletedId"], error["code"], error["path"]) == (None, "NOT_FOUND", ["id"])
    assert error["missingId"] == input["id"]
    query = """{ activities(filter: { types: [TASK_COMPLETED] }) {
        nodes { ... on TaskCompleted { taskText task { id } } }
    } }"""
    assert (await client.data(query))["activities"]["nodes"] == [{"taskText": "Call", "task": None}]


@pytest.mark.parametrize("field", ["taskUpdate", "taskComplete", "taskReopen", "taskDelete"])
async def test_foreign_tasks_are_not_found(client: Client, field: str) -> None:
    """L22: another organization's task is as good as absent."""
    stranger = await Client.of(client.database, await organizations.create(client.database, "Other"))
    await insert(stranger, Task, task(1))
    before = await rows(stranger, Task)
    input: dict[str, Any] = {"id": "task_001"} | ({"patch": {"isComplete": True}} if field == "taskUpdate" else {})
    [error] = (await client.mutate(field, input))["userErrors"]
    assert (error["__typename"], error["code"], error["path"]) == ("NotFoundError", "NOT_FOUND", ["id"])
    assert await rows(stranger, Task) == before
