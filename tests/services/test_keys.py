import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import update

from app.domain.access import EVERYTHING, Actor, Permission
from app.domain.errors import NotFound, Problems
from app.services import keys, organizations
from app.storage.database import Database
from app.storage.organizations import ApiKey, Organization, Role, User
from app.storage.reads import table_of
from tests.storage.scenery import administer, counting, sent
from tests.storage.watching import until


@dataclass
class Acme:
    id: str
    ann: str
    key: str


@pytest.fixture
async def acme(database: Database) -> Acme:
    """An organization whose administrator Ann has a key."""
    id = await organizations.create(database, "Acme", time_zone="Europe/Berlin")
    ann = await organizations.add_user(database, id, "Ann Lee", role="Admin")
    return Acme(id, ann, await keys.create(database, id, ann, "laptop"))


async def ask(database: Database, text: str, from_loopback: bool = False) -> Actor | None:
    return await keys.authenticate(database, text, from_loopback=from_loopback)


async def test_key_has_two_parts(acme: Acme) -> None:
    assert re.fullmatch(r"api_[0-9A-Za-z]{16}\.[A-Za-z0-9_-]{43}", acme.key)


async def test_keys_differ(acme: Acme, database: Database) -> None:
    other = await keys.create(database, acme.id, acme.ann, "laptop")
    assert [a == b for a, b in zip(acme.key.split("."), other.split("."), strict=True)] == [False, False]


async def test_only_hash_is_stored(acme: Acme, database: Database) -> None:
    id, _, secret = acme.key.partition(".")
    async with database.look_up() as connection:
        [row] = await connection.execute(table_of(ApiKey).select())
    assert row.id == id
    assert row.secret_hash == hashlib.sha256(secret.encode()).digest()
    assert secret not in str(row)


async def test_key_stands_for_its_user(acme: Acme, database: Database) -> None:
    admin = (await organizations.list_roles(database, acme.id))[0]["id"]
    assert await ask(database, acme.key) == Actor(acme.id, acme.ann, admin, EVERYTHING, "Europe/Berlin")


async def test_zone_of_user_comes_first(acme: Acme, database: Database) -> None:
    bob = await organizations.add_user(database, acme.id, "Bob", time_zone="Asia/Tokyo")
    actor = await ask(database, await keys.create(database, acme.id, bob, "phone"))
    assert actor is not None
    assert (actor.time_zone, actor.permissions) == ("Asia/Tokyo", frozenset())


def flipped(key: str) -> str:
    """The key with another first letter of its secret part."""
    id, _, secret = key.partition(".")
    return f"{id}.{'B' if secret[0] == 'A' else 'A'}{secret[1:]}"


async def test_other_texts_are_no_key(acme: Acme, database: Database) -> None:
    id, _, secret = acme.key.partition(".")
    others = ["", id, secret, f"{id}.", f".{secret}", flipped(acme.key), f"{acme.key}A", acme.key[:-1]]
    others += [f" {acme.key}", f"{acme.key}\n", acme.key.upper(), f"api_0000000000000000.{secret}"]
    others += [f"{id}.{'é' * 43}", "x" * 100_000]
    for text in others:
        assert await ask(database, text) is None


async def test_revoked_key_is_refused(acme: Acme, database: Database) -> None:
    id = acme.key.partition(".")[0]
    assert await keys.revoke(database, acme.id, id) is True
    assert await ask(database, acme.key) is None
    assert await keys.revoke(database, acme.id, id) is False


async def test_revoking_a_foreign_key(acme: Acme, database: Database) -> None:
    other = await organizations.create(database, "Other")
    with pytest.raises(NotFound):
        await keys.revoke(database, other, acme.key.partition(".")[0])
    assert await ask(database, acme.key) is not None


async def test_loopback_key_stays_at_home(acme: Acme, database: Database) -> None:
    key = await keys.create(database, acme.id, acme.ann, "demo", loopback_only=True)
    assert await ask(database, key, from_loopback=False) is None
    actor = await ask(database, key, from_loopback=True)
    assert actor is not None
    assert actor.user_id == acme.ann


