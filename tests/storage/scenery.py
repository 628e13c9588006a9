"""Two organizations whose rows have the same ids, one row in every tenant table of each."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, select, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from app.domain.access import Actor
from app.services import organizations
from app.storage import migrations
from app.storage.activities import Activity
from app.storage.contacts import Contact, ContactEmail, ContactPhone, ContactUrl
from app.storage.custom_fields import CustomActivityType, CustomField, CustomFieldPlacement, CustomFieldValue
from app.storage.database import Database
from app.storage.leads import Lead, LeadAddress, LeadStatus
from app.storage.metadata import metadata
from app.storage.opportunities import Opportunity, OpportunityStatus, Pipeline
from app.storage.organizations import Role, User
from app.storage.postgresql import ROLE, SETTING
from app.storage.reading import Statements, counted
from app.storage.reads import table_of
from app.storage.session import ScopedSession
from app.storage.tasks import Task

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
AUDIT: dict[str, Any] = {"date_created": NOON, "date_updated": NOON}
NAMED: dict[str, Any] = {"display_name": "Ada", "sort_name": "ada"}
LABEL: dict[str, Any] = {"label": "Extra", "label_key": "extra", "position": 9}
NAME: dict[str, Any] = {"name": "Extra", "name_key": "extra"}

# In the order in which they refer to each other; each has the id "it".
ROWS: list[tuple[type[SQLModel], dict[str, Any]]] = [
    (Role, {**NAME, "permissions": [], "position": 9}),
    (User, {"display_name": "Ada", "role_id": "it", "is_active": True}),
    (LeadStatus, LABEL),
    (Lead, {**AUDIT, **NAMED, "status_id": "it"}),
    (LeadAddress, {"lead_id": "it", "position": 0, "city": "Berlin"}),
    (Contact, {**AUDIT, **NAMED, "lead_id": "it"}),
    (ContactEmail, {"contact_id": "it", "position": 0, "type": "office", "email": "ada@example.com"}),
    (ContactPhone, {"contact_id": "it", "position": 0, "type": "office", "phone": "+16505550100"}),
    (ContactUrl, {"contact_id": "it", "position": 0, "type": "url", "url": "https://example.com/"}),
    (Pipeline, {**NAME, "position": 9}),
    (OpportunityStatus, {**LABEL, "pipeline_id": "it", "type": "active"}),
    (
        Opportunity,
        {**AUDIT, "lead_id": "it", "status_id": "it", "confidence": 50, "value_cents": 100, "value_period": "annual"},
    ),
    (Task, {**AUDIT, "type": "lead", "lead_id": "it", "date": date(2026, 3, 1), "is_complete": False}),
    (CustomActivityType, {**AUDIT, **NAME}),
    (Activity, {**AUDIT, "type": "note", "lead_id": "it", "date": NOON, "text": "Hello"}),
    (CustomField, {**AUDIT, **NAME, "scope": "lead", "home": "lead", "data_type": "number"}),
    (CustomFieldPlacement, {"target": "lead", "field_id": "it", "position": 0}),
    (
        CustomFieldValue,
        {"object_id": "it", "owner_type": "lead", "lead_id": "it", "field_id": "it", "number": Decimal("5.50")},
    ),
]
TENANTS = [table_of(model) for model, _ in ROWS]


async def new_actor(database: Database, name: str) -> Actor:
    """The system itself inside a new organization."""
    return Actor.system(await organizations.create(database, name))


async def two_actors(database: Database) -> tuple[Actor, Actor]:
    """Each inside an organization of its own that holds a row with the id "it" in every table."""
    actors = await new_actor(database, "Acme"), await new_actor(database, "Bluth")
    for actor in actors:
        async with database.write(actor) as session:
            for model, row in ROWS:
                await session.insert(model, {"id": "it", **row})
    return actors


async def add_lead(session: ScopedSession, id: str, **values: Any) -> None:
    [status, *_] = await session.find(LeadStatus)
    await session.insert(Lead, {"id": id, **AUDIT, **NAMED, "status_id": status["id"], **values})


@asynccontextmanager
async def owning(database: Database | str) -> AsyncIterator[AsyncConnection]:
    """A transaction as the owner of the tables, for whom there are no policies."""
    url = database if isinstance(database, str) else database.url.render_as_string(hide_password=False)
    owner = migrations.engine(url)
    try:
        async with owner.begin() as connection:
            yield connection
    finally:
        await owner.dispose()


async def administer(url: str, *statements: str) -> None:
    """Statements that stand in no transaction, such as those on whole databases."""
    owner = migrations.engine(url)
    async with owner.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await owner.dispose()


async def snapshot(database: Database, actor: Actor) -> dict[str, list[Any]]:
    """Every row of an organization."""
    async with owning(database) as connection:
        found = {table.name: (await connection.execute(_rows(table, actor))).all() for table in TENANTS}
    return {name: [tuple(row) for row in rows] for name, rows in found.items()}


def _rows(table: Table, actor: Actor) -> Any:
    return select(table).where(table.c.organization_id == actor.organization_id).order_by(table.c.id)


@contextmanager
def counting() -> Iterator[Statements]:
    """Counts the statements that sessions send in the block."""
    statements = Statements()
    token = counted.set(statements)
    try:
        yield statements
    finally:
        counted.reset(token)


@contextmanager
def sent() -> Iterator[list[tuple[str, Any]]]:
    """What drivers were given in the block: texts with their parameters."""
    with counting() as statements:
        yield statements.sent


async def take_scope(connection: AsyncConnection, actor: Actor) -> None:
    """Have an engine's connection see what the gateway would see for the actor."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text(f"SET ROLE {ROLE}"))
        await set_scope(connection, actor.organization_id)


async def set_scope(connection: AsyncConnection, organization_id: str) -> None:
    """Name the organization until the end of the transaction."""
    await connection.execute(
        text("SELECT set_config(:name, :value, true)"), {"name": SETTING, "value": organization_id}
    )


def tenant_tables() -> set[str]:
    """The names of the tables with a tenant, by their columns."""
    return {table.name for table in metadata.tables.values() if "organization_id" in table.primary_key.columns}
