"""What the gateway signs with: kept in the database, so that every process reads what another one signed."""

from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlmodel import SQLModel

from app.storage.database import Database
from app.storage.reads import table_of
from app.storage.tables import word

SEARCH_CURSORS = "search_cursors"

_known: WeakKeyDictionary[Database, bytes] = WeakKeyDictionary()


class Secret(SQLModel, table=True):
    """A random value that belongs to the gateway itself. It is made with the table, and never changes."""

    name: str = word(primary_key=True)
    value: bytes


async def search_secret(database: Database) -> bytes:
    """What the cursors of searches are signed with, read once from each database."""
    if (known := _known.get(database)) is not None:
        return known
    table = table_of(Secret)
    async with database.look_up() as connection:
        found = await connection.execute(select(table.c.value).where(table.c.name == SEARCH_CURSORS))
        value: bytes = found.scalar_one()
    return _known.setdefault(database, value)
