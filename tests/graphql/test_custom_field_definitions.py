"""Custom fields: defining, changing and deleting them, and the associations of shared ones."""

import asyncio
from typing import Any

import pytest
from sqlmodel import col

from app.domain.custom_fields import MAX_FIELDS, DataType
from app.services import organizations
from app.storage.custom_fields import CustomField, CustomFieldPlacement, CustomFieldValue
from app.storage.reads import table_of
from tests.client import Client
from tests.graphql.scenery import AUDIT, VALUES, build
from tests.storage.watching import until, until_told

LEAD, CONTACT, OPPORTUNITY = ({"object": each} for each in ("LEAD", "CONTACT", "OPPORTUNITY"))
VISIT = {"customActivityTypeId": "actitype_1"}
FIELD = """customField { id name description scope dataType choices acceptsMultipleValues isRequired version
    editableWithRoles { name } customActivityType { id } createdBy { id }
    associations { object customActivityType { id } isRequired editableWithRoles { name } } }"""
ASSOCIATION = (
    "association { object customActivityType { id } isRequired editableWithRoles { name } field { id version } }"
)


@pytest.fixture
async def crm(client: Client) -> Client:
    """The caller in an organization with one of everything."""
    await build(client.database, client.organization_id)
    return client


async def define(client: Client, scope: dict[str, Any] = LEAD, **members: Any) -> str:
    """The id of a new text field."""
    input = {"scope": scope, "name": "Size", "dataType": "TEXT"} | members
    payload = await client.mutate("customFieldCreate", input, "customField { id }")
    assert payload["userErrors"] == []
    return str(payload["customField"]["id"])


async def refused(client: Client, mutation: str, input: dict[str, Any]) -> list[tuple[str, str]]:
    """The code and the path of each problem; nothing is written."""
    before = await definitions(client)
    payload = await client.mutate(mutation, input)
    assert await definitions(client) == before
    return [(error["code"], ".".join(error["path"] or [])) for error in payload["userErrors"]]


async def definitions(client: Client) -> list[Any]:
    """Every row that says something of fields or their values."""
    async with client.database.read(client.actor) as session:
        found = [await session.find(each) for each in (CustomField, CustomFieldPlacement, CustomFieldValue)]
    return [sorted((dict(row) for row in rows), key=lambda row: row["id"]) for rows in found]


async def order(client: Client, target: dict[str, Any]) -> list[str]:
    query = """query($target: CustomFieldTargetInput!) {
        customFieldSchema(target: $target, includeHidden: true) { entries { position field { id } } } }"""
    entries = (await client.data(query, {"target": target}))["customFieldSchema"]["entries"]
    assert [entry["position"] for entry in entries] == list(range(len(entries)))
    return [entry["field"]["id"] for entry in entries]


async def values_of(client: Client, field: str) -> list[tuple[str, str | None, str]]:
    """The object, item and slot of each value of a field."""
    async with client.database.read(client.actor) as session:
        rows = await session.find(CustomFieldValue, col(CustomFieldValue.field_id) == field)
    return sorted((row["object_id"], row["item"], row["slot"]) for row in rows)


async def role_id(client: Client, name: str) -> str:
    roles = await organizations.list_roles(client.database, client.organization_id)
    return next(str(row["id"]) for row in roles if row["name"] == name)


# ---- create


@pytest.mark.parametrize(
    ("scope", "named"),
    [(LEAD, "LEAD"), (CONTACT, "CONTACT"), (OPPORTUNITY, "OPPORTUNITY"), (VISIT, "ACTIVITY")],
)
async def test_a_field_is_defined_on_a_kind_of_object(crm: Client, scope: dict[str, Any], named: str) -> None:
    """CF1, CF3, CF4, CF5, CF6: on leads, contacts, opportunities or one custom activity type, after the others."""
    before = await order(crm, scope)
    input = {"scope": scope, "name": " Size ", "dataType": "NUMBER", "description": "In metres"}
    payload = await crm.mutate("customFieldCreate", input | {"isRequired": named == "ACTIVITY"}, FIELD)
    id = payload["customField"].pop("id")
    assert payload == {
        "customField": {
            "name": "Size",
            "description": "In metres",
            "scope": named,
            "dataType": "NUMBER",
            "choices": None,
            "acceptsMultipleValues": False,
            "isRequired": named == "ACTIVITY",
            "version": 1,
            "editableWithRoles": [],
            "customActivityType": {"id": "actitype_1"} if named == "ACTIVITY" else None,
            "createdBy": {"id": crm.actor.user_id},
            "associations": [],
        },
        "userErrors": [],
    }
    assert id.startswith("cf_")
    assert await order(crm, scope) == [*before, id]


