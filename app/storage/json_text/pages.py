"""Pages of a connection as JSON: one row more than the page holds is read, to know whether there are more."""

from abc import ABC, abstractmethod
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, Text, case, cast, exists, func, literal_column, select

from app.storage import paging
from app.storage.json_text.leaves import Absent, Kind, kind_of, leaf
from app.storage.json_text.objects import array, array_of, limited, truth_leaf
from app.storage.json_text.parts import constant, joined
from app.storage.paging import Order, sorting

_IN_CURSORS = frozenset({Kind.TEXT, Kind.INT, Kind.BIG_INT, Kind.BOOLEAN, Kind.INSTANT, Kind.DATE})


class PageRows(ABC):
    """The rows of a page, in `rows` as the sub-select whose columns the items name, and the parts of its connection.

    `found` correlates by itself; order and limit are added here. No page has more than `most` rows.
    """

    rows: Subquery

    def __init__(
        self,
        found: Select[Any],
        order: Sequence[Order],
        size: ColumnElement[int],
        most: int,
        dialect: str,
        backward: bool = False,
    ) -> None:
        ends = [key.column.label(f"order_{n}_") for n, key in enumerate(order)]
        self._found = found.add_columns(*ends).order_by(*sorting(order, backward))
        self._order, self._size, self._most, self._dialect, self._backward = order, size, most, dialect, backward
        self.rows = self._read()

    @property
    def cursor(self) -> ColumnElement[Any]:
        """The cursor of a row."""
        return self._cursor_in(self.rows)

    @abstractmethod
    def array(self, item: ColumnElement[Any]) -> ColumnElement[str]:
        """The items in reading order."""

    def has_next(self, before: bool) -> ColumnElement[Any]:
        """Whether items follow; `before` says whether the page was asked to end before a cursor."""
        return truth_leaf(before, self._dialect) if before or self._backward else self._has_more()

    def has_previous(self, after: bool) -> ColumnElement[Any]:
        """Whether items precede; `after` says whether the page was asked to begin after a cursor."""
        return self._has_more() if self._backward and not after else truth_leaf(after, self._dialect)

    @abstractmethod
    def end(self, last: bool) -> ColumnElement[Any]:
        """The cursor of the first or the last item; null on an empty page."""

    @abstractmethod
    def select(self, value: ColumnElement[str]) -> ColumnElement[str]:
        """The connection: an object made from the parts above."""

    @abstractmethod
    def _read(self) -> Subquery: ...

    @abstractmethod
    def _more(self) -> ColumnElement[bool]:
        """Whether there are rows beyond the page, in the direction in which it is read."""

    def _has_more(self) -> ColumnElement[Any]:
        return case((self._more(), truth_leaf(True, self._dialect)), else_=truth_leaf(False, self._dialect))

    def _cursor_in(self, rows: Subquery) -> ColumnElement[Any]:
        return cursor(self._order, [key.column for key in self._keys(rows)], self._dialect)

    def _keys(self, rows: Subquery) -> list[Order]:
        return [key._replace(column=rows.c[f"order_{n}_"]) for n, key in enumerate(self._order)]


class _Numbered(PageRows):
    """One sub-select of a row more than the page holds, and all parts worked out in one select over it."""

    def _read(self) -> Subquery:
        inner = limited(self._found, self._size + literal_column("1"), self._most + 1, self._dialect).subquery()
        place = func.row_number().over().label("place_")
        numbered = select(inner, place, func.count().over().label("found_"))
        return (numbered.order_by(place.desc()) if self._backward else numbered).subquery()

    def array(self, item: ColumnElement[Any]) -> ColumnElement[str]:
        return array(item, self._dialect, self.rows.c.place_ <= self._size)

    def end(self, last: bool) -> ColumnElement[Any]:
        rows = self.rows.c
        place = literal_column("1") if last is self._backward else func.least(self._size, rows.found_)
        return func.coalesce(func.max(self.cursor).filter(rows.place_ == place), constant("null"))

    def select(self, value: ColumnElement[str]) -> ColumnElement[str]:
        one_row = func.count() >= literal_column("0")  # even where no part of the value is an aggregate
        return select(value).select_from(self.rows).having(one_row).scalar_subquery()

    def _more(self) -> ColumnElement[bool]:
        return func.count() > self._size


