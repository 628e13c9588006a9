"""The rules of deals, where several callers meet and where the graph does not show all (rule X4)."""

import asyncio
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.domain.activities import ActivityType
from app.domain.errors import Conflict, InUse, Invalid, NotFound, Problems
from app.domain.opportunities import StatusType, ValuePeriod
from app.domain.time import Clock
from app.services import contacts, leads, opportunities, opportunity_statuses, pipelines
from app.services.work import UseCase
from app.storage.activities import Activity
from app.storage.opportunities import Opportunity, OpportunityStatus, Pipeline
from app.storage.organizations import Organization, User
from app.storage.reads import table_of
from tests.client import Client

START = datetime(2026, 3, 1, 2, tzinfo=UTC)
CALIFORNIA = Clock.at(START, "America/Los_Angeles")
DEAL: dict[str, Any] = {"confidence": 50, "value_period": ValuePeriod.ONE_TIME}


@dataclass
class Office:
    """An organization whose clock stands still in California, where it is still the day before."""

    client: Client
    lead_id: str
    clock: Clock = CALIFORNIA

    async def do(self, use_case: UseCase, **input: Any) -> Any:
        return await use_case(self.client.database, self.client.actor, self.clock, **input)

    async def deal(self, **fields: Any) -> str:
        done = await self.do(opportunities.create, lead_id=self.lead_id, **DEAL | fields)
        return str(done["opportunity_id"])

    async def to(self, id: str, status_id: str) -> None:
        await self.do(opportunities.change_status, opportunity_id=id, status={"id": status_id})

    async def move(self, id: str, label: str) -> str | None:
        done = await self.do(opportunities.change_status, opportunity_id=id, status={"label": label})
        activity_id: str | None = done["activity_id"]
        return activity_id

    async def add_status(self, pipeline_id: str, label: str, type: StatusType) -> str:
        done = await self.do(opportunity_statuses.create, pipeline_id=pipeline_id, label=label, type=type)
        return str(done["opportunity_status_id"])

    async def add_pipeline(self, name: str) -> str:
        return str((await self.do(pipelines.create, name=name))["pipeline_id"])

    async def row(self, model: Any, id: str) -> Any:
        async with self.client.database.read(self.client.actor) as session:
            return await session.get(model, id)

    async def all(self, model: Any, *conditions: Any) -> Any:
        async with self.client.database.read(self.client.actor) as session:
            return await session.find(model, *conditions, order_by=[table_of(model).c.id])

    async def status(self, label: str) -> Any:
        column = table_of(OpportunityStatus).c.label
        (found,) = await self.all(OpportunityStatus, column == label)
        return found

    async def changes(self, id: str) -> list[Any]:
        column = table_of(Activity).c
        kind = column.type == ActivityType.OPPORTUNITY_STATUS_CHANGE
        return list(await self.all(Activity, kind, column.object_id == id))


@pytest.fixture
async def office(client: Client) -> Office:
    done = await leads.create(client.database, client.actor, Clock.at(START, "UTC"), name="Acme")
    return Office(client, done["lead_id"])


async def test_plain_deal_fills_the_defaults(office: Office) -> None:
    deal = await office.row(Opportunity, await office.deal())
    active, user = await office.status("Active"), office.client.actor.user_id
    assert dict(deal) == {
        "organization_id": office.client.organization_id,
        "id": deal["id"],
        "lead_id": office.lead_id,
        "contact_id": None,
        "user_id": user,
        "status_id": active["id"],
        "note": None,
        "confidence": 50,
        "value_cents": None,
        "currency": None,
        "value_period": ValuePeriod.ONE_TIME,
        "close_date": None,
        "date_won": None,
        "date_lost": None,
        "details": {},
        "date_created": START,
        "date_updated": START,
        "created_by": user,
        "updated_by": user,
        "version": 1,
    }


async def test_creating_records_no_status_change(office: Office) -> None:
    id = await office.deal(status={"label": "Won"})
    assert await office.changes(id) == []


async def test_currency_falls_to_the_organization(office: Office) -> None:
    async with office.client.database.write(office.client.actor) as session:
        await session.update(Organization, {"currency": "CHF"})
    for currency in ({}, {"currency": None}):
        id = await office.deal(value={"amount": Decimal("12.5"), **currency})
        deal = await office.row(Opportunity, id)
        assert (deal["value_cents"], deal["currency"]) == (1250, "CHF")
    id = await office.deal(value={"amount": Decimal(3), "currency": " eur "})
    assert (await office.row(Opportunity, id))["currency"] == "EUR"


