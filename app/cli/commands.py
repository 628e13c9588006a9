"""The commands of `crm-gateway`, each with an example of its use."""

from collections.abc import Callable, Sequence
from typing import Annotated, NamedTuple

import typer

from app import __version__
from app.cli import databases, filters, keys, organizations, schema, serving, transfers
from app.cli.console import out


class Command(NamedTuple):
    name: str
    run: Callable[..., None]
    example: str


COMMANDS = [
    Command("serve", serving.serve, "serve --port 8080"),
    Command("migrate", databases.migrate, "migrate --database-url postgresql://crm@localhost/crm"),
    Command("demo", databases.load_demo, "demo --database-url postgresql://crm@localhost/crm"),
    Command("schema", schema.write_schema, "schema --check"),
    Command("filter", filters.translate, "filter copied.json --to variables"),
]

GROUPS = {
    "import": (
        "Bring data in.",
        [
            Command(
                "close-export",
                transfers.import_close_export,
                "import close-export leads.json --organization Acme",
            ),
            Command(
                "custom-fields",
                transfers.import_custom_fields,
                "import custom-fields fields.json --on lead",
            ),
        ],
    ),
    "export": (
        "Take data out.",
        [
            Command(
                "close-export",
                transfers.export_close_export,
                "export close-export leads.json --organization Acme",
            )
        ],
    ),
    "organization": (
        "Organizations: each has data, users and keys of its own.",
        [
            Command("add", organizations.add_organization, "organization add Acme --time-zone Europe/Berlin"),
            Command("list", organizations.list_organizations, "organization list"),
        ],
    ),
    "role": (
        "Roles: what users may do.",
        [
            Command("add", organizations.add_role, "role add Closer --permission merge_leads"),
            Command("list", organizations.list_roles, "role list --organization Acme"),
        ],
    ),
    "user": (
        "Users: the members of an organization.",
        [
            Command("add", organizations.add_user, 'user add "Ann Lee" --email ann@acme.example --role Admin'),
            Command("list", organizations.list_users, "user list --organization Acme"),
        ],
    ),
    "key": (
        "API keys: how programs log in.",
        [
            Command("create", keys.create_key, 'key create "nightly report" --user ann@acme.example'),
            Command("list", keys.list_keys, "key list --organization Acme"),
            Command("revoke", keys.revoke_key, "key revoke api_3WkRb9eYt0QmZxVn"),
        ],
    ),
}


def version(asked: bool) -> None:
    if asked:
        out.print(f"crm-gateway {__version__}")
        raise typer.Exit


def options(
    _: Annotated[
        bool, typer.Option("--version", callback=version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """A GraphQL gateway over the CRM of a sales team."""


def group(commands: Sequence[Command], help: str | None = None) -> typer.Typer:
    made = typer.Typer(help=help, no_args_is_help=True, pretty_exceptions_enable=False)
    for command in commands:
        made.command(command.name, epilog=f"Example: crm-gateway {command.example}")(command.run)
    return made


def assembled() -> typer.Typer:
    app = group(COMMANDS)
    app.callback()(options)
    for name, (help, commands) in GROUPS.items():
        app.add_typer(group(commands, help), name=name)
    return app
