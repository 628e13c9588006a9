"""Members of a column that holds JSON objects, such as an activity's details.

A member that is not what the schema says, as an import may have brought it, is a fault.
"""

from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, cast, func, or_, select

from app.storage.json_text.leaves import Absent, is_int, leaf_fault, no_value
from app.storage.json_text.objects import bracketed, checked
from app.storage.json_text.parts import JsonText, constant, fault

_WHOLE = "^-?[0-9]{1,9}$"


def text_member(
    details: ColumnElement[Any], name: str, dialect: str, absent: Absent = Absent.NULL
) -> ColumnElement[Any]:
    """A text; null where it is null or missing."""
    type_, value = _member(details, name, dialect)
    if dialect == "sqlite":
        return case((type_ == constant("text"), value), else_=_otherwise(type_, dialect, absent))
    return case((type_ == constant("string"), cast(value, Text)), else_=_otherwise(type_, dialect, absent))


def int_member(
    details: ColumnElement[Any], name: str, dialect: str, absent: Absent = Absent.NULL
) -> ColumnElement[Any]:
    """A whole number; null where it is null or missing."""
    type_, value = _member(details, name, dialect)
    if dialect == "sqlite":
        is_whole = and_(type_ == constant("integer"), is_int(value))
        return case((is_whole, value), else_=_otherwise(type_, dialect, absent))
    text = cast(value, Text)
    is_whole = and_(type_ == constant("number"), text.op("~")(constant(_WHOLE)))
    return case((is_whole, text), else_=_otherwise(type_, dialect, absent))


def text_members(details: ColumnElement[Any], name: str, dialect: str) -> ColumnElement[str]:
    """A list of texts; empty where it is null or missing."""
    type_, value = _member(details, name, dialect)
    if dialect == "sqlite":
        each = func.json_each(details, constant(f"$.{checked(name)}")).table_valued("value", "type")
        shown = case((each.c.type == constant("text"), func.json_quote(each.c.value)), else_=fault(dialect))
        texts = func.group_concat(shown)
    else:
        each = func.jsonb_array_elements(value).table_valued("value")
        is_text = func.jsonb_typeof(each.c.value) == constant("string")
        shown = case((is_text, cast(each.c.value, Text)), else_=fault(dialect))
        texts = func.string_agg(shown, constant(","))
    items = select(func.coalesce(texts, constant(""))).select_from(each).scalar_subquery()
    listed = case((type_ == constant("array"), bracketed(items)), (_is_missing(type_), constant("[]")))
    return func.coalesce(listed, fault(dialect), type_=JsonText())


def _member(details: ColumnElement[Any], name: str, dialect: str) -> tuple[ColumnElement[str], ColumnElement[Any]]:
    """Its type and its value, both null where it is missing."""
    if dialect == "sqlite":
        path = constant(f"$.{checked(name)}")
        return func.json_type(details, path), func.json_extract(details, path)
    value = details.op("->")(constant(checked(name)))
    return func.jsonb_typeof(value), value


def _is_missing(type_: ColumnElement[str]) -> ColumnElement[bool]:
    return or_(type_.is_(None), type_ == constant("null"))


def _otherwise(type_: ColumnElement[str], dialect: str, absent: Absent) -> ColumnElement[Any]:
    if absent is not Absent.NULL:
        return leaf_fault(dialect)
    return case((_is_missing(type_), no_value(dialect)), else_=leaf_fault(dialect))
