"""Tasks: their kinds, their dates and where they show (rules T2, T5, T8, T22-T24)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum

from app.domain.time import Clock, local_day

# A day more than the calendar ends at on both sides: every zone has a day for every instant in between.
FIRST_DAY, LAST_DAY = date(1, 1, 2), date(9999, 12, 30)


class TaskType(StrEnum):
    """The kinds of task. Values may be added."""

    LEAD = "lead"
    """A to-do on a lead; the only kind that callers can create."""
    INCOMING_EMAIL = "incoming_email"
    """Unread incoming emails of one thread."""
    EMAIL_FOLLOWUP = "email_followup"
    """A reminder to follow up on an email without a reply."""
    MISSED_CALL = "missed_call"
    """A call that was missed."""
    ANSWERED_DETACHED_CALL = "answered_detached_call"
    """An answered call from a number that belongs to no contact."""
    VOICEMAIL = "voicemail"
    """A voicemail."""
    OPPORTUNITY_DUE = "opportunity_due"
    """An opportunity that is expected to close."""
    INCOMING_SMS = "incoming_sms"
    """An incoming text message."""


class TaskView(StrEnum):
    """A ready-made selection of tasks."""

    INBOX = "inbox"
    """Incomplete tasks up to the end of today in the request's time zone, and those without a date."""
    FUTURE = "future"
    """Incomplete tasks from tomorrow on in the request's time zone."""
    ARCHIVE = "archive"
    """Complete tasks."""


@dataclass(frozen=True)
class Due:
    """When a task becomes actionable: a whole day, or an instant and its day in the caller's zone."""

    date: date
    date_time: datetime | None = None


def due(day: date | None, instant: datetime | None, clock: Clock) -> Due | None:
    """When a task becomes actionable; an instant gives its day in the caller's zone."""
    if instant is not None:
        return Due(local_day(instant, clock.zone), instant)
    return Due(day) if day is not None else None


def possible(when: date | datetime) -> bool:
    """Whether a whole day or an instant lies where every zone has a calendar."""
    if isinstance(when, datetime):
        midnight = time(tzinfo=UTC)
        return datetime.combine(FIRST_DAY, midnight) <= when < datetime.combine(LAST_DAY, midnight)
    return FIRST_DAY <= when <= LAST_DAY


def auto_delete_date() -> datetime | None:
    """When an archived task is going to be removed: never, for no retention is set."""
    return None


def view(is_complete: bool, day: date | None, instant: datetime | None, clock: Clock) -> TaskView:
    """Where a task shows; every task shows in exactly one view."""
    if is_complete:
        return TaskView.ARCHIVE
    later = instant >= clock.tomorrow if instant is not None else day is not None and day > clock.today
    return TaskView.FUTURE if later else TaskView.INBOX
