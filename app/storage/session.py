"""The one way to the rows of an organization."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Insert,
    RowMapping,
    Select,
    Table,
    Update,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlmodel import SQLModel

from app.domain.access import Actor
from app.storage.derived import plain_columns, whole_changes, whole_rows
from app.storage.postgresql import SEARCH_SCHEMA
from app.storage.reading import MOST_KEPT, Reading, counted
from app.storage.scope import actor_values, owner, visible
from app.storage.types import Many, among


class ScopedSession:
    """A connection in the name of an actor: reads see, and writes touch, the actor's organization alone."""

    def __init__(self, connection: Reading, actor: Actor) -> None:
        self.connection = connection
        self.actor = actor
        self._own = actor_values(actor)

    async def rows(
        self, statement: Executable, values: Mapping[str, Any] | None = None, **options: Any
    ) -> Sequence[Any]:
        """The rows of a statement that was built with `visible`. `effort` says how much it goes through."""
        rows: Sequence[Any] = (await self._execute(statement, {**self._own, **(values or {})}, **options)).all()
        return rows

    async def search(
        self,
        statement: Executable,
        values: Mapping[str, Any] | None = None,
        *,
        once: bool = False,
    ) -> Sequence[Any]:
        """The rows of such a statement, which may ask for words: it reads where their index can serve.

        What is made of a statement that is sent once is not kept for the next time.
        """
        options: dict[str, Any] = {"compiled_cache": None} if once else {}
        if self.connection.dialect.name == "postgresql":
            options["schema_translate_map"] = {None: SEARCH_SCHEMA}
        return await self.rows(statement, values, **options)

    async def find(
        self, model: type[SQLModel], *conditions: ColumnElement[bool], order_by: Sequence[Any] = ()
    ) -> Sequence[RowMapping]:
        """The rows of a table that meet the conditions."""
        table = _table(model)
        statement = select(*plain_columns(table)).where(visible(table), *conditions).order_by(*order_by)
        rows: Sequence[RowMapping] = (await self._execute(statement, self._own)).mappings().all()
        return rows

    async def get(self, model: type[SQLModel], id: str) -> RowMapping | None:
        found = await self._execute(_one(_table(model)), {**self._own, "row_id": id})
        row: RowMapping | None = found.mappings().one_or_none()
        return row

    async def in_order(self, model: type[SQLModel]) -> Sequence[RowMapping]:
        """The rows of a list that the organization puts in order."""
        rows: Sequence[RowMapping] = (await self._execute(_in_order(_table(model)), self._own)).mappings().all()
        return rows

    async def count(self, model: type[SQLModel], *conditions: ColumnElement[bool]) -> int:
        table = _table(model)
        statement = select(func.count()).select_from(table).where(visible(table), *conditions)
        return int((await self._execute(statement, self._own)).scalar_one())

    async def lock(self, model: type[SQLModel], ids: Iterable[str]) -> dict[str, RowMapping]:
        """The rows with these ids, kept from others until the end of the transaction, locked in id order."""
        found = await self._execute(_locking(_table(model)), {**self._own, "ids": sorted(set(ids))})
        return {row["id"]: row for row in found.mappings()}

    async def share(self, model: type[SQLModel], ids: Iterable[str]) -> dict[str, RowMapping]:
        """The rows with these ids, kept as they are until the end of the transaction, by others who share them too."""
        found = await self._execute(_sharing(_table(model)), {**self._own, "ids": sorted(set(ids))})
        return {row["id"]: row for row in found.mappings()}

    async def lock_organization(self) -> None:
        """Make the transactions of this organization that do the same wait for each other."""
        organization = SQLModel.metadata.tables["organization"]
        await self._execute(
            select(organization.c.id).where(visible(organization)).with_for_update(key_share=True), self._own
        )

    async def insert(self, model: type[SQLModel], *rows: Mapping[str, Any]) -> None:
        if not rows:
            return
        if any(row.keys() != rows[0].keys() for row in rows):  # what only a later row names would be lost
            raise ValueError("rows that are inserted at once name the same columns")
        table, own = _table(model), {"organization_id": self.actor.organization_id}
        await self._execute(_inserting(table), [{**row, **own} for row in whole_rows(table, rows)])

    async def update(self, model: type[SQLModel], values: Mapping[str, Any], *conditions: ColumnElement[bool]) -> int:
        if "organization_id" in values:
            raise ValueError("a row stays in its organization")
        table = _table(model)
        [changes] = whole_changes(table, [values])
        statement = update(table).where(self._mine(model), *conditions).values(**changes)
        return int((await self._execute(statement)).rowcount)

    async def update_each(self, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
        """Write many rows at once: each names its id and the same columns as the others."""
        if not rows:
            return
        table = _table(model)
        rows = whole_changes(table, rows)
        names = tuple(sorted(rows[0].keys() - {"id", "organization_id"}))
        own = {"owner_id": self.actor.organization_id}
        named = [{f"new_{name}": row[name] for name in names} | {"row_id": row["id"], **own} for row in rows]
        await self._execute(_updating(table, names), named)

    async def delete(self, model: type[SQLModel], *conditions: ColumnElement[bool]) -> int:
        statement = delete(_table(model)).where(self._mine(model), *conditions)
        return int((await self._execute(statement)).rowcount)

    def _mine(self, model: type[SQLModel]) -> ColumnElement[bool]:
        condition: ColumnElement[bool] = owner(_table(model)) == self.actor.organization_id
        return condition

    async def _execute(self, statement: Executable, values: Any = None, **options: Any) -> Any:
        if (statements := counted.get()) is not None:
            statements.count += 1
        return await self.connection.execute(statement, values, execution_options=options)


@cache
def _one(table: Table) -> Select[Any]:
    return select(*plain_columns(table)).where(visible(table), table.c.id == bindparam("row_id"))


@cache
def _in_order(table: Table) -> Select[Any]:
    return select(*plain_columns(table)).where(visible(table)).order_by(table.c.position, table.c.id)


@cache
def _locking(table: Table) -> Select[Any]:
    return _with_ids(table).with_for_update(key_share=True)


@cache
def _sharing(table: Table) -> Select[Any]:
    return _with_ids(table).with_for_update(read=True)


def _with_ids(table: Table) -> Select[Any]:
    wanted = among(table.c.id, bindparam("ids", type_=Many()))
    return select(*plain_columns(table)).where(visible(table), wanted).order_by(table.c.id)


@cache
def _inserting(table: Table) -> Insert:
    return insert(table)


@lru_cache(maxsize=MOST_KEPT)
def _updating(table: Table, names: Sequence[str]) -> Update:
    mine = owner(table) == bindparam("owner_id"), table.c.id == bindparam("row_id")
    return update(table).where(*mine).values({name: bindparam(f"new_{name}") for name in names})


def _table(model: type[SQLModel]) -> Any:
    mapped: Any = model
    return mapped.__table__