@pytest.mark.parametrize("data_type", DataType)
async def test_every_type_can_be_defined(crm: Client, data_type: DataType) -> None:
    """CF12, CF23: every type on custom activities, every type but TEXTAREA on leads."""
    members: dict[str, Any] = {"name": "Size", "dataType": data_type.name}
    if data_type is DataType.CHOICES:
        members["choices"] = ["S", "M"]
    payload = await crm.mutate("customFieldCreate", {"scope": VISIT} | members, FIELD)
    assert (payload["customField"]["dataType"], payload["userErrors"]) == (data_type.name, [])
    if data_type is DataType.TEXTAREA:
        found = await refused(crm, "customFieldCreate", {"scope": LEAD} | members)
        assert found == [("INVALID", "scope")]
    else:
        payload = await crm.mutate("customFieldCreate", {"scope": LEAD} | members, FIELD)
        assert payload["userErrors"] == []


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"name": " "}, [("INVALID", "name")]),
        ({"description": "x" * 281}, [("TOO_LONG", "description")]),
        ({"choices": ["a"]}, [("INVALID", "choices")]),
        ({"dataType": "CHOICES"}, [("REQUIRED", "choices")]),
        ({"dataType": "CHOICES", "choices": []}, [("INVALID", "choices")]),
        ({"dataType": "NUMBER", "acceptsMultipleValues": True}, [("INVALID", "acceptsMultipleValues")]),
        ({"isRequired": True}, [("INVALID", "isRequired")]),
        ({"editableWithRoleIds": ["role_x"]}, [("NOT_FOUND", "editableWithRoleIds.0")]),
        ({"scope": {"customActivityTypeId": "actitype_x"}}, [("NOT_FOUND", "scope.customActivityTypeId")]),
        ({"scope": {"customActivityTypeId": "lead"}}, [("NOT_FOUND", "scope.customActivityTypeId")]),
        ({"scope": {"shared": []}, "isRequired": True}, [("INVALID", "isRequired")]),
        (
            {"scope": {"shared": [{"target": VISIT}, {"target": LEAD}]}, "dataType": "TEXTAREA"},
            [("INVALID", "scope.shared.1.target")],
        ),
        ({"scope": {"shared": [{"target": LEAD}, {"target": LEAD}]}}, [("INVALID", "scope.shared.1.target")]),
        (
            {"scope": {"shared": [{"target": LEAD, "editableWithRoleIds": ["role_x"]}]}},
            [("NOT_FOUND", "scope.shared.0.editableWithRoleIds.0")],
        ),
        (
            {"name": "", "description": "x" * 281, "choices": ["a"], "acceptsMultipleValues": True, "isRequired": True},
            [
                ("INVALID", "name"), ("TOO_LONG", "description"), ("INVALID", "choices"),
                ("INVALID", "acceptsMultipleValues"), ("INVALID", "isRequired"),
            ],
        ),
    ],
)  # fmt: skip
async def test_a_definition_has_to_make_sense(crm: Client, members: dict[str, Any], expected: Any) -> None:
    """CF6, CF10, CF11, CF23, CF25, CF26: every problem at once, each at its path, and nothing is written."""
    input = {"scope": LEAD, "name": "Size", "dataType": "TEXT"} | members
    assert await refused(crm, "customFieldCreate", input) == expected


async def test_names_are_unique_where_a_field_is_defined(crm: Client) -> None:
    """L18: on one object type, whatever the case; a shared one's among the shared ones."""
    id = await define(crm, LEAD, name="Straße")
    payload = await crm.mutate("customFieldCreate", {"scope": LEAD, "name": " STRASSE ", "dataType": "DATE"})
    [error] = payload["userErrors"]
    assert (error["code"], error["path"], error["conflictingId"]) == ("TAKEN", ["name"], id)
    elsewhere: list[dict[str, Any]] = [CONTACT, VISIT, {"shared": []}]
    for scope in elsewhere:
        await define(crm, scope, name="strasse")
    other = await define(crm, LEAD, name="Other")
    rename = {"id": other, "patch": {"name": "straße"}}
    assert await refused(crm, "customFieldUpdate", rename) == [("TAKEN", "patch.name")]
    payload = await crm.mutate("customFieldUpdate", {"id": id, "patch": {"name": "STRASSE"}}, FIELD)
    assert (payload["customField"]["name"], payload["customField"]["version"]) == ("STRASSE", 2)


