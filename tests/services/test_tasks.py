"""Use cases of tasks: what they refuse, what they write, and what they record (rules T1, T2, T26, T31, L1)."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import col

from app.domain.activities import ActivityType
from app.domain.checks import MAX_TEXT
from app.domain.errors import Conflict, ErrorCode, NotFound, Problems
from app.domain.tasks import TaskType
from app.domain.time import Clock
from app.services import organizations
from app.services import tasks as services
from app.services.work import Done, UseCase
from app.storage.activities import Activity
from app.storage.leads import Lead, LeadStatus
from app.storage.organizations import User
from app.storage.tasks import Task
from tests.client import Client
from tests.graphql.task_rows import NOON, insert, rows

LATER = datetime(2026, 3, 12, 12, tzinfo=UTC)
AUDIT = {"date_created": NOON, "date_updated": NOON}


async def do(client: Client, use_case: UseCase, now: datetime = NOON, zone: str = "UTC", **input: Any) -> Done:
    return await use_case(client.database, client.actor, Clock.at(now, zone), **input)


async def lead_of(client: Client, id: str = "lead_1") -> str:
    async with client.database.write(client.actor) as session:
        status = (await session.find(LeadStatus))[0]
        await session.insert(
            Lead, {"id": id, "display_name": "Acme", "sort_name": "acme", "status_id": status["id"], **AUDIT}
        )
    return id


async def insert_task(client: Client, **values: Any) -> str:
    row = {"id": "task_1", "type": TaskType.LEAD, "text": "Call back"}
    await insert(client, Task, {**row, **values})
    return "task_1"


async def problems(client: Client, use_case: UseCase, **input: Any) -> list[tuple[ErrorCode, list[str]]]:
    """The codes and paths that a use case reports; nothing may have been written."""
    before = await rows(client, Task), await rows(client, Activity)
    with pytest.raises(Problems) as refused:
        await do(client, use_case, **input)
    assert (await rows(client, Task), await rows(client, Activity)) == before
    return [(error.code, error.path) for error in refused.value.errors]


async def strangers(client: Client) -> Mapping[str, str]:
    """Users that cannot be given a task: absent, former, and of another organization."""
    former = await organizations.add_user(client.database, client.organization_id, "Former")
    async with client.database.write(client.actor) as session:
        await session.update(User, {"is_active": False}, col(User.id) == former)
    other = await organizations.create(client.database, "Other")
    foreign = await organizations.add_user(client.database, other, "Foreign")
    return {"absent": "user_absent", "former": former, "foreign": foreign}


async def test_create_writes_a_to_do(client: Client) -> None:
    lead_id = await lead_of(client)
    done = await do(client, services.create, lead_id=lead_id, text="Call back")
    [row] = await rows(client, Task)
    me = client.actor.user_id
    assert row == {
        "organization_id": client.organization_id,
        "id": done["task_id"],
        "type": TaskType.LEAD,
        "lead_id": lead_id,
        "contact_id": None,
        "assigned_to": me,
        "date": date(2026, 3, 10),
        "date_time": None,
        "is_complete": False,
        "date_completed": None,
        "text": "Call back",
        "object_type": None,
        "object_id": None,
        "details": {},
        "date_created": NOON,
        "date_updated": NOON,
        "created_by": me,
        "updated_by": me,
        "version": 1,
    }
    assert await rows(client, Activity) == []


@pytest.mark.parametrize(("zone", "day"), [("UTC", 10), ("+14:00", 11), ("-12:00", 10), ("Pacific/Kiritimati", 11)])
async def test_create_dates_it_today(client: Client, zone: str, day: int) -> None:
    """T6: today is that of the caller's zone; null means the same as nothing."""
    lead_id = await lead_of(client)
    await do(client, services.create, zone=zone, lead_id=lead_id, text="Call", date=None)
    [row] = await rows(client, Task)
    assert (row["date"], row["date_time"]) == (date(2026, 3, day), None)