async def test_former_user_is_refused(acme: Acme, database: Database) -> None:
    async with database.write(Actor.system(acme.id)) as session:
        await session.update(User, {"is_active": False}, table_of(User).c.id == acme.ann)
    assert await ask(database, acme.key) is None


async def test_former_user_gets_no_key(acme: Acme, database: Database) -> None:
    async with database.write(Actor.system(acme.id)) as session:
        await session.update(User, {"is_active": False}, table_of(User).c.id == acme.ann)
    with pytest.raises(NotFound, match="There is no active user"):
        await keys.create(database, acme.id, acme.ann, "second")
    assert [key.name for key in await keys.list_keys(database, acme.id)] == ["laptop"]


async def test_foreign_user_gets_no_key(acme: Acme, database: Database) -> None:
    other = await organizations.create(database, "Other")
    with pytest.raises(NotFound):
        await keys.create(database, other, acme.ann, "borrowed")
    assert await keys.list_keys(database, other) == []


async def test_role_counts_at_once(acme: Acme, database: Database) -> None:
    async with database.write(Actor.system(acme.id)) as session:
        values = {"permissions": ["merge_leads", "fly"]}
        await session.update(Role, values, table_of(Role).c.name == "Admin")
    actor = await ask(database, acme.key)
    assert actor is not None
    assert actor.permissions == frozenset({Permission.MERGE_LEADS})


async def test_user_without_role_has_no_permission(acme: Acme, database: Database) -> None:
    async with database.write(Actor.system(acme.id)) as session:
        await session.update(User, {"role_id": None}, table_of(User).c.id == acme.ann)
    assert await ask(database, acme.key) == Actor(acme.id, acme.ann, None, frozenset(), "Europe/Berlin")


async def test_keys_are_listed_per_organization(acme: Acme, database: Database) -> None:
    other = await organizations.create(database, "Other")
    await keys.create(database, acme.id, acme.ann, "demo", loopback_only=True)
    await keys.revoke(database, acme.id, acme.key.partition(".")[0])
    listed = await keys.list_keys(database, acme.id)
    assert [(key.name, key.user_id, key.loopback_only) for key in listed] == [
        ("laptop", acme.ann, False),
        ("demo", acme.ann, True),
    ]
    assert [key.date_revoked is not None for key in listed] == [True, False]
    assert await keys.list_keys(database, other) == []


async def test_key_needs_a_name(acme: Acme, database: Database) -> None:
    with pytest.raises(Problems):
        await keys.create(database, acme.id, acme.ann, " ")


async def test_wrong_keys_take_equal_steps(acme: Acme, database: Database) -> None:
    for _ in range(2):
        taken = []
        for text in (flipped(acme.key), f"api_0000000000000000.{acme.key[-43:]}"):
            with sent() as statements:
                assert await ask(database, text) is None
            taken.append([statement for statement, _ in statements if "set_config" not in statement])
        assert taken[0] == taken[1]
        assert len(taken[0]) == 1
        await until_remembered(database, acme.key)


async def until_remembered(database: Database, key: str) -> None:
    """Ask until that needs no statement."""
    async with asyncio.timeout(5):
        while True:
            with counting() as statements:
                assert await ask(database, key) is not None
            if not statements.sent:
                return
            await asyncio.sleep(0.005)


async def test_waiting_for_changes_is_nobodys_statement(acme: Acme, database: Database) -> None:
    """The request that happens to be the first does not count how changes are listened for."""
    with counting() as statements:
        await until_remembered(database, acme.key)
        await ask(database, flipped(acme.key))
    asked = {statement for statement, _ in statements.sent if "set_config" not in statement}
    assert len(asked) == 1
    assert "caller" in asked.pop()


async def test_secret_of_remembered_key_is_proved(acme: Acme, database: Database) -> None:
    await until_remembered(database, acme.key)
    assert await ask(database, flipped(acme.key)) is None
    with counting() as statements:
        assert await ask(database, acme.key) is not None
    assert statements.sent == []


