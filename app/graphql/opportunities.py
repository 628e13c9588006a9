"""Opportunities: deals with leads, and what they are worth."""

import datetime as dt
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from app.domain.opportunities import (
    StatusType,
    ValuePeriod,
    amount,
    annualized,
    annualized_expected,
    expected,
)
from app.graphql import amounts
from app.graphql.activities import OpportunityStatusChange
from app.graphql.connections import Connection
from app.graphql.custom_field_inputs import CustomFieldChangeInput, CustomFieldSetInput
from app.graphql.custom_fields import CustomFieldOwner
from app.graphql.declare import enumeration, input_type, object_type, one_of
from app.graphql.fields import connection, derived, related, totalled
from app.graphql.inputs import Input
from app.graphql.nodes import Auditable, Kind
from app.graphql.orders import OrderDirection, ordered
from app.graphql.organizations import User
from app.graphql.payloads import MutationPayload, mutation
from app.graphql.ranges import DateRangeInput, DateTimeRangeInput, members, within
from app.services import opportunities as services
from app.storage import activities as stored_activities
from app.storage import contacts as stored_contacts
from app.storage import leads as stored_leads
from app.storage import opportunities as stored
from app.storage import organizations
from app.storage.reads import Read

if TYPE_CHECKING:
    from app.graphql.contacts import Contact
    from app.graphql.leads import Lead
    from app.graphql.pipelines import OpportunityStatus


@object_type
class Money:
    """An amount in a currency."""

    amount: Decimal
    """The exact amount."""
    currency: str
    """The ISO 4217 currency code."""


@object_type
class Opportunity(CustomFieldOwner, Auditable):
    """A deal with a lead."""

    lead: Annotated["Lead", strawberry.lazy("app.graphql.leads")] = related(stored_leads.by_id, "lead_id")
    """The lead that the deal is with."""
    contact: Annotated["Contact", strawberry.lazy("app.graphql.contacts")] | None = related(
        stored_contacts.by_id, "contact_id"
    )
    """The person that the deal is with."""
    user: User | None = related(organizations.user_by_id, "user_id")
    """Who works on the deal."""
    status: Annotated["OpportunityStatus", strawberry.lazy("app.graphql.pipelines")] = related(
        stored.status_by_id, "status_id"
    )
    """Where the deal stands."""
    note: str | None
    """What the deal is about."""
    confidence: int
    """How likely the deal is, from 0 to 100."""
    value: Money | None = derived(amount, "value_cents", "currency", sql=amounts.amount)
    """What the deal is worth per period."""
    value_period: ValuePeriod
    """The period that the value is for."""
    expected_value: Money | None = derived(expected, "value_cents", "currency", "confidence", sql=amounts.expected)
    """The value times the confidence."""
    annualized_value: Money | None = derived(
        annualized, "value_cents", "currency", "value_period", sql=amounts.annualized
    )
    """The value per year."""
    annualized_expected_value: Money | None = derived(
        annualized_expected,
        "value_cents",
        "currency",
        "value_period",
        "confidence",
        sql=amounts.annualized_expected,
    )
    """The value per year times the confidence."""
    close_date: dt.date | None
    """When the deal is expected to close."""
    date_won: dt.date | None
    """When the deal was won."""
    date_lost: dt.datetime | None
    """When the deal was lost."""


def _amounts(sums: list[tuple[str, int]]) -> list[Any]:
    return [amount(cents, currency) for currency, cents in sums]


@object_type
class OpportunityConnection(Connection[Opportunity]):
    """A page of opportunities."""

    total_values: list[Money] = totalled(stored.values, _amounts, sql=amounts.total)
    """The summed values of all pages, one sum per currency."""


