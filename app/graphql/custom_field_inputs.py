"""Inputs that say what becomes of custom-field values."""

import datetime as dt
from decimal import Decimal

import strawberry

from app.graphql.declare import input_type, one_of
from app.graphql.scalars import JSON


@one_of
class UserRefInput:
    """Names a user by ID or by exact full name."""

    id: strawberry.ID | None = strawberry.UNSET
    """The user's ID (recommended)."""
    name: str | None = strawberry.UNSET
    """The user's exact display name."""


@one_of
class CustomFieldValueInput:
    """A whole custom-field value; the member has to fit the field's data type."""

    text: str | None = strawberry.UNSET
    """For TEXT and TEXTAREA."""
    number: Decimal | None = strawberry.UNSET
    """For NUMBER."""
    date: dt.date | None = strawberry.UNSET
    """For DATE."""
    date_time: dt.datetime | None = strawberry.UNSET
    """For DATETIME."""
    choices: list[str] | None = strawberry.UNSET
    """For CHOICES; replaces the whole list."""
    users: list[UserRefInput] | None = strawberry.UNSET
    """For USER; replaces the whole list."""
    contacts: list[strawberry.ID] | None = strawberry.UNSET
    """For CONTACT; the IDs replace the whole list."""
    json: JSON | None = strawberry.UNSET
    """For HIDDEN."""


@one_of
class CustomFieldItemInput:
    """One item of a custom field that takes several values."""

    choice: str | None = strawberry.UNSET
    """For CHOICES."""
    user: UserRefInput | None = strawberry.UNSET
    """For USER."""
    contact: strawberry.ID | None = strawberry.UNSET
    """For CONTACT: the contact's ID."""


@input_type
class CustomFieldSetInput:
    """A field and its whole new value."""

    field_id: strawberry.ID
    """The field's ID."""
    value: CustomFieldValueInput
    """The value."""


@input_type
class CustomFieldItemChangeInput:
    """A field and one of its items."""

    field_id: strawberry.ID
    """The field's ID; the field has to take several values."""
    item: CustomFieldItemInput
    """The item."""


@one_of
class CustomFieldChangeInput:
    """A change of one custom-field value."""

    set: CustomFieldSetInput | None = strawberry.UNSET
    """Replaces the whole value."""
    unset: strawberry.ID | None = strawberry.UNSET
    """Removes the value of the field with this ID."""
    add: CustomFieldItemChangeInput | None = strawberry.UNSET
    """Adds one item; nothing happens when it is there."""
    remove: CustomFieldItemChangeInput | None = strawberry.UNSET
    """Removes one item; nothing happens when it is not there."""