async def test_remembered_loopback_key_stays_at_home(acme: Acme, database: Database) -> None:
    key = await keys.create(database, acme.id, acme.ann, "demo", loopback_only=True)
    async with asyncio.timeout(5):
        while database.callers.remembered(key.partition(".")[0]) is None:
            assert await ask(database, key, from_loopback=True) is not None
            await asyncio.sleep(0.005)
    assert await ask(database, key, from_loopback=False) is None


@pytest.fixture
async def elsewhere(database: Database) -> AsyncIterator[Database]:
    """The same data, reached as another process reaches it."""
    other = Database(database.url.render_as_string(hide_password=False), pool_size=1)
    yield other
    await other.close()


async def revoke(database: Database, acme: Acme) -> None:
    await keys.revoke(database, acme.id, acme.key.partition(".")[0])


async def dismiss(database: Database, acme: Acme) -> None:
    async with database.write(Actor.system(acme.id)) as session:
        await session.update(User, {"is_active": False}, table_of(User).c.id == acme.ann)


async def remove_key(database: Database, acme: Acme) -> None:
    async with database.unscoped() as connection:
        await connection.execute(table_of(ApiKey).delete())


async def remove_organization(database: Database, acme: Acme) -> None:
    await organizations.delete(database, acme.id)


async def restrict_role(database: Database, acme: Acme) -> None:
    async with database.write(Actor.system(acme.id)) as session:
        await session.update(Role, {"permissions": []}, table_of(Role).c.name == "Admin")


async def take_role(database: Database, acme: Acme) -> None:
    async with database.write(Actor.system(acme.id)) as session:
        await session.update(User, {"role_id": None}, table_of(User).c.id == acme.ann)


async def move_user(database: Database, acme: Acme) -> None:
    async with database.write(Actor.system(acme.id)) as session:
        await session.update(User, {"time_zone": "Asia/Tokyo"}, table_of(User).c.id == acme.ann)


async def move_organization(database: Database, acme: Acme) -> None:
    async with database.unscoped() as connection:
        await connection.execute(update(table_of(Organization)).values(time_zone="Asia/Tokyo"))


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        (revoke, lambda actor: actor is None),
        (dismiss, lambda actor: actor is None),
        (remove_key, lambda actor: actor is None),
        (remove_organization, lambda actor: actor is None),
        (restrict_role, lambda actor: actor.permissions == frozenset() and actor.role_id),
        (take_role, lambda actor: actor.permissions == frozenset() and actor.role_id is None),
        (move_user, lambda actor: actor.time_zone == "Asia/Tokyo"),
        (move_organization, lambda actor: actor.time_zone == "Asia/Tokyo"),
    ],
)
async def test_change_elsewhere_counts_at_once(
    acme: Acme,
    database: Database,
    elsewhere: Database,
    change: Callable[[Database, Acme], Awaitable[None]],
    counts: Callable[[Actor | None], bool],
) -> None:
    """On SQLite at the next request. PostgreSQL tells of it, which may take a moment on a busy machine."""
    await until_remembered(database, acme.key)
    await change(elsewhere, acme)
    seconds = 0.0 if database.dialect == "sqlite" else 1.0
    started = asyncio.get_running_loop().time()
    while not counts(actor := await ask(database, acme.key)):
        assert asyncio.get_running_loop().time() < started + seconds, actor
        await asyncio.sleep(0.001)
    for _ in range(20):
        assert counts(await ask(database, acme.key))
        await asyncio.sleep(0.001)


@pytest.mark.parametrize("store", ["postgresql"])
async def test_change_counts_while_none_is_told(acme: Acme, database: Database, elsewhere: Database) -> None:
    """The connection that listens is lost; for a while every request asks, and no time passes until a change counts."""
    await until_remembered(database, acme.key)
    await administer(
        database.url.render_as_string(hide_password=False),
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND query LIKE 'LISTEN%'",
    )
    await until(lambda: database.callers.remembered(acme.key.partition(".")[0]) is None, seconds=1)
    assert await ask(database, acme.key) is not None
    await revoke(elsewhere, acme)
    assert await ask(database, acme.key) is None
