"""What a change of custom-field values comes to: in order, whole or not at all, and by few statements (rules L19-L26,
CF13-CF22, CF27, CF29). test_custom_field_table.py tries every type on every kind of object."""

from typing import Any

import pytest
from sqlmodel import col

from app.domain.access import Actor
from app.domain.time import Clock, now
from app.services import leads, organizations
from app.services.custom_value_owners import set_value
from app.storage.custom_fields import CustomFieldPlacement, CustomFieldValue
from app.storage.database import Database
from app.storage.organizations import User
from tests.client import Client
from tests.graphql.custom_scene import CONTACT, DEAL, KINDS, LEAD, VISIT, Kind, Scene, build

COLOURS: dict[str, Any] = {"choices": ["red", "green", "blue"], "acceptsMultipleValues": True}
VALUE = "value { display field { id } }"
AUDIT = "version dateUpdated updatedBy { id }"
every_kind = pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])


@pytest.fixture
async def scene(client: Client) -> Scene:
    return await build(client)


def text(field: str, value: str = "x") -> dict[str, Any]:
    return {"fieldId": field, "value": {"text": value}}


def colour(field: str, choice: str) -> dict[str, Any]:
    return {"fieldId": field, "item": {"choice": choice}}


async def patched(scene: Scene, kind: Kind, *changes: Any, select: str = "id", **more: Any) -> dict[str, Any]:
    """The payload of the kind's own update."""
    patch = {"customFields": list(changes), **more.pop("patch", {})}
    return await scene.client.mutate(
        kind.update, {"id": scene.ids[kind.name], "patch": patch, **more}, f"{kind.member} {{ {select} }}"
    )


async def refused(scene: Scene, kind: Kind, *changes: Any, **more: Any) -> list[tuple[str, list[str], str]]:
    """The code, path and message of each problem."""
    payload = await patched(scene, kind, *changes, **more)
    return [(error["code"], error["path"], error["message"]) for error in payload["userErrors"]]


async def stored(database: Database, actor: Actor, field: str) -> list[tuple[str, int, str, str | None]]:
    """The rows of a field's values, in order."""
    async with database.read(actor) as session:
        own = col(CustomFieldValue.field_id) == field
        rows = await session.find(CustomFieldValue, own, order_by=[col(CustomFieldValue.position)])
    return [(row["id"], row["position"], row["slot"], row["item"]) for row in rows]


async def shown(scene: Scene, kind: Kind, id: str | None = None) -> dict[str, str]:
    """The values that an object has, by their fields."""
    query = f"query($id: ID!) {{ owner: {kind.root}(id: $id) {{ ... on {kind.type} {{ customFields {{ %s }} }} }} }}"
    data = await scene.client.data(query % "display field { id }", {"id": id or scene.ids[kind.name]})
    return {value["field"]["id"]: value["display"] for value in data["owner"]["customFields"]}


async def test_items_are_rows_of_their_own(scene: Scene) -> None:
    """L26: adding and removing writes and deletes one row; the others stay as they are."""
    field = await scene.field(LEAD, "CHOICES", **COLOURS)

    async def rows() -> list[tuple[str, int, str, str | None]]:
        return await stored(scene.client.database, scene.client.actor, field)

    await patched(scene, LEAD, {"set": {"fieldId": field, "value": {"choices": ["red", "green"]}}})
    red, green = await rows()
    assert (red[1:], green[1:]) == ((0, "red", "red"), (1, "green", "green"))
    await patched(scene, LEAD, {"add": colour(field, "blue")})
    assert (await rows())[:2] == [red, green]
    await patched(scene, LEAD, {"remove": colour(field, "red")}, {"add": colour(field, "red")})
    first, blue, last = await rows()
    assert (first, blue[3], last[1:]) == (green, "blue", (3, "red", "red"))
    await patched(scene, LEAD, {"set": {"fieldId": field, "value": {"choices": ["red", "green"]}}})
    assert [row[1:] for row in await rows()] == [(3, "red", "red"), (4, "green", "green")]


