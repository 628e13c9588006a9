"""Custom fields, where they are placed, the values that objects hold, and custom activity types."""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, ColumnElement, Date, Integer, exists, select
from sqlmodel import Field

from app.domain.custom_fields import DataType, OwnerType, Scope
from app.storage.reads import Read, ascending, children, one, table_of
from app.storage.scope import visible
from app.storage.tables import (
    Audited,
    Tenant,
    choice,
    constraints,
    editors,
    index,
    instant,
    json,
    key_of,
    link,
    number_key_of,
    prose,
    unique,
    word,
    words_of,
)
from app.storage.types import Exact


class CustomActivityType(Audited, table=True):
    __tablename__ = "custom_activity_type"
    __table_args__ = constraints(editors(), unique("name_key"))
    name: str = prose()
    name_key: str = word()
    description: str | None = prose(default=None)
    is_archived: bool = Field(default=False, sa_type=Boolean)
    api_create_only: bool = Field(default=False, sa_type=Boolean)
    editable_with_role_ids: list[str] = json(default_factory=list)


class CustomField(Audited, table=True):
    """A definition. `home` is what the name is unique in: the scope, or the custom activity type's id."""

    __tablename__ = "custom_field"
    __table_args__ = constraints(
        editors(), link("custom_activity_type", "custom_activity_type_id"), unique("home", "name_key")
    )
    scope: Scope = choice(Scope)
    custom_activity_type_id: str | None = word(default=None)
    home: str = word()
    name: str = prose()
    name_key: str = word()
    description: str | None = prose(default=None)
    data_type: DataType = choice(DataType)
    choices: list[str] | None = json(default=None)
    accepts_multiple_values: bool = Field(default=False, sa_type=Boolean)
    editable_with_role_ids: list[str] = json(default_factory=list)


class CustomFieldPlacement(Tenant, table=True):
    """A field's place on one kind of object: one row for a regular field, one per association for a shared one.

    `target` is lead, contact, opportunity or the id of a custom activity type. The roles are those of the
    association; a regular field's own roles are on the field.
    """

    __tablename__ = "custom_field_placement"
    __table_args__ = constraints(
        link("custom_field", "field_id", ondelete="CASCADE"),
        unique("target", "field_id"),
        index("custom_field_placement", "target", "position"),
    )
    target: str = word()
    field_id: str = word()
    position: int
    is_required: bool = Field(default=False, sa_type=Boolean)
    editable_with_role_ids: list[str] = json(default_factory=list)


class CustomFieldValue(Tenant, table=True):
    """One value of one field on one object.

    `item` is a choice, or the id of a user or contact. `slot` keeps a value from being there
    twice: it is the item where a field takes several values, and empty where it takes one.
    Exactly one of the four owner columns is set; they carry the foreign keys, `object_id` repeats that one.
    """

    __tablename__ = "custom_field_value"
    __table_args__ = constraints(
        link("custom_field", "field_id", ondelete="CASCADE"),
        link("lead", "lead_id", ondelete="CASCADE"),
        link("contact", "contact_id", ondelete="CASCADE"),
        link("opportunity", "opportunity_id", ondelete="CASCADE"),
        link("activity", "activity_id", ondelete="CASCADE"),
        unique("object_id", "field_id", "slot"),
        CheckConstraint("object_id = coalesce(lead_id, contact_id, opportunity_id, activity_id)", name="object"),
        index("custom_field_value", "field_id", "number_key", end="object_id"),
        index("custom_field_value", "field_id", "text_key", end="object_id"),
        index("custom_field_value", "field_id", "date", end="object_id"),
        index("custom_field_value", "field_id", "date_time", end="object_id"),
        index("custom_field_value", "field_id", "item", end="object_id"),
        index("custom_field_value", "lead_id"),
        index("custom_field_value", "contact_id"),
        index("custom_field_value", "opportunity_id"),
        index("custom_field_value", "activity_id"),
    )
    object_id: str = word()
    owner_type: OwnerType = choice(OwnerType)
    lead_id: str | None = word(default=None)
    contact_id: str | None = word(default=None)
    opportunity_id: str | None = word(default=None)
    activity_id: str | None = word(default=None)
    field_id: str = word()
    slot: str = word(default="")
    position: int = Field(default=0, sa_type=Integer)
    text: str | None = prose(default=None)
    number: Decimal | None = Field(default=None, sa_type=Exact)
    date: dt.date | None = Field(default=None, sa_type=Date)
    date_time: dt.datetime | None = instant(default=None)
    item: str | None = word(default=None)
    json_value: Any = json(default=None, nullable=True)
    text_words: str | None = words_of("text")
    text_key: str | None = key_of("text")
    number_key: Decimal | None = number_key_of("number")


def _is_required() -> ColumnElement[bool]:
    """Whether a field of a custom activity type is required there, which its one place says."""
    fields, place = table_of(CustomField), table_of(CustomFieldPlacement).alias("own_place")
    own = place.c.field_id == fields.c.id, place.c.target == fields.c.custom_activity_type_id
    return exists().where(visible(place), *own, place.c.is_required).correlate(fields)


def _whole(read: Read) -> Read:
    return read.with_column(_is_required().label("is_required"))


def _associations() -> Read:
    """The places of a shared field; a regular one's place is no association."""
    fields = table_of(CustomField).alias("shared_field")
    shared = select(fields.c.id).where(visible(fields), fields.c.scope == Scope.SHARED)
    places = children(
        CustomFieldPlacement, of=CustomFieldPlacement.field_id, order=[ascending(CustomFieldPlacement.target)]
    )
    return places.where(table_of(CustomFieldPlacement).c.field_id.in_(shared))


field_by_id = _whole(one(CustomField))
activity_type_by_id = one(CustomActivityType)
association_by_id = one(CustomFieldPlacement)
associations_by_field = _associations()
fields_in_organization = _whole(
    children(CustomField, of=CustomField.organization_id, order=[ascending(CustomField.date_created)])
)
activity_types_in_organization = children(
    CustomActivityType, of=CustomActivityType.organization_id, order=[ascending(CustomActivityType.date_created)]
)
