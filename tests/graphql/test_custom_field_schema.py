"""The schema of a kind of object: its fields in order, how they are put in order, and the digest of it all."""

import re
from pathlib import Path
from typing import Any

import pytest

from app.services import organizations
from tests.client import Client
from tests.graphql.scenery import VALUES, build

DOCUMENT = Path(__file__).parents[2] / "docs/custom-fields.md"
LEAD, CONTACT, VISIT = {"object": "LEAD"}, {"object": "CONTACT"}, {"customActivityTypeId": "actitype_1"}
ON_LEADS = [f"cf_{data_type.value}" for data_type in reversed(VALUES)]
WHOLE = """hash object customActivityType { name } entries { position isShared isRequired editableWithRoles { name }
    field { id name description scope dataType choices acceptsMultipleValues isRequired version dateCreated
        editableWithRoles { name } associations { object } } }"""


@pytest.fixture
async def crm(client: Client) -> Client:
    """The caller in an organization with one of everything."""
    await build(client.database, client.organization_id)
    return client


async def schema(client: Client, target: Any, select: str = WHOLE, include_hidden: bool | None = None) -> Any:
    query = f"""query($target: CustomFieldTargetInput!, $hidden: Boolean! = false) {{
        customFieldSchema(target: $target, includeHidden: $hidden) {{ {select} }} }}"""
    variables = {"target": target} | ({} if include_hidden is None else {"hidden": include_hidden})
    return (await client.data(query, variables))["customFieldSchema"]


async def shown(client: Client, target: Any, include_hidden: bool = True) -> list[str]:
    found = await schema(client, target, "entries { field { id } }", include_hidden)
    return [entry["field"]["id"] for entry in found["entries"]]


async def hash_of(client: Client, target: Any = LEAD) -> str:
    return str((await schema(client, target, "hash"))["hash"])


async def do(client: Client, mutation: str, **input: Any) -> Any:
    payload = await client.mutate(mutation, input, "customField { id }" if mutation == "customFieldCreate" else "")
    assert payload["userErrors"] == []
    return payload.get("customField", {}).get("id")


async def shared_field(client: Client, *targets: dict[str, Any], **members: Any) -> str:
    """The id of a new shared field."""
    scope = {"shared": [{"target": target} | members for target in targets]}
    return str(await do(client, "customFieldCreate", scope=scope, name="Campaign", dataType="TEXT"))


async def role_id(client: Client, name: str) -> str:
    roles = await organizations.list_roles(client.database, client.organization_id)
    return next(str(row["id"]) for row in roles if row["name"] == name)


async def test_a_schema_has_own_and_shared_fields_in_order(crm: Client) -> None:
    """CF9: by one statement, with everything that a field says of itself but who may edit it."""
    id = await shared_field(crm, LEAD, VISIT, isRequired=True)
    found = await schema(crm, LEAD)
    assert (found["object"], found["customActivityType"]) == ("LEAD", None)
    assert [entry["field"]["id"] for entry in found["entries"]] == [*ON_LEADS[1:], id]
    assert found["entries"][-1] == {
        "position": 8,
        "isShared": True,
        "isRequired": True,
        "editableWithRoles": [],
        "field": found["entries"][-1]["field"],
    }
    field = found["entries"][-1]["field"]
    assert (field["scope"], field["isRequired"], field["associations"]) == (
        "SHARED",
        False,
        [{"object": None}, {"object": "LEAD"}],
    )
    select = "hash entries { position isShared isRequired field { id name dataType choices isRequired version } }"
    await schema(crm, LEAD, select)
    assert crm.statements == 1
    found = await schema(crm, VISIT)
    assert (found["object"], found["customActivityType"]) == (None, {"name": "Visit"})
    assert [entry["field"]["id"] for entry in found["entries"]] == ["cf_on_activity", id]


async def test_hidden_fields_are_shown_on_request(crm: Client) -> None:
    """CF24: they are left out unless asked for, and keep their place."""
    for include_hidden, expected in ((None, ON_LEADS[1:]), (False, ON_LEADS[1:]), (True, ON_LEADS)):
        found = await schema(crm, LEAD, "entries { position field { id } }", include_hidden)
        assert [entry["field"]["id"] for entry in found["entries"]] == expected
        assert [entry["position"] for entry in found["entries"]] == [ON_LEADS.index(id) for id in expected]


