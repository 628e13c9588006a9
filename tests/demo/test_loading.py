"""The demo in the database."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlmodel import SQLModel, col

from app.demo import load_demo
from app.demo.loading import write_file
from app.domain.access import Actor
from app.domain.activities import ActivityType, CallDisposition, EmailStatus, MeetingStatus
from app.domain.custom_fields import DataType, OwnerType
from app.domain.tasks import TaskType
from app.services.close_format import Made, import_file
from app.storage.activities import Activity
from app.storage.contacts import Contact, ContactEmail, ContactPhone, ContactUrl
from app.storage.custom_fields import CustomField, CustomFieldValue
from app.storage.database import Database
from app.storage.leads import Lead, LeadAddress
from app.storage.opportunities import Opportunity
from app.storage.tasks import Task

Records = list[dict[str, Any]]


class Rows:
    """The rows of an organization, by table."""

    def __init__(self, database: Database, organization: str) -> None:
        self.database, self.actor = database, Actor.system(organization)

    async def of(self, model: type[SQLModel]) -> Sequence[Any]:
        table: Any = model
        async with self.database.read(self.actor) as session:
            return await session.find(model, order_by=[col(table.id)])


async def test_demo_comes_in_whole(
    database: Database, organization: str, today: date, leads: Records, tmp_path: Path
) -> None:
    seen: list[tuple[int, int | None]] = []
    await load_demo(database, organization, today, lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1]

    rows = Rows(database, organization)
    await _check_counts(rows, leads)
    await _check_activities(rows)
    await _check_custom_values(rows)
    await _check_lead_without_account(rows)

    # Read again, the same records are all there and nothing about them is odd.
    write_file(tmp_path / "demo.jsonl", today)
    summary = await import_file(database, organization, tmp_path / "demo.jsonl")
    assert [summary.read, summary.unchanged, summary.rejected, summary.rejected_children] == [110, 110, 0, 0]
    assert [summary.warnings, summary.unknown_keys, summary.made] == [{}, {}, Made()]


async def _check_counts(rows: Rows, leads: Records) -> None:
    contacts = [contact for lead in leads for contact in lead["contacts"]]
    expected: dict[type[SQLModel], int] = {
        Lead: len(leads),
        LeadAddress: sum(len(lead["addresses"]) for lead in leads),
        Contact: len(contacts),
        ContactEmail: sum(len(contact["emails"]) for contact in contacts),
        ContactPhone: sum(len(contact["phones"]) for contact in contacts),
        ContactUrl: sum(len(contact["urls"]) for contact in contacts),
        Opportunity: sum(len(lead["opportunities"]) for lead in leads),
        Task: sum(len(lead["tasks"]) for lead in leads),
        Activity: sum(len(lead["activities"]) for lead in leads),
    }
    assert {model: len(await rows.of(model)) for model in expected} == expected
    assert min(expected.values()) > 50


async def _check_activities(rows: Rows) -> None:
    activities, tasks = await rows.of(Activity), await rows.of(Task)
    states: dict[ActivityType, Counter[str | None]] = {}
    for activity in activities:
        states.setdefault(activity["type"], Counter())[activity["status"]] += 1
    assert set(states) == set(ActivityType)
    assert set(states[ActivityType.EMAIL]) == set(EmailStatus)
    assert set(states[ActivityType.MEETING]) == set(MeetingStatus) - {MeetingStatus.IN_PROGRESS}
    assert {activity["disposition"] for activity in activities} == {None, *CallDisposition}
    assert {task["type"] for task in tasks} == set(TaskType)


async def _check_custom_values(rows: Rows) -> None:
    types = {field["id"]: field["data_type"] for field in await rows.of(CustomField)}
    values = await rows.of(CustomFieldValue)
    assert {value["field_id"] for value in values} == set(types)
    assert set(types.values()) == set(DataType)
    assert {value["owner_type"] for value in values} == set(OwnerType)


async def _check_lead_without_account(rows: Rows) -> None:
    [lead] = [lead for lead in await rows.of(Lead) if lead["name"] == "(no account on file)"]
    [orders] = [contact for contact in await rows.of(Contact) if contact["lead_id"] == lead["id"]]
    assert [orders["name"], orders["display_name"]] == [None, "orders@no-account-on-file.example"]
