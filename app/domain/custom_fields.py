"""Custom fields: the types of data, the objects that hold them, and what a definition may say (rules CF1-CF12,
CF23-CF26)."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from app.domain.checks import MAX_LABEL, Checks
from app.domain.errors import ErrorCode
from app.domain.text import clean, fold

MAX_DESCRIPTION = 280
MAX_CHOICES = 1_000
MAX_CHOICE = 200
MAX_FIELDS = 1_000
"""How many fields one kind of object can have, its own and shared ones together."""


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


SEVERAL = frozenset({DataType.CHOICES, DataType.USER, DataType.CONTACT})
"""The types of which a field can take several values (rule CF26)."""


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


def object_of(target: str) -> FieldObject | None:
    """The kind of object that a target is; None for a custom activity type."""
    return FieldObject(target) if target in _OBJECTS else None


def target_of(object: FieldObject | None = None, custom_activity_type_id: str | None = None) -> str | None:
    """A kind of object as the place of a field: its name, or the id of a custom activity type. None for an id that no
    type can have, for it is such a name."""
    if object is not None:
        return object.value
    return None if custom_activity_type_id in _OBJECTS else custom_activity_type_id


def spoken(target: str) -> str:
    """The objects of a target, for people."""
    return _SPOKEN.get(target, "activities of this type")


_OBJECTS = frozenset(each.value for each in FieldObject)
_SPOKEN = {"lead": "leads", "contact": "contacts", "opportunity": "opportunities"}


def checked(checks: Checks, data_type: DataType, members: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of the members of a definition that were given, cleaned; problems go to `checks`."""
    columns: dict[str, Any] = dict(checks.texts(members, {"name": MAX_LABEL, "description": MAX_DESCRIPTION}, ["name"]))
    if name := columns.get("name"):
        columns |= {"name": name.strip(), "name_key": fold(name)}
    if "choices" in members:
        columns["choices"] = _choices(checks, data_type, members["choices"])
    if "accepts_multiple_values" in members:
        columns["accepts_multiple_values"] = members["accepts_multiple_values"]
        if members["accepts_multiple_values"] and data_type not in SEVERAL:
            checks.invalid("Only CHOICES, USER and CONTACT fields take several values.", "accepts_multiple_values")
    return columns


def check_place(checks: Checks, data_type: DataType, target: str, *path: str | int) -> None:
    """Whether fields of this type can be on a kind of object (rule CF23)."""
    if data_type is DataType.TEXTAREA and object_of(target) is not None:
        checks.invalid("TEXTAREA fields can be on custom activity types alone.", *path)


def check_required(checks: Checks, scope: Scope, is_required: bool) -> None:
    """Whether the field itself can be required: what is required of other objects, an association says."""
    if is_required and scope is not Scope.ACTIVITY:
        checks.invalid("Only the fields of a custom activity type can be required.", "is_required")


def _choices(checks: Checks, data_type: DataType, choices: Sequence[str] | None) -> list[str] | None:
    """The valid values as they were given, for they are compared exactly (rule CF17)."""
    if data_type is not DataType.CHOICES:
        if choices is not None:
            checks.invalid("Only CHOICES fields have choices.", "choices")
        return None
    if not choices:
        code = ErrorCode.REQUIRED if choices is None else ErrorCode.INVALID
        checks.invalid("A CHOICES field needs choices.", "choices", code=code)
    elif len(choices) > MAX_CHOICES:
        checks.invalid(f"A field can have {MAX_CHOICES} choices at most, not {len(choices)}.", "choices")
    else:
        _check_each(checks.at("choices"), choices)
    return list(choices or ())


def _check_each(checks: Checks, choices: Sequence[str]) -> None:
    seen: set[str] = set()
    for i, choice in enumerate(choices):
        if clean(choice) is None:
            checks.invalid("A choice cannot be empty.", i)
        elif len(choice) > MAX_CHOICE:
            message = f"A choice can have {MAX_CHOICE} characters at most, not {len(choice)}."
            checks.invalid(message, i, code=ErrorCode.TOO_LONG)
        elif "\0" in choice:
            checks.invalid("A choice cannot hold a null character.", i)
        elif choice in seen:
            checks.invalid(f"{choice!r} is listed twice.", i)
        seen.add(choice)
