"""Every type of custom field on every kind of object by every mutation that writes values (rules CF1, CF2)."""

from collections.abc import AsyncIterator, Iterator
from itertools import product
from typing import Any

import pytest

from app.services import organizations
from app.storage.custom_fields import CustomFieldValue
from tests.client import Client
from tests.conftest import STORES, migrated, opened
from tests.graphql import custom_scene
from tests.graphql.custom_scene import CONTACT, KINDS, LEAD, VISIT, Kind, Scene, Way, below, changes, creations
from tests.graphql.custom_value_cases import CASES, ITEMS, MEMBERS, SCHEMA, Case, Good
from tests.graphql.search_rows import where

PLACES = [(kind, name) for kind, name in product(KINDS, CASES) if kind is VISIT or not CASES[name].alone]
LISTS = [(kind, name) for kind, name in PLACES if CASES[name].is_multiple]


def named(places: list[tuple[Kind, str]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("kind", "name"), places, ids=[f"{kind.name}-{name}" for kind, name in places])


every_place, every_list = named(PLACES), named(LISTS)
every_kind = pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])


@pytest.fixture(scope="module", params=STORES)
async def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    """One organization for all these tests: each has fields of its own on the same few objects."""
    async with migrated(request.param, request, tmp_path_factory.mktemp("custom")) as url, opened(url) as database:
        yield await custom_scene.build(await Client.of(database, await organizations.create(database, "Acme")))


@pytest.fixture(autouse=True)
async def emptied(scene: Scene) -> AsyncIterator[None]:
    """Nothing is left on the objects for the next test."""
    yield
    async with scene.client.database.write(scene.client.actor) as session:
        await session.delete(CustomFieldValue)


def expected(scene: Scene, case: Case, field: str, good: Good) -> dict[str, Any]:
    own = {case.member: scene.filled(good.shown), "display": good.display}
    return {"__typename": case.typename, "field": {"id": field}} | own


async def of_case(scene: Scene, kind: Kind, case: Case) -> str:
    return await scene.field(kind, case.data_type, **case.definition)


def setting(scene: Scene, case: Case, field: str, value: Any) -> dict[str, Any]:
    return {"fieldId": field, "value": {case.member: scene.filled(value)}}


async def done(scene: Scene, way: Way) -> None:
    assert await scene.errors(way.mutation, way.input) == [], way


async def created(scene: Scene, kind: Kind, way: Way) -> str:
    """The id of the object of this kind that a mutation makes."""
    if kind is CONTACT and way.mutation == LEAD.create:
        payload = await scene.client.mutate(way.mutation, way.input, "lead { contacts { nodes { id } } }")
        assert payload["userErrors"] == [], way
        return str(payload["lead"]["contacts"]["nodes"][0]["id"])
    return await scene.made(way.mutation, way.input, kind.member)


def lacks_contacts(case: Case, way: Way) -> bool:
    """Whether a value names contacts of a lead that has none yet."""
    return case.data_type == "CONTACT" and way.mutation == LEAD.create


@every_place
async def test_new_objects_have_their_values(scene: Scene, kind: Kind, name: str) -> None:
    """CF1, CF2, L19: what is created with a value has it; on a new lead no contact can be named yet."""
    case = CASES[name]
    field = await of_case(scene, kind, case)
    for good in case.good:
        for way in creations(scene, kind, setting(scene, case, field, good.input)):
            if lacks_contacts(case, way):
                found = await scene.errors(way.mutation, way.input)
                assert ("INVALID", below(way, "value", "contacts", "0")) in found, way
                continue
            _, value = await scene.state(kind, await created(scene, kind, way), field)
            assert value == expected(scene, case, field, good), way


@every_place
async def test_values_are_replaced(scene: Scene, kind: Kind, name: str) -> None:
    """CF2, CF13-CF19, L20, L25: by both ways in turn, each seen by the other as no change at all."""
    case, id = CASES[name], scene.ids[kind.name]
    field, version = await of_case(scene, kind, case), await scene.version(kind, id)
    for place, good in enumerate(case.good, 1):
        ways = changes(id, kind, "set", setting(scene, case, field, good.input))
        for way in ways if place % 2 else reversed(ways):
            await done(scene, way)
            assert await scene.state(kind, id, field) == (version + place, expected(scene, case, field, good)), way


