"""Row level security: the second wall, which stands without any condition in a statement."""

import asyncio
import random
from itertools import groupby
from typing import Any

import pytest
from sqlalchemy import func, make_url, select, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from app.domain.access import Actor
from app.storage import migrations
from app.storage.database import Database
from app.storage.leads import Lead, LeadStatus
from app.storage.postgresql import ROLE, SEARCH_ROLE, SEARCH_SCHEMA
from app.storage.reading import Preparing, Reading
from app.storage.scope import GLOBAL_TABLES
from tests.storage.scenery import (
    TENANTS,
    administer,
    owning,
    sent,
    snapshot,
    tenant_tables,
    two_actors,
)

pytestmark = pytest.mark.parametrize("store", ["postgresql"])
DENIED = "row-level security policy"


async def _counts(connection: Any) -> dict[str, int]:
    tables = [select(func.count()).select_from(table).scalar_subquery().label(table.name) for table in TENANTS]
    return dict((await connection.execute(select(*tables))).mappings().one())


async def test_every_tenant_table_is_secured(database: Database) -> None:
    async with owning(database) as connection:
        rows = await connection.execute(
            text(
                "SELECT relname, polname, relrowsecurity, relforcerowsecurity, polcmd, polpermissive,"
                " (SELECT string_agg(rolname, ',') FROM pg_roles WHERE pg_roles.oid = ANY (polroles)),"
                " pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)"
                " FROM pg_class LEFT JOIN pg_policy ON polrelid = pg_class.oid"
                " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            )
        )
        found = {(name, policy): tuple(rest) for name, policy, *rest in rows}
    mine = "((organization_id)::text = current_setting('crm.organization'::text, true))"
    secured = (True, True, b"*", True, None, mine, mine)
    searched = (True, True, b"r", True, SEARCH_ROLE, "true", None)
    bare = (False, False, None, None, None, None, None)
    expected: dict[tuple[str, str | None], Any] = {(name, None): bare for name in (*GLOBAL_TABLES, "alembic_version")}
    for name in tenant_tables():
        expected |= {(name, "organization"): secured, (name, "search"): searched}
    assert found == expected


async def test_connections_take_the_role(database: Database) -> None:
    for connected in (database.look_up(), database.unscoped()):
        async with connected as connection:
            users = (await connection.execute(text("SELECT current_user, session_user"))).one()
            assert users[0] == ROLE
            assert users[1] != ROLE


async def test_role_has_no_other_rights(database: Database) -> None:
    async with owning(database) as connection:
        role = await connection.execute(
            text(
                "SELECT rolsuper, rolbypassrls, rolcanlogin, rolcreaterole, rolcreatedb,"
                " (SELECT count(*) FROM pg_class WHERE relowner = pg_roles.oid) FROM pg_roles WHERE rolname = :name"
            ),
            {"name": ROLE},
        )
        assert tuple(role.one()) == (False, False, False, False, False, 0)
        rights = await connection.execute(
            text(
                "SELECT DISTINCT privilege_type FROM information_schema.role_table_grants WHERE grantee = :name"
                " ORDER BY 1"
            ),
            {"name": ROLE},
        )
        assert rights.scalars().all() == ["DELETE", "INSERT", "SELECT", "UPDATE"]
        views = await connection.execute(
            text(
                "SELECT DISTINCT privilege_type FROM information_schema.role_table_grants"
                " WHERE grantee = :name AND table_schema = :schema"
            ),
            {"name": ROLE, "schema": SEARCH_SCHEMA},
        )
        assert views.scalars().all() == ["SELECT"]


async def test_search_role_only_reads(database: Database) -> None:
    """It owns the views alone, and the role that serves is no member of it."""
    async with owning(database) as connection:
        role = await connection.execute(
            text(
                "SELECT rolsuper, rolbypassrls, rolcanlogin, rolcreaterole, rolcreatedb,"
                " (SELECT array_agg(DISTINCT relnamespace::regnamespace::text || ' ' || relkind::text)"
                "  FROM pg_class WHERE relowner = pg_roles.oid),"
                " (SELECT array_agg(DISTINCT privilege_type::text) FROM information_schema.role_table_grants"
                "  WHERE grantee = rolname AND table_schema = 'public'),"
                " pg_has_role(:served, oid, 'MEMBER') FROM pg_roles WHERE rolname = :name"
            ),
            {"name": SEARCH_ROLE, "served": ROLE},
        )
        assert tuple(role.one()) == (False, False, False, False, False, [f"{SEARCH_SCHEMA} v"], ["SELECT"], False)


async def test_search_views_have_every_column(database: Database) -> None:
    """As the tables have them; a migration that adds a column makes the view anew."""
    async with owning(database) as connection:
        rows = await connection.execute(
            text(
                "SELECT table_name, column_name FROM information_schema.columns"
                " WHERE table_schema = :schema ORDER BY table_name, ordinal_position"
            ),
            {"schema": SEARCH_SCHEMA},
        )
        found = {name: {row.column_name for row in group} for name, group in groupby(rows, lambda row: row.table_name)}
    callers = found.pop("caller")
    assert found == {table.name: set(table.columns.keys()) for table in TENANTS}
    assert {"secret_hash", "role_id", "permissions"} <= callers


async def test_searches_see_own_rows(database: Database) -> None:
    """The views stand without any condition in a statement too, and show nothing without an organization."""
    own, other = await two_actors(database)
    views = {table.name: text(f'SELECT organization_id FROM {SEARCH_SCHEMA}."{table.name}"') for table in TENANTS}
    expected = {name: len(rows) for name, rows in (await snapshot(database, own)).items()}
    for actor in (own, other):
        async with database.read(actor) as session:
            for name, view in views.items():
                owners = (await session.connection.execute(view)).scalars().all()
                assert (name, owners) == (name, [actor.organization_id] * expected[name])
    async with database.look_up() as connection:
        for view in views.values():
            assert (await connection.execute(view)).all() == []


async def test_search_views_take_no_writes(database: Database) -> None:
    own, _ = await two_actors(database)
    for write in ("UPDATE {} SET id = id", "DELETE FROM {}"):
        with pytest.raises(ProgrammingError, match="permission denied for view lead"):
            async with database.write(own) as session:
                await session.connection.execute(text(write.format(f"{SEARCH_SCHEMA}.lead")))


async def test_role_cannot_change_tables(database: Database) -> None:
    for statement in ("TRUNCATE lead CASCADE", "DROP TABLE lead", "ALTER TABLE lead DISABLE ROW LEVEL SECURITY"):
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            async with database.unscoped() as connection:
                await connection.execute(text(statement))


async def test_unscoped_connections_see_nothing(database: Database) -> None:
    await two_actors(database)
    nothing = {table.name: 0 for table in TENANTS}
    for connections in (database.reader, database.writer):
        driver = await connections.acquire()
        assert await _counts(Reading(driver, Preparing(connections.dialect))) == nothing
        await connections.release(driver)
    async with database.unscoped() as connection:
        assert await _counts(connection) == nothing
    async with database.look_up() as connection:
        assert await _counts(connection) == nothing


async def test_scope_ends_with_its_session(database: Database) -> None:
    """The same pooled connections, after an organization had them."""
    one = Database(database.url.render_as_string(hide_password=False), pool_size=1)
    own, _ = await two_actors(one)
    for session in (one.read(own), one.write(own)):
        async with session as open_session:
            assert (await _counts(open_session.connection))["lead"] == 1
    async with one.look_up() as connection:
        assert set((await _counts(connection)).values()) == {0}
    async with one.unscoped() as connection:
        assert set((await _counts(connection)).values()) == {0}
    await one.close()


async def test_raw_reads_see_own_rows(database: Database) -> None:
    own, other = await two_actors(database)
    expected = {name: len(rows) for name, rows in (await snapshot(database, own)).items()}
    assert min(expected.values()) == 1
    for session in (database.read(own), database.write(own)):
        async with session as open_session:
            assert await _counts(open_session.connection) == expected
            for table in TENANTS:
                owners = select(table.c.organization_id).distinct()
                assert (await open_session.connection.execute(owners)).scalars().all() == [own.organization_id]
    assert other.organization_id != own.organization_id


async def test_raw_writes_miss_foreign_rows(database: Database) -> None:
    own, other = await two_actors(database)
    before = await snapshot(database, other)
    async with database.write(own) as session:
        for table in TENANTS:
            for write in (f'UPDATE "{table.name}" SET id = id', f'DELETE FROM "{table.name}"'):
                raw = text(f"{write} WHERE organization_id = :theirs RETURNING id")
                found = await session.connection.execute(raw, {"theirs": other.organization_id})
                assert (write, found.all()) == (write, [])
    assert await snapshot(database, other) == before


async def test_raw_rows_stay_in_organization(database: Database) -> None:
    """Neither a new row nor a changed one gets into another organization, in whichever table."""
    own, other = await two_actors(database)
    before = await snapshot(database, own), await snapshot(database, other)
    for table in TENANTS:
        rest = ", ".join(f'"{column.name}"' for column in table.columns[2:])
        await _deny(
            database,
            own,
            f'INSERT INTO "{table.name}" (organization_id, id, {rest})'
            f" SELECT '{other.organization_id}', 'new', {rest} FROM \"{table.name}\" WHERE id = 'it'",
        )
        await _deny(
            database,
            own,
            f"UPDATE \"{table.name}\" SET organization_id = '{other.organization_id}', id = 'new' WHERE id = 'it'",
        )
    assert (await snapshot(database, own), await snapshot(database, other)) == before


async def _deny(database: Database, actor: Actor, statement: str) -> None:
    with pytest.raises(ProgrammingError, match=DENIED):
        async with database.write(actor) as session:
            await session.connection.execute(text(statement))


async def test_pooled_readers_switch_organizations(database: Database) -> None:
    pooled = Database(database.url.render_as_string(hide_password=False), pool_size=2)
    actors = await two_actors(pooled)
    async with pooled.write(actors[1]) as session:
        await session.update(LeadStatus, {"label": "Theirs"})
    labels = {actors[0]: {"Extra", "Potential", "Bad Fit", "Qualified", "Customer"}, actors[1]: {"Theirs"}}
    dice = random.Random(7)
    spoilt = 0

    async def look(actor: Actor) -> None:
        async with pooled.read(actor) as session:
            for _ in range(dice.randint(1, 3)):
                rows = await session.connection.execute(text("SELECT organization_id, label FROM lead_status"))
                found = rows.all()
                assert {owner for owner, _ in found} == {actor.organization_id}
                assert {label for _, label in found} == labels[actor]
                await asyncio.sleep(dice.choice([0, 0, 0.001]))

    async def fail(actor: Actor) -> None:
        nonlocal spoilt
        with pytest.raises(DBAPIError, match="division by zero"):
            async with pooled.read(actor) as session:
                await session.connection.execute(text("SELECT 1 / 0"))
        spoilt += 1

    async def give_up(actor: Actor) -> None:
        nonlocal spoilt
        task = asyncio.ensure_future(_linger(pooled, actor))
        await asyncio.sleep(dice.uniform(0, 0.02))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        spoilt += 1

    await asyncio.gather(*(dice.choices([look, fail, give_up], [8, 1, 1])[0](dice.choice(actors)) for _ in range(300)))
    assert spoilt > 30
    await asyncio.gather(*(look(actor) for actor in actors * 5))
    await pooled.close()


async def _linger(database: Database, actor: Actor) -> None:
    async with database.read(actor) as session:
        await session.connection.execute(text("SELECT pg_sleep(5)"))


async def test_scope_is_set_when_it_differs(database: Database) -> None:
    one = Database(database.url.render_as_string(hide_password=False), pool_size=1)
    own, other = await two_actors(one)
    with sent() as seen:
        for actor in (own, own, own, other, other, own):
            async with one.read(actor) as session:
                assert await session.count(Lead) == 1
    scopes = [parameters for statement, parameters in seen if "set_config" in statement]
    assert [scope[1] for scope in scopes] == [own.organization_id, other.organization_id, own.organization_id]
    await one.close()


async def test_failed_scope_is_not_kept(database: Database) -> None:
    """PostgreSQL refuses this scope each time; the connection does not go on with the one before."""
    one = Database(database.url.render_as_string(hide_password=False), pool_size=1)
    own, _ = await two_actors(one)
    async with one.read(own) as session:
        assert (await _counts(session.connection))["lead"] == 1
    for _ in range(2):
        with pytest.raises(DBAPIError, match="invalid byte sequence"):
            async with one.read(Actor("\0")):
                pass
    async with one.read(own) as session:
        assert (await _counts(session.connection))["lead"] == 1
    await one.close()


async def test_readers_refuse_to_write(database: Database) -> None:
    own, _ = await two_actors(database)
    with pytest.raises(DBAPIError, match="read-only transaction"):
        async with database.read(own) as session:
            await session.delete(Lead)


async def test_ordinary_login_migrates_and_serves(database: Database, postgres_server: str) -> None:
    """No superuser is needed, nor the right to make roles: a database of its own, and both roles granted."""
    url = make_url(postgres_server).set(username="crm_plain", password="plain", database="crm_plain")
    plain = Database(url.render_as_string(hide_password=False))
    drop = ("DROP DATABASE IF EXISTS crm_plain WITH (FORCE)", "DROP ROLE IF EXISTS crm_plain")
    make = ("CREATE ROLE crm_plain LOGIN PASSWORD 'plain'", f"GRANT {ROLE}, {SEARCH_ROLE} TO crm_plain")
    await administer(postgres_server, *drop, *make, "CREATE DATABASE crm_plain OWNER crm_plain")
    await migrations.upgrade(url.render_as_string(hide_password=False))
    own, other = await two_actors(plain)
    async with plain.write(own) as session:
        users = (await session.connection.execute(text("SELECT current_user, session_user"))).one()
        assert tuple(users) == (ROLE, "crm_plain")
        deleted = await session.connection.execute(text("DELETE FROM lead RETURNING id"))
        assert deleted.scalars().all() == ["it"]
    async with plain.read(other) as session:
        assert await session.count(Lead) == 1
    await plain.close()
    await administer(postgres_server, *drop)
