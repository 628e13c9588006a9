"""What can be done with tasks (rules T26, T30-T32)."""

import strawberry

from app.graphql.activities import TaskCompleted
from app.graphql.declare import input_type, object_type
from app.graphql.fields import related
from app.graphql.payloads import MutationPayload, mutation
from app.graphql.tasks.base import Task
from app.graphql.tasks.filters import TaskDateInput
from app.graphql.tasks.kinds import LeadTask
from app.services import tasks as services
from app.storage import activities
from app.storage import tasks as stored


@input_type
class TaskCreateInput:
    """A new to-do."""

    lead_id: strawberry.ID
    """The lead's ID."""
    text: str
    """What is to be done."""
    date: TaskDateInput | None = strawberry.UNSET
    """When; today when omitted."""
    assigned_to_id: strawberry.ID | None = strawberry.UNSET
    """Who should do it; the caller when omitted."""
    is_complete: bool = False
    """Whether it is already done."""


@input_type
class TaskPatchInput:
    """Changes to a task. Omit a field to keep it; null clears it."""

    assigned_to_id: strawberry.ID | None = strawberry.UNSET
    """Who should do it; cannot be null."""
    date: TaskDateInput | None = strawberry.UNSET
    """When."""
    is_complete: bool | None = strawberry.UNSET
    """Whether it is done; cannot be null."""
    text: str | None = strawberry.UNSET
    """What is to be done; only on tasks of kind LEAD; cannot be null."""


@input_type
class TaskUpdateInput:
    """Which task to change, and how."""

    id: strawberry.ID
    """The task's ID."""
    patch: TaskPatchInput
    """The changes."""
    expected_version: int | None = strawberry.UNSET
    """Refuse the change when the object's version is not this one."""


@input_type
class TaskDeleteInput:
    """Which task to delete."""

    id: strawberry.ID
    """The task's ID."""


@input_type
class TaskCompleteInput:
    """Which task to complete."""

    id: strawberry.ID
    """The task's ID."""


@input_type
class TaskReopenInput:
    """Which task to reopen."""

    id: strawberry.ID
    """The task's ID."""


@object_type
class TaskCreatePayload(MutationPayload):
    """The outcome of `taskCreate`."""

    task: LeadTask | None = related(stored.by_id, "task_id")
    """The new task."""


@object_type
class TaskUpdatePayload(MutationPayload):
    """The outcome of `taskUpdate`."""

    task: Task | None = related(stored.by_id, "task_id")
    """The changed task."""


@object_type
class TaskDeletePayload(MutationPayload):
    """The outcome of `taskDelete`."""

    deleted_id: strawberry.ID | None
    """The ID of the removed task."""


@object_type
class TaskCompletePayload(MutationPayload):
    """The outcome of `taskComplete`."""

    task: Task | None = related(stored.by_id, "task_id")
    """The completed task."""
    activity: TaskCompleted | None = related(activities.by_id, "activity_id")
    """The record of the completion; null when the task was already complete."""


@object_type
class TaskReopenPayload(MutationPayload):
    """The outcome of `taskReopen`."""

    task: Task | None = related(stored.by_id, "task_id")
    """The reopened task."""


@object_type
class TaskMutations:
    task_create: TaskCreatePayload = mutation(services.create, TaskCreateInput)
    """Creates a to-do on a lead."""
    task_update: TaskUpdatePayload = mutation(services.update, TaskUpdateInput)
    """Changes the given fields of a task of any kind."""
    task_delete: TaskDeletePayload = mutation(services.delete, TaskDeleteInput)
    """Deletes a task."""
    task_complete: TaskCompletePayload = mutation(services.complete, TaskCompleteInput)
    """Completes a task and records it."""
    task_reopen: TaskReopenPayload = mutation(services.reopen, TaskReopenInput)
    """Reopens a complete task."""
