"""What every field of every kind of object is, read from plain rows (rules F39-F45)."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from app.domain.filters import Kind
from app.domain.search_fields import FieldType
from app.domain.time import Clock
from tests.search.rows import Row, World

Value: TypeAlias = str | bool | int | Decimal | date | datetime
Read: TypeAlias = Callable[[World, Row, Clock], Value | None]


class Reading(NamedTuple):
    """A field: what it holds, and its value on a row. Texts, numbers and dates of leads and contacts sort them."""

    type: FieldType
    read: Read


TEXT, LABEL, CHOICE, KEY, FLAG = FieldType.TEXT, FieldType.LABEL, FieldType.CHOICE, FieldType.KEY, FieldType.FLAG
NUMBER, DAY, INSTANT = FieldType.NUMBER, FieldType.DAY, FieldType.INSTANT
USER, REFERENCE = FieldType.USER, FieldType.REFERENCE

ADDRESS_PARTS = ("address_1", "address_2", "city", "state", "zipcode", "country")


def column(name: str) -> Read:
    return lambda world, row, clock: row[name]


def plain(type: FieldType, *names: str, **renamed: str) -> dict[str, Reading]:
    """Fields that are columns of the same name, or of another."""
    columns = {name: name for name in names} | renamed
    return {name: Reading(type, column(stored)) for name, stored in columns.items()}


def counted(rows: Callable[[World, Row, Clock], Iterable[Row]]) -> Reading:
    return Reading(NUMBER, lambda world, row, clock: len(list(rows(world, row, clock))))


def below(table: str, key: str) -> Reading:
    return counted(lambda world, row, clock: world.where(table, key, row["id"]))


def _of_lead(world: World, row: Row, *types: str) -> list[Row]:
    return [each for each in world.where("activity", "lead_id", row["id"]) if each["type"] in types]


def _of_its_contacts(world: World, row: Row, table: str) -> list[Row]:
    contacts = world.where("contact", "lead_id", row["id"])
    return [each for contact in contacts for each in world.where(table, "contact_id", contact["id"])]


def _all_urls(world: World, row: Row, clock: Clock) -> int:
    return len(_of_its_contacts(world, row, "contact_url")) + (row["url"] is not None)


def _outgoing_calls(world: World, row: Row, clock: Clock) -> list[Row]:
    return [call for call in _of_lead(world, row, "call") if call["direction"] == "outbound"]


def _upcoming_meetings(world: World, row: Row, clock: Clock) -> list[Row]:
    return [
        meeting
        for meeting in _of_lead(world, row, "meeting")
        if meeting["starts_at"] is not None
        and meeting["starts_at"] > clock.now
        and meeting["status"] not in ("canceled", "declined_by_lead")
    ]


def _last_communication(world: World, row: Row, clock: Clock) -> datetime | None:
    messages = _of_lead(world, row, "email", "sms")
    dates = [call["date"] for call in _of_lead(world, row, "call")]
    dates += [message["date"] for message in messages if message["status"] in ("inbox", "sent")]
    return max(dates, default=None)


def _last_status_change(world: World, row: Row, clock: Clock) -> datetime | None:
    return max((change["date"] for change in _of_lead(world, row, "lead_status_change")), default=None)


def _location(world: World, row: Row, clock: Clock) -> str | None:
    parts = [row[part] for part in ADDRESS_PARTS if row[part] is not None]
    return ", ".join(parts) if parts else None


def of_status(name: str) -> Read:
    def read(world: World, row: Row, clock: Clock) -> str:
        [status] = world.where("opportunity_status", "id", row["status_id"])
        return str(status[name])

    return read


def _amount(world: World, row: Row, clock: Clock) -> Decimal | None:
    return None if row["value_cents"] is None else Decimal(row["value_cents"]).scaleb(-2)


def _due(world: World, row: Row, clock: Clock) -> datetime | date | None:
    due: datetime | date | None = row["date"] if row["date_time"] is None else row["date_time"]
    return due


def _call_status(world: World, row: Row, clock: Clock) -> str | None:
    match row["disposition"]:
        case None:
            return None
        case "answered" | "voicemail_left" | "voicemail_answered":
            return "completed"
        case "no_answer" | "busy" as same:
            return str(same.value if hasattr(same, "value") else same)
    return "failed"


_AUDITED = plain(USER, "created_by", "updated_by") | plain(INSTANT, "date_created", "date_updated")
_ACTIVITY = (
    plain(REFERENCE, "contact_id") | plain(USER, "created_by", "user_id") | plain(INSTANT, "date", "date_created")
)

READINGS: dict[Kind, dict[str, Reading]] = {
    Kind.LEAD: {
        **_AUDITED,
        **plain(TEXT, "name", "display_name", "description", "source", "url"),
        **plain(REFERENCE, "status_id"),
        "addresses_count": below("lead_address", "lead_id"),
        "contacts_count": below("contact", "lead_id"),
        "all_urls_count": Reading(NUMBER, _all_urls),
        "phones_count": counted(lambda world, row, clock: _of_its_contacts(world, row, "contact_phone")),
        "emails_count": counted(lambda world, row, clock: _of_lead(world, row, "email")),
        "calls_count": counted(lambda world, row, clock: _of_lead(world, row, "call")),
        "outgoing_calls_count": counted(_outgoing_calls),
        "upcoming_meetings_count": counted(_upcoming_meetings),
        "last_communication_date": Reading(INSTANT, _last_communication),
        "last_status_change_date": Reading(INSTANT, _last_status_change),
    },
    Kind.CONTACT: {
        **_AUDITED,
        **plain(TEXT, "name", "title"),
        **plain(REFERENCE, "lead_id"),
        "emails_count": below("contact_email", "contact_id"),
        "phones_count": below("contact_phone", "contact_id"),
        "urls_count": below("contact_url", "contact_id"),
    },
    Kind.CONTACT_PHONE: plain(TEXT, "phone") | plain(LABEL, "type"),
    Kind.CONTACT_EMAIL: plain(TEXT, "email") | plain(LABEL, "type"),
    Kind.CONTACT_URL: plain(TEXT, "url") | plain(LABEL, "type"),
    Kind.ADDRESS: plain(TEXT, *ADDRESS_PARTS) | {"location": Reading(TEXT, _location)},
    Kind.OPPORTUNITY: {
        **plain(NUMBER, "confidence"),
        **plain(REFERENCE, "contact_id", "status_id"),
        **plain(USER, "created_by", "user_id"),
        **plain(INSTANT, "date_created", "date_updated", "date_lost"),
        **plain(DAY, "close_date", "date_won"),
        **plain(TEXT, "note"),
        **plain(CHOICE, "value_period"),
        "pipeline_id": Reading(KEY, of_status("pipeline_id")),
        "status_type": Reading(CHOICE, of_status("type")),
        "value": Reading(NUMBER, _amount),
    },
    Kind.TASK: {
        **plain(USER, "assigned_to"),
        **plain(INSTANT, "date_created"),
        **plain(FLAG, "is_complete"),
        **plain(TEXT, "text"),
        **plain(CHOICE, "type"),
        "date": Reading(INSTANT, _due),
    },
    Kind.ACTIVITY: _ACTIVITY | plain(CHOICE, "type"),
    Kind.CALL: _ACTIVITY
    | plain(CHOICE, "direction", "disposition")
    | plain(NUMBER, "duration")
    | plain(TEXT, "phone", note="text")
    | {"status": Reading(CHOICE, _call_status)},
    Kind.EMAIL: _ACTIVITY | plain(CHOICE, "direction", "status") | plain(TEXT, "sender", "subject", body_text="text"),
    Kind.EMAIL_THREAD: {},
    Kind.NOTE: _ACTIVITY | plain(TEXT, "text"),
    Kind.SMS: _ACTIVITY | plain(CHOICE, "direction", "status") | plain(TEXT, "text", remote_phone="phone"),
    Kind.MEETING: _ACTIVITY
    | plain(CHOICE, "status")
    | plain(INSTANT, "starts_at", "ends_at")
    | plain(NUMBER, "duration")
    | plain(TEXT, title="subject"),
    Kind.LEAD_STATUS_CHANGE: {},
    Kind.OPPORTUNITY_STATUS_CHANGE: {},
    Kind.TASK_COMPLETED: {},
    Kind.CUSTOM_ACTIVITY: _ACTIVITY | plain(CHOICE, "status") | plain(KEY, custom_activity_type_id="custom_type_id"),
}

_ACTIVITY_TEXTS = ("subject", "text", "sender", "phone")
TEXTS: dict[Kind, tuple[str, ...]] = {
    Kind.LEAD: ("display_name", "name", "description", "url"),
    Kind.CONTACT: ("name", "title"),
    Kind.CONTACT_EMAIL: ("email",),
    Kind.CONTACT_PHONE: ("phone",),
    Kind.CONTACT_URL: ("url",),
    Kind.ADDRESS: ADDRESS_PARTS,
    Kind.OPPORTUNITY: ("note",),
    Kind.TASK: ("text",),
}


def texts(world: World, kind: Kind, row: Row) -> list[str]:
    """All the texts of an object that a text query looks at."""
    own = [row[name] for name in TEXTS.get(kind, _ACTIVITY_TEXTS) if row[name] is not None]
    holder = Kind.CUSTOM_ACTIVITY if kind is Kind.ACTIVITY else kind
    return own + [value["text"] for value in world.custom_values(holder, row["id"]) if value["text"] is not None]
