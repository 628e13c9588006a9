"""Custom fields of every type with values on every kind of object."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from sqlmodel import SQLModel

from app.domain.custom_fields import DataType
from app.storage.custom_fields import CustomField, CustomFieldPlacement, CustomFieldValue
from tests.execution import pools

OWNERS = {
    "lead": ("lead_A", "lead_b", "lead_B", "lead_broken"),
    "contact": ("cont_A", "cont_b", "cont_1"),
    "opportunity": ("oppo_A", "oppo_b", "oppo_1"),
    "activity": ("acti_custom0", "acti_custom1", "acti_custom2"),
}
HOMES = {"lead": "lead", "contact": "contact", "opportunity": "opportunity", "activity": "actitype_0"}
SEVERAL = frozenset({DataType.CHOICES, DataType.USER, DataType.CONTACT})
_NOTHING: dict[str, Any] = dict.fromkeys(
    ("lead_id", "contact_id", "opportunity_id", "activity_id", "text", "number", "date", "date_time", "json_value")
) | {"item": None, "slot": "", "position": 0}


def rows(dice: Random, audited: Callable[[], dict[str, Any]]) -> dict[type[SQLModel], list[dict[str, Any]]]:
    fields: list[dict[str, Any]] = []
    places: list[dict[str, Any]] = []
    values: list[dict[str, Any]] = []
    for owner, home in HOMES.items():
        for number, type_ in enumerate(DataType):
            id = f"cf_{owner}_{type_.value}"
            fields.append(audited() | _field(dice, id, owner, home, type_))
            if type_ is not DataType.TEXTAREA:  # values of a field that has lost its place stay
                place = {"id": f"place_{id}", "field_id": id, "target": home, "position": 20 - number}
                places.append(place | {"is_required": number == 0, "editable_with_role_ids": []})
            for object_id in OWNERS[owner]:
                values += _values(dice, id, owner, object_id, type_)
    return {CustomField: fields, CustomFieldPlacement: places, CustomFieldValue: values}


def _field(dice: Random, id: str, owner: str, home: str, type_: DataType) -> dict[str, Any]:
    return {
        "id": id,
        "scope": owner,
        "custom_activity_type_id": home if owner == "activity" else None,
        "home": home,
        "name": f"{id} {pools.text(dice)}",
        "name_key": id,
        "description": pools.maybe_text(dice),
        "data_type": type_,
        "choices": [pools.text(dice), "red", "blue"] if type_ is DataType.CHOICES else None,
        "accepts_multiple_values": type_ in SEVERAL,
        "editable_with_role_ids": dice.choice(([], ["role_none", "role_gone"])),
    }


def _values(dice: Random, field: str, owner: str, object_id: str, type_: DataType) -> Iterator[dict[str, Any]]:
    broken = object_id == "lead_broken" and type_ is DataType.NUMBER
    if dice.random() < 0.2 and not broken:
        return
    same = _NOTHING | {"object_id": object_id, "owner_type": owner, f"{owner}_id": object_id, "field_id": field}
    id = f"cfva_{field}_{object_id}"
    if type_ not in SEVERAL:
        yield same | ({"number": None} if broken else _value(dice, type_)) | {"id": id}
        return
    items = list(dict.fromkeys(_item(dice, type_) for _ in range(3)))
    for place, item in enumerate(items):
        yield same | {"id": f"{id}{9 - place}", "item": item, "slot": item, "position": place}


def _value(dice: Random, type_: DataType) -> dict[str, Any]:
    match type_:
        case DataType.NUMBER:
            return {"number": dice.choice(pools.NUMBERS)}
        case DataType.DATE:
            return {"date": dice.choice(pools.FAR_DAYS)}
        case DataType.DATETIME:
            return {"date_time": dice.choice(pools.FAR_INSTANTS)}
        case DataType.HIDDEN:
            return {"json_value": dice.choice(pools.JSONS)}
    return {"text": dice.choice(pools.TEXTS)}


def _item(dice: Random, type_: DataType) -> str:
    if type_ is DataType.USER:
        return dice.choice(("user_0", "user_x", "user_gone"))
    if type_ is DataType.CONTACT:
        return dice.choice(("cont_A", "cont_b", "cont_gone"))
    return dice.choice(("red", "blue", "", '"', "\u2028"))
