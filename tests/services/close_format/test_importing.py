"""What an import makes, changes, and leaves alone."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from app.services.close_format import Counts, ImportFault, import_file
from app.services.organizations import create
from app.storage.contacts import Contact, ContactEmail
from app.storage.custom_fields import CustomFieldValue
from app.storage.leads import Lead, LeadAddress
from app.storage.opportunities import Opportunity
from app.storage.tasks import Task
from tests.services.close_format.everything import LEADS
from tests.services.close_format.files import DATA, Store, lead


def contact(id: str = "cont_1", **keys: Any) -> dict[str, Any]:
    return {
        "id": id,
        "name": "Zoe",
        "date_created": "2024-01-01T00:00:00Z",
        "date_updated": "2024-01-01T00:00:00Z",
        **keys,
    }


async def test_second_import_changes_nothing(crm: Store) -> None:
    summary = await crm.load(*LEADS)
    assert (summary.read, summary.created, summary.updated, summary.unchanged) == (3, 3, 0, 0)
    # The thread that an email's thread_id names is made, so there is one activity more than in the file.
    assert summary.objects["activities"] == Counts(created=15)
    before = [await crm.rows(model) for model in (Lead, Contact, Opportunity, Task, CustomFieldValue)]
    summary = await crm.load(*LEADS)
    assert (summary.read, summary.created, summary.updated, summary.unchanged) == (3, 0, 0, 3)
    assert summary.objects["activities"] == Counts(unchanged=14)
    assert [await crm.rows(model) for model in (Lead, Contact, Opportunity, Task, CustomFieldValue)] == before


async def test_only_changed_rows_are_written(crm: Store) -> None:
    first = contact(emails=[{"email": "a@example.com"}])
    await crm.load(lead(contacts=[first, contact("cont_2")]), lead(id="lead_2"))
    changed = first | {"emails": [{"email": "b@example.com"}], "date_updated": "2024-05-05T00:00:00Z"}
    summary = await crm.load(lead(contacts=[changed, contact("cont_2")]), lead(id="lead_2"))
    assert (summary.updated, summary.unchanged) == (1, 1)
    assert summary.objects["contacts"] == Counts(updated=1, unchanged=1)
    assert summary.objects["leads"] == Counts(unchanged=2)
    rows = {row["id"]: row for row in await crm.rows(Contact)}
    assert {id: row["version"] for id, row in rows.items()} == {"cont_1": 2, "cont_2": 1}
    assert rows["cont_1"]["date_updated"].isoformat() == "2024-05-05T00:00:00+00:00"
    assert (await crm.row(ContactEmail))["email"] == "b@example.com"
    assert {row["version"] for row in await crm.rows(Lead)} == {1}


async def test_absent_keys_keep_and_null_clears(crm: Store) -> None:
    full = lead(description="D", url="https://a.example", addresses=[{"city": "Oslo"}], custom={"N": 5})
    await crm.load(full | {"contacts": [contact()], "integration_links": [{"name": "x"}]})
    await crm.load(lead(url=None))
    row = await crm.row(Lead)
    assert (row["description"], row["url"], row["version"]) == ("D", None, 2)
    assert row["details"] == {"integration_links": [{"name": "x"}]}
    assert [len(await crm.rows(model)) for model in (LeadAddress, Contact, CustomFieldValue)] == [1, 1, 1]
    await crm.load(lead(addresses=[], custom={"N": None}, integration_links=[]))
    assert (await crm.row(Lead))["details"] == {}
    assert [len(await crm.rows(model)) for model in (LeadAddress, Contact, CustomFieldValue)] == [0, 1, 0]


async def test_children_without_ids_get_lasting_ones(crm: Store) -> None:
    record = lead(contacts=[{"name": "B"}, {"name": "A"}], tasks=[{"text": "t", "due_date": "2013-02-06T00:11:22"}])
    await crm.load(record)
    by_age = sorted(await crm.rows(Contact), key=lambda row: (row["date_created"], row["id"]))
    assert [row["name"] for row in by_age] == ["B", "A"]
    assert (await crm.row(Task))["date_time"].isoformat() == "2013-02-06T00:11:22+00:00"
    assert (await crm.load(record)).unchanged == 1
    assert len(await crm.rows(Contact)) == 2


async def test_leads_without_ids_go_by_their_contents(crm: Store) -> None:
    record = json.loads((DATA / "thermondo-lead.json").read_bytes())
    summary = await crm.load(record)
    assert (summary.created, summary.warnings) == (1, {"lead without id": 1, "phone": 1})
    assert (await crm.load(dict(reversed(record.items())))).unchanged == 1
    await crm.load(record | {"description": "another"})
    assert [row["name"] for row in await crm.rows(Lead)] == ["Bluth Company", "Bluth Company"]


async def test_leads_are_named_after_contacts(crm: Store) -> None:
    young = contact("cont_1", name=None, emails=[], phones=[{"phone": "+16505550100"}])
    old = contact("cont_2", name=None, emails=[{"email": "Old@example.com"}], date_created="2020-01-01T00:00:00Z")
    await crm.load(lead(name=None, contacts=[young]), lead(id="lead_2", name=None))
    shown = {row["id"]: (row["display_name"], row["sort_name"]) for row in await crm.rows(Lead)}
    assert shown == {"lead_1": ("+16505550100",) * 2, "lead_2": ("Unnamed lead", "unnamed lead")}
    await crm.load({"id": "lead_1", "contacts": [old]})
    row = await crm.row(Lead, id="lead_1")
    assert (row["display_name"], row["sort_name"], row["version"]) == ("Old@example.com", "old@example.com", 2)


async def test_odd_texts_are_kept_and_counted(crm: Store) -> None:
    odd = contact(
        emails=[{"email": "no address"}, {"email": "", "type": "home"}],
        phones=[{"phone": "12"}, {"phone": "+1 650 555 0100"}],
        urls=[{"url": "example.com"}],
    )
    record = lead(url="www.example.com", addresses=[{"country": "Atlantis"}, {"country": "Korea"}, {}], contacts=[odd])
    summary = await crm.load(record)
    assert summary.warnings == {"url": 2, "email": 1, "phone": 1, "country": 1}
    assert (summary.created, summary.rejected, summary.rejected_children) == (1, 0, 0)
    assert [row["country"] for row in await crm.rows(LeadAddress)] == ["Atlantis", "KR"]
    assert [row["email"] for row in await crm.rows(ContactEmail)] == ["no address"]
    assert (await crm.row(Lead))["url"] == "www.example.com"


async def test_unstorable_characters_are_replaced_and_counted(crm: Store) -> None:
    summary = await crm.load(lead(name="A\0B", custom={"N\0": "\ud800"}, status_label="S\0"))
    assert summary.warnings == {"character": 4}
    assert (await crm.row(Lead))["name"] == "A\N{REPLACEMENT CHARACTER}B"


async def test_unknown_keys_are_kept_and_counted(crm: Store) -> None:
    deals = [{"id": "oppo_1", "is_stalled": True, "html": "x"}, {"id": "oppo_2", "is_stalled": False}]
    record = lead(shoe_size=44, opportunities=deals, addresses=[{"city": "Oslo", "planet": "Earth"}])
    summary = await crm.load(record, batch_size=1)
    counted = {"opportunities.is_stalled": 2, "opportunities.html": 1, "shoe_size": 1, "addresses.planet": 1}
    assert summary.unknown_keys == counted
    assert (await crm.row(Lead))["details"] == {"shoe_size": 44}
    assert (await crm.row(Opportunity, id="oppo_1"))["details"] == {"is_stalled": True, "html": "x"}


@pytest.mark.parametrize("batch_size", [1, 3, 10_000])
async def test_batches_come_to_the_same(crm: Store, batch_size: int) -> None:
    records = [lead(id=f"lead_{n}", contacts=[contact(f"cont_{n}_{m}") for m in range(n)]) for n in range(6)]
    summary = await crm.load(*records, batch_size=batch_size)
    assert summary.objects["contacts"] == Counts(created=15)
    assert (await crm.load(*records, batch_size=batch_size)).unchanged == 6


async def test_lead_that_comes_twice_is_read_twice(crm: Store) -> None:
    summary = await crm.load(lead(), lead(), lead(description="later"))
    assert (summary.created, summary.unchanged, summary.updated) == (1, 1, 1)
    assert (await crm.row(Lead))["description"] == "later"


async def test_two_imports_at_once_agree(crm: Store) -> None:
    records = [lead(id=f"lead_{n}", status_label="New", contacts=[contact(f"cont_{n}")]) for n in range(20)]
    summaries = await asyncio.gather(*(crm.load(*records, batch_size=5) for _ in range(2)))
    assert sum(summary.created for summary in summaries) == 20
    assert sum(summary.unchanged for summary in summaries) == 20
    assert sum(len(summary.made.lead_statuses) for summary in summaries) == 1


async def test_progress_reaches_the_end(crm: Store, tmp_path: Path) -> None:
    file = tmp_path / "leads.json"
    file.write_bytes(json.dumps([lead(id=f"lead_{n}") for n in range(30)]).encode())
    seen: list[tuple[int, int | None]] = []
    await import_file(
        crm.database, crm.organization_id, file, progress=lambda done, total: seen.append((done, total)), batch_size=5
    )
    size = file.stat().st_size
    assert seen == sorted(seen)
    assert seen[-1] == (size, size)
    assert len(seen) == 30 + 6 + 1


async def test_broken_file_writes_nothing(crm: Store) -> None:
    with pytest.raises(ImportFault, match="line 2"):
        await crm.load_bytes(json.dumps([lead()]).encode()[:-1] + b",\n{]")
    assert await crm.rows(Lead) == []


async def test_absent_organization_is_a_fault(crm: Store) -> None:
    with pytest.raises(ImportFault, match=r"There is no organization orga_none\."):
        await Store(crm.database, "orga_none").load(lead())


async def test_organizations_do_not_share_ids(crm: Store) -> None:
    other = Store(crm.database, await create(crm.database, "Other"))
    record = lead(contacts=[contact()])
    assert ((await crm.load(record)).created, (await other.load(record)).created) == (1, 1)
    await other.load(lead(name="Changed"))
    assert [(await store.row(Lead))["name"] for store in (crm, other)] == ["Acme", "Changed"]
