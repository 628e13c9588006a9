"""Custom activity types: create, update, archive, delete (rules CA1, CF28, L18)."""

from typing import Any

import pytest
from sqlmodel import SQLModel

from app.domain.checks import MAX_LABEL, MAX_LINE
from app.domain.custom_fields import DataType
from app.services import organizations
from app.storage.custom_fields import CustomActivityType, CustomField, CustomFieldPlacement
from tests.client import Client
from tests.graphql.scenery import build
from tests.graphql.task_rows import NOON, insert, rows

TYPE = """customActivityType { id name description isArchived apiCreateOnly editableWithRoles { name }
    dateCreated dateUpdated createdBy { id } updatedBy { id } version }"""
ROLES = ("Admin", "Manager", "User")


async def roles(client: Client) -> dict[str, str]:
    """The ids of the roles, by their names."""
    found = (await client.data("{ roles { id name } }"))["roles"]
    return {role["name"]: role["id"] for role in found}


async def made(client: Client, name: str = "Visit", **members: Any) -> str:
    payload = await client.mutate("customActivityTypeCreate", {"name": name, **members}, "customActivityType { id }")
    assert payload["userErrors"] == []
    return str(payload["customActivityType"]["id"])


async def problems(client: Client, field: str, input: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """The codes and paths of the problems; no type may have been written."""
    before = await rows(client, CustomActivityType)
    payload = await client.mutate(field, input)
    assert await rows(client, CustomActivityType) == before
    return [(error["code"], error["path"]) for error in payload["userErrors"]]


async def ids(client: Client, model: type[SQLModel]) -> set[str]:
    return {row["id"] for row in await rows(client, model)}


async def test_type_is_created_and_read(client: Client) -> None:
    """CA1: a type of the organization's own, as it was defined."""
    client.now = NOON
    known = await roles(client)
    input = {
        "name": " Visit ",
        "description": "What we saw",
        "apiCreateOnly": True,
        "editableWithRoleIds": [known["User"], known["Admin"], known["User"]],
    }
    payload = await client.mutate("customActivityTypeCreate", input, TYPE)
    me, moment = {"id": client.actor.user_id}, "2026-03-10T12:00:00+00:00"
    type_ = payload["customActivityType"]
    assert type_["id"].startswith("actitype_")
    assert type_ == {
        "id": type_["id"],
        "name": "Visit",
        "description": "What we saw",
        "isArchived": False,
        "apiCreateOnly": True,
        "editableWithRoles": [{"name": "User"}, {"name": "Admin"}],
        "dateCreated": moment,
        "dateUpdated": moment,
        "createdBy": me,
        "updatedBy": me,
        "version": 1,
    }
    select = TYPE.partition(" ")[2]
    data = await client.data(
        f"query($id: ID!) {{ one: customActivityType(id: $id) {select} all: customActivityTypes {select} }}",
        {"id": type_["id"]},
    )
    assert data == {"one": type_, "all": [type_]}


async def test_defaults_restrict_nothing(client: Client) -> None:
    id = await made(client)
    [row] = await rows(client, CustomActivityType)
    assert row["id"] == id
    assert (row["description"], row["is_archived"], row["api_create_only"]) == (None, False, False)
    assert row["editable_with_role_ids"] == []


@pytest.mark.parametrize("name", ["visit", " VISIT ", "ｖｉｓｉｔ"])
async def test_type_names_are_unique(client: Client, name: str) -> None:
    """L18: whatever the case and outer blanks, archived types included; a type may keep its own name."""
    id, other = await made(client, "Visit"), await made(client, "Demo")
    await client.mutate("customActivityTypeUpdate", {"id": id, "patch": {"isArchived": True}})
    assert await problems(client, "customActivityTypeCreate", {"name": name}) == [("TAKEN", ["name"])]
    renamed = {"id": other, "patch": {"name": name}}
    assert await problems(client, "customActivityTypeUpdate", renamed) == [("TAKEN", ["patch", "name"])]
    payload = await client.mutate("customActivityTypeUpdate", {"id": id, "patch": {"name": name}}, TYPE)
    assert payload["userErrors"] == []
    assert payload["customActivityType"]["name"] == name.strip()


async def test_types_of_others_do_not_take_names(client: Client) -> None:
    """L18: names are unique in an organization, not beyond."""
    stranger = await Client.of(client.database, await organizations.create(client.database, "Other"))
    assert await made(client, "Visit") != await made(stranger, "Visit")


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"name": ""}, ("INVALID", ["name"])),
        ({"name": " \n"}, ("INVALID", ["name"])),
        ({"name": "x" * (MAX_LABEL + 1)}, ("TOO_LONG", ["name"])),
        ({"description": "x" * (MAX_LINE + 1)}, ("TOO_LONG", ["description"])),
        ({"description": "a\0b"}, ("INVALID", ["description"])),
        ({"editableWithRoleIds": ["role_gone"]}, ("NOT_FOUND", ["editableWithRoleIds", "0"])),
    ],
)
async def test_bad_members_are_refused(client: Client, members: dict[str, Any], problem: tuple[str, list[str]]) -> None:
    """By create and by update alike, and nothing is written."""
    id = await made(client, "Demo")
    code, path = problem
    assert await problems(client, "customActivityTypeCreate", {"name": "Visit", **members}) == [problem]
    patched = await problems(client, "customActivityTypeUpdate", {"id": id, "patch": members})
    assert patched == [(code, ["patch", *path])]


