"""Communication in the format: calls, emails and their threads, notes, text messages and meetings."""

import datetime as dt
from typing import Any

from app.domain.activities import ActivityType, CallDisposition, Direction, EmailStatus, MeetingStatus, SmsStatus
from app.services.close_format.activity_kinds import ActivityKind, common
from app.services.close_format.keys import Key, detail, moment, reference
from app.services.close_format.kinds import Draft
from app.services.close_format.reading import Reading, current, fill
from app.services.close_format.tasks import ATTACHMENTS
from app.services.close_format.values import as_is, objects, one_of, seconds, text, texts

_DIRECTIONS = one_of(
    {
        "inbound": Direction.INBOUND,
        "incoming": Direction.INBOUND,
        "outbound": Direction.OUTBOUND,
        "outgoing": Direction.OUTBOUND,
    }
)
_EMAIL_WORDS = {Direction.INBOUND: "incoming", Direction.OUTBOUND: "outgoing"}

_DISPOSITIONS = {
    "answered": CallDisposition.ANSWERED,
    "no_answer": CallDisposition.NO_ANSWER,
    "abandoned": CallDisposition.NO_ANSWER,
    "busy": CallDisposition.BUSY,
    "vm_left": CallDisposition.VOICEMAIL_LEFT,
    "voicemail_left": CallDisposition.VOICEMAIL_LEFT,
    "vm_answer": CallDisposition.VOICEMAIL_ANSWERED,
    "voicemail_answered": CallDisposition.VOICEMAIL_ANSWERED,
    "blocked": CallDisposition.BLOCKED,
    "error": CallDisposition.ERROR,
}
_DISPOSITION_WORDS = {
    CallDisposition.NO_ANSWER: "no-answer",
    CallDisposition.VOICEMAIL_LEFT: "vm-left",
    CallDisposition.VOICEMAIL_ANSWERED: "vm-answer",
}
_BY_CALL_STATUS = {
    "completed": CallDisposition.ANSWERED,
    "no_answer": CallDisposition.NO_ANSWER,
    "timeout": CallDisposition.NO_ANSWER,
    "cancel": CallDisposition.NO_ANSWER,
    "canceled": CallDisposition.NO_ANSWER,
    "busy": CallDisposition.BUSY,
    "failed": CallDisposition.ERROR,
}
_MEETINGS = {status.value: status for status in MeetingStatus} | {
    "declined": MeetingStatus.DECLINED_BY_LEAD,
    "declined_by_org": MeetingStatus.CANCELED,
    "cancelled": MeetingStatus.CANCELED,
}


def _direction(words: dict[Direction, str]) -> Key:
    return Key("direction", "", _DIRECTIONS, lambda direction: words.get(direction, direction.value), lenient=True)


def _word(member: Any) -> str:
    return str(member).replace("_", "-")


def _call(reading: Reading, draft: Draft) -> None:
    fill(draft, "direction", Direction.OUTBOUND)
    status = str(draft.details.get("status", "")).lower().replace("-", "_")
    talked = CallDisposition.ANSWERED if draft.columns.get("duration") else CallDisposition.NO_ANSWER
    disposition = _BY_CALL_STATUS.get(status, talked)
    if draft.columns.get("disposition") is None and status:
        draft.columns["disposition"] = disposition
    fill(draft, "disposition", disposition)


def _email(reading: Reading, draft: Draft) -> None:
    inbox = draft.columns.get("status") == EmailStatus.INBOX
    fill(draft, "direction", Direction.INBOUND if inbox else Direction.OUTBOUND)
    inbound = current(draft, "direction") is Direction.INBOUND
    fill(draft, "status", EmailStatus.INBOX if inbound else EmailStatus.SENT)


def _meeting(reading: Reading, draft: Draft) -> None:
    fill(draft, "starts_at", current(draft, "date"))
    length = dt.timedelta(seconds=draft.columns.get("duration") or 0)
    fill(draft, "ends_at", _later(current(draft, "starts_at"), length))
    over = current(draft, "ends_at") <= reading.now
    fill(draft, "status", MeetingStatus.COMPLETED if over else MeetingStatus.UPCOMING)


def _later(moment: dt.datetime, length: dt.timedelta) -> dt.datetime:
    try:
        return moment + length
    except OverflowError:
        return moment


