"""What can be done with one custom-field value, on any kind of object that holds them."""

from typing import Any, cast

import strawberry

from app.domain.custom_fields import OwnerType
from app.graphql.context import Info
from app.graphql.custom_field_inputs import CustomFieldItemInput, CustomFieldValueInput
from app.graphql.custom_fields import CustomFieldOwner, CustomFieldValue
from app.graphql.declare import input_type, object_type, resolved
from app.graphql.nodes import Found
from app.graphql.payloads import MutationPayload, mutation
from app.services import custom_value_owners as services
from app.storage import activities, contacts, custom_values, leads, opportunities

_OWNERS = {
    OwnerType.LEAD: (leads.by_id, "Lead"),
    OwnerType.CONTACT: (contacts.by_id, "Contact"),
    OwnerType.OPPORTUNITY: (opportunities.by_id, "Opportunity"),
    OwnerType.ACTIVITY: (activities.by_id, "CustomActivity"),
}


async def _owner(self: Any, info: Info) -> CustomFieldOwner | None:
    """The changed object."""
    if self.owner_id is None:
        return None
    read, typename = _OWNERS[self.owner_type]
    row = await info.context.load(read, self.owner_id)
    return cast(CustomFieldOwner | None, None if row is None else Found(row, typename))


async def _value(self: Any, info: Info) -> CustomFieldValue | None:
    """The value as it is now."""
    if self.owner_id is None:
        return None
    found: Any = await info.context.load(custom_values.of_field, self.owner_id, id=self.field_id)
    return cast(CustomFieldValue | None, found)


async def _value_left(self: Any, info: Info) -> CustomFieldValue | None:
    """The value as it is now; null when no item is left."""
    return await _value(self, info)


@input_type
class CustomFieldValueSetInput:
    """Replaces a value on a lead, contact, opportunity or custom activity."""

    owner_id: strawberry.ID
    """The ID of the object that holds the value."""
    field_id: strawberry.ID
    """The field's ID."""
    value: CustomFieldValueInput
    """The value."""


@input_type
class CustomFieldValueUnsetInput:
    """Removes a value from a lead, contact, opportunity or custom activity."""

    owner_id: strawberry.ID
    """The ID of the object that holds the value."""
    field_id: strawberry.ID
    """The field's ID."""


@input_type
class CustomFieldValueAddInput:
    """Adds one item to a value that can hold several."""

    owner_id: strawberry.ID
    """The ID of the object that holds the value."""
    field_id: strawberry.ID
    """The field's ID."""
    item: CustomFieldItemInput
    """The item."""


@input_type
class CustomFieldValueRemoveInput:
    """Removes one item from a value that can hold several."""

    owner_id: strawberry.ID
    """The ID of the object that holds the value."""
    field_id: strawberry.ID
    """The field's ID."""
    item: CustomFieldItemInput
    """The item."""


@object_type
class CustomFieldValueSetPayload(MutationPayload):
    """The outcome of `customFieldValueSet`."""

    owner = resolved(_owner)
    value = resolved(_value)


@object_type
class CustomFieldValueUnsetPayload(MutationPayload):
    """The outcome of `customFieldValueUnset`."""

    owner = resolved(_owner)


@object_type
class CustomFieldValueAddPayload(MutationPayload):
    """The outcome of `customFieldValueAdd`."""

    owner = resolved(_owner)
    value = resolved(_value)


@object_type
class CustomFieldValueRemovePayload(MutationPayload):
    """The outcome of `customFieldValueRemove`."""

    owner = resolved(_owner)
    value = resolved(_value_left)


@object_type
class CustomFieldValueMutations:
    custom_field_value_set: CustomFieldValueSetPayload = mutation(services.set_value, CustomFieldValueSetInput)
    """Replaces a custom-field value."""
    custom_field_value_unset: CustomFieldValueUnsetPayload = mutation(services.unset_value, CustomFieldValueUnsetInput)
    """Removes a custom-field value."""
    custom_field_value_add: CustomFieldValueAddPayload = mutation(services.add_value, CustomFieldValueAddInput)
    """Adds one item to a custom-field value."""
    custom_field_value_remove: CustomFieldValueRemovePayload = mutation(
        services.remove_value, CustomFieldValueRemoveInput
    )
    """Removes one item from a custom-field value."""
