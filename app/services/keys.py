"""API keys: `api_<16 base62>.<43 base64url>`. The first part finds a key, the second one proves it.

The second part holds 256 random bits, which need no slow hash: the SHA-256 of its text is kept.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, insert, select, update

from app.domain.access import Actor, Permission
from app.domain.checks import MAX_LABEL, Checks
from app.domain.errors import NotFound
from app.domain.time import now
from app.storage.database import Database
from app.storage.ids import DIGITS
from app.storage.organizations import ApiKey, User
from app.storage.reads import table_of

_KEY = re.compile(r"(api_[0-9A-Za-z]{16})\.([A-Za-z0-9_-]{43})")
_NOBODY = b"\0" * hashlib.sha256().digest_size
_PERMISSIONS = {str(permission): permission for permission in Permission}


@dataclass(frozen=True)
class Key:
    """A key as it is listed: without its secret part, which nobody can tell again."""

    id: str
    organization_id: str
    user_id: str
    name: str
    loopback_only: bool
    date_created: datetime
    date_revoked: datetime | None


async def create(
    database: Database, organization_id: str, user_id: str, name: str, *, loopback_only: bool = False
) -> str:
    """A new key of an active user. The text that is returned cannot be had a second time."""
    checks = Checks()
    name = checks.text({"name": name}, "name", MAX_LABEL, required=True) or ""
    checks.finish()
    id = "api_" + "".join(secrets.choice(DIGITS) for _ in range(16))
    secret = secrets.token_urlsafe(32)
    row = {
        "id": id,
        "organization_id": organization_id,
        "user_id": user_id,
        "name": name,
        "secret_hash": _hash(secret),
        "loopback_only": loopback_only,
        "date_created": now(),
    }
    async with database.write(Actor.system(organization_id)) as session:
        user = await session.lock(User, [user_id])
        if user_id not in user or not user[user_id]["is_active"]:
            raise NotFound("active user", user_id, ["user_id"])
        await session.connection.execute(insert(ApiKey), row)
    return f"{id}.{secret}"


async def list_keys(database: Database, organization_id: str) -> list[Key]:
    """The keys of an organization, the oldest first, with those that were revoked."""
    return await _listed(database, table_of(ApiKey).c.organization_id == organization_id)


async def list_loopback_keys(database: Database) -> list[Key]:
    """The keys that work on this machine alone, of every organization."""
    return await _listed(database, table_of(ApiKey).c.loopback_only)


async def _listed(database: Database, condition: ColumnElement[bool]) -> list[Key]:
    table = table_of(ApiKey)
    columns = [table.c[field.name] for field in fields(Key)]
    statement = select(*columns).where(condition).order_by(table.c.date_created, table.c.id)
    async with database.look_up() as connection:
        return [Key(*row) for row in await connection.execute(statement)]


async def revoke(database: Database, organization_id: str, id: str) -> bool:
    """Refuse a key from now on; false when it was revoked before."""
    table = table_of(ApiKey)
    mine = and_(table.c.id == id, table.c.organization_id == organization_id)
    statement = update(table).where(mine, table.c.date_revoked.is_(None)).values(date_revoked=now())
    async with database.unscoped() as connection:
        if (await connection.execute(statement)).rowcount:
            return True
        if await connection.scalar(select(table.c.id).where(mine)) is None:
            raise NotFound("key", id, ["id"])
    return False


async def authenticate(database: Database, text: str, *, from_loopback: bool) -> Actor | None:
    """The actor that a key stands for, in the zone of its user, else of the organization; None otherwise.

    A key that was found before is remembered, and forgotten once it, its user, their role or the organization
    changes: on SQLite with the change, on PostgreSQL as soon as it tells of the commit, a matter of milliseconds. While
    it could not tell, every request asks. The secret part is proved each time.
    """
    if (match := _KEY.fullmatch(text)) is None:
        return None
    id, secret = match.groups()
    key = await _proved(database, id, _hash(secret))
    if key is None or (key.loopback_only and not from_loopback):
        return None
    permissions = frozenset(_PERMISSIONS[name] for name in key.permissions or () if name in _PERMISSIONS)
    return Actor(key.organization_id, key.user_id, key.role_id, permissions, key.time_zone or key.organization_zone)


async def _proved(database: Database, id: str, digest: bytes) -> Row[Any] | None:
    """The caller of a key with this secret. Where there is none the same steps are taken, whatever is wrong: a key that
    does not exist is looked up, and so is one whose secret is not the remembered one's."""
    known = database.callers.remembered(id)
    if known is not None and hmac.compare_digest(digest, known.secret_hash):
        return known
    found = await database.callers.find(id)
    proved = hmac.compare_digest(digest, found.secret_hash if found else _NOBODY)
    return found if proved else None


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("ascii")).digest()