_DURATION = Key("duration", "", seconds, as_is, lenient=True)
_SENT = (moment("date_sent", lenient=True), moment("date_scheduled", lenient=True))
_LISTS = ("to", "cc", "bcc")

CALL = ActivityKind(
    "Call",
    ActivityType.CALL,
    common(
        _direction({}),
        Key("disposition", "", one_of(_DISPOSITIONS), lambda d: _DISPOSITION_WORDS.get(d, d.value), lenient=True),
        detail("status"),
        _DURATION,
        Key("phone", older=("remote_phone",)),
        Key("local_phone"),
        Key("note", "text"),
        Key("note_html", "text_html"),
        detail("recording_url"),
        detail("voicemail_url"),
        detail("voicemail_duration", seconds),
        derived=("remote_phone", "remote_phone_formatted", "local_phone_formatted", "has_recording"),
        extras=(
            "call_method", "coach_legs", "cost", "date_answered", "dialer_id", "dialer_saved_search_id", "forwarded_to",
            "is_forwarded", "is_joinable", "is_to_group_number", "local_country_iso", "outcome_id",
            "parent_meeting_id", "quality_info", "recording_expires_at", "remote_country_iso", "source",
            "transferred_from", "transferred_from_user_id", "transferred_to", "transferred_to_user_id",
        ),
    ),
    complete=_call,
)  # fmt: skip
EMAIL = ActivityKind(
    "Email",
    ActivityType.EMAIL,
    common(
        _direction(_EMAIL_WORDS),
        Key("status", "", one_of({status.value: status for status in EmailStatus}), lenient=True),
        reference("thread_id"),
        *_SENT,
        Key("subject"),
        Key("sender", lenient=True),
        *(detail(name, texts) for name in _LISTS),
        Key("body_text", "text"),
        Key("body_html", "text_html"),
        detail("attachments", ATTACHMENTS),
        detail("message_id"),
        detail("in_reply_to"),
        detail("references", texts),
        extras=(
            "body_html_quoted", "body_preview", "body_text_quoted", "bulk_email_action_id", "email_account_id",
            "envelope", "followup_sequence_delay", "followup_sequence_id", "has_reply", "in_reply_to_id",
            "message_ids", "need_smtp_credentials", "opens", "opens_summary", "send_as_id", "send_attempts",
            "template_id", "template_name",
        ),
    ),
    dates=("date_sent",),
    complete=_email,
    lists=("to", "cc", "bcc", "attachments"),
)  # fmt: skip
EMAIL_THREAD = ActivityKind(
    "EmailThread",
    ActivityType.EMAIL_THREAD,
    common(
        Key("latest_normalized_subject", "subject"),
        detail("participants", objects(email=text, name=text)),
        derived=("emails", "n_emails"),
    ),
    lists=("participants",),
)
NOTE = ActivityKind(
    "Note",
    ActivityType.NOTE,
    common(Key("title", "subject"), Key("note", "text"), Key("note_html", "text_html"), extras=("pinned", "pinned_at")),
)
SMS = ActivityKind(
    "SMS",
    ActivityType.SMS,
    common(
        _direction({}),
        Key("status", "", one_of({status.value: status for status in SmsStatus}), lenient=True),
        *_SENT,
        Key("text"),
        Key("remote_phone", "phone", older=("phone",)),
        Key("local_phone"),
        detail("attachments", ATTACHMENTS),
        derived=("remote_phone_formatted", "local_phone_formatted"),
        extras=("cost", "error_message", "local_country_iso", "remote_country_iso", "source", "template_id"),
    ),
    dates=("date_sent",),
    complete=_email,
    lists=("attachments",),
)
MEETING = ActivityKind(
    "Meeting",
    ActivityType.MEETING,
    common(
        Key("title", "subject"),
        Key("status", "", one_of(_MEETINGS), _word, lenient=True),
        moment("starts_at"),
        moment("ends_at"),
        _DURATION,
        detail("location"),
        Key("note", "text"),
        detail("attendees", objects(email=text, name=text, contact_id=text, user_id=text, status=text)),
        extras=(
            "calendar_event_link", "calendar_event_uids", "connected_account_id", "integrations", "is_recurring",
            "source", "user_note_html", "conference_links",
        ),
    ),
    dates=("starts_at",),
    complete=_meeting,
    lists=("attendees",),
)  # fmt: skip

KINDS = (CALL, EMAIL, EMAIL_THREAD, NOTE, SMS, MEETING)
