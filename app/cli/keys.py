"""Commands for API keys."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import typer

from app.cli import console
from app.cli.mistakes import Mistake
from app.cli.opening import chosen, opened, synchronous
from app.cli.options import DatabaseUrl, Organization
from app.services import keys, organizations
from app.storage.database import Database


@synchronous
async def create_key(
    name: Annotated[str, typer.Argument(help="What the key is for.")] = "key",
    user: Annotated[
        str | None,
        typer.Option(
            help="Whose key it is: an id, an email or an exact name; may be left out when there is only one user.",
            show_default=False,
        ),
    ] = None,
    organization: Organization = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Make a key. Prints it, this once: only a hash of it is kept."""
    async with opened(database_url) as database:
        of = await chosen(database, organization)
        user_id = await _user_id(database, of.id, user)
        console.out.print(await keys.create(database, of.id, user_id, name))
    console.err.print("Keep it now: nobody can tell it again.", style="dim")


@synchronous
async def list_keys(organization: Organization = None, database_url: DatabaseUrl = None) -> None:
    """List the keys, by the part of them that is no secret."""
    async with opened(database_url) as database:
        of = await chosen(database, organization)
        found = await keys.list_keys(database, of.id)
        names = {user["id"]: user["display_name"] for user in await organizations.find_users(database, of.id)}
    rows = [
        [
            key.id,
            key.name,
            names.get(key.user_id, f"{key.user_id} (former)"),
            _minute(key.date_created),
            f"revoked {_minute(key.date_revoked)}" if key.date_revoked else "on this machine" if key.loopback_only
            else "valid",
        ]
        for key in found
    ]  # fmt: skip
    console.table(["Id", "Name", "User", "Created", "State"], rows)


@synchronous
async def revoke_key(
    key: Annotated[str, typer.Argument(help="The key's id, which is its part before the dot.")],
    organization: Organization = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Refuse a key from now on."""
    async with opened(database_url) as database:
        of = await chosen(database, organization)
        id = key.partition(".")[0]
        if await keys.revoke(database, of.id, id):
            console.err.print(f"{id} is refused from now on.")
        else:
            console.err.print(f"{id} was revoked before.")


async def _user_id(database: Database, organization_id: str, text: str | None) -> str:
    found = await organizations.find_users(database, organization_id, text)
    if len(found) == 1:
        return str(found[0]["id"])
    if text is not None and not found:
        raise Mistake(f"There is no active user {text!r}; crm-gateway user list shows them.")
    if not found:
        raise Mistake("The organization has no user yet: add one with crm-gateway user add NAME.")
    raise Mistake(f"Several users could be meant; name one with --user by its id: {_listed(found)}.")


def _listed(users: Sequence[Any]) -> str:
    shown = [f"{user['display_name']} ({user['id']})" for user in users[:10]]
    return ", ".join(shown) + (", ..." if len(users) > len(shown) else "")


def _minute(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M}"
