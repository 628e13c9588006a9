"""Tasks: create, update, complete, reopen, delete (rules T1, T26, T31, T32)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypedDict

from sqlalchemy import RowMapping
from sqlmodel import col

from app.domain.activities import ActivityType
from app.domain.checks import MAX_TEXT, Checks
from app.domain.tasks import TaskType, possible
from app.services.records import record
from app.services.references import check_member
from app.services.work import Done, Work, check_version, use_case
from app.storage.ids import new_id
from app.storage.leads import Lead
from app.storage.tasks import Task


class TaskDate(TypedDict, total=False):
    """A whole day or an instant; exactly one of them is set."""

    date: dt.date | None
    date_time: dt.datetime | None


class TaskFields(TypedDict, total=False):
    """A task's members; the ones that are there are written."""

    assigned_to_id: str | None
    date: TaskDate | None
    is_complete: bool | None
    text: str | None


@use_case()
async def create(
    work: Work,
    *,
    lead_id: str,
    text: str,
    date: TaskDate | None = None,
    assigned_to_id: str | None = None,
    is_complete: bool = False,
) -> Done:
    """A new to-do, for today and for the caller unless given (rule T26)."""
    await work.require(Lead, lead_id, "lead", ["lead_id"])
    checks = Checks()
    row = {"id": new_id("task"), "type": TaskType.LEAD, "lead_id": lead_id, "contact_id": None}
    row["text"] = checks.text({"text": text}, "text", MAX_TEXT, required=True)
    row |= _dates(checks, date or {"date": work.clock.today})
    if assigned_to_id is not None:
        await check_member(work, checks, assigned_to_id, "assigned_to_id")
    checks.finish()
    row["assigned_to"] = assigned_to_id or work.actor.user_id
    row |= _completion(work, is_complete)
    await work.session.insert(Task, row | work.created())
    if is_complete:
        await _record(work, row)
    return {"task_id": row["id"]}


@use_case()
async def update(work: Work, *, id: str, patch: TaskFields, expected_version: int | None = None) -> Done:
    """Write the members of a patch; the text of a to-do alone can change (rule T31)."""
    row = await work.require(Task, id, "task")
    check_version(row, expected_version)
    checks = Checks(["patch"])
    values = await _checked(work, checks, row, patch)
    checks.finish()
    if "is_complete" in patch and patch["is_complete"] != row["is_complete"]:
        values |= _completion(work, bool(patch["is_complete"]))
        if values["is_complete"]:
            await _record(work, {**row, **values})
    await work.change(Task, row, values)
    return {"task_id": id}


@use_case()
async def complete(work: Work, *, id: str) -> Done:
    """Archive a task and record it; nothing happens to one that is complete already."""
    row = await work.require(Task, id, "task")
    if row["is_complete"]:
        return {"task_id": id}
    activity_id = await _record(work, dict(row))
    await work.change(Task, row, _completion(work, True))
    return {"task_id": id, "activity_id": activity_id}


@use_case()
async def reopen(work: Work, *, id: str) -> Done:
    """Take a task out of the archive; what recorded its completion stays."""
    row = await work.require(Task, id, "task")
    await work.change(Task, row, _completion(work, False))
    return {"task_id": id}


@use_case()
async def delete(work: Work, *, id: str) -> Done:
    """Remove a task (rule T32)."""
    await work.require(Task, id, "task")
    await work.session.delete(Task, col(Task.id) == id)
    return {"deleted_id": id}


async def _checked(work: Work, checks: Checks, row: RowMapping, patch: TaskFields) -> dict[str, Any]:
    """The columns of the given members, but for the completion; problems go to `checks`."""
    values: dict[str, Any] = {}
    checks.present(patch, "assigned_to_id", "is_complete")
    if "text" in patch:
        if row["type"] is not TaskType.LEAD:
            checks.invalid("Only the text of a to-do (kind LEAD) can be changed.", "text")
        values["text"] = checks.text(patch, "text", MAX_TEXT, required=True)
    if "date" in patch:
        values |= _dates(checks, patch["date"] or {})
    if (assignee := patch.get("assigned_to_id")) is not None:
        await check_member(work, checks, assignee, "assigned_to_id")
        values["assigned_to"] = assignee
    return values


def _dates(checks: Checks, date: TaskDate) -> dict[str, Any]:
    """Both columns of a date; a task has one kind of date at most (rule T4)."""
    for name, when in date.items():
        if isinstance(when, dt.date) and not possible(when):
            checks.invalid("The date lies outside the calendar.", "date", name)
    return {"date": date.get("date"), "date_time": date.get("date_time")}


def _completion(work: Work, is_complete: bool) -> dict[str, Any]:
    return {"is_complete": is_complete, "date_completed": work.clock.now if is_complete else None}


async def _record(work: Work, task: Mapping[str, Any]) -> str:
    """The activity of a completion, with the task's text as it is now."""
    return await record(
        work,
        ActivityType.TASK_COMPLETED,
        task["lead_id"],
        contact_id=task["contact_id"],
        object_id=task["id"],
        text=task["text"],
    )
