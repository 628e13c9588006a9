"""Custom-field values as the database shows them: what `app.storage.custom_values` reads of an object, by field."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, func, select

from app.storage.custom_fields import CustomFieldValue
from app.storage.json_text import json_list
from app.storage.reads import table_of
from app.storage.scope import visible


def by_field(statement: Select[Any]) -> Select[Any]:
    """Of rows that have one item each, those of a field one after the other, the first; with all items."""
    found = statement.subquery()
    before, place = func.lag(found.c.field_id).over(), func.row_number().over()
    rows = select(found, before.label("before_"), place.label("place_")).subquery()
    names = ("field_id", "data_type", "text", "number", "date", "date_time")
    shown = [rows.c[name] for name in names]
    first = select(*shown, rows.c.json_value.label("json"), _items(rows).label("items"))
    return first.where(rows.c.before_.is_distinct_from(rows.c.field_id)).order_by(rows.c.place_)


def _items(rows: FromClause) -> ColumnElement[Any]:
    own = table_of(CustomFieldValue).alias()
    is_of = own.c.object_id == rows.c.object_id, own.c.field_id == rows.c.field_id
    items = select(own.c.item).where(visible(own), *is_of, own.c.item.is_not(None))
    ordered = items.order_by(own.c.position, own.c.id).correlate(rows).subquery()
    return select(json_list(ordered.c.item)).select_from(ordered).scalar_subquery()