@every_place
async def test_values_are_unset(scene: Scene, kind: Kind, name: str) -> None:
    """L5, L25, F33: by unsetting or by an empty value; a second time nothing happens."""
    case, id = CASES[name], scene.ids[kind.name]
    field, version = await of_case(scene, kind, case), await scene.version(kind, id)
    full, _ = changes(id, kind, "set", setting(scene, case, field, case.good[0].input))
    ways, exists = [*changes(id, kind, "unset", field)], where({"customField": field}, exists=True)
    for empty in case.empty:
        ways += changes(id, kind, "set", setting(scene, case, field, empty))
    for way in ways:
        await done(scene, full)
        assert await scene.is_found(kind, id, exists), way
        version += 2
        for _ in range(2):
            await done(scene, way)
            assert await scene.state(kind, id, field) == (version, None), way
        assert not await scene.is_found(kind, id, exists), way


@every_list
async def test_items_come_and_go(scene: Scene, kind: Kind, name: str) -> None:
    """CF26, L25: in the order in which they came; one that is there, or is not, changes nothing. By both ways."""
    case, id = CASES[name], scene.ids[kind.name]
    field, version = await of_case(scene, kind, case), await scene.version(kind, id)
    before: list[Any] = []
    for place, (change, item, left) in enumerate(case.items):
        way = changes(id, kind, change, {"fieldId": field, "item": scene.filled(item)})[place % 2]
        await done(scene, way)
        version, before = version + (left != before), left
        found, value = await scene.state(kind, id, field)
        assert (found, value[case.member] if value else []) == (version, scene.filled(left)), way


@every_place
async def test_bad_values_are_refused(scene: Scene, kind: Kind, name: str) -> None:
    """CF2, CF13-CF19: with the path to the fault, by every way; nothing is written, and what was there stays."""
    case, id, good = CASES[name], scene.ids[kind.name], CASES[name].good[0]
    field = await of_case(scene, kind, case)
    await done(scene, changes(id, kind, "set", setting(scene, case, field, good.input))[0])
    before = await scene.state(kind, id, field), await scene.sizes()
    for place, (value, code, path) in enumerate([*unkept(case), *unfit(case)]):
        set_ = {"fieldId": field, "value": scene.filled(value)}
        ways = [*creations(scene, kind, set_), *changes(id, kind, "set", set_)]
        for way in ways if place < len(unkept(case)) else ways[place % len(ways) :][:1]:
            if not lacks_contacts(case, way):
                found = await scene.errors(way.mutation, way.input)
                assert found == [(code, None if path is None else below(way, "value", *path))], way
    assert (await scene.state(kind, id, field), await scene.sizes()) == before


Refusal = tuple[dict[str, Any], str, list[str] | None]


def unkept(case: Case) -> list[Refusal]:
    """Values of the type that are none of the field, with the codes and paths of their refusals."""
    return [({case.member: value}, code, [case.member, *path]) for value, code, path in case.bad if path is not None]


def unfit(case: Case) -> list[Refusal]:
    """Values of other types, and what the schema refuses: each goes one way, and the next one another."""
    refused = [{case.member: value} for value, _, path in case.bad if path is None]
    others: list[Refusal] = [
        ({name: value}, "INVALID", [name]) for name, value in MEMBERS.items() if name != case.member
    ]
    return others + [(value, SCHEMA, None) for value in [*refused, {}, MEMBERS]]


@every_place
async def test_bad_items_are_refused(scene: Scene, kind: Kind, name: str) -> None:
    """CF2, CF26: those that do not fit, and any at all where there can be one value only. To take out a contact that is
    not there is none (L26)."""
    case, id = CASES[name], scene.ids[kind.name]
    field = await of_case(scene, kind, case)
    before = await scene.version(kind, id), None
    for place, (item, code, path) in enumerate(bad_items(case)):
        for change, other in (("add", 0), ("remove", 1)):
            way = changes(id, kind, change, {"fieldId": field, "item": scene.filled(item)})[(place + other) % 2]
            is_absent = change == "remove" and case.is_multiple and case.member == "contacts" and "contact" in item
            refused = [] if is_absent else [(code, below(way, *path))]
            assert await scene.errors(way.mutation, way.input) == refused, way
    assert await scene.state(kind, id, field) == before


def bad_items(case: Case) -> Iterator[tuple[dict[str, Any], str, list[str]]]:
    """Items with the codes and paths of their refusals."""
    if case.is_multiple:
        yield from ((item, code, ["item", *path]) for item, code, path in case.bad_items)
    else:
        yield from ((item, "INVALID", ["fieldId"]) for item in ITEMS)


