import logging
import re
from collections.abc import AsyncIterator

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from app.http.refusals import HANDLERS
from app.http.requests import Identified
from app.storage.database import Unavailable
from tests.http.gateway import code


async def broken(_: Request) -> Response:
    raise RuntimeError("the secret is swordfish")


async def unavailable(_: Request) -> Response:
    raise Unavailable("db.internal:5432 is down")


async def leaving(request: Request) -> Response:
    return Response(await request.body())


async def half(_: Request) -> Response:
    async def parts() -> AsyncIterator[bytes]:
        yield b"half"
        raise RuntimeError("broken off")

    return StreamingResponse(parts())


@pytest.fixture
def faulty() -> Starlette:
    routes = [Route(f"/{f.__name__}", f, methods=["GET", "POST"]) for f in (broken, unavailable, leaving, half)]
    return Starlette(routes=routes, middleware=[Middleware(Identified)], exception_handlers=HANDLERS)


def client_of(app: Starlette) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://gateway.example")


async def test_request_gets_an_id(api: httpx2.AsyncClient) -> None:
    first, second = [(await api.get("/livez")).headers["x-request-id"] for _ in range(2)]
    assert re.fullmatch(r"req_[0-9A-Za-z]{22}", first)
    assert first != second


async def test_given_id_is_kept(api: httpx2.AsyncClient) -> None:
    answer = await api.get("/nowhere", headers={"X-Request-ID": "trace-1.b_2"})
    assert answer.headers["x-request-id"] == "trace-1.b_2"
    assert answer.json()["errors"][0]["extensions"]["requestId"] == "trace-1.b_2"


async def test_odd_id_is_replaced(api: httpx2.AsyncClient) -> None:
    for given in ("", "a b", "x" * 129, "<script>", "é"):
        answer = await api.get("/livez", headers=[(b"X-Request-ID", given.encode())])
        assert answer.headers["x-request-id"].startswith("req_"), given


async def test_errors_of_graph_carry_it(api: httpx2.AsyncClient) -> None:
    answer = await api.post("/graphql", json={"query": "{ nothing }"}, headers={"X-Request-ID": "trace-1"})
    assert answer.json()["errors"][0]["extensions"]["requestId"] == "trace-1"


async def test_unknown_path_has_a_code(api: httpx2.AsyncClient) -> None:
    answer = await api.get("/nowhere")
    assert (answer.status_code, code(answer)) == (404, "BAD_REQUEST")


async def test_unexpected_error_is_masked(faulty: Starlette, caplog: pytest.LogCaptureFixture) -> None:
    async with client_of(faulty) as client:
        answer = await client.get("/broken")
    assert (answer.status_code, code(answer)) == (500, "INTERNAL")
    assert "swordfish" not in answer.text
    [record] = [record for record in caplog.records if record.name == "crm.http"]
    assert record.getMessage() == "GET /broken failed"
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == "the secret is swordfish"


async def test_unavailable_asks_for_patience(faulty: Starlette) -> None:
    async with client_of(faulty) as client:
        answer = await client.get("/unavailable")
    assert (answer.status_code, code(answer), answer.headers["retry-after"]) == (503, "UNAVAILABLE", "1")
    assert "5432" not in answer.text


async def test_error_after_start_breaks_off(faulty: Starlette) -> None:
    async with client_of(faulty) as client:
        with pytest.raises(RuntimeError, match="broken off"):
            await client.get("/half")


async def test_left_client_is_no_error(faulty: Starlette, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "crm.http")
    scope = {"type": "http", "method": "POST", "path": "/leaving", "headers": [], "query_string": b""}
    sent: list[object] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.disconnect"}

    async def send(message: object) -> None:
        sent.append(message)

    await faulty(scope, receive, send)
    assert sent == []
    assert [record.levelname for record in caplog.records if record.name == "crm.http"] == ["DEBUG"]
