"""What a search takes: the filter tree, of which each node is exactly one member, and the sort."""

import datetime as dt
from decimal import Decimal
from enum import Enum
from typing import Any

import strawberry

from app.domain.filters import Kind, ReferenceType
from app.domain.moments import Anchor, DayEdge, Duration, Period
from app.domain.words import TextMode
from app.graphql.declare import input_type, one_of
from app.graphql.inputs import Input
from app.graphql.orders import OrderDirection
from app.graphql.search.enums import SEARCH_FIELDS, SORT_FIELDS, SearchObjectType


def _field_of(kind: Kind) -> Any:
    return strawberry.field(default=strawberry.UNSET, graphql_type=SEARCH_FIELDS[kind] | None)


def _sorted_by(kind: Kind) -> Any:
    return strawberry.field(default=strawberry.UNSET, graphql_type=SORT_FIELDS[kind] | None)


@input_type
class TextMatchInput:
    """Words to look for."""

    value: str
    """The words."""
    mode: TextMode = TextMode.FULL_WORDS
    """How the words are matched."""


@input_type
class DayMomentInput:
    """The start or the end of a calendar day in the request's time zone."""

    date: dt.date
    """The day."""
    edge: DayEdge = DayEdge.START
    """Which end of the day."""


@input_type
class RelativeMomentInput(Input):
    """A moment that moves with the clock."""

    anchor: Anchor = Anchor.NOW
    """Where to start."""
    offset: Duration | None = strawberry.UNSET
    """How far to go from there; negative goes back."""
    snap_to: DayEdge | None = strawberry.UNSET
    """After the offset, go to this edge of that day."""


@input_type
class PeriodMomentInput:
    """An edge of a period around now, in the request's time zone."""

    period: Period
    """The period."""
    edge: DayEdge = DayEdge.START
    """Which edge."""


@one_of
class MomentInput:
    """A fixed or a moving moment."""

    date_time: dt.datetime | None = strawberry.UNSET
    """A fixed instant."""
    day: DayMomentInput | None = strawberry.UNSET
    """The start or the end of a calendar day."""
    relative: RelativeMomentInput | None = strawberry.UNSET
    """A moment that moves with the clock."""
    period: PeriodMomentInput | None = strawberry.UNSET
    """An edge of a period around now."""


@input_type
class TermConditionInput:
    """A condition on a choice or a fixed value."""

    values: list[str]
    """The accepted values."""


@input_type
class ReferenceConditionInput(Input):
    """A condition on a reference; the kind of object follows from the IDs."""

    ids: list[strawberry.ID]
    """The accepted IDs, all of one kind."""
    type: ReferenceType | None = strawberry.UNSET
    """The kind of object; it follows from the field when omitted."""


@input_type
class NumberRangeInput(Input):
    """A range of numbers; at least one bound is needed."""

    gt: Decimal | None = strawberry.UNSET
    """Greater than this."""
    gte: Decimal | None = strawberry.UNSET
    """Greater than or equal to this."""
    lt: Decimal | None = strawberry.UNSET
    """Less than this."""
    lte: Decimal | None = strawberry.UNSET
    """Less than or equal to this."""


@input_type
class MomentRangeInput(Input):
    """A range of days or instants; at least one bound is needed."""

    after: MomentInput | None = strawberry.UNSET
    """After this moment."""
    on_or_after: MomentInput | None = strawberry.UNSET
    """At or after this moment."""
    before: MomentInput | None = strawberry.UNSET
    """Before this moment."""
    on_or_before: MomentInput | None = strawberry.UNSET
    """At or before this moment."""


@one_of
class FieldConditionInput:
    """A condition on a value; the member has to fit the field's type (see `searchFields`)."""

    boolean: bool | None = strawberry.UNSET
    """The value is yes (true) or no (false)."""
    current_user: bool | None = strawberry.UNSET
    """The value is (true) or is not (false) the caller."""
    exists: bool | None = strawberry.UNSET
    """The value is set (true) or missing (false)."""
    text: TextMatchInput | None = strawberry.UNSET
    """The value holds these words."""
    term: TermConditionInput | None = strawberry.UNSET
    """The value is one of these choices."""
    reference: ReferenceConditionInput | None = strawberry.UNSET
    """The value refers to one of these objects."""
    number_range: NumberRangeInput | None = strawberry.UNSET
    """The value is a number in this range."""
    moment_range: MomentRangeInput | None = strawberry.UNSET
    """The value is a day or an instant in this range."""


