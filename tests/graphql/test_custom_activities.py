"""Activities of an organization's own types: create, update, delete (rules CA2-CA4, CF22, CF27, CF29, A11)."""

import asyncio
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlmodel import col

from app.domain.activities import ActivityType
from app.services import organizations
from app.storage.activities import Activity
from app.storage.custom_fields import CustomActivityType, CustomField, CustomFieldPlacement, CustomFieldValue
from app.storage.organizations import User
from tests.client import Client
from tests.graphql.custom_scene import VISIT, Scene, build
from tests.graphql.search_rows import LEADS, ids, related, where
from tests.graphql.task_rows import NOON, insert, rows

ACTIVITY = """customActivity {
    id type date dateCreated dateUpdated version customActivityStatus customType { id }
    lead { id } contact { id } user { id } createdBy { id } updatedBy { id } customFields { display field { id } }
}"""
VALUES = "customActivity { customActivityStatus version customFields { display field { id } } }"
CREATE, UPDATE = VISIT.create, VISIT.update


def text(field: str, value: str) -> dict[str, Any]:
    return {"fieldId": field, "value": {"text": value}}


def shown(payload: dict[str, Any]) -> dict[str, str]:
    """The values that an activity has, by their fields."""
    assert payload["userErrors"] == []
    return {each["field"]["id"]: each["display"] for each in payload["customActivity"]["customFields"]}


