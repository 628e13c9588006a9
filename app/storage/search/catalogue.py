"""Where the objects of each kind are kept, which fields they have, and how they are related."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, Table, true

from app.domain.activities import ActivityType
from app.domain.filters import ACTIVITIES, Kind
from app.domain.search_fields import Fields
from app.storage.activities import Activity
from app.storage.contacts import Contact, ContactEmail, ContactPhone, ContactUrl
from app.storage.leads import Lead, LeadAddress
from app.storage.opportunities import Opportunity
from app.storage.reads import table_of
from app.storage.search import activities, contacts, custom_fields, leads, opportunities, tasks
from app.storage.search.fields import FieldsOf, Rows
from app.storage.session import ScopedSession
from app.storage.tasks import Task


@dataclass(frozen=True)
class Source:
    """The table of a kind, the type that its rows have where several kinds share one, and its texts."""

    table: Table
    texts: tuple[str, ...]
    type: ActivityType | None = None

    def only(self, rows: Rows) -> ColumnElement[bool]:
        return true() if self.type is None else rows.c.type == self.type


_ACTIVITY = Source(table_of(Activity), ("subject", "text", "sender", "phone"))
_TYPES = {Kind.CUSTOM_ACTIVITY: ActivityType.CUSTOM}

SOURCES: Mapping[Kind, Source] = {
    Kind.LEAD: Source(table_of(Lead), ("display_name", "name", "description", "url")),
    Kind.CONTACT: Source(table_of(Contact), ("name", "title")),
    Kind.CONTACT_PHONE: Source(table_of(ContactPhone), ("phone",)),
    Kind.CONTACT_EMAIL: Source(table_of(ContactEmail), ("email",)),
    Kind.CONTACT_URL: Source(table_of(ContactUrl), ("url",)),
    Kind.ADDRESS: Source(table_of(LeadAddress), leads.PARTS),
    Kind.OPPORTUNITY: Source(table_of(Opportunity), ("note",)),
    Kind.TASK: Source(table_of(Task), ("text",)),
    Kind.ACTIVITY: _ACTIVITY,
    **{
        kind: Source(_ACTIVITY.table, _ACTIVITY.texts, _TYPES.get(kind) or ActivityType(kind.value))
        for kind in ACTIVITIES
    },
}

REGULAR: FieldsOf = {kind: {} for kind in Kind} | {
    Kind.LEAD: leads.FIELDS,
    Kind.ADDRESS: leads.ADDRESS_FIELDS,
    Kind.CONTACT: contacts.FIELDS,
    Kind.CONTACT_PHONE: contacts.PHONE_FIELDS,
    Kind.CONTACT_EMAIL: contacts.EMAIL_FIELDS,
    Kind.CONTACT_URL: contacts.URL_FIELDS,
    Kind.OPPORTUNITY: opportunities.FIELDS,
    Kind.TASK: tasks.FIELDS,
    **activities.FIELDS,
}


_KEPT = frozenset({"lead_id", "contact_id"})


class Link(NamedTuple):
    """Rows are related where the one's column `this` equals the other's column `related`."""

    this: str
    related: str

    @property
    def is_kept(self) -> bool:
        """Whether the other row is there whenever it is named: a foreign key sees to it."""
        return self.related == "id" and self.this in _KEPT

    @property
    def names_kept(self) -> bool:
        """The same from the other side: the other rows name this one."""
        return self.this == "id" and self.related in _KEPT


_ANY_ACTIVITY = sorted({Kind.ACTIVITY, *ACTIVITIES})
_OF_LEADS = (Kind.CONTACT, Kind.ADDRESS, Kind.OPPORTUNITY, Kind.TASK, *_ANY_ACTIVITY)
_OF_CONTACTS = (Kind.OPPORTUNITY, Kind.TASK, *_ANY_ACTIVITY)
_PARTS_OF_CONTACTS = (Kind.CONTACT_EMAIL, Kind.CONTACT_PHONE, Kind.CONTACT_URL)

_DOWN: dict[tuple[Kind, Kind], Link] = {
    **{(Kind.LEAD, kind): Link("id", "lead_id") for kind in _OF_LEADS},
    **{(Kind.CONTACT, kind): Link("id", "contact_id") for kind in (*_OF_CONTACTS, *_PARTS_OF_CONTACTS)},
    (Kind.OPPORTUNITY, Kind.OPPORTUNITY_STATUS_CHANGE): Link("id", "object_id"),
    (Kind.TASK, Kind.TASK_COMPLETED): Link("id", "object_id"),
    (Kind.EMAIL_THREAD, Kind.EMAIL): Link("id", "thread_id"),
}
RELATIONS: Mapping[tuple[Kind, Kind], Link] = {
    **_DOWN,
    **{(below, above): Link(link.related, link.this) for (above, below), link in _DOWN.items()},
}


async def load(session: ScopedSession, custom: Sequence[str] | None = None) -> Fields:
    """What an organization can search, with these of its custom fields or all of them."""
    return Fields(REGULAR, RELATIONS.keys(), await custom_fields.load(session, custom))


REGULAR_ONLY = Fields(REGULAR, RELATIONS.keys(), {})