@pytest.mark.parametrize("id", ["actitype_x", "lead", "", "cf_text"])
async def test_unknown_types_have_no_schema(crm: Client, id: str) -> None:
    """L22: null, as for another organization's type."""
    assert await schema(crm, {"customActivityTypeId": id}) is None
    assert crm.statements == 1


async def test_schemas_are_ones_own(crm: Client) -> None:
    """L22: nothing of another organization is in them."""
    other = await Client.of(crm.database, await organizations.create(crm.database, "Other"))
    assert await schema(other, VISIT) is None
    assert (await schema(other, LEAD))["entries"] == []
    payload = await other.mutate("customFieldSchemaReorder", {"target": VISIT, "fieldIds": []})
    assert [error["code"] for error in payload["userErrors"]] == ["NOT_FOUND"]
    assert await shown(crm, LEAD) == ON_LEADS


async def test_types_show_their_schemas_by_one_statement(crm: Client) -> None:
    """CF6: a type's fields are its schema; how many types there are does not count."""
    query = (
        "{ customActivityTypes { id fields { hash customActivityType { id } entries { field { id isRequired } } } } }"
    )
    for i in range(3):
        created = await crm.mutate("customActivityTypeCreate", {"name": str(i)}, "customActivityType { id }")
        type_ = created["customActivityType"]["id"]
        if i:
            scope = {"customActivityTypeId": type_}
            await do(crm, "customFieldCreate", scope=scope, name="Seen", dataType="DATE", isRequired=True)
        types = (await crm.data(query))["customActivityTypes"]
        assert crm.statements == 3
        shown = next(each for each in types if each["id"] == type_)["fields"]
        assert shown["customActivityType"] == {"id": type_}
        assert [entry["field"]["isRequired"] for entry in shown["entries"]] == [True] * bool(i)
        assert shown["hash"] == await hash_of(crm, {"customActivityTypeId": type_})


@pytest.mark.parametrize(
    ("own", "here", "expected"),
    [
        ([], [], []),
        (["Admin"], [], ["Admin"]),
        ([], ["User"], ["User"]),
        (["Admin", "User"], ["Manager", "User"], ["User"]),
        (["Admin"], ["User"], ["User"]),
    ],
)
async def test_an_entry_names_the_roles_that_may_edit(
    crm: Client, own: list[str], here: list[str], expected: list[str]
) -> None:
    """CF27: those that the field and its association both let edit."""
    id = await shared_field(crm, CONTACT, editableWithRoleIds=[await role_id(crm, name) for name in here])
    await do(crm, "customFieldUpdate", id=id, patch={"editableWithRoleIds": [await role_id(crm, name) for name in own]})
    entry = (await schema(crm, CONTACT))["entries"][-1]
    assert [role["name"] for role in entry["editableWithRoles"]] == expected
    assert [role["name"] for role in entry["field"]["editableWithRoles"]] == own


# ---- order


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        (ON_LEADS, ON_LEADS),
        (ON_LEADS[::-1], ON_LEADS[::-1]),
        (["cf_text", "cf_date"], ["cf_text", "cf_date", *(id for id in ON_LEADS if id not in {"cf_text", "cf_date"})]),
        ([], ON_LEADS),
    ],
)
async def test_fields_are_put_in_order(crm: Client, ids: list[str], expected: list[str]) -> None:
    """CF9: those that are not named keep their order at the end."""
    select = "schema { object entries { position field { id } } }"
    payload = await crm.mutate("customFieldSchemaReorder", {"target": LEAD, "fieldIds": ids}, select)
    assert payload["userErrors"] == []
    visible = [{"position": i, "field": {"id": id}} for i, id in enumerate(expected) if id != "cf_hidden"]
    assert payload["schema"] == {"object": "LEAD", "entries": visible}
    assert await shown(crm, LEAD) == expected


