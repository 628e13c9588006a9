import shlex

import pytest

from app import __version__
from app.cli.commands import COMMANDS, GROUPS, Command
from tests.cli.conftest import Crm

PATHS = {(command.name,): command for command in COMMANDS} | {
    (group, command.name): command for group, (_, commands) in GROUPS.items() for command in commands
}
EACH = pytest.mark.parametrize(("path", "command"), PATHS.items(), ids=[" ".join(path) for path in PATHS])


def test_commands_are_these() -> None:
    assert [" ".join(path) for path in PATHS] == [
        "serve",
        "migrate",
        "demo",
        "schema",
        "filter",
        "import close-export",
        "import custom-fields",
        "export close-export",
        "organization add",
        "organization list",
        "role add",
        "role list",
        "user add",
        "user list",
        "key create",
        "key list",
        "key revoke",
    ]


@EACH
def test_help_has_an_example(path: tuple[str, ...], command: Command, bare: Crm) -> None:
    ran = bare(*path, "--help")
    assert ran.code == 0
    assert f"Example: crm-gateway {command.example}" in ran.out
    assert command.example.startswith(" ".join(path))


@EACH
def test_example_names_real_options(path: tuple[str, ...], command: Command, bare: Crm) -> None:
    options = [word for word in shlex.split(command.example) if word.startswith("--")]
    usage = bare(*path, "--help").out.partition("Example:")[0]
    assert [option for option in options if option not in usage] == []


@EACH
def test_data_commands_take_organization(path: tuple[str, ...], command: Command, bare: Crm) -> None:
    on_data = len(path) == 2 and path[0] != "organization"
    assert ("--organization" in bare(*path, "--help").out.partition("Example:")[0]) is on_data


def test_wrong_usage_ends_with_two(bare: Crm) -> None:
    for arguments in ([], ["fly"], ["key"], ["key", "fly"], ["organization", "add"], ["serve", "--port", "x"]):
        assert bare(*arguments).code == 2, arguments


def test_version_is_printed(bare: Crm) -> None:
    assert bare("--version").out == f"crm-gateway {__version__}\n"
