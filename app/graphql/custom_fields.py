"""Custom fields, and the values that leads, contacts, opportunities and custom activities hold."""

import datetime as dt
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import orjson
import strawberry
from sqlalchemy import ColumnElement, case, type_coerce

from app.domain.custom_fields import DataType, FieldObject, Scope, object_of
from app.graphql.context import Info
from app.graphql.declare import interface, object_type, resolved
from app.graphql.fields import derived, listed, measured, related, when
from app.graphql.nodes import Auditable, Kind, Node
from app.graphql.organizations import Role, User
from app.graphql.scalars import JSON, plain
from app.storage import contacts as stored_contacts
from app.storage import custom_field_schemas as schemas
from app.storage import custom_fields as stored
from app.storage import custom_values, organizations
from app.storage.json_text import ListMember, TextsMember
from app.storage.types import Choice

if TYPE_CHECKING:
    from app.graphql.contacts import Contact


def _ids(ids: list[str]) -> list[str]:
    return ids


def _choices(choices: list[str] | None) -> list[str] | None:
    return choices


def _stored_object(target: ColumnElement[str]) -> ColumnElement[Any]:
    return type_coerce(case(*((target == each.value, target) for each in FieldObject)), Choice(FieldObject))


@object_type
class CustomActivityType(Auditable):
    """An organization-defined type of activity."""

    name: str
    """The type's name."""
    description: str | None
    """What the type is for."""
    is_archived: bool
    """Whether new activities of this type can no longer be created."""
    api_create_only: bool
    """Whether only programs may create activities of this type. It is kept for other apps: every caller of this API is
    a program."""
    editable_with_roles: list[Role] = listed(organizations.role_by_id, _ids, "editable_with_role_ids", sql=ListMember)
    """The roles that may edit activities of this type; empty when not restricted."""
    fields: Annotated["CustomFieldSchema", strawberry.lazy("app.graphql.custom_fields")] = measured(schemas.by_target)
    """The fields of this type, in order."""


@object_type
class CustomField(Auditable):
    """An organization-defined field. `scope` tells where it is defined."""

    name: str
    """The name that people see."""
    description: str | None
    """A longer description, up to 280 characters."""
    scope: Scope
    """Where the field is defined."""
    data_type: DataType
    """The type of data."""
    choices: list[str] | None = derived(_choices, "choices", sql=partial(TextsMember, or_null=True))
    """The valid values; null unless the type is CHOICES."""
    accepts_multiple_values: bool
    """Whether several values can be set."""
    editable_with_roles: list[Role] = listed(organizations.role_by_id, _ids, "editable_with_role_ids", sql=ListMember)
    """The roles that may edit values; empty when not restricted."""
    custom_activity_type: CustomActivityType | None = related(stored.activity_type_by_id, "custom_activity_type_id")
    """The custom activity type; null unless the scope is ACTIVITY."""
    is_required: bool
    """Whether a published activity needs a value; false unless the scope is ACTIVITY."""
    associations: list[Annotated["CustomFieldAssociation", strawberry.lazy("app.graphql.custom_fields")]] = related(
        stored.associations_by_field
    )
    """The objects that the field is associated with; empty unless the scope is SHARED."""


@object_type
class CustomFieldAssociation:
    """A shared field on one kind of object."""

    field: CustomField = related(stored.field_by_id, "field_id")
    """The field."""
    object: FieldObject | None = derived(object_of, "target", sql=_stored_object)
    """The kind of object; null for a custom activity type."""
    custom_activity_type: CustomActivityType | None = related(stored.activity_type_by_id, "target")
    """The custom activity type; null for other objects."""
    is_required: bool
    """Whether a value is required on this object."""
    editable_with_roles: list[Role] = listed(organizations.role_by_id, _ids, "editable_with_role_ids", sql=ListMember)
    """The roles that may edit values on this object; empty when not restricted."""


@object_type
class CustomFieldSchemaEntry:
    """A field's place on one kind of object."""

    position: int
    """The place, from 0."""
    field: CustomField
    """The field."""
    is_shared: bool
    """Whether the field is shared."""
    is_required: bool
    """Whether a value is required on this object."""
    editable_with_roles: list[Role] = listed(organizations.role_by_id, _ids, "editable_with_role_ids")
    """The roles that may edit values on this object; empty when not restricted."""