@input_type
class OpportunityFilterInput(Input):
    """Which opportunities to list."""

    ids: list[strawberry.ID] | None = strawberry.UNSET
    """Only these opportunities."""
    lead_ids: list[strawberry.ID] | None = strawberry.UNSET
    """Only opportunities of these leads."""
    user_ids: list[strawberry.ID] | None = strawberry.UNSET
    """Only opportunities of these users."""
    contact_ids: list[strawberry.ID] | None = strawberry.UNSET
    """Only opportunities with these contacts."""
    status_ids: list[strawberry.ID] | None = strawberry.UNSET
    """Only opportunities in these statuses."""
    status_types: list[StatusType] | None = strawberry.UNSET
    """Only opportunities in statuses of these kinds."""
    pipeline_ids: list[strawberry.ID] | None = strawberry.UNSET
    """Only opportunities in these pipelines."""
    close_date: DateRangeInput | None = strawberry.UNSET
    """Only opportunities expected to close in this range."""
    date_created: DateTimeRangeInput | None = strawberry.UNSET
    """Only opportunities created in this range."""
    date_won: DateRangeInput | None = strawberry.UNSET
    """Only opportunities won in this range."""


@enumeration
class OpportunityOrderField(Enum):
    """What opportunities can be ordered by. Those without a value come last in both directions."""

    DATE_CREATED = "date_created"
    """When the opportunity was created."""
    DATE_UPDATED = "date_updated"
    """When the opportunity was last changed."""
    CLOSE_DATE = "close_date"
    """When the deal is expected to close."""
    VALUE = "value_cents"
    """The value, whatever its currency and period."""
    CONFIDENCE = "confidence"
    """The confidence."""


@input_type
class OpportunityOrderInput:
    """How to order opportunities."""

    field: OpportunityOrderField = OpportunityOrderField.DATE_CREATED
    """What to order by."""
    direction: OrderDirection = OrderDirection.DESC
    """The direction."""


def opportunities(
    read: Read, filter: OpportunityFilterInput | None = None, order_by: OpportunityOrderInput | None = None
) -> Read:
    """The filter and order of a list of opportunities."""
    if filter is not None:
        rows = read.table.c
        read = read.where(
            *members(rows.id, filter.ids, "ids"),
            *members(rows.lead_id, filter.lead_ids, "lead_ids"),
            *members(rows.user_id, filter.user_ids, "user_ids"),
            *members(rows.contact_id, filter.contact_ids, "contact_ids"),
            *members(rows.status_id, filter.status_ids, "status_ids"),
            *_in_status(filter),
            *within(rows.close_date, filter.close_date),
            *within(rows.date_created, filter.date_created),
            *within(rows.date_won, filter.date_won),
        )
    return ordered(read, order_by.field.value, order_by.direction) if order_by is not None else read


def _in_status(filter: OpportunityFilterInput) -> list[Any]:
    statuses = stored.status_by_id.table.c
    conditions = [
        *members(statuses.type, filter.status_types, "status_types"),
        *members(statuses.pipeline_id, filter.pipeline_ids, "pipeline_ids"),
    ]
    return [stored.in_status(*conditions)] if conditions else []


@input_type
class MoneyInput:
    """An amount in a currency."""

    amount: Decimal
    """The exact amount, with two decimals at most."""
    currency: str | None = strawberry.UNSET
    """The ISO 4217 currency code; the organization's currency when omitted."""


@one_of
class OpportunityStatusRefInput:
    """Names an opportunity status by ID or by label."""

    id: strawberry.ID | None = strawberry.UNSET
    """The status's ID (recommended: labels can be renamed)."""
    label: str | None = strawberry.UNSET
    """The label of a status in the deal's pipeline; in the first pipeline for a new deal."""


@input_type
class OpportunityCreateInput:
    """A new opportunity."""

    lead_id: strawberry.ID
    """The lead's ID."""
    contact_id: strawberry.ID | None = strawberry.UNSET
    """The ID of a contact of the lead."""
    user_id: strawberry.ID | None = strawberry.UNSET
    """The user's ID; the caller when omitted."""
    status: OpportunityStatusRefInput | None = strawberry.UNSET
    """The status; the first active status when omitted."""
    note: str | None = strawberry.UNSET
    """What the deal is about."""
    confidence: int = 50
    """How likely the deal is, from 0 to 100."""
    value: MoneyInput | None = strawberry.UNSET
    """What the deal is worth per period."""
    value_period: ValuePeriod = ValuePeriod.ONE_TIME
    """The period that the value is for."""
    close_date: dt.date | None = strawberry.UNSET
    """When the deal is expected to close."""
    custom_fields: list[CustomFieldSetInput] | None = strawberry.UNSET
    """Custom-field values."""