async def test_single_value_has_one_slot(scene: Scene) -> None:
    field = await scene.field(LEAD, "CHOICES", choices=["red", "blue"])
    for choice in ("red", "blue"):
        await patched(scene, LEAD, {"set": {"fieldId": field, "value": {"choices": [choice]}}})
        [row] = await stored(scene.client.database, scene.client.actor, field)
        assert row[1:] == (0, "", choice)


@every_kind
async def test_changes_count_once(scene: Scene, kind: Kind) -> None:
    """L25: several changes of values and of other members are one change of the object, made now by the caller."""
    field, other = await scene.field(kind, "TEXT"), await scene.field(kind, "TEXT")
    more: dict[Kind, Any] = {
        LEAD: {"description": "d"},
        CONTACT: {"title": "CEO"},
        DEAL: {"note": "n"},
        VISIT: {"date": "2026-01-01T00:00:00Z"},
    }
    before = (await patched(scene, kind, select=AUDIT))[kind.member]
    manager = await scene.client.with_role("Manager")
    mine = Scene(manager, scene.ids)
    changes = {"set": text(field)}, {"set": text(other)}
    changed = (await patched(mine, kind, *changes, patch=more[kind], select=AUDIT))[kind.member]
    assert changed["version"] == before["version"] + 1
    assert changed["updatedBy"] == {"id": manager.actor.user_id}
    assert changed["dateUpdated"] > before["dateUpdated"]
    for same in ([*changes], [{"set": text(field, "y")}, {"set": text(field)}], [{"unset": field}, changes[0]]):
        again = await patched(scene, kind, *same, patch=more[kind], select=AUDIT)
        assert (again["userErrors"], again[kind.member]) == ([], changed)


@every_kind
async def test_stale_patches_change_no_value(scene: Scene, kind: Kind) -> None:
    field, version = await scene.field(kind, "TEXT"), await scene.version(kind, scene.ids[kind.name])
    stale = await refused(scene, kind, {"set": text(field)}, expectedVersion=version + 1)
    assert [(code, path) for code, path, _ in stale] == [("CONFLICT", ["expectedVersion"])]
    assert await refused(scene, kind, {"set": text(field)}, expectedVersion=version) == []
    stale = await refused(scene, kind, {"unset": field}, expectedVersion=version)
    assert [(code, path) for code, path, _ in stale] == [("CONFLICT", ["expectedVersion"])]
    assert await shown(scene, kind) == {field: "x"}


@every_kind
async def test_all_problems_are_told_and_nothing_is_written(scene: Scene, kind: Kind) -> None:
    """CF2: each with its path, those of other members too."""
    field, number = await scene.field(kind, "TEXT"), await scene.field(kind, "NUMBER")
    changes = [{"set": text(field)}, {"set": text(number)}, {"unset": "cf_absent"}, {"add": colour(field, "red")}]
    found = await refused(scene, kind, *changes, patch={"contactId": "cont_absent"} if kind in (DEAL, VISIT) else {})
    base = ["patch", "customFields"]
    expected = [
        ("NOT_FOUND", [*base, "2", "unset"], "There is no custom field cf_absent."),
        ("INVALID", [*base, "3", "add", "fieldId"], ""),
        ("INVALID", [*base, "1", "set", "value", "text"], ""),
    ]
    if kind in (DEAL, VISIT):
        expected.append(("NOT_FOUND", ["patch", "contactId"], "There is no contact cont_absent."))
    assert sorted((code, path) for code, path, _ in found) == sorted((code, path) for code, path, _ in expected)
    assert {message for _, _, message in expected} - {""} <= {message for _, _, message in found}
    assert await shown(scene, kind) == {}