async def test_fields_have_a_limit_on_a_kind_of_object(crm: Client) -> None:
    """As many as an import would make; a shared field counts where it is associated."""
    shared = await define(crm, {"shared": [{"target": OPPORTUNITY}]}, name="Shared")
    async with crm.database.write(crm.actor) as session:
        there = await session.count(CustomFieldPlacement, col(CustomFieldPlacement.target) == "contact")
        names = [f"cf_{i}" for i in range(MAX_FIELDS - there)]
        field = {"scope": "contact", "home": "contact", "data_type": DataType.TEXT} | AUDIT
        await session.insert(CustomField, *({"id": name, "name": name, "name_key": name} | field for name in names))
        places = [{"id": name, "field_id": name, "target": "contact", "position": i} for i, name in enumerate(names)]
        await session.insert(CustomFieldPlacement, *places)
    input: dict[str, Any] = {"scope": CONTACT, "name": "Last", "dataType": "TEXT"}
    assert await refused(crm, "customFieldCreate", input) == [("CONFLICT", "scope")]
    more = {"fieldId": shared, "association": {"target": CONTACT}}
    assert await refused(crm, "customFieldAssociationCreate", more) == [("CONFLICT", "association.target")]
    assert (await crm.mutate("customFieldDelete", {"id": "cf_7"}))["userErrors"] == []
    assert (await crm.mutate("customFieldAssociationCreate", more))["userErrors"] == []


async def test_definitions_need_the_permission(crm: Client) -> None:
    """CF28: without MANAGE_ORGANIZATION nobody defines, changes or deletes a field."""
    manager = await crm.with_role("Manager")
    cases: list[tuple[str, dict[str, Any]]] = [
        ("customFieldCreate", {"scope": LEAD, "name": "Size", "dataType": "TEXT"}),
        ("customFieldUpdate", {"id": "cf_text", "patch": {"name": "Size"}}),
        ("customFieldDelete", {"id": "cf_text"}),
        ("customFieldSchemaReorder", {"target": LEAD, "fieldIds": ["cf_text"]}),
    ]
    for name, input in cases:
        assert await refused(manager, name, input) == [("PERMISSION_DENIED", "")], name


# ---- update


async def test_a_patch_changes_what_it_names(crm: Client) -> None:
    """CF3: and a change that changes nothing leaves the version alone."""
    id = await define(crm, LEAD, description="In metres")
    admin = await role_id(crm, "Admin")
    patch: dict[str, Any] = {"name": "Length", "description": None, "editableWithRoleIds": [admin, admin]}
    for _ in range(2):
        payload = await crm.mutate("customFieldUpdate", {"id": id, "patch": patch, "expectedVersion": None}, FIELD)
        field = payload["customField"]
        assert (field["name"], field["description"], field["version"]) == ("Length", None, 2)
        assert field["editableWithRoles"] == [{"name": "Admin"}]
    stale = {"id": id, "patch": {"name": "Width"}, "expectedVersion": 1}
    assert await refused(crm, "customFieldUpdate", stale) == [("CONFLICT", "expectedVersion")]


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        ({"name": None}, [("REQUIRED", "patch.name")]),
        ({"choices": None}, [("REQUIRED", "patch.choices")]),
        ({"acceptsMultipleValues": None}, [("REQUIRED", "patch.acceptsMultipleValues")]),
        ({"isRequired": None}, [("REQUIRED", "patch.isRequired")]),
        ({"editableWithRoleIds": None}, [("REQUIRED", "patch.editableWithRoleIds")]),
        ({"name": " "}, [("INVALID", "patch.name")]),
        ({"description": "x" * 281}, [("TOO_LONG", "patch.description")]),
        ({"choices": ["a"]}, [("INVALID", "patch.choices")]),
        ({"acceptsMultipleValues": True}, [("INVALID", "patch.acceptsMultipleValues")]),
        ({"isRequired": True}, [("INVALID", "patch.isRequired")]),
        ({"editableWithRoleIds": ["role_x"]}, [("NOT_FOUND", "patch.editableWithRoleIds.0")]),
    ],
)
async def test_a_patch_has_to_make_sense(crm: Client, patch: dict[str, Any], expected: Any) -> None:
    assert await refused(crm, "customFieldUpdate", {"id": "cf_text", "patch": patch}) == expected