async def test_values_come_in_the_new_order(crm: Client) -> None:
    """CF9: the schema controls the order in which an object shows its values."""
    await do(crm, "customFieldSchemaReorder", target=LEAD, fieldIds=["cf_text", "cf_user"])
    data = await crm.data('{ lead(id: "lead_1") { customFields { field { id } } } }')
    rest = [id for id in ON_LEADS if id not in {"cf_text", "cf_user"}]
    assert [value["field"]["id"] for value in data["lead"]["customFields"]] == ["cf_text", "cf_user", *rest]


async def test_shared_fields_have_a_place_on_each_object(crm: Client) -> None:
    """CF9: putting the fields of leads in order leaves those of contacts as they were."""
    id = await shared_field(crm, LEAD, CONTACT)
    await do(crm, "customFieldSchemaReorder", target=LEAD, fieldIds=[id])
    assert await shown(crm, LEAD) == [id, *ON_LEADS]
    assert await shown(crm, CONTACT) == ["cf_on_contact", id]


@pytest.mark.parametrize(
    ("target", "ids", "expected"),
    [
        (LEAD, ["cf_text", "cf_x"], [("NOT_FOUND", "fieldIds.1", "cf_x")]),
        (LEAD, ["cf_on_contact"], [("NOT_FOUND", "fieldIds.0", "cf_on_contact")]),
        (LEAD, ["cf_text", "cf_date", "cf_text"], [("INVALID", "fieldIds.2", None)]),
        (LEAD, ["cf_text"] * 5_000, [("INVALID", "fieldIds.1", None)]),
        (
            {"customActivityTypeId": "actitype_x"},
            [],
            [("NOT_FOUND", "target.customActivityTypeId", "actitype_x")],
        ),
    ],
)
async def test_an_order_names_fields_of_the_object_once(
    crm: Client, target: dict[str, Any], ids: list[str], expected: Any
) -> None:
    """CF9: another object's field is refused."""
    payload = await crm.mutate("customFieldSchemaReorder", {"target": target, "fieldIds": ids}, "schema { hash }")
    found = [(error["code"], ".".join(error["path"]), error.get("missingId")) for error in payload["userErrors"]]
    assert (payload["schema"], found) == (None, expected)
    assert await shown(crm, LEAD) == ON_LEADS


async def test_an_empty_schema_is_put_in_order(client: Client) -> None:
    payload = await client.mutate(
        "customFieldSchemaReorder", {"target": CONTACT, "fieldIds": []}, "schema { object entries { position } }"
    )
    assert payload == {"schema": {"object": "CONTACT", "entries": []}, "userErrors": []}


async def test_an_order_takes_as_many_statements_for_many_fields(crm: Client) -> None:
    for fields in (4, 8):
        for i in range(fields):
            await do(crm, "customFieldCreate", scope=CONTACT, name=f"{fields} {i}", dataType="TEXT")
        ids = (await shown(crm, CONTACT))[::-1]
        await crm.mutate("customFieldSchemaReorder", {"target": CONTACT, "fieldIds": ids}, "schema { hash }")
        assert crm.statements == 4
        assert await shown(crm, CONTACT) == ids


# ---- hash


async def test_the_hash_is_the_same_everywhere(crm: Client) -> None:
    """CF9: on both databases, after each start, and whether or not hidden fields are asked for."""
    expected = "14969b423ae1ccc8b9a774f416ebf145"
    for include_hidden in (False, True):
        assert await schema(crm, LEAD, "hash", include_hidden) == {"hash": expected}