async def test_problems_say_what_would_fit(scene: Scene) -> None:
    """CF2: the message names the field, and the member that its type takes; choices are told where they are few."""
    field = await scene.field(LEAD, "DATETIME", name="Seen")
    [(_, _, message)] = await refused(scene, LEAD, {"set": {"fieldId": field, "value": {"date": "2014-06-12"}}})
    assert message == f"The field 'Seen' ({field}) takes `dateTime`, not `date`."
    few, many = [f"choice {i}" for i in range(50)], [f"choice {i}" for i in range(51)]
    for choices, accepted in ((few, few), (many, None)):
        field = await scene.field(LEAD, "CHOICES", choices=choices)
        payload = await patched(scene, LEAD, {"set": {"fieldId": field, "value": {"choices": ["x"]}}})
        assert [error["acceptedValues"] for error in payload["userErrors"]] == [accepted]
    field = await scene.field(LEAD, "USER")
    payload = await patched(scene, LEAD, {"set": {"fieldId": field, "value": {"users": [{"name": "Sam Same"}]}}})
    [error] = payload["userErrors"]
    assert scene.ids["sam"] in error["acceptedValues"]
    assert len(error["acceptedValues"]) == 2


@every_kind
async def test_null_is_no_change(scene: Scene, kind: Kind) -> None:
    """L23: as it is with an empty list; what is set stays."""
    field, id = await scene.field(kind, "TEXT"), scene.ids[kind.name]
    assert await refused(scene, kind, {"set": text(field)}) == []
    version = await scene.version(kind, id)
    for nothing in (None, list[Any]()):
        assert await scene.errors(kind.update, {"id": id, "patch": {"customFields": nothing}}) == []
        assert await scene.errors(kind.create, scene.new(kind) | {"customFields": nothing}) == []
    assert (await shown(scene, kind), await scene.version(kind, id)) == ({field: "x"}, version)


async def test_lists_of_values_have_a_limit(scene: Scene) -> None:
    """A thousand items on a field, a thousand entries in an input."""
    choices = [f"choice {i}" for i in range(1_000)]
    field = await scene.field(LEAD, "CHOICES", choices=choices, acceptsMultipleValues=True)
    users = await scene.field(LEAD, "USER", acceptsMultipleValues=True)
    everything = {"set": {"fieldId": field, "value": {"choices": choices}}}
    assert await refused(scene, LEAD, everything, {"add": colour(field, "choice 7")}) == []
    assert len(await stored(scene.client.database, scene.client.actor, field)) == 1_000
    too_many = {"set": {"fieldId": users, "value": {"users": [{"id": scene.ids["me"]}] * 1_001}}}
    [(code, path, message)] = await refused(scene, LEAD, too_many)
    assert (code, path) == ("INVALID", ["patch", "customFields", "0", "set", "value", "users"])
    assert message.endswith("takes 1000 items at most, not 1001.")
    [(code, path, message)] = await refused(scene, LEAD, *[{"unset": field}] * 1_001)
    assert (code, path) == ("INVALID", ["patch", "customFields"])
    assert message == "1000 custom fields can be given at most, not 1001."


async def test_fields_are_named_once_in_a_new_object(scene: Scene) -> None:
    """L19: the same field twice is refused; a patch may change it several times."""
    field = await scene.field(CONTACT, "TEXT")
    own = [text(field, "a"), text(field, "b")]
    input = {"name": "New", "contacts": [{"name": "A"}, {"name": "B", "customFields": own}]}
    assert await scene.errors("leadCreate", input) == [("INVALID", ["contacts", "1", "customFields", "1", "fieldId"])]
    assert await refused(scene, CONTACT, *({"set": each} for each in own)) == []
    assert await shown(scene, CONTACT) == {field: "b"}


