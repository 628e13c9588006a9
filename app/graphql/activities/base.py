"""What every activity has, and how its kind decides its type (rule A1)."""

import datetime as dt
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from sqlalchemy import func, type_coerce
from strawberry.utils.str_converters import to_camel_case

from app.domain.activities import ActivityType
from app.graphql.declare import interface
from app.graphql.fields import derived, related
from app.graphql.nodes import Auditable, Kind
from app.graphql.organizations import User
from app.storage import activities as stored
from app.storage import contacts, leads, organizations
from app.storage.json_text import IntMember, TextMember, TextsMember
from app.storage.types import Choice

if TYPE_CHECKING:
    from app.graphql.contacts import Contact
    from app.graphql.leads import Lead

LazyLead = Annotated["Lead", strawberry.lazy("app.graphql.leads")]
LazyContact = Annotated["Contact", strawberry.lazy("app.graphql.contacts")]


@interface
class Activity(Auditable):
    """Something that happened on a lead."""

    resolve_type = None
    type: ActivityType
    """The kind of activity."""
    lead: LazyLead | None = related(leads.by_id, "lead_id")
    """The lead that it happened on."""
    contact: LazyContact | None = related(contacts.by_id, "contact_id")
    """The contact that it happened with."""
    user: User | None = related(organizations.user_by_id, "user_id")
    """The user who did it."""
    date: dt.datetime
    """When it took place."""


def detail(name: str) -> Callable[[dict[str, Any]], Any]:
    """The function that takes one member out of an activity's details."""
    return lambda details: details.get(name)


def details(name: str) -> Callable[[dict[str, Any]], list[Any]]:
    """The same for a list, empty where there is none."""
    return lambda details: details.get(name) or []


def text_of(name: str) -> Any:
    """The field of a text in the details."""
    return derived(detail(name), "details", sql=lambda stored: TextMember(stored, name))


def number_of(name: str) -> Any:
    """The field of a whole number there."""
    return derived(detail(name), "details", sql=lambda stored: IntMember(stored, name))


def texts_of(name: str) -> Any:
    """The field of a list of texts there."""
    return derived(details(name), "details", sql=lambda stored: TextsMember(stored, name))


def or_empty(text: str | None) -> str:
    """A text that the schema calls non-null reads as empty where none is stored."""
    return text or ""


def or_empty_of(column: str) -> Any:
    """The field of such a text."""
    return derived(or_empty, column, sql=lambda text: func.coalesce(text, "", type_=text.type))


def member_of(members: type[StrEnum], column: str) -> Any:
    """The field of an enum that is stored as a text, for other kinds keep theirs in the same column."""
    return derived(members, column, sql=lambda stored: type_coerce(stored, Choice(members)))


def typename(row: Any) -> str:
    """The type of an activity's row: LEAD_STATUS_CHANGE is LeadStatusChange, CUSTOM is CustomActivity."""
    if row.type is ActivityType.CUSTOM:
        return "CustomActivity"
    name = to_camel_case(row.type.value)
    return name[0].upper() + name[1:]


KINDS = [Kind("acti_", stored.by_id, typename)]
