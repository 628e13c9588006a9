"""Custom fields: the types of data and the objects that hold them (rules CF1, CF12)."""

from enum import StrEnum


class DataType(StrEnum):
    """The type of data that a custom field holds. Values may be added."""

    TEXT = "text"
    """One line of text."""
    TEXTAREA = "textarea"
    """Several lines of text; only on custom activities."""
    NUMBER = "number"
    """A number."""
    DATE = "date"
    """A calendar day."""
    DATETIME = "datetime"
    """An instant."""
    CHOICES = "choices"
    """One or more values from a fixed list."""
    USER = "user"
    """One or more users."""
    CONTACT = "contact"
    """One or more contacts of the same lead."""
    HIDDEN = "hidden"
    """Any JSON value; never shown to people."""


class Scope(StrEnum):
    """Where a custom field is defined."""

    LEAD = "lead"
    """On leads."""
    CONTACT = "contact"
    """On contacts."""
    OPPORTUNITY = "opportunity"
    """On opportunities."""
    ACTIVITY = "activity"
    """On one custom activity type."""
    SHARED = "shared"
    """On every object that it is associated with."""


class OwnerType(StrEnum):
    """The kinds of object that hold custom-field values."""

    LEAD = "lead"
    CONTACT = "contact"
    OPPORTUNITY = "opportunity"
    ACTIVITY = "activity"


class FieldObject(StrEnum):
    """An object with custom fields, other than a custom activity."""

    LEAD = "lead"
    """A lead."""
    CONTACT = "contact"
    """A contact."""
    OPPORTUNITY = "opportunity"
    """An opportunity."""
