"""Custom fields as fields that can be searched: their values are rows of a table of their own."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, select

from app.domain.custom_fields import DataType
from app.domain.filters import SEARCHED, Kind, ReferenceType
from app.domain.search_fields import FieldType
from app.storage.custom_fields import CustomField, CustomFieldPlacement, CustomFieldValue
from app.storage.reading import Effort
from app.storage.reads import group, table_of
from app.storage.scope import visible
from app.storage.search.conditions import FEW
from app.storage.search.fields import Searched, of
from app.storage.session import ScopedSession
from app.storage.types import Many, among

_TARGETS = {"lead": Kind.LEAD, "contact": Kind.CONTACT, "opportunity": Kind.OPPORTUNITY}
OWNERS = frozenset({*_TARGETS.values(), Kind.CUSTOM_ACTIVITY, Kind.ACTIVITY})
"""The kinds of object that hold values; of activities those of organization-defined types do."""

_TEXT: dict[str, Any] = {"type": FieldType.TEXT, "expression": of("text"), "texts": ("text",), "order": of("text_key")}
_OPTIONS: dict[DataType, dict[str, Any]] = {
    DataType.TEXT: _TEXT,
    DataType.TEXTAREA: _TEXT,
    DataType.NUMBER: {"type": FieldType.NUMBER, "expression": of("number_key")},
    DataType.DATE: {"type": FieldType.DAY, "expression": of("date")},
    DataType.DATETIME: {"type": FieldType.INSTANT, "expression": of("date_time")},
    DataType.CHOICES: {"type": FieldType.CHOICE, "expression": of("item")},
    DataType.USER: {"type": FieldType.USER, "expression": of("item"), "reference": ReferenceType.USER},
    DataType.CONTACT: {"type": FieldType.REFERENCE, "expression": of("item"), "reference": ReferenceType.CONTACT},
    DataType.HIDDEN: {"type": FieldType.JSON, "expression": of("json_value")},
}
_SORTABLE = frozenset({FieldType.TEXT, FieldType.NUMBER, FieldType.DAY, FieldType.INSTANT})

VALUES = table_of(CustomFieldValue)
_FIELDS, _PLACEMENTS = table_of(CustomField), table_of(CustomFieldPlacement)


async def load(session: ScopedSession, ids: Sequence[str] | None = None) -> dict[str, dict[Kind, Searched]]:
    """The custom fields with these ids, or all of the organization, on each kind of object that they are placed on."""
    if ids is None:
        rows = await session.rows(_EVERY)
    else:
        rows = await session.rows(_SOME, {"ids": ids}, effort=Effort.BRIEF if len(ids) <= FEW else Effort.USUAL)
    return {id: _by_kind(rows) for id, rows in group(rows).items()}


_COLUMNS = ("id", "name", "data_type", "description", "choices", "accepts_multiple_values")
_EVERY = (
    select(*(_FIELDS.c[name] for name in _COLUMNS), _PLACEMENTS.c.target)
    .join(_PLACEMENTS, _PLACEMENTS.c.field_id == _FIELDS.c.id)
    .where(visible(_FIELDS), visible(_PLACEMENTS))
    .order_by(_PLACEMENTS.c.position, _FIELDS.c.id)
)
_SOME = _EVERY.where(among(_FIELDS.c.id, bindparam("ids", type_=Many())))


def _by_kind(rows: Iterable[Any]) -> dict[Kind, Searched]:
    return {kind: _searched(row, kind) for row in rows for kind in [_TARGETS.get(row.target, Kind.CUSTOM_ACTIVITY)]}


def _searched(row: Any, kind: Kind) -> Searched:
    options = _OPTIONS[row.data_type]
    return Searched(
        kind=kind,
        name=row.name,
        description=row.description or "",
        custom_field_id=row.id,
        terms=tuple(row.choices) if row.choices is not None else None,
        sortable=kind in SEARCHED and options["type"] in _SORTABLE and not row.accepts_multiple_values,
        multiple=row.accepts_multiple_values,
        **options,
    )
