"""Leads: companies, their addresses, and everything that hangs on them."""

from enum import Enum

import strawberry

from app.graphql.activities import Activity, LeadStatusChange, activities
from app.graphql.connections import Connection
from app.graphql.contacts import Contact, LeadContactInput
from app.graphql.custom_field_inputs import CustomFieldChangeInput, CustomFieldSetInput
from app.graphql.custom_fields import CustomFieldOwner
from app.graphql.declare import enumeration, input_type, object_type
from app.graphql.fields import column, connection, related
from app.graphql.inputs import Input
from app.graphql.lead_statuses import LeadStatus, LeadStatusRefInput
from app.graphql.nodes import Auditable, Kind
from app.graphql.opportunities import OpportunityConnection, opportunities
from app.graphql.orders import OrderDirection, ordered
from app.graphql.payloads import MutationPayload, mutation
from app.graphql.ranges import DateTimeRangeInput, members, within
from app.graphql.scalars import URL
from app.graphql.tasks import Task, tasks
from app.services import leads as services
from app.storage import activities as stored_activities
from app.storage import contacts as stored_contacts
from app.storage import leads as stored
from app.storage import opportunities as stored_opportunities
from app.storage import tasks as stored_tasks
from app.storage.reads import Read


@object_type
class Address:
    """A postal address of a lead."""

    label: str | None
    """What the address is for, such as business or mailing."""
    address1: str | None = column("address_1")
    """The first street line."""
    address2: str | None = column("address_2")
    """The second street line."""
    city: str | None
    """The city."""
    state: str | None
    """The state or region."""
    zipcode: str | None
    """The postal code."""
    country: str | None
    """The two-letter ISO 3166 country code."""


@object_type
class Lead(CustomFieldOwner, Auditable):
    """A company or organization; it owns contacts, tasks, opportunities and activities."""

    name: str | None
    """The name as entered."""
    display_name: str
    """The name shown: the name, or the first contact's name when the name is empty."""
    description: str | None
    """What the lead is about."""
    url: URL | None
    """The lead's website."""
    status: LeadStatus = related(stored.status_by_id, "status_id")
    """Where the lead stands."""
    addresses: list[Address] = related(stored.addresses_by_lead)
    """The lead's addresses."""
    contacts: Connection[Contact] = connection(stored_contacts.by_lead)
    """People at the lead, in the order they were created; the first is the primary one."""
    tasks: Connection[Task] = connection(stored_tasks.by_lead, narrow=tasks)
    """Tasks on the lead; only to-dos (kind LEAD) unless the filter names other kinds."""
    opportunities: OpportunityConnection = connection(stored_opportunities.by_lead, narrow=opportunities)
    """Deals on the lead."""
    activities: Connection[Activity] = connection(stored_activities.by_lead, narrow=activities)
    """What happened on the lead."""
    source: str | None
    """How the lead came in, such as api or import."""


@input_type
class LeadFilterInput(Input):
    """Which leads to list."""

    ids: list[strawberry.ID] | None = strawberry.UNSET
    """Only these leads."""
    status_ids: list[strawberry.ID] | None = strawberry.UNSET
    """Only leads in these statuses."""
    date_created: DateTimeRangeInput | None = strawberry.UNSET
    """Only leads created in this range."""
    date_updated: DateTimeRangeInput | None = strawberry.UNSET
    """Only leads changed in this range."""


@enumeration
class LeadOrderField(Enum):
    """What leads can be ordered by."""

    DATE_CREATED = "date_created"
    """When the lead was created."""
    DATE_UPDATED = "date_updated"
    """When the lead was last changed."""
    DISPLAY_NAME = "sort_name"
    """The name shown, whatever its case."""


@input_type
class LeadOrderInput:
    """How to order leads."""

    field: LeadOrderField = LeadOrderField.DATE_CREATED
    """What to order by."""
    direction: OrderDirection = OrderDirection.DESC
    """The direction."""


def leads(read: Read, filter: LeadFilterInput | None = None, order_by: LeadOrderInput | None = None) -> Read:
    """The filter and order of a list of leads."""
    if filter is not None:
        rows = read.table.c
        read = read.where(
            *members(rows.id, filter.ids, "ids"),
            *members(rows.status_id, filter.status_ids, "status_ids"),
            *within(rows.date_created, filter.date_created),
            *within(rows.date_updated, filter.date_updated),
        )
    return ordered(read, order_by.field.value, order_by.direction) if order_by is not None else read


