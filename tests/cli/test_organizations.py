import re

from tests.cli.conftest import Crm


def test_organization_is_added(crm: Crm) -> None:
    ran = crm("organization", "add", "Acme [GmbH]", "--currency", "EUR", "--time-zone", "Europe/Berlin")
    assert (ran.code, ran.err) == (0, "")
    assert re.fullmatch(r"orga_\w{22}\n", ran.out)
    assert crm("organization", "list").lines == [["Id", "Name"], [ran.out.strip(), "Acme [GmbH]"]]


def test_bad_organization_is_a_mistake(crm: Crm) -> None:
    ran = crm("organization", "add", "Acme", "--currency", "XYZ", "--time-zone", "Mars")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "Error: 'XYZ' is not an ISO 4217 currency code, such as USD.\n"
        "'Mars' is neither an IANA time zone nor an offset such as -08:00.\n"
    )


def test_roles_are_listed(crm: Crm, acme: str) -> None:
    role = crm("role", "add", "Closer", "--permission", "merge_leads", "--permission", "bulk_edit")
    assert [line[1:] for line in crm("role", "list").lines] == [
        ["Name", "Permissions"],
        ["Admin", "bulk_edit, delete_leads, manage_group_phone_numbers, manage_organization, merge_leads"],
        ["Manager", "bulk_edit, delete_leads, manage_group_phone_numbers, merge_leads"],
        ["User", "-"],
        ["Closer", "bulk_edit, merge_leads"],
    ]
    assert crm("role", "list").lines[-1][0] == role.out.strip()


def test_unknown_permission_is_wrong_usage(crm: Crm, acme: str) -> None:
    ran = crm("role", "add", "Pilot", "--permission", "fly")
    assert ran.code == 2
    assert "'merge_leads'" in ran.err


def test_taken_role_is_a_mistake(crm: Crm, acme: str) -> None:
    ran = crm("role", "add", "admin")
    assert (ran.code, ran.err) == (1, "Error: There is a role 'Admin' already.\n")


def test_users_are_listed(crm: Crm, acme: str) -> None:
    ann = crm("user", "add", "Ann Lee", "--email", "ann@acme.example", "--role", "admin", "--time-zone", "Asia/Tokyo")
    bob = crm("user", "add", "Bob")
    assert crm("user", "list").lines == [
        ["Id", "Name", "Email", "Role"],
        [ann.out.strip(), "Ann Lee", "ann@acme.example", "Admin"],
        [bob.out.strip(), "Bob", "-", "User"],
    ]


def test_unknown_role_is_a_mistake(crm: Crm, acme: str) -> None:
    ran = crm("user", "add", "Ann Lee", "--role", "Boss")
    assert (ran.code, ran.err) == (1, "Error: There is no role 'Boss'; there are Admin, Manager, User.\n")


def test_one_organization_needs_no_name(crm: Crm, acme: str) -> None:
    assert crm("user", "list").code == 0
    assert crm("user", "list", "--organization", "Acme").out == crm("user", "list", "--organization", acme).out


def test_no_organization_is_a_mistake(crm: Crm) -> None:
    ran = crm("user", "list")
    assert ran.code == 1
    assert ran.err == ("Error: There is no organization yet: make one with crm-gateway organization add NAME.\n")


def test_several_organizations_need_a_name(crm: Crm, acme: str) -> None:
    other = crm("organization", "add", "Other").out.strip()
    ran = crm("user", "list")
    assert ran.code == 1
    assert ran.err == (
        f"Error: There are several organizations; name one with --organization: Acme ({acme}), Other ({other}).\n"
    )


def test_unknown_organization_is_a_mistake(crm: Crm, acme: str) -> None:
    ran = crm("user", "list", "--organization", "acme")
    assert ran.code == 1
    assert ran.err == f"Error: There is no organization 'acme'; there are: Acme ({acme}).\n"


def test_organizations_do_not_mix(crm: Crm, acme: str) -> None:
    crm("organization", "add", "Other")
    crm("user", "add", "Ann Lee", "--organization", "Acme")
    assert len(crm("user", "list", "--organization", "Acme").lines) == 2
    assert len(crm("user", "list", "--organization", "Other").lines) == 1
