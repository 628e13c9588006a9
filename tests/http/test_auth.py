from base64 import b64encode

import httpx2
from starlette.requests import Request

from app.domain.access import Actor
from app.http.auth import from_loopback, key_of
from app.services import keys
from app.storage.database import Database
from app.storage.organizations import User
from app.storage.reads import table_of
from tests.http.gateway import Acme, code, served

WHO = {"query": "{ viewer { id displayName role { name } } organization { id } }"}


def basic(credentials: str | bytes) -> str:
    raw = credentials.encode() if isinstance(credentials, str) else credentials
    return f"Basic {b64encode(raw).decode()}"


async def test_bearer_key_is_known(database: Database, acme: Acme) -> None:
    bodies = []
    async with served(database) as client:
        for form in (f"Bearer {acme.key}", f"bearer  {acme.key}", f"BEARER {acme.key} "):
            answer = await client.post("/graphql", json=WHO, headers={"Authorization": form})
            bodies.append(answer.json())
    assert bodies[0] == bodies[1] == bodies[2]
    assert bodies[0] == {
        "data": {
            "viewer": {"id": acme.ann, "displayName": "Ann Lee", "role": {"name": "Admin"}},
            "organization": {"id": acme.id},
        }
    }


async def test_basic_key_is_user_name(database: Database, acme: Acme) -> None:
    """G6: the key is the user name, the password is empty."""
    async with served(database) as client:
        answer = await client.post("/graphql", json=WHO, auth=httpx2.BasicAuth(acme.key, ""))
    assert answer.json()["data"]["viewer"]["id"] == acme.ann


async def test_missing_key_is_challenged(database: Database) -> None:
    """G6: without a key the answer is a challenge."""
    async with served(database) as client:
        answer = await client.post("/graphql", json=WHO)
    assert answer.status_code == 401
    assert answer.headers.get_list("www-authenticate") == ["Bearer"]
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.json()["errors"][0]["message"].startswith("An API key is needed: ")
    assert code(answer) == "UNAUTHENTICATED"


async def test_other_credentials_are_refused(database: Database, acme: Acme) -> None:
    id, _, secret = acme.key.partition(".")
    wrong = [
        "", "Bearer", "Bearer ", f"Bearer {id}", f"Bearer {id}.{secret[::-1]}", f"Token {acme.key}", acme.key,
        "Basic", "Basic !", "Basic api_", basic(acme.key), basic(f":{acme.key}"), basic(f"{acme.key}:secret"),
        basic(f"{acme.key}:{acme.key}"), basic(b"\xff\xfe:"), basic("käy:"), f"Bearer {'x' * 20_000}",
    ]  # fmt: skip
    async with served(database) as client:
        for header in wrong:
            answer = await client.post("/graphql", json=WHO, headers={"Authorization": header})
            assert (answer.status_code, code(answer)) == (401, "UNAUTHENTICATED"), header
            assert answer.headers["www-authenticate"] == "Bearer"


async def test_undecodable_header_is_refused(database: Database) -> None:
    async with served(database) as client:
        answer = await client.post("/graphql", json=WHO, headers=[(b"Authorization", b"Bearer \xff\xfe")])
    assert (answer.status_code, code(answer)) == (401, "UNAUTHENTICATED")


async def test_two_keys_are_none(database: Database, acme: Acme) -> None:
    twice = [("Authorization", f"Bearer {acme.key}"), ("Authorization", f"Bearer {acme.key}")]
    async with served(database) as client:
        answer = await client.post("/graphql", json=WHO, headers=twice)
    assert answer.status_code == 401


async def test_key_in_address_is_none(database: Database, acme: Acme) -> None:
    async with served(database) as client:
        answer = await client.get("/graphql", params={"query": "{ viewer { id } }", "key": acme.key})
    assert answer.status_code == 401


async def test_refusal_says_nothing_more(database: Database, acme: Acme) -> None:
    id, _, secret = acme.key.partition(".")
    bodies = []
    async with served(database) as client:
        for key in (f"{id}.{secret[::-1]}", f"api_0000000000000000.{secret}"):
            headers = {"Authorization": f"Bearer {key}", "X-Request-ID": "same"}
            answer = await client.post("/graphql", json=WHO, headers=headers)
            bodies.append((answer.status_code, dict(answer.headers), answer.content))
    assert bodies[0] == bodies[1]


async def test_revoked_key_fails_next_request(api: httpx2.AsyncClient, database: Database, acme: Acme) -> None:
    assert (await api.post("/graphql", json=WHO)).status_code == 200
    await keys.revoke(database, acme.id, acme.key.partition(".")[0])
    assert (await api.post("/graphql", json=WHO)).status_code == 401


async def test_former_member_fails_next_request(api: httpx2.AsyncClient, database: Database, acme: Acme) -> None:
    assert (await api.post("/graphql", json=WHO)).status_code == 200
    async with database.write(Actor.system(acme.id)) as session:
        await session.update(User, {"is_active": False}, table_of(User).c.id == acme.ann)
    assert (await api.post("/graphql", json=WHO)).status_code == 401


CALLERS: list[tuple[str, dict[str, str], int]] = [
    ("127.0.0.1", {}, 200),
    ("127.8.9.10", {}, 200),
    ("::1", {}, 200),
    ("::ffff:127.0.0.1", {}, 200),
    ("203.0.113.7", {}, 401),
    ("::ffff:203.0.113.7", {}, 401),
    ("2001:db8::1", {}, 401),
    ("localhost", {}, 401),
    ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 401),
    ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}, 401),
    ("127.0.0.1", {"Via": "1.1 proxy"}, 401),
    ("127.0.0.1", {"X-Real-IP": "127.0.0.1"}, 401),
]


async def test_demo_key_works_at_home(database: Database, acme: Acme) -> None:
    key = await keys.create(database, acme.id, acme.ann, "demo", loopback_only=True)
    for address, headers, status in CALLERS:
        async with served(database, key, address=address) as client:
            answer = await client.post("/graphql", json=WHO, headers=headers)
            assert answer.status_code == status, (address, headers)


def test_connection_without_address_is_foreign() -> None:
    assert not from_loopback(Request({"type": "http", "headers": [], "client": None}))


def test_key_of_basic_needs_colon() -> None:
    assert key_of(basic("api_1.2:")) == "api_1.2"
    assert key_of(basic("api_1.2")) is None
