"""Custom activity types: which there are, and what can be done with them."""

from typing import Annotated

import strawberry

from app.graphql.custom_fields import CustomActivityType
from app.graphql.declare import input_type, object_type
from app.graphql.fields import related
from app.graphql.payloads import MutationPayload, mutation
from app.services import custom_activity_types
from app.storage import custom_fields as stored
from app.storage.reads import Read


def types(
    read: Read,
    include_archived: Annotated[bool, strawberry.argument(description="Whether to include archived types.")] = False,
) -> Read:
    """The types of which there can be new activities, or all."""
    return read if include_archived else read.where(read.table.c.is_archived.is_(False))


@input_type
class CustomActivityTypeCreateInput:
    """A new custom activity type."""

    name: str
    """The name."""
    description: str | None = strawberry.UNSET
    """What the type is for."""
    api_create_only: bool = False
    """Whether only programs may create activities of this type."""
    editable_with_role_ids: list[strawberry.ID] = strawberry.field(default_factory=list)
    """The roles that may edit activities of this type; empty when not restricted."""


@input_type
class CustomActivityTypePatchInput:
    """Changes to a custom activity type. Omit a field to keep it; null clears it."""

    name: str | None = strawberry.UNSET
    """The name; cannot be null."""
    description: str | None = strawberry.UNSET
    """What the type is for."""
    is_archived: bool | None = strawberry.UNSET
    """Whether new activities of this type can no longer be created; cannot be null."""
    api_create_only: bool | None = strawberry.UNSET
    """Whether only programs may create activities of this type; cannot be null."""
    editable_with_role_ids: list[strawberry.ID] | None = strawberry.UNSET
    """The roles that may edit activities of this type; cannot be null."""


@input_type
class CustomActivityTypeUpdateInput:
    """Changes to a custom activity type."""

    id: strawberry.ID
    """The type's ID."""
    patch: CustomActivityTypePatchInput
    """The changes."""
    expected_version: int | None = strawberry.UNSET
    """Refuse the change when the object's version is not this one."""


@input_type
class CustomActivityTypeDeleteInput:
    """Which custom activity type to delete."""

    id: strawberry.ID
    """The type's ID; it may have no activities."""


@object_type
class CustomActivityTypeCreatePayload(MutationPayload):
    """The outcome of `customActivityTypeCreate`."""

    custom_activity_type: CustomActivityType | None = related(stored.activity_type_by_id, "custom_activity_type_id")
    """The new type."""


@object_type
class CustomActivityTypeUpdatePayload(MutationPayload):
    """The outcome of `customActivityTypeUpdate`."""

    custom_activity_type: CustomActivityType | None = related(stored.activity_type_by_id, "custom_activity_type_id")
    """The changed type."""


@object_type
class CustomActivityTypeDeletePayload(MutationPayload):
    """The outcome of `customActivityTypeDelete`."""

    deleted_id: strawberry.ID | None
    """The ID of the removed type."""


@object_type
class CustomActivityTypeQueries:
    custom_activity_type: CustomActivityType | None = related(stored.activity_type_by_id, argument="id")
    """A custom activity type."""
    custom_activity_types: list[CustomActivityType] = related(
        stored.activity_types_in_organization, "organization_id", narrow=types
    )
    """The custom activity types."""


@object_type
class CustomActivityTypeMutations:
    custom_activity_type_create: CustomActivityTypeCreatePayload = mutation(
        custom_activity_types.create, CustomActivityTypeCreateInput
    )
    """Defines a custom activity type. Needs MANAGE_ORGANIZATION."""
    custom_activity_type_update: CustomActivityTypeUpdatePayload = mutation(
        custom_activity_types.update, CustomActivityTypeUpdateInput
    )
    """Changes a custom activity type. Needs MANAGE_ORGANIZATION."""
    custom_activity_type_delete: CustomActivityTypeDeletePayload = mutation(
        custom_activity_types.delete, CustomActivityTypeDeleteInput
    )
    """Deletes a custom activity type without activities. Needs MANAGE_ORGANIZATION."""
