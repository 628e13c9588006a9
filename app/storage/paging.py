"""Keyset pages: the window that a caller asks for, the condition and order it means, the cursors it hands out."""

import datetime as dt
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple, Self
from zlib import crc32

import orjson
from sqlalchemy import BigInteger, ColumnElement, and_, bindparam, false, or_, tuple_

from app.domain.errors import ArgumentFault, FaultCode

DEFAULT_SIZE, MAX_SIZE = 25, 100
LARGEST_EXPONENT = 1_000


class Order(NamedTuple):
    """One key of an ordering: an SQL expression, under the name that its cursors carry."""

    name: str
    column: ColumnElement[Any]
    descending: bool = False
    nullable: bool = False

    @classmethod
    def of(cls, column: Any, descending: bool = False) -> Self:
        return cls(column.name, column, descending, bool(column.nullable))


@dataclass(frozen=True)
class Window:
    """A checked page request."""

    size: int
    backward: bool = False
    after: str | None = None
    before: str | None = None

    @classmethod
    def of(
        cls,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        maximum: int = MAX_SIZE,
    ) -> Self:
        """A size out of range is refused, never clamped (rule L11)."""
        if first is not None and last is not None:
            raise ArgumentFault("Give `first` or `last`, not both.", ["last"])
        for name, size in (("first", first), ("last", last)):
            if size is not None and not 1 <= size <= maximum:
                raise ArgumentFault(f"`{name}` has to be between 1 and {maximum}, not {size}.", [name])
        size = first if first is not None else last if last is not None else min(DEFAULT_SIZE, maximum)
        return cls(size, last is not None, after, before)


def encoder(order: Sequence[Order]) -> Callable[[Iterable[Any]], str]:
    """What makes the cursor of a row from its order values."""
    stamp = _stamp(order)
    return lambda values: urlsafe_b64encode(orjson.dumps([stamp, *values], default=str)).rstrip(b"=").decode()


def encode(order: Sequence[Order], values: Iterable[Any]) -> str:
    """The cursor of a row, from its order values."""
    return encoder(order)(values)


def decode(order: Sequence[Order], cursor: str, argument: str) -> list[Any]:
    """The order values of a cursor; a cursor of another ordering is refused."""
    try:
        stamp, *values = orjson.loads(b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        if stamp != _stamp(order):
            raise ValueError("another ordering")
        return parse_values(order, values)
    except (ValueError, TypeError) as error:
        raise ArgumentFault(
            f"`{argument}` is not a cursor of this list in this order.", [argument], FaultCode.CURSOR_INVALID
        ) from error


def parse_values(order: Sequence[Order], values: Sequence[Any]) -> list[Any]:
    """The JSON values of a cursor as the columns' Python values; ValueError for any that are not of this ordering."""
    try:
        return [_parse(key, value) for key, value in zip(order, values, strict=True)]
    except ArithmeticError as error:
        raise ValueError("a number that no column holds") from error


def beyond(order: Sequence[Order], name: str, backward: bool) -> ColumnElement[bool]:
    """Rows strictly after the one whose order values are bound as name_0, name_1, … (before it, if backward)."""
    binds = [bindparam(f"{name}_{i}", type_=key.column.type) for i, key in enumerate(order)]
    directions = {key.descending != backward for key in order}
    if len(directions) == 1 and not any(key.nullable for key in order):
        left, right = tuple_(*(key.column for key in order)), tuple_(*binds)
        return left < right if directions.pop() else left > right
    either: list[ColumnElement[bool]] = []
    for i, key in enumerate(order):
        same = [_same(o, b) for o, b in zip(order[:i], binds, strict=False)]
        either.append(and_(*same, _step(key, binds[i], backward)))
    return or_(false(), *either)


def sorting(order: Sequence[Order], backward: bool) -> list[ColumnElement[Any]]:
    """Nulls come last, in both directions (rule F10); so they come first when a page is read backwards."""
    terms: list[ColumnElement[Any]] = []
    for key in order:
        term = key.column.desc() if key.descending != backward else key.column.asc()
        terms.append(term if not key.nullable else term.nulls_first() if backward else term.nulls_last())
    return terms


def cut(rows: list[Any], window: Window) -> tuple[list[Any], bool, bool]:
    """(rows in reading order, has next, has previous) of the size + 1 rows that were read."""
    more, rows = len(rows) > window.size, rows[: window.size]
    if window.backward:
        return rows[::-1], window.before is not None, more or window.after is not None
    return rows, more or window.before is not None, window.after is not None


def _same(key: Order, bind: Any) -> ColumnElement[bool]:
    return key.column.is_not_distinct_from(bind) if key.nullable else key.column == bind


def _step(key: Order, bind: Any, backward: bool) -> ColumnElement[bool]:
    step: ColumnElement[bool] = key.column < bind if key.descending != backward else key.column > bind
    if not key.nullable:
        return step
    if backward:
        return step | and_(bind.is_(None), key.column.is_not(None))
    return step | and_(key.column.is_(None), bind.is_not(None))


def _stamp(order: Sequence[Order]) -> int:
    return crc32(",".join(f"{key.name}{'-' if key.descending else ''}" for key in order).encode())


def _parse(key: Order, value: Any) -> Any:
    """A JSON value of a cursor as the column's Python value; ValueError for one that the column cannot hold."""
    if value is None and key.nullable:
        return None
    kind = key.column.type.python_type
    if isinstance(value, str):
        return _parse_text(kind, value)
    bound = 2**63 if isinstance(key.column.type, BigInteger) else 2**31
    if type(value) is not kind or (kind is int and not -bound <= value < bound):
        raise ValueError("a value of another type")
    return value


def _parse_text(kind: type[Any], text: str) -> Any:
    if kind is str and "\0" not in text:
        return text
    if kind is dt.date:
        return dt.date.fromisoformat(text)
    if kind is dt.datetime:
        instant = dt.datetime.fromisoformat(text)
        if instant.tzinfo is None:
            raise ValueError("an instant without a time zone")
        return instant.astimezone(dt.UTC)
    if kind is Decimal:
        number = Decimal(text)
        if not number.is_finite() or abs(number.adjusted()) > LARGEST_EXPONENT:
            raise ValueError("a number that no column holds")
        return number
    if issubclass(kind, Enum):
        return kind(text)
    raise ValueError("a value of another type")
