"""The plain server: Strawberry types, entities of the ORM, a DataLoader per relation; no caches, no key, no pages.

It reads the gateway's own tables. Nothing in it is made slow on purpose: it is what one writes first.
"""

import dataclasses
import datetime as dt
import sys
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import strawberry
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from starlette.applications import Starlette
from starlette.routing import Route
from strawberry.asgi import GraphQL

from app.domain.activities import ActivityType
from app.storage import activities, contacts, leads
from app.storage.ids import new_id
from app.storage.migrations import DRIVERS
from scripts.benchmarks.crm_furniture import USERS
from scripts.benchmarks.peers.naive_loaders import Sessions, fetched, loaders, of
from scripts.benchmarks.peers.serving import serve

POOL_SIZE = 10

T = TypeVar("T")
Info = strawberry.Info[dict[str, Any], None]


async def _loaded(info: Info, loader: str, key: Any) -> Any:
    return await info.context["loaders"][loader].load(key)


@strawberry.type
class Status:
    label: str


@strawberry.type
class Email:
    email: str
    type: str


@strawberry.type
class Phone:
    phone: str
    type: str


@strawberry.type
class Task:
    id: strawberry.ID
    text: str | None
    is_complete: bool
    date_created: dt.datetime


@strawberry.type
class Opportunity:
    id: strawberry.ID
    note: str | None
    confidence: int
    close_date: dt.date | None
    status_id: strawberry.Private[str]

    @strawberry.field
    async def status(self, info: Info) -> Status:
        return _as(Status, await _loaded(info, "stage", self.status_id))


@strawberry.type
class Activity:
    id: strawberry.ID
    type: str
    date: dt.datetime
    old_label: str | None
    new_label: str | None


@strawberry.type
class Contact:
    id: strawberry.ID
    name: str | None
    title: str | None
    lead_id: strawberry.Private[str]

    @strawberry.field
    async def lead(self, info: Info) -> "Lead":
        return _as(Lead, await _loaded(info, "lead", self.lead_id))

    @strawberry.field
    async def emails(self, info: Info) -> list[Email]:
        return [_as(Email, row) for row in await _loaded(info, "emails", self.id)]

    @strawberry.field
    async def phones(self, info: Info) -> list[Phone]:
        return [_as(Phone, row) for row in await _loaded(info, "phones", self.id)]


@strawberry.type
class Lead:
    id: strawberry.ID
    name: str | None
    display_name: str
    description: str | None
    url: str | None
    source: str | None
    date_created: dt.datetime
    date_updated: dt.datetime
    status_id: strawberry.Private[str]

    @strawberry.field
    async def status(self, info: Info) -> Status:
        return _as(Status, await _loaded(info, "status", self.status_id))

    @strawberry.field
    async def contacts(self, info: Info) -> list[Contact]:
        return [_as(Contact, row) for row in await _loaded(info, "contacts", self.id)]

    @strawberry.field
    async def tasks(self, info: Info) -> list[Task]:
        return [_as(Task, row) for row in await _loaded(info, "tasks", self.id)]

    @strawberry.field
    async def opportunities(self, info: Info) -> list[Opportunity]:
        return [_as(Opportunity, row) for row in await _loaded(info, "opportunities", self.id)]

    @strawberry.field
    async def activities(self, info: Info, first: int = 25) -> list[Activity]:
        return [_as(Activity, row) for row in await _loaded(info, "activities", (self.id, first))]


@strawberry.type
class Change:
    lead: Lead
    activity: Activity


@cache
def _names(type_: Any) -> list[str]:
    return [field.name for field in dataclasses.fields(type_) if field.init]


def _as(type_: Callable[..., T], row: Any) -> T:
    """An object of the graph from an entity."""
    return type_(**{name: getattr(row, name) for name in _names(type_)})


@strawberry.type
class Query:
    @strawberry.field
    async def lead(self, info: Info, id: strawberry.ID) -> Lead | None:
        row = await _loaded(info, "lead", id)
        return _as(Lead, row) if row else None

    @strawberry.field
    async def leads(self, info: Info, first: int = 25, after: dt.datetime | None = None, offset: int = 0) -> list[Lead]:
        model: Any = leads.Lead
        statement = of(model).order_by(model.date_created, model.id).limit(first).offset(offset)
        if after is not None:
            statement = statement.where(model.date_created > after)
        return [_as(Lead, row) for row in await fetched(info.context["sessions"], statement)]

    @strawberry.field
    async def contacts(self, info: Info, word: str, statuses: list[strawberry.ID], first: int = 25) -> list[Contact]:
        model: Any = contacts.Contact
        lead: Any = leads.Lead
        matching = of(lead).where(lead.id == model.lead_id, lead.status_id.in_(statuses)).exists()
        statement = of(model).where(model.title.icontains(word), matching)
        newest = statement.order_by(model.date_created.desc(), model.id.desc()).limit(first)
        return [_as(Contact, row) for row in await fetched(info.context["sessions"], newest)]


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def lead_change_status(self, info: Info, lead_id: strawberry.ID, status_id: strawberry.ID) -> Change | None:
        async with info.context["sessions"]() as session, session.begin():
            model: Any = leads.Lead
            lead = (await session.execute(of(model).where(model.id == lead_id).with_for_update())).scalar_one()
            statuses = {row.id: row for row in (await session.execute(of(leads.LeadStatus))).scalars()}
            old, new = statuses[lead.status_id], statuses[status_id]
            if old is new:
                return None
            now = dt.datetime.now(dt.UTC)
            lead.status_id, lead.version, lead.date_updated, lead.updated_by = new.id, lead.version + 1, now, USERS[0]
            record = activities.Activity(
                organization_id=lead.organization_id,
                id=new_id("acti"),
                date_created=now,
                date_updated=now,
                created_by=USERS[0],
                updated_by=USERS[0],
                version=1,
                type=ActivityType.LEAD_STATUS_CHANGE,
                lead_id=lead.id,
                user_id=USERS[0],
                date=now,
                old_status_id=old.id,
                new_status_id=new.id,
                old_label=old.label,
                new_label=new.label,
                details={},
            )
            session.add(record)
        return Change(lead=_as(Lead, lead), activity=_as(Activity, record))


class Endpoint(GraphQL[Any, Any]):
    """The endpoint that comes with Strawberry, with new loaders for each request."""

    def __init__(self, sessions: Sessions) -> None:
        super().__init__(strawberry.Schema(Query, Mutation), graphql_ide=None)
        self._sessions = sessions

    async def get_context(self, request: Any, response: Any) -> Any:
        return {"sessions": self._sessions, "loaders": loaders(self._sessions)}


def application(url: str) -> Starlette:
    parsed = make_url(url)
    driver = DRIVERS[parsed.get_backend_name()]
    engine = create_async_engine(parsed.set(drivername=driver), pool_size=POOL_SIZE, max_overflow=0)
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    return Starlette(routes=[Route("/graphql", Endpoint(sessions), methods=["POST"])])


if __name__ == "__main__":
    serve(application(sys.argv[1]))