async def test_roles_of_others_are_not_found(client: Client) -> None:
    """L22: each role that does not exist here is named by its place."""
    stranger = await Client.of(client.database, await organizations.create(client.database, "Other"))
    mine, theirs = (await roles(client))["User"], (await roles(stranger))["User"]
    found = await problems(
        client, "customActivityTypeCreate", {"name": "Visit", "editableWithRoleIds": [theirs, mine, "x"]}
    )
    assert found == [("NOT_FOUND", ["editableWithRoleIds", "0"]), ("NOT_FOUND", ["editableWithRoleIds", "2"])]


@pytest.mark.parametrize("name", ["name", "isArchived", "apiCreateOnly", "editableWithRoleIds"])
async def test_type_members_stay_set(client: Client, name: str) -> None:
    id = await made(client)
    found = await problems(client, "customActivityTypeUpdate", {"id": id, "patch": {name: None}})
    assert found == [("REQUIRED", ["patch", name])]


async def test_type_update_patches(client: Client) -> None:
    """G5, L25: each patch changes what it names, and one that changes nothing leaves the version."""
    id = await made(client, description="Old", editableWithRoleIds=[(await roles(client))["User"]])
    version = 1
    patches: list[tuple[dict[str, Any], bool]] = [
        ({"description": "New"}, True),
        ({"description": "New"}, False),
        ({"description": None}, True),
        ({"editableWithRoleIds": []}, True),
        ({"editableWithRoleIds": [], "isArchived": False}, False),
        ({"isArchived": True, "name": "Other"}, True),
    ]
    for patch, changes in patches:
        payload = await client.mutate("customActivityTypeUpdate", {"id": id, "patch": patch}, TYPE)
        version += changes
        assert (payload["userErrors"], payload["customActivityType"]["version"]) == ([], version), patch
    last = (await client.mutate("customActivityTypeUpdate", {"id": id, "patch": {}}, TYPE))["customActivityType"]
    assert last["version"] == version
    assert (last["name"], last["description"], last["isArchived"]) == ("Other", None, True)
    assert last["editableWithRoles"] == []


async def test_stale_type_update_is_refused(client: Client) -> None:
    id = await made(client)
    input = {"id": id, "patch": {"description": "First"}, "expectedVersion": 1}
    assert (await client.mutate("customActivityTypeUpdate", input))["userErrors"] == []
    payload = await client.mutate("customActivityTypeUpdate", input | {"patch": {"description": "Second"}}, TYPE)
    [error] = payload["userErrors"]
    assert (payload["customActivityType"], error["code"], error["path"]) == (None, "CONFLICT", ["expectedVersion"])
    assert (error["conflictingId"], error["currentVersion"]) == (id, 2)