async def refused(scene: Scene, mutation: str, input: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """The codes and paths of the problems; no activity and no value may have been written."""
    kept = [await rows(scene.client, model) for model in (Activity, CustomFieldValue)]
    payload = await scene.client.mutate(mutation, input)
    assert [await rows(scene.client, model) for model in (Activity, CustomFieldValue)] == kept
    return [(error["code"], error["path"]) for error in payload["userErrors"]]


async def patched(scene: Scene, id: str, select: str = VALUES, **patch: Any) -> dict[str, Any]:
    return await scene.client.mutate(UPDATE, {"id": id, "patch": patch}, select)


@dataclass(frozen=True)
class Fields:
    """A required field of the type, a shared one that is required on it, and one that is not required."""

    own: str
    shared: str
    free: str

    @property
    def needed(self) -> list[dict[str, Any]]:
        return [text(self.own, "own"), text(self.shared, "shared")]


async def required(scene: Scene) -> Fields:
    place = {"target": scene.target(VISIT), "isRequired": True}
    return Fields(
        await scene.field(VISIT, "TEXT", isRequired=True),
        await scene.field({"shared": [place]}, "TEXT"),
        await scene.field(VISIT, "TEXT"),
    )


async def test_create_fills_defaults(client: Client) -> None:
    """CA3, CA4: published, the caller's, of this moment."""
    scene, client.now = await build(client), NOON
    payload = await client.mutate(CREATE, scene.new(VISIT), ACTIVITY)
    me, moment = {"id": client.actor.user_id}, "2026-03-10T12:00:00+00:00"
    activity = payload["customActivity"]
    assert payload == {
        "customActivity": {
            "id": activity["id"],
            "type": "CUSTOM",
            "date": moment,
            "dateCreated": moment,
            "dateUpdated": moment,
            "version": 1,
            "customActivityStatus": "PUBLISHED",
            "customType": {"id": scene.ids["type"]},
            "lead": {"id": scene.ids["lead"]},
            "contact": None,
            "user": me,
            "createdBy": me,
            "updatedBy": me,
            "customFields": [],
        },
        "userErrors": [],
    }
    assert activity["id"].startswith("acti_")


async def test_create_takes_everything(client: Client) -> None:
    scene = await build(client)
    field = await scene.field(VISIT, "TEXT")
    other = (await client.with_role("User")).actor.user_id
    input = scene.new(VISIT) | {
        "contactId": scene.ids["ann"],
        "userId": other,
        "status": "DRAFT",
        "date": "2026-01-10T06:00:00+01:00",
        "customFields": [text(field, "Nice office")],
    }
    activity = (await client.mutate(CREATE, input, ACTIVITY))["customActivity"]
    assert (activity["contact"], activity["user"]) == ({"id": scene.ids["ann"]}, {"id": other})
    assert (activity["date"], activity["createdBy"]) == ("2026-01-10T05:00:00+00:00", {"id": client.actor.user_id})
    assert activity["customActivityStatus"] == "DRAFT"
    assert activity["customFields"] == [{"display": "Nice office", "field": {"id": field}}]


async def test_activities_are_listed_and_found(client: Client) -> None:
    """CA3: like any other activity, on the lead, by their type, and by search."""
    scene = await build(client)
    field = await scene.field(VISIT, "TEXT")
    second = await scene.made("customActivityTypeCreate", {"name": "Demo"}, "customActivityType")
    input = scene.new(VISIT) | {"leadId": scene.ids["other"], "customFields": [text(field, "Nice office")]}
    visit = await scene.made(CREATE, input, "customActivity")
    demo = await scene.made(CREATE, input | {"customTypeId": second, "customFields": []}, "customActivity")
    data = await client.data(
        """query($lead: ID!, $types: [ID!]) {
            lead(id: $lead) { activities(filter: { types: [CUSTOM] }) { nodes { id } } }
            activities(filter: { customTypeIds: $types, leadIds: [$lead] }) { totalCount nodes {
                id ... on CustomActivity { customType { name } } } } }""",
        {"lead": scene.ids["other"], "types": [scene.ids["type"]]},
    )
    assert {node["id"] for node in data["lead"]["activities"]["nodes"]} == {visit, demo}
    assert data["activities"] == {"totalCount": 1, "nodes": [{"id": visit, "customType": {"name": "Visit"}}]}
    conditions: list[tuple[dict[str, Any], list[str]]] = [
        (where({"customActivity": "CUSTOM_ACTIVITY_TYPE_ID"}, reference={"ids": [second]}), [scene.ids["other"]]),
        (where({"customField": field}, text={"value": "nice"}), [scene.ids["other"]]),
        (where({"customField": field}, text={"value": "ugly"}), []),
    ]
    for condition, found in conditions:
        assert await ids(client, {"and": [LEADS, related("CUSTOM_ACTIVITY", condition)]}) == found


async def test_what_is_named_has_to_be_there(client: Client) -> None:
    """CA2, L1, A11, L22: an absent lead or type ends it; other problems are told together."""
    scene = await build(client)
    new = scene.new(VISIT)
    for member in ("leadId", "customTypeId"):
        for id in (scene.ids["foreign_lead"], "lead", "actitype_x"):
            assert await refused(scene, CREATE, new | {member: id}) == [("NOT_FOUND", [member])]
    people = [
        ({"contactId": scene.ids["cid"]}, ("INVALID", ["contactId"])),
        ({"contactId": scene.ids["foreign_contact"]}, ("NOT_FOUND", ["contactId"])),
        ({"userId": scene.ids["reed"]}, ("INVALID", ["userId"])),
        ({"userId": scene.ids["foreign_user"]}, ("INVALID", ["userId"])),
    ]
    for members, problem in people:
        values = {"customFields": [text("cf_x", "")]}
        missing = ("NOT_FOUND", ["customFields", "0", "fieldId"])
        assert await refused(scene, CREATE, new | members | values) == [missing, problem]
    patch = {"contactId": scene.ids["cid"], "customFields": [{"set": text("cf_x", "")}]}
    assert await refused(scene, UPDATE, {"id": scene.ids["activity"], "patch": patch}) == [
        ("NOT_FOUND", ["patch", "customFields", "0", "set", "fieldId"]),
        ("INVALID", ["patch", "contactId"]),
    ]


async def test_archived_types_get_no_new_activities(client: Client) -> None:
    """CA2: those that are there can be changed and deleted, and say their type."""
    scene = await build(client)
    field, id = await scene.field(VISIT, "TEXT"), scene.ids["activity"]
    archive = {"id": scene.ids["type"], "patch": {"isArchived": True}}
    await scene.made("customActivityTypeUpdate", archive, "customActivityType")
    payload = await client.mutate(CREATE, scene.new(VISIT))
    [error] = payload["userErrors"]
    assert (error["code"], error["path"], error["conflictingId"]) == ("CONFLICT", ["customTypeId"], scene.ids["type"])
    assert "archived" in error["message"]
    assert await refused(scene, CREATE, scene.new(VISIT)) == [("CONFLICT", ["customTypeId"])]
    changed = await patched(scene, id, customFields=[{"set": text(field, "late")}], date="2026-01-01T00:00:00Z")
    assert shown(changed) == {field: "late"}
    focused = {"ownerId": id, **text(field, "later")}
    assert (await client.mutate("customFieldValueSet", focused))["userErrors"] == []
    assert (await client.mutate("activityDelete", {"id": id}))["userErrors"] == []
    back = archive | {"patch": {"isArchived": False}}
    await scene.made("customActivityTypeUpdate", back, "customActivityType")
    await scene.made(CREATE, scene.new(VISIT), "customActivity")


async def test_published_activities_have_what_is_required(client: Client) -> None:
    """CF29: each missing field is named, the type's own and a shared one alike; a draft may lack them (CA4)."""
    scene = await build(client)
    fields = await required(scene)
    new = scene.new(VISIT)
    payload = await client.mutate(CREATE, new | {"customFields": [text(fields.free, "free")]})
    named = [(error["code"], error["path"]) for error in payload["userErrors"]]
    assert named == [("REQUIRED", ["customFields"])] * 2
    for field, error in zip((fields.own, fields.shared), payload["userErrors"], strict=True):
        assert field in error["message"]
    assert await refused(scene, CREATE, new) == named
    [empty] = await refused(scene, CREATE, new | {"customFields": [text(fields.own, " "), text(fields.shared, "s")]})
    assert (empty[0], empty[1][:2]) == ("REQUIRED", ["customFields", "0"])
    draft = await client.mutate(CREATE, new | {"status": "DRAFT"}, VALUES)
    assert shown(draft) == {}
    whole = await client.mutate(CREATE, new | {"customFields": fields.needed}, VALUES)
    assert shown(whole) == {fields.own: "own", fields.shared: "shared"}


async def test_drafts_are_published_whole(client: Client) -> None:
    """CA4, CF29: a draft with a gap stays one; what the same patch brings counts."""
    scene = await build(client)
    fields = await required(scene)
    id = await scene.made(CREATE, scene.new(VISIT) | {"status": "DRAFT"}, "customActivity")
    publish = {"id": id, "patch": {"status": "PUBLISHED"}}
    assert await refused(scene, UPDATE, publish) == [("REQUIRED", ["patch", "customFields"])] * 2
    own, shared = ({"set": each} for each in fields.needed)
    gap = {"id": id, "patch": {"status": "PUBLISHED", "customFields": [own]}}
    assert await refused(scene, UPDATE, gap) == [("REQUIRED", ["patch", "customFields"])]
    assert shown(await patched(scene, id, customFields=[own])) == {fields.own: "own"}
    payload = await patched(scene, id, status="PUBLISHED", customFields=[shared])
    assert shown(payload) == {fields.own: "own", fields.shared: "shared"}
    assert payload["customActivity"]["customActivityStatus"] == "PUBLISHED"
    assert payload["customActivity"]["version"] == 3


async def test_published_activities_keep_what_is_required(client: Client) -> None:
    """CF29: no path takes the last value away while the activity is published; a draft may lose it (CA4)."""
    scene = await build(client)
    fields = await required(scene)
    given = [*fields.needed, text(fields.free, "free")]
    id = await scene.made(CREATE, scene.new(VISIT) | {"customFields": given}, "customActivity")
    for change in ({"unset": fields.own}, {"set": text(fields.own, "")}):
        [problem] = await refused(scene, UPDATE, {"id": id, "patch": {"customFields": [change]}})
        assert (problem[0], problem[1][:3]) == ("REQUIRED", ["patch", "customFields", "0"])
    for field in (fields.own, fields.shared):
        found = await refused(scene, "customFieldValueUnset", {"ownerId": id, "fieldId": field})
        assert found == [("REQUIRED", ["fieldId"])]
        [problem] = await refused(scene, "customFieldValueSet", {"ownerId": id, **text(field, "")})
        assert problem[0] == "REQUIRED"
    payload = await patched(scene, id, customFields=[{"set": text(fields.own, "new")}, {"unset": fields.free}])
    assert shown(payload) == {fields.own: "new", fields.shared: "shared"}
    payload = await patched(scene, id, customFields=[{"unset": fields.own}, {"set": text(fields.own, "again")}])
    assert shown(payload) == {fields.own: "again", fields.shared: "shared"}
    payload = await patched(scene, id, status="DRAFT", customFields=[{"unset": fields.own}])
    assert shown(payload) == {fields.shared: "shared"}
    assert (await client.mutate("customFieldValueUnset", {"ownerId": id, "fieldId": fields.shared}))["userErrors"] == []
    assert await refused(scene, UPDATE, {"id": id, "patch": {"status": "PUBLISHED"}}) == (
        [("REQUIRED", ["patch", "customFields"])] * 2
    )


async def test_last_item_of_a_required_field_stays(client: Client) -> None:
    """CF29: of several items all but one can be removed from a published activity."""
    scene = await build(client)
    options = {"choices": ["red", "blue"], "acceptsMultipleValues": True, "isRequired": True}
    field = await scene.field(VISIT, "CHOICES", **options)
    both = {"customFields": [{"fieldId": field, "value": {"choices": ["red", "blue"]}}]}
    id = await scene.made(CREATE, scene.new(VISIT) | both, "customActivity")
    red, blue = ({"ownerId": id, "fieldId": field, "item": {"choice": choice}} for choice in ("red", "blue"))
    assert (await client.mutate("customFieldValueRemove", red))["userErrors"] == []
    assert await refused(scene, "customFieldValueRemove", blue) == [("REQUIRED", ["fieldId"])]
    assert shown(await patched(scene, id)) == {field: "blue"}


async def test_later_requirements_ask_at_publishing_alone(client: Client) -> None:
    """CF29: what was published before a field became required can still be changed otherwise."""
    scene = await build(client)
    id, field = scene.ids["activity"], await scene.field(VISIT, "TEXT")
    await required(scene)
    payload = await patched(scene, id, date="2026-01-01T00:00:00Z", customFields=[{"set": text(field, "x")}])
    assert shown(payload) == {field: "x"}
    assert shown(await patched(scene, id, status="PUBLISHED")) == {field: "x"}


async def test_fields_have_to_be_the_types(client: Client) -> None:
    """CA3, CF6: a field of another type, or of another kind of object, is refused; so is one that does not exist."""
    scene = await build(client)
    second = await scene.made("customActivityTypeCreate", {"name": "Demo"}, "customActivityType")
    alien = await scene.field({"customActivityTypeId": second}, "TEXT")
    lead = await scene.field({"object": "LEAD"}, "TEXT")
    cases = [(alien, "INVALID"), (lead, "INVALID"), ("cf_x", "NOT_FOUND"), (scene.ids["foreign_field"], "NOT_FOUND")]
    id = scene.ids["activity"]
    for field, code in cases:
        input = scene.new(VISIT) | {"customFields": [text(field, "x")]}
        assert await refused(scene, CREATE, input) == [(code, ["customFields", "0", "fieldId"])]
        patch = {"customFields": [{"set": text(field, "x")}]}
        path = ["patch", "customFields", "0", "set", "fieldId"]
        assert await refused(scene, UPDATE, {"id": id, "patch": patch}) == [(code, path)]
        assert await refused(scene, "customFieldValueSet", {"ownerId": id, **text(field, "x")}) == [(code, ["fieldId"])]


async def test_contact_values_are_the_leads(client: Client) -> None:
    """CF22: on a custom activity a contact field takes the contacts of its lead."""
    scene = await build(client)
    field = await scene.field(VISIT, "CONTACT")
    own, other = ({"fieldId": field, "value": {"contacts": [scene.ids[name]]}} for name in ("bob", "cid"))
    [problem] = await refused(scene, CREATE, scene.new(VISIT) | {"customFields": [other]})
    assert problem == ("INVALID", ["customFields", "0", "value", "contacts", "0"])
    payload = await client.mutate(CREATE, scene.new(VISIT) | {"customFields": [own]}, VALUES)
    assert shown(payload) == {field: "bob"}
    id = scene.ids["activity"]
    [problem] = await refused(scene, UPDATE, {"id": id, "patch": {"customFields": [{"set": other}]}})
    assert problem == ("INVALID", ["patch", "customFields", "0", "set", "value", "contacts", "0"])
    assert shown(await patched(scene, id, customFields=[{"set": own}])) == {field: "bob"}


async def test_types_name_who_may_edit(client: Client) -> None:
    """CF27: create, update, delete and each change of a value need a role that the type names; reading does not."""
    scene, user = await build(client), await client.with_role("User")
    field, id = await scene.field(VISIT, "CHOICES", choices=["red"], acceptsMultipleValues=True), scene.ids["activity"]
    only = {"id": scene.ids["type"], "patch": {"editableWithRoleIds": [str(user.actor.role_id)]}}
    await scene.made("customActivityTypeUpdate", only, "customActivityType")
    item = {"ownerId": id, "fieldId": field, "item": {"choice": "red"}}
    whole = {"ownerId": id, "fieldId": field, "value": {"choices": ["red"]}}
    mutations: list[tuple[str, dict[str, Any], list[str]]] = [
        (CREATE, scene.new(VISIT), ["customTypeId"]),
        (UPDATE, {"id": id, "patch": {"date": "2026-01-01T00:00:00Z"}}, ["id"]),
        (UPDATE, {"id": id, "patch": {}}, ["id"]),
        ("customFieldValueSet", whole, ["ownerId"]),
        ("customFieldValueAdd", item, ["ownerId"]),
        ("customFieldValueRemove", item, ["ownerId"]),
        ("customFieldValueUnset", {"ownerId": id, "fieldId": field}, ["ownerId"]),
        ("activityDelete", {"id": id}, ["id"]),
    ]
    for mutation, input, path in mutations:
        assert await refused(scene, mutation, input) == [("PERMISSION_DENIED", path)], mutation
    data = await client.data("query($id: ID!) { activity(id: $id) { id } }", {"id": id})
    assert data == {"activity": {"id": id}}
    for mutation, input, _ in mutations:
        assert await scene.errors(mutation, input, user) == [], mutation
    assert [row["id"] for row in await rows(client, Activity) if row["id"] == id] == []


async def test_role_of_the_moment_decides(client: Client) -> None:
    """CF27: of a caller who was let in with another role, the one in the database counts."""
    scene, user = await build(client), await client.with_role("User")
    only = {"id": scene.ids["type"], "patch": {"editableWithRoleIds": [str(user.actor.role_id)]}}
    await scene.made("customActivityTypeUpdate", only, "customActivityType")
    assert await scene.errors(CREATE, scene.new(VISIT), user) == []
    async with client.database.write(client.actor) as session:
        own = {"role_id": client.actor.role_id}
        await session.update(User, own, col(User.id) == user.actor.user_id)
    assert await scene.errors(CREATE, scene.new(VISIT), user) == [("PERMISSION_DENIED", ["customTypeId"])]


async def test_update_patches(client: Client) -> None:
    """G5, L25: each patch changes what it names, values included, and its version grows once, if anything changed."""
    scene, client.now = await build(client), NOON
    field, id = await scene.field(VISIT, "TEXT"), scene.ids["activity"]
    expected = (await patched(scene, id, ACTIVITY))["customActivity"]
    ann, one = {"id": scene.ids["ann"]}, {"display": "one", "field": {"id": field}}
    patches: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"contactId": scene.ids["ann"]}, {"contact": ann}),
        ({"contactId": scene.ids["ann"], "status": "PUBLISHED"}, {}),
        ({"date": "2026-01-10T05:00:00Z"}, {"date": "2026-01-10T05:00:00+00:00"}),
        ({"customFields": [{"set": text(field, "one")}]}, {"customFields": [one]}),
        ({"customFields": [{"set": text(field, "one")}]}, {}),
        ({"customFields": []}, {}),
        ({"customFields": None}, {}),
        (
            {"status": "DRAFT", "customFields": [{"unset": field}]},
            {"customActivityStatus": "DRAFT", "customFields": []},
        ),
        ({"customFields": [{"unset": field}]}, {}),
        ({"contactId": None}, {"contact": None}),
    ]
    for patch, changed in patches:
        payload = await patched(scene, id, ACTIVITY, **patch)
        audit = {"version": expected["version"] + 1, "dateUpdated": NOON.isoformat()} if changed else {}
        expected = expected | changed | audit
        assert payload == {"customActivity": expected, "userErrors": []}, patch