async def test_written_numbers_and_json_stay_as_they_are(scene: Scene) -> None:
    """CF14, CF24: what Python takes for equal is another value; what is written alike is the same."""
    number, json = await scene.field(LEAD, "NUMBER"), await scene.field(LEAD, "HIDDEN")
    id = scene.ids["lead"]
    cases: list[tuple[str, str, list[Any], list[Any]]] = [
        (number, "number", ["5.5", "5.50", "1e3"], [5.5, "5.50", "1000"]),
        (
            json,
            "json",
            [1, True, 1e-7, {"a": [1.0], "b": 2}, 1e17],
            [1.0, True, 0.0000001, {"b": 2, "a": [1]}, 100_000_000_000_000_000],
        ),
    ]
    for field, member, values, alike in cases:
        for value, same in zip(values, alike, strict=True):
            version = await scene.version(LEAD, id)
            for given, grown in ((value, 1), (same, 1)):
                assert await refused(scene, LEAD, {"set": {"fieldId": field, "value": {member: given}}}) == []
                assert await scene.version(LEAD, id) == version + grown, given


def required(*targets: dict[str, str]) -> dict[str, Any]:
    return {"shared": [{"target": target, "isRequired": True} for target in targets]}


@pytest.mark.parametrize("kind", [LEAD, CONTACT, DEAL], ids=["lead", "contact", "opportunity"])
async def test_required_values_are_there_from_the_start(scene: Scene, kind: Kind) -> None:
    """CF29: what an association requires is given at creation, and not taken away; other changes do not ask."""
    id = scene.ids[kind.name]
    field = await scene.field(required(scene.target(kind)), "CHOICES", **COLOURS)
    many = await scene.field(required(scene.target(kind)), "TEXT", name="Must")
    new = scene.new(kind)
    assert await scene.errors(kind.create, new) == [("REQUIRED", ["customFields"])] * 2
    payload = await scene.client.mutate(kind.create, new | {"customFields": [text(many, " ")]})
    problems = [(error["path"], error["message"]) for error in payload["userErrors"]]
    assert problems[0] == (["customFields", "0", "fieldId"], f"The field 'Must' ({many}) needs a value.")
    assert [path for path, _ in problems[1:]] == [["customFields"]]
    assert field in problems[1][1]
    whole = [text(many), {"fieldId": field, "value": {"choices": ["red"]}}]
    assert await scene.errors(kind.create, new | {"customFields": whole}) == []
    assert await refused(scene, kind, {"unset": field}, {"set": text(many)}, {"unset": many}) == []
    assert await refused(scene, kind, *({"set": each} for each in whole)) == []
    path = ["patch", "customFields", "0"]
    for change, at in (
        ({"unset": field}, ["unset"]),
        ({"remove": colour(field, "red")}, ["remove", "fieldId"]),
        ({"set": text(many, "")}, ["set", "fieldId"]),
    ):
        [(code, found, _)] = await refused(scene, kind, change)
        assert (code, found) == ("REQUIRED", [*path, *at])
    assert await scene.errors("customFieldValueUnset", {"ownerId": id, "fieldId": field}) == [("REQUIRED", ["fieldId"])]
    assert await refused(scene, kind, {"unset": field}, {"add": colour(field, "blue")}) == []
    assert await shown(scene, kind) == {field: "blue", many: "x"}


async def test_contacts_of_a_new_lead_have_what_is_required(scene: Scene) -> None:
    """CF29: of each of them, and the path says of which."""
    field = await scene.field(required(scene.target(CONTACT)), "TEXT")
    contacts: list[dict[str, Any]] = [{"name": "A"}, {"name": "B", "customFields": [text(field)]}, {"name": "C"}]
    found = await scene.errors("leadCreate", {"contacts": contacts})
    assert found == [("REQUIRED", ["contacts", place, "customFields"]) for place in ("0", "2")]