async def test_winning_counts_the_callers_day(office: Office) -> None:
    id = await office.deal()
    await office.move(id, "Won")
    deal = await office.row(Opportunity, id)
    assert (deal["date_won"], deal["date_lost"]) == (date(2026, 2, 28), None)
    office.clock = Clock.at(START, "UTC")
    other = await office.deal(status={"label": "Won"})
    assert (await office.row(Opportunity, other))["date_won"] == date(2026, 3, 1)


async def test_losing_counts_the_moment(office: Office) -> None:
    id = await office.deal(status={"label": "Won"})
    await office.move(id, "Lost")
    deal = await office.row(Opportunity, id)
    assert (deal["date_won"], deal["date_lost"]) == (None, START)


async def test_reopening_clears_both_dates(office: Office) -> None:
    for label in ("Won", "Lost"):
        id = await office.deal(status={"label": label})
        await office.move(id, "Active")
        deal = await office.row(Opportunity, id)
        assert (deal["date_won"], deal["date_lost"]) == (None, None)


async def test_further_wins_keep_the_day(office: Office) -> None:
    won = await office.status("Won")
    await office.add_status(won["pipeline_id"], "Paid", StatusType.WON)
    id = await office.deal(status={"label": "Won"})
    office.clock = Clock.at(datetime(2026, 4, 1, tzinfo=UTC), "UTC")
    await office.move(id, "Paid")
    assert (await office.row(Opportunity, id))["date_won"] == date(2026, 2, 28)
    assert [change["new_label"] for change in await office.changes(id)] == ["Paid"]


async def test_open_deals_day_is_forgotten(office: Office) -> None:
    """An import may bring an open deal with a day; winning it starts afresh."""
    id = await office.deal()
    async with office.client.database.write(office.client.actor) as session:
        await session.update(Opportunity, {"date_won": date(2020, 1, 1)}, table_of(Opportunity).c.id == id)
    await office.move(id, "Won")
    assert (await office.row(Opportunity, id))["date_won"] == date(2026, 2, 28)


async def test_given_day_of_winning_counts(office: Office) -> None:
    id, day = await office.deal(), date(2026, 1, 15)
    patch: dict[str, Any] = {"status": {"label": "Won"}, "date_won": day}
    await office.do(opportunities.update, id=id, patch=patch)
    assert (await office.row(Opportunity, id))["date_won"] == day
    await office.do(opportunities.update, id=id, patch={"date_won": date(2026, 1, 16)})
    assert (await office.row(Opportunity, id))["date_won"] == date(2026, 1, 16)
    await office.do(opportunities.update, id=id, patch={"date_won": None})
    assert (await office.row(Opportunity, id))["date_won"] is None
    assert len(await office.changes(id)) == 1


@pytest.mark.parametrize("patch", [{}, {"status": {"label": "Lost"}}])
async def test_open_deals_have_no_day(office: Office, patch: dict[str, Any]) -> None:
    id = await office.deal()
    with pytest.raises(Invalid) as caught:
        await office.do(opportunities.update, id=id, patch=patch | {"date_won": date(2026, 1, 1)})
    assert caught.value.path == ["patch", "date_won"]
    assert (await office.row(Opportunity, id))["version"] == 1


async def test_change_records_the_whole_story(office: Office) -> None:
    done = await office.do(contacts.create, lead_id=office.lead_id, name="Gob")
    id = await office.deal(value={"amount": Decimal(1300)}, contact_id=done["contact_id"])
    other = await office.add_pipeline("Renewals")
    renewed = await office.add_status(other, "Renewed", StatusType.WON)
    patch: dict[str, Any] = {"status": {"id": renewed}, "confidence": 100, "value_period": ValuePeriod.MONTHLY}
    await office.do(opportunities.update, id=id, patch=patch)
    (change,) = await office.changes(id)
    active = await office.status("Active")
    assert dict(change) == dict(change) | {
        "lead_id": office.lead_id,
        "contact_id": done["contact_id"],
        "user_id": office.client.actor.user_id,
        "date": START,
        "object_id": id,
        "old_status_id": active["id"],
        "old_label": "Active",
        "new_status_id": renewed,
        "new_label": "Renewed",
        "created_by": office.client.actor.user_id,
    }
    assert change["details"] == {
        "old_status_type": "active",
        "old_pipeline_id": active["pipeline_id"],
        "old_pipeline_name": "Sales",
        "new_status_type": "won",
        "new_pipeline_id": other,
        "new_pipeline_name": "Renewals",
        "opportunity_value": 130_000,
        "opportunity_value_currency": "USD",
        "opportunity_value_period": "monthly",
        "opportunity_confidence": 100,
        "opportunity_date_won": "2026-02-28",
    }


