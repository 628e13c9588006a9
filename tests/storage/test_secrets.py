import asyncio

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import NoResultFound, ProgrammingError

from app.storage import migrations
from app.storage.database import Database
from app.storage.reads import table_of
from app.storage.secrets import SEARCH_CURSORS, Secret, search_secret
from tests.storage.scenery import owning, sent

WRITES = (
    "INSERT INTO secret VALUES ('other', 'x')",
    "UPDATE secret SET value = 'x'",
    "DELETE FROM secret",
)


def _again(database: Database) -> Database:
    """The same database, as another process opens it."""
    return Database(database.url.render_as_string(hide_password=False), pool_size=1)


async def test_migration_makes_one_secret(database: Database) -> None:
    async with database.look_up() as connection:
        [(name, value)] = (await connection.execute(select(table_of(Secret)))).all()
    assert (name, len(value)) == (SEARCH_CURSORS, 32)
    assert await search_secret(database) == value


async def test_processes_share_the_secret(database: Database) -> None:
    other = _again(database)
    assert await search_secret(other) == await search_secret(database)
    await other.close()


async def test_databases_have_secrets_of_their_own(database: Database, empty_url: str) -> None:
    secrets = {await search_secret(database)}
    for size in (2, 2):  # the second upgrade changes nothing
        await migrations.upgrade(empty_url)
        other = Database(empty_url, pool_size=1)
        secrets.add(await search_secret(other))
        await other.close()
        assert len(secrets) == size


async def test_secret_is_read_once(database: Database) -> None:
    with sent() as statements:
        first = await search_secret(database)
        assert any("FROM secret" in statement for statement, _ in statements)
        statements.clear()
        found = await asyncio.gather(*(search_secret(database) for _ in range(5)))
        assert (found, statements) == ([first] * 5, [])


async def test_other_secrets_do_not_count(database: Database) -> None:
    async with owning(database) as connection:
        await connection.execute(insert(table_of(Secret)), [{"name": name, "value": b"x"} for name in ("a", "z")])
    assert len(await search_secret(database)) == 32


async def test_lost_secret_is_no_secret(database: Database) -> None:
    """Without its row nothing is signed, rather than with something that anybody could guess."""
    async with owning(database) as connection:
        await connection.execute(text("DELETE FROM secret"))
    with pytest.raises(NoResultFound):
        await search_secret(database)


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
async def test_role_only_reads_secrets(database: Database) -> None:
    for statement in WRITES:
        with pytest.raises(ProgrammingError, match="permission denied for table secret"):
            async with database.unscoped() as connection:
                await connection.execute(text(statement))