async def test_focused_mutations_ask_the_type_of_an_activity(scene: Scene) -> None:
    """CF27: the roles of the activity's type, besides those of the field."""
    field, manager = await scene.field(VISIT, "TEXT"), await scene.client.with_role("Manager")
    patch = {"editableWithRoleIds": [manager.actor.role_id]}
    await scene.client.mutate("customActivityTypeUpdate", {"id": scene.ids["type"], "patch": patch})
    input = {"ownerId": scene.ids["activity"]} | text(field)
    assert await scene.errors("customFieldValueSet", input) == [("PERMISSION_DENIED", ["ownerId"])]
    assert await scene.errors("customFieldValueSet", input, manager) == []


async def test_system_edits_what_roles_may_not(scene: Scene) -> None:
    """CF27: commands and imports have no user, and run as administrators."""
    manager = await scene.client.with_role("Manager")
    field = await scene.field(LEAD, "TEXT", editableWithRoleIds=[manager.actor.role_id])
    database, home = scene.client.database, scene.client.organization_id
    input = {"owner_id": scene.ids["lead"], "field_id": field, "value": {"text": "x"}}
    done = await set_value(database, Actor.system(home), Clock.at(now(), "UTC"), **input)
    assert done == {"owner_id": scene.ids["lead"], "owner_type": "lead", "field_id": field}
    assert await shown(scene, LEAD) == {field: "x"}


async def test_focused_mutations_show_owner_and_value(scene: Scene) -> None:
    """L26: the payload has the object, whatever it is, and the value as it is now."""
    for kind in KINDS:
        field, id = await scene.field(kind, "CHOICES", **COLOURS), scene.ids[kind.name]
        members = f'version one: customField(id: "{field}") {{ display }}'
        select = f"owner {{ __typename id ... on {kind.type} {{ {members} }} }} {VALUE}"
        version = await scene.version(kind, id)
        steps = [
            ("Add", "red", "red"),
            ("Add", "blue", "red, blue"),
            ("Remove", "red", "blue"),
            ("Remove", "blue", None),
        ]
        for place, (verb, choice, left) in enumerate(steps):
            input = {"ownerId": id, **colour(field, choice)}
            payload = await scene.client.mutate(f"customFieldValue{verb}", input, select)
            value = left and {"display": left, "field": {"id": field}}
            assert payload == {
                "owner": {
                    "__typename": kind.type,
                    "id": id,
                    "version": version + place + 1,
                    "one": left and {"display": left},
                },
                "value": value,
                "userErrors": [],
            }
        gone = await scene.client.mutate("customFieldValueUnset", {"ownerId": id, "fieldId": field}, "owner { id }")
        assert gone == {"owner": {"id": id}, "userErrors": []}
    refusal = await scene.client.mutate(
        "customFieldValueAdd", {"ownerId": "lead_x", **colour("cf_x", "red")}, f"owner {{ id }} {VALUE}"
    )
    assert (refusal["owner"], refusal["value"], len(refusal["userErrors"])) == (None, None, 1)


async def test_deleted_contacts_are_named_by_no_value(scene: Scene) -> None:
    """CF19: what names a contact forgets it when it goes; other items stay."""
    fields = {kind: await scene.field(kind, "CONTACT", acceptsMultipleValues=True) for kind in KINDS}
    shared = await scene.field({"shared": [{"target": scene.target(LEAD)}]}, "CONTACT")
    ann, bob = scene.ids["ann"], scene.ids["bob"]
    for kind, field in fields.items():
        assert await refused(scene, kind, {"set": {"fieldId": field, "value": {"contacts": [bob, ann]}}}) == []
    assert await refused(scene, LEAD, {"set": {"fieldId": shared, "value": {"contacts": [bob]}}}) == []
    same = await scene.field(LEAD, "CHOICES", choices=[bob])
    assert await refused(scene, LEAD, {"set": {"fieldId": same, "value": {"choices": [bob]}}}) == []
    assert (await scene.client.mutate("contactDelete", {"id": bob}))["userErrors"] == []
    for kind, field in fields.items():
        assert (await shown(scene, kind))[field] == "ann"
    assert await stored(scene.client.database, scene.client.actor, shared) == []
    assert len(await stored(scene.client.database, scene.client.actor, same)) == 1
    for rows in [await stored(scene.client.database, scene.client.actor, field) for field in fields.values()]:
        assert [item for *_, item in rows] == [ann]


