"""What of activities can be searched: what all have in common, and what each kind has besides."""

from typing import Any

from sqlalchemy import ColumnElement, case

from app.domain.activities import (
    CALL_STATUS,
    ActivityType,
    CallDisposition,
    CallStatus,
    CustomActivityStatus,
    Direction,
    EmailStatus,
    MeetingStatus,
    SmsStatus,
)
from app.domain.filters import Kind, ReferenceType
from app.storage.search.fields import Rows, choice, declared, instant, key, number, reference, text, user


def _call_status(rows: Rows) -> ColumnElement[Any]:
    return case({disposition: status.value for disposition, status in CALL_STATUS.items()}, value=rows.c.disposition)


_SHARED = (
    reference("contact_id", ReferenceType.CONTACT, "The contact"),
    user("created_by", "Who created the activity"),
    instant("date", "When it took place", nullable=False),
    instant("date_created", "When the activity was created", nullable=False),
    user("user_id", "Whose activity it is"),
)
_DIRECTION = choice("direction", "Who started it", Direction)

FIELDS = {
    Kind.ACTIVITY: declared(Kind.ACTIVITY, *_SHARED, choice("type", "The kind of activity", ActivityType)),
    Kind.CALL: declared(
        Kind.CALL,
        *_SHARED,
        _DIRECTION,
        choice("disposition", "How the call ended", CallDisposition),
        number("duration", "The length in seconds"),
        text("note", "The note on the call", "text"),
        text("phone", "The other party's number"),
        choice("status", "What became of the call", CallStatus, expression=_call_status),
    ),
    Kind.EMAIL: declared(
        Kind.EMAIL,
        *_SHARED,
        _DIRECTION,
        text("body_text", "The body as plain text", "text"),
        text("sender", "Who sent it"),
        choice("status", "Where the email is on its way", EmailStatus),
        text("subject", "The subject"),
    ),
    Kind.NOTE: declared(Kind.NOTE, *_SHARED, text("text", "The note")),
    Kind.SMS: declared(
        Kind.SMS,
        *_SHARED,
        _DIRECTION,
        text("remote_phone", "The other party's number", "phone"),
        choice("status", "Where the message is on its way", SmsStatus),
        text("text", "The message"),
    ),
    Kind.MEETING: declared(
        Kind.MEETING,
        *_SHARED,
        number("duration", "The length in seconds"),
        instant("ends_at", "When it ends"),
        instant("starts_at", "When it starts"),
        choice("status", "Where the meeting stands", MeetingStatus),
        text("title", "The title", "subject"),
    ),
    Kind.CUSTOM_ACTIVITY: declared(
        Kind.CUSTOM_ACTIVITY,
        *_SHARED,
        key("custom_activity_type_id", "The custom activity type", "custom_type_id"),
        choice("status", "Whether it is published", CustomActivityStatus),
    ),
}
