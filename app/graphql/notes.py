"""What can be done with notes, and with activities of any kind."""

import datetime as dt

import strawberry

from app.graphql.activities import Note
from app.graphql.declare import input_type, object_type
from app.graphql.fields import related
from app.graphql.payloads import MutationPayload, mutation
from app.services import activities, notes
from app.storage import activities as stored


@input_type
class NoteCreateInput:
    """A new note."""

    lead_id: strawberry.ID
    """The lead's ID."""
    contact_id: strawberry.ID | None = strawberry.UNSET
    """The contact's ID."""
    text: str
    """What the note says."""
    date: dt.datetime | None = strawberry.UNSET
    """When it took place; now when omitted."""
    user_id: strawberry.ID | None = strawberry.UNSET
    """Whose note it is; the caller when omitted."""


@input_type
class NotePatchInput:
    """Changes to a note. Omit a field to keep it; null clears it."""

    contact_id: strawberry.ID | None = strawberry.UNSET
    """The contact's ID."""
    text: str | None = strawberry.UNSET
    """What the note says; cannot be null."""
    date: dt.datetime | None = strawberry.UNSET
    """When it took place; cannot be null."""


@input_type
class NoteUpdateInput:
    """Changes to a note."""

    id: strawberry.ID
    """The note's ID."""
    patch: NotePatchInput
    """The changes."""
    expected_version: int | None = strawberry.UNSET
    """Refuse the change when the object's version is not this one."""


@input_type
class ActivityDeleteInput:
    """Which activity to delete."""

    id: strawberry.ID
    """The activity's ID."""


@object_type
class NoteCreatePayload(MutationPayload):
    """The outcome of `noteCreate`."""

    note: Note | None = related(stored.by_id, "note_id")
    """The new note."""


@object_type
class NoteUpdatePayload(MutationPayload):
    """The outcome of `noteUpdate`."""

    note: Note | None = related(stored.by_id, "note_id")
    """The changed note."""


@object_type
class ActivityDeletePayload(MutationPayload):
    """The outcome of `activityDelete`."""

    deleted_id: strawberry.ID | None
    """The ID of the removed activity."""


@object_type
class NoteMutations:
    note_create: NoteCreatePayload = mutation(notes.create, NoteCreateInput)
    """Adds a note to a lead."""
    note_update: NoteUpdatePayload = mutation(notes.update, NoteUpdateInput)
    """Changes the given fields of a note."""
    activity_delete: ActivityDeletePayload = mutation(activities.delete, ActivityDeleteInput)
    """Deletes an activity of any kind."""
