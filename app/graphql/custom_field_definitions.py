"""Custom-field definitions: which there are, where they stand, and what can be done with them."""

from collections.abc import Sequence
from typing import Annotated, Any

import strawberry
from sqlalchemy import Select

from app.domain.custom_fields import DataType, FieldObject, Scope, target_of
from app.graphql.custom_fields import CustomField, CustomFieldAssociation, CustomFieldSchema
from app.graphql.declare import input_type, object_type, one_of
from app.graphql.fields import measured, related
from app.graphql.inputs import given
from app.graphql.payloads import MutationPayload, mutation
from app.services import custom_field_places as places
from app.services import custom_fields
from app.storage import custom_field_schemas as schemas
from app.storage import custom_fields as stored
from app.storage.reads import Measure, Read


@one_of
class CustomFieldTargetInput:
    """One kind of object with custom fields."""

    object: FieldObject | None = strawberry.UNSET
    """Leads, contacts or opportunities."""
    custom_activity_type_id: strawberry.ID | None = strawberry.UNSET
    """The ID of a custom activity type."""


@input_type
class CustomFieldAssociationInput:
    """An association of a shared field with one kind of object."""

    target: CustomFieldTargetInput
    """The kind of object."""
    is_required: bool = False
    """Whether a value is required on this object."""
    editable_with_role_ids: list[strawberry.ID] = strawberry.field(default_factory=list)
    """The roles that may edit values on this object; empty when not restricted."""


@one_of
class CustomFieldScopeInput:
    """Where a new custom field is defined."""

    object: FieldObject | None = strawberry.UNSET
    """On leads, contacts or opportunities."""
    custom_activity_type_id: strawberry.ID | None = strawberry.UNSET
    """On the custom activity type with this ID."""
    shared: list[CustomFieldAssociationInput] | None = strawberry.UNSET
    """Shared, with these first associations; the list may be empty."""


@input_type
class CustomFieldCreateInput:
    """A new custom field."""

    scope: CustomFieldScopeInput
    """Where the field is defined."""
    name: str
    """The name."""
    description: str | None = strawberry.UNSET
    """A longer description, up to 280 characters."""
    data_type: DataType
    """The type of data."""
    choices: list[str] | None = strawberry.UNSET
    """The valid values; needed for CHOICES and not allowed otherwise."""
    accepts_multiple_values: bool = False
    """Whether several values can be set; only for CHOICES, USER and CONTACT."""
    is_required: bool = False
    """Whether a published activity needs a value; only on custom activity types."""
    editable_with_role_ids: list[strawberry.ID] = strawberry.field(default_factory=list)
    """The roles that may edit values; empty when not restricted."""


@input_type
class CustomFieldPatchInput:
    """Changes to a custom field. Omit a field to keep it; null clears it."""

    name: str | None = strawberry.UNSET
    """The name; cannot be null."""
    description: str | None = strawberry.UNSET
    """A longer description, up to 280 characters."""
    choices: list[str] | None = strawberry.UNSET
    """The valid values, for CHOICES; cannot be null."""
    accepts_multiple_values: bool | None = strawberry.UNSET
    """Whether several values can be set; it cannot be turned off while an object has several; cannot be null."""
    is_required: bool | None = strawberry.UNSET
    """Whether a published activity needs a value; cannot be null."""
    editable_with_role_ids: list[strawberry.ID] | None = strawberry.UNSET
    """The roles that may edit values; empty when not restricted; cannot be null."""


@input_type
class CustomFieldUpdateInput:
    """Changes to a custom field."""

    id: strawberry.ID
    """The field's ID."""
    patch: CustomFieldPatchInput
    """The changes."""
    expected_version: int | None = strawberry.UNSET
    """Refuse the change when the object's version is not this one."""


@input_type
class CustomFieldDeleteInput:
    """Which custom field to delete."""

    id: strawberry.ID
    """The field's ID; its values are removed as well."""


@input_type
class CustomFieldAssociationCreateInput:
    """A new association of a shared field."""

    field_id: strawberry.ID
    """The shared field's ID."""
    association: CustomFieldAssociationInput
    """The association."""


@input_type
class CustomFieldAssociationPatchInput:
    """Changes to an association. Omit a field to keep it."""

    is_required: bool | None = strawberry.UNSET
    """Whether a value is required on this object; cannot be null."""
    editable_with_role_ids: list[strawberry.ID] | None = strawberry.UNSET
    """The roles that may edit values on this object; cannot be null."""


@input_type
class CustomFieldAssociationUpdateInput:
    """Changes to an association of a shared field."""

    field_id: strawberry.ID
    """The shared field's ID."""
    target: CustomFieldTargetInput
    """The kind of object."""
    patch: CustomFieldAssociationPatchInput
    """The changes."""


@input_type
class CustomFieldAssociationDeleteInput:
    """Which association of a shared field to remove."""

    field_id: strawberry.ID
    """The shared field's ID."""
    target: CustomFieldTargetInput
    """The kind of object."""


@input_type
class CustomFieldSchemaReorderInput:
    """The order of all fields of one kind of object."""

    target: CustomFieldTargetInput
    """The kind of object."""
    field_ids: list[strawberry.ID]
    """Every field ID, own and shared, in the new order; those that are left out keep theirs at the end."""


