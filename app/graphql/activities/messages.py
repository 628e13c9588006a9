"""Communication: calls, emails and their threads, notes, text messages and meetings."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, type_coerce

from app.domain.activities import (
    ActivityType,
    CallDisposition,
    Direction,
    EmailStatus,
    MeetingResponse,
    MeetingStatus,
    SmsStatus,
)
from app.graphql.activities.base import (
    Activity,
    LazyContact,
    details,
    member_of,
    number_of,
    or_empty_of,
    text_of,
    texts_of,
)
from app.graphql.context import Info
from app.graphql.declare import object_type, resolved
from app.graphql.fields import column, derived, measured, related, when
from app.graphql.organizations import User
from app.graphql.scalars import URL
from app.storage import activities as stored
from app.storage import contacts, organizations
from app.storage.json_text import IntMember, ListMember, Made, MadeList, TextMember, TextMemberOr, constant
from app.storage.types import Choice


@dataclass(frozen=True)
class StoredAttachment:
    url: str
    filename: str | None
    content_type: str | None
    size: int | None
    thumbnail_url: str | None


def attachments(details: dict[str, Any]) -> list[StoredAttachment]:
    """The files of a message that can be fetched."""
    return [
        StoredAttachment(
            item["url"],
            item.get("filename"),
            item.get("content_type"),
            item.get("size"),
            item.get("thumbnail_url"),
        )
        for item in details.get("attachments") or ()
        if item.get("url")
    ]


def preview(details: dict[str, Any], start: str | None) -> str | None:
    """The preview that an import brought, else the start of the body."""
    brought: str | None = details.get("body_preview")
    return brought or start


def stored_preview(details: Any, start: Any) -> TextMemberOr:
    return TextMemberOr(details, "body_preview", start)


def stored_attachments(details: Any) -> MadeList:
    def made(item: Any) -> Made:
        texts = {name: TextMember(item, name) for name in ("url", "filename", "content_type", "thumbnail_url")}
        return Made(
            texts | {"size": IntMember(item, "size")}, func.coalesce(texts["url"], constant("")) != constant("")
        )

    return MadeList(ListMember(details, "attachments"), made)


@object_type
class Attachment:
    """A file that came with a message."""

    url: URL
    """Where the file can be fetched."""
    filename: str | None
    """The file's name."""
    content_type: str | None
    """The media type."""
    size: int | None
    """The size in bytes."""
    thumbnail_url: URL | None
    """A small preview picture."""


@object_type
class Call(Activity):
    """A call."""

    is_type_of = when("type", ActivityType.CALL)
    direction: Direction
    """Who called."""
    disposition: CallDisposition
    """How the call ended."""
    phone: str | None
    """The other party's number."""
    local_phone: str | None
    """The user's number."""
    duration: int | None
    """The length in seconds."""
    note: str | None = column("text")
    """What was said."""
    recording_url: URL | None = text_of("recording_url")
    """The recording."""
    voicemail_duration: int | None = number_of("voicemail_duration")
    """The length of the voicemail in seconds."""
    voicemail_url: URL | None = text_of("voicemail_url")
    """The voicemail."""


@object_type
class Email(Activity):
    """An email message."""

    is_type_of = when("type", ActivityType.EMAIL)
    thread: "EmailThread | None" = related(stored.thread_by_id, "thread_id")
    """The conversation that the message belongs to."""
    direction: Direction
    """Who wrote."""
    email_status: EmailStatus = member_of(EmailStatus, "status")
    """Where the message is on its way."""
    subject: str | None
    """The subject."""
    sender: str | None
    """The sender's address."""
    to: list[str] = texts_of("to")
    """The recipients."""
    cc: list[str] = texts_of("cc")
    """The recipients in copy."""
    bcc: list[str] = texts_of("bcc")
    """The recipients in blind copy."""
    body_text: str | None = column("text")
    """The body as plain text; null in a list that shows threads and messages."""
    body_html: str | None = column("text_html")
    """The body as HTML; null in a list that shows threads and messages."""
    body_preview: str | None = derived(preview, "details", "preview", sql=stored_preview)
    """The start of the body."""
    attachments: list[Attachment] = derived(attachments, "details", sql=stored_attachments)
    """The attached files."""
    date_scheduled: dt.datetime | None
    """When the message is to be sent."""
    date_sent: dt.datetime | None
    """When the message was sent."""
    message_id: str | None = text_of("message_id")
    """The Message-ID header."""
    in_reply_to: str | None = text_of("in_reply_to")
    """The In-Reply-To header."""
    references: list[str] = texts_of("references")
    """The References header."""


