"""Which tasks a list shows, in which order, and by whose calendar (rules T5, T9-T11, T21-T25)."""

import datetime as dt
from enum import Enum
from typing import Annotated, Any

import strawberry
from sqlalchemy import ColumnElement, literal

from app.domain.tasks import TaskType, TaskView
from app.domain.time import Clock
from app.graphql.declare import enumeration, input_type, one_of
from app.graphql.fields import ZONE_COLUMN
from app.graphql.inputs import Input
from app.graphql.orders import OrderDirection, ordered
from app.graphql.ranges import DateTimeRangeInput, members, within
from app.storage import tasks as stored
from app.storage.reads import Read
from app.storage.types import Word


@one_of
class TaskDateInput(Input):
    """A whole day or an instant."""

    date: dt.date | None = strawberry.UNSET
    """The whole day."""
    date_time: dt.datetime | None = strawberry.UNSET
    """The instant."""


@input_type
class TaskDateRangeInput(Input):
    """A range of task dates; each bound is a whole day, which lies before all its instants, or an instant."""

    gt: TaskDateInput | None = strawberry.UNSET
    """After this date."""
    gte: TaskDateInput | None = strawberry.UNSET
    """At or after this date."""
    lt: TaskDateInput | None = strawberry.UNSET
    """Before this date."""
    lte: TaskDateInput | None = strawberry.UNSET
    """At or before this date."""


def only_to_dos() -> list[TaskType]:
    return [TaskType.LEAD]


@input_type
class TaskFilterInput(Input):
    """Which tasks; all the given members have to match."""

    ids: list[strawberry.ID] | None = strawberry.UNSET
    """Only these tasks."""
    types: list[TaskType] | None = strawberry.field(default_factory=only_to_dos)
    """Only tasks of these kinds; null means every kind."""
    lead_ids: list[strawberry.ID] | None = strawberry.UNSET
    """Only tasks on these leads."""
    is_complete: bool | None = strawberry.UNSET
    """Only complete, or only incomplete, tasks."""
    date: TaskDateRangeInput | None = strawberry.UNSET
    """Only tasks with a date in this range."""
    date_created: DateTimeRangeInput | None = strawberry.UNSET
    """Only tasks created in this range."""
    assigned_to_ids: list[strawberry.ID] | None = strawberry.UNSET
    """Only tasks assigned to these users."""
    assigned_to_me: bool | None = strawberry.UNSET
    """Only tasks that are (true) or are not (false) assigned to the caller."""
    view: TaskView | None = strawberry.UNSET
    """Only tasks in this view."""


@enumeration
class TaskOrderField(Enum):
    """What tasks can be ordered by."""

    DATE = "date"
    """The date; whole-day tasks come before instants of that day in the request's time zone."""
    DATE_CREATED = "date_created"
    """When the task was created."""


@input_type
class TaskOrderInput:
    """How to order tasks."""

    field: TaskOrderField = TaskOrderField.DATE
    """What to order by."""
    direction: OrderDirection = OrderDirection.ASC
    """The direction."""


def tasks(
    read: Read,
    filter: Annotated[
        TaskFilterInput | None, strawberry.argument(description="Which tasks; only to-dos when omitted.")
    ] = None,
    order_by: TaskOrderInput | None = None,
    *,
    clock: Clock,
) -> Read:
    """The filter and order of a list of tasks; to-dos alone when the filter names no kinds."""
    filter, order = filter or TaskFilterInput(), order_by or TaskOrderInput()
    rows = read.table.c
    read = in_zone(read, clock=clock).where(
        *members(rows.id, filter.ids, "ids"),
        *members(rows.type, filter.types, "types"),
        *members(rows.lead_id, filter.lead_ids, "lead_ids"),
        *members(rows.assigned_to, filter.assigned_to_ids, "assigned_to_ids"),
        *within(rows.date_created, filter.date_created),
        *_dated(filter.date, clock),
        *_chosen(filter, rows, clock),
    )
    if order.field is TaskOrderField.DATE:
        return stored.by_date(read, clock, order.direction is OrderDirection.DESC)
    return ordered(read, order.field.value, order.direction)


def in_zone(read: Read, *, clock: Clock) -> Read:
    """Rows carry the zone that they were asked with, for the dates and views that depend on it."""
    return read.with_column(literal(clock.zone, Word()).label(ZONE_COLUMN))


def _chosen(filter: TaskFilterInput, rows: Any, clock: Clock) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filter.is_complete is not None:
        conditions.append(rows.is_complete.is_(filter.is_complete))
    if filter.assigned_to_me is not None:
        conditions.append(stored.of_caller(filter.assigned_to_me))
    if filter.view is not None:
        conditions.append(stored.in_view(filter.view, clock))
    return conditions


def _dated(bounds: TaskDateRangeInput | None, clock: Clock) -> list[ColumnElement[bool]]:
    """Bounds compare in the order of rule T5."""
    if bounds is None:
        return []
    place = stored.place(clock)
    conditions: list[ColumnElement[bool]] = []
    if bounds.gt is not None:
        conditions.append(place > _bound(bounds.gt, clock))
    if bounds.gte is not None:
        conditions.append(place >= _bound(bounds.gte, clock))
    if bounds.lt is not None:
        conditions.append(place < _bound(bounds.lt, clock))
    if bounds.lte is not None:
        conditions.append(place <= _bound(bounds.lte, clock))
    return conditions


def _bound(bound: TaskDateInput, clock: Clock) -> ColumnElement[Any]:
    return stored.at_instant(bound.date_time) if bound.date is None else stored.on_day(bound.date, clock)
