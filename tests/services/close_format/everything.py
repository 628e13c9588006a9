"""Leads with one object of every kind, every type of custom field, and values that are easily bent on the way."""

from typing import Any

MADE = {"date_created": "2024-03-01T10:00:00+00:00", "date_updated": "2024-03-02T11:12:13.000014+00:00"}
ANN, BEN = {"user_id": "user_ann", "user_name": "Ann Ørsted"}, {"user_id": "user_ben", "user_name": "Ben"}

ZOE = {"name": "Z", "email": "zoe@example.com"}


def activity(word: str, number: int, **keys: Any) -> dict[str, Any]:
    return {"_type": word, "id": f"acti_{number}", "contact_id": "cont_1", **ANN, **MADE, **keys}


def task(word: str, number: int, **keys: Any) -> dict[str, Any]:
    return {"_type": word, "id": f"task_{number}", "assigned_to": "user_ben", "assigned_to_name": "Ben", **MADE, **keys}


CONTACT = {
    "id": "cont_1",
    "name": "Zoë 张 «Z»",
    "title": "Head of \u202bשלום\u202c",
    "emails": [
        {"email": "zoe@example.com", "type": "office", "is_unsubscribed": True},
        {"email": "not an address", "type": "home"},
    ],
    "phones": [{"phone": "+16505550100", "type": "mobile"}, {"phone": "0100 / 55", "type": "fax"}],
    "urls": [{"url": "https://example.com/zoë", "type": "url"}],
    "integration_links": [{"name": "Élan", "url": "https://example.com"}],
    "timezone": "Europe/Copenhagen",
    "custom": {"Role": "buyer"},
    **MADE,
}

OPPORTUNITIES = [
    {
        "id": "oppo_1",
        "contact_id": "cont_1",
        "status_id": "stat_won",
        "status_label": "Gewonnen",
        "status_type": "won",
        "pipeline_id": "pipe_2",
        "pipeline_name": "Renewals",
        "note": 'line\nline\ttab \\ " 😀',
        "confidence": 100,
        "value": 9_007_199_254_740_993,
        "value_currency": "EUR",
        "value_period": "annual",
        "date_won": "2024-02-29T23:30:00-05:00",
        "close_date": "2024-03-31",
        "custom": {"Size": 1.10, "Due": "2024-05-05", "Score": 3},
        "is_stalled": False,
        **ANN,
        **MADE,
    },
    {"id": "oppo_2", "status_label": "Lost", "status_type": "lost", "value": None, "date_lost": "2024-02-01T08:00:00Z"},
    {"id": "oppo_3", "value": -1, "note": "", "confidence": None, "custom": {"Size": -0.001}},
]

TASKS = [
    task("lead", 1, text="Call back", date="2024-04-01", is_complete=False, priority="high"),
    task("lead", 2, text="Done", date="2024-04-01T09:30:00+02:00", is_complete=True),
    task(
        "incoming_email",
        3,
        subject="Hi",
        body_preview="Hello …",
        emails=["acti_21"],
        object_type="emailthread",
        object_id="acti_20",
    ),
    task("email_followup", 4, subject="Hi", email_id="acti_21", object_type="emailthread", object_id="acti_20"),
    task("missed_call", 5, phone="+16505550101", local_phone="+16505550102", object_type="call", object_id="acti_10"),
    task("answered_detached_call", 6, phone="+16505550101", lead_id=None),
    task("voicemail", 7, phone="+16505550101", voicemail_duration=12, voicemail_url="https://example.com/v.mp3"),
    task("opportunity_due", 8, object_type="opportunity", object_id="oppo_1", opportunity_note="n", date="2024-03-31"),
    task(
        "incoming_sms",
        9,
        remote_phone="+16505550101",
        local_phone="+16505550102",
        attachments=[{"media_id": "m", "filename": "a.png", "size": 10, "url": "https://example.com/a.png"}],
    ),
]

