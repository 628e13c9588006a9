"""Custom fields of every type and scope in a world, and the values that its objects hold."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from random import Random
from typing import Any, NamedTuple

from sqlmodel import SQLModel

from app.domain.custom_fields import DataType, Scope
from app.storage.activities import Activity
from app.storage.contacts import Contact
from app.storage.custom_fields import CustomField, CustomFieldPlacement, CustomFieldValue
from app.storage.leads import Lead
from app.storage.opportunities import Opportunity
from tests.search import pools

Rows = dict[type[SQLModel], list[dict[str, Any]]]

CHOICES = ["Gold", "gold", "Silver-Plus", "Straße", "42"]
FIELDS = 14

_SEVERAL = (DataType.CHOICES, DataType.USER, DataType.CONTACT)
_OWNERS: dict[str, type[SQLModel]] = {"lead": Lead, "contact": Contact, "opportunity": Opportunity}
_START = datetime(2026, 1, 1, tzinfo=UTC)
_EMPTY: dict[str, Any] = dict.fromkeys(("text", "number", "date", "date_time", "item", "json_value"))
_NOBODY: dict[str, Any] = dict.fromkeys(("lead_id", "contact_id", "opportunity_id", "activity_id"))


class Pools(NamedTuple):
    """What values are taken from."""

    texts: Sequence[str]
    days: Sequence[date]
    moments: Sequence[datetime]
    users: Sequence[str]
    activity_types: Sequence[str]


def add(dice: Random, rows: Rows, values: Pools) -> None:
    """Add fields, their places, and values to the rows of a world."""
    rows[CustomField] = [_field(dice, f"cf_{number:02}", values) for number in range(FIELDS)]
    rows[CustomFieldPlacement] = [
        {"id": f"{field['id']}@{target}", "target": target, "field_id": field["id"], "position": 0}
        for field in rows[CustomField]
        for target in _targets(dice, field, values)
    ]
    fields = {field["id"]: field for field in rows[CustomField]}
    rows[CustomFieldValue] = [
        value
        for place in rows[CustomFieldPlacement]
        for owner, id in _holders(rows, place["target"])
        if dice.random() < 0.6
        for value in _values(dice, rows, fields[place["field_id"]], owner, id, values)
    ]


def _field(dice: Random, id: str, values: Pools) -> dict[str, Any]:
    scope, type = dice.choice([Scope.LEAD, Scope.CONTACT, *Scope]), dice.choice(list(DataType))
    if type is DataType.TEXTAREA and scope is not Scope.ACTIVITY:
        type = DataType.TEXT
    activity_type = dice.choice(values.activity_types) if scope is Scope.ACTIVITY else None
    return {
        "id": id,
        "date_created": _START,
        "date_updated": _START,
        "scope": scope,
        "custom_activity_type_id": activity_type,
        "home": activity_type or scope.value,
        "name": id,
        "name_key": id,
        "data_type": type,
        "choices": CHOICES if type is DataType.CHOICES else None,
        "accepts_multiple_values": type in _SEVERAL and dice.random() < 0.5,
    }


def _targets(dice: Random, field: dict[str, Any], values: Pools) -> list[str]:
    if field["scope"] is Scope.SHARED:
        return pools.some(dice, [*_OWNERS, *values.activity_types], 0, 4)
    return [field["home"]]


def _holders(rows: Rows, target: str) -> Iterator[tuple[str, str]]:
    """The objects on which a field with this target is."""
    if model := _OWNERS.get(target):
        yield from ((target, row["id"]) for row in rows[model])
    else:
        yield from (("activity", row["id"]) for row in rows[Activity] if row["custom_type_id"] == target)


def _values(
    dice: Random, rows: Rows, field: dict[str, Any], owner: str, id: str, values: Pools
) -> Iterator[dict[str, Any]]:
    held = _several(dice, rows, field, values) if field["data_type"] in _SEVERAL else [_single(dice, field, values)]
    for position, value in enumerate(held):
        slot = value["item"] if field["accepts_multiple_values"] else ""
        yield {
            **_EMPTY,
            **_NOBODY,
            **value,
            "id": f"{field['id']}:{id}:{position}",
            "object_id": id,
            "owner_type": owner,
            f"{owner}_id": id,
            "field_id": field["id"],
            "slot": slot,
            "position": position,
        }


def _several(dice: Random, rows: Rows, field: dict[str, Any], values: Pools) -> list[dict[str, Any]]:
    known = {
        DataType.CHOICES: CHOICES,
        DataType.USER: values.users,
        DataType.CONTACT: [row["id"] for row in rows[Contact]],
    }[field["data_type"]]
    return [{"item": item} for item in pools.some(dice, known, 1, 3 if field["accepts_multiple_values"] else 1)]


def _single(dice: Random, field: dict[str, Any], values: Pools) -> dict[str, Any]:
    match field["data_type"]:
        case DataType.NUMBER:
            return {"number": dice.choice(pools.NUMBERS)}
        case DataType.DATE:
            return {"date": dice.choice([*values.days, date.min, date.max])}
        case DataType.DATETIME:
            return {"date_time": dice.choice([*values.moments, pools.FIRST_INSTANT, pools.LAST_INSTANT])}
        case DataType.HIDDEN:
            return {"json_value": dice.choice([0, False, "x", [1, {"a": None}]])}
    return {"text": dice.choice(values.texts)}