async def test_unknown_fields_are_not_found(crm: Client) -> None:
    """CF3: by no mutation."""
    cases: list[tuple[str, dict[str, Any], str]] = [
        ("customFieldUpdate", {"id": "cf_x", "patch": {}}, "id"),
        ("customFieldDelete", {"id": "cf_x"}, "id"),
        ("customFieldAssociationCreate", {"fieldId": "cf_x", "association": {"target": LEAD}}, "fieldId"),
        ("customFieldAssociationUpdate", {"fieldId": "cf_x", "target": LEAD, "patch": {}}, "fieldId"),
        ("customFieldAssociationDelete", {"fieldId": "cf_x", "target": LEAD}, "fieldId"),
    ]
    for name, input, path in cases:
        assert await refused(crm, name, input) == [("NOT_FOUND", path)], name


async def test_the_type_of_a_field_stays(crm: Client) -> None:
    """CF12: no mutation changes it."""
    query = 'mutation { customFieldUpdate(input: {id: "cf_text", patch: {dataType: NUMBER}}) { userErrors { code } } }'
    body = await crm.run(query)
    assert [error["extensions"]["code"] for error in body["errors"]] == ["GRAPHQL_VALIDATION_FAILED"]


async def test_choices_that_are_used_stay(crm: Client) -> None:
    """CF25: removing one is a conflict that says on how many objects it is used; adding and sorting them is none."""
    patch = {"id": "cf_choices", "patch": {"choices": ["green", "pink"]}}
    before = await definitions(crm)
    payload = await crm.mutate("customFieldUpdate", patch)
    [error] = payload["userErrors"]
    assert (error["code"], error["path"], error["usedByCount"]) == ("IN_USE", ["patch", "choices"], 1)
    assert await definitions(crm) == before
    for choices in (["blue", "pink", "red"], ["red", "blue"]):
        payload = await crm.mutate("customFieldUpdate", {"id": "cf_choices", "patch": {"choices": choices}}, FIELD)
        assert (payload["customField"]["choices"], payload["userErrors"]) == (choices, [])


async def test_several_values_can_be_taken_back(crm: Client) -> None:
    """CF26: turning it off is a conflict while an object has several values, and values are kept either way."""
    switch = {"id": "cf_choices", "patch": {"acceptsMultipleValues": False}}
    payload = await crm.mutate("customFieldUpdate", switch)
    [error] = payload["userErrors"]
    assert (error["code"], error["path"]) == ("IN_USE", ["patch", "acceptsMultipleValues"])
    assert error["usedByCount"] == 1
    async with crm.database.write(crm.actor) as session:
        await session.delete(CustomFieldValue, col(CustomFieldValue.id) == "cfva_choicesred")
    assert (await crm.mutate("customFieldUpdate", switch, FIELD))["customField"]["acceptsMultipleValues"] is False
    assert await values_of(crm, "cf_choices") == [("lead_1", "blue", "")]
    switch["patch"] = {"acceptsMultipleValues": True}
    assert (await crm.mutate("customFieldUpdate", switch, FIELD))["customField"]["acceptsMultipleValues"] is True
    assert await values_of(crm, "cf_choices") == [("lead_1", "blue", "blue")]


async def test_a_field_of_activities_becomes_required(crm: Client) -> None:
    """CF29: the field itself says so, and its version grows."""
    for is_required, version in ((True, 2), (True, 2), (False, 3)):
        patch = {"id": "cf_on_activity", "patch": {"isRequired": is_required}}
        field = (await crm.mutate("customFieldUpdate", patch, FIELD))["customField"]
        assert (field["isRequired"], field["version"]) == (is_required, version)


# ---- delete


@pytest.mark.parametrize(("field", "removed"), [("cf_choices", 1), ("cf_text", 1), ("cf_on_contact", 1)])
async def test_values_go_with_their_field(crm: Client, field: str, removed: int) -> None:
    """CF3: deleting a field removes its values, one for each object that has it set, whatever the number of items."""
    payload = await crm.mutate("customFieldDelete", {"id": field}, "deletedId removedValueCount")
    assert payload == {"deletedId": field, "removedValueCount": removed, "userErrors": []}
    assert crm.statements == 5
    for rows in await definitions(crm):
        assert field not in {row.get("field_id", row["id"]) for row in rows}
    query = """query($id: ID!) { customFieldDefinition(id: $id) { id }
        lead(id: "lead_1") { customField(id: $id) { display } } }"""
    assert await crm.data(query, {"id": field}) == {"customFieldDefinition": None, "lead": {"customField": None}}
    assert await refused(crm, "customFieldDelete", {"id": field}) == [("NOT_FOUND", "id")]