ACTIVITIES = [
    activity("Call", 10, direction="incoming", status="no-answer", duration=0, phone="+16505550101", note="ring"),
    activity("Call", 11, direction="outbound", disposition="vm-left", recording_url="https://example.com/r", cost=0.25),
    activity(
        "EmailThread", 20, latest_normalized_subject="Offer", participants=[{"name": "Z", "email": "zoe@example.com"}]
    ),
    activity(
        "Email",
        21,
        thread_id="acti_20",
        direction="incoming",
        status="inbox",
        subject="RE: Offer",
        sender='"Zoë" <zoe@example.com>',
        to=["ann@example.com"],
        body_text="Yes\n",
        body_html="<p>Yes</p>",
        date_sent="2024-02-03T04:05:06.789000+00:00",
        envelope={"z": 1, "a": [{"y": 2.5, "b": None}]},
        opens=[],
    ),
    activity(
        "Email",
        22,
        thread_id="thread_lost",
        direction="outgoing",
        status="sent",
        subject="Fwd: AW: Price",
        to=["zoe@example.com"],
    ),
    activity("Note", 30, note="plain", note_html="<p>plain</p>", title="T", pinned=True),
    activity("SMS", 31, direction="outbound", status="sent", text="hi", remote_phone="+16505550101", attachments=[]),
    activity(
        "Meeting",
        32,
        title="Demo",
        status="in-progress",
        starts_at="2024-01-05T10:00:00+00:00",
        ends_at="2024-01-05T11:00:00+00:00",
        duration=3600,
        location="Room 1",
        attendees=[{"email": "zoe@example.com", "contact_id": "cont_1", "status": "noreply", "is_organizer": False}],
    ),
    activity(
        "LeadStatusChange",
        40,
        old_status_id="stat_old",
        old_status_label="Old",
        new_status_id="stat_new",
        new_status_label="Neu",
    ),
    activity(
        "OpportunityStatusChange",
        41,
        opportunity_id="oppo_1",
        old_status_label="Active",
        new_status_id="stat_won",
        new_status_label="Gewonnen",
        new_status_type="won",
        opportunity_value=130000,
    ),
    activity("TaskCompleted", 42, task_id="task_2", task_text="Done"),
    activity("Created", 43, source="import", import_id="impo_1"),
    activity("LeadMerge", 44, source_lead_id="lead_gone", source_display_name="Gone", merge_status="completed"),
    activity(
        "CustomActivity",
        45,
        custom_activity_type_id="actitype_1",
        custom_activity_type_name="Site visit",
        status="draft",
        pinned=False,
        **{"custom.cf_visit": "first\nsecond", "custom.cf_guests": ["user_ann", "user_ben"]},
    ),
]

LEADS: list[dict[str, Any]] = [
    {
        "id": "lead_1",
        "name": "Ünïcode & Søns 株式会社",
        "description": "a\nb",
        "url": "example.com",
        "status_id": "stat_new",
        "status_label": "Neu",
        "source": "web",
        "addresses": [
            {"label": "business", "address_1": "1 Rd", "zipcode": 94103, "country": "United States"},
            {"country": "Atlantis"},
        ],
        "contacts": [CONTACT],
        "opportunities": OPPORTUNITIES,
        "tasks": TASKS,
        "activities": ACTIVITIES,
        "custom": {
            "Number": 1100.04,
            "Big": 12345678901234567890.123456789,
            "Day": "2024-02-29",
            "Moment": "2024-02-29T12:00:00+05:30",
            "Many": ["b", "a"],
            "Owner": "user_ann",
            "Flag": True,
            "Shape": {"z": [1, 2.5], "a": None},
            "Text": "Something long enough to be no choice: " + "x" * 80,
            "Same A": "No",
            "Same B": "No",
        },
        "integration_links": [],
        **MADE,
        "created_by": "user_ann",
    },
    {"id": "lead_2", "contacts": [{"emails": [{"email": "first@example.com"}]}, {"name": "Second"}], **MADE},
    {"id": "lead_3", "custom": {"Same A": "No", "Same B": "No"}},
]
