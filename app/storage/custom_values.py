"""The values that objects hold, read for many objects by one statement: by field, in the order of their schema."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, bindparam, case, func, or_, select

from app.domain.custom_fields import DataType
from app.storage.activities import Activity
from app.storage.custom_fields import CustomField, CustomFieldPlacement, CustomFieldValue
from app.storage.json_text import json_list
from app.storage.reads import Measure, group, table_of
from app.storage.scope import visible
from app.storage.types import Many, among

values, fields = table_of(CustomFieldValue).c, table_of(CustomField).c
placements, activities = table_of(CustomFieldPlacement).c, table_of(Activity).c


@dataclass(frozen=True)
class FieldValue:
    """The value of one field on one object. `items` are its choices, or the ids of its users or contacts."""

    field_id: str
    data_type: DataType
    text: str | None = None
    number: Decimal | None = None
    date: dt.date | None = None
    date_time: dt.datetime | None = None
    json: Any = None
    items: list[str] = field(default_factory=list)


class _ByObject(Measure):
    """Per object its set values in schema order, of these fields only or of all."""

    def statement(self, *, ids: list[str] | None = None, **_: Any) -> Select[Any]:
        return _BY_OBJECT if ids is None else _BY_OBJECT.where(among(values.field_id, ids))

    def answers(self, rows: Sequence[Any]) -> dict[str, Any]:
        return {key: list(_by_field(own)) for key, own in group(rows).items()}

    def nothing(self) -> list[FieldValue]:
        return []


class _OfField(Measure):
    """Per object its value of one field; None where it is not set."""

    def statement(self, **arguments: Any) -> Select[Any]:
        return by_object.statement(ids=[arguments["id"]])

    def answers(self, rows: Sequence[Any]) -> dict[str, Any]:
        return {key: value for key, [value] in by_object.answers(rows).items()}

    def nothing(self) -> None:
        return None


def _same_organization(columns: Any) -> Any:
    return columns.organization_id == values.organization_id


def _by_field(rows: Iterable[Any]) -> Iterable[FieldValue]:
    for _, group_ in groupby(rows, lambda row: row.field_id):
        of_field = list(group_)
        first = of_field[0]
        yield FieldValue(
            first.field_id,
            first.data_type,
            first.text,
            first.number,
            first.date,
            first.date_time,
            first.json_value,
            [row.item for row in of_field if row.item is not None],
        )


def _by_object() -> Select[Any]:
    return (
        select(
            values.object_id,
            values.field_id,
            fields.data_type,
            values.text,
            values.number,
            values.date,
            values.date_time,
            values.json_value,
            values.item,
        )
        .select_from(table_of(CustomFieldValue))
        .join(table_of(CustomField), and_(_same_organization(fields), fields.id == values.field_id))
        .outerjoin(table_of(Activity), and_(_same_organization(activities), activities.id == values.activity_id))
        .outerjoin(
            table_of(CustomFieldPlacement),
            and_(
                _same_organization(placements),
                placements.field_id == values.field_id,
                or_(placements.target == values.owner_type, placements.target == activities.custom_type_id),
            ),
        )
        .where(visible(table_of(CustomFieldValue)))
        .where(among(values.object_id, bindparam("keys", type_=Many())))
        .order_by(placements.position.nulls_last(), values.field_id, values.position, values.id)
    )


def shown_by_field(statement: Select[Any]) -> Select[Any]:
    """Of rows that have one item each, those of a field one after the other, the first; with all items."""
    found = statement.subquery()
    before, place = func.lag(found.c.field_id).over(), func.row_number().over()
    rows = select(found, before.label("before_"), place.label("place_")).subquery()
    names = ("field_id", "data_type", "text", "number", "date", "date_time")
    shown = [rows.c[name] for name in names]
    first = select(*shown, rows.c.json_value.label("json"), _items_of(rows).label("items"))
    return first.where(rows.c.before_.is_distinct_from(rows.c.field_id)).order_by(rows.c.place_)


def _items_of(rows: FromClause) -> ColumnElement[Any]:
    """Looked up where a row has an item, and so belongs to a field that has some."""
    own = table_of(CustomFieldValue).alias()
    is_of = own.c.object_id == rows.c.object_id, own.c.field_id == rows.c.field_id
    items = select(own.c.item).where(visible(own), *is_of, own.c.item.is_not(None))
    ordered = items.order_by(own.c.position, own.c.id).correlate(rows).subquery()
    found = select(json_list(ordered.c.item)).select_from(ordered).scalar_subquery()
    return case((rows.c.item.is_not(None), found))


_BY_OBJECT = _by_object()
by_object, of_field = _ByObject(), _OfField()