async def test_create_for_another_member(client: Client) -> None:
    """T1: a task is assigned to a member; the caller stays who made it."""
    lead_id = await lead_of(client)
    other = (await client.with_role("User")).actor.user_id
    await do(client, services.create, lead_id=lead_id, text="Call", assigned_to_id=other)
    [row] = await rows(client, Task)
    assert (row["assigned_to"], row["created_by"]) == (other, client.actor.user_id)


async def test_create_complete_records_it(client: Client) -> None:
    """T2: a task that is created as done is in the archive at once, with its record."""
    lead_id = await lead_of(client)
    done = await do(client, services.create, lead_id=lead_id, text="Called", is_complete=True)
    [row] = await rows(client, Task)
    assert (row["is_complete"], row["date_completed"]) == (True, NOON)
    [activity] = await rows(client, Activity)
    assert (activity["type"], activity["object_id"]) == (ActivityType.TASK_COMPLETED, done["task_id"])


async def test_create_needs_a_known_lead(client: Client) -> None:
    """L1: an unknown lead, or another organization's, is not found, and nothing is written."""
    stranger = await Client.of(client.database, await organizations.create(client.database, "Other"))
    for lead_id in ("lead_absent", await lead_of(stranger)):
        with pytest.raises(NotFound) as refused:
            await do(client, services.create, lead_id=lead_id, text="Call", is_complete=True)
        assert (refused.value.path, refused.value.missing_id) == (["lead_id"], lead_id)
    assert await rows(client, Task) == await rows(client, Activity) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [("", ErrorCode.INVALID), (" \n", ErrorCode.INVALID), ("x" * (MAX_TEXT + 1), ErrorCode.TOO_LONG)],
)
async def test_text_is_bounded(client: Client, text: str, code: ErrorCode) -> None:
    lead_id, id = await lead_of(client), await insert_task(client)
    assert await problems(client, services.create, lead_id=lead_id, text=text) == [(code, ["text"])]
    assert await problems(client, services.update, id=id, patch={"text": text}) == [(code, ["patch", "text"])]


async def test_longest_text_is_taken(client: Client) -> None:
    lead_id = await lead_of(client)
    await do(client, services.create, lead_id=lead_id, text="x" * MAX_TEXT)
    [row] = await rows(client, Task)
    assert row["text"] == "x" * MAX_TEXT


async def test_assignee_is_an_active_member(client: Client) -> None:
    """T1: absent, former and foreign users are refused alike."""
    lead_id, id = await lead_of(client), await insert_task(client)
    for user_id in (await strangers(client)).values():
        found = await problems(client, services.create, lead_id=lead_id, text="Call", assigned_to_id=user_id)
        assert found == [(ErrorCode.INVALID, ["assigned_to_id"])]
        found = await problems(client, services.update, id=id, patch={"assigned_to_id": user_id})
        assert found == [(ErrorCode.INVALID, ["patch", "assigned_to_id"])]


async def test_dates_stay_inside_the_calendar(client: Client) -> None:
    """T4: a date has a day in every zone."""
    lead_id, id = await lead_of(client), await insert_task(client)
    ends = ({"date": date(1, 1, 1)}, {"date_time": datetime(9999, 12, 31, 23, tzinfo=UTC)})
    for when in ends:
        [name] = when
        found = await problems(client, services.create, lead_id=lead_id, text="Call", date=when)
        assert found == [(ErrorCode.INVALID, ["date", name])]
        found = await problems(client, services.update, id=id, patch={"date": when})
        assert found == [(ErrorCode.INVALID, ["patch", "date", name])]


async def test_problems_come_together(client: Client) -> None:
    lead_id = await lead_of(client)
    input = {"lead_id": lead_id, "text": "", "date": {"date": date(1, 1, 1)}, "assigned_to_id": "user_x"}
    assert await problems(client, services.create, **input) == [
        (ErrorCode.INVALID, ["text"]),
        (ErrorCode.INVALID, ["date", "date"]),
        (ErrorCode.INVALID, ["assigned_to_id"]),
    ]


