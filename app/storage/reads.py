"""Batch reads as values: which table, by which key, in which order. One statement whatever the number of keys.

`one(Lead)` finds a row per key, `children(Contact, of=Contact.lead_id)` the rows that belong to a key. A read is
called with keys by the resolvers and can be looked into by a planner; both get their SQL from `Read.select`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, Self, cast

from sqlalchemy import Alias, BindParameter, ColumnElement, Integer, Select, Table, bindparam, func, inspect, select
from sqlalchemy.sql import visitors
from sqlalchemy.sql.cache_key import CacheKey
from sqlalchemy.sql.expression import ClauseList
from sqlmodel import SQLModel

from app.domain.access import Actor
from app.storage.database import Database
from app.storage.derived import plain_columns
from app.storage.paging import Order, Window, beyond, cut, decode, encode, sorting
from app.storage.reading import Effort
from app.storage.scope import visible
from app.storage.types import Many, among, each

Narrow = Callable[..., "Read"]


@dataclass(frozen=True, eq=False)
class Read:
    """What can be fetched: rows of `table` by `key`, in `order`, narrowed by `conditions`."""

    table: Table
    key: ColumnElement[Any]
    single: bool
    order: tuple[Order, ...] = ()
    conditions: tuple[ColumnElement[bool], ...] = ()
    extras: tuple[ColumnElement[Any], ...] = ()  # labelled expressions; one named as a column stands for it
    narrow: Narrow | None = None  # (read, **arguments) -> read: the filters and orders that a caller may ask for

    def where(self, *conditions: ColumnElement[bool]) -> Self:
        return replace(self, conditions=self.conditions + conditions)

    def by(self, *order: Order) -> Self:
        """In this order, ties broken by id in the direction of the last key."""
        descending = bool(order) and order[-1].descending
        return replace(self, order=(*order, Order("id", self.table.c.id, descending)))

    def with_column(self, column: ColumnElement[Any]) -> Self:
        """Rows carry this labelled expression, in place of the column of its name if there is one."""
        return replace(self, extras=(*self.extras, column))

    def on(self, rows: Any) -> Self:
        """The same on an alias of the table."""
        order = tuple(key._replace(column=_on(rows, self.table, key.column)) for key in self.order)
        conditions = tuple(_on(rows, self.table, condition) for condition in self.conditions)
        extras = tuple(_on(rows, self.table, extra) for extra in self.extras)
        key = _on(rows, self.table, self.key)
        return replace(self, table=rows, key=key, order=order, conditions=conditions, extras=extras, narrow=None)

    @cached_property
    def columns(self) -> Sequence[ColumnElement[Any]]:
        """Everything that a row carries."""
        named: Any = self.table.element if isinstance(self.table, Alias) else self.table
        plain = [self.table.c[column.key] for column in plain_columns(named)]
        return tuple({column.key: column for column in (*plain, *self.extras)}.values())

    @property
    def shape(self) -> "Shape":
        """What decides the text of statements over this read, beside what is asked of all reads of its field."""
        return self._made[0]

    @property
    def constants(self) -> Sequence[BindParameter[Any]]:
        """The values that it brings to its statements, in the same order for each read of its shape."""
        return self._made[1]

    @cached_property
    def _made(self) -> tuple["Shape", Sequence[BindParameter[Any]]]:
        made: Any = ClauseList(*self.extras, *(key.column for key in self.order), *self.conditions)
        order = tuple((key.name, key.descending, key.nullable) for key in self.order)
        key: CacheKey = made._generate_cache_key()
        return Shape((key.key, len(self.extras), order)), key.bindparams

    def narrowed(self, **arguments: Any) -> "Read":
        return self.narrow(self, **arguments) if self.narrow else self

    def select(
        self, columns: Sequence[ColumnElement[Any]], dialect: str, window: Window | None = None, one_key: bool = False
    ) -> Select[Any]:
        """The statement. Its first column is the key; it binds keys, the actor's, limit, after_n and before_n."""
        base = select(self.key.label("key_"), *columns).where(*self._conditions(window))
        order = sorting(self.order, window is not None and window.backward)
        keys = bindparam("keys", type_=self.key.type if one_key else Many())
        if one_key or window is None:
            if not one_key:  # key by key, so that an index that begins with the key serves for the order too
                return base.where(among(self.key, keys)).order_by(self.key, *order)
            base = base.where(self.key == keys).order_by(*order)
            return base.limit(_LIMIT) if window else base
        if dialect == "sqlite":
            return self._page_by_ids(columns, keys, window, order)
        key = func.unnest(keys).column_valued("element_")
        place = func.row_number().over(order_by=order).label("place_")
        own = base.where(self.key == key).add_columns(place).order_by(*order).limit(_LIMIT).lateral()
        return select(*list(own.c)[:-1]).select_from(key.scalar_alias, own).order_by(own.c.place_)

    def _page_by_ids(
        self, columns: Sequence[ColumnElement[Any]], keys: Any, window: Window, order: Sequence[ColumnElement[Any]]
    ) -> Select[Any]:
        """Where there is no LATERAL: the ids of each key's page, found by an index however many more there are, and
        then their rows."""
        key, own = each(keys).table_valued("value").alias("keys_"), self.table.alias("own_")

        owned = partial(_on, own, self.table)
        ids = (
            select(own.c.id)
            .where(*map(owned, self._conditions(window)), owned(self.key) == key.c.value)
            .order_by(*map(owned, order))
            .limit(_LIMIT)
            .correlate(key)
        )
        found = select(self.key.label("key_"), *columns).select_from(key, self.table)
        return found.where(visible(self.table), self.table.c.id.in_(ids)).order_by(*order)

    def _conditions(self, window: Window | None) -> list[ColumnElement[bool]]:
        conditions = [visible(self.table), *self.conditions]
        if window and window.after is not None:
            conditions.append(beyond(self.order, "after", backward=False))
        if window and window.before is not None:
            conditions.append(beyond(self.order, "before", backward=True))
        return conditions

    def binds(self, window: Window | None) -> dict[str, Any]:
        """The values of a page: its limit and the order values of its cursors."""
        if window is None:
            return {}
        values: dict[str, Any] = {"limit": window.size + 1}
        for name, cursor in (("after", window.after), ("before", window.before)):
            if cursor is not None:
                values |= {f"{name}_{i}": v for i, v in enumerate(decode(self.order, cursor, name))}
        return values

    async def __call__(
        self, database: Database, actor: Actor, keys: Sequence[str], window: Window | None = None, **arguments: Any
    ) -> list[Any]:
        """Per key: a row or None (of `one`), a list of rows, or with a window a page of them."""
        read = self.narrowed(**arguments)
        ends = [key.column.label(f"order_{i}_") for i, key in enumerate(read.order)] if window else []
        distinct = list(dict.fromkeys(keys))  # a key that stands there twice would get its rows twice
        single = len(distinct) == 1
        statement = read.select([*read.columns, *ends], database.dialect, window, single)
        values = {"keys": distinct[0] if single else distinct} | read.binds(window)
        async with database.read(actor) as session:
            rows = await session.rows(
                statement, values, effort=Effort.BRIEF if single and read.single else Effort.USUAL
            )
        if read.single:
            found = {row[0]: row for row in rows}
            return [found.get(key) for key in keys]
        groups = group(rows)
        if window is None:
            return [groups.get(key, []) for key in keys]
        return [Page(read.order, *cut(groups.get(key, []), window)) for key in keys]

    @cached_property
    def count(self) -> "Count":
        return Count(self)


