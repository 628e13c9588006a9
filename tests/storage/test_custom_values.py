"""The values of many objects in one statement, grouped by field and in the order of their schema."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.domain.access import Actor
from app.domain.custom_fields import DataType
from app.storage.activities import Activity
from app.storage.custom_fields import CustomActivityType, CustomField, CustomFieldPlacement, CustomFieldValue
from app.storage.custom_values import FieldValue, by_object
from app.storage.database import Database
from app.storage.session import ScopedSession
from tests.storage.scenery import AUDIT, NOON, add_lead, new_actor, sent

FIELDS = {
    "text": DataType.TEXT,
    "number": DataType.NUMBER,
    "day": DataType.DATE,
    "moment": DataType.DATETIME,
    "choice": DataType.CHOICES,
    "loose": DataType.TEXT,
}
MOMENT = datetime(2026, 1, 5, 6, 7, 8, 9, tzinfo=UTC)


@pytest.fixture
async def actor(database: Database) -> Actor:
    """The system in an organization with fields on leads, placed in the reverse of their order, but for one."""
    actor = await new_actor(database, "Acme")
    async with database.write(actor) as session:
        await _define(session)
        for lead in ("full", "half", "bare"):
            await add_lead(session, lead)
        await _set(session, "full", "text", text="Hello")
        await _set(session, "full", "number", number=Decimal("5.50"))
        await _set(session, "full", "day", date=date(2026, 1, 5))
        await _set(session, "full", "moment", date_time=MOMENT)
        for position, item in enumerate(["red", "green", "blue"]):
            await _set(session, "full", "choice", slot=item, item=item, position=2 - position)
        await _set(session, "full", "loose", text="Somewhere", json_value={"raw": [None]})
        await _set(session, "half", "number", number=Decimal(-1))
    return actor


async def _define(session: ScopedSession) -> None:
    for position, (id, data_type) in enumerate(FIELDS.items()):
        name = {"name": id, "name_key": id, "scope": "lead", "home": "lead", "data_type": data_type}
        await session.insert(CustomField, {"id": id, **name, **AUDIT})
        if id != "loose":
            place = {"target": "lead", "field_id": id, "position": len(FIELDS) - position}
            await session.insert(CustomFieldPlacement, {"id": f"place_{id}", **place})


async def _set(session: ScopedSession, lead: str, field: str, slot: str = "", **value: Any) -> None:
    owner = {"object_id": lead, "owner_type": "lead", "lead_id": lead}
    row = {"id": f"{lead}.{field}.{slot}", "field_id": field, "slot": slot, **owner, **value}
    await session.insert(CustomFieldValue, row)


FULL = [
    FieldValue("choice", DataType.CHOICES, items=["blue", "green", "red"]),
    FieldValue("moment", DataType.DATETIME, date_time=MOMENT),
    FieldValue("day", DataType.DATE, date=date(2026, 1, 5)),
    FieldValue("number", DataType.NUMBER, number=Decimal("5.50")),
    FieldValue("text", DataType.TEXT, text="Hello"),
    FieldValue("loose", DataType.TEXT, text="Somewhere", json={"raw": [None]}),
]


async def test_values_come_in_schema_order(database: Database, actor: Actor) -> None:
    keys = ["half", "gone", "full", "bare"]
    with sent() as statements:
        found = await by_object(database, actor, keys)
    assert found == [[FieldValue("number", DataType.NUMBER, number=Decimal(-1))], [], FULL, []]
    assert len([statement for statement, _ in statements if "set_config" not in statement]) == 1


async def test_only_named_fields_come(database: Database, actor: Actor) -> None:
    [found] = await by_object(database, actor, ["full"], ids=["text", "choice", "gone"])
    assert [value.field_id for value in found] == ["choice", "text"]
    assert await by_object(database, actor, ["full", "half"], ids=[]) == [[], []]


async def test_values_of_others_are_absent(database: Database, actor: Actor) -> None:
    other = await new_actor(database, "Bluth")
    assert await by_object(database, other, ["full", "half"]) == [[], []]


async def test_activities_follow_their_type(database: Database, actor: Actor) -> None:
    """A shared field is placed on leads and on two activity types, each time elsewhere; it comes once."""
    async with database.write(actor) as session:
        for type, positions in (("visit", {"text": 0, "number": 1}), ("audit", {"text": 1, "number": 0})):
            await session.insert(CustomActivityType, {"id": type, "name": type, "name_key": type, **AUDIT})
            for field, position in positions.items():
                place = {"target": type, "field_id": field, "position": position}
                await session.insert(CustomFieldPlacement, {"id": f"{type}_{field}", **place})
            activity = {"id": f"a_{type}", "type": "custom", "custom_type_id": type, "lead_id": "bare", "date": NOON}
            await session.insert(Activity, {**activity, **AUDIT})
            owner = {"object_id": f"a_{type}", "owner_type": "activity", "activity_id": f"a_{type}"}
            text = {"id": f"{type}.t", "field_id": "text", "text": type, **owner}
            await session.insert(CustomFieldValue, text)
            await session.insert(CustomFieldValue, {"id": f"{type}.n", "field_id": "number", "number": 1, **owner})
    visit, audit = await by_object(database, actor, ["a_visit", "a_audit"])
    assert [value.field_id for value in visit] == ["text", "number"]
    assert [value.field_id for value in audit] == ["number", "text"]
    assert (visit[0].text, audit[1].text) == ("visit", "audit")
