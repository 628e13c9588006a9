"""What is kept out: alone where it can be, with its place, its reason and itself."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.services.close_format import Counts
from app.storage.activities import Activity
from app.storage.contacts import Contact
from app.storage.leads import Lead
from app.storage.opportunities import Opportunity
from app.storage.tasks import Task
from tests.services.close_format.files import DATA, Store, lead


def read(path: Path) -> list[tuple[int, str, str]]:
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    return [(line["index"], line["path"], line["reason"]) for line in lines]


@pytest.fixture
def rejects(tmp_path: Path) -> Path:
    return tmp_path / "rejects.jsonl"


async def test_bad_records_do_not_stop_the_rest(crm: Store, rejects: Path) -> None:
    records: list[Any] = [
        lead(id="a b"),
        "text",
        lead(id="lead_ok"),
        lead(date_created="soon"),
        lead(name=["x"]),
        lead(addresses="Oslo"),
        {"id": "cont_1", "name": "A contact"},
        {"id": "lead_1", "lead_id": "lead_2"},
        {"note": "no lead"},
    ]
    summary = await crm.load(*records, rejects=rejects)
    assert (summary.read, summary.created, summary.rejected) == (9, 1, 8)
    assert summary.objects["leads"] == Counts(created=1, rejected=8)
    assert [row["id"] for row in await crm.rows(Lead)] == ["lead_ok"]
    assert read(rejects) == [
        (0, "id", "is not an id: up to 100 letters, digits, _ and -"),
        (1, "", "the record is not an object"),
        (3, "date_created", "is not a date such as 2017-03-01 or 2017-03-01T12:00:00+00:00"),
        (4, "name", "is not a text"),
        (5, "addresses", "is not a list"),
        (6, "", "the record is not a lead"),
        (7, "", "the record is not a lead"),
        (8, "", "the record is not a lead"),
    ]
    assert json.loads(rejects.read_bytes().splitlines()[3])["record"] == lead(name=["x"])


async def test_bad_children_are_kept_out_alone(crm: Store, rejects: Path) -> None:
    record = lead(
        contacts=[{"id": "cont_1", "name": "Zoe"}, {"id": "cont 2"}, 5],
        opportunities=[{"id": "oppo_1", "value": 10.5}, {"id": "oppo_2", "confidence": 101}, {"id": "oppo_3"}],
        tasks=[{"id": "task_1", "_type": "outgoing_call"}, {"id": "task_2", "date": "2015-02-30"}, {"id": "task_3"}],
        activities=[{"id": "acti_1", "_type": "Fax"}, {"id": "acti_2", "_type": "CustomActivity"}, {"_type": "note"}],
    )
    summary = await crm.load(record, rejects=rejects)
    assert (summary.created, summary.rejected, summary.rejected_children) == (1, 0, 8)
    assert summary.objects["contacts"] == Counts(created=1, rejected=2)
    assert [len(await crm.rows(model)) for model in (Contact, Opportunity, Task, Activity)] == [1, 1, 1, 1]
    assert [(path, reason.partition(",")[0]) for _, path, reason in read(rejects)] == [
        ("contacts.1.id", "is not an id: up to 100 letters"),
        ("contacts.2", "is not an object"),
        ("opportunities.0.value", "is not a whole number"),
        ("opportunities.1.confidence", "is not between 0 and 100"),
        ("tasks.0._type", "is none of lead"),
        ("tasks.1.date", "is not a date: there is no such day or time"),
        ("activities.0._type", "is none of Call"),
        ("activities.1.custom_activity_type_id", "is missing"),
    ]


async def test_no_id_stands_for_two_things(crm: Store, rejects: Path) -> None:
    await crm.load(lead(contacts=[{"id": "cont_1"}], activities=[{"id": "acti_1", "_type": "Note", "note": "n"}]))
    summary = await crm.load(
        lead(
            id="lead_2",
            contacts=[{"id": "cont_1"}, {"id": "acti_1"}, {"id": "cont_2"}, {"id": "cont_2"}],
            tasks=[{"id": "cont_2"}, {"id": "lead_2"}],
        ),
        lead(activities=[{"id": "acti_1", "_type": "Call"}]),
        lead(id="lead_3", contacts=[{"id": "x"}]),
        lead(id="x"),
        rejects=rejects,
    )
    assert (summary.created, summary.unchanged, summary.rejected, summary.rejected_children) == (2, 1, 1, 6)
    assert read(rejects) == [
        (0, "contacts.0.id", "cont_1 is a contact of another lead in the organization"),
        (0, "contacts.1.id", "acti_1 is the id of an activity in the organization"),
        (0, "contacts.3.id", "cont_2 is used before, for a contact"),
        (0, "tasks.0.id", "cont_2 is used before, for a contact"),
        (0, "tasks.1.id", "lead_2 is used before, for a lead"),
        (1, "activities.0.id", "acti_1 is an activity of another type in the organization"),
        (3, "id", "x is used before, for a contact"),
    ]


async def test_bad_lines_are_told_by_their_number(crm: Store, rejects: Path) -> None:
    lines = [json.dumps(lead()), "{broken", json.dumps(lead(id="lead_2"))]
    summary = await crm.load_bytes("\n".join(lines).encode(), rejects=rejects)
    assert (summary.read, summary.created, summary.rejected) == (3, 2, 1)
    [(index, path, reason)] = read(rejects)
    assert (index, path) == (1, "")
    assert reason.startswith("line 2 is not valid JSON: expecting property name")


async def test_files_of_other_objects_are_no_leads(crm: Store, rejects: Path) -> None:
    summary = await crm.load_bytes((DATA / "hull-list-leadstatus.json").read_bytes(), rejects=rejects)
    assert (summary.read, summary.rejected) == (4, 4)
    assert {reason for _, _, reason in read(rejects)} == {"the record is not a lead"}


async def test_rejects_of_an_earlier_run_make_way(crm: Store, rejects: Path) -> None:
    await crm.load(5, rejects=rejects)
    assert rejects.exists()
    await crm.load(lead(), rejects=rejects)
    assert not rejects.exists()


async def test_records_are_told_as_they_are(crm: Store, rejects: Path) -> None:
    """A number of any size among them; without rejects there is no file."""
    await crm.load(lead(), rejects=rejects)
    assert not rejects.exists()
    await crm.load(lead(), {"id": 2**64, "numbers": [-(2**70), 0.5]}, rejects=rejects)
    [line] = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert line["record"] == {"id": 2**64, "numbers": [-(2**70), 0.5]}