async def test_moved_contacts_are_named_on_their_lead_alone(scene: Scene) -> None:
    """CF19-CF21: values on the lead that a contact leaves forget it, and it forgets the contacts there."""
    fields = {kind: await scene.field(kind, "CONTACT", acceptsMultipleValues=True) for kind in KINDS}
    ann, bob, cid, other = (scene.ids[name] for name in ("ann", "bob", "cid", "other"))
    for kind, field in fields.items():
        assert await refused(scene, kind, {"set": {"fieldId": field, "value": {"contacts": [ann, bob]}}}) == []
    far = {"set": {"fieldId": fields[LEAD], "value": {"contacts": [cid]}}}
    assert (await scene.client.mutate("leadUpdate", {"id": other, "patch": {"customFields": [far]}}))[
        "userErrors"
    ] == []
    move = {"id": ann, "patch": {"leadId": other}}
    assert (await scene.client.mutate("contactUpdate", move))["userErrors"] == []
    assert {kind.name: (await shown(scene, kind))[field] for kind, field in fields.items()} == {
        "lead": "bob",
        "contact": "ann",
        "opportunity": "bob",
        "activity": "bob",
    }
    assert await shown(scene, LEAD, other) == {fields[LEAD]: "cid"}
    [(code, path, _)] = await refused(scene, LEAD, {"add": {"fieldId": fields[LEAD], "item": {"contact": ann}}})
    assert (code, path) == ("INVALID", ["patch", "customFields", "0", "add", "item", "contact"])


async def test_moving_contact_takes_the_contacts_of_its_new_lead(scene: Scene) -> None:
    """CF21: a patch that moves a contact means the contacts of the lead that it moves to."""
    field = await scene.field(CONTACT, "CONTACT", acceptsMultipleValues=True)
    bob, cid, other = (scene.ids[name] for name in ("bob", "cid", "other"))
    move, path = {"leadId": other}, ["patch", "customFields", "0", "set", "value", "contacts", "0"]
    [(code, found, _)] = await refused(
        scene, CONTACT, {"set": {"fieldId": field, "value": {"contacts": [bob]}}}, patch=move
    )
    assert (code, found) == ("INVALID", path)
    assert await refused(scene, CONTACT, {"set": {"fieldId": field, "value": {"contacts": [cid]}}}, patch=move) == []
    assert await shown(scene, CONTACT) == {field: "cid"}


async def test_values_of_a_deleted_lead_are_gone(scene: Scene) -> None:
    """L27: with those of everything on it."""
    for kind in KINDS:
        field = await scene.field(kind, "TEXT")
        assert await refused(scene, kind, {"set": text(field)}) == []
    await scene.client.mutate("leadDelete", {"id": scene.ids["lead"]})
    async with scene.client.database.read(scene.client.actor) as session:
        assert await session.count(CustomFieldValue) == 0


async def test_gone_contacts_can_be_removed(scene: Scene) -> None:
    """L26: an import may have brought a contact that there is not; removing it twice is as good as once."""
    field = await scene.field(LEAD, "CONTACT", acceptsMultipleValues=True)
    lead = scene.ids["lead"]
    row = {"id": "cfva_1", "field_id": field, "object_id": lead, "owner_type": "lead", "lead_id": lead}
    async with scene.client.database.write(scene.client.actor) as session:
        await session.insert(CustomFieldValue, row | {"item": "cont_gone", "slot": "cont_gone"})
    gone = {"fieldId": field, "item": {"contact": "cont_gone"}}
    assert await refused(scene, LEAD, {"add": gone}) == []
    assert await refused(scene, LEAD, {"remove": gone}) == []
    assert await refused(scene, LEAD, {"remove": gone}) == []
    assert await scene.value(LEAD, lead, field) is None


