"""The enums of the search: the domain's under their names in the schema, and the fields as the catalogue has them."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, cast

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition
from strawberry.utils.str_converters import capitalize_first, to_camel_case

from app.domain.filters import SEARCHED, ConditionKind, Kind, ReferenceType
from app.domain.moments import Anchor, DayEdge, Period
from app.domain.search_fields import Field, FieldType
from app.domain.words import TextMode
from app.graphql.declare import enumeration
from app.storage.search.catalogue import REGULAR

enumeration(DayEdge)
enumeration(Kind, name="SearchRelatedType")
enumeration(TextMode, name="TextMatchMode")
enumeration(Anchor, name="MomentAnchor")
enumeration(Period, name="RelativePeriod")
enumeration(ReferenceType, name="SearchReferenceType")
enumeration(ConditionKind, name="FieldConditionKind")


@enumeration
class SearchObjectType(Enum):
    """The kinds of object that a search returns. Values may be added."""

    LEAD = Kind.LEAD.value
    """Leads."""
    CONTACT = Kind.CONTACT.value
    """Contacts."""


_OWNERS = {
    Kind.LEAD: "leads",
    Kind.CONTACT: "contacts",
    Kind.CONTACT_PHONE: "contacts' phone numbers",
    Kind.CONTACT_EMAIL: "contacts' email addresses",
    Kind.CONTACT_URL: "contacts' links",
    Kind.ADDRESS: "leads' addresses",
    Kind.OPPORTUNITY: "opportunities",
    Kind.TASK: "tasks",
    Kind.CALL: "calls",
    Kind.EMAIL: "emails",
    Kind.NOTE: "notes",
    Kind.SMS: "text messages",
    Kind.MEETING: "meetings",
    Kind.CUSTOM_ACTIVITY: "custom activities",
}
_SPOKEN = {
    FieldType.LABEL: "text",
    FieldType.CHOICE: "term",
    FieldType.KEY: "term",
    FieldType.FLAG: "yes or no",
}


def _spoken(field: Field) -> str:
    """The type of a field in words."""
    if field.type is FieldType.REFERENCE and field.reference is not None:
        return field.reference.value.replace("_", " ")
    return _SPOKEN.get(field.type, field.type.value)


def _made(name: str, description: str, members: Iterable[tuple[str, str]]) -> Any:
    """An enum of field names, each with its description; its values are the names in lower case."""
    described = dict(members)
    made = cast(Any, Enum)(name, {member.upper(): member for member in described}, module=__name__)
    strawberry.enum(made, description=description)
    definition: StrawberryEnumDefinition = made.__strawberry_definition__
    for value in definition.values:
        value.description = described[value.name.lower()]
    return made


def _camel(kind: Kind) -> str:
    return capitalize_first(to_camel_case(kind.value))


def _search_fields(kind: Kind) -> Any:
    owner = "that all activities have" if kind is Kind.ACTIVITY else f"of {_OWNERS[kind]}"
    members = [(name, f"{field.description} ({_spoken(field)}).") for name, field in sorted(REGULAR[kind].items())]
    return _made(f"{_camel(kind)}SearchField", f"Fields {owner}. Values may be added.", members)


def _sort_fields(kind: Kind) -> Any:
    members = [(name, f"{field.description}.") for name, field in sorted(REGULAR[kind].items()) if field.sortable]
    return _made(f"{_camel(kind)}SortField", f"Fields of {_OWNERS[kind]} that results can be sorted by.", members)


SEARCH_FIELDS: Mapping[Kind, Any] = {kind: _search_fields(kind) for kind, fields in REGULAR.items() if fields}
"""The enum of the fields of each kind that has some of its own."""

SORT_FIELDS: Mapping[Kind, Any] = {kind: _sort_fields(kind) for kind in sorted(SEARCHED)}
