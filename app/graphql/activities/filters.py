"""Which activities a list shows, and in which order (rules A2-A9)."""

from enum import Enum
from typing import Any

import strawberry
from sqlalchemy import or_

from app.domain.activities import ActivityType, EmailThreading
from app.domain.errors import ArgumentFault
from app.graphql.declare import enumeration, input_type
from app.graphql.inputs import Input
from app.graphql.orders import OrderDirection, ordered
from app.graphql.ranges import DateTimeRangeInput, members, within
from app.storage.activities import without_bodies
from app.storage.reads import Read


@input_type
class ActivityFilterInput(Input):
    """Which activities; all the given members have to match."""

    ids: list[strawberry.ID] | None = strawberry.UNSET
    """Only these activities."""
    lead_ids: list[strawberry.ID] | None = strawberry.UNSET
    """Only activities on these leads."""
    user_ids: list[strawberry.ID] | None = strawberry.UNSET
    """Only activities of these users."""
    contact_ids: list[strawberry.ID] | None = strawberry.UNSET
    """Only activities with these contacts."""
    types: list[ActivityType] | None = strawberry.UNSET
    """Only activities of these kinds; joined with `customTypeIds` by or."""
    custom_type_ids: list[strawberry.ID] | None = strawberry.UNSET
    """Only custom activities of these types; joined with `types` by or."""
    date_created: DateTimeRangeInput | None = strawberry.UNSET
    """Only activities created in this range."""
    date: DateTimeRangeInput | None = strawberry.UNSET
    """Only activities that took place in this range."""


@enumeration
class ActivityOrderField(Enum):
    """What activities can be ordered by."""

    DATE = "date"
    """When the activity took place."""
    DATE_CREATED = "date_created"
    """When the activity was created."""


@input_type
class ActivityOrderInput:
    """How to order activities."""

    field: ActivityOrderField = ActivityOrderField.DATE
    """What to order by."""
    direction: OrderDirection = OrderDirection.DESC
    """The direction."""


LEFT_OUT = {EmailThreading.MESSAGES: ActivityType.EMAIL_THREAD, EmailThreading.THREADS: ActivityType.EMAIL}


def activities(
    read: Read,
    filter: ActivityFilterInput | None = None,
    thread_emails: EmailThreading = EmailThreading.MESSAGES,
    order_by: ActivityOrderInput | None = None,
) -> Read:
    """The filter, the shape of email conversations, and the order of a list of activities."""
    read = _threaded(read, filter, thread_emails)
    if filter is not None:
        rows = read.table.c
        read = read.where(
            *members(rows.id, filter.ids, "ids"),
            *members(rows.lead_id, filter.lead_ids, "lead_ids"),
            *members(rows.user_id, filter.user_ids, "user_ids"),
            *members(rows.contact_id, filter.contact_ids, "contact_ids"),
            *_kinds(rows, filter),
            *within(rows.date_created, filter.date_created),
            *within(rows.date, filter.date),
        )
    return ordered(read, order_by.field.value, order_by.direction) if order_by is not None else read


def _kinds(rows: Any, filter: ActivityFilterInput) -> list[Any]:
    """Kinds and custom types are alternatives (rules A4, A5)."""
    kinds = members(rows.type, filter.types, "types")
    custom = members(rows.custom_type_id, filter.custom_type_ids, "custom_type_ids")
    return [or_(*kinds, *custom)] if kinds and custom else kinds + custom


def _threaded(read: Read, filter: ActivityFilterInput | None, mode: EmailThreading) -> Read:
    """One conversation shows as its messages, as a thread, or as both (rules A7-A9)."""
    left_out = LEFT_OUT.get(mode)
    if left_out is None:
        return without_bodies(read)
    if filter is not None and filter.types is not None and left_out in filter.types:
        message = f"{left_out.name} is not among what threadEmails: {mode.name} shows; THREADS_AND_MESSAGES shows both."
        raise ArgumentFault(message, ["thread_emails"])
    return read.where(read.table.c.type != left_out)