async def test_same_status_changes_nothing(office: Office) -> None:
    id = await office.deal(status={"label": "Won"})
    before = dict(await office.row(Opportunity, id))
    office.clock = Clock.at(datetime(2026, 5, 1, tzinfo=UTC), "UTC")
    assert await office.move(id, " wON ") is None
    await office.do(opportunities.update, id=id, patch={"status": {"id": before["status_id"]}})
    assert dict(await office.row(Opportunity, id)) == before
    assert await office.changes(id) == []


async def test_labels_mean_the_deals_pipeline(office: Office) -> None:
    other = await office.add_pipeline("Renewals")
    there = await office.add_status(other, "Won", StatusType.WON)
    id = await office.deal(status={"label": "won"})
    assert (await office.row(Opportunity, id))["status_id"] != there
    open_ = await office.add_status(other, "Asked", StatusType.ACTIVE)
    with pytest.raises(Invalid) as caught:
        await office.move(id, "Asked")
    assert caught.value.accepted_values == ["Active", "Won", "Lost"]
    assert caught.value.path == ["status", "label"]
    await office.to(id, open_)
    await office.move(id, "Won")
    assert (await office.row(Opportunity, id))["status_id"] == there


async def test_default_is_the_first_active(office: Office) -> None:
    sales = (await office.status("Active"))["pipeline_id"]
    statuses = {status["label"]: status["id"] for status in await office.all(OpportunityStatus)}
    first = await office.add_pipeline("First")
    await office.do(pipelines.reorder, ids=[first, sales])
    order = [statuses[label] for label in ("Lost", "Won", "Active")]
    await office.do(pipelines.update, id=sales, patch={"status_ids": order})
    assert (await office.row(Opportunity, await office.deal()))["status_id"] == statuses["Active"]
    await office.add_status(first, "Closed", StatusType.LOST)
    assert (await office.row(Opportunity, await office.deal()))["status_id"] == statuses["Active"]
    asked = await office.add_status(first, "Asked", StatusType.ACTIVE)
    assert (await office.row(Opportunity, await office.deal()))["status_id"] == asked


async def test_no_active_status_is_told(office: Office) -> None:
    async with office.client.database.write(office.client.actor) as session:
        await session.update(OpportunityStatus, {"type": StatusType.LOST})
    with pytest.raises(Conflict, match="has no active opportunity status"):
        await office.deal()
    assert await office.all(Opportunity) == []


async def test_contact_has_to_be_the_leads(office: Office) -> None:
    other = await office.do(leads.create, name="Other", contacts=[{"name": "Gob"}])
    foreign = await office.do(contacts.create, lead_id=other["lead_id"], name="Buster")
    with pytest.raises(Problems, match="is a contact of another lead") as caught:
        await office.deal(contact_id=foreign["contact_id"])
    assert [error.path for error in caught.value.errors] == [["contact_id"]]
    id = await office.deal()
    with pytest.raises(Problems, match="There is no contact") as missing:
        await office.do(opportunities.update, id=id, patch={"contact_id": "cont_nobody"})
    assert [error.path for error in missing.value.errors] == [["patch", "contact_id"]]
    assert len(await office.all(Opportunity)) == 1