async def test_json_has_to_be_there_whole(scene: Scene) -> None:
    """CF24: a literal may have a variable inside, and that may be missing, or be no JSON."""
    field = await scene.field(LEAD, "HIDDEN")
    query = """mutation($id: ID!, $field: ID!%s) {
        payload: customFieldValueSet(input: { ownerId: $id, fieldId: $field, value: { json: { a: %s } } }) {
            userErrors { code path }
        } }"""
    values = {"id": scene.ids["lead"], "field": field, "day": "2026-03-10"}
    refused = [{"code": "INVALID", "path": ["value", "json"]}]
    for declared, written, errors in (
        (", $x: JSON", "$x", refused),
        (", $day: Date", "$day", refused),
        ("", "[1, true, null]", []),
    ):
        found = await scene.client.data(query % (declared, written), values)
        assert found["payload"]["userErrors"] == errors, written


async def test_what_a_mutation_gives_is_bounded(scene: Scene) -> None:
    """A short input can name a long list again and again; nor are more problems told than anybody reads."""
    field = await scene.field(LEAD, "USER", acceptsMultipleValues=True)
    many = {"set": {"fieldId": field, "value": {"users": [{"id": f"user_{i}"} for i in range(1_000)]}}}
    [(code, path, message)] = await refused(scene, LEAD, *[many] * 11)
    assert (code, path) == ("INVALID", ["patch", "customFields"])
    assert message == "Custom values can have 10000 items at most together, not 11000."
    assert [code for code, _, _ in await refused(scene, LEAD, many)] == ["NOT_FOUND"] * 100


async def _mixed(scene: Scene, kind: Kind, number: int) -> list[dict[str, Any]]:
    """Values for so many new fields, of all types in turn, all of them restricted to the caller's role."""
    ann, me = scene.ids["ann"], scene.ids["me"]
    values: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
        ("TEXT", {"text": "x"}, {}),
        ("NUMBER", {"number": 5}, {}),
        ("CHOICES", {"choices": ["red", "blue"]}, COLOURS),
        ("USER", {"users": [{"id": me}, {"name": "Reed Clapper"}]}, {"acceptsMultipleValues": True}),
        ("CONTACT", {"contacts": [ann]}, {}),
        ("HIDDEN", {"json": [1]}, {}),
    ]
    roles = {"editableWithRoleIds": [scene.client.actor.role_id]}
    return [
        {"fieldId": await scene.field(kind, type_, **definition, **roles), "value": value}
        for type_, value, definition in (values[i % len(values)] for i in range(number))
    ]


@pytest.mark.parametrize("kind", [LEAD, CONTACT, DEAL], ids=["lead", "contact", "opportunity"])
async def test_statements_do_not_grow_with_the_fields(scene: Scene, kind: Kind) -> None:
    """L19, L25: a patch of twenty fields takes as many as one of six: the definitions, their places, the role, users,
    contacts, the values there, one delete, one insert; and the object's version."""
    few, many = await _mixed(scene, kind, 6), await _mixed(scene, kind, 20)
    id, spent = scene.ids[kind.name], []

    async def send(*changes: Any, select: str = "") -> int:
        payload = await scene.client.mutate(kind.update, {"id": id, "patch": {"customFields": list(changes)}}, select)
        assert payload["userErrors"] == []
        return scene.client.statements

    plain = await send()
    for values in (few, many):
        spent.append(await send(*({"set": each} for each in values)) - plain)
        others = [each for each in values if "text" in each["value"]]
        spent.append(await send(*({"set": text(each["fieldId"], "y")} for each in others)) - plain)
        spent.append(await send(*({"set": text(each["fieldId"], "y")} for each in others)) - plain)
        spent.append(await send(*({"unset": each["fieldId"]} for each in values)) - plain)
    assert spent == [8, 7, 4, 6] * 2


