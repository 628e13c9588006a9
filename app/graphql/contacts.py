"""Contacts: people at leads, with their addresses, numbers and links."""

from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from app.graphql.activities import Activity, activities
from app.graphql.connections import Connection
from app.graphql.custom_field_inputs import CustomFieldChangeInput, CustomFieldSetInput
from app.graphql.custom_fields import CustomFieldOwner
from app.graphql.declare import enumeration, input_type, object_type
from app.graphql.fields import connection, derived, related
from app.graphql.inputs import Input
from app.graphql.nodes import Auditable, Kind
from app.graphql.opportunities import OpportunityConnection, opportunities
from app.graphql.orders import OrderDirection, ordered
from app.graphql.payloads import MutationPayload, mutation
from app.graphql.ranges import DateTimeRangeInput, members, within
from app.graphql.scalars import URL
from app.services import contacts as services
from app.services.formats import readable_phone
from app.storage import activities as stored_activities
from app.storage import contacts as stored
from app.storage import leads as stored_leads
from app.storage import opportunities as stored_opportunities
from app.storage.reads import Read

if TYPE_CHECKING:
    from app.graphql.leads import Lead


@object_type
class ContactEmail:
    """An email address of a contact."""

    type: str
    """What the address is for, such as office."""
    email: str
    """The address."""


@object_type
class ContactPhone:
    """A phone number of a contact."""

    type: str
    """What the number is for, such as mobile."""
    phone: str
    """The number in E.164 format; as its file says where an import brought another text."""
    phone_formatted: str = derived(readable_phone, "phone")
    """The number as people write it."""


@object_type
class ContactUrl:
    """A website or profile of a contact."""

    type: str
    """What the link is for."""
    url: URL
    """The link."""


@object_type
class Contact(CustomFieldOwner, Auditable):
    """A person at a lead."""

    lead: Annotated["Lead", strawberry.lazy("app.graphql.leads")] = related(stored_leads.by_id, "lead_id")
    """The lead that the contact belongs to."""
    name: str | None
    """The person's name."""
    display_name: str
    """The name shown: the name, or an email address or number when the name is empty."""
    title: str | None
    """The job title."""
    emails: list[ContactEmail] = related(stored.emails_by_contact)
    """Email addresses."""
    phones: list[ContactPhone] = related(stored.phones_by_contact)
    """Phone numbers."""
    urls: list[ContactUrl] = related(stored.urls_by_contact)
    """Websites and profiles."""
    activities: Connection[Activity] = connection(stored_activities.by_contact, narrow=activities)
    """Activities with this contact."""
    opportunities: OpportunityConnection = connection(stored_opportunities.by_contact, narrow=opportunities)
    """Deals with this contact."""


@input_type
class ContactFilterInput(Input):
    """Which contacts to list."""

    ids: list[strawberry.ID] | None = strawberry.UNSET
    """Only these contacts."""
    lead_ids: list[strawberry.ID] | None = strawberry.UNSET
    """Only contacts of these leads."""
    date_created: DateTimeRangeInput | None = strawberry.UNSET
    """Only contacts created in this range."""
    date_updated: DateTimeRangeInput | None = strawberry.UNSET
    """Only contacts changed in this range."""


@enumeration
class ContactOrderField(Enum):
    """What contacts can be ordered by."""

    DATE_CREATED = "date_created"
    """When the contact was created."""
    DATE_UPDATED = "date_updated"
    """When the contact was last changed."""
    NAME = "sort_name"
    """The name shown, whatever its case."""


@input_type
class ContactOrderInput:
    """How to order contacts."""

    field: ContactOrderField = ContactOrderField.DATE_CREATED
    """What to order by."""
    direction: OrderDirection = OrderDirection.DESC
    """The direction."""