async def test_a_deleted_field_cannot_be_searched(crm: Client) -> None:
    """F30: not even by those who searched by it before, or would read the next page."""
    condition = '{ field: { customField: "cf_text" }, condition: { exists: true } }'
    query = f"""query($after: String) {{ search(query: {{ fieldCondition: {condition} }}, after: $after) {{
        nodes {{ __typename }} edges {{ cursor }} }} }}"""
    await until(lambda: crm.database.changes.version() is not None)
    found = (await crm.data(query))["search"]
    assert found["nodes"] == [{"__typename": "Lead"}]
    version = crm.database.changes.version()
    await crm.mutate("customFieldDelete", {"id": "cf_text"})
    await until_told(crm.database.changes, version)
    for after in (None, found["edges"][0]["cursor"]):
        [error] = (await crm.run(query, {"after": after}))["errors"]
        assert error["message"] == "There is no custom field 'cf_text'; it may have been deleted."
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert error["extensions"]["inputPath"] == ["query", "fieldCondition", "field"]


# ---- associations


async def test_a_shared_field_has_first_associations(crm: Client) -> None:
    """CF7, CF8: the same field on leads and on a type of activity, each with rules of its own."""
    admin = await role_id(crm, "Admin")
    shared = [{"target": LEAD, "isRequired": True, "editableWithRoleIds": [admin]}, {"target": VISIT}]
    before = await order(crm, LEAD), await order(crm, VISIT)
    input = {"scope": {"shared": shared}, "name": "Campaign", "dataType": "TEXT"}
    field = (await crm.mutate("customFieldCreate", input, FIELD))["customField"]
    assert (field["scope"], field["isRequired"], field["customActivityType"]) == ("SHARED", False, None)
    assert field["associations"] == [
        {"object": None, "customActivityType": {"id": "actitype_1"}, "isRequired": False, "editableWithRoles": []},
        {"object": "LEAD", "customActivityType": None, "isRequired": True, "editableWithRoles": [{"name": "Admin"}]},
    ]
    assert await order(crm, LEAD) == [*before[0], field["id"]]
    assert await order(crm, VISIT) == [*before[1], field["id"]]


async def test_a_shared_field_can_begin_alone(crm: Client) -> None:
    """CF7: it is associated later, once with each kind of object."""
    id = await define(crm, {"shared": []})
    add = {"fieldId": id, "association": {"target": CONTACT, "isRequired": True}}
    payload = await crm.mutate("customFieldAssociationCreate", add, ASSOCIATION)
    assert payload == {
        "association": {
            "object": "CONTACT",
            "customActivityType": None,
            "isRequired": True,
            "editableWithRoles": [],
            "field": {"id": id, "version": 2},
        },
        "userErrors": [],
    }
    payload = await crm.mutate("customFieldAssociationCreate", add)
    [error] = payload["userErrors"]
    assert (error["code"], error["path"], error["conflictingId"]) == ("TAKEN", ["association", "target"], id)
    payload = await crm.mutate("customFieldAssociationCreate", {"fieldId": id, "association": {"target": VISIT}})
    assert payload["userErrors"] == []
    assert (await order(crm, CONTACT), await order(crm, VISIT)) == (["cf_on_contact", id], ["cf_on_activity", id])