@object_type
class EmailThread(Activity):
    """An email conversation."""

    is_type_of = when("type", ActivityType.EMAIL_THREAD)
    subject: str | None
    """The subject."""
    emails: list[Email] = related(stored.by_thread)
    """The messages, oldest first."""
    email_count: int = measured(stored.by_thread.count)
    """How many messages there are."""

    @resolved
    async def participants(self, info: Info) -> list[str]:
        """Every address in the conversation, in the order they first appear."""
        thread: Any = self
        addresses: dict[str, None] = {}
        for email in await info.context.load(stored.by_thread, thread.id):
            known = email.details
            names = [
                email.sender,
                *(known.get("to") or ()),
                *(known.get("cc") or ()),
                *(known.get("bcc") or ()),
            ]
            addresses |= dict.fromkeys(name for name in names if name)
        return list(addresses) or [
            item["email"] for item in details("participants")(thread.details) if item.get("email")
        ]

    @resolved
    async def latest_email(self, info: Info) -> Email | None:
        """The newest message."""
        emails: list[Any] = await info.context.load(stored.by_thread, self.id)
        return emails[-1] if emails else None


@object_type
class Note(Activity):
    """A note."""

    is_type_of = when("type", ActivityType.NOTE)
    text: str = or_empty_of("text")
    """What the note says."""
    text_html: str | None
    """The note as HTML."""


@object_type
class Sms(Activity):
    """A text message."""

    is_type_of = when("type", ActivityType.SMS)
    direction: Direction
    """Who wrote."""
    sms_status: SmsStatus = member_of(SmsStatus, "status")
    """Where the message is on its way."""
    text: str = or_empty_of("text")
    """What the message says."""
    remote_phone: str | None = column("phone")
    """The other party's number."""
    local_phone: str | None
    """The user's number."""
    attachments: list[Attachment] = derived(attachments, "details", sql=stored_attachments)
    """The files of a multimedia message."""
    date_scheduled: dt.datetime | None
    """When the message is to be sent."""
    date_sent: dt.datetime | None
    """When the message was sent."""


@dataclass(frozen=True)
class StoredAttendee:
    email: str | None
    name: str | None
    contact_id: str | None
    user_id: str | None
    response: MeetingResponse | None


def attendees(details: dict[str, Any]) -> list[StoredAttendee]:
    """Who takes part; an answer of another kind than ours reads as null."""
    known = {response.value: response for response in MeetingResponse}
    return [
        StoredAttendee(
            item.get("email"),
            item.get("name"),
            item.get("contact_id"),
            item.get("user_id"),
            known.get(str(item.get("status")).lower().replace("-", "_").replace("noreply", "no_reply")),
        )
        for item in details.get("attendees") or ()
    ]


def stored_attendees(details: Any) -> MadeList:
    def made(item: Any) -> Made:
        texts = {name: TextMember(item, name) for name in ("email", "name", "contact_id", "user_id")}
        return Made(texts | {"response": _stored_response(TextMember(item, "status"))})

    return MadeList(ListMember(details, "attendees"), made)


def _stored_response(status: ColumnElement[str]) -> ColumnElement[Any]:
    words: ColumnElement[Any] = func.lower(status)
    for old, new in (("-", "_"), ("noreply", "no_reply")):
        words = func.replace(words, constant(old), constant(new))
    known = [constant(each.value) for each in MeetingResponse]
    return type_coerce(case(*((words == each, each) for each in known)), Choice(MeetingResponse))


@object_type
class MeetingAttendee:
    """A person in a meeting."""

    email: str | None
    """The email address."""
    name: str | None
    """The name."""
    contact: LazyContact | None = related(contacts.by_id, "contact_id")
    """The contact, when the person is one."""
    user: User | None = related(organizations.user_by_id, "user_id")
    """The user, when the person is one."""
    response: MeetingResponse | None
    """The answer to the invitation."""


@object_type
class Meeting(Activity):
    """A meeting."""

    is_type_of = when("type", ActivityType.MEETING)
    title: str | None = column("subject")
    """The title."""
    meeting_status: MeetingStatus = member_of(MeetingStatus, "status")
    """Where the meeting stands."""
    starts_at: dt.datetime
    """When the meeting starts."""
    ends_at: dt.datetime
    """When the meeting ends."""
    duration: int | None
    """The length in seconds."""
    location: str | None = text_of("location")
    """Where the meeting takes place."""
    note: str | None = column("text")
    """What was said."""
    attendees: list[MeetingAttendee] = derived(attendees, "details", sql=stored_attendees)
    """Who takes part."""
