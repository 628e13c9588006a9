"""What of leads and their addresses can be searched."""

import operator
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, case, func, literal, or_

from app.domain.activities import ActivityType, Direction, EmailStatus, MeetingStatus
from app.domain.filters import Kind, ReferenceType
from app.storage.activities import Activity
from app.storage.contacts import Contact, ContactPhone, ContactUrl
from app.storage.leads import LeadAddress
from app.storage.reads import table_of
from app.storage.scope import visible
from app.storage.search.binds import NOW
from app.storage.search.conditions import one_of
from app.storage.search.fields import (
    Expression,
    Rows,
    audited,
    below,
    counted,
    declared,
    instant,
    reference,
    sorted_text,
    text,
)
from app.storage.types import Instant

_ACTIVITY, _CONTACT, _URL = table_of(Activity).c, table_of(Contact), table_of(ContactUrl)
_EXCHANGED = (EmailStatus.INBOX.value, EmailStatus.SENT.value)
_COMMUNICATION = or_(
    _ACTIVITY.type == ActivityType.CALL,
    one_of(_ACTIVITY.type, (ActivityType.EMAIL.value, ActivityType.SMS.value)) & one_of(_ACTIVITY.status, _EXCHANGED),
)
_OFF = (MeetingStatus.CANCELED.value, MeetingStatus.DECLINED_BY_LEAD.value)


def _activities(type: ActivityType, *conditions: Any) -> Expression:
    return below(Activity, "lead_id", None, _ACTIVITY.type == type, *conditions)


def _last(*conditions: Any) -> Expression:
    return below(Activity, "lead_id", func.max(_ACTIVITY.date, type_=Instant()), *conditions)


def _of_contacts(model: type[ContactPhone] | type[ContactUrl]) -> Expression:
    """How many rows the lead's contacts have together."""
    table = table_of(model)

    def expression(rows: Rows) -> ColumnElement[Any]:
        own = (_CONTACT.c.lead_id == rows.c.id, _CONTACT.c.id == table.c.contact_id)
        found = func.count(table.c.id, type_=Integer())
        counted_: Any = (
            table.select()
            .with_only_columns(found)
            .where(visible(table), visible(_CONTACT), *own)
            .correlate(rows)
            .scalar_subquery()
        )
        return counted_  # type: ignore[no-any-return]

    return expression


def _all_urls(rows: Rows) -> ColumnElement[Any]:
    own = case((rows.c.url.is_not(None), 1), else_=0)
    return _of_contacts(ContactUrl)(rows) + own


def _name_key(rows: Rows) -> ColumnElement[Any]:
    """A lead with a name is shown, and so sorted, by it."""
    return case((rows.c.name.is_not(None), rows.c.sort_name), else_=None)


FIELDS = declared(
    Kind.LEAD,
    counted("addresses_count", "How many addresses there are", below(LeadAddress, "lead_id", None)),
    counted("all_urls_count", "How many links the lead and its contacts have", _all_urls),
    counted("calls_count", "How many calls there were", _activities(ActivityType.CALL)),
    counted("contacts_count", "How many contacts there are", below(Contact, "lead_id", None)),
    *audited("lead"),
    sorted_text("description", "What the lead is about"),
    sorted_text("display_name", "The name shown", lambda rows: rows.c.sort_name, nullable=False),
    counted("emails_count", "How many emails there were", _activities(ActivityType.EMAIL)),
    instant(
        "last_communication_date",
        "When anyone last communicated with the lead: a call, or an email or text message sent or received",
        expression=_last(_COMMUNICATION),
        sortable=True,
    ),
    instant(
        "last_status_change_date",
        "When the lead's status last changed",
        expression=_last(_ACTIVITY.type == ActivityType.LEAD_STATUS_CHANGE),
        sortable=True,
    ),
    sorted_text("name", "The name as entered", _name_key),
    counted(
        "outgoing_calls_count",
        "How many calls users made",
        _activities(ActivityType.CALL, _ACTIVITY.direction == Direction.OUTBOUND),
    ),
    counted("phones_count", "How many phone numbers its contacts have", _of_contacts(ContactPhone)),
    sorted_text("source", "How the lead came in"),
    reference("status_id", ReferenceType.LEAD_STATUS, "The status"),
    counted(
        "upcoming_meetings_count",
        "How many meetings are still to come",
        _activities(
            ActivityType.MEETING,
            _ACTIVITY.starts_at > NOW,
            ~one_of(func.coalesce(_ACTIVITY.status, ""), _OFF),
        ),
    ),
    text("url", "The website"),
)


def _location(rows: Rows) -> ColumnElement[Any]:
    """The parts of the address that are set, on one line."""
    parts = [func.coalesce(literal(", ") + rows.c[name], "") for name in PARTS]
    return func.nullif(func.substr(reduce(operator.add, parts), 3), "", type_=Text())


PARTS = ("address_1", "address_2", "city", "state", "zipcode", "country")
ADDRESS_FIELDS = declared(
    Kind.ADDRESS,
    text("address_1", "The first street line"),
    text("address_2", "The second street line"),
    text("city", "The city"),
    text("country", "The country"),
    text("location", "The whole address on one line", expression=_location),
    text("state", "The state or region"),
    text("zipcode", "The postal code"),
)
