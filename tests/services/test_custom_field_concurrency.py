"""Values of custom fields that many change at once: nothing acknowledged is lost, nothing is outside its definition."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Sequence
from random import Random
from typing import Any, NamedTuple, TypeVar

import pytest
from sqlalchemy import and_, select
from sqlmodel import col

from app.domain.time import Clock, now
from app.services import organizations
from app.services.custom_value_owners import add_value, remove_value, set_value
from app.services.work import UseCase, Work
from app.storage.custom_fields import CustomField, CustomFieldPlacement, CustomFieldValue
from app.storage.leads import Lead
from app.storage.organizations import User
from app.storage.reads import table_of
from app.storage.scope import visible
from app.storage.session import ScopedSession
from tests.client import Client
from tests.conftest import opened
from tests.graphql.custom_scene import CONTACT, LEAD, Scene, build
from tests.storage.watching import until

WRITERS, OPERATIONS = 8, 250
COLOURS = [f"colour {number}" for number in range(12)]

CHANGES: dict[str, UseCase] = {"set": set_value, "add": add_value, "remove": remove_value}

Items = tuple[str, ...]
Result = TypeVar("Result")

_leads, _values = table_of(Lead), table_of(CustomFieldValue)
_fields, _placements = table_of(CustomField), table_of(CustomFieldPlacement)


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[Scene]:
    """An organization on a database with a connection for each writer."""
    async with opened(database_url, pool_size=WRITERS + 1) as database:
        yield await build(await Client.of(database, await organizations.create(database, "Acme")))


async def together(*writing: Coroutine[Any, Any, Result]) -> list[Result]:
    """What each returns of those who write at once; where one fails the others stop."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(each) for each in writing]
    return [task.result() for task in tasks]


async def while_others(watching: Coroutine[Any, Any, None], *writing: Coroutine[Any, Any, Result]) -> list[Result]:
    """What the writers return, who were watched all the time."""
    async with asyncio.TaskGroup() as group:
        watcher = group.create_task(watching)
        results = await together(*writing)
        watcher.cancel()
    return results


async def test_acknowledged_items_are_there(scene: Scene) -> None:
    """D1: each writer adds and removes items of its own on the same value; each change counts as one version."""
    choices = [f"{writer} {number}" for writer in range(WRITERS) for number in range(20)]
    field = await scene.field(LEAD, "CHOICES", choices=choices, acceptsMultipleValues=True)
    lead, version = scene.ids["lead"], await scene.version(LEAD, scene.ids["lead"])

    async def write(writer: int) -> tuple[set[str], int]:
        """What the writer has been told is there, and how often something changed."""
        dice, there, changed = Random(writer), set[str](), 0
        for _ in range(OPERATIONS):
            choice = f"{writer} {dice.randrange(20)}"
            change = dice.choice(["Add", "Remove"])
            changed += (choice in there) is (change == "Remove")
            (there.add if change == "Add" else there.discard)(choice)
            input = {"ownerId": lead, "fieldId": field, "item": {"choice": choice}}
            assert await scene.errors(f"customFieldValue{change}", input) == []
        return there, changed

    outcomes = await together(*map(write, range(WRITERS)))
    value = await scene.value(LEAD, lead, field)
    found = value["choices"] if value else []
    assert sorted(found) == sorted(choice for there, _ in outcomes for choice in there)
    assert await scene.version(LEAD, lead) == version + sum(changed for _, changed in outcomes)


class Step(NamedTuple):
    """An operation, and the version and the items of the lead at the end of its transaction."""

    change: str
    given: Items
    version: int
    items: Items


def applied(before: Items, change: str, given: Items) -> Items:
    if change == "set":
        return given
    if change == "add":
        return before if given[0] in before else before + given
    return tuple(item for item in before if item != given[0])