class _Repeated(PageRows):
    """A sub-select for each part: SQLite reads a few rows again faster than it numbers them."""

    def _read(self) -> Subquery:
        page = self._found.limit(self._size).subquery()
        return select(page).order_by(*sorting(self._keys(page), False)).subquery() if self._backward else page

    def array(self, item: ColumnElement[Any]) -> ColumnElement[str]:
        return array_of(item, self.rows, self._dialect)

    def end(self, last: bool) -> ColumnElement[Any]:
        ordered = select(self.rows).order_by(*sorting(self._keys(self.rows), last))
        row = ordered.limit(literal_column("1")).subquery()
        return select(self._cursor_in(row)).select_from(row).scalar_subquery()

    def select(self, value: ColumnElement[str]) -> ColumnElement[str]:
        return value

    def _more(self) -> ColumnElement[bool]:
        one: Select[Any] = self._found.with_only_columns(literal_column("1"), maintain_column_froms=True)
        return exists(one.limit(literal_column("1")).offset(self._size))


class _Alone(_Repeated):
    """The rows of a page of which the items alone are asked."""

    def _read(self) -> Subquery:
        page = limited(self._found, self._size, self._most, self._dialect).subquery()
        return select(page).order_by(*sorting(self._keys(page), False)).subquery() if self._backward else page


def page_rows(
    found: Select[Any],
    order: Sequence[Order],
    size: ColumnElement[int],
    most: int,
    dialect: str,
    backward: bool = False,
    alone: bool = False,
) -> PageRows:
    """The rows of a page as they are best read from a database; `alone` where one array of items is all of it."""
    best = _Repeated if dialect == "sqlite" else _Alone if alone else _Numbered
    return best(found, order, size, most, dialect, backward)


def has_cursor(order: Sequence[Order]) -> bool:
    """Whether the databases write the cursors of an order as Python does: they do not know its forms of decimals."""
    kinds = [kind_of(key.column.type) for key in order]
    return all(kind is not None and (not isinstance(kind, Kind) or kind in _IN_CURSORS) for kind in kinds)


def cursor(order: Sequence[Order], columns: Sequence[ColumnElement[Any]], dialect: str) -> ColumnElement[Any]:
    """The cursor of a row, of whose `columns` the first ones are its values in the order.

    SQLite has no base64: its connections have to know the function `cursor_text`.
    """
    if not has_cursor(order):
        raise ValueError("a database does not write the cursors of this order")
    stamp = str(paging._stamp(order))
    values = [_in_cursor(key, column, dialect) for key, column in zip(order, columns, strict=True)]
    if dialect == "sqlite":
        return func.cursor_text(func.json_array(literal_column(stamp), *values))
    parts = [part for value in values for part in (constant(","), value)]
    written = func.convert_to(joined(constant(f"[{stamp}"), *parts, constant("]")), constant("UTF8"))
    encoded: ColumnElement[Any] = func.rtrim(func.encode(written, constant("base64")), constant("="))
    for old, new in (("'+'", "-"), ("'/'", "_"), (r"E'\n'", "")):  # six times as fast as one translate()
        encoded = func.replace(encoded, literal_column(old), constant(new))
    return joined(constant('"'), encoded, constant('"'))


def cursor_text(values: str) -> str:
    """What SQLite calls to write a cursor."""
    return urlsafe_b64encode(values.encode()).rstrip(b"=").decode()


def _in_cursor(key: Order, column: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    kind = kind_of(key.column.type)
    if not isinstance(kind, Kind):  # of an enum: cursors carry what is stored
        column, kind = cast(column, Text), Kind.TEXT
    return leaf(column, kind, dialect, Absent.NULL if key.nullable else Absent.NEVER)