@pytest.mark.parametrize(
    ("mutation", "input", "expected"),
    [
        (
            "customFieldAssociationCreate",
            {"fieldId": "cf_text", "association": {"target": CONTACT}},
            [("INVALID", "fieldId")],
        ),
        ("customFieldAssociationUpdate", {"fieldId": "cf_text", "target": LEAD, "patch": {}}, [("INVALID", "fieldId")]),
        ("customFieldAssociationDelete", {"fieldId": "cf_text", "target": LEAD}, [("INVALID", "fieldId")]),
        (
            "customFieldAssociationCreate",
            {"fieldId": "@shared", "association": {"target": {"customActivityTypeId": "actitype_x"}}},
            [("NOT_FOUND", "association.target.customActivityTypeId")],
        ),
        (
            "customFieldAssociationCreate",
            {"fieldId": "@shared", "association": {"target": CONTACT, "editableWithRoleIds": ["role_x"]}},
            [("INVALID", "association.target"), ("NOT_FOUND", "association.editableWithRoleIds.0")],
        ),
        (
            "customFieldAssociationUpdate",
            {"fieldId": "@shared", "target": OPPORTUNITY, "patch": {}},
            [("NOT_FOUND", "target.object")],
        ),
        (
            "customFieldAssociationUpdate",
            {"fieldId": "@shared", "target": VISIT, "patch": {"isRequired": None, "editableWithRoleIds": None}},
            [("REQUIRED", "patch.isRequired"), ("REQUIRED", "patch.editableWithRoleIds")],
        ),
        (
            "customFieldAssociationUpdate",
            {"fieldId": "@shared", "target": VISIT, "patch": {"editableWithRoleIds": ["role_x"]}},
            [("NOT_FOUND", "patch.editableWithRoleIds.0")],
        ),
        (
            "customFieldAssociationDelete",
            {"fieldId": "@shared", "target": {"customActivityTypeId": "lead"}},
            [("NOT_FOUND", "target.customActivityTypeId")],
        ),
    ],
)
async def test_associations_have_to_make_sense(
    crm: Client, mutation: str, input: dict[str, Any], expected: Any
) -> None:
    """CF8, CF23: of shared fields only, with what exists, and of a TEXTAREA with types of activities only."""
    shared = await define(crm, {"shared": [{"target": VISIT}]}, dataType="TEXTAREA")
    id = shared if input["fieldId"] == "@shared" else input["fieldId"]
    assert await refused(crm, mutation, input | {"fieldId": id}) == expected


async def test_an_association_is_changed_by_itself(crm: Client) -> None:
    """CF8: on one kind of object; what is omitted stays, and a change that changes nothing leaves the field alone."""
    admin = await role_id(crm, "Admin")
    id = await define(crm, {"shared": [{"target": LEAD}, {"target": CONTACT}]})
    names = [{"name": "Admin"}]
    for patch, is_required, roles, version in [
        ({}, False, [], 1),
        ({"isRequired": True}, True, [], 2),
        ({"isRequired": True}, True, [], 2),
        ({"editableWithRoleIds": [admin, admin]}, True, names, 3),
        ({"isRequired": False, "editableWithRoleIds": [admin]}, False, names, 4),
    ]:
        input = {"fieldId": id, "target": LEAD, "patch": patch}
        payload = await crm.mutate("customFieldAssociationUpdate", input, ASSOCIATION)
        assert payload["association"] == {
            "object": "LEAD",
            "customActivityType": None,
            "isRequired": is_required,
            "editableWithRoles": roles,
            "field": {"id": id, "version": version},
        }
    query = f'{{ customFieldDefinition(id: "{id}") {{ associations {{ object isRequired }} }} }}'
    assert (await crm.data(query))["customFieldDefinition"]["associations"] == [
        {"object": "CONTACT", "isRequired": False},
        {"object": "LEAD", "isRequired": False},
    ]


@pytest.mark.parametrize(
    ("target", "owners", "left"),
    [
        (LEAD, ["lead_1"], ["acti_custom", "cont_1", "oppo_1"]),
        (CONTACT, ["cont_1"], ["acti_custom", "lead_1", "oppo_1"]),
        (OPPORTUNITY, ["oppo_1"], ["acti_custom", "cont_1", "lead_1"]),
        (VISIT, ["acti_custom"], ["cont_1", "lead_1", "oppo_1"]),
    ],
)
async def test_values_go_where_an_association_ends(
    crm: Client, target: dict[str, Any], owners: list[str], left: list[str]
) -> None:
    """CF8: and only there; one value for each object, whatever the number of its items."""
    targets = [{"target": each} for each in (LEAD, CONTACT, OPPORTUNITY, VISIT)]
    id = await define(crm, {"shared": targets}, dataType="CHOICES", choices=["red", "blue"], acceptsMultipleValues=True)
    columns = {"lead_1": "lead", "cont_1": "contact", "oppo_1": "opportunity", "acti_custom": "activity"}
    rows: list[dict[str, Any]] = [
        {"id": f"{owner}{item}", "field_id": id, "object_id": owner, "owner_type": kind, "item": item, "slot": item}
        | {f"{each}_id": owner if each == kind else None for each in columns.values()}
        for owner, kind in columns.items()
        for item in ("red", "blue")
    ]
    async with crm.database.write(crm.actor) as session:
        await session.insert(CustomFieldValue, *rows)
    before = await values_of(crm, "cf_choices")
    input = {"fieldId": id, "target": target}
    select = "field { id version associations { isRequired } } removedValueCount"
    payload = await crm.mutate("customFieldAssociationDelete", input, select)
    assert payload["removedValueCount"] == len(owners)
    assert payload["field"] == {"id": id, "version": 2, "associations": [{"isRequired": False}] * 3}
    assert sorted({object for object, *_ in await values_of(crm, id)}) == left
    assert await values_of(crm, "cf_choices") == before
    assert id not in await order(crm, target)
    assert await refused(crm, "customFieldAssociationDelete", input) == [("NOT_FOUND", f"target.{next(iter(target))}")]