@pytest.mark.parametrize("name", ["status", "date"])
async def test_members_stay_set(client: Client, name: str) -> None:
    scene = await build(client)
    found = await refused(scene, UPDATE, {"id": scene.ids["activity"], "patch": {name: None}})
    assert found == [("REQUIRED", ["patch", name])]


async def test_stale_update_is_refused(client: Client) -> None:
    scene = await build(client)
    field, id = await scene.field(VISIT, "TEXT"), scene.ids["activity"]
    input = {"id": id, "patch": {"customFields": [{"set": text(field, "first")}]}, "expectedVersion": 1}
    assert (await client.mutate(UPDATE, input))["userErrors"] == []
    second = input | {"patch": {"customFields": [{"set": text(field, "second")}]}}
    assert await refused(scene, UPDATE, second) == [("CONFLICT", ["expectedVersion"])]


async def test_only_custom_activities_are_updated(client: Client) -> None:
    """L22: an activity of another kind, an absent one and a foreign one are not found."""
    scene = await build(client)
    stranger = await Client.of(client.database, await organizations.create(client.database, "Other"))
    theirs = replace(scene, client=stranger, ids=(await build(stranger)).ids)
    await insert(client, Activity, {"id": "acti_note", "type": ActivityType.NOTE, "date": NOON})
    for id in ("acti_note", theirs.ids["activity"], "acti_absent", scene.ids["lead"]):
        found = await refused(scene, UPDATE, {"id": id, "patch": {"date": "2026-01-01T00:00:00Z"}})
        assert found == [("NOT_FOUND", ["id"])]


