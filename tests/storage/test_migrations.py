import asyncio
import subprocess
import sys
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, Column, Connection, Inspector, Integer, MetaData, Table, inspect, text
from sqlalchemy.exc import DBAPIError

from app.storage import migrations
from app.storage.database import Database
from app.storage.metadata import metadata
from app.storage.migrations.words import compared
from app.storage.types import Word
from tests.storage.scenery import owning

UPGRADE = """
import asyncio, sys
from app.storage import migrations
migrations.head()
print("ready", flush=True)
sys.stdin.readline()
asyncio.run(migrations.upgrade(sys.argv[1]))
"""


async def _ask(url: str, look: Any) -> Any:
    async with owning(url) as connection:
        return await connection.run_sync(look)


async def _differences(url: str, expected: MetaData) -> list[Any]:
    def compare(connection: Connection) -> list[Any]:
        options = {"compare_type": True, "include_name": compared}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), expected))

    found: list[Any] = await _ask(url, compare)
    return found


def _copy() -> MetaData:
    copy = MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.sorted_tables:
        table.to_metadata(copy)
    return copy


async def test_models_and_migrations_agree(database_url: str) -> None:
    assert await _differences(database_url, metadata) == []


async def test_comparison_sees_forgotten_changes(database_url: str) -> None:
    changed = _copy()
    changed.tables["lead"].c.version.type = Word()
    changed.tables["contact"].append_column(Column("pager", Word()))
    Table("fax", changed, Column("id", Integer, primary_key=True))
    found = await _differences(database_url, changed)
    kinds = {difference[0] if isinstance(difference, tuple) else difference[0][0] for difference in found}
    assert kinds == {"add_table", "add_column", "modify_type"}


async def test_keys_and_checks_agree(database_url: str) -> None:
    """What Alembic's comparison leaves out: what happens on deletion, deferral, and check constraints."""

    def look(connection: Connection) -> dict[str, Any]:
        inspector = inspect(connection)
        return {name: (_keys(inspector, name), _checks(inspector, name)) for name in metadata.tables}

    found = await _ask(database_url, look)
    for name, table in metadata.tables.items():
        keys = {
            (str(key.name), key.ondelete or "", bool(key.deferrable), key.initially or "")
            for key in table.foreign_key_constraints
        }
        checks = {str(check.name) for check in table.constraints if isinstance(check, CheckConstraint)}
        assert found[name] == (keys, checks)


def _keys(inspector: Inspector, table: str) -> set[tuple[str, str, bool, str]]:
    return {
        (
            str(key["name"]),
            key["options"].get("ondelete") or "",
            bool(key["options"].get("deferrable")),
            key["options"].get("initially") or "",
        )
        for key in inspector.get_foreign_keys(table)
    }


def _checks(inspector: Inspector, table: str) -> set[str]:
    return {str(check["name"]) for check in inspector.get_check_constraints(table)}


async def test_second_upgrade_changes_nothing(database_url: str, store: str) -> None:
    async with owning(database_url) as connection:
        await connection.execute(
            text("INSERT INTO organization VALUES ('o', 'Acme', 'USD', 'UTC', '2026-01-01 00:00:00+00:00')")
        )
    before = await _ask(database_url, lambda connection: _everything(connection, store))
    await migrations.upgrade(database_url)
    assert await _ask(database_url, lambda connection: _everything(connection, store)) == before
    assert len(before) > 2 * len(metadata.tables)


def _everything(connection: Connection, store: str) -> list[tuple[Any, ...]]:
    """What there is, with the places of its files, which change when a table is made anew."""
    catalog = (
        "SELECT type, name, rootpage, sql FROM sqlite_schema ORDER BY name"
        if store == "sqlite"
        else "SELECT oid, relname, relfilenode FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY oid"
    )
    rows = [*connection.execute(text(catalog)), *connection.execute(text("SELECT * FROM organization"))]
    return [tuple(row) for row in rows]


async def test_pending_until_upgraded(empty_url: str) -> None:
    assert await migrations.pending(empty_url)
    await migrations.upgrade(empty_url)
    assert not await migrations.pending(empty_url)


async def test_failed_upgrade_leaves_nothing(empty_url: str) -> None:
    async with owning(empty_url) as connection:
        await connection.execute(text("CREATE TABLE task (id INTEGER)"))
    with pytest.raises(DBAPIError, match="task"):
        await migrations.upgrade(empty_url)
    names = await _ask(empty_url, lambda connection: inspect(connection).get_table_names())
    assert names == ["task"]
    async with owning(empty_url) as connection:
        await connection.execute(text("DROP TABLE task"))
    await migrations.upgrade(empty_url)
    assert await _differences(empty_url, metadata) == []


async def test_processes_upgrade_at_once(empty_url: str) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", UPGRADE, empty_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    ends = await asyncio.gather(*(asyncio.to_thread(process.communicate) for process in started))
    assert [process.returncode for process in started] == [0, 0], ends
    assert not await migrations.pending(empty_url)


async def test_new_database_serves_at_once(empty_url: str) -> None:
    await migrations.upgrade(empty_url)
    database = Database(empty_url)
    async with database.look_up() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM organization")) == 0
    await database.close()


async def test_telling_of_changes_can_go(database_url: str, store: str) -> None:
    """Back to the revision before and up again; on SQLite there is nothing to do."""

    def triggers(connection: Connection) -> list[str]:
        if store == "sqlite":
            return []
        told = text("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'tell_of_changes' ORDER BY 1")
        return list(connection.execute(told).scalars())

    def down(connection: Connection) -> None:
        command.downgrade(migrations.configuration(connection=connection), "0006")

    before = await _ask(database_url, triggers)
    await _ask(database_url, down)
    assert await _ask(database_url, triggers) == []
    assert await migrations.pending(database_url)
    await migrations.upgrade(database_url)
    assert await _ask(database_url, triggers) == before
    assert len(before) == {"sqlite": 0, "postgresql": 6}[store]


def test_folder_may_have_any_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "__file__", "/srv/100%/migrations/__init__.py")
    assert migrations.configuration().get_main_option("script_location") == "/srv/100%/migrations"
