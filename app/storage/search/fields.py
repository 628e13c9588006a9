"""Fields with the columns behind them; a resource declares each of its fields in one line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Integer, func, select
from sqlalchemy.sql.selectable import NamedFromClause
from sqlmodel import SQLModel

from app.domain.filters import SEARCHED, Kind, ReferenceType
from app.domain.search_fields import Field, FieldType
from app.storage.reads import table_of
from app.storage.scope import visible

Rows: TypeAlias = NamedFromClause
Expression: TypeAlias = Callable[[Rows], ColumnElement[Any]]


@dataclass(frozen=True, kw_only=True)
class Searched(Field):
    """A field whose value is an expression over the rows of its kind.

    A text is looked at through the words of `texts`, an instant may be a whole day in `day` instead, and a number
    is kept in units of 10 to the power of minus `scale`. `order` is what results are sorted by, in place of the value.
    """

    expression: Expression
    texts: tuple[str, ...] = ()
    day: Expression | None = None
    scale: int = 0
    order: Expression | None = None
    nullable: bool = True


class Aliases:
    """Further names for tables within one statement. An alias is made once: it has a copy of every column."""

    def __init__(self) -> None:
        self._made = 0

    def __call__(self, table: Rows) -> Rows:
        self._made += 1
        return _alias(table, self._made)


@lru_cache(maxsize=1024)
def _alias(table: Rows, number: int) -> Rows:
    alias: Rows = table.alias(f"{table.name}_{number}")
    return alias


Declared: TypeAlias = Callable[[Kind], Searched]


def declared(kind: Kind, *fields: Declared) -> dict[str, Searched]:
    """The fields of a kind by their names."""
    made = [declare(kind) for declare in fields]
    return {field.name: field for field in made}


def of(column: str) -> Expression:
    """The column of this name."""
    return lambda rows: rows.c[column]


def _field(name: str, type: FieldType, description: str, column: str | None, **options: Any) -> Declared:
    """A field of a kind; results are sorted by fields of what is searched alone."""
    options.setdefault("expression", of(column or name))
    sortable = options.pop("sortable", False)
    return lambda kind: Searched(
        kind=kind, name=name, type=type, description=description, sortable=sortable and kind in SEARCHED, **options
    )


def text(name: str, description: str, column: str | None = None, **options: Any) -> Declared:
    """A text; it can be sorted by where it has a column made for that."""
    return _field(name, FieldType.TEXT, description, column, texts=(column or name,), **options)


def sorted_text(name: str, description: str, key: Expression | None = None, **options: Any) -> Declared:
    return text(name, description, sortable=True, order=key or of(f"{name}_key"), **options)


def label(name: str, description: str) -> Declared:
    return _field(name, FieldType.LABEL, description, None, texts=(name,))


def choice(name: str, description: str, members: type[StrEnum], **options: Any) -> Declared:
    """One of the values of an enum."""
    return _field(name, FieldType.CHOICE, description, None, terms=tuple(member.value for member in members), **options)


def flag(name: str, description: str) -> Declared:
    return _field(name, FieldType.FLAG, description, None)


def number(name: str, description: str, column: str | None = None, **options: Any) -> Declared:
    return _field(name, FieldType.NUMBER, description, column, **options)


def counted(name: str, description: str, expression: Expression, sortable: bool = True) -> Declared:
    """A number that is counted when it is asked for."""
    return number(name, description, expression=expression, sortable=sortable, nullable=False)


def day(name: str, description: str, **options: Any) -> Declared:
    return _field(name, FieldType.DAY, description, None, **options)


def instant(name: str, description: str, column: str | None = None, **options: Any) -> Declared:
    return _field(name, FieldType.INSTANT, description, column, **options)


def user(name: str, description: str, column: str | None = None) -> Declared:
    return _field(name, FieldType.USER, description, column, reference=ReferenceType.USER)


def reference(name: str, type: ReferenceType, description: str) -> Declared:
    return _field(name, FieldType.REFERENCE, description, None, reference=type)


def key(name: str, description: str, column: str | None = None, **options: Any) -> Declared:
    return _field(name, FieldType.KEY, description, column, **options)


def audited(what: str) -> tuple[Declared, ...]:
    """The fields of what records its changes."""
    return (
        user("created_by", f"Who created the {what}"),
        instant("date_created", f"When the {what} was created", sortable=True, nullable=False),
        instant("date_updated", f"When the {what} was last changed", sortable=True, nullable=False),
        user("updated_by", f"Who last changed the {what}"),
    )


def below(model: type[SQLModel], key: str, measure: ColumnElement[Any] | None, *conditions: Any) -> Expression:
    """A number or an instant worked out from the rows whose column `key` is the object's id; their count at first."""
    table = table_of(model)
    measured = func.count(type_=Integer()) if measure is None else measure

    def expression(rows: Rows) -> ColumnElement[Any]:
        own = (visible(table), table.c[key] == rows.c.id)
        found = select(measured).select_from(table).where(*own, *conditions).correlate(rows)
        value: ColumnElement[Any] = found.scalar_subquery()
        return value

    return expression


FieldsOf: TypeAlias = Mapping[Kind, Mapping[str, Searched]]
