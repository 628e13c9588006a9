"""Activities of every kind, in one table: what several kinds share or a filter asks for is a column."""

import datetime as dt
from typing import Any

from sqlalchemy import Integer, case, func
from sqlmodel import Field

from app.domain.activities import ActivityType, CallDisposition, Direction
from app.storage.reads import Read, ascending, children, descending, one
from app.storage.tables import Audited, choice, constraints, editors, index, instant, json, link, prose, word, words_of

PREVIEW_LENGTH = 200


class Activity(Audited, table=True):
    """Something that happened on a lead.

    `status` is the state of an email, text message, meeting or custom activity. `object_id` names what a
    record is about (an opportunity, a task, a merged lead) and may outlive it, as the status ids may.
    `details` holds what only one kind has and no filter asks for: to, cc, bcc, attachments, participants,
    attendees, recording_url, voicemail_url, voicemail_duration, message_id, in_reply_to, references, origin,
    and whatever an import brought that the graph does not show.
    """

    __table_args__ = constraints(
        editors(),
        link("lead", "lead_id", ondelete="CASCADE"),
        link("contact", "contact_id"),
        link("user", "user_id"),
        link("activity", "thread_id", deferred=True),
        link("custom_activity_type", "custom_type_id"),
        index("activity", "lead_id", "date"),
        index("activity", "lead_id", "type", "date"),
        index("activity", "contact_id", "date"),
        index("activity", "user_id", "date"),
        index("activity", "type", "date"),
        index("activity", "custom_type_id", "date"),
        index("activity", "thread_id", "date"),
        index("activity", "object_id"),
        index("activity", "date"),
        index("activity", "date_created"),
    )
    type: ActivityType = choice(ActivityType)
    lead_id: str | None = word(default=None)
    contact_id: str | None = word(default=None)
    user_id: str | None = word(default=None)
    date: dt.datetime = instant()
    direction: Direction | None = choice(Direction, default=None)
    status: str | None = word(default=None)
    disposition: CallDisposition | None = choice(CallDisposition, default=None)
    duration: int | None = Field(default=None, sa_type=Integer)
    subject: str | None = prose(default=None)
    text: str | None = prose(default=None)
    text_html: str | None = prose(default=None)
    sender: str | None = word(default=None)
    phone: str | None = word(default=None)
    local_phone: str | None = word(default=None)
    starts_at: dt.datetime | None = instant(default=None)
    ends_at: dt.datetime | None = instant(default=None)
    date_scheduled: dt.datetime | None = instant(default=None)
    date_sent: dt.datetime | None = instant(default=None)
    thread_id: str | None = word(default=None)
    custom_type_id: str | None = word(default=None)
    object_id: str | None = word(default=None)
    old_status_id: str | None = word(default=None)
    new_status_id: str | None = word(default=None)
    old_label: str | None = prose(default=None)
    new_label: str | None = prose(default=None)
    details: dict[str, Any] = json(default_factory=dict)
    subject_words: str | None = words_of("subject")
    text_words: str | None = words_of("text")
    sender_words: str | None = words_of("sender")
    phone_words: str | None = words_of("phone")


def _shown(read: Read) -> Read:
    """Rows carry the start of an email's body."""
    rows = read.table.c
    preview = case((rows.type == ActivityType.EMAIL, func.substr(rows.text, 1, PREVIEW_LENGTH)), else_=None)
    return read.with_column(preview.label("preview"))


def without_bodies(read: Read) -> Read:
    """Emails come without their bodies (rule A8); their previews stay."""
    rows = read.table.c
    for name in ("text", "text_html"):
        stripped = case((rows.type == ActivityType.EMAIL, None), else_=rows[name])
        read = read.with_column(stripped.label(name))
    return read


by_id = _shown(one(Activity))
in_organization = _shown(children(Activity, of=Activity.organization_id, order=[descending(Activity.date)]))
by_lead = _shown(children(Activity, of=Activity.lead_id, order=[descending(Activity.date)]))
by_contact = _shown(children(Activity, of=Activity.contact_id, order=[descending(Activity.date)]))


def _only(read: Read, type_: ActivityType) -> Read:
    return read.where(read.table.c.type == type_)


# What a link of one kind may find: an import can bring a link to an object of another kind, which reads as absent.
call_by_id = _only(by_id, ActivityType.CALL)
email_by_id = _only(by_id, ActivityType.EMAIL)
thread_by_id = _only(by_id, ActivityType.EMAIL_THREAD)
sms_by_id = _only(by_id, ActivityType.SMS)
by_thread = _only(
    _shown(children(Activity, of=Activity.thread_id, order=[ascending(Activity.date)])), ActivityType.EMAIL
)
