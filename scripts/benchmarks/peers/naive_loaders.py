"""What the plain server loads: entities through the ORM, and DataLoaders that put the loads of one moment together."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from strawberry.dataloader import DataLoader

from app.storage.activities import Activity
from app.storage.contacts import Contact, ContactEmail, ContactPhone
from app.storage.leads import Lead, LeadStatus
from app.storage.opportunities import Opportunity, OpportunityStatus
from app.storage.tasks import Task
from scripts.benchmarks.crm_furniture import ORGANIZATION

Sessions = async_sessionmaker[AsyncSession]
Load = Callable[[list[Any]], Awaitable[Sequence[Any]]]


def of(model: Any) -> Select[Any]:
    """The organization's entities."""
    return select(model).where(model.organization_id == ORGANIZATION)


async def fetched(sessions: Sessions, statement: Select[Any]) -> Sequence[Any]:
    """Entities, in a session of their own: resolvers run side by side, and a session takes one at a time."""
    async with sessions() as session:
        found: Sequence[Any] = (await session.execute(statement)).scalars().all()
    return found


def loaders(sessions: Sessions) -> dict[str, DataLoader[Any, Any]]:
    """The loaders of one request."""
    return {
        "lead": DataLoader(_one(sessions, Lead)),
        "status": DataLoader(_one(sessions, LeadStatus)),
        "stage": DataLoader(_one(sessions, OpportunityStatus)),
        "contacts": DataLoader(_many(sessions, Contact, "lead_id", Contact.date_created, Contact.id)),
        "emails": DataLoader(_many(sessions, ContactEmail, "contact_id", ContactEmail.position)),
        "phones": DataLoader(_many(sessions, ContactPhone, "contact_id", ContactPhone.position)),
        "tasks": DataLoader(_many(sessions, Task, "lead_id", Task.date_created, Task.id)),
        "opportunities": DataLoader(
            _many(sessions, Opportunity, "lead_id", _down(Opportunity.date_created), _down(Opportunity.id))
        ),
        "activities": DataLoader(_latest(sessions)),
    }


def _one(sessions: Sessions, model: Any) -> Load:
    async def load(ids: list[str]) -> Sequence[Any]:
        rows = await fetched(sessions, of(model).where(model.id.in_(ids)))
        found = {row.id: row for row in rows}
        return [found.get(id) for id in ids]

    return load


def _many(sessions: Sessions, model: Any, link: str, *order: Any) -> Load:
    column = getattr(model, link)

    async def load(keys: list[str]) -> Sequence[Any]:
        found = defaultdict(list)
        for row in await fetched(sessions, of(model).where(column.in_(keys)).order_by(*order)):
            found[getattr(row, link)].append(row)
        return [found[key] for key in keys]

    return load


def _latest(sessions: Sessions) -> Load:
    """Keys are leads with how many of the last activities of each."""
    model: Any = Activity
    order = (model.date.desc(), model.id.desc())

    async def load(keys: list[tuple[str, int]]) -> Sequence[Any]:
        place = func.row_number().over(partition_by=model.lead_id, order_by=order).label("place")
        leads, most = [lead for lead, _ in keys], max(first for _, first in keys)
        inner = of(model).with_only_columns(model.id, place).where(model.lead_id.in_(leads)).subquery()
        statement = of(model).join(inner, inner.c.id == model.id).where(inner.c.place <= most).order_by(*order)
        found = defaultdict(list)
        for row in await fetched(sessions, statement):
            found[row.lead_id].append(row)
        return [found[lead][:first] for lead, first in keys]

    return load


def _down(column: Any) -> Any:
    return column.desc()