@input_type
class OpportunityPatchInput:
    """Changes to an opportunity. Omit a field to keep it; null clears it."""

    contact_id: strawberry.ID | None = strawberry.UNSET
    """The ID of a contact of the lead."""
    user_id: strawberry.ID | None = strawberry.UNSET
    """The user's ID."""
    status: OpportunityStatusRefInput | None = strawberry.UNSET
    """The status; cannot be null."""
    note: str | None = strawberry.UNSET
    """What the deal is about."""
    confidence: int | None = strawberry.UNSET
    """How likely the deal is, from 0 to 100; cannot be null."""
    value: MoneyInput | None = strawberry.UNSET
    """What the deal is worth per period."""
    value_period: ValuePeriod | None = strawberry.UNSET
    """The period that the value is for; cannot be null."""
    close_date: dt.date | None = strawberry.UNSET
    """When the deal is expected to close."""
    date_won: dt.date | None = strawberry.UNSET
    """When the deal was won; only where its status is a won one."""
    custom_fields: list[CustomFieldChangeInput] | None = strawberry.UNSET
    """Changes to custom-field values, applied in order."""


@input_type
class OpportunityUpdateInput:
    """Which opportunity to change, and how."""

    id: strawberry.ID
    """The opportunity's ID."""
    patch: OpportunityPatchInput
    """The changes."""
    expected_version: int | None = strawberry.UNSET
    """Refuse the change when the object's version is not this one."""


@input_type
class OpportunityDeleteInput:
    """Which opportunity to delete."""

    id: strawberry.ID
    """The opportunity's ID."""


@input_type
class OpportunityChangeStatusInput:
    """A status change of an opportunity."""

    opportunity_id: strawberry.ID
    """The opportunity's ID."""
    status: OpportunityStatusRefInput
    """The new status."""


@object_type
class OpportunityCreatePayload(MutationPayload):
    """The outcome of `opportunityCreate`."""

    opportunity: Opportunity | None = related(stored.by_id, "opportunity_id")
    """The new opportunity."""


@object_type
class OpportunityUpdatePayload(MutationPayload):
    """The outcome of `opportunityUpdate`."""

    opportunity: Opportunity | None = related(stored.by_id, "opportunity_id")
    """The changed opportunity."""


@object_type
class OpportunityDeletePayload(MutationPayload):
    """The outcome of `opportunityDelete`."""

    deleted_id: strawberry.ID | None
    """The ID of the removed opportunity."""


@object_type
class OpportunityChangeStatusPayload(MutationPayload):
    """The outcome of `opportunityChangeStatus`."""

    opportunity: Opportunity | None = related(stored.by_id, "opportunity_id")
    """The changed opportunity."""
    activity: OpportunityStatusChange | None = related(stored_activities.by_id, "activity_id")
    """The record of the change; null when the status was the same."""


@object_type
class OpportunityQueries:
    opportunity: Opportunity | None = related(stored.by_id, argument="id")
    """An opportunity."""
    opportunities: OpportunityConnection = connection(stored.in_organization, "organization_id", narrow=opportunities)
    """Opportunities, newest first unless ordered."""


@object_type
class OpportunityMutations:
    opportunity_create: OpportunityCreatePayload = mutation(services.create, OpportunityCreateInput)
    """Creates an opportunity on a lead."""
    opportunity_update: OpportunityUpdatePayload = mutation(services.update, OpportunityUpdateInput)
    """Changes the given fields of an opportunity."""
    opportunity_delete: OpportunityDeletePayload = mutation(services.delete, OpportunityDeleteInput)
    """Deletes an opportunity; what was recorded about it stays on the lead."""
    opportunity_change_status: OpportunityChangeStatusPayload = mutation(
        services.change_status, OpportunityChangeStatusInput
    )
    """Moves an opportunity to another status and records the change."""


KINDS = [Kind("oppo_", stored.by_id, "Opportunity")]
