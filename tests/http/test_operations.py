import gzip
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2

from app.storage.database import Database
from tests.http.gateway import Acme, code, served

QUERY = "{ viewer { displayName } }"
JSON = {"Content-Type": "application/json"}
ANN = {"data": {"viewer": {"displayName": "Ann Lee"}}}


async def test_json_body_is_taken(api: httpx2.AsyncClient) -> None:
    names = ("application/json", "application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"')
    body = json.dumps({"query": QUERY, "unknown": 1, "variables": None, "extensions": {}, "operationName": None})
    for name in (*names, "application/json;"):
        answer = await api.post("/graphql", content=body, headers={"Content-Type": name})
        assert answer.json() == ANN, name


OTHER_MEDIA = [
    None,
    "text/plain",
    "text/plain; a=application/json",
    "application/graphql",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json; charset=latin-1",
    "application/jsonp",
]


async def test_other_media_are_refused(api: httpx2.AsyncClient) -> None:
    for name in OTHER_MEDIA:
        headers = {"Content-Type": name} if name else {}
        answer = await api.post("/graphql", content=json.dumps({"query": QUERY}), headers=headers)
        assert (answer.status_code, code(answer)) == (415, "UNSUPPORTED_MEDIA_TYPE"), name
        assert answer.headers["accept"] == "application/json"


async def test_compressed_body_is_refused(api: httpx2.AsyncClient) -> None:
    body = gzip.compress(json.dumps({"query": QUERY}).encode())
    answer = await api.post("/graphql", content=body, headers=JSON | {"Content-Encoding": "gzip"})
    assert (answer.status_code, code(answer)) == (415, "UNSUPPORTED_MEDIA_TYPE")


MALFORMED_BODIES = [
    b"",
    b"{",
    b"7",
    b"null",
    b'"{ viewer { id } }"',
    b"[]",
    b'[{"query": "{ viewer { id } }"}]',
    b"{}",
    b'{"query": null}',
    b'{"query": 7}',
    b'{"query": "{ viewer { id } }", "variables": []}',
    b'{"query": "{ viewer { id } }", "variables": "{}"}',
    b'{"query": "{ viewer { id } }", "operationName": 7}',
    b'{"query": "{ viewer { id } }", "extensions": []}',
    b'{"query": "{ viewer { id } }", "variables": {"a": NaN}}',
    b'{"query": "\xff\xfe"}',
    b'{"query": "\\ud800"}',
    b'{"query": ' + b"1" * 5_000 + b"}",
    b"[" * 100_000,
]


async def test_malformed_body_is_refused(api: httpx2.AsyncClient) -> None:
    for body in MALFORMED_BODIES:
        answer = await api.post("/graphql", content=body, headers=JSON)
        assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST"), body[:60]
        assert len(answer.content) < 500


async def test_get_runs_queries(api: httpx2.AsyncClient) -> None:
    params = {
        "query": "query A($yes: Boolean!) { viewer @include(if: $yes) { displayName } } query B { viewer { id } }",
        "variables": '{"yes": true}',
        "operationName": "A",
        "extensions": "",
    }
    assert (await api.get("/graphql", params=params)).json() == ANN


MALFORMED_PARAMETERS: list[Any] = [
    {},
    {"query": QUERY, "variables": "{"},
    {"query": QUERY, "variables": "7"},
    {"query": QUERY, "extensions": "[]"},
    [("query", QUERY), ("query", QUERY)],
]


async def test_malformed_parameters_are_refused(api: httpx2.AsyncClient) -> None:
    for params in MALFORMED_PARAMETERS:
        answer = await api.get("/graphql", params=params)
        assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST"), params


async def endless(part: bytes, times: int) -> AsyncIterator[bytes]:
    for _ in range(times):
        yield part


async def test_body_has_a_limit(database: Database, acme: Acme) -> None:
    def padded(size: int) -> bytes:
        start = json.dumps({"query": QUERY}).encode()
        return start + b" " * (size - len(start))

    async with served(database, acme.key, max_body_bytes=2_048) as client:
        assert (await client.post("/graphql", content=padded(2_048), headers=JSON)).json() == ANN
        for body in (padded(2_049), endless(b" " * 1_024, 3)):
            answer = await client.post("/graphql", content=body, headers=JSON)
            assert (answer.status_code, code(answer)) == (413, "PAYLOAD_TOO_LARGE")


async def test_other_methods_are_refused(api: httpx2.AsyncClient) -> None:
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS"):
        answer = await api.request(method, "/graphql", json={"query": QUERY})
        assert (answer.status_code, code(answer)) == (405, "METHOD_NOT_ALLOWED"), method
        assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}
