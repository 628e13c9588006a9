"""Writing past SQLAlchemy, as `reading.py` reads: statements that were prepared go to a driver, in one transaction."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypeAlias

from sqlalchemy import Executable

from app.storage.reading import Connections, Driver, Preparing, Reading


class Writer(Driver, Protocol):
    """A connection of the database's driver that writes, one transaction at a time."""

    async def begin(self) -> None: ...

    async def change(self, sql: str, parameters: Sequence[Any]) -> int:
        """How many rows a statement wrote."""
        ...

    async def change_each(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Send a statement once for each of these parameters."""
        ...

    async def commit(self) -> None:
        """An error leaves the transaction open."""
        ...

    async def rollback(self) -> None:
        """End the transaction, if there is one, so that the connection serves the next one. It raises no error."""
        ...


Writers: TypeAlias = Connections[Writer]


class Changed(NamedTuple):
    """What a statement did that gives no rows."""

    rowcount: int | None
    """How many rows it wrote; None where it was sent for many."""


class Writing(Reading):
    """A driver's connection in a transaction, which takes SQLAlchemy's statements."""

    def __init__(self, driver: Writer, preparing: Preparing) -> None:
        super().__init__(driver, preparing)
        self._writer = driver
        self.changed: set[str] = set()
        """The names of the tables of which rows were changed or deleted."""
        self.added_to: set[str] = set()
        """The names of those that got new rows."""

    async def execute(
        self,
        statement: Executable,
        values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
        *,
        execution_options: Mapping[str, Any] | None = None,
    ) -> Any:
        """The rows of what reads; what became of an insert, an update or a delete, which may be sent for many."""
        rows = values if isinstance(values, Sequence) else [values or {}]
        if not statement.is_dml:
            [row] = rows
            return await super().execute(statement, row, execution_options=execution_options)
        (self.added_to if statement.is_insert else self.changed).add(statement.table.name)  # type: ignore[attr-defined]
        names = tuple(rows[0]) if statement.is_insert else ()
        prepared, own = self._preparing.prepared(statement, names=names)
        own = {**own, **prepared.defaults()}
        parameters = [prepared.parameters(row, own) for row in rows]
        if len(parameters) > 1:
            await self._writer.change_each(prepared.sql, parameters)
            return Changed(None)
        return Changed(await self._writer.change(prepared.sql, parameters[0]))
