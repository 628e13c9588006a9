"""What the demo's organization has before its leads come in."""

from datetime import date

from sqlmodel import col

from app.demo.furniture import furnish
from app.domain.access import Actor
from app.domain.custom_fields import DataType, Scope
from app.domain.text import fold
from app.domain.time import now
from app.storage.custom_fields import CustomActivityType, CustomField, CustomFieldPlacement
from app.storage.database import Database
from app.storage.leads import Lead, LeadStatus
from app.storage.opportunities import OpportunityStatus, Pipeline
from app.storage.organizations import User


async def furnished(database: Database, organization: str, today: date) -> None:
    await database.transact(Actor.system(organization), lambda session: furnish(session, today))


async def test_statuses_come_in_order(database: Database, organization: str, today: date) -> None:
    await furnished(database, organization, today)
    async with database.read(Actor.system(organization)) as session:
        statuses = await session.find(LeadStatus, order_by=[col(LeadStatus.position)])
        pipelines = await session.find(Pipeline, order_by=[col(Pipeline.position)])
        stages = await session.find(OpportunityStatus, order_by=[col(OpportunityStatus.position)])
    assert [status["label"] for status in statuses] == [
        "Potential",
        "Interested",
        "Qualified",
        "Customer",
        "Former Customer",
        "Bad Fit",
    ]
    board = {
        pipeline["name"]: [stage["label"] for stage in stages if stage["pipeline_id"] == pipeline["id"]]
        for pipeline in pipelines
    }
    assert board == {
        "Sales": ["Prospecting", "Engaging", "Won", "Lost"],
        "Renewals": ["Due", "Renewed", "Cancelled"],
    }


async def test_fields_are_of_every_type(database: Database, organization: str, today: date) -> None:
    await furnished(database, organization, today)
    async with database.read(Actor.system(organization)) as session:
        fields = await session.find(CustomField)
        types = await session.find(CustomActivityType)
        placements = await session.find(CustomFieldPlacement)
    assert {field["data_type"] for field in fields} == set(DataType)
    assert {field["scope"] for field in fields} == set(Scope)
    assert {type["name"] for type in types} == {"Site visit", "Product demo"}
    shared = {field["id"] for field in fields if field["scope"] is Scope.SHARED}
    assert len(placements) == len(fields) + len(shared)
    assert {field["id"] for field in fields} == {placement["field_id"] for placement in placements}


async def test_people_have_addresses_and_zones(database: Database, organization: str, today: date) -> None:
    await furnished(database, organization, today)
    async with database.read(Actor.system(organization)) as session:
        users = await session.find(User)
    assert len(users) == 30
    assert {user["email"].partition("@")[2] for user in users} == {"gtx-hardware.example"}
    assert {user["time_zone"] for user in users} == {"America/New_York", "America/Chicago", "America/Los_Angeles"}
    assert all(user["display_name"] == f"{user['first_name']} {user['last_name']}" for user in users)


async def test_used_organization_is_left_alone(database: Database, organization: str, today: date) -> None:
    async with database.write(Actor.system(organization)) as session:
        status = (await session.find(LeadStatus))[0]["id"]
        day = {"date_created": now(), "date_updated": now()}
        lead = {"id": "lead_1", "display_name": "Acme", "sort_name": fold("Acme"), "status_id": status}
        await session.insert(Lead, lead | day | {"version": 1, "details": {}})
    await furnished(database, organization, today)
    async with database.read(Actor.system(organization)) as session:
        assert await session.count(CustomField) == 0
        assert await session.count(LeadStatus) == 4
