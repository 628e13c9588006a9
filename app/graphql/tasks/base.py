"""What every task has, and how its kind decides its type (rules T2, T8)."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from sqlalchemy import ColumnElement, case, cast, null, or_, type_coerce
from strawberry.utils.str_converters import to_camel_case

from app.domain import tasks as domain
from app.domain.tasks import TaskType, TaskView
from app.graphql.contacts import Contact
from app.graphql.declare import interface, object_type
from app.graphql.fields import derived, related
from app.graphql.nodes import Auditable, Kind
from app.graphql.organizations import User
from app.storage import contacts, leads, organizations
from app.storage import tasks as stored
from app.storage.json_text import Calendar, LocalDay, Made, constant
from app.storage.types import Choice, Instant

if TYPE_CHECKING:
    from app.graphql.leads import Lead

LazyLead = Annotated["Lead", strawberry.lazy("app.graphql.leads")]


@object_type
class TaskDate:
    """When a task becomes actionable: a whole day, or an instant."""

    date: dt.date
    """The day; for an instant, its day in the time zone that the task was asked with."""
    date_time: dt.datetime | None
    """The instant; null when the task is for the whole day."""


def stored_due(day: ColumnElement[Any], instant: ColumnElement[Any], clock: Calendar) -> Made:
    members = {"date": LocalDay(instant, clock.zone, day), "date_time": instant}
    return Made(members, or_(day.is_not(None), instant.is_not(None)))


def stored_view(
    is_complete: ColumnElement[bool], day: ColumnElement[Any], instant: ColumnElement[Any], clock: Calendar
) -> ColumnElement[Any]:
    archive, future, inbox = (constant(each.value) for each in (TaskView.ARCHIVE, TaskView.FUTURE, TaskView.INBOX))
    is_later = case((instant.is_not(None), instant >= clock.tomorrow), else_=day > clock.today)
    return type_coerce(case((is_complete, archive), (is_later, future), else_=inbox), Choice(TaskView))


@interface
class Task(Auditable):
    """An action item that becomes actionable on a date."""

    resolve_type = None
    type: TaskType
    """The kind of task."""
    lead: LazyLead | None = related(leads.by_id, "lead_id")
    """The lead; null when the other party belongs to none."""
    contact: Contact | None = related(contacts.by_id, "contact_id")
    """The contact."""
    assigned_to: User | None = related(organizations.user_by_id, "assigned_to")
    """Who should do it."""
    date: TaskDate | None = derived(domain.due, "date", "date_time", sql=stored_due)
    """When the task becomes actionable."""
    is_complete: bool
    """Whether the task is done; done tasks are in the archive."""
    auto_delete_date: dt.datetime | None = derived(domain.auto_delete_date, sql=lambda: cast(null(), Instant()))
    """When the archived task is going to be removed; null when it stays."""
    view: TaskView = derived(domain.view, "is_complete", "date", "date_time", sql=stored_view, time_zone=True)
    """Where the task shows: inbox, future or archive."""


def typename(row: Any) -> str:
    """The type of a task's row: MISSED_CALL is MissedCallTask."""
    name = to_camel_case(row.type.value)
    return f"{name[0].upper()}{name[1:]}Task"


# An id of an import starts with noti_ where the task is of another kind than LEAD.
KINDS = [Kind("task_", stored.by_id, typename), Kind("noti_", stored.by_id, typename)]