@one_of
class SearchFieldInput:
    """Names one field: a regular field of one kind of object, or a custom field."""

    lead: Enum | None = _field_of(Kind.LEAD)
    """A field of leads."""
    contact: Enum | None = _field_of(Kind.CONTACT)
    """A field of contacts."""
    contact_phone: Enum | None = _field_of(Kind.CONTACT_PHONE)
    """A field of contacts' phone numbers."""
    contact_email: Enum | None = _field_of(Kind.CONTACT_EMAIL)
    """A field of contacts' email addresses."""
    contact_url: Enum | None = _field_of(Kind.CONTACT_URL)
    """A field of contacts' links."""
    address: Enum | None = _field_of(Kind.ADDRESS)
    """A field of leads' addresses."""
    opportunity: Enum | None = _field_of(Kind.OPPORTUNITY)
    """A field of opportunities."""
    task: Enum | None = _field_of(Kind.TASK)
    """A field of tasks."""
    activity: Enum | None = _field_of(Kind.ACTIVITY)
    """A field that all activities have."""
    call: Enum | None = _field_of(Kind.CALL)
    """A field of calls."""
    email: Enum | None = _field_of(Kind.EMAIL)
    """A field of emails."""
    note: Enum | None = _field_of(Kind.NOTE)
    """A field of notes."""
    sms: Enum | None = _field_of(Kind.SMS)
    """A field of text messages."""
    meeting: Enum | None = _field_of(Kind.MEETING)
    """A field of meetings."""
    custom_activity: Enum | None = _field_of(Kind.CUSTOM_ACTIVITY)
    """A field of custom activities."""
    custom_field: strawberry.ID | None = strawberry.UNSET
    """The ID of a custom field."""


@input_type
class FieldConditionQueryInput:
    """A condition on one field."""

    field: SearchFieldInput
    """The field."""
    condition: FieldConditionInput
    """What its value has to match."""


@input_type
class HasRelatedInput(Input):
    """A condition on a related object."""

    this_object_type: Kind | None = strawberry.UNSET
    """The kind of object that the relation starts from; taken from the surrounding query when omitted."""
    related_object_type: Kind
    """The kind of the related object."""
    related_query: "SearchQueryInput"
    """What the related object has to match."""


@input_type
class InStatusInput(Input):
    """A stay in a status."""

    status_ids: list[strawberry.ID]
    """The statuses."""
    on_or_after: MomentInput | None = strawberry.UNSET
    """At or after this moment."""
    before: MomentInput | None = strawberry.UNSET
    """Before this moment."""


@one_of
class SearchQueryInput:
    """
    One node of the filter tree: exactly one member is given, and any node can be
    turned around with `not`. Trees may be 20 levels deep and hold 200 nodes.
    """

    and_: list["SearchQueryInput"] | None = strawberry.field(name="and", default=strawberry.UNSET)
    """Every query has to match; an empty list matches everything."""
    or_: list["SearchQueryInput"] | None = strawberry.field(name="or", default=strawberry.UNSET)
    """At least one query has to match; an empty list matches nothing."""
    not_: "SearchQueryInput | None" = strawberry.field(name="not", default=strawberry.UNSET)
    """The query must not match."""
    match_all: bool | None = strawberry.UNSET
    """Everything (true) or nothing (false)."""
    id: strawberry.ID | None = strawberry.UNSET
    """The object with this ID."""
    object_type: SearchObjectType | None = strawberry.UNSET
    """Objects of this kind."""
    text: TextMatchInput | None = strawberry.UNSET
    """Words in most text-like fields of the object."""
    has_related: HasRelatedInput | None = strawberry.UNSET
    """A related object has to match."""
    field_condition: FieldConditionQueryInput | None = strawberry.UNSET
    """The value of one field has to match."""
    in_status: InStatusInput | None = strawberry.UNSET
    """An opportunity that was in one of these statuses in this time."""


@one_of
class SearchSortFieldInput:
    """Names the field that results are sorted by."""

    lead: Enum | None = _sorted_by(Kind.LEAD)
    """A field of leads."""
    contact: Enum | None = _sorted_by(Kind.CONTACT)
    """A field of contacts."""
    custom_field: strawberry.ID | None = strawberry.UNSET
    """The ID of a custom field that holds text, a number, a day or an instant."""


@input_type
class SearchSortInput:
    """How results are sorted."""

    field: SearchSortFieldInput
    """The field; it has to belong to the objects that are returned."""
    direction: OrderDirection = OrderDirection.ASC
    """The direction."""