@every_kind
async def test_fields_have_to_be_there(scene: Scene, kind: Kind) -> None:
    """L19, CF4-CF8: unknown and foreign fields are not found; those of other kinds of object are refused."""
    id, before = scene.ids[kind.name], await scene.sizes()
    elsewhere = [await scene.field(other, "TEXT") for other in KINDS if other is not kind]
    elsewhere += [await scene.field({"shared": []}, "TEXT")]
    fields = dict.fromkeys(("cf_absent", "", scene.ids["foreign_field"]), "NOT_FOUND")
    for field, code in (fields | dict.fromkeys(elsewhere, "INVALID")).items():
        for way in creations(scene, kind, {"fieldId": field, "value": {"text": "x"}}):
            assert await scene.errors(way.mutation, way.input) == [(code, below(way, "fieldId"))], way
        for way, path in every_change(id, kind, field):
            assert await scene.errors(way.mutation, way.input) == [(code, path)], way
    assert await scene.sizes() == before


def every_change(id: str, kind: Kind, field: str) -> Iterator[tuple[Way, list[str]]]:
    """Each change of a text or of a choice by each way, with the path to the field."""
    bodies: dict[str, Any] = {"set": {"fieldId": field, "value": {"text": "x"}}, "unset": field}
    bodies |= {change: {"fieldId": field, "item": {"choice": "x"}} for change in ("add", "remove")}
    for change, body in bodies.items():
        patch, focused = changes(id, kind, change, body)
        yield patch, patch.path if change == "unset" else below(patch, "fieldId")
        yield focused, ["fieldId"]


async def test_owners_have_to_be_there(scene: Scene) -> None:
    """L1, CF1: absent and foreign objects, and those that hold no values, are not found."""
    field, lead = await scene.field(LEAD, "TEXT"), scene.ids["lead"]
    note = await scene.made("noteCreate", {"leadId": lead, "text": "Hello"}, "note")
    for owner in ("lead_absent", "cont_absent", "oppo_absent", "acti_absent", "", note, *without_values(scene)):
        for way, _ in every_change(owner, LEAD, field):
            if way.mutation != LEAD.update:
                assert await scene.errors(way.mutation, way.input) == [("NOT_FOUND", ["ownerId"])], way


def without_values(scene: Scene) -> list[str]:
    return [scene.ids[name] for name in ("foreign_lead", "foreign_contact", "me", "type")]


@every_kind
async def test_shared_field_is_the_same_everywhere(scene: Scene, kind: Kind) -> None:
    """CF7, CF8: one field on all four kinds of object, with a value of its own on each."""
    field = await scene.field({"shared": [{"target": scene.target(kind)} for kind in KINDS]}, "TEXT")
    for other in KINDS:
        way, _ = changes(scene.ids[other.name], other, "set", {"fieldId": field, "value": {"text": other.name}})
        await done(scene, way)
    _, way = changes(scene.ids[kind.name], kind, "unset", field)
    await done(scene, way)
    for other in KINDS:
        value = await scene.value(other, scene.ids[other.name], field)
        assert (value and value["text"]) == (None if other is kind else other.name)


@every_kind
async def test_changes_of_a_patch_come_in_order(scene: Scene, kind: Kind) -> None:
    """L20, L25: each sees the ones before it, and all of them are one change of the object."""
    choices, id = CASES["choices"], scene.ids[kind.name]
    field, other = await of_case(scene, kind, choices), await scene.field(kind, "TEXT")
    version = await scene.version(kind, id)
    items = [{"fieldId": field, "item": {"choice": choice}} for choice in ("red", "Green", "blue")]
    patch = [
        {"set": {"fieldId": field, "value": {"choices": ["red"]}}},
        {"add": items[1]},
        {"set": {"fieldId": other, "value": {"text": "one"}}},
        {"remove": items[0]},
        {"add": items[2]},
        {"add": items[0]},
        {"unset": other},
        {"set": {"fieldId": other, "value": {"text": "two"}}},
    ]
    assert await scene.errors(kind.update, {"id": id, "patch": {"customFields": patch}}) == []
    value, text = await scene.value(kind, id, field), await scene.value(kind, id, other)
    assert (value and value["choices"], text and text["text"]) == (["Green", "blue", "red"], "two")
    assert await scene.version(kind, id) == version + 1
    back = [{"remove": items[2]}, {"set": {"fieldId": other, "value": {"text": "x"}}}, {"unset": field}]
    fault = {"set": {"fieldId": other, "value": {"number": 1}}}
    found = await scene.errors(kind.update, {"id": id, "patch": {"customFields": [*back, fault]}})
    assert found == [("INVALID", ["patch", "customFields", "3", "set", "value", "number"])]
    assert (await scene.value(kind, id, field), await scene.value(kind, id, other)) == (value, text)
    assert await scene.version(kind, id) == version + 1