class Shape:
    """Equal for reads whose statements have one text. It keeps none of their values."""

    def __init__(self, key: Hashable) -> None:
        self._key = key
        self._hash = hash(key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shape) and self._key == other._key

    def __hash__(self) -> int:
        return self._hash


class Measure(ABC):
    """What is asked about each of many keys, by one statement: how many rows there are, what they sum up to, …"""

    @abstractmethod
    def statement(self, **arguments: Any) -> Select[Any]:
        """The statement; it binds keys."""

    @abstractmethod
    def answers(self, rows: Sequence[Any]) -> dict[str, Any]:
        """What its rows say of the keys that they are about."""

    @abstractmethod
    def nothing(self) -> Any:
        """What is true of the others."""

    async def __call__(self, database: Database, actor: Actor, keys: Sequence[str], **arguments: Any) -> list[Any]:
        async with database.read(actor) as session:
            found = self.answers(await session.rows(self.statement(**arguments), {"keys": list(keys)}))
        return [found[key] if key in found else self.nothing() for key in keys]


@dataclass(frozen=True, eq=False)
class Count(Measure):
    """How many rows of a read belong to each key."""

    read: Read

    def statement(self, **arguments: Any) -> Select[Any]:
        read = self.read.narrowed(**arguments)
        conditions = [visible(read.table), *read.conditions, among(read.key, bindparam("keys", type_=Many()))]
        return select(read.key, func.count()).where(*conditions).group_by(read.key)

    def answers(self, rows: Sequence[Any]) -> dict[str, Any]:
        return dict(rows)

    def nothing(self) -> int:
        return 0


