"""Users that a file names: found in the organization by their id, or made as members without email and key."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.checks import MAX_LABEL
from app.domain.text import fold
from app.storage.organizations import Role, User
from app.storage.reads import table_of
from app.storage.session import ScopedSession

ROLE = "User"


@dataclass
class Users:
    """The ids of all users, and the names of those that were made."""

    ids: set[str] = field(default_factory=set)
    made: list[str] = field(default_factory=list)


async def prepare_users(session: ScopedSession, named: Mapping[str, str | None]) -> Users:
    """A user made without a name goes by its id, until a file knows the name (rule X1)."""
    names = {row["id"]: row["display_name"] for row in await session.find(User)}
    users = Users({*names, *named})
    roles = {row["name_key"]: row["id"] for row in await session.find(Role)}
    made = []
    for id, name in named.items():
        shown = name[:MAX_LABEL] if name else id
        if id not in names:
            made.append({"id": id, "is_active": True, "role_id": roles.get(fold(ROLE)), **_names(shown)})
        elif names[id] == id != shown:
            await session.update(User, _names(shown), table_of(User).c.id == id)
    await session.insert(User, *made)
    users.made = [str(row["display_name"]) for row in made]
    return users


def _names(name: str) -> dict[str, str | None]:
    """A name of two words is taken for a given and a family name; of others only the whole is known."""
    words = name.split()
    first, last = words if len(words) == 2 else (None, None)
    return {"display_name": name, "first_name": first, "last_name": last}
