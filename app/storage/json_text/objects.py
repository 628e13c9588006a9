"""Objects, arrays and the document, put together from JSON values."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, FromClause, Integer, LargeBinary, Select, case, cast, func, literal_column, select

from app.storage.json_text.leaves import Absent
from app.storage.json_text.parts import JsonText, constant, fault, json_joined

_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*", re.ASCII)
_PAIRS = 49  # a function of SQLite takes a hundred arguments

Pair: TypeAlias = tuple[str, ColumnElement[Any]]


def name_leaf(name: str, dialect: str) -> ColumnElement[Any]:
    """A name of the schema as a value, such as a type's."""
    return constant(checked(name) if dialect == "sqlite" else f'"{checked(name)}"')


def truth_leaf(truth: bool, dialect: str) -> ColumnElement[Any]:
    text = "true" if truth else "false"
    return literal_column(f"json('{text}')") if dialect == "sqlite" else constant(text)


def nothing(dialect: str) -> ColumnElement[Any]:
    """The empty array."""
    return literal_column("json('[]')") if dialect == "sqlite" else constant("[]")


def row_object(pairs: Sequence[Pair], dialect: str) -> ColumnElement[str]:
    """An object with these members, in this order. Their keys are names of GraphQL, each for one member."""
    if dialect == "sqlite":
        return _sqlite_object(pairs)
    parts = [part for place, pair in enumerate(pairs) for part in _member(pair, place == 0)]
    return json_joined(*parts, constant("}" if pairs else "{}"))


def array(item: ColumnElement[Any], dialect: str, only: ColumnElement[bool] | None = None) -> ColumnElement[str]:
    """An aggregate: the array of `item` for the rows that it goes over, or for some `only`."""
    return bracketed(items(item, dialect, only))


def array_of(item: ColumnElement[Any], rows: FromClause, dialect: str) -> ColumnElement[str]:
    """The array of `item` for the rows of an ordered sub-select, whose columns it names.

    Both databases keep a sub-select's order for an aggregate that has nothing else to go over.
    """
    return bracketed(select(items(item, dialect)).select_from(rows).scalar_subquery())


def single(found: Select[Any], dialect: str, absent: Absent = Absent.NULL) -> ColumnElement[str]:
    """The one object that a select finds; where there is no row, null or a fault."""
    missing = constant("null") if absent is Absent.NULL else fault(dialect)
    return func.coalesce(found.scalar_subquery(), missing, type_=JsonText())


def one_of(cases: Sequence[tuple[ColumnElement[bool], ColumnElement[str]]], dialect: str) -> ColumnElement[str]:
    """The object of the first condition that holds; a row of which none does is a fault."""
    return case(*cases, else_=fault(dialect))


def document(value: ColumnElement[Any], dialect: str) -> ColumnElement[bytes]:
    """The bytes of a JSON value, as they go out."""
    text = _text(value, dialect)
    if dialect == "sqlite":
        return cast(text, LargeBinary)
    return func.convert_to(text, constant("UTF8"), type_=LargeBinary())


def limited(found: Select[Any], limit: ColumnElement[int], most: int, dialect: str) -> Select[Any]:
    """An ordered select of `limit` rows, which are never more than `most`; best `most_for` the limits that come.

    PostgreSQL plans a statement anew each time unless a plan for unknown values seems as good. It takes an unknown
    limit for a tenth of the rows, so it has to see how few they are. Planning takes longer than reading a small page.
    """
    if dialect == "sqlite":
        return found.limit(limit)
    return select(found.limit(literal_column(str(most), Integer())).subquery()).limit(limit)


def most_for(limit: int) -> int:
    """The least power of ten that is not less."""
    most = 1
    while most < limit:
        most *= 10
    return most


def items(item: ColumnElement[Any], dialect: str, only: ColumnElement[bool] | None = None) -> ColumnElement[str]:
    if dialect == "sqlite":
        texts = func.group_concat(_text(item, dialect))
    else:  # it leaves nulls out: one that should not be has to show
        texts = func.string_agg(func.coalesce(item, fault(dialect)), constant(","))
    return func.coalesce(texts if only is None else texts.filter(only), constant(""))


def bracketed(items: ColumnElement[str]) -> ColumnElement[str]:
    return json_joined(constant("["), items, constant("]"))


def _sqlite_object(pairs: Sequence[Pair]) -> ColumnElement[str]:
    """Leaves by the function for objects, which is faster than their texts put together; what lies between them as
    text, for in newer versions of SQLite such a function does not know what a sub-select gives it as JSON."""
    runs = [run for nested, own in groupby(pairs, _is_nested) for run in _runs(list(own), nested)]
    if len(runs) == 1 and isinstance(runs[0], list):
        return func.json_object(*_arguments(runs[0]), type_=JsonText())
    parts: list[ColumnElement[Any]] = []
    for place, run in enumerate(runs):
        is_last = place == len(runs) - 1
        if isinstance(run, list):
            parts += _leaves(run, place == 0, is_last)
        else:
            parts += [*_member(run, place == 0), *([constant("}")] if is_last else [])]
    return json_joined(*parts or [constant("{}")])


def _runs(pairs: list[Pair], nested: bool) -> Iterator[Pair | list[Pair]]:
    if nested:
        yield from pairs
    else:
        yield from (pairs[start : start + _PAIRS] for start in range(0, len(pairs), _PAIRS))


def _leaves(pairs: list[Pair], is_first: bool, is_last: bool) -> list[ColumnElement[Any]]:
    """An object without the braces that it has in common with others; no leaf ends in a brace itself."""
    made: ColumnElement[Any] = func.json_object(*_arguments(pairs))
    made = made if is_first else func.substr(made, literal_column("2"))
    made = made if is_last else func.rtrim(made, constant("}"))
    return [made] if is_first else [constant(","), made]


def _arguments(pairs: Sequence[Pair]) -> list[ColumnElement[Any]]:
    return [argument for name, value in pairs for argument in (constant(checked(name)), value)]


def _member(pair: Pair, is_first: bool) -> list[ColumnElement[Any]]:
    name, value = pair
    return [constant(f'{"{" if is_first else ","}"{checked(name)}":'), value]


def _is_nested(pair: Pair) -> bool:
    return isinstance(pair[1].type, JsonText)


def _text(value: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    """The text of a JSON value, which leaves are not on SQLite."""
    return func.json_quote(value) if dialect == "sqlite" and not isinstance(value.type, JsonText) else value


def checked(name: str) -> str:
    """A name that may stand in the text of a statement."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not a name of GraphQL")
    return name
