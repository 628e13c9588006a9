from pathlib import Path

import httpx2
import pytest

from app import settings
from app.asgi import SchemaBehind, application, create_app
from app.storage.database import Database
from app.storage.sqlite import AlreadyServed
from tests.http.gateway import served, url_of

PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization, content-type",
}
LOCAL = ["http://localhost:5173", "https://localhost", "http://127.0.0.1:3000", "http://[::1]:8080"]
FOREIGN = [
    "https://evil.example",
    "http://localhost.evil.example",
    "http://127.0.0.1.evil.example:80",
    "http://evil.example:80/http://localhost:1",
    "null",
]


def origin(answer: httpx2.Response) -> str | None:
    found: str | None = answer.headers.get("access-control-allow-origin")
    return found


async def test_local_pages_may_call_demo(database: Database) -> None:
    async with served(database, demo_key="api_demo.secret") as client:
        for page in LOCAL:
            preflight = await client.options("/graphql", headers={"Origin": page, **PREFLIGHT})
            assert (preflight.status_code, origin(preflight)) == (200, page)
            assert preflight.headers["access-control-allow-headers"] == "authorization, content-type"
            refused = await client.post("/graphql", headers={"Origin": page})
            assert (refused.status_code, origin(refused)) == (401, page)
            assert refused.headers["access-control-expose-headers"] == "X-Request-ID, X-SQL-Statements, X-Execution"


async def test_foreign_pages_may_not_call(database: Database) -> None:
    async with served(database, demo_key="api_demo.secret") as client:
        for page in FOREIGN:
            assert origin(await client.options("/graphql", headers={"Origin": page, **PREFLIGHT})) is None
            assert origin(await client.post("/graphql", headers={"Origin": page})) is None


async def test_local_pages_need_the_demo(database: Database) -> None:
    async with served(database) as client:
        for page in LOCAL:
            assert origin(await client.post("/graphql", headers={"Origin": page})) is None


async def test_configured_origin_may_call(database: Database) -> None:
    async with served(database, cors_origins="https://crm.example.com") as client:
        allowed = await client.post("/graphql", headers={"Origin": "https://crm.example.com"})
        other = await client.post("/graphql", headers={"Origin": "https://crm.example.com.evil.example"})
    assert (origin(allowed), origin(other)) == ("https://crm.example.com", None)


async def test_star_lets_every_page_call(database: Database) -> None:
    async with served(database, cors_origins="*") as client:
        assert origin(await client.post("/graphql", headers={"Origin": "https://any.example"})) == "*"


async def test_page_is_served_without_key(database: Database) -> None:
    async with served(database, demo_key="api_demo.secret") as client:
        page = await client.get("/", headers={"Host": "127.0.0.1:8000"})
    assert page.status_code == 200
    assert "api_demo.secret" in page.text


async def test_page_can_be_off(database: Database) -> None:
    async with served(database, ide=False) as client:
        assert (await client.get("/")).status_code == 404


async def test_second_server_is_refused(database: Database) -> None:
    if database.dialect == "postgresql":
        async with served(database) as first, served(database) as second:
            assert [(await client.get("/readyz")).status_code for client in (first, second)] == [200, 200]
        return
    async with served(database):
        with pytest.raises(AlreadyServed, match=r"crm\.db is served by another process"):
            async with served(database):
                pass
    async with served(database) as again:
        assert (await again.get("/readyz")).status_code == 200


async def test_schema_has_to_be_new(tmp_path: Path) -> None:
    app = create_app(settings.read(database_url=f"sqlite:///{tmp_path}/empty.db"))
    with pytest.raises(SchemaBehind, match="run crm-gateway migrate"):
        async with app.router.lifespan_context(app):
            pass


async def test_factory_reads_environment(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_DATABASE_URL", url_of(database))
    app = application()
    async with app.router.lifespan_context(app):
        assert app.state.database.url.database == database.url.database