async def test_the_hash_follows_every_change(crm: Client) -> None:
    """CF9: of names, types, choices, rules, roles and places, of hidden fields too."""
    admin = await role_id(crm, "Admin")
    shared = await shared_field(crm, LEAD, CONTACT)
    changes: list[tuple[str, dict[str, Any]]] = [
        ("customFieldCreate", {"scope": LEAD, "name": "Size", "dataType": "NUMBER"}),
        ("customFieldUpdate", {"id": "cf_text", "patch": {"name": "Text"}}),
        ("customFieldUpdate", {"id": "cf_text", "patch": {"description": "A text"}}),
        ("customFieldUpdate", {"id": "cf_choices", "patch": {"choices": ["red", "green", "blue", "pink"]}}),
        ("customFieldUpdate", {"id": "cf_choices", "patch": {"choices": ["pink", "red", "green", "blue"]}}),
        ("customFieldUpdate", {"id": "cf_user", "patch": {"acceptsMultipleValues": True}}),
        ("customFieldUpdate", {"id": "cf_date", "patch": {"editableWithRoleIds": [admin]}}),
        ("customFieldUpdate", {"id": "cf_hidden", "patch": {"name": "Secret"}}),
        ("customFieldUpdate", {"id": shared, "patch": {"name": "Shared"}}),
        ("customFieldAssociationUpdate", {"fieldId": shared, "target": LEAD, "patch": {"isRequired": True}}),
        (
            "customFieldAssociationUpdate",
            {"fieldId": shared, "target": LEAD, "patch": {"editableWithRoleIds": [admin]}},
        ),
        ("customFieldSchemaReorder", {"target": LEAD, "fieldIds": ["cf_text"]}),
        ("customFieldSchemaReorder", {"target": LEAD, "fieldIds": ["cf_text", "cf_contact", "cf_hidden"]}),
        ("customFieldDelete", {"id": "cf_datetime"}),
        ("customFieldDelete", {"id": "cf_hidden"}),
        ("customFieldAssociationDelete", {"fieldId": shared, "target": LEAD}),
        ("customFieldAssociationCreate", {"fieldId": shared, "association": {"target": LEAD}}),
    ]
    seen = [await hash_of(crm)]
    for mutation, input in changes:
        await do(crm, mutation, **input)
        seen.append(await hash_of(crm))
        assert seen[-1] not in seen[:-1], mutation


async def test_the_hash_is_of_this_schema_alone(crm: Client) -> None:
    """CF9: what changes nothing of it leaves it as it was; a change that is taken back brings it back."""
    shared = await shared_field(crm, LEAD, CONTACT)
    before = await hash_of(crm)
    for mutation, input in [
        ("customFieldCreate", {"scope": CONTACT, "name": "Size", "dataType": "NUMBER"}),
        ("customFieldAssociationUpdate", {"fieldId": shared, "target": CONTACT, "patch": {"isRequired": True}}),
        ("customFieldSchemaReorder", {"target": CONTACT, "fieldIds": [shared]}),
        ("customFieldSchemaReorder", {"target": LEAD, "fieldIds": []}),
        ("customFieldUpdate", {"id": "cf_text", "patch": {"name": "cf_text"}}),
    ]:
        await do(crm, mutation, **input)
        assert await hash_of(crm) == before, mutation
    await do(crm, "customFieldUpdate", id="cf_text", patch={"name": "Text"})
    assert await hash_of(crm) != before
    await do(crm, "customFieldUpdate", id="cf_text", patch={"name": "cf_text"})
    assert await hash_of(crm) == before
    assert len({before, await hash_of(crm, CONTACT), await hash_of(crm, VISIT)}) == 3


async def test_a_refused_order_shows_no_schema(crm: Client) -> None:
    """Also where the resolvers answer, as they do for several mutations at once."""
    refused = "customFieldSchemaReorder(input: { target: { object: LEAD }, fieldIds: [NAME] }) { schema { hash } }"
    both = f"mutation {{ a: {refused.replace('NAME', '1')} b: {refused.replace('NAME', '2')} }}"
    assert await crm.data(both) == {"a": {"schema": None}, "b": {"schema": None}}


async def test_the_document_runs(client: Client) -> None:
    define, read = re.findall(r"```graphql\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    payload = (await client.data(define))["customFieldCreate"]
    assert payload["userErrors"] == []
    [entry] = (await client.data(read))["customFieldSchema"]["entries"]
    assert entry["field"] == {
        "id": payload["customField"]["id"],
        "name": "Industry",
        "dataType": "CHOICES",
        "choices": ["Energy", "Software"],
        "acceptsMultipleValues": True,
    }
    assert client.statements == 1
