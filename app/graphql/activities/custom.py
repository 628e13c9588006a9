"""What can be done with activities of an organization's own types."""

import datetime as dt

import strawberry

from app.domain.activities import CustomActivityStatus
from app.graphql.activities.records import CustomActivity
from app.graphql.custom_field_inputs import CustomFieldChangeInput, CustomFieldSetInput
from app.graphql.declare import input_type, object_type
from app.graphql.fields import related
from app.graphql.payloads import MutationPayload, mutation
from app.services import custom_activities
from app.storage import activities as stored


@input_type
class CustomActivityCreateInput:
    """A new custom activity."""

    lead_id: strawberry.ID
    """The lead's ID."""
    contact_id: strawberry.ID | None = strawberry.UNSET
    """The contact's ID."""
    custom_type_id: strawberry.ID
    """The ID of the organization-defined type."""
    status: CustomActivityStatus = CustomActivityStatus.PUBLISHED
    """Whether to publish; required fields are enforced then."""
    date: dt.datetime | None = strawberry.UNSET
    """When it took place; now when omitted."""
    custom_fields: list[CustomFieldSetInput] | None = strawberry.UNSET
    """Custom-field values."""
    user_id: strawberry.ID | None = strawberry.UNSET
    """Whose activity it is; the caller when omitted."""


@input_type
class CustomActivityPatchInput:
    """Changes to a custom activity. Omit a field to keep it; null clears it."""

    contact_id: strawberry.ID | None = strawberry.UNSET
    """The contact's ID."""
    status: CustomActivityStatus | None = strawberry.UNSET
    """Whether it is published; cannot be null."""
    date: dt.datetime | None = strawberry.UNSET
    """When it took place; cannot be null."""
    custom_fields: list[CustomFieldChangeInput] | None = strawberry.UNSET
    """Changes to custom-field values, applied in order."""


@input_type
class CustomActivityUpdateInput:
    """Changes to a custom activity."""

    id: strawberry.ID
    """The activity's ID."""
    patch: CustomActivityPatchInput
    """The changes."""
    expected_version: int | None = strawberry.UNSET
    """Refuse the change when the object's version is not this one."""


@object_type
class CustomActivityCreatePayload(MutationPayload):
    """The outcome of `customActivityCreate`."""

    custom_activity: CustomActivity | None = related(stored.by_id, "custom_activity_id")
    """The new custom activity."""


@object_type
class CustomActivityUpdatePayload(MutationPayload):
    """The outcome of `customActivityUpdate`."""

    custom_activity: CustomActivity | None = related(stored.by_id, "custom_activity_id")
    """The changed custom activity."""


@object_type
class CustomActivityMutations:
    custom_activity_create: CustomActivityCreatePayload = mutation(custom_activities.create, CustomActivityCreateInput)
    """Adds an activity of an organization-defined type."""
    custom_activity_update: CustomActivityUpdatePayload = mutation(custom_activities.update, CustomActivityUpdateInput)
    """Changes the given fields of a custom activity."""