async def test_values_go_with_their_activity(client: Client) -> None:
    scene = await build(client)
    field = await scene.field(VISIT, "TEXT")
    id = await scene.made(CREATE, scene.new(VISIT) | {"customFields": [text(field, "x")]}, "customActivity")
    assert [row["object_id"] for row in await rows(client, CustomFieldValue)] == [id]
    assert (await client.mutate("activityDelete", {"id": id}))["userErrors"] == []
    assert await rows(client, CustomFieldValue) == []


@pytest.mark.parametrize("size", [10, 20])
async def test_statements_do_not_grow_with_the_fields(client: Client, size: int) -> None:
    """As many for ten fields as for twenty, required ones and users and contacts among them."""
    scene = await build(client)
    options = {"TEXT": {"text": "x"}, "USER": {"users": [{"id": "@me"}]}, "CONTACT": {"contacts": ["@ann"]}}
    made = [
        (await scene.field(VISIT, type_, isRequired=i % 2 == 0), value)
        for i, (type_, value) in enumerate(list(options.items()) * size)
        if i < size
    ]
    values = [{"fieldId": field, "value": scene.filled(value)} for field, value in made]
    input = scene.new(VISIT) | {"customFields": values, "contactId": scene.ids["ann"]}
    payload = await client.mutate(CREATE, input, "customActivity { id }")
    assert payload["userErrors"] == []
    assert len(await rows(client, CustomFieldValue)) == size
    assert client.statements == CREATING
    value = {"customFields": [{"set": each} for each in values]}
    await client.mutate(UPDATE, {"id": scene.ids["activity"], "patch": value})
    assert client.statements == CHANGING


