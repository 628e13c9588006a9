"""Who may edit values, by every mutation that writes them (rule CF27); reading is open to all."""

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson
import pytest
from graphql import GraphQLInputObjectType, get_named_type
from sqlmodel import col

from app.graphql.schema import schema
from app.services.close_format import import_file
from app.storage.organizations import User
from tests.client import Client
from tests.graphql.custom_scene import CONTACT, KINDS, LEAD, VISIT, Kind, Scene, Way, below, build, changes, creations

COLOURS: dict[str, Any] = {"choices": ["red", "blue"], "acceptsMultipleValues": True}
WRITING = {"CustomFieldSetInput", "CustomFieldChangeInput", "CustomFieldValueInput", "CustomFieldItemInput"}
every_kind = pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])


def paths(scene: Scene, kind: Kind, field: str) -> Iterator[tuple[Way, list[str]]]:
    """Every mutation that changes a value [red] on this kind of object, with the path to the field's id."""
    set_ = {"fieldId": field, "value": {"choices": ["blue", "red"]}}
    for way in creations(scene, kind, set_):
        yield way, below(way, "fieldId")
    items = {"add": "blue", "remove": "red"}
    bodies = {change: {"fieldId": field, "item": {"choice": choice}} for change, choice in items.items()}
    for change, body in {"set": set_, **bodies, "unset": field}.items():
        patch, focused = changes(scene.ids[kind.name], kind, change, body)
        yield patch, patch.path if change == "unset" else below(patch, "fieldId")
        yield focused, ["fieldId"]


async def restricted(scene: Scene, kind: Kind, *, own: list[str], placed: list[str] | None = None) -> str:
    """A field for these roles, a shared one with roles of its association where they are given."""
    scope: dict[str, Any] = scene.target(kind)
    if placed is not None:
        scope = {"shared": [{"target": scope, "editableWithRoleIds": placed}]}
    return await scene.field(scope, "CHOICES", **COLOURS, editableWithRoleIds=own)


async def fill(scene: Scene, kind: Kind, field: str, caller: Client) -> None:
    _, way = changes(scene.ids[kind.name], kind, "set", {"fieldId": field, "value": {"choices": ["red"]}})
    assert await scene.errors(way.mutation, way.input, caller) == []


async def all_refuse(scene: Scene, kind: Kind, field: str, caller: Client) -> None:
    """Every path says so at the field, and nothing is written; the caller reads what is there."""
    before = await scene.sizes(), await scene.owner(kind, scene.ids[kind.name], field)
    for way, path in paths(scene, kind, field):
        assert await scene.errors(way.mutation, way.input, caller) == [("PERMISSION_DENIED", path)], way
    assert (await scene.sizes(), await replace(scene, client=caller).owner(kind, scene.ids[kind.name], field)) == before
    assert before[1]["one"]["choices"] == ["red"]


async def all_accept(scene: Scene, kind: Kind, field: str, caller: Client) -> None:
    for way, _ in paths(scene, kind, field):
        assert await scene.errors(way.mutation, way.input, caller) == [], way
        await fill(scene, kind, field, caller)


async def test_every_path_stands_in_the_table(client: Client) -> None:
    """CF27: what takes values is walked by the tests below; a new mutation that does has to be among them."""
    scene = await build(client)
    walked = {way.mutation for kind in KINDS for way, _ in paths(scene, kind, "cf_x")}
    root = schema._schema.mutation_type
    assert root is not None
    taking = {name for name, field in root.fields.items() if writes(field.args["input"].type, set())}
    assert walked == taking | {"customFieldValueUnset"}


def writes(type_: Any, seen: set[str]) -> bool:
    """Whether values of custom fields can stand somewhere in an input."""
    named = get_named_type(type_)
    if named.name in WRITING:
        return True
    if not isinstance(named, GraphQLInputObjectType) or named.name in seen:
        return False
    seen.add(named.name)
    return any(writes(member.type, seen) for member in named.fields.values())


@every_kind
async def test_only_listed_roles_edit_a_field(client: Client, kind: Kind) -> None:
    """CF27: whoever has another role is refused by every path, administrators too; no list lets all of them."""
    scene, manager = await build(client), await client.with_role("Manager")
    role = str(manager.actor.role_id)
    field, free = await restricted(scene, kind, own=[role]), await restricted(scene, kind, own=[])
    await fill(scene, kind, field, manager)
    for caller in (client, await client.with_role("User")):
        await all_refuse(scene, kind, field, caller)
        await fill(scene, kind, free, caller)
        await all_accept(scene, kind, free, caller)
    await all_accept(scene, kind, field, manager)