async def test_replacing_and_adding_have_one_order(scene: Scene) -> None:
    """D2: the versions of the lead are a serial order that explains what every operation and every reader saw."""
    field = await scene.field(LEAD, "CHOICES", choices=COLOURS, acceptsMultipleValues=True)
    lead, first = scene.ids["lead"], await scene.version(LEAD, scene.ids["lead"])
    seen: set[tuple[int, Items]] = set()

    async def read() -> None:
        while True:
            async with scene.client.database.read(scene.client.actor) as session:
                seen.add(await state(session, lead, field))
            await asyncio.sleep(0.002)

    async def write(writer: int) -> list[Step]:
        dice = Random(writer)
        return [await step(scene, lead, field, dice) for _ in range(OPERATIONS)]

    histories = await while_others(read(), *map(write, range(WRITERS)))
    steps = [step for history in histories for step in history]
    states: dict[int, Items] = {first: ()}
    for version, items in [*((step.version, step.items) for step in steps), *seen]:
        assert states.setdefault(version, items) == items, version
    assert sorted(states) == list(range(first, first + len(states)))
    explained = {first}
    for change, given, version, items in steps:
        assert applied(items, change, given) == items, (change, given, items)
        if version > first and applied(states[version - 1], change, given) == items:
            explained.add(version)
    assert explained == set(states)
    assert len(seen) > 10


async def step(scene: Scene, lead: str, field: str, dice: Random) -> Step:
    """Do something to the value, and look at the lead within the same transaction."""
    change = dice.choice(["set", "add", "add", "remove"])
    given = tuple(dice.sample(COLOURS, 3 if change == "set" else 1))
    input: dict[str, Any] = {"owner_id": lead, "field_id": field}
    input |= {"value": {"choices": list(given)}} if change == "set" else {"item": {"choice": given[0]}}

    async def work(session: ScopedSession) -> Step:
        await CHANGES[change].run(Work(session, scene.client.actor, Clock.at(now(), "UTC")), **input)
        return Step(change, given, *await state(session, lead, field))

    return await scene.client.database.transact(scene.client.actor, work)


async def state(session: ScopedSession, lead: str, field: str) -> tuple[int, Items]:
    """The version and the items of a lead, in one statement and so of one moment."""
    is_its = and_(visible(_values), _values.c.lead_id == _leads.c.id, _values.c.field_id == field)
    statement = select(_leads.c.version, _values.c.item).select_from(_leads.outerjoin(_values, is_its))
    statement = statement.where(visible(_leads), _leads.c.id == lead).order_by(_values.c.position)
    rows = await session.rows(statement)
    return rows[0].version, tuple(row.item for row in rows if row.item is not None)


async def test_values_stay_inside_their_definitions(scene: Scene) -> None:
    """D10, CF25, CF26: while choices come and go, and a field takes several values or one."""
    field = await scene.field(LEAD, "CHOICES", choices=COLOURS, acceptsMultipleValues=True)
    leads = [scene.ids["lead"], scene.ids["other"]]
    written: Counter[str] = Counter()
    defined: Counter[str] = Counter()

    async def define() -> None:
        dice = Random("definition")
        for _ in range(OPERATIONS):
            choices = dice.sample(COLOURS, 10)
            patch = dice.choice(
                [{"choices": choices}, {"choices": COLOURS}, {"acceptsMultipleValues": dice.random() < 0.5}]
            )
            defined[outcome(await scene.errors("customFieldUpdate", {"id": field, "patch": patch}))] += 1

    async def write(writer: int) -> None:
        dice = Random(writer)
        for _ in range(OPERATIONS):
            owner = {"ownerId": dice.choice(leads), "fieldId": field}
            choices = dice.sample(COLOURS, dice.choice([1, 1, 1, 2]))
            item = {"item": {"choice": choices[0]}}
            inputs: dict[str, dict[str, Any]] = {
                "Set": {"value": {"choices": choices}},
                "Add": item,
                "Remove": item,
                "Unset": {},
            }
            change = dice.choice(list(inputs))
            written[outcome(await scene.errors(f"customFieldValue{change}", owner | inputs[change]))] += 1

    await while_others(watch(scene), define(), *map(write, range(WRITERS - 1)))
    await check(scene)
    assert (set(written), set(defined)) == ({"done", "INVALID"}, {"done", "IN_USE"})


