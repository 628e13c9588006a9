"""Commands for organizations, their roles and their users."""

from typing import Annotated

import typer

from app.cli import console
from app.cli.opening import chosen, opened, synchronous
from app.cli.options import DatabaseUrl, Organization
from app.domain.access import Permission
from app.services import organizations


@synchronous
async def add_organization(
    name: Annotated[str, typer.Argument(help="Its name.")],
    currency: Annotated[str, typer.Option(help="The ISO 4217 code of its default currency.")] = "USD",
    time_zone: Annotated[str, typer.Option(help="The zone of users who name none.")] = "UTC",
    database_url: DatabaseUrl = None,
) -> None:
    """Make an organization, with the built-in roles, lead statuses and one pipeline. Prints its id."""
    async with opened(database_url) as database:
        console.out.print(await organizations.create(database, name, currency, time_zone))


@synchronous
async def list_organizations(database_url: DatabaseUrl = None) -> None:
    """List the organizations."""
    async with opened(database_url) as database:
        found = await organizations.find(database)
    console.table(["Id", "Name"], [[organization.id, organization.name] for organization in found])


@synchronous
async def add_role(
    name: Annotated[str, typer.Argument(help="Its name.")],
    permission: Annotated[
        list[Permission] | None,
        typer.Option(help="What the role may do; can be given several times.", show_default=False),
    ] = None,
    organization: Organization = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Make a role. Prints its id."""
    async with opened(database_url) as database:
        of = await chosen(database, organization)
        console.out.print(await organizations.add_role(database, of.id, name, permission or []))


@synchronous
async def list_roles(organization: Organization = None, database_url: DatabaseUrl = None) -> None:
    """List the roles and what they may do."""
    async with opened(database_url) as database:
        of = await chosen(database, organization)
        roles = await organizations.list_roles(database, of.id)
    rows = [[role["id"], role["name"], ", ".join(role["permissions"]) or "-"] for role in roles]
    console.table(["Id", "Name", "Permissions"], rows)


@synchronous
async def add_user(
    name: Annotated[str, typer.Argument(help="The full name that others see.")],
    email: Annotated[str | None, typer.Option(help="The email address.", show_default=False)] = None,
    role: Annotated[str, typer.Option(help="The role, by its name or id.")] = "User",
    time_zone: Annotated[
        str | None, typer.Option(help="The user's zone; the organization's when left out.", show_default=False)
    ] = None,
    organization: Organization = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Add a member. Prints the id."""
    async with opened(database_url) as database:
        of = await chosen(database, organization)
        console.out.print(await organizations.add_user(database, of.id, name, email, role, time_zone))


@synchronous
async def list_users(organization: Organization = None, database_url: DatabaseUrl = None) -> None:
    """List the active members."""
    async with opened(database_url) as database:
        of = await chosen(database, organization)
        users = await organizations.find_users(database, of.id)
        roles = {role["id"]: role["name"] for role in await organizations.list_roles(database, of.id)}
    rows = [[user["id"], user["display_name"], user["email"] or "-", roles.get(user["role_id"], "-")] for user in users]
    console.table(["Id", "Name", "Email", "Role"], rows)
