"""What is made of a row rather than found by a key: objects, and lists of them, by expressions for their members."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, case, func, select, true
from sqlalchemy.sql.selectable import TableValuedAlias

from app.storage.json_text.leaves import Absent
from app.storage.json_text.members import ListMember, has_other, is_a
from app.storage.json_text.objects import bracketed, items
from app.storage.json_text.parts import JsonText, constant, fault

Members: TypeAlias = Mapping[str, ColumnElement[Any]]


class Made(NamedTuple):
    """An object of these members, where the condition holds; else there is none."""

    members: Members
    condition: ColumnElement[bool] | None = None


class MadeList(NamedTuple):
    """The objects that are made of a list's elements, each of which is an object itself; those that there are."""

    elements: ListMember
    made: Callable[[ColumnElement[Any]], Made]


def made_object(made: Made, value: ColumnElement[str], dialect: str, absent: Absent) -> ColumnElement[str]:
    """The JSON value of an object that is made, given that of what it has if there is one."""
    missing = constant("null") if absent is Absent.NULL else fault(dialect)
    return value if made.condition is None else func.coalesce(case((made.condition, value)), missing, type_=JsonText())


def made_array(
    list_: ListMember, each: TableValuedAlias, made: Made, value: ColumnElement[str], dialect: str
) -> ColumnElement[str]:
    """The same of a list, over whose elements `made` is."""
    is_object = is_a("object", each, dialect)
    shown = case((is_object, value), else_=fault(dialect))
    found = select(items(shown, dialect)).select_from(each)
    if made.condition is not None:
        found = found.where(case((is_object, made.condition), else_=true()))
    return list_.listed(bracketed(found.scalar_subquery()), dialect)


def array_by_keys(list_: ListMember, array: ColumnElement[str], dialect: str) -> ColumnElement[str]:
    """An array of what is found by the keys in a list."""
    return list_.listed(case((has_other(list_, dialect), fault(dialect)), else_=array), dialect)