@object_type
class CustomFieldSchema:
    """All fields of one kind of object, in display order."""

    object: FieldObject | None
    """The kind of object; null for a custom activity type."""
    custom_activity_type: CustomActivityType | None = related(stored.activity_type_by_id, "custom_activity_type_id")
    """The custom activity type; null for other objects."""
    entries: list[CustomFieldSchemaEntry]
    """The fields in order, own and shared."""
    hash: str
    """Changes whenever a field of the schema does."""


@interface
class CustomFieldValue:
    """The value of a custom field. Each data type has its own implementation."""

    field: CustomField = related(stored.field_by_id, "field_id")
    """The field."""

    @resolved
    async def display(self, info: Info) -> str:
        """The value on one line, for people."""
        return await _display(self, info)


@object_type
class CustomFieldTextValue(CustomFieldValue):
    """The value of a TEXT or TEXTAREA field."""

    is_type_of = when("data_type", DataType.TEXT, DataType.TEXTAREA)
    text: str
    """The text."""


@object_type
class CustomFieldNumberValue(CustomFieldValue):
    """The value of a NUMBER field."""

    is_type_of = when("data_type", DataType.NUMBER)
    number: Decimal
    """The number."""


@object_type
class CustomFieldDateValue(CustomFieldValue):
    """The value of a DATE field."""

    is_type_of = when("data_type", DataType.DATE)
    date: dt.date
    """The day."""


@object_type
class CustomFieldDateTimeValue(CustomFieldValue):
    """The value of a DATETIME field."""

    is_type_of = when("data_type", DataType.DATETIME)
    date_time: dt.datetime
    """The instant."""


@object_type
class CustomFieldChoicesValue(CustomFieldValue):
    """The value of a CHOICES field; one item when the field takes a single value."""

    is_type_of = when("data_type", DataType.CHOICES)
    choices: list[str] = derived(_ids, "items", sql=TextsMember)
    """The choices."""


@object_type
class CustomFieldUsersValue(CustomFieldValue):
    """The value of a USER field; one item when the field takes a single value."""

    is_type_of = when("data_type", DataType.USER)
    users: list[User] = listed(organizations.user_by_id, _ids, "items", sql=ListMember)
    """The users."""


@object_type
class CustomFieldContactsValue(CustomFieldValue):
    """The value of a CONTACT field; one item when the field takes a single value."""

    is_type_of = when("data_type", DataType.CONTACT)
    contacts: list[Annotated["Contact", strawberry.lazy("app.graphql.contacts")]] = listed(
        stored_contacts.by_id, _ids, "items", sql=ListMember
    )
    """The contacts."""


@object_type
class CustomFieldHiddenValue(CustomFieldValue):
    """The value of a HIDDEN field."""

    is_type_of = when("data_type", DataType.HIDDEN)
    json: JSON
    """The JSON value."""


_FieldId: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="The field's ID.")]


@interface
class CustomFieldOwner(Node):
    """An object that holds custom-field values."""

    custom_fields: list[CustomFieldValue] = measured(
        custom_values.by_object, arguments={"ids": list[strawberry.ID]}, sql=custom_values.shown_by_field
    )
    """The values that are set, in schema order."""

    custom_field: CustomFieldValue | None = measured(
        custom_values.of_field, required={"id": _FieldId}, sql=custom_values.shown_by_field
    )
    """The value of one field; null when it is not set."""


async def _display(value: Any, info: Info) -> str:
    match value.data_type:
        case DataType.NUMBER:
            return plain(value.number)
        case DataType.DATE:
            return str(value.date.isoformat())
        case DataType.DATETIME:
            return str(value.date_time.isoformat())
        case DataType.CHOICES:
            return ", ".join(value.items)
        case DataType.USER | DataType.CONTACT:
            read = organizations.user_by_id if value.data_type is DataType.USER else stored_contacts.by_id
            found = await info.context.load_many(read, value.items)
            return ", ".join(row.display_name for row in found if row is not None)
        case DataType.HIDDEN:
            return orjson.dumps(value.json).decode()
    return " ".join(value.text.split())


VALUE_TYPES = [
    CustomFieldTextValue,
    CustomFieldNumberValue,
    CustomFieldDateValue,
    CustomFieldDateTimeValue,
    CustomFieldChoicesValue,
    CustomFieldUsersValue,
    CustomFieldContactsValue,
    CustomFieldHiddenValue,
]

KINDS = [
    Kind("cf_", stored.field_by_id, "CustomField"),
    Kind("lcf_", stored.field_by_id, "CustomField"),
    Kind("actitype_", stored.activity_type_by_id, "CustomActivityType"),
]
