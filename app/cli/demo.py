"""The demo organization: made when it is missing, and asked with a key that works on this machine alone."""

from pathlib import Path

from app.cli import console, key_file
from app.demo import load_demo
from app.domain.time import now
from app.services import keys, organizations
from app.services.keys import Key
from app.storage.database import Database

ORGANIZATION = "GTX Hardware (demo)"
USER = "Robin Demo"
EMAIL = "robin@gtx-hardware.example"
# Only the demo has keys for loopback alone. One of this name says that the organization is complete.
COMPLETE = "demo"
LOADING = "demo, loading"


async def load(database: Database) -> None:
    """Make the demo organization. What an interrupted load left behind goes first."""
    for unfinished in await _unfinished(database):
        await organizations.delete(database, unfinished)
    id = await organizations.create(database, ORGANIZATION)
    user = await organizations.add_user(database, id, USER, EMAIL, role="Admin")
    await keys.create(database, id, user, LOADING, loopback_only=True)
    with console.progress("Loading the demo organization") as advance:
        await load_demo(database, id, now().date(), advance)
    await keys.create(database, id, user, COMPLETE, loopback_only=True)


async def key(database: Database, path: Path) -> str | None:
    """The demo key, made anew when its file does not hold it; None without a demo organization."""
    complete = await _complete(database)
    if not complete:
        return None
    newest = complete[-1]
    kept = key_file.read(path)
    if kept is not None:
        actor = await keys.authenticate(database, kept, from_loopback=True)
        if actor is not None and actor.organization_id == newest.organization_id:
            return kept
    for known in await keys.list_loopback_keys(database):
        if known.organization_id == newest.organization_id:
            await keys.revoke(database, known.organization_id, known.id)
    made = await keys.create(database, newest.organization_id, newest.user_id, COMPLETE, loopback_only=True)
    key_file.write(path, made)
    return made


async def is_loaded(database: Database) -> bool:
    return bool(await _complete(database))


async def is_wanted(database: Database) -> bool:
    """Whether the database is empty, but for what an interrupted load left behind."""
    known = {organization.id for organization in await organizations.find(database)}
    return known <= await _unfinished(database)


async def _complete(database: Database) -> list[Key]:
    return [key for key in await keys.list_loopback_keys(database) if key.name == COMPLETE]


async def _unfinished(database: Database) -> set[str]:
    begun = {key.organization_id for key in await keys.list_loopback_keys(database)}
    return begun - {key.organization_id for key in await _complete(database)}
