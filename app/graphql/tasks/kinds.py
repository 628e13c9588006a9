"""The kinds of task, a type each (rules T13-T20)."""

from app.domain.tasks import TaskType
from app.graphql.activities import Attachment, Call, Email, EmailThread, Sms
from app.graphql.activities.base import details, number_of, or_empty_of, text_of
from app.graphql.activities.messages import attachments, stored_attachments
from app.graphql.declare import object_type
from app.graphql.fields import derived, listed, related, when
from app.graphql.opportunities import Opportunity
from app.graphql.scalars import URL
from app.graphql.tasks.base import Task
from app.storage import activities, opportunities
from app.storage.json_text import ListMember


@object_type
class LeadTask(Task):
    """A to-do on a lead."""

    is_type_of = when("type", TaskType.LEAD)
    text: str = or_empty_of("text")
    """What is to be done."""


@object_type
class IncomingEmailTask(Task):
    """Unread incoming emails of one thread."""

    is_type_of = when("type", TaskType.INCOMING_EMAIL)
    thread: EmailThread | None = related(activities.thread_by_id, "object_id")
    """The thread."""
    emails: list[Email] = listed(
        activities.email_by_id, details("email_ids"), "details", sql=lambda stored: ListMember(stored, "email_ids")
    )
    """The unread emails."""
    subject: str | None = text_of("subject")
    """The thread's subject."""


@object_type
class EmailFollowupTask(Task):
    """A reminder to follow up on an email without a reply."""

    is_type_of = when("type", TaskType.EMAIL_FOLLOWUP)
    thread: EmailThread | None = related(activities.thread_by_id, "object_id")
    """The thread."""
    email: Email | None = related(activities.email_by_id, "email_id")
    """The email that was sent."""
    subject: str | None = text_of("subject")
    """The email's subject."""
    body_preview: str | None = text_of("body_preview")
    """The start of the email's body."""


@object_type
class MissedCallTask(Task):
    """A call that was missed."""

    is_type_of = when("type", TaskType.MISSED_CALL)
    call: Call | None = related(activities.call_by_id, "object_id")
    """The call."""
    phone: str | None = text_of("phone")
    """The other party's number."""
    local_phone: str | None = text_of("local_phone")
    """The number that was called."""


@object_type
class AnsweredDetachedCallTask(Task):
    """An answered call from a number that belongs to no contact."""

    is_type_of = when("type", TaskType.ANSWERED_DETACHED_CALL)
    call: Call | None = related(activities.call_by_id, "object_id")
    """The call."""
    phone: str | None = text_of("phone")
    """The other party's number."""


@object_type
class VoicemailTask(Task):
    """A voicemail."""

    is_type_of = when("type", TaskType.VOICEMAIL)
    call: Call | None = related(activities.call_by_id, "object_id")
    """The call that left the voicemail."""
    phone: str | None = text_of("phone")
    """The other party's number."""
    local_phone: str | None = text_of("local_phone")
    """The number that was called."""
    voicemail_duration: int | None = number_of("voicemail_duration")
    """The length in seconds."""
    voicemail_url: URL | None = text_of("voicemail_url")
    """The recording."""


@object_type
class OpportunityDueTask(Task):
    """An opportunity that is expected to close."""

    is_type_of = when("type", TaskType.OPPORTUNITY_DUE)
    opportunity: Opportunity | None = related(opportunities.by_id, "object_id")
    """The opportunity."""


@object_type
class IncomingSmsTask(Task):
    """An incoming text message."""

    is_type_of = when("type", TaskType.INCOMING_SMS)
    sms: Sms | None = related(activities.sms_by_id, "object_id")
    """The message."""
    remote_phone: str | None = text_of("phone")
    """The sender's number."""
    local_phone: str | None = text_of("local_phone")
    """The number that was texted."""
    attachments: list[Attachment] = derived(attachments, "details", sql=stored_attachments)
    """The files of a multimedia message."""


TASK_TYPES = [
    LeadTask,
    IncomingEmailTask,
    EmailFollowupTask,
    MissedCallTask,
    AnsweredDetachedCallTask,
    VoicemailTask,
    OpportunityDueTask,
    IncomingSmsTask,
]
