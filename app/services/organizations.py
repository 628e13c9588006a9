"""Organizations with their roles and users, as an operator makes them from the command line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete as sql_delete
from sqlalchemy import insert, or_, select

from app.domain.access import BUILT_IN_ROLES, Actor, Permission
from app.domain.checks import MAX_LABEL, Checks
from app.domain.errors import Conflict, ErrorCode, Invalid
from app.domain.opportunities import StatusType
from app.domain.text import fold
from app.domain.time import now, zone
from app.services import formats
from app.storage.database import Database
from app.storage.ids import new_id
from app.storage.leads import LeadStatus
from app.storage.opportunities import OpportunityStatus, Pipeline
from app.storage.organizations import Organization, Role, User
from app.storage.reads import table_of
from app.storage.session import ScopedSession

LEAD_STATUSES = ("Potential", "Bad Fit", "Qualified", "Customer")
PIPELINE = "Sales"
OPPORTUNITY_STATUSES = {"Active": StatusType.ACTIVE, "Won": StatusType.WON, "Lost": StatusType.LOST}

_USER, _ROLE = table_of(User), table_of(Role)
_BY_POSITION = (_ROLE.c.position, _ROLE.c.id)


@dataclass(frozen=True)
class Named:
    """An organization, as commands speak of it."""

    id: str
    name: str


async def create(database: Database, name: str, currency: str = "USD", time_zone: str = "UTC") -> str:
    """A new organization with the built-in roles, lead statuses and one pipeline; its id."""
    checks = Checks()
    name = _text(checks, "name", name)
    currency = formats.currency(checks, "currency", currency)
    _check_zone(checks, time_zone)
    checks.finish()
    for known in await find(database, name):
        raise Conflict(f"There is an organization {name!r} already.", ["name"], ErrorCode.TAKEN, known.id)
    id = new_id("orga")
    row = {"id": id, "name": name, "currency": currency, "time_zone": time_zone, "date_created": now()}
    async with database.write(Actor.system(id)) as session:
        await session.connection.execute(insert(table_of(Organization)), row)
        await _furnish(session)
    return id


async def delete(database: Database, id: str) -> None:
    """Remove an organization with everything in it."""
    table = table_of(Organization)
    async with database.unscoped() as connection:
        await connection.execute(sql_delete(table).where(table.c.id == id))


async def find(database: Database, id_or_name: str | None = None) -> list[Named]:
    """The organizations with this id or exact name; all of them without one."""
    table = table_of(Organization)
    statement = select(table.c.id, table.c.name).order_by(table.c.id)
    if id_or_name is not None:
        statement = statement.where(or_(table.c.id == id_or_name, table.c.name == id_or_name))
    async with database.look_up() as connection:
        return [Named(id, name) for id, name in await connection.execute(statement)]


async def add_role(database: Database, organization_id: str, name: str, permissions: Iterable[Permission] = ()) -> str:
    """A new role after the others; its name is unique, whatever its case."""
    checks = Checks()
    name = _text(checks, "name", name)
    checks.finish()

    async def work(session: ScopedSession) -> str:
        await session.lock_organization()
        roles = await session.find(Role)
        for role in roles:
            if role["name_key"] == fold(name):
                raise Conflict(f"There is a role {role['name']!r} already.", ["name"], ErrorCode.TAKEN, role["id"])
        row = _role(name, permissions, position=len(roles))
        await session.insert(Role, row)
        return str(row["id"])

    return await database.transact(Actor.system(organization_id), work)


async def list_roles(database: Database, organization_id: str) -> Sequence[Any]:
    """The rows of the roles, in order."""
    async with database.read(Actor.system(organization_id)) as session:
        return await session.find(Role, order_by=_BY_POSITION)


async def add_user(
    database: Database,
    organization_id: str,
    display_name: str,
    email: str | None = None,
    role: str = "User",
    time_zone: str | None = None,
) -> str:
    """A new active member with a role, named by its id or its name; an email belongs to one member."""
    checks = Checks()
    display_name = _text(checks, "display_name", display_name)
    email = formats.email(checks, "email", email) if email is not None else None
    if time_zone is not None:
        _check_zone(checks, time_zone)
    checks.finish()

    async def work(session: ScopedSession) -> str:
        await session.lock_organization()
        if email is not None:
            await _check_email(session, email)
        id = new_id("user")
        row = {
            "id": id,
            "display_name": display_name,
            "email": email,
            "time_zone": time_zone,
            "is_active": True,
        }
        await session.insert(User, row | {"role_id": await _role_id(session, role)})
        return id

    return await database.transact(Actor.system(organization_id), work)


async def find_users(database: Database, organization_id: str, text: str | None = None) -> Sequence[Any]:
    """The rows of the active users with this id, email or exact name; all of them without a text."""
    async with database.read(Actor.system(organization_id)) as session:
        users = await session.find(User, _USER.c.is_active, order_by=[_USER.c.display_name, _USER.c.id])
    if text is None:
        return users
    return [user for user in users if text in {user["id"], user["display_name"]} or _same(user["email"], text)]


async def _furnish(session: ScopedSession) -> None:
    """What a new organization starts with."""
    roles = [_role(name, allowed, place) for place, (name, allowed) in enumerate(BUILT_IN_ROLES.items())]
    await session.insert(Role, *roles)
    await session.insert(LeadStatus, *(_status(label, place) for place, label in enumerate(LEAD_STATUSES)))
    pipeline = {"id": new_id("pipe"), "name": PIPELINE, "name_key": fold(PIPELINE), "position": 0}
    await session.insert(Pipeline, pipeline)
    stages = [
        _status(label, place) | {"type": type, "pipeline_id": pipeline["id"]}
        for place, (label, type) in enumerate(OPPORTUNITY_STATUSES.items())
    ]
    await session.insert(OpportunityStatus, *stages)


def _role(name: str, permissions: Iterable[Permission], position: int) -> dict[str, Any]:
    allowed = sorted(permission.value for permission in set(permissions))
    return {
        "id": new_id("role"),
        "name": name,
        "name_key": fold(name),
        "permissions": allowed,
        "position": position,
    }


def _status(label: str, position: int) -> dict[str, Any]:
    return {"id": new_id("stat"), "label": label, "label_key": fold(label), "position": position}


async def _role_id(session: ScopedSession, id_or_name: str) -> str:
    roles = await session.find(Role, order_by=_BY_POSITION)
    for role in roles:
        if role["id"] == id_or_name or role["name_key"] == fold(id_or_name):
            return str(role["id"])
    names = [role["name"] for role in roles]
    raise Invalid(f"There is no role {id_or_name!r}; there are {', '.join(names)}.", ["role"], accepted_values=names)


async def _check_email(session: ScopedSession, email: str) -> None:
    for user in await session.find(User, _USER.c.is_active):
        if _same(user["email"], email):
            raise Conflict(f"{user['email']} belongs to a member already.", ["email"], ErrorCode.TAKEN, user["id"])


def _same(email: str | None, other: str) -> bool:
    return email is not None and fold(email) == fold(other)


def _text(checks: Checks, name: str, value: str) -> str:
    return (checks.text({name: value}, name, MAX_LABEL, required=True) or "").strip()


def _check_zone(checks: Checks, name: str) -> None:
    try:
        zone(name)
    except ValueError as error:
        checks.invalid(f"{error}.", "time_zone")
