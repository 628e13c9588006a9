"""A small world made by hand, for examples whose answers can be seen in it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from tests.search.rows import World

NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)
ME = "user_me"


def lead(id: str, **values: Any) -> dict[str, Any]:
    unset = dict.fromkeys(("name", "description", "url", "source", "created_by", "updated_by"))
    shown = {"display_name": id, "status_id": "stat_new", "date_created": NOON, "date_updated": NOON}
    return {"id": id, **unset, **shown, **values}


def contact(id: str, lead_id: str, **values: Any) -> dict[str, Any]:
    unset = dict.fromkeys(("name", "title", "created_by", "updated_by"))
    return {"id": id, "lead_id": lead_id, **unset, "date_created": NOON, "date_updated": NOON, **values}


def part(id: str, contact_id: str, **values: Any) -> dict[str, Any]:
    return {"id": id, "contact_id": contact_id, "type": "office", **values}


def opportunity(id: str, lead_id: str, **values: Any) -> dict[str, Any]:
    names = ("contact_id", "user_id", "created_by", "note", "value_cents", "close_date", "date_won", "date_lost")
    fixed = {"status_id": "stat_open", "confidence": 50, "value_period": "annual", "date_created": NOON}
    return {"id": id, "lead_id": lead_id, **dict.fromkeys(names), **fixed, "date_updated": NOON, **values}


def task(id: str, lead_id: str | None, **values: Any) -> dict[str, Any]:
    unset = dict.fromkeys(("contact_id", "assigned_to", "date", "date_time", "text"))
    return {"id": id, "lead_id": lead_id, **unset, "type": "lead", "is_complete": False, "date_created": NOON, **values}


def activity(id: str, type: str, lead_id: str | None = None, **values: Any) -> dict[str, Any]:
    names = (
        *("contact_id", "user_id", "created_by", "direction", "status", "disposition", "duration", "subject", "text"),
        *("sender", "phone", "starts_at", "ends_at", "thread_id", "custom_type_id", "object_id"),
        *("old_status_id", "new_status_id"),
    )
    return {
        "id": id, "type": type, "lead_id": lead_id, **dict.fromkeys(names), "date": NOON, "date_created": NOON, **values
    }  # fmt: skip


def on(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def custom(field_id: str, owner: str, object_id: str, **value: Any) -> dict[str, Any]:
    unset = dict.fromkeys(("text", "number", "date", "date_time", "item", "json_value"))
    return {"id": f"{field_id}{object_id}", "field_id": field_id, "owner_type": owner, "object_id": object_id} | (
        unset | value
    )


def definition(id: str, data_type: str, *choices: str) -> dict[str, Any]:
    return {
        "id": id, "name": id, "description": None, "data_type": data_type,
        "choices": list(choices) or None, "accepts_multiple_values": bool(choices),
    }  # fmt: skip


WORLD = World(
    {
        "lead": [
            lead("lead_a", name="Straße 42", display_name="Straße 42", url="https://a.example", created_by=ME,
                 description="foo bar, foo"),
            lead("lead_b", date_created=on(27), status_id="stat_old", created_by="user_you"),
            lead("lead_c", date_created=on(27), description="Bar Foo"),
        ],
        "lead_address": [
            {"id": "addr_1", "lead_id": "lead_a", "address_1": "Main St", "address_2": None, "city": "Berlin",
             "state": None, "zipcode": "10115", "country": "DE"},
        ],
        "contact": [
            contact("cont_a", "lead_a", name="Ada", title="CEO"),
            contact("cont_b", "lead_b", name="Bob", date_created=on(26)),
        ],
        "contact_email": [
            part("e1", "cont_a", email="ada@a.example", type="Office"), part("e2", "cont_a", email="x@y"),
        ],
        "contact_phone": [part("p1", "cont_b", phone="+16505550100", type="mobile")],
        "contact_url": [part("u1", "cont_a", url="https://ada.example", type="url")],
        "opportunity_status": [
            {"id": "stat_open", "type": "active", "pipeline_id": "pipe_1"},
            {"id": "stat_won", "type": "won", "pipeline_id": "pipe_2"},
        ],
        "opportunity": [
            opportunity("oppo_a", "lead_a", value_cents=150, contact_id="cont_a", close_date=date(2026, 3, 29),
                        date_created=on(1)),
            opportunity("oppo_b", "lead_b", status_id="stat_won"),
        ],
        "task": [
            task("task_a", "lead_a", date=date(2026, 3, 29), assigned_to=ME, text="Call back"),
            task("task_b", "lead_b", date_time=on(28, 23), is_complete=True),
            task("task_c", "lead_c"),
        ],
        "activity": [
            activity("acti_1", "call", "lead_a", direction="outbound", disposition="voicemail_left", duration=30,
                     date=on(20)),
            activity("acti_2", "call", "lead_a", direction="inbound", disposition="answered", contact_id="cont_a"),
            activity("acti_3", "email", "lead_b", status="sent", thread_id="acti_4", subject="Offer", date=on(21)),
            activity("acti_4", "email_thread", "lead_b"),
            activity("acti_5", "email", "lead_b", status="draft", date=on(22)),
            activity("acti_6", "meeting", "lead_a", starts_at=on(29), title=None),
            activity("acti_7", "meeting", "lead_b", starts_at=on(29), status="canceled"),
            activity("acti_8", "lead_status_change", "lead_b", date=on(3)),
            activity("acti_9", "opportunity_status_change", "lead_a", object_id="oppo_a", date=on(10),
                     old_status_id="stat_open", new_status_id="stat_won"),
            activity("acti_a", "opportunity_status_change", "lead_a", object_id="oppo_a", date=on(15),
                     old_status_id="stat_won", new_status_id="stat_open"),
            activity("acti_b", "task_completed", "lead_b", object_id="task_b"),
            activity("acti_c", "custom", "lead_c", custom_type_id="actitype_1", status="draft"),
            activity("acti_d", "lead_merge", "lead_c"),
        ],
        "custom_field": [
            definition("cf_tier", "choices", "Gold", "Silver"),
            definition("cf_size", "number"),
            definition("cf_note", "text"),
            definition("cf_day", "date"),
        ],
        "custom_field_placement": [
            {"field_id": "cf_tier", "target": "lead"},
            {"field_id": "cf_tier", "target": "actitype_1"},
            {"field_id": "cf_size", "target": "contact"},
            {"field_id": "cf_note", "target": "lead"},
            {"field_id": "cf_day", "target": "lead"},
        ],
        "custom_field_value": [
            custom("cf_tier", "lead", "lead_a", item="Gold"),
            {**custom("cf_tier", "lead", "lead_a", item="Silver"), "id": "second"},
            custom("cf_tier", "activity", "acti_c", item="Gold"),
            custom("cf_size", "contact", "cont_b", number=Decimal("2.50")),
            custom("cf_note", "lead", "lead_b", text="Zebra"),
            custom("cf_day", "lead", "lead_c", date=date(2026, 3, 29)),
        ],
    }
)  # fmt: skip
