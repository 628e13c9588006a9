"""Tasks of the format."""

import datetime as dt
from typing import Any

from app.domain.tasks import TaskType
from app.storage.tasks import Task
from tests.services.close_format.files import DATA, Store, lead


async def load(crm: Store, **keys: Any) -> Any:
    await crm.load(lead(tasks=[{"id": "task_1", **keys}]))
    return await crm.row(Task)


DATES: list[tuple[dict[str, Any], dt.date | None, dt.datetime | None]] = [
    ({"date": "2015-01-05"}, dt.date(2015, 1, 5), None),
    ({"date": "2015-01-05T00:00:00-08:00"}, None, dt.datetime(2015, 1, 5, 8, tzinfo=dt.UTC)),
    ({"due_date": "2013-02-06T00:11:22"}, None, dt.datetime(2013, 2, 6, 0, 11, 22, tzinfo=dt.UTC)),
    ({"date": None, "due_date": "2013-02-06"}, dt.date(2013, 2, 6), None),
    ({"date": "2015-01-05", "due_date": "2013-02-06"}, dt.date(2015, 1, 5), None),
    ({}, None, None),
]


async def test_day_never_becomes_an_instant(crm: Store) -> None:
    await crm.load(lead(tasks=[{"id": f"task_{n}", **keys} for n, (keys, _, _) in enumerate(DATES)]))
    rows = await crm.rows(Task)
    assert [(row["date"], row["date_time"]) for row in rows] == [(day, instant) for _, day, instant in DATES]


async def test_completion_is_dated(crm: Store) -> None:
    made = {"date_created": "2024-01-01T00:00:00Z", "date_updated": "2024-02-01T00:00:00Z"}
    row = await load(crm, is_complete=True, **made)
    assert (row["is_complete"], row["date_completed"]) == (True, dt.datetime(2024, 2, 1, tzinfo=dt.UTC))
    row = await load(crm, is_complete=False, **made)
    assert (row["is_complete"], row["date_completed"]) == (False, None)


async def test_older_sample_comes_in(crm: Store) -> None:
    """Its task is of the kind lead, and yet names an object."""
    await crm.load_bytes((DATA / "hull-list-leads.json").read_bytes())
    row = await crm.row(Task)
    assert (row["type"], row["text"], row["object_type"]) == (TaskType.LEAD, "Follow up", "taskcompleted")
    assert (row["date"], row["is_complete"]) == (dt.date(2018, 1, 9), True)
    assert row["object_id"] == "acti_dJna2c9TNHXwB6IqL1YE3NpTqvmCfuuHANP6jyKZEfP"


async def test_details_have_one_name_for_all_kinds(crm: Store) -> None:
    tasks = [
        {"id": "task_1", "_type": "email_followup", "email_id": "acti_1"},
        {"id": "task_2", "_type": "incoming_email", "emails": ["acti_1", "acti_2"]},
        {"id": "task_3", "_type": "incoming_sms", "remote_phone": "+1", "attachments": [{"size": "9", "url": "u"}]},
        {"id": "task_4", "_type": "missed_call", "phone": "+1", "voicemail_duration": "x"},
    ]
    summary = await crm.load(lead(tasks=tasks))
    assert summary.warnings == {"voicemail duration": 1}
    assert {row["id"]: row["details"] for row in await crm.rows(Task)} == {
        "task_1": {"email_id": "acti_1"},
        "task_2": {"email_ids": ["acti_1", "acti_2"]},
        "task_3": {"phone": "+1", "attachments": [{"url": "u"}]},
        "task_4": {"phone": "+1"},
    }