@dataclass(frozen=True, eq=False)
class Sums(Measure):
    """Per key the sums of a whole-numbered column, one for each value of another: (that value, sum) in its order."""

    read: Read
    column: str
    per: str

    def statement(self, **arguments: Any) -> Select[Any]:
        read = self.read.narrowed(**arguments)
        column, per = read.table.c[self.column], read.table.c[self.per]
        conditions = [visible(read.table), *read.conditions, among(read.key, bindparam("keys", type_=Many()))]
        return (
            select(read.key, per, func.sum(column))
            .where(*conditions, column.is_not(None))
            .group_by(read.key, per)
            .order_by(per.nulls_last())
        )

    def answers(self, rows: Sequence[Any]) -> dict[str, Any]:
        return {key: [(row[1], int(row[2])) for row in own] for key, own in group(rows).items()}

    def nothing(self) -> list[tuple[str, int]]:
        return []


@dataclass(frozen=True)
class Edge:
    cursor: str
    node: Any


@dataclass(frozen=True)
class Page:
    """One page, with the attribute names that a connection and its page info ask for."""

    order: tuple[Order, ...]
    nodes: list[Any]
    has_next_page: bool
    has_previous_page: bool

    def cursor(self, row: Any) -> str:
        return encode(self.order, row[len(row) - len(self.order) :])

    @property
    def edges(self) -> list[Edge]:
        return [Edge(self.cursor(row), row) for row in self.nodes]

    @property
    def start_cursor(self) -> str | None:
        return self.cursor(self.nodes[0]) if self.nodes else None

    @property
    def end_cursor(self) -> str | None:
        return self.cursor(self.nodes[-1]) if self.nodes else None


_LIMIT: Any = bindparam("limit", type_=Integer())


def _on(rows: Any, table: Any, element: ColumnElement[Any]) -> ColumnElement[Any]:
    """An expression over a table's columns as one over its alias."""

    def replaced(part: Any, **_: Any) -> Any:
        if part is table:  # which a sub-select in it correlates with
            return rows
        return rows.c[part.key] if getattr(part, "table", None) is table else None

    copied: Any = visitors.replacement_traverse(cast(Any, element), {}, cast(Any, replaced))
    return cast(ColumnElement[Any], copied)


def group(rows: Iterable[Any]) -> dict[Any, list[Any]]:
    """Rows by their first column."""
    groups: dict[Any, list[Any]] = {}
    for row in rows:
        groups.setdefault(row[0], []).append(row)
    return groups


def table_of(model: type[SQLModel]) -> Table:
    return cast(Table, inspect(model).local_table)


def column(attribute: object) -> ColumnElement[Any]:
    """The table's column behind a model's attribute, which type checkers see as its value."""
    mapped: Any = attribute
    return cast(ColumnElement[Any], mapped.parent.local_table.c[mapped.key])


def one(model: type[SQLModel], by: str = "id") -> Read:
    table = table_of(model)
    return Read(table, table.c[by], single=True)


def children(model: type[SQLModel], of: object, order: Sequence[Order] = ()) -> Read:
    return Read(table_of(model), column(of), single=False).by(*order)


def ascending(attribute: object) -> Order:
    return Order.of(column(attribute))


def descending(attribute: object) -> Order:
    return Order.of(column(attribute), descending=True)
