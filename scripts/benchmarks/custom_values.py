"""Twenty custom fields of all types that leads have, and a value of each on every lead, in place of what is there."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from app.domain.access import Actor
from app.domain.custom_fields import DataType, OwnerType, Scope
from app.storage.custom_fields import CustomField, CustomFieldPlacement, CustomFieldValue
from app.storage.database import Database
from app.storage.derived import plain_columns
from app.storage.reads import table_of
from app.storage.session import ScopedSession
from scripts.benchmarks.crm_data import CONTACTS
from scripts.benchmarks.crm_furniture import START, USERS, audited, made_id, owned

Values = list[dict[str, Any]]

BATCH = 100
CHOICES = [f"Choice {i}" for i in range(12)]
FIELDS = [
    *[(DataType.TEXT, False)] * 4,
    *[(DataType.NUMBER, False)] * 3,
    *[(DataType.DATE, False), (DataType.DATETIME, False)] * 2,
    *[(DataType.CHOICES, False), (DataType.CHOICES, True)] * 2,
    *[(DataType.USER, False), (DataType.USER, True)],
    *[(DataType.CONTACT, False), (DataType.CONTACT, True)],
    (DataType.HIDDEN, False),
]

_BLANK: dict[str, Any] = {column.name: None for column in plain_columns(table_of(CustomFieldValue))}


async def give_values(database: Database, actor: Actor, leads: int) -> None:
    """Write fields and values, and have the database look at them."""
    await database.transact(actor, _define)
    for first in range(0, leads, BATCH):
        numbers = range(first, min(first + BATCH, leads))
        rows = [row for number in numbers for row in _values(number)]

        async def write(session: ScopedSession, rows: Values = rows) -> None:
            await session.insert(CustomFieldValue, *rows)

        await database.transact(actor, write)
    await database.refresh_statistics()


async def _define(session: ScopedSession) -> None:
    for model in (CustomFieldValue, CustomFieldPlacement, CustomField):
        await session.delete(model)
    await session.insert(CustomField, *(_field(i, *field) for i, field in enumerate(FIELDS)))
    places = [
        owned(id=f"{_id(i)}_lead", field_id=_id(i), target=Scope.LEAD.value, position=i, is_required=False)
        | {"editable_with_role_ids": []}
        for i in range(len(FIELDS))
    ]
    await session.insert(CustomFieldPlacement, *places)


def _id(i: int) -> str:
    return made_id("cf", 100 + i)


def _field(i: int, data_type: DataType, multiple: bool) -> dict[str, Any]:
    name = f"{data_type.value.capitalize()} {i}"
    return audited(
        START,
        None,
        id=_id(i),
        scope=Scope.LEAD,
        home=Scope.LEAD.value,
        name=name,
        name_key=name.lower(),
        data_type=data_type,
        choices=CHOICES if data_type is DataType.CHOICES else None,
        accepts_multiple_values=multiple,
        editable_with_role_ids=[],
    )


def _values(number: int) -> Iterator[dict[str, Any]]:
    """The rows of a lead's values: one a field, two where it takes several."""
    lead = made_id("lead", number)
    place = {"object_id": lead, "lead_id": lead, "owner_type": OwnerType.LEAD}
    for i, (data_type, multiple) in enumerate(FIELDS):
        for position in range(2 if multiple else 1):
            value = _value(data_type, number + i, position, number)
            slot = {"slot": value["item"] if multiple else "", "position": position}
            yield _BLANK | owned(id=f"{lead}.{_id(i)}.{position}", field_id=_id(i)) | place | value | slot


def _value(data_type: DataType, some: int, position: int, lead: int) -> dict[str, Any]:
    match data_type:
        case DataType.NUMBER:
            return {"number": Decimal(some * 37 % 100_000) / 4}
        case DataType.DATE:
            return {"date": (START + timedelta(days=some % 1_000)).date()}
        case DataType.DATETIME:
            return {"date_time": START + timedelta(minutes=some * 997 % 1_000_000)}
        case DataType.CHOICES:
            return {"item": CHOICES[(some + position) % len(CHOICES)]}
        case DataType.USER:
            return {"item": USERS[(some + position) % len(USERS)]}
        case DataType.CONTACT:
            return {"item": made_id("cont", lead * CONTACTS + position)}
        case DataType.HIDDEN:
            return {"json_value": {"source": "sync", "row": some, "tags": ["a", "b"]}}
    return {"text": f"Some words about lead {lead}, number {some} of them"}