@every_kind
async def test_shared_fields_and_their_places_both_decide(client: Client, kind: Kind) -> None:
    """CF8, CF27: the roles of the association and those of the field itself have to let the caller."""
    scene, manager, user = await build(client), await client.with_role("Manager"), await client.with_role("User")
    one, two = str(manager.actor.role_id), str(user.actor.role_id)
    for own, placed in (([], [one]), ([one], []), ([one], [one, two]), ([one, two], [one])):
        field = await restricted(scene, kind, own=own, placed=placed)
        await fill(scene, kind, field, manager)
        await all_refuse(scene, kind, field, user)
        await all_accept(scene, kind, field, manager)


async def test_associations_restrict_their_own_kind_alone(client: Client) -> None:
    """CF8, CF27: who may not edit a shared field on leads may edit it on contacts."""
    scene, manager = await build(client), await client.with_role("Manager")
    roles = {"editableWithRoleIds": [str(manager.actor.role_id)]}
    places = [{"target": scene.target(LEAD), **roles}, {"target": scene.target(CONTACT)}]
    field = await scene.field({"shared": places}, "CHOICES", **COLOURS)
    await fill(scene, CONTACT, field, client)
    _, way = changes(scene.ids["lead"], LEAD, "set", {"fieldId": field, "value": {"choices": ["red"]}})
    assert await scene.errors(way.mutation, way.input) == [("PERMISSION_DENIED", ["fieldId"])]


async def test_types_restrict_their_activities(client: Client) -> None:
    """CF27, CA3: whoever may not edit activities of a type writes no value of them by any path."""
    scene, manager = await build(client), await client.with_role("Manager")
    field = await restricted(scene, VISIT, own=[])
    await fill(scene, VISIT, field, manager)
    patch = {"editableWithRoleIds": [str(manager.actor.role_id)]}
    await scene.made("customActivityTypeUpdate", {"id": scene.ids["type"], "patch": patch}, "customActivityType")
    before = await scene.sizes(), await scene.owner(VISIT, scene.ids["activity"], field)
    for way, _ in paths(scene, VISIT, field):
        assert [code for code, _ in await scene.errors(way.mutation, way.input)] == ["PERMISSION_DENIED"], way
    assert (await scene.sizes(), await scene.owner(VISIT, scene.ids["activity"], field)) == before
    await all_accept(scene, VISIT, field, manager)


@every_kind
async def test_one_refusal_refuses_the_whole(client: Client, kind: Kind) -> None:
    """CF27: what else an input asks for is not done; without the field it is."""
    scene, manager = await build(client), await client.with_role("Manager")
    field, free = await restricted(scene, kind, own=[str(manager.actor.role_id)]), await scene.field(kind, "TEXT")
    id, before = scene.ids[kind.name], await scene.sizes()
    allowed = {"set": {"fieldId": free, "value": {"text": "x"}}}
    denied = {"set": {"fieldId": field, "value": {"choices": ["red"]}}}
    patch = {"id": id, "patch": {"customFields": [allowed, denied]}}
    assert await scene.errors(kind.update, patch) == [
        ("PERMISSION_DENIED", ["patch", "customFields", "1", "set", "fieldId"])
    ]
    assert await scene.sizes() == before
    assert await scene.errors(kind.update, {"id": id, "patch": {"customFields": [allowed]}}) == []


@every_kind
async def test_role_is_that_of_the_moment(client: Client, kind: Kind) -> None:
    """CF27: of a caller who was let in with another role the one in the database counts."""
    scene, manager = await build(client), await client.with_role("Manager")
    user = await client.with_role("User")
    field = await restricted(scene, kind, own=[str(manager.actor.role_id)])
    for member in (manager, user):
        await give(member, str(manager.actor.role_id))
        await fill(scene, kind, field, member)
        await all_accept(scene, kind, field, member)
        await give(member, str(user.actor.role_id))
        await all_refuse(scene, kind, field, member)


async def give(member: Client, role_id: str) -> None:
    async with member.database.write(member.actor) as session:
        await session.update(User, {"role_id": role_id}, col(User.id) == member.actor.user_id)


async def test_imports_write_as_administrators(client: Client) -> None:
    """CF27: the roles of a field do not bind an import."""
    scene, manager = await build(client), await client.with_role("Manager")
    field = await restricted(scene, LEAD, own=[str(manager.actor.role_id)])
    lead = {"id": "lead_imported", "display_name": "Imported", f"custom.{field}": ["red"]}
    summary = await import_file(client.database, client.organization_id, io.BytesIO(orjson.dumps([lead])))
    assert (summary.created, summary.rejected) == (1, 0)
    value = await scene.value(LEAD, "lead_imported", field)
    assert (value and value["choices"]) == ["red"]