@input_type
class AddressInput:
    """A postal address of a lead."""

    label: str | None = strawberry.UNSET
    """What the address is for, such as business or mailing."""
    address_1: str | None = strawberry.field(name="address1", default=strawberry.UNSET)
    """The first street line."""
    address_2: str | None = strawberry.field(name="address2", default=strawberry.UNSET)
    """The second street line."""
    city: str | None = strawberry.UNSET
    """The city."""
    state: str | None = strawberry.UNSET
    """The state or region."""
    zipcode: str | None = strawberry.UNSET
    """The postal code."""
    country: str | None = strawberry.UNSET
    """The two-letter ISO 3166 country code."""


@input_type
class LeadCreateInput:
    """A new lead."""

    name: str | None = strawberry.UNSET
    """The name; a name or a contact is needed."""
    description: str | None = strawberry.UNSET
    """What the lead is about."""
    url: URL | None = strawberry.UNSET
    """The website."""
    status: LeadStatusRefInput | None = strawberry.UNSET
    """The status; the organization's first status when omitted."""
    contacts: list[LeadContactInput] | None = strawberry.UNSET
    """People at the lead."""
    addresses: list[AddressInput] | None = strawberry.UNSET
    """Addresses."""
    custom_fields: list[CustomFieldSetInput] | None = strawberry.UNSET
    """Custom-field values."""


@input_type
class LeadPatchInput:
    """Changes to a lead. Omit a field to keep it; null clears it."""

    name: str | None = strawberry.UNSET
    """The name; cannot be null."""
    description: str | None = strawberry.UNSET
    """What the lead is about."""
    url: URL | None = strawberry.UNSET
    """The website."""
    status: LeadStatusRefInput | None = strawberry.UNSET
    """The status; cannot be null."""
    addresses: list[AddressInput] | None = strawberry.UNSET
    """The whole list of addresses."""
    custom_fields: list[CustomFieldChangeInput] | None = strawberry.UNSET
    """Changes to custom-field values, applied in order."""


@input_type
class LeadUpdateInput:
    """Which lead to change, and how."""

    id: strawberry.ID
    """The lead's ID."""
    patch: LeadPatchInput
    """The changes."""
    expected_version: int | None = strawberry.UNSET
    """Refuse the change when the object's version is not this one."""


@input_type
class LeadDeleteInput:
    """Which lead to delete."""

    id: strawberry.ID
    """The lead's ID."""


@input_type
class LeadChangeStatusInput:
    """A status change of a lead."""

    lead_id: strawberry.ID
    """The lead's ID."""
    status: LeadStatusRefInput
    """The new status."""


@object_type
class LeadCreatePayload(MutationPayload):
    """The outcome of `leadCreate`."""

    lead: Lead | None = related(stored.by_id, "lead_id")
    """The new lead."""


@object_type
class LeadUpdatePayload(MutationPayload):
    """The outcome of `leadUpdate`."""

    lead: Lead | None = related(stored.by_id, "lead_id")
    """The changed lead."""


@object_type
class LeadDeletePayload(MutationPayload):
    """The outcome of `leadDelete`."""

    deleted_id: strawberry.ID | None
    """The ID of the removed lead."""


@object_type
class LeadChangeStatusPayload(MutationPayload):
    """The outcome of `leadChangeStatus`."""

    lead: Lead | None = related(stored.by_id, "lead_id")
    """The changed lead."""
    activity: LeadStatusChange | None = related(stored_activities.by_id, "activity_id")
    """The record of the change; null when the status was the same."""


@object_type
class LeadQueries:
    lead: Lead | None = related(stored.by_id, argument="id")
    """A lead."""
    leads: Connection[Lead] = connection(stored.in_organization, "organization_id", narrow=leads)
    """Leads, newest first unless ordered."""


@object_type
class LeadMutations:
    lead_create: LeadCreatePayload = mutation(services.create, LeadCreateInput)
    """Creates a lead with its contacts and addresses."""
    lead_update: LeadUpdatePayload = mutation(services.update, LeadUpdateInput)
    """Changes the given fields of a lead."""
    lead_delete: LeadDeletePayload = mutation(services.delete, LeadDeleteInput)
    """Deletes a lead and everything on it. Needs DELETE_LEADS."""
    lead_change_status: LeadChangeStatusPayload = mutation(services.change_status, LeadChangeStatusInput)
    """Moves a lead to another status and records the change."""


KINDS = [Kind("lead_", stored.by_id, "Lead")]
