"""Use cases and the unit of work that each runs in."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping
from sqlmodel import SQLModel

from app.domain.access import Actor, Permission
from app.domain.errors import Conflict, Denied, NotFound, Path
from app.domain.time import Clock
from app.storage.database import Database
from app.storage.session import ScopedSession

Done = dict[str, Any]


@dataclass(frozen=True)
class Work:
    """One transaction in the name of an actor, at one moment of the caller's calendar."""

    session: ScopedSession
    actor: Actor
    clock: Clock

    async def require(self, model: type[SQLModel], id: str, what: str, path: Path = ("id",)) -> RowMapping:
        """The row with this id, locked until the end of the transaction; NotFound without one."""
        found = await self.session.lock(model, [id])
        if id not in found:
            raise NotFound(what, id, path)
        return found[id]

    def created(self) -> dict[str, Any]:
        """The audit columns of a new row."""
        now, user = self.clock.now, self.actor.user_id
        return {"date_created": now, "date_updated": now, "created_by": user, "updated_by": user}

    async def change(self, model: type[SQLModel], row: RowMapping, values: Mapping[str, Any]) -> bool:
        """Write what differs from the row, with its audit columns; nothing happens when nothing differs."""
        changed = {name: value for name, value in values.items() if row[name] != value}
        if changed:
            await self.touch(model, row, changed)
        return bool(changed)

    async def touch(self, model: type[SQLModel], row: RowMapping, values: Mapping[str, Any] | None = None) -> None:
        """Write these values, and that the row was changed now by the actor."""
        audit = {"date_updated": self.clock.now, "updated_by": self.actor.user_id, "version": row["version"] + 1}
        await self.session.update_each(model, [{"id": row["id"], **(values or {}), **audit}])


def check_version(row: RowMapping, expected: int | None) -> None:
    """Refuse a change that was made on an older version of the row."""
    if expected is not None and row["version"] != expected:
        raise Conflict(
            f"The object was changed meanwhile: it is at version {row['version']}, not {expected}.",
            ["expected_version"],
            conflicting_id=row["id"],
            current_version=row["version"],
        )


@dataclass(frozen=True)
class UseCase:
    """A mutation: `run(work, **input)` in one transaction, for callers with the permission."""

    run: Callable[..., Awaitable[Done]]
    permission: Permission | None

    async def __call__(self, database: Database, actor: Actor, clock: Clock, **input: Any) -> Done:
        if self.permission is not None and self.permission not in actor.permissions:
            raise Denied(f"This needs the permission {self.permission.name}.", self.permission)
        return await database.transact(actor, lambda session: self.run(Work(session, actor, clock), **input))


def use_case(permission: Permission | None = None) -> Callable[[Callable[..., Awaitable[Done]]], UseCase]:
    """Make a function of a unit of work a use case. It may run again when another transaction got in its way."""

    def decorate(run: Callable[..., Awaitable[Done]]) -> UseCase:
        return UseCase(run, permission)

    return decorate
