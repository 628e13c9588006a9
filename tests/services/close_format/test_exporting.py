"""The export, and that the import reads it back."""

import json
from typing import Any

import pytest

from app.domain.activities import ActivityType
from app.domain.custom_fields import DataType
from app.domain.tasks import TaskType
from app.services import organizations
from app.services.close_format import export_leads, exporting
from app.storage.activities import Activity
from app.storage.custom_fields import CustomField
from app.storage.database import Database
from app.storage.tasks import Task
from tests.client import Client
from tests.services.close_format.everything import LEADS
from tests.services.close_format.files import Store, lead


@pytest.fixture
async def other(database: Database) -> Store:
    return Store(database, await organizations.create(database, "Other"))


async def records(crm: Store) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(await crm.export())
    return found


async def test_everything_comes_back_as_the_same_bytes(crm: Store, other: Store) -> None:
    summary = await crm.load(*LEADS)
    assert (summary.rejected, summary.rejected_children) == (0, 0)
    assert {row["type"] for row in await crm.rows(Activity)} == set(ActivityType)
    assert {row["type"] for row in await crm.rows(Task)} == set(TaskType)
    types = {row["data_type"] for row in await crm.rows(CustomField)}
    assert types == set(DataType) - {DataType.CONTACT}
    first = await crm.export()
    summary = await other.load_bytes(first)
    assert (summary.created, summary.rejected, summary.rejected_children) == (3, 0, 0)
    assert summary.unknown_keys == {"opportunities.is_stalled": 1}
    assert await other.export() == first
    assert (await crm.load_bytes(first)).unchanged == 3


async def test_what_the_api_made_comes_back(client: Client, other: Store) -> None:
    async def mutate(field: str, select: str, **input: Any) -> Any:
        payload = await client.mutate(field, input, select)
        assert payload["userErrors"] == []
        return payload

    people = [{"name": "Zoe", "emails": [{"email": "zoe@example.com"}], "phones": [{"phone": "+16505550100"}]}]
    made = await mutate("leadCreate", "lead { id }", name="Acme", contacts=people, addresses=[{"country": "NO"}])
    id = made["lead"]["id"]
    await mutate("leadChangeStatus", "lead { id }", leadId=id, status={"label": "Customer"})
    await mutate("opportunityCreate", "opportunity { id }", leadId=id, closeDate="2024-05-05")
    await mutate("opportunityCreate", "opportunity { id }", leadId=id, value={"amount": "10.50", "currency": "EUR"})
    task = await mutate("taskCreate", "task { id }", leadId=id, text="Call", date={"date": "2024-05-05"})
    await mutate("taskComplete", "task { id }", id=task["task"]["id"])
    await mutate("noteCreate", "note { id }", leadId=id, text="A note")
    first = await Store(client.database, client.organization_id).export()
    summary = await other.load_bytes(first)
    assert (summary.created, summary.rejected_children, summary.warnings, summary.unknown_keys) == (1, 0, {}, {})
    assert summary.made.users == ("Admin Member",)
    assert await other.export() == first


async def test_numbers_keep_every_digit(crm: Store, other: Store) -> None:
    source = b'[{"id": "lead_1", "custom": {"A": 12345678901234567890.123456789, "B": 1.10}}]'
    await crm.load_bytes(source)
    first = await crm.export()
    assert b'"custom":{"A":12345678901234567890.123456789,"B":1.10}' in first
    await other.load_bytes(first)
    assert await other.export() == first


async def test_custom_values_have_names_and_ids(crm: Store) -> None:
    await crm.load(lead(custom={"Tags": ["x"], "A": 1}, **{"custom.cf_1": 1}))
    [record] = await records(crm)
    tags = next(row["id"] for row in await crm.rows(CustomField, name="Tags"))
    assert record["custom"] == {"A": 1, "Tags": ["x"]}
    assert {key: value for key, value in record.items() if key.startswith("custom.")} == {
        "custom.cf_1": 1,
        f"custom.{tags}": ["x"],
    }
    assert [(field["id"], field["type"]) for field in record["custom_fields"]] == [
        ("cf_1", "number"),
        (tags, "choices"),
    ]


async def test_statuses_have_labels_and_users_names(crm: Store) -> None:
    deal = {"id": "oppo_1", "status_id": "stat_w", "status_label": "Won", "status_type": "won", "user_id": "user_1"}
    await crm.load(lead(status_id="stat_x", status_label="Warm", opportunities=[deal | {"user_name": "Ann"}]))
    [record] = await records(crm)
    assert (record["status_id"], record["status_label"]) == ("stat_x", "Warm")
    [deal] = record["opportunities"]
    keys = ("status_id", "status_label", "status_type", "pipeline_name", "user_id", "user_name", "lead_name")
    assert [deal[key] for key in keys] == ["stat_w", "Won", "won", "Sales", "user_1", "Ann", "Acme"]


async def test_leads_come_oldest_first_in_any_pages(crm: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    contacts = [{"id": f"cont_{n}", "name": "Zoe"} for n in range(5)]
    leads = [lead(id=f"lead_{n}", date_created=f"2024-01-{20 - n:02}T00:00:00Z") for n in range(9)]
    await crm.load(lead(id="lead_same", contacts=contacts), *leads, lead(id="lead_9"))
    whole = await crm.export()
    ids = [record["id"] for record in json.loads(whole)]
    assert ids == ["lead_9", "lead_same", *(f"lead_{n}" for n in reversed(range(9)))]
    monkeypatch.setattr(exporting, "PAGE", 2)
    assert await crm.export() == whole
    monkeypatch.setattr(exporting, "OBJECTS", 1)
    assert await crm.export() == whole


async def test_export_tells_how_far_it_is(crm: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(exporting, "PAGE", 2)
    await crm.load(*(lead(id=f"lead_{n}") for n in range(5)))
    seen: list[tuple[int, int | None]] = []
    with (tmp_path / "leads.json").open("wb") as target:
        count = await export_leads(
            crm.database, crm.organization_id, target, progress=lambda done, total: seen.append((done, total))
        )
    assert count == 5
    assert seen == [(2, 5), (4, 5), (5, 5)]


async def test_empty_organization_is_an_empty_list(crm: Store) -> None:
    assert json.loads(await crm.export()) == []
