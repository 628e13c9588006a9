"""The values of custom fields: as the file has them, and as the columns of their table."""

from collections.abc import Callable, Collection, Sequence
from decimal import Decimal
from typing import Any

import orjson

from app.domain.custom_fields import DataType
from app.services.close_format.custom_keys import is_unset
from app.services.close_format.fields import CustomFieldUse
from app.services.close_format.kinds import Row
from app.services.close_format.samples import NO, YES
from app.services.close_format.values import day, identifier, instant, is_day, number, plain, stable

COLUMNS = ("text", "number", "date", "date_time", "item", "json_value")
_ITEMS = {DataType.CHOICES, DataType.USER, DataType.CONTACT}


def fit(use: CustomFieldUse, value: Any, users: Collection[str]) -> list[Row]:
    """The columns of each item of a value; none of an unset one. ValueError if it does not fit the field."""
    if is_unset(value):
        return []
    if use.data_type is DataType.HIDDEN:
        return [_row("json_value", plain(value))]
    if not use.accepts_multiple_values and isinstance(value, list) and len(value) == 1:
        value = value[0]
    if use.accepts_multiple_values:
        items = value if isinstance(value, list) else [value]
        texts = dict.fromkeys(_item(use, item, users) for item in items if not is_unset(item))
        return [_row("item", text, slot=text) for text in texts]
    if use.data_type in _ITEMS:
        return [_row("item", _item(use, value, users))]
    column, read = _SCALARS[use.data_type]
    return [_row(column, read(value))]


def _row(column: str, value: Any, slot: str = "") -> Row:
    return dict.fromkeys(COLUMNS) | {column: value, "slot": slot}


def _item(use: CustomFieldUse, value: Any, users: Collection[str]) -> str:
    item = _word(value)
    if use.data_type is DataType.CHOICES and item not in use.choices:
        raise ValueError("is not among the choices")
    if use.data_type is DataType.USER and item not in users:
        raise ValueError("is no user")
    if use.data_type is DataType.CONTACT and identifier(item) is None:
        raise ValueError("is no contact")
    return item


def _word(value: Any) -> str:
    """A value as one text: what a field of mixed values was guessed to hold."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, int | Decimal):
        return format(number(value), "f")
    if not isinstance(value, str):
        raise ValueError("is not a text")
    return value


def _date(value: Any) -> Any:
    if not is_day(value):
        raise ValueError("is not a day")
    return day(value)


def _date_time(value: Any) -> Any:
    if is_day(value):
        raise ValueError("is a day without a time")
    return instant(value)


_SCALARS: dict[DataType, tuple[str, Callable[[Any], Any]]] = {
    DataType.TEXT: ("text", _word),
    DataType.TEXTAREA: ("text", _word),
    DataType.NUMBER: ("number", number),
    DataType.DATE: ("date", _date),
    DataType.DATETIME: ("date_time", _date_time),
}


def written(use: CustomFieldUse, rows: Sequence[Any]) -> Any:
    """The value of a field, from its rows in order, as an export has it."""
    first = rows[0]
    match use.data_type:
        case DataType.TEXT | DataType.TEXTAREA:
            return first["text"]
        case DataType.NUMBER:
            return exact(first["number"])
        case DataType.DATE:
            return first["date"].isoformat()
        case DataType.DATETIME:
            return first["date_time"].isoformat()
        case DataType.HIDDEN:
            return stable(first["json_value"])
    items = [row["item"] for row in rows]
    return items if use.accepts_multiple_values else items[0]


def exact(value: Decimal) -> orjson.Fragment:
    """A number as JSON, digit by digit."""
    return orjson.Fragment(format(value, "f"))
