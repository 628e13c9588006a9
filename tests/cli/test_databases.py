import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import make_url

from app.cli import key_file
from app.demo import load_demo
from app.domain.access import EVERYTHING, Actor
from app.services import keys
from app.storage import migrations
from app.storage.database import Database
from app.storage.leads import Lead
from app.storage.sqlite import ServingLock
from tests.cli.conftest import Crm

T = TypeVar("T")
DEMO = "GTX Hardware (demo)"


def asked(url: str, question: Callable[[Database], Coroutine[Any, Any, T]]) -> T:
    async def ask() -> T:
        database = Database(url)
        try:
            return await question(database)
        finally:
            await database.close()

    return asyncio.run(ask())


def actor_of(url: str, key: str) -> Actor:
    actor = asked(url, lambda database: keys.authenticate(database, key, from_loopback=True))
    assert actor is not None
    return actor


def lead_count(url: str, organization_id: str) -> int:
    async def count(database: Database) -> int:
        async with database.read(Actor.system(organization_id)) as session:
            return await session.count(Lead)

    return asked(url, count)


def names(crm: Crm) -> list[str]:
    return sorted(line[1] for line in crm("organization", "list").lines[1:])


def test_migrate_makes_the_file(bare: Crm, folder: Path) -> None:
    head = migrations.head()
    assert bare("migrate").err == f"sqlite:///crm.db is now at revision {head}.\n"
    with sqlite3.connect(folder / "crm.db") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(head,)]
    connection.close()
    assert bare("migrate").err == f"sqlite:///crm.db is already at revision {head}.\n"


def test_migrate_hides_the_password(crm: Crm, database_url: str) -> None:
    ran = crm("migrate")
    assert ran.code == 0
    assert (make_url(database_url).password or "no password") not in ran.err


def test_served_file_is_not_migrated(bare: Crm, folder: Path) -> None:
    with ServingLock(make_url("sqlite:///crm.db")):
        ran = bare("migrate")
    assert ran.code == 1
    assert ran.err.startswith("Error: crm.db is served by another process")


def test_demo_is_loaded_once(crm: Crm, acme: str, database_url: str) -> None:
    first = crm("demo")
    assert (first.code, first.err) == (0, "Loading the demo organization ...\n")
    actor = actor_of(database_url, first.out.strip())
    count = lead_count(database_url, actor.organization_id)
    assert actor.permissions == EVERYTHING
    assert count > 80
    assert names(crm) == ["Acme", DEMO]
    again = crm("demo")
    assert (again.out, again.err) == (first.out, "The demo organization is there already.\n")
    assert lead_count(database_url, actor.organization_id) == count
    assert lead_count(database_url, acme) == 0
    assert key_file.read(key_file.path_for(database_url)) == first.out.strip()


def test_interrupted_demo_is_made_anew(crm: Crm, acme: str, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(done: int, total: int | None) -> None:
        if total and done > total / 2:
            raise KeyboardInterrupt

    async def interrupted(database: Database, organization_id: str, today: date, _: object) -> None:
        await load_demo(database, organization_id, today, interrupt)

    with monkeypatch.context() as patched:
        patched.setattr("app.cli.demo.load_demo", interrupted)
        assert crm("demo").code == 130
    assert names(crm) == ["Acme", DEMO]
    ran = crm("demo")
    assert ran.code == 0
    assert names(crm) == ["Acme", DEMO]
    assert lead_count(database_url, actor_of(database_url, ran.out.strip()).organization_id) > 80