async def test_user_has_to_be_a_member(office: Office) -> None:
    former = (await office.client.with_role("User")).actor.user_id
    id = await office.deal(user_id=former)
    async with office.client.database.write(office.client.actor) as session:
        await session.update(User, {"is_active": False}, table_of(User).c.id == former)
    with pytest.raises(Problems, match="is not an active member") as caught:
        await office.deal(user_id=former)
    assert [error.path for error in caught.value.errors] == [["user_id"]]
    await office.do(opportunities.update, id=id, patch={"user_id": former, "confidence": 60})
    assert (await office.row(Opportunity, id))["confidence"] == 60
    with pytest.raises(Problems, match="is not an active member"):
        await office.do(opportunities.update, id=id, patch={"user_id": "user_nobody"})
    await office.do(opportunities.update, id=id, patch={"user_id": None})
    assert (await office.row(Opportunity, id))["user_id"] is None


async def test_two_editors_one_succeeds(office: Office) -> None:
    id = await office.deal()
    edits = [
        office.do(opportunities.update, id=id, patch={"confidence": confidence}, expected_version=1)
        for confidence in (10, 90)
    ]
    outcomes = await asyncio.gather(*edits, return_exceptions=True)
    conflicts = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert [conflict.current_version for conflict in conflicts] == [2]
    assert [outcome for outcome in outcomes if not isinstance(outcome, BaseException)] == [{"opportunity_id": id}]
    assert (await office.row(Opportunity, id))["version"] == 2


async def test_changes_at_once_form_a_chain(office: Office) -> None:
    id = await office.deal()
    labels = ["Won", "Lost", "Active", "Won", "Lost"]
    made = [id for id in await asyncio.gather(*(office.move(id, label) for label in labels)) if id]
    changes = {change["id"]: change for change in await office.changes(id)}
    assert set(changes) == set(made)
    status = await office.row(OpportunityStatus, (await office.row(Opportunity, id))["status_id"])
    left = Counter(change["old_label"] for change in changes.values())
    entered = Counter(change["new_label"] for change in changes.values())
    assert Counter({"Active": 1}) + entered == left + Counter({status["label"]: 1})


async def raced(office: Office, status_id: str, deletion: UseCase, id: str, by_move: bool) -> None:
    """A deal comes into a status while it is deleted: one of the two is told that it came too late."""
    deal = await office.deal()
    comes = office.to(deal, status_id) if by_move else office.deal(status={"id": status_id})
    outcomes = await asyncio.gather(comes, office.do(deletion, id=id), return_exceptions=True)
    failed = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert [type(error) for error in failed] in ([NotFound], [InUse])


async def test_status_cannot_vanish_under_deal(office: Office) -> None:
    pipeline_id = (await office.status("Active"))["pipeline_id"]
    for round in range(4):
        status = await office.add_status(pipeline_id, f"Stage {round}", StatusType.ACTIVE)
        await raced(office, status, opportunity_statuses.delete, status, by_move=round % 2 == 1)


async def test_deletion_waits_for_a_move(office: Office) -> None:
    """A deal that is about to come into a status counts, though its transaction has not ended yet."""
    for deletion in (opportunity_statuses.delete, pipelines.delete):
        deal = await office.deal()
        pipeline = await office.add_pipeline(f"Before {deletion.run.__module__}")
        status = await office.add_status(pipeline, "Asked", StatusType.ACTIVE)
        async with office.client.database.write(office.client.actor) as session:
            await session.lock(OpportunityStatus, [status])
            await session.update(Opportunity, {"status_id": status}, table_of(Opportunity).c.id == deal)
            id = pipeline if deletion is pipelines.delete else status
            deleting = asyncio.create_task(office.do(deletion, id=id))
            await asyncio.sleep(0.2)
            assert not deleting.done()
        with pytest.raises(InUse) as caught:
            await deleting
        assert caught.value.used_by_count == 1


async def test_names_at_once_stay_unique(office: Office) -> None:
    for round in range(1, 4):
        names = (f"Renewals {round}", f"RENEWALS {round} ", f"renewals {round}")
        outcomes = await asyncio.gather(*map(office.add_pipeline, names), return_exceptions=True)
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "Conflict", "str"]
        assert sorted(row["position"] for row in await office.all(Pipeline)) == list(range(round + 1))


async def test_system_deals_have_no_owner(office: Office) -> None:
    actor = replace(office.client.actor, user_id=None)
    done = await opportunities.create(office.client.database, actor, office.clock, lead_id=office.lead_id, **DEAL)
    deal = await office.row(Opportunity, done["opportunity_id"])
    assert (deal["user_id"], deal["created_by"]) == (None, None)
