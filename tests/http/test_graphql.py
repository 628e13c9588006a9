import httpx2
import pytest
from starlette.requests import Request

from app.domain.access import Actor
from app.http.graphql import media_type, zone_of
from app.http.refusals import Refusal
from app.services import keys, organizations
from app.storage.database import Database
from tests.http.gateway import Acme, code, served

VIEWER = "{ viewer { displayName } }"
NEWER = "application/graphql-response+json"


async def test_mutation_needs_post(api: httpx2.AsyncClient) -> None:
    for accept in ("application/json", NEWER):
        answer = await api.get("/graphql", params={"query": "mutation { __typename }"}, headers={"Accept": accept})
        assert (answer.status_code, code(answer)) == (405, "METHOD_NOT_ALLOWED")
        assert answer.headers["allow"] == "POST"
    answer = await api.post("/graphql", json={"query": "mutation { __typename }"})
    assert answer.json() == {"data": {"__typename": "Mutation"}}


REFUSED = {
    "{": "GRAPHQL_PARSE_FAILED",
    "": "GRAPHQL_PARSE_FAILED",
    "{ nothing }": "GRAPHQL_VALIDATION_FAILED",
    "query A { viewer { id } } query B { viewer { id } }": "OPERATION_RESOLUTION_FAILURE",
    "query A($id: ID!) { user(id: $id) { id } }": "BAD_USER_INPUT",
}
MEDIA = [
    ("application/json", 200, "application/json; charset=utf-8"),
    (NEWER, 400, f"{NEWER}; charset=utf-8"),
]


async def test_media_type_decides_status(api: httpx2.AsyncClient) -> None:
    for query, found in REFUSED.items():
        for accept, status, media in MEDIA:
            answer = await api.post("/graphql", json={"query": query}, headers={"Accept": accept})
            assert (answer.status_code, code(answer)) == (status, found), query
            assert answer.headers["content-type"] == media


@pytest.mark.parametrize(
    ("accept", "newer"),
    [
        ("", False),
        ("*/*", False),
        ("application/json, multipart/mixed", False),
        ("application/json;q=0.9, application/graphql-response+json;q=0.5", False),
        ("application/graphql-response+json;q=0, */*", False),
        ("application/graphql-response+json;q=nonsense", False),
        ("text/html", False),
        (NEWER, True),
        ("Application/GraphQL-Response+JSON; charset=utf-8", True),
        ("application/graphql-response+json, application/json;q=0.9", True),
        ("application/json, application/graphql-response+json", True),
    ],
)
def test_accept_header_is_weighed(accept: str, newer: bool) -> None:
    assert (media_type(accept) == f"{NEWER}; charset=utf-8") is newer


async def test_answers_are_not_stored(api: httpx2.AsyncClient) -> None:
    answer = await api.get("/graphql", params={"query": VIEWER})
    assert answer.headers["cache-control"] == "no-store"


async def test_statements_are_counted(api: httpx2.AsyncClient) -> None:
    for query, count in (("{ __typename }", 0), (VIEWER, 1), ("{ viewer { role { id } } }", 2)):
        answer = await api.post("/graphql", json={"query": query})
        assert "errors" not in answer.json()
        assert answer.headers["x-sql-statements"] == str(count)


async def test_count_is_told_on_request(database: Database, acme: Acme) -> None:
    async with served(database, acme.key) as client:
        assert "x-sql-statements" not in (await client.post("/graphql", json={"query": VIEWER})).headers


async def test_bad_offset_is_refused(api: httpx2.AsyncClient) -> None:
    for header in ("15", "-13", "UTC", "", "1.1", "nan", "+05:30"):
        answer = await api.post("/graphql", json={"query": VIEWER}, headers={"X-TZ-Offset": header})
        assert (answer.status_code, code(answer)) == (400, "BAD_USER_INPUT"), header


@pytest.mark.parametrize(
    ("header", "user_zone", "zone"),
    [
        ("-8", "Asia/Tokyo", "-08:00"),
        ("5.75", None, "+05:45"),
        (None, "Asia/Tokyo", "Asia/Tokyo"),
        (None, None, "Europe/Berlin"),
    ],
)
async def test_zone_has_an_order(
    header: str | None, user_zone: str | None, zone: str, database: Database, acme: Acme
) -> None:
    bob = await organizations.add_user(database, acme.id, "Bob", time_zone=user_zone)
    key = await keys.create(database, acme.id, bob, "phone")
    actor = await keys.authenticate(database, key, from_loopback=False)
    assert actor is not None
    headers = [(b"x-tz-offset", header.encode())] if header else []
    assert zone_of(Request({"type": "http", "headers": headers}), actor) == zone


def test_bad_zone_names_the_header() -> None:
    request = Request({"type": "http", "headers": [(b"x-tz-offset", b"99")]})
    with pytest.raises(Refusal, match=r"^X-TZ-Offset '99' is not a number of hours"):
        zone_of(request, Actor("orga_1"))


async def test_page_size_is_a_setting(database: Database, acme: Acme) -> None:
    query = {"query": "query Users($first: Int!) { users(first: $first) { nodes { displayName } } }"}
    async with served(database, acme.key, max_page_size=7) as client:
        allowed = await client.post("/graphql", json=query | {"variables": {"first": 7}})
        refused = await client.post("/graphql", json=query | {"variables": {"first": 8}})
    assert allowed.json() == {"data": {"users": {"nodes": [{"displayName": "Ann Lee"}]}}}
    assert refused.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
