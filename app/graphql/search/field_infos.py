"""What each field can be searched with."""

from collections.abc import Iterator
from typing import Any

from app.domain.filters import ConditionKind, Kind, ReferenceType
from app.domain.search_fields import Field, Fields, has_fields_of
from app.graphql.custom_fields import CustomField
from app.graphql.declare import object_type
from app.graphql.fields import column, derived, related
from app.storage import custom_fields as stored_custom_fields


def _name(name: str, custom_field_id: str | None) -> str | None:
    return None if custom_field_id else name.upper()


@object_type
class SearchFieldInfo:
    """What a field can be searched with; for building query editors."""

    object_type: Kind = column("kind")
    """The kind of object that the field belongs to."""
    name: str | None = derived(_name, "name", "custom_field_id")
    """The enum value of a regular field, such as DATE_CREATED; null for a custom field."""
    custom_field: CustomField | None = related(stored_custom_fields.field_by_id, "custom_field_id")
    """The custom field; null for a regular field."""
    label: str
    """A label for people."""
    conditions: list[ConditionKind]
    """The conditions that fit the field."""
    reference_type: ReferenceType | None = column("reference")
    """The kind of object that a reference points to."""
    terms: list[str] | None
    """The accepted terms, when they form a short list."""
    is_sortable: bool = column("sortable")
    """Whether results can be sorted by the field."""


def listed(fields: Fields, kind: Kind | None) -> list[Any]:
    """The fields of a kind of object, those that all activities have included; the own ones of every kind without."""
    if kind is None:
        return [field for each in Kind for field in fields.of(each)]
    own = list(fields.of(kind))
    return [*own, *_shared(fields, kind, {field.name for field in own})]


def _shared(fields: Fields, kind: Kind, known: set[str]) -> Iterator[Field]:
    if kind is not Kind.ACTIVITY and has_fields_of(kind, Kind.ACTIVITY):
        yield from (field for name, field in fields.regular[Kind.ACTIVITY].items() if name not in known)
