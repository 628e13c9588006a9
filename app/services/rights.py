"""What the caller's role may edit, where a field or an activity type names roles (rule CF27)."""

from collections.abc import Collection, Sequence

from sqlalchemy import RowMapping

from app.domain.checks import Checks
from app.domain.errors import Denied, NotFound, Path
from app.services.work import Work
from app.storage.custom_fields import CustomActivityType
from app.storage.organizations import Role, User
from app.storage.reads import table_of
from app.storage.types import among


async def may_edit(work: Work, role_ids: Collection[str]) -> bool:
    """Whether the role that the caller has at this moment is among these; where none is named, anyone may.

    No role is an exception, an administrator's neither. An actor without a user, a command or an import, may
    edit everything.
    """
    [allowed] = await may_edit_each(work, [role_ids])
    return allowed


async def may_edit_each(work: Work, role_lists: Sequence[Collection[str]]) -> list[bool]:
    """The same of several lists of roles; the caller is looked up once, where one of them names any."""
    if work.actor.user_id is None or not any(role_lists):
        return [True] * len(role_lists)
    user = await work.session.get(User, work.actor.user_id)
    role = user and user["role_id"]
    return [not role_ids or role in role_ids for role_ids in role_lists]


async def activity_type(work: Work, id: str, path: Path) -> RowMapping:
    """The custom activity type, kept as it is until the end of the transaction; Denied where the caller's role may not
    edit activities of it."""
    found = (await work.session.share(CustomActivityType, [id])).get(id)
    if found is None:
        raise NotFound("custom activity type", id, path)
    if not await may_edit(work, found["editable_with_role_ids"]):
        raise Denied(f"Your role may not edit activities of the type {found['name']!r}.", path=path)
    return found


async def check_roles(work: Work, checks: Checks, ids: Sequence[str], *path: str | int) -> list[str]:
    """The roles that may edit, each once; problems with those that do not exist go to `checks`."""
    if not ids:
        return []
    known = {role["id"] for role in await work.session.find(Role, among(table_of(Role).c.id, ids))}
    for i, id in enumerate(ids):
        if id not in known:
            checks.add(NotFound("role", id, [*checks.path, *path, i]))
    return list(dict.fromkeys(ids))
