"""Rows of every kind, written through storage: what no mutation makes yet can be read all the same."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from app.domain.access import Actor
from app.domain.activities import ActivityType
from app.domain.custom_fields import DataType
from app.domain.tasks import TaskType
from app.storage.activities import Activity
from app.storage.contacts import Contact, ContactEmail, ContactPhone
from app.storage.custom_fields import CustomActivityType, CustomField, CustomFieldPlacement, CustomFieldValue
from app.storage.database import Database
from app.storage.leads import Lead, LeadAddress, LeadStatus
from app.storage.opportunities import Opportunity, OpportunityStatus
from app.storage.organizations import User
from app.storage.tasks import Task

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
AUDIT: dict[str, Any] = {"date_created": NOON, "date_updated": NOON}

ACTIVITIES: dict[ActivityType, dict[str, Any]] = {
    ActivityType.CALL: {
        "direction": "inbound", "disposition": "voicemail_left", "phone": "+16505550100", "duration": 62,
        "local_phone": "+16505550101", "text": "Asked for a demo",
        "details": {
            "recording_url": "https://calls.example/1", "voicemail_url": "https://calls.example/2",
            "voicemail_duration": 12,
        },
    },
    ActivityType.NOTE: {"text": "Likes blue", "text_html": "<p>Likes blue</p>"},
    ActivityType.SMS: {
        "user_id": None, "contact_id": None,
        "direction": "outbound", "status": "sent", "text": "Hi", "phone": "+16505550100",
        "local_phone": "+16505550101", "date_sent": NOON,
        "details": {"attachments": [{"url": "https://files.example/a.png", "filename": "a.png", "size": 7}]},
    },
    ActivityType.MEETING: {
        "subject": "Demo", "status": "completed", "starts_at": NOON, "ends_at": NOON + timedelta(hours=1),
        "duration": 3600, "text": "Went well",
        "details": {
            "location": "Room 3",
            "attendees": [
                {"email": "a@example.com", "name": "A", "contact_id": "cont_1", "status": "yes"},
                {"user_id": "user_1", "status": "noreply"},
            ],
        },
    },
    ActivityType.LEAD_STATUS_CHANGE: {
        "old_status_id": "stat_gone", "old_label": "Gone", "new_status_id": "stat_1", "new_label": "Was new",
    },
    ActivityType.OPPORTUNITY_STATUS_CHANGE: {
        "object_id": "oppo_1", "old_status_id": "stat_o1", "old_label": "Open", "new_status_id": "stat_gone",
    },
    ActivityType.TASK_COMPLETED: {"object_id": "task_lead", "text": "Call back"},
    ActivityType.CREATED: {"details": {"origin": "import"}},
    ActivityType.LEAD_MERGE: {"object_id": "lead_gone", "old_label": "Bluth"},
    ActivityType.CUSTOM: {"custom_type_id": "actitype_1", "status": "published"},
    ActivityType.EMAIL_THREAD: {"subject": "Offer"},
}  # fmt: skip

VALUES: dict[DataType, list[dict[str, Any]]] = {
    DataType.TEXT: [{"text": "blue\nsky"}],
    DataType.NUMBER: [{"number": Decimal("5.50")}],
    DataType.DATE: [{"date": date(2026, 1, 5)}],
    DataType.DATETIME: [{"date_time": datetime(2026, 1, 5, 8, tzinfo=UTC)}],
    DataType.CHOICES: [{"item": "red", "slot": "red"}, {"item": "blue", "slot": "blue", "position": 1}],
    DataType.USER: [{"item": "user_1", "slot": "user_1"}],
    DataType.CONTACT: [{"item": "cont_1", "slot": "cont_1"}, {"item": "cont_gone", "slot": "cont_gone", "position": 1}],
    DataType.HIDDEN: [{"json_value": {"a": [1, None]}}],
}


async def build(database: Database, organization_id: str, lead: str = "lead_1") -> None:
    """One lead with a contact, an opportunity, and an activity, a task and a custom-field value of every kind."""
    async with database.write(Actor.system(organization_id)) as session:
        insert = session.insert
        await insert(User, {"id": "user_1", "display_name": "Reed Clapper", "is_active": False})
        status = {"label": "Fresh", "label_key": "fresh", "position": 9}
        await insert(LeadStatus, {"id": "stat_1"} | status)
        names = {"name": "Acme", "display_name": "Acme", "sort_name": "acme"}
        await insert(Lead, {"id": lead, "status_id": "stat_1"} | names | AUDIT)
        await insert(LeadAddress, {"id": f"{lead}.0", "lead_id": lead, "position": 0, "city": "Rome"})
        person = {"display_name": "Ann", "sort_name": "ann"}
        await insert(Contact, {"id": "cont_1", "lead_id": lead, "name": "Ann"} | person | AUDIT)
        own = {"contact_id": "cont_1", "position": 0, "type": "office"}
        await insert(ContactEmail, {"id": "cont_1.0", "email": "ann@example.com"} | own)
        await insert(ContactPhone, {"id": "cont_1.0", "phone": "+16505550100"} | own)
        pipelines = await session.find(OpportunityStatus)
        stage = {"label": "Open", "label_key": "open", "type": "active", "position": 9}
        await insert(OpportunityStatus, {"id": "stat_o1", "pipeline_id": pipelines[0]["pipeline_id"]} | stage)
        deal = {"lead_id": lead, "contact_id": "cont_1", "user_id": "user_1", "status_id": "stat_o1"}
        money = {"value_cents": 123_456, "currency": "EUR", "value_period": "monthly", "confidence": 33}
        await insert(Opportunity, {"id": "oppo_1"} | deal | money | AUDIT)
        await insert(CustomActivityType, {"id": "actitype_1", "name": "Visit", "name_key": "visit"} | AUDIT)
        await _activities(insert, lead)
        await _tasks(insert, lead)
        await _values(insert, lead)


async def _activities(insert: Any, lead: str) -> None:
    own = {"lead_id": lead, "contact_id": "cont_1", "user_id": "user_1"} | AUDIT
    for i, (type_, values) in enumerate(ACTIVITIES.items()):
        await insert(Activity, {"id": f"acti_{type_}", "type": type_, "date": NOON + timedelta(hours=i)} | own | values)
    for i in range(3):
        mail = {
            "direction": "outbound" if i % 2 else "inbound", "status": "sent" if i % 2 else "inbox",
            "subject": f"Offer {i}", "sender": f"{i}@example.com", "text": f"Body {i}", "text_html": f"<p>Body {i}</p>",
            "thread_id": "acti_email_thread", "date_sent": NOON,
            "details": {
                "to": [f"{i + 1}@example.com"], "cc": ["cc@example.com"], "message_id": f"<{i}@example.com>",
                "in_reply_to": None, "references": [f"<{n}@example.com>" for n in range(i)],
            },
        }  # fmt: skip
        row = {"id": f"acti_email{i}", "type": ActivityType.EMAIL, "date": NOON + timedelta(days=1, hours=i)}
        await insert(Activity, row | own | mail)


async def _tasks(insert: Any, lead: str) -> None:
    objects = {
        TaskType.INCOMING_EMAIL: (
            "acti_email_thread",
            {"email_ids": ["acti_email1", "acti_email0"], "subject": "Offer"},
        ),
        TaskType.EMAIL_FOLLOWUP: (
            "acti_email_thread",
            {"email_id": "acti_email1", "subject": "Offer", "body_preview": "Bo"},
        ),
        TaskType.MISSED_CALL: ("acti_call", {"phone": "+16505550100", "local_phone": "+16505550101"}),
        TaskType.ANSWERED_DETACHED_CALL: ("acti_call", {"phone": "+16505550100"}),
        TaskType.VOICEMAIL: (
            "acti_call",
            {"phone": "+16505550100", "voicemail_duration": 12, "voicemail_url": "https://calls.example/2"},
        ),
        TaskType.OPPORTUNITY_DUE: ("oppo_1", {}),
        TaskType.INCOMING_SMS: (
            "acti_sms",
            {"phone": "+16505550100", "attachments": [{"url": "https://files.example/a.png"}]},
        ),
        TaskType.LEAD: (None, {}),
    }
    for type_, (object_id, details) in objects.items():
        detached = type_ is TaskType.ANSWERED_DETACHED_CALL
        row = {
            "id": f"task_{type_}",
            "type": type_,
            "object_id": object_id,
            "details": details,
            "assigned_to": "user_1",
        }
        row |= {"lead_id": None if detached else lead, "text": "Call back" if type_ is TaskType.LEAD else None}
        await insert(Task, row | {"date": date(2026, 3, 2)} | AUDIT)


async def _values(insert: Any, lead: str) -> None:
    """A field of every type on the lead, placed against the order of their names; one on each other owner."""
    for i, (type_, values) in enumerate(reversed(VALUES.items())):
        await _field(insert, f"cf_{type_}", "lead", type_, i, multiple=len(values) > 1)
        for value in values:
            row = {"id": f"cfva_{type_}{value.get('item', '')}", "field_id": f"cf_{type_}", "object_id": lead}
            await insert(CustomFieldValue, row | {"owner_type": "lead", "lead_id": lead} | value)
    owners = {"contact": "cont_1", "opportunity": "oppo_1", "activity": "acti_custom"}
    for owner, id in owners.items():
        home = "actitype_1" if owner == "activity" else owner
        await _field(insert, f"cf_on_{owner}", home, DataType.TEXT, 0)
        row = {"id": f"cfva_{owner}", "field_id": f"cf_on_{owner}", "object_id": id, "owner_type": owner}
        await insert(CustomFieldValue, row | {f"{owner}_id": id, "text": owner})


async def _field(insert: Any, id: str, home: str, type_: DataType, position: int, multiple: bool = False) -> None:
    custom = home.startswith("actitype_")
    row = {
        "id": id, "name": id, "name_key": id, "home": home, "data_type": type_, "accepts_multiple_values": multiple,
        "scope": "activity" if custom else home, "custom_activity_type_id": home if custom else None,
        "choices": ["red", "green", "blue"] if type_ is DataType.CHOICES else None,
    }  # fmt: skip
    await insert(CustomField, row | AUDIT)
    place = {"id": f"place_{id}", "field_id": id, "target": home, "position": position}
    await insert(CustomFieldPlacement, place)
