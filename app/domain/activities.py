"""Activities: their kinds and the states that each kind can be in (rules A1, A10)."""

from enum import StrEnum


class ActivityType(StrEnum):
    """The kinds of activity. Values may be added."""

    CALL = "call"
    """A call."""
    EMAIL = "email"
    """An email message."""
    EMAIL_THREAD = "email_thread"
    """An email conversation."""
    NOTE = "note"
    """A note."""
    SMS = "sms"
    """A text message."""
    MEETING = "meeting"
    """A meeting."""
    LEAD_STATUS_CHANGE = "lead_status_change"
    """A change of a lead's status."""
    OPPORTUNITY_STATUS_CHANGE = "opportunity_status_change"
    """A change of an opportunity's status."""
    TASK_COMPLETED = "task_completed"
    """A completed task."""
    CREATED = "created"
    """The creation of the lead."""
    LEAD_MERGE = "lead_merge"
    """A merge of two leads."""
    CUSTOM = "custom"
    """An activity of an organization-defined type."""


class Direction(StrEnum):
    """Who started a communication."""

    INBOUND = "inbound"
    """The other party."""
    OUTBOUND = "outbound"
    """A user."""


class CallDisposition(StrEnum):
    """How a call ended. Values may be added."""

    ANSWERED = "answered"
    """Someone answered."""
    NO_ANSWER = "no_answer"
    """Nobody answered."""
    BUSY = "busy"
    """The line was busy."""
    VOICEMAIL_LEFT = "voicemail_left"
    """The caller left a voicemail."""
    VOICEMAIL_ANSWERED = "voicemail_answered"
    """The other party reached the voicemail box."""
    BLOCKED = "blocked"
    """The call was blocked."""
    ERROR = "error"
    """The call failed."""


class CallStatus(StrEnum):
    """What became of a call: its disposition in fewer words. Values may be added."""

    COMPLETED = "completed"
    """Somebody, or a voicemail box, answered."""
    NO_ANSWER = "no_answer"
    """Nobody answered."""
    BUSY = "busy"
    """The line was busy."""
    FAILED = "failed"
    """The call was blocked or went wrong."""


CALL_STATUS = {
    CallDisposition.ANSWERED: CallStatus.COMPLETED,
    CallDisposition.VOICEMAIL_LEFT: CallStatus.COMPLETED,
    CallDisposition.VOICEMAIL_ANSWERED: CallStatus.COMPLETED,
    CallDisposition.NO_ANSWER: CallStatus.NO_ANSWER,
    CallDisposition.BUSY: CallStatus.BUSY,
    CallDisposition.BLOCKED: CallStatus.FAILED,
    CallDisposition.ERROR: CallStatus.FAILED,
}


class EmailStatus(StrEnum):
    """Where an email is on its way. Values may be added."""

    INBOX = "inbox"
    """Received."""
    DRAFT = "draft"
    """Not yet to be sent."""
    SCHEDULED = "scheduled"
    """To be sent later."""
    OUTBOX = "outbox"
    """Being sent."""
    SENT = "sent"
    """Sent."""
    ERROR = "error"
    """Could not be sent."""


class SmsStatus(StrEnum):
    """Where a text message is on its way. Values may be added."""

    INBOX = "inbox"
    """Received."""
    DRAFT = "draft"
    """Not yet to be sent."""
    SCHEDULED = "scheduled"
    """To be sent later."""
    OUTBOX = "outbox"
    """Being sent."""
    SENT = "sent"
    """Sent."""
    ERROR = "error"
    """Could not be sent."""


class MeetingStatus(StrEnum):
    """Where a meeting stands. Values may be added."""

    UPCOMING = "upcoming"
    """Still to come."""
    IN_PROGRESS = "in_progress"
    """Going on now."""
    COMPLETED = "completed"
    """Over."""
    CANCELED = "canceled"
    """Called off by a user."""
    DECLINED_BY_LEAD = "declined_by_lead"
    """Turned down by the lead."""


class MeetingResponse(StrEnum):
    """An answer to an invitation."""

    YES = "yes"
    """Will come."""
    NO = "no"
    """Will not come."""
    MAYBE = "maybe"
    """May come."""
    NO_REPLY = "no_reply"
    """Has not answered."""


class CustomActivityStatus(StrEnum):
    """Whether a custom activity is published."""

    DRAFT = "draft"
    """Still being written; required fields may be missing."""
    PUBLISHED = "published"
    """Published; required fields are set."""


class EmailThreading(StrEnum):
    """How email conversations appear in a list of activities."""

    MESSAGES = "messages"
    """Each message on its own."""
    THREADS_AND_MESSAGES = "threads_and_messages"
    """Both conversations and messages."""
    THREADS = "threads"
    """Conversations only."""
