import asyncio
import re

import pytest

from app.domain.access import Actor
from app.services import keys
from app.storage.database import Database
from tests.cli.conftest import Crm


@pytest.fixture
def ann(crm: Crm, acme: str) -> str:
    return crm("user", "add", "Ann Lee", "--email", "ann@acme.example").out.strip()


def known(url: str, key: str) -> Actor | None:
    async def ask() -> Actor | None:
        database = Database(url)
        try:
            return await keys.authenticate(database, key, from_loopback=False)
        finally:
            await database.close()

    return asyncio.run(ask())


def test_only_key_is_on_output(crm: Crm, acme: str, ann: str, database_url: str) -> None:
    ran = crm("key", "create", "report")
    assert re.fullmatch(r"api_[0-9A-Za-z]{16}\.[A-Za-z0-9_-]{43}\n", ran.out)
    assert (ran.code, ran.err) == (0, "Keep it now: nobody can tell it again.\n")
    actor = known(database_url, ran.out.strip())
    assert actor is not None
    assert (actor.organization_id, actor.user_id) == (acme, ann)


def test_user_has_three_names(crm: Crm, ann: str, database_url: str) -> None:
    crm("user", "add", "Bob")
    for text in (ann, "Ann Lee", "ann@acme.example"):
        actor = known(database_url, crm("key", "create", "--user", text).out.strip())
        assert actor is not None
        assert actor.user_id == ann


def test_several_users_need_a_name(crm: Crm, ann: str) -> None:
    bob = crm("user", "add", "Bob").out.strip()
    ran = crm("key", "create")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        f"Error: Several users could be meant; name one with --user by its id: Ann Lee ({ann}), Bob ({bob}).\n"
    )


def test_key_needs_a_user(crm: Crm, acme: str) -> None:
    ran = crm("key", "create")
    assert ran.err == "Error: The organization has no user yet: add one with crm-gateway user add NAME.\n"
    ran = crm("key", "create", "--user", "Zoe")
    assert (ran.code, ran.err) == (
        1,
        "Error: There is no active user 'Zoe'; crm-gateway user list shows them.\n",
    )


def test_key_is_listed_without_secret(crm: Crm, ann: str) -> None:
    id, _, secret = crm("key", "create", "report").out.strip().partition(".")
    ran = crm("key", "list")
    header, [shown, name, user, created, state] = ran.lines
    assert header == ["Id", "Name", "User", "Created", "State"]
    assert (shown, name, user, state) == (id, "report", "Ann Lee", "valid")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", created)
    assert secret not in ran.out


@pytest.mark.parametrize("whole", [False, True], ids=["id", "whole key"])
def test_revoked_key_is_refused(whole: bool, crm: Crm, ann: str, database_url: str) -> None:
    key = crm("key", "create").out.strip()
    id = key.partition(".")[0]
    ran = crm("key", "revoke", key if whole else id)
    assert (ran.code, ran.err) == (0, f"{id} is refused from now on.\n")
    assert known(database_url, key) is None
    assert crm("key", "list").lines[1][4].startswith("revoked 20")
    assert crm("key", "revoke", id).err == f"{id} was revoked before.\n"


def test_foreign_key_is_not_revoked(crm: Crm, ann: str, database_url: str) -> None:
    key = crm("key", "create").out.strip()
    crm("organization", "add", "Other")
    ran = crm("key", "revoke", key, "--organization", "Other")
    assert (ran.code, ran.err) == (1, f"Error: There is no key {key.partition('.')[0]}.\n")
    assert known(database_url, key) is not None