@pytest.mark.parametrize("name", ["assigned_to_id", "is_complete", "text"])
async def test_only_dates_can_be_cleared(client: Client, name: str) -> None:
    id = await insert_task(client)
    found = await problems(client, services.update, id=id, patch={name: None})
    assert found == [(ErrorCode.REQUIRED, ["patch", name])]


@pytest.mark.parametrize("type", [type for type in TaskType if type is not TaskType.LEAD])
async def test_other_kinds_keep_their_text(client: Client, type: TaskType) -> None:
    """T31: the text is refused, and what else the patch holds is not applied."""
    id = await insert_task(client, type=type)
    found = await problems(client, services.update, id=id, patch={"text": "New", "is_complete": True})
    assert found == [(ErrorCode.INVALID, ["patch", "text"])]


@pytest.mark.parametrize("type", TaskType)
async def test_every_kind_takes_the_rest(client: Client, type: TaskType) -> None:
    """T31: assignee, date and completion."""
    id = await insert_task(client, type=type)
    patch = {"assigned_to_id": client.actor.user_id, "date": {"date_time": LATER}, "is_complete": True}
    await do(client, services.update, id=id, patch=patch)
    [row] = await rows(client, Task)
    assert (row["assigned_to"], row["date"], row["date_time"]) == (client.actor.user_id, None, LATER)
    assert (row["is_complete"], row["date_completed"]) == (True, NOON)


async def test_patch_changes_what_it_names(client: Client) -> None:
    """G5: every column but those of the patch stays."""
    values = {"text": "Call", "assigned_to": client.actor.user_id, "date": date(2026, 3, 1)}
    patches: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "text": ({"text": "Write"}, {"text": "Write"}),
        "day": ({"date": {"date": date(2026, 4, 1)}}, {"date": date(2026, 4, 1)}),
        "instant": ({"date": {"date_time": LATER}}, {"date": None, "date_time": LATER}),
        "cleared": ({"date": None}, {"date_time": None}),
        "done": ({"is_complete": True}, {"is_complete": True, "date_completed": LATER}),
        "undone": ({"is_complete": False}, {"is_complete": False, "date_completed": None}),
    }
    id = await insert_task(client, **values)
    [before] = await rows(client, Task)
    for patch, changed in patches.values():
        audit = {"date_updated": LATER, "updated_by": client.actor.user_id, "version": before["version"] + 1}
        await do(client, services.update, LATER, id=id, patch=patch)
        [after] = await rows(client, Task)
        assert after == before | changed | audit
        before = after


async def test_equal_patch_changes_nothing(client: Client) -> None:
    """L25: neither the version nor the date of the last change."""
    id = await insert_task(client, date=date(2026, 3, 1), assigned_to=client.actor.user_id)
    before = await rows(client, Task)
    patch = {
        "text": "Call back",
        "date": {"date": date(2026, 3, 1)},
        "is_complete": False,
        "assigned_to_id": client.actor.user_id,
    }
    await do(client, services.update, LATER, id=id, patch=patch)
    await do(client, services.update, LATER, id=id, patch={})
    await do(client, services.reopen, LATER, id=id)
    assert await rows(client, Task) == before
    assert await rows(client, Activity) == []


async def test_update_with_old_version_conflicts(client: Client) -> None:
    id = await insert_task(client)
    await do(client, services.update, id=id, patch={"text": "First"}, expected_version=1)
    with pytest.raises(Conflict) as refused:
        await do(client, services.update, id=id, patch={"text": "Second"}, expected_version=1)
    assert (refused.value.path, refused.value.current_version) == (["expected_version"], 2)
    [row] = await rows(client, Task)
    assert row["text"] == "First"