async def test_archived_types_are_listed_on_demand(client: Client) -> None:
    """A list of what can be added leaves them out; by its id each is found."""
    kept, archived = await made(client, "Visit"), await made(client, "Demo")
    await client.mutate("customActivityTypeUpdate", {"id": archived, "patch": {"isArchived": True}})
    data = await client.data(
        """query($id: ID!) { some: customActivityTypes { id } all: customActivityTypes(includeArchived: true) { id }
            one: customActivityType(id: $id) { id isArchived } }""",
        {"id": archived},
    )
    assert data == {
        "some": [{"id": kept}],
        "all": [{"id": kept}, {"id": archived}],
        "one": {"id": archived, "isArchived": True},
    }
    assert client.statements == 3


async def test_used_type_stays(client: Client) -> None:
    """A type with activities is in use, drafts and all, and says by how many."""
    await build(client.database, client.organization_id)
    payload = await client.mutate("customActivityTypeDelete", {"id": "actitype_1"}, "deletedId")
    [error] = payload["userErrors"]
    assert (payload["deletedId"], error["code"], error["path"]) == (None, "IN_USE", ["id"])
    assert (error["usedByCount"], "1" in error["message"]) == (1, True)
    assert (await rows(client, CustomActivityType))[0]["id"] == "actitype_1"
    await client.mutate("activityDelete", {"id": "acti_custom"})
    payload = await client.mutate("customActivityTypeDelete", {"id": "actitype_1"}, "deletedId")
    assert payload == {"deletedId": "actitype_1", "userErrors": []}
    payload = await client.mutate("customActivityTypeDelete", {"id": "actitype_1"}, "deletedId")
    [error] = payload["userErrors"]
    assert (payload["deletedId"], error["code"], error["missingId"]) == (None, "NOT_FOUND", "actitype_1")


async def test_fields_go_with_their_type(client: Client) -> None:
    """The fields of the type go; a shared one loses its place on the type, and keeps those on other objects."""
    gone, kept = await made(client, "Visit"), await made(client, "Demo")
    field = {"name": "n", "name_key": "n", "data_type": DataType.TEXT, "scope": "activity"}
    shared = field | {"scope": "shared", "home": "shared"}
    await insert(
        client,
        CustomField,
        field | {"id": "cf_gone", "home": gone, "custom_activity_type_id": gone},
        field | {"id": "cf_kept", "home": kept, "custom_activity_type_id": kept},
        shared | {"id": "cf_shared", "custom_activity_type_id": None},
    )
    places = [("cf_gone", gone), ("cf_kept", kept), ("cf_shared", gone), ("cf_shared", kept), ("cf_shared", "lead")]
    async with client.database.write(client.actor) as session:
        for position, (field_id, target) in enumerate(places):
            place = {"id": f"{field_id}.{target}", "field_id": field_id, "target": target, "position": position}
            await session.insert(CustomFieldPlacement, place)
    payload = await client.mutate("customActivityTypeDelete", {"id": gone}, "deletedId")
    assert payload == {"deletedId": gone, "userErrors": []}
    assert await ids(client, CustomActivityType) == {kept}
    assert await ids(client, CustomField) == {"cf_kept", "cf_shared"}
    assert await ids(client, CustomFieldPlacement) == {f"cf_kept.{kept}", f"cf_shared.{kept}", "cf_shared.lead"}


@pytest.mark.parametrize("role", ROLES)
async def test_only_administrators_define_types(client: Client, role: str) -> None:
    """CF28: without MANAGE_ORGANIZATION no type is made, changed or removed; each member reads them."""
    id = await made(client)
    caller = await client.with_role(role)
    mutations: list[tuple[str, dict[str, Any]]] = [
        ("customActivityTypeCreate", {"name": "Demo"}),
        ("customActivityTypeUpdate", {"id": id, "patch": {"description": "New"}}),
        ("customActivityTypeDelete", {"id": id}),
    ]
    assert (await caller.data("{ customActivityTypes { id } }")) == {"customActivityTypes": [{"id": id}]}
    for field, input in mutations:
        before = await rows(client, CustomActivityType)
        errors = (await caller.mutate(field, input))["userErrors"]
        if role == "Admin":
            assert errors == []
        else:
            [error] = errors
            assert (error["code"], error["permission"]) == ("PERMISSION_DENIED", "MANAGE_ORGANIZATION")
            assert await rows(client, CustomActivityType) == before
