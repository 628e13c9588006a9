"""Column types that mean the same on SQLite and on PostgreSQL, and membership in one bound list."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    BindParameter,
    ColumnElement,
    DateTime,
    Dialect,
    Numeric,
    String,
    Text,
    TypeDecorator,
    bindparam,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeEngine

from app.storage.number_keys import keyed_number, number_key

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Instant(TypeDecorator[datetime]):
    """An instant in UTC: timestamptz on PostgreSQL; on SQLite the text that GraphQL answers.

    That text sorts as the instants do: a fraction has six digits or is left out, and "+" sorts before ".".
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String(32) if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC).isoformat() if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        if value is None:
            return None
        instant: datetime = value
        if instant.tzinfo is None:  # asyncpg keeps the first and the last instant as infinities, which have no zone
            return instant.replace(tzinfo=UTC)
        return instant.astimezone(UTC)

    @property
    def python_type(self) -> type[datetime]:
        return datetime


class Exact(TypeDecorator[Decimal]):
    """A decimal that comes back as stored: NUMERIC on PostgreSQL, text on SQLite, which has no decimals."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String(64) if dialect.name == "sqlite" else Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        return str(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return Decimal(value) if isinstance(value, str) else value

    @property
    def python_type(self) -> type[Decimal]:
        return Decimal


class Word(TypeDecorator[str]):
    """A text that is compared byte by byte on both databases, whatever the server's collation."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else String(collation="C"))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None else _storable(value)

    @property
    def python_type(self) -> type[str]:
        return str


class SortableNumber(TypeDecorator[Decimal]):
    """A decimal as a text whose bytes sort as the numbers do; it comes back equal, without trailing zeros.

    Neither database compares its own decimals by an index here: SQLite has none, and below row level security
    PostgreSQL uses an index only for comparisons that it trusts not to tell what they compared.
    """

    impl = Word
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else number_key(Decimal(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else keyed_number(value)

    @property
    def python_type(self) -> type[Decimal]:
        return Decimal


def _storable(text: str) -> str:
    """PostgreSQL has no null character in texts, and neither database half a surrogate pair. No stored word holds one,
    so nothing is found for a word with one."""
    if not text.isascii():
        text = text.encode(errors="replace").decode()
    return text.replace("\0", "\ufffd") if "\0" in text else text


class Choice(TypeDecorator[StrEnum]):
    """A member of an enum, stored by its value."""

    impl = String(40)
    cache_ok = True

    def __init__(self, members: type[StrEnum]) -> None:
        super().__init__()
        self.members = members

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.members(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.members(value)

    @property
    def python_type(self) -> type[StrEnum]:
        return self.members


class Many(TypeDecorator[Iterable[str]]):
    """A list of texts in one bound parameter: an array, or JSON text on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(String))

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        plain = [_storable(member.value if isinstance(member, Enum) else member) for member in value]
        return json.dumps(plain) if dialect.name == "sqlite" else plain


class each(GenericFunction[Any]):  # noqa: N801 - SQLAlchemy names a function's class as the function
    """The elements of a `Many`, as rows."""

    name = "each"
    inherit_cache = True


@compiles(each, "sqlite")
def _each_on_sqlite(element: each, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **kw)})"


@compiles(each, "postgresql")
def _each_on_postgresql(element: each, compiler: SQLCompiler, **kw: Any) -> str:
    return f"unnest({compiler.process(element.clauses, **kw)})"


def among(column: Any, values: Any) -> ColumnElement[bool]:
    """`column` is one of `values`; the text of the statement does not depend on how many there are."""
    rows = each(values if isinstance(values, BindParameter) else bindparam(None, list(values), type_=Many()))
    # SQLite's json_each calls its column "value"; the name has to be that on both.
    member: ColumnElement[bool] = column.in_(select(rows.column_valued("value")))
    return member