async def test_complete_records_the_completion(client: Client) -> None:
    """T2: one activity, on the lead, by the caller, with the text of the task."""
    lead_id = await lead_of(client)
    id = await insert_task(client, lead_id=lead_id)
    done = await do(client, services.complete, LATER, id=id)
    [activity] = await rows(client, Activity)
    expected = {
        "id": done["activity_id"],
        "type": ActivityType.TASK_COMPLETED,
        "lead_id": lead_id,
        "user_id": client.actor.user_id,
        "object_id": id,
        "text": "Call back",
        "date": LATER,
        "date_created": LATER,
        "created_by": client.actor.user_id,
    }
    assert {name: activity[name] for name in expected} == expected
    [row] = await rows(client, Task)
    assert (row["is_complete"], row["date_completed"], row["version"]) == (True, LATER, 2)


async def test_update_completes_like_complete(client: Client) -> None:
    """The record has the text that the task has when it is completed."""
    id = await insert_task(client, lead_id=await lead_of(client))
    await do(client, services.update, id=id, patch={"is_complete": True, "text": "Called back"})
    [activity] = await rows(client, Activity)
    assert (activity["object_id"], activity["text"]) == (id, "Called back")
    assert activity["type"] is ActivityType.TASK_COMPLETED


async def test_complete_tasks_are_left_alone(client: Client) -> None:
    """Completing twice, in either way, records once."""
    id = await insert_task(client, lead_id=await lead_of(client))
    await do(client, services.complete, id=id)
    before = await rows(client, Task)
    assert await do(client, services.complete, LATER, id=id) == {"task_id": id}
    await do(client, services.update, LATER, id=id, patch={"is_complete": True})
    assert await rows(client, Task) == before
    assert len(await rows(client, Activity)) == 1


async def test_reopened_task_can_complete_again(client: Client) -> None:
    """The first record stays, and the second completion writes another."""
    id = await insert_task(client, lead_id=await lead_of(client))
    await do(client, services.complete, id=id)
    await do(client, services.reopen, id=id)
    [row] = await rows(client, Task)
    assert (row["is_complete"], row["date_completed"]) == (False, None)
    await do(client, services.complete, LATER, id=id)
    assert sorted(activity["date"] for activity in await rows(client, Activity)) == [NOON, LATER]


async def test_complete_works_without_lead(client: Client) -> None:
    """T17: a task of another party that belongs to no lead."""
    id = await insert_task(client, type=TaskType.ANSWERED_DETACHED_CALL, text=None)
    await do(client, services.complete, id=id)
    [activity] = await rows(client, Activity)
    assert (activity["lead_id"], activity["object_id"], activity["text"]) == (None, id, None)


async def test_simultaneous_completions_record_once(client: Client) -> None:
    """Whoever comes second finds the task complete."""
    id = await insert_task(client, lead_id=await lead_of(client))
    done = await asyncio.gather(*(do(client, services.complete, id=id) for _ in range(4)))
    assert sorted("activity_id" in one for one in done) == [False, False, False, True]
    assert len(await rows(client, Activity)) == 1
    [row] = await rows(client, Task)
    assert row["version"] == 2


async def test_delete_happens_once(client: Client) -> None:
    """T32: the second time there is nothing to delete."""
    id = await insert_task(client)
    assert await do(client, services.delete, id=id) == {"deleted_id": id}
    assert await rows(client, Task) == []
    with pytest.raises(NotFound) as refused:
        await do(client, services.delete, id=id)
    assert refused.value.path == ["id"]


@pytest.mark.parametrize("use_case", [services.complete, services.reopen, services.delete, services.update])
async def test_unknown_task_is_not_found(client: Client, use_case: UseCase) -> None:
    input: dict[str, Any] = {"patch": {"is_complete": True}} if use_case is services.update else {}
    with pytest.raises(NotFound) as refused:
        await do(client, use_case, id="task_absent", **input)
    assert (refused.value.path, refused.value.missing_id) == (["id"], "task_absent")