async def test_no_value_outlives_its_field_or_its_place(scene: Scene) -> None:
    """D10, CF3, CF8: while fields are deleted, and a shared one comes to leads and goes from them."""
    targets = {"target": scene.target(LEAD)}
    shared = await scene.field({"shared": [targets]}, "TEXT")
    fields = [shared, await scene.field(LEAD, "TEXT")]
    written: Counter[str] = Counter()

    async def place() -> None:
        for _ in range(OPERATIONS // 2):
            assert await scene.errors("customFieldAssociationDelete", {"fieldId": shared, **targets}) == []
            await asyncio.sleep(0.005)
            assert await scene.errors("customFieldAssociationCreate", {"fieldId": shared, "association": targets}) == []
            await asyncio.sleep(0.005)

    async def delete() -> None:
        for _ in range(OPERATIONS // 2):
            assert await scene.errors("customFieldDelete", {"id": fields[1]}) == []
            fields[1] = await scene.field(LEAD, "TEXT")
            await asyncio.sleep(0.005)

    async def write(writer: int) -> None:
        dice = Random(writer)
        for place in range(OPERATIONS):
            input = {
                "ownerId": scene.ids["lead"],
                "fieldId": dice.choice(fields),
                "value": {"text": f"{writer} {place}"},
            }
            written[outcome(await scene.errors("customFieldValueSet", input))] += 1

    await while_others(watch(scene), place(), delete(), *map(write, range(WRITERS - 2)))
    await check(scene)
    assert set(written) == {"done", "INVALID", "NOT_FOUND"}


def outcome(errors: Sequence[tuple[str, Any]]) -> str:
    return ", ".join({code for code, _ in errors}) or "done"


async def watch(scene: Scene) -> None:
    while True:
        await check(scene)
        await asyncio.sleep(0.01)


async def check(scene: Scene) -> None:
    """Every value is one that its field and the field's place allow, at one moment."""
    places = and_(visible(_placements), _placements.c.field_id == _values.c.field_id, _placements.c.target == "lead")
    tables = _values.outerjoin(_fields, and_(visible(_fields), _fields.c.id == _values.c.field_id))
    columns = _values.c.object_id, _values.c.field_id, _values.c.item, _values.c.slot, _placements.c.target
    statement = select(*columns, _fields.c.choices, _fields.c.accepts_multiple_values)
    async with scene.client.database.read(scene.client.actor) as session:
        rows = await session.rows(statement.select_from(tables.outerjoin(_placements, places)).where(visible(_values)))
    for row in rows:
        assert row.target == "lead", row
        assert row.choices is None or row.item in row.choices, row
        assert row.slot == (row.item if row.accepts_multiple_values else ""), row
    held = Counter((row.object_id, row.field_id) for row in rows if not row.accepts_multiple_values)
    assert set(held.values()) <= {1}, held


async def test_contacts_that_name_each_other(scene: Scene) -> None:
    """CF21: those who write them take turns, and none is told that the database is busy."""
    field = await scene.field(CONTACT, "CONTACT", acceptsMultipleValues=True)
    pair = scene.ids["ann"], scene.ids["bob"]

    async def write(writer: int) -> None:
        owner, other = pair if writer % 2 else pair[::-1]
        for round in range(10):
            value = {"contacts": [other, owner] if round % 2 else [other]}
            assert await scene.errors("customFieldValueSet", {"ownerId": owner, "fieldId": field, "value": value}) == []

    await together(*map(write, range(WRITERS)))


async def test_role_is_that_of_the_write(scene: Scene) -> None:
    """D10, CF27: while a member's role changes to and fro, each write goes by one that the member had meanwhile."""
    manager, user = await scene.client.with_role("Manager"), await scene.client.with_role("User")
    roles = [str(manager.actor.role_id), str(user.actor.role_id)]
    field = await scene.field(LEAD, "TEXT", editableWithRoleIds=roles[:1])
    begun = ended = 0
    answered: Counter[tuple[str, bool]] = Counter()

    async def change() -> None:
        nonlocal begun, ended
        while True:
            begun += 1
            async with scene.client.database.write(scene.client.actor) as session:
                await session.update(User, {"role_id": roles[begun % 2]}, col(User.id) == manager.actor.user_id)
            ended = begun
            await more(3 * WRITERS)

    async def more(answers: int) -> None:
        due = answered.total() + answers
        await until(lambda: answered.total() >= due)

    async def write(writer: int) -> None:
        for place in range(OPERATIONS // 2):
            earliest = ended
            input = {"ownerId": scene.ids["lead"], "fieldId": field, "value": {"text": f"{writer} {place}"}}
            found = outcome(await scene.errors("customFieldValueSet", input, manager))
            possible = {("done", "PERMISSION_DENIED")[number % 2] for number in range(earliest, begun + 1)}
            assert found in possible
            answered[found, len(possible) == 1] += 1

    await while_others(change(), *map(write, range(WRITERS)))
    assert min(answered["done", True], answered["PERMISSION_DENIED", True]) > WRITERS, answered
