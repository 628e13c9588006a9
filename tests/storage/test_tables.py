"""The walls between organizations, read off the tables that the migrations made."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from app.domain.access import Actor
from app.storage.activities import Activity
from app.storage.contacts import Contact
from app.storage.database import Database
from app.storage.leads import Lead, LeadStatus
from app.storage.metadata import metadata
from app.storage.migrations.words import compared, index_name
from app.storage.opportunities import Opportunity, OpportunityStatus
from app.storage.organizations import Role
from app.storage.reads import table_of
from app.storage.scope import GLOBAL_TABLES
from app.storage.tasks import Task
from tests.storage.scenery import (
    AUDIT,
    NAMED,
    NOON,
    TENANTS,
    add_lead,
    new_actor,
    owning,
    snapshot,
    tenant_tables,
    two_actors,
)

ON_A_LEAD = {
    "lead",
    "lead_address",
    "contact",
    "contact_email",
    "contact_phone",
    "contact_url",
    "opportunity",
    "task",
    "activity",
    "custom_field_value",
}


async def _look(database: Database, look: Callable[[Any], Any]) -> Any:
    def inside(connection: Connection) -> Any:
        return look(inspect(connection))

    async with owning(database) as connection:
        return await connection.run_sync(inside)


async def test_only_three_tables_are_global(database: Database) -> None:
    there = await _look(database, lambda inspector: inspector.get_table_names())
    names = {name for name in there if compared(name, "table", {})} - {"alembic_version"}
    assert names == set(metadata.tables)
    assert names - tenant_tables() == GLOBAL_TABLES == {"organization", "api_key", "secret"}
    assert tenant_tables() == {table.name for table in TENANTS}


async def test_tenant_keys_begin_with_organization(database: Database) -> None:
    def keys(inspector: Any) -> dict[str, list[str]]:
        return {name: inspector.get_pk_constraint(name)["constrained_columns"] for name in tenant_tables()}

    assert await _look(database, keys) == {name: ["organization_id", "id"] for name in tenant_tables()}


async def test_foreign_keys_stay_inside_organization(database: Database) -> None:
    keys = await _look(
        database, lambda inspector: [key for name in tenant_tables() for key in inspector.get_foreign_keys(name)]
    )
    to_tenants = [key for key in keys if key["referred_table"] != "organization"]
    assert ["organization_id", "lead_id"] in [key["constrained_columns"] for key in to_tenants]
    for key in to_tenants:
        assert key["referred_columns"] == ["organization_id", "id"]
        assert key["constrained_columns"][0] == "organization_id"
        assert len(key["constrained_columns"]) == 2
    to_organization = [key for key in keys if key["referred_table"] == "organization"]
    assert len(to_organization) == len(tenant_tables())
    assert {tuple(key["constrained_columns"]) for key in to_organization} == {("organization_id",)}
    assert {key["options"]["ondelete"] for key in to_organization} == {"CASCADE"}


async def test_unique_constraints_name_organization(database: Database) -> None:
    def uniques(inspector: Any) -> dict[str, list[list[str]]]:
        return {
            name: [found["column_names"] for found in inspector.get_unique_constraints(name)]
            + [found["column_names"] for found in inspector.get_indexes(name) if found["unique"]]
            for name in tenant_tables()
        }

    found = await _look(database, uniques)
    assert ["organization_id", "label_key"] in found["lead_status"]
    assert all(columns[0] == "organization_id" for lists in found.values() for columns in lists)


async def test_indexes_begin_with_organization(database: Database) -> None:
    def indexes(inspector: Any) -> list[list[str]]:
        return [
            found["column_names"]
            for name in tenant_tables()
            for found in inspector.get_indexes(name)
            if found["name"] != index_name(name)
        ]

    found = await _look(database, indexes)
    assert ["organization_id", "date_created", "id"] in found
    assert all(columns[0] == "organization_id" for columns in found)


CHILDREN: list[tuple[type[SQLModel], dict[str, Any]]] = [
    (Contact, {**AUDIT, **NAMED}),
    (Task, {**AUDIT, "type": "lead", "is_complete": False}),
    (Activity, {**AUDIT, "type": "note", "date": NOON}),
    (Opportunity, {**AUDIT, "confidence": 50, "value_period": "annual"}),
]


async def test_child_of_foreign_lead_is_refused(database: Database) -> None:
    own, other = await new_actor(database, "Acme"), await new_actor(database, "Bluth")
    async with database.write(other) as session:
        await add_lead(session, "theirs")

    async def add(actor: Actor, model: type[SQLModel], row: dict[str, Any]) -> None:
        async with database.write(actor) as session:
            [stage, *_] = await session.find(OpportunityStatus)
            status = {"status_id": stage["id"]} if model is Opportunity else {}
            await session.insert(model, {"id": "child", "lead_id": "theirs", **row, **status})

    for model, row in CHILDREN:
        with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
            await add(own, model, row)
        await add(other, model, row)  # where the lead is, the same row is fine


async def test_deleted_lead_takes_everything(database: Database) -> None:
    own, other = await two_actors(database)
    before = await snapshot(database, other)
    async with database.write(own) as session:
        assert await session.delete(Lead) == 1
    left = await snapshot(database, own)
    gone = {name for name, rows in left.items() if not any(row[1] == "it" for row in rows)}
    assert gone == ON_A_LEAD
    assert await snapshot(database, other) == before


async def test_used_status_cannot_go(database: Database) -> None:
    own, _ = await two_actors(database)
    for model in (LeadStatus, OpportunityStatus, Role):
        with pytest.raises(IntegrityError):
            async with database.write(own) as session:
                await session.delete(model, table_of(model).c.id == "it")