@object_type
class CustomFieldCreatePayload(MutationPayload):
    """The outcome of `customFieldCreate`."""

    custom_field: CustomField | None = related(stored.field_by_id, "custom_field_id")
    """The new field."""


@object_type
class CustomFieldUpdatePayload(MutationPayload):
    """The outcome of `customFieldUpdate`."""

    custom_field: CustomField | None = related(stored.field_by_id, "custom_field_id")
    """The changed field."""


@object_type
class CustomFieldDeletePayload(MutationPayload):
    """The outcome of `customFieldDelete`."""

    deleted_id: strawberry.ID | None
    """The ID of the removed field."""
    removed_value_count: int | None
    """How many values went with the field: one for each object that had it set."""


@object_type
class CustomFieldAssociationCreatePayload(MutationPayload):
    """The outcome of `customFieldAssociationCreate`."""

    association: CustomFieldAssociation | None = related(stored.association_by_id, "association_id")
    """The new association."""


@object_type
class CustomFieldAssociationUpdatePayload(MutationPayload):
    """The outcome of `customFieldAssociationUpdate`."""

    association: CustomFieldAssociation | None = related(stored.association_by_id, "association_id")
    """The changed association."""


@object_type
class CustomFieldAssociationDeletePayload(MutationPayload):
    """The outcome of `customFieldAssociationDelete`."""

    field: CustomField | None = related(stored.field_by_id, "field_id")
    """The field without the association."""
    removed_value_count: int | None
    """How many values went with the association: one for each object that had the field set."""


@object_type
class CustomFieldSchemaReorderPayload(MutationPayload):
    """The outcome of `customFieldSchemaReorder`."""

    schema: CustomFieldSchema | None = measured(schemas.by_target, "target")
    """The fields in the new order."""


class _SchemaOf(Measure):
    """The schema of the kind of object that the input `target` names."""

    def statement(
        self, *, target: CustomFieldTargetInput | None = None, include_hidden: bool = False, **_: Any
    ) -> Select[Any]:
        named = target_of(**given(target)) if target else None
        return schemas.of_target.statement(target=named, include_hidden=include_hidden)

    def answers(self, rows: Sequence[Any]) -> dict[str, Any]:
        return schemas.of_target.answers(rows)

    def nothing(self) -> None:
        return None


def definitions(
    read: Read,
    scope: Annotated[Scope | None, strawberry.argument(description="The scope; every scope when omitted.")] = None,
) -> Read:
    """The fields of every scope, or of one."""
    return read.where(read.table.c.scope == scope) if scope is not None else read


_TARGET = Annotated[CustomFieldTargetInput, strawberry.argument(description="The kind of object.")]
_HIDDEN = Annotated[
    bool, strawberry.argument(description="Whether to include fields of the type HIDDEN, which people never see.")
]


@object_type
class CustomFieldQueries:
    custom_field_definition: CustomField | None = related(stored.field_by_id, argument="id")
    """A custom field."""
    custom_field_definitions: list[CustomField] = related(
        stored.fields_in_organization, "organization_id", narrow=definitions
    )
    """The custom fields that are defined in one scope, or in all."""
    custom_field_schema: CustomFieldSchema | None = measured(
        _SchemaOf(),
        "organization_id",
        required={"target": _TARGET, "include_hidden": _HIDDEN},
        defaults={"include_hidden": False},
    )
    """All fields of one kind of object, own and shared, in display order."""


@object_type
class CustomFieldMutations:
    custom_field_create: CustomFieldCreatePayload = mutation(custom_fields.create, CustomFieldCreateInput)
    """Defines a custom field. Needs MANAGE_ORGANIZATION."""
    custom_field_update: CustomFieldUpdatePayload = mutation(custom_fields.update, CustomFieldUpdateInput)
    """Changes a custom field. Needs MANAGE_ORGANIZATION."""
    custom_field_delete: CustomFieldDeletePayload = mutation(custom_fields.delete, CustomFieldDeleteInput)
    """Deletes a custom field and its values. Needs MANAGE_ORGANIZATION."""
    custom_field_association_create: CustomFieldAssociationCreatePayload = mutation(
        places.associate, CustomFieldAssociationCreateInput
    )
    """Associates a shared field with one more kind of object. Needs MANAGE_ORGANIZATION."""
    custom_field_association_update: CustomFieldAssociationUpdatePayload = mutation(
        places.update_association, CustomFieldAssociationUpdateInput
    )
    """Changes an association of a shared field. Needs MANAGE_ORGANIZATION."""
    custom_field_association_delete: CustomFieldAssociationDeletePayload = mutation(
        places.dissociate, CustomFieldAssociationDeleteInput
    )
    """Removes an association of a shared field and its values there. Needs MANAGE_ORGANIZATION."""
    custom_field_schema_reorder: CustomFieldSchemaReorderPayload = mutation(
        places.reorder, CustomFieldSchemaReorderInput
    )
    """Reorders the fields of one kind of object. Needs MANAGE_ORGANIZATION."""
