"""Tasks of every kind, in one table."""

import datetime as dt
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ColumnElement,
    Date,
    Integer,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    tuple_,
)
from sqlmodel import Field

from app.domain.tasks import TaskType, TaskView
from app.domain.time import Clock
from app.storage.calendar import day_start, zone
from app.storage.paging import Order
from app.storage.reads import Read, children, one, table_of
from app.storage.tables import Audited, choice, constraints, editors, index, instant, json, link, prose, word, words_of
from app.storage.types import Instant, Word


class Task(Audited, table=True):
    """An action item. `object_id` names the activity or opportunity it is about and may outlive it.

    `details` holds what only one kind has: subject, body_preview, email_ids, phone, local_phone,
    voicemail_duration, voicemail_url, attachments.
    """

    __table_args__ = constraints(
        editors(),
        link("lead", "lead_id", ondelete="CASCADE"),
        link("contact", "contact_id"),
        link("user", "assigned_to"),
        CheckConstraint("date IS NULL OR date_time IS NULL", name="one_date"),
        index("task", "lead_id", "type"),
        index("task", "contact_id"),
        index("task", "assigned_to", "is_complete"),
        index("task", "object_id"),
        index("task", "date_created"),
        index("task", "type", "is_complete"),
    )
    type: TaskType = choice(TaskType)
    lead_id: str | None = word(default=None)
    contact_id: str | None = word(default=None)
    assigned_to: str | None = word(default=None)
    date: dt.date | None = Field(default=None, sa_type=Date)
    date_time: dt.datetime | None = instant(default=None)
    is_complete: bool = Field(default=False, sa_type=Boolean)
    date_completed: dt.datetime | None = instant(default=None)
    text: str | None = prose(default=None)
    object_type: str | None = word(default=None)
    object_id: str | None = word(default=None)
    details: dict[str, Any] = json(default_factory=dict)
    text_words: str | None = words_of("text")


WHOLE_DAY, AT_AN_INSTANT = 0, 1
_CALLER: Any = bindparam("caller_id", type_=Word())  # one of the actor's values

_rows = table_of(Task).c


def _linked(read: Read) -> Read:
    """Rows carry the id of the email that a follow-up is about."""
    return read.with_column(_rows.details["email_id"].as_string().label("email_id"))


by_id = _linked(one(Task))
in_organization = _linked(children(Task, of=Task.organization_id))
by_lead = _linked(children(Task, of=Task.lead_id))


def by_date(read: Read, clock: Clock, descending: bool = False) -> Read:
    """In the order of rule T5, by this calendar; tasks without a date come last in both directions (T22).

    The zone is part of the order's name: a cursor that was taken in another one is refused.
    """
    start, kind = _place(clock)
    return read.by(Order(f"date@{clock.zone}", start, descending, nullable=True), Order("kind", kind, descending))


def on_day(day: dt.date, clock: Clock) -> ColumnElement[Any]:
    """The place of a whole day in the order of rule T5, to compare tasks with."""
    return tuple_(day_start(literal(day, Date()), zone(clock.zone)), literal(WHOLE_DAY, Integer()))


def at_instant(moment: dt.datetime | None) -> ColumnElement[Any]:
    """The place of an instant in that order."""
    return tuple_(literal(moment, Instant()), literal(AT_AN_INSTANT, Integer()))


def place(clock: Clock) -> ColumnElement[Any]:
    """The place of a task in that order; null, so outside every range, for one without a date."""
    return tuple_(*_place(clock))


def in_view(shown: TaskView, clock: Clock) -> ColumnElement[bool]:
    """Tasks that show there; every task shows in exactly one view (rules T22-T24)."""
    day, moment = _rows.date, _rows.date_time
    if shown is TaskView.ARCHIVE:
        return _rows.is_complete.is_(True)
    later = or_(day > clock.today, moment >= clock.tomorrow)
    if shown is TaskView.FUTURE:
        return and_(_rows.is_complete.is_(False), later)
    undated = and_(day.is_(None), moment.is_(None))
    return and_(_rows.is_complete.is_(False), or_(day <= clock.today, moment < clock.tomorrow, undated))


def of_caller(mine: bool) -> ColumnElement[bool]:
    """Tasks that are, or are not, assigned to the caller."""
    return _rows.assigned_to == _CALLER if mine else _rows.assigned_to.is_distinct_from(_CALLER)


def _place(clock: Clock) -> tuple[ColumnElement[Any], ColumnElement[int]]:
    day, moment = _rows.date, _rows.date_time
    start = func.coalesce(moment, day_start(day, zone(clock.zone)), type_=Instant())
    return start, case((moment.is_(None), WHOLE_DAY), else_=AT_AN_INSTANT)
