"""Activities of the format: their dates, directions and states."""

import datetime as dt
from typing import Any

from app.domain.activities import CallDisposition, Direction
from app.storage.activities import Activity
from tests.services.close_format.files import Store, lead

MADE = {"date_created": "2024-01-01T00:00:00Z", "date_updated": "2024-01-01T00:00:00Z"}


async def load(crm: Store, word: str, **keys: Any) -> Any:
    summary = await crm.load(lead(activities=[{"_type": word, "id": "acti_1", **MADE, **keys}]))
    assert summary.rejected_children == 0
    return await crm.row(Activity)


async def load_all(crm: Store, *activities: dict[str, Any]) -> list[Any]:
    """The rows of these activities, in their order."""
    numbered = [{"id": f"acti_{n:02}", **MADE, **activity} for n, activity in enumerate(activities)]
    assert (await crm.load(lead(activities=numbered))).rejected_children == 0
    return list(await crm.rows(Activity))


async def test_activity_has_its_own_date(crm: Store) -> None:
    rows = await load_all(
        crm,
        {"_type": "Note"},
        {"_type": "Note", "activity_at": "2024-01-05T00:00:00Z"},
        {"_type": "Email", "date_sent": "2024-01-03T00:00:00Z"},
        {"_type": "Email", "date_sent": "2024-01-03T00:00:00Z", "activity_at": "2024-01-05T00:00:00Z"},
        {"_type": "Meeting", "starts_at": "2024-01-04T00:00:00Z"},
    )
    assert [row["date"] for row in rows] == [dt.datetime(2024, 1, day, tzinfo=dt.UTC) for day in (1, 5, 3, 5, 4)]


async def test_direction_has_two_spellings(crm: Store) -> None:
    words = {
        "incoming": Direction.INBOUND,
        "inbound": Direction.INBOUND,
        "outgoing": Direction.OUTBOUND,
        "outbound": Direction.OUTBOUND,
        None: Direction.OUTBOUND,
    }
    pairs = [(word, direction) for word in ("Call", "Email", "SMS") for direction in words]
    rows = await load_all(crm, *({"_type": word, "direction": direction} for word, direction in pairs))
    assert [row["direction"] for row in rows] == [words[direction] for _, direction in pairs]


DISPOSITIONS: list[tuple[dict[str, Any], CallDisposition]] = [
    ({"disposition": "answered", "status": "busy"}, CallDisposition.ANSWERED),
    ({"disposition": "vm-left"}, CallDisposition.VOICEMAIL_LEFT),
    ({"disposition": "vm-answer"}, CallDisposition.VOICEMAIL_ANSWERED),
    ({"disposition": "no-answer"}, CallDisposition.NO_ANSWER),
    ({"disposition": "abandoned"}, CallDisposition.NO_ANSWER),
    ({"status": "completed", "duration": 153}, CallDisposition.ANSWERED),
    ({"disposition": None, "status": "no-answer"}, CallDisposition.NO_ANSWER),
    ({"status": "timeout"}, CallDisposition.NO_ANSWER),
    ({"status": "busy"}, CallDisposition.BUSY),
    ({"status": "failed"}, CallDisposition.ERROR),
    ({"status": "in-progress", "duration": 5}, CallDisposition.ANSWERED),
    ({"duration": 0}, CallDisposition.NO_ANSWER),
]


async def test_call_without_disposition_takes_its_status(crm: Store) -> None:
    rows = await load_all(crm, *({"_type": "Call", **keys} for keys, _ in DISPOSITIONS))
    assert [row["disposition"] for row in rows] == [disposition for _, disposition in DISPOSITIONS]


async def test_disposition_follows_a_later_status(crm: Store) -> None:
    await load(crm, "Call", status="in-progress")
    assert (await load(crm, "Call", status="completed"))["disposition"] is CallDisposition.ANSWERED


async def test_unknown_words_are_counted(crm: Store) -> None:
    activities = [
        {"_type": "Call", "id": "acti_1", "disposition": "eaten by a whale", "direction": "sideways"},
        {"_type": "Meeting", "id": "acti_2", "status": "odd", "starts_at": "2024-01-04T00:00:00Z"},
        {"_type": "Email", "id": "acti_3", "status": "odd", "direction": "incoming", "to": {"a": 1}},
    ]
    summary = await crm.load(lead(activities=activities))
    assert summary.warnings == {"status": 2, "disposition": 1, "direction": 1, "to": 1}
    rows = {row["id"]: row for row in await crm.rows(Activity)}
    assert rows["acti_1"]["disposition"] is CallDisposition.NO_ANSWER
    assert rows["acti_1"]["direction"] is Direction.OUTBOUND
    assert [rows[id]["status"] for id in ("acti_2", "acti_3")] == ["completed", "inbox"]


async def test_meeting_has_a_start_and_an_end(crm: Store) -> None:
    row = await load(crm, "Meeting", starts_at="2024-01-04T10:00:00Z", duration=1800, status="declined-by-lead")
    assert row["ends_at"] == dt.datetime(2024, 1, 4, 10, 30, tzinfo=dt.UTC)
    assert row["status"] == "declined_by_lead"
    await crm.load(lead(activities=[{"_type": "Meeting", "id": "acti_2", **MADE}]))
    row = await crm.row(Activity, id="acti_2")
    assert row["starts_at"] == row["ends_at"] == dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


async def test_texts_stand_where_the_graph_reads_them(crm: Store) -> None:
    row = await load(crm, "LeadMerge", source_lead_id="lead_gone", source_display_name="Gone", merge_status="completed")
    assert (row["object_id"], row["old_label"], row["details"]) == ("lead_gone", "Gone", {"merge_status": "completed"})
    await crm.load(lead(activities=[{"_type": "Created", "id": "acti_2", "source": "import"}]))
    assert (await crm.row(Activity, id="acti_2"))["details"] == {"origin": "import"}
    await crm.load(lead(activities=[{"_type": "Meeting", "id": "acti_3", "title": "T", "note": "N", "location": "L"}]))
    row = await crm.row(Activity, id="acti_3")
    assert (row["subject"], row["text"], row["details"]) == ("T", "N", {"location": "L"})
