"""Email threads, also those that a file has no record of."""

import datetime as dt
from typing import Any

import pytest

from app.domain.activities import ActivityType
from app.services.close_format.threads import normalized_subject
from app.storage.activities import Activity
from tests.services.close_format.files import Store, lead


def email(id: str, day: int, **keys: Any) -> dict[str, Any]:
    date = f"2024-01-{day:02}T00:00:00Z"
    return {"_type": "Email", "id": id, "thread_id": "acti_t", "date_created": date, "date_updated": date, **keys}


@pytest.mark.parametrize(
    ("subject", "normalized"),
    [
        ("Re: Fwd: AW: RE[2]: Price", "Price"),
        ("re : Price: Re: old", "Price: Re: old"),
        ("Regarding: it", "Regarding: it"),
        ("Re:", ""),
        (None, None),
    ],
)
def test_subject_loses_its_marks(subject: str | None, normalized: str | None) -> None:
    assert normalized_subject(subject) == normalized


async def test_missing_thread_is_made_once(crm: Store) -> None:
    emails = [
        email("acti_1", 5, subject="Re: Offer", sender="Zoe <zoe@example.com>", to=["ann@example.com"]),
        email("acti_2", 3, subject="Offer", sender="ann@example.com", to=["zoe@example.com"], cc=["ben@example.com"]),
    ]
    for _ in range(2):
        await crm.load(lead(activities=emails))
        row = await crm.row(Activity, type=ActivityType.EMAIL_THREAD)
        assert (row["id"], row["subject"], row["version"]) == ("acti_t", "Offer", 1)
        assert row["date"] == dt.datetime(2024, 1, 5, tzinfo=dt.UTC)
        assert row["date_created"] == dt.datetime(2024, 1, 3, tzinfo=dt.UTC)
        assert row["details"]["participants"] == [
            {"email": "ann@example.com"},
            {"email": "zoe@example.com", "name": "Zoe"},
            {"email": "ben@example.com"},
        ]
    assert {row["thread_id"] for row in await crm.rows(Activity, type=ActivityType.EMAIL)} == {"acti_t"}


async def test_thread_in_the_file_is_used(crm: Store) -> None:
    thread = {"_type": "EmailThread", "id": "acti_t", "latest_normalized_subject": "S"}
    summary = await crm.load(lead(activities=[email("acti_1", 5), thread]))
    assert summary.objects["activities"].created == 2
    assert (await crm.row(Activity, type=ActivityType.EMAIL_THREAD))["subject"] == "S"


async def test_emails_inside_a_thread_come_in(crm: Store) -> None:
    inside = [email("acti_1", 5, subject="S", user_id="user_1"), email("acti_2", 6)]
    thread = {"_type": "EmailThread", "id": "acti_t", "emails": inside, "n_emails": 2}
    whole = email("acti_2", 6, body_text="whole")
    summary = await crm.load(lead(activities=[thread, whole]))
    assert summary.objects["activities"].created == 3
    rows = {row["id"]: row for row in await crm.rows(Activity)}
    assert (rows["acti_1"]["subject"], rows["acti_1"]["thread_id"]) == ("S", "acti_t")
    assert rows["acti_2"]["text"] == "whole"
    # Read again without the whole email, the stripped one takes nothing away.
    await crm.load(lead(activities=[thread]))
    assert (await crm.row(Activity, id="acti_2"))["text"] == "whole"


async def test_id_of_something_else_is_no_thread(crm: Store) -> None:
    note = {"_type": "Note", "id": "acti_t", "note": "n"}
    summary = await crm.load(lead(activities=[note, email("acti_1", 5)]))
    assert (summary.warnings, summary.rejected_children) == ({"thread": 1}, 0)
    assert (await crm.row(Activity, id="acti_1"))["thread_id"] is None