# ---- reads


async def test_definitions_are_listed_by_scope(crm: Client) -> None:
    """CF3: in the order in which they were made."""
    shared = await define(crm, {"shared": [{"target": LEAD}]})
    query = "query($scope: CustomFieldScope) { customFieldDefinitions(scope: $scope) { id isRequired } }"
    listed: dict[str | None, list[str]] = {
        scope: [field["id"] for field in (await crm.data(query, {"scope": scope}))["customFieldDefinitions"]]
        for scope in (None, "LEAD", "CONTACT", "OPPORTUNITY", "ACTIVITY", "SHARED")
    }
    assert crm.statements == 1
    assert sorted(listed.pop(None)) == sorted(id for ids in listed.values() for id in ids)
    assert set(listed["LEAD"]) == {f"cf_{data_type.value}" for data_type in VALUES}
    assert (listed["CONTACT"], listed["OPPORTUNITY"]) == (["cf_on_contact"], ["cf_on_opportunity"])
    assert (listed["ACTIVITY"], listed["SHARED"]) == (["cf_on_activity"], [shared])


async def test_definitions_read_alike_however_many(crm: Client) -> None:
    """Fields, associations, their types and roles: a statement for each, not for each field."""
    admin = await role_id(crm, "Admin")
    place = {"isRequired": True, "editableWithRoleIds": [admin]}
    query = """{ customFieldDefinitions(scope: SHARED) { id editableWithRoles { name } isRequired
        associations { object isRequired customActivityType { name } editableWithRoles { name } } } }"""
    counts = []
    for i in range(4):
        await define(crm, {"shared": [{"target": LEAD} | place, {"target": VISIT} | place]}, name=str(i))
        assert len((await crm.data(query))["customFieldDefinitions"]) == i + 1
        counts.append(crm.statements)
    assert counts == [4] * 4


async def test_statements_of_a_definition(crm: Client) -> None:
    """What one costs: the organization, the name, the room, two rows, and the payload."""
    input: dict[str, Any] = {"scope": LEAD, "name": "Size", "dataType": "TEXT"}
    await crm.mutate("customFieldCreate", input, "customField { id isRequired }")
    assert crm.statements == 6
    await crm.mutate("customFieldUpdate", {"id": "cf_text", "patch": {"name": "Text"}}, "customField { id }")
    assert crm.statements == 5
    patch = {"id": "cf_choices", "patch": {"choices": ["red", "blue"]}}
    await crm.mutate("customFieldUpdate", patch, "customField { id }")
    assert crm.statements == 5


async def test_names_cannot_be_taken_at_the_same_time(crm: Client) -> None:
    """L18: one of several wins."""
    input = {"scope": LEAD, "name": "Size", "dataType": "TEXT"}
    others = [Client(crm.database, crm.actor) for _ in range(6)]
    payloads = await asyncio.gather(*(each.mutate("customFieldCreate", input, "customField { id }") for each in others))
    codes = sorted(error["code"] for payload in payloads for error in payload["userErrors"])
    assert codes == ["TAKEN"] * 5
    table = table_of(CustomField)
    async with crm.database.read(crm.actor) as session:
        assert await session.count(CustomField, table.c.name_key == "size") == 1
        places = await session.find(CustomFieldPlacement, col(CustomFieldPlacement.target) == "lead")
    assert len({place["position"] for place in places}) == len(places)