def contacts(read: Read, filter: ContactFilterInput | None = None, order_by: ContactOrderInput | None = None) -> Read:
    """The filter and order of a list of contacts."""
    if filter is not None:
        rows = read.table.c
        read = read.where(
            *members(rows.id, filter.ids, "ids"),
            *members(rows.lead_id, filter.lead_ids, "lead_ids"),
            *within(rows.date_created, filter.date_created),
            *within(rows.date_updated, filter.date_updated),
        )
    return ordered(read, order_by.field.value, order_by.direction) if order_by is not None else read


@input_type
class ContactEmailInput:
    """An email address of a contact."""

    type: str = "office"
    """What the address is for."""
    email: str
    """The address."""


@input_type
class ContactPhoneInput:
    """A phone number of a contact."""

    type: str = "office"
    """What the number is for."""
    phone: str
    """The number, with its country code."""


@input_type
class ContactUrlInput:
    """A website or profile of a contact."""

    type: str = "url"
    """What the link is for."""
    url: URL
    """The link."""


@input_type
class ContactInput:
    """What is said of a contact, new or not."""

    name: str | None = strawberry.UNSET
    """The person's name."""
    title: str | None = strawberry.UNSET
    """The person's job title."""
    emails: list[ContactEmailInput] | None = strawberry.UNSET
    """Email addresses."""
    phones: list[ContactPhoneInput] | None = strawberry.UNSET
    """Phone numbers."""
    urls: list[ContactUrlInput] | None = strawberry.UNSET
    """Websites and profiles."""


@input_type
class LeadContactInput(ContactInput):
    """A contact created together with its lead."""

    custom_fields: list[CustomFieldSetInput] | None = strawberry.UNSET
    """Custom-field values."""


@input_type
class ContactCreateInput(LeadContactInput):
    """A new contact on an existing lead."""

    lead_id: strawberry.ID
    """The lead's ID."""


@input_type
class ContactPatchInput(ContactInput):
    """Changes to a contact. Omit a field to keep it; null clears it, and a list is replaced whole."""

    lead_id: strawberry.ID | None = strawberry.UNSET
    """Moves the contact to this lead; cannot be null."""
    custom_fields: list[CustomFieldChangeInput] | None = strawberry.UNSET
    """Changes to custom-field values, applied in order."""


@input_type
class ContactUpdateInput:
    """Which contact to change, and how."""

    id: strawberry.ID
    """The contact's ID."""
    patch: ContactPatchInput
    """The changes."""
    expected_version: int | None = strawberry.UNSET
    """Refuse the change when the object's version is not this one."""


@input_type
class ContactDeleteInput:
    """Which contact to delete."""

    id: strawberry.ID
    """The contact's ID."""


@object_type
class ContactCreatePayload(MutationPayload):
    """The outcome of `contactCreate`."""

    contact: Contact | None = related(stored.by_id, "contact_id")
    """The new contact."""


@object_type
class ContactUpdatePayload(MutationPayload):
    """The outcome of `contactUpdate`."""

    contact: Contact | None = related(stored.by_id, "contact_id")
    """The changed contact."""


@object_type
class ContactDeletePayload(MutationPayload):
    """The outcome of `contactDelete`."""

    deleted_id: strawberry.ID | None
    """The ID of the removed contact."""


@object_type
class ContactQueries:
    contact: Contact | None = related(stored.by_id, argument="id")
    """A contact."""
    contacts: Connection[Contact] = connection(stored.in_organization, "organization_id", narrow=contacts)
    """Contacts, newest first unless ordered."""


@object_type
class ContactMutations:
    contact_create: ContactCreatePayload = mutation(services.create, ContactCreateInput)
    """Creates a contact on a lead."""
    contact_update: ContactUpdatePayload = mutation(services.update, ContactUpdateInput)
    """Changes the given fields of a contact."""
    contact_delete: ContactDeletePayload = mutation(services.delete, ContactDeleteInput)
    """Deletes a contact; what happened with it stays on the lead."""


KINDS = [Kind("cont_", stored.by_id, "Contact")]