async def test_updates_without_values_ask_nothing_of_them(scene: Scene) -> None:
    """L25: a lock of the row, and the row when something differs."""
    await scene.field(required(scene.target(LEAD)), "TEXT")
    id = scene.ids["lead"]
    for patch, statements in (({}, 1), ({"description": "d"}, 2), ({"description": "d"}, 1)):
        await scene.client.mutate("leadUpdate", {"id": id, "patch": patch})
        assert scene.client.statements == statements


async def test_statements_of_a_new_lead_do_not_grow(scene: Scene) -> None:
    """L13, L19: however many contacts it has, and values on each of them."""
    fields = {kind: [await scene.field(kind, "TEXT") for _ in range(5)] for kind in (LEAD, CONTACT)}
    spent = []
    for number in (1, 20):
        contact = {"name": "New", "customFields": [text(field) for field in fields[CONTACT][: min(number, 5)]]}
        input = {"name": "New", "contacts": [contact] * number}
        payload = await scene.client.mutate("leadCreate", input | {"customFields": [text(fields[LEAD][0])]})
        assert payload["userErrors"] == []
        spent.append(scene.client.statements)
    assert spent == [9, 9]
    values = [await stored(scene.client.database, scene.client.actor, field) for field in fields[CONTACT]]
    assert [len(rows) for rows in values] == [21, 20, 20, 20, 20]


async def test_places_are_read_as_they_are_after_the_lock(scene: Scene) -> None:
    """CF8: a field that is on no object of this kind any more is refused, though it is there."""
    field = await scene.field({"shared": [{"target": scene.target(LEAD)}]}, "TEXT")
    async with scene.client.database.write(scene.client.actor) as session:
        await session.delete(CustomFieldPlacement, col(CustomFieldPlacement.field_id) == field)
    [(code, path, message)] = await refused(scene, LEAD, {"set": text(field)})
    assert (code, path) == ("INVALID", ["patch", "customFields", "0", "set", "fieldId"])
    assert message.endswith(f"({field}) is not one of leads.")


async def test_old_ways_of_naming_values_are_gone(scene: Scene) -> None:
    """L6, L21: neither a `custom` dict nor names of fields."""
    field = await scene.field(LEAD, "TEXT", name="Seen")
    for patch in ({"custom": {"Seen": "x"}}, {f"custom.{field}": "x"}, {"custom.Seen": "x"}):
        [(code, path)] = await scene.errors("leadUpdate", {"id": scene.ids["lead"], "patch": patch})
        assert (code, path) == ("BAD_USER_INPUT", None)


async def test_other_organizations_share_no_names(scene: Scene, database: Database) -> None:
    """CF18: a name stands for a member of one's own organization alone."""
    stranger = await organizations.create(database, "Other")
    await organizations.add_user(database, stranger, "Only There")
    field = await scene.field(LEAD, "USER")
    value = {"fieldId": field, "value": {"users": [{"name": "Only There"}]}}
    payload = await patched(scene, LEAD, {"set": value})
    [error] = payload["userErrors"]
    assert (error["code"], error["missingId"]) == ("NOT_FOUND", "Only There")
    async with database.write(scene.client.actor) as session:
        own = {"id": "user_only", "display_name": "Only There", "is_active": False}
        await session.insert(User, own)
    assert await refused(scene, LEAD, {"set": value}) == []
    assert await shown(scene, LEAD) == {field: "Only There"}


async def test_services_take_what_the_graph_gives(scene: Scene) -> None:
    """A patch of a lead by its use case, as programs within the gateway make it."""
    field = await scene.field(LEAD, "TEXT")
    patch: leads.LeadFields = {"custom_fields": [{"set": {"field_id": field, "value": {"text": "x"}}}]}
    await leads.update(
        scene.client.database, scene.client.actor, Clock.at(now(), "UTC"), id=scene.ids["lead"], patch=patch
    )
    assert await shown(scene, LEAD) == {field: "x"}