CREATING, CHANGING = 10, 9


async def test_type_is_kept_while_an_activity_is_made(client: Client) -> None:
    """Whoever archives or deletes the type waits until the activity is there, and then finds it in use."""
    scene = await build(client)
    id = await scene.made("customActivityTypeCreate", {"name": "Demo"}, "customActivityType")
    archive = {"id": id, "patch": {"isArchived": True}}
    async with client.database.write(client.actor) as session:
        await session.share(CustomActivityType, [id])
        waiting = [
            asyncio.create_task(client.mutate("customActivityTypeDelete", {"id": id})),
            asyncio.create_task(client.mutate("customActivityTypeUpdate", archive)),
        ]
        done, _ = await asyncio.wait(waiting, timeout=0.3)
        assert done == set()
        row = {"id": "acti_x", "type": ActivityType.CUSTOM, "custom_type_id": id, "date": NOON, "date_created": NOON}
        await session.insert(Activity, row | {"date_updated": NOON})
    deleted, archived = await asyncio.gather(*waiting)
    assert [(error["code"], error["usedByCount"]) for error in deleted["userErrors"]] == [("IN_USE", 1)]
    assert archived["userErrors"] == []


async def test_activity_waits_for_a_change_of_its_type(client: Client) -> None:
    """What is archived or restricted meanwhile counts for an activity that is about to be made or changed."""
    scene, user = await build(client), await client.with_role("User")
    id, new = scene.ids["activity"], scene.new(VISIT)
    async with client.database.write(client.actor) as session:
        await session.lock(CustomActivityType, [scene.ids["type"]])
        waiting = [
            asyncio.create_task(client.mutate(CREATE, new)),
            asyncio.create_task(client.mutate(UPDATE, {"id": id, "patch": {"contactId": scene.ids["ann"]}})),
            asyncio.create_task(client.mutate("activityDelete", {"id": id})),
        ]
        done, _ = await asyncio.wait(waiting, timeout=0.3)
        assert done == set()
        values = {"is_archived": True, "editable_with_role_ids": [user.actor.role_id]}
        await session.update(CustomActivityType, values, col(CustomActivityType.id) == scene.ids["type"])
    payloads = await asyncio.gather(*waiting)
    codes = [[error["code"] for error in payload["userErrors"]] for payload in payloads]
    assert codes == [["PERMISSION_DENIED"]] * 3
    assert await scene.errors(CREATE, new, user) == [("CONFLICT", ["customTypeId"])]


async def test_deleting_a_type_takes_its_fields(client: Client) -> None:
    """CA1: a shared one stays, without its place there; a type of the same name can be made anew."""
    scene = await build(client)
    fields = await required(scene)
    await client.mutate("activityDelete", {"id": scene.ids["activity"]})
    payload = await client.mutate("customActivityTypeDelete", {"id": scene.ids["type"]}, "deletedId")
    assert payload["deletedId"] == scene.ids["type"]
    assert [row["id"] for row in await rows(client, CustomField)] == [fields.shared]
    assert await rows(client, CustomFieldPlacement) == []
    await scene.made("customActivityTypeCreate", {"name": "Visit"}, "customActivityType")
