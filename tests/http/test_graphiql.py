"""The GraphiQL page: how it is served, and what it does in a real browser."""

import hashlib
import json
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx2
import pytest
from graphql import OperationDefinitionNode, build_schema, parse, validate
from graphql.execution.values import get_variable_values
from playwright.async_api import ConsoleMessage, Page, Response, async_playwright
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.http import graphiql
from tests.servers import chromium_path

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "schema.graphql"
RECIPE = ROOT / "frontend" / "graphiql"
KEY = "api_0123456789abcdef.secret"
RUN = "button[aria-label^='Execute']"

# As root, without a screen, and silent: a browser's own look-ups would drown those of the page.
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP crm.test 127.0.0.1",
)


class DemoServer(Protocol):
    url: str
    key: str


def is_answer(response: Response) -> bool:
    """Whether it answers an operation of the user's, not the page's question for the schema."""
    sent = response.request.post_data or ""
    return response.url.endswith("/graphql") and "IntrospectionQuery" not in sent


@dataclass
class Visit:
    """A page in the browser, with what it complained of and whom it asked."""

    page: Page
    problems: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    def listen(self) -> None:
        self.page.on("console", self.note)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.context.on("request", lambda request: self.addresses.append(request.url))

    def note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.problems.append(message.text)

    async def open(self, url: str) -> None:
        await self.page.goto(url)
        await self.page.locator(".graphiql-query-editor .view-line").first.wait_for()

    async def run(self) -> dict[str, Any]:
        """Runs what the open tab holds; the answer as it came over the wire."""
        async with self.page.expect_response(is_answer) as response:
            await self.page.locator(RUN).click()
        answer: dict[str, Any] = await (await response.value).json()
        return answer

    async def shown(self, first: str) -> list[str]:
        """The lines of the response pane, once it shows the given text."""
        lines = self.page.locator(".graphiql-response .view-line")
        await lines.filter(has_text=first).first.wait_for()
        return [text.replace("\xa0", " ") for text in await lines.all_inner_texts()]

    async def open_without_key(self, server: DemoServer) -> None:
        """Opens the page under a name that is not loopback's own."""
        await self.open(f"http://crm.test:{urlsplit(server.url).port}")

    async def paste(self, key: str) -> None:
        """Puts a key into the headers editor and waits until it has brought the schema."""
        headers = self.page.locator(".graphiql-editor-tool .graphiql-editor:visible")
        await headers.locator(".view-line").nth(1).click()
        await self.page.keyboard.press("End")
        await self.page.keyboard.press("ArrowLeft")
        async with self.page.expect_response(lambda response: response.url.endswith("/graphql") and response.ok):
            await self.page.keyboard.insert_text(key)


@pytest.fixture
async def visit() -> AsyncIterator[Visit]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        page = await browser.new_page(viewport={"width": 1440, "height": 900})
        visit = Visit(page)
        visit.listen()
        yield visit
        await browser.close()


def client(demo_key: Callable[[], str | None] | str | None = None, endpoint: str = "/graphql") -> TestClient:
    return TestClient(Starlette(routes=graphiql.routes(endpoint, demo_key)), base_url="http://127.0.0.1:8000")


def config(page: httpx2.Response) -> dict[str, Any]:
    block = re.search(r'<script id="config" type="application/json">(.*?)</script>', page.text, re.DOTALL)
    assert block
    value: dict[str, Any] = json.loads(block[1])
    return value


def authorization(page: httpx2.Response) -> str:
    header: str = json.loads(config(page)["headers"])["Authorization"]
    return header


@pytest.mark.parametrize("example", graphiql.examples(), ids=lambda example: example.name)
def test_example_fits_the_schema(example: graphiql.Example) -> None:
    schema = build_schema(SCHEMA.read_text("utf-8"))
    document = parse(example.query)
    [operation] = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    variables = json.loads(example.variables or "{}")
    assert validate(schema, document) == []
    assert not isinstance(get_variable_values(schema, operation.variable_definitions or (), variables), list)


def test_bundle_is_of_these_sources() -> None:
    listed = (graphiql.BUNDLE / "SOURCES.sha256").read_text("utf-8").splitlines()
    names = [
        "build.mjs",
        "licenses.mjs",
        "package-lock.json",
        *(f"src/{p.name}" for p in RECIPE.glob("src/*")),
    ]
    found = [f"{hashlib.sha256((RECIPE / name).read_bytes()).hexdigest()}  {name}" for name in sorted(names)]
    assert listed == found, "run scripts/build-graphiql"


def test_page_forbids_foreign_content() -> None:
    page = client().get("/")
    assert page.headers["content-security-policy"] == (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"


def test_page_tells_endpoint_and_examples() -> None:
    told = config(client(endpoint="/elsewhere").get("/"))
    assert told["endpoint"] == "/elsewhere"
    assert [example["query"] for example in told["examples"]] == [e.query for e in graphiql.examples()]


@pytest.mark.parametrize("demo_key", [KEY, lambda: KEY], ids=["text", "function"])
def test_demo_key_fills_headers(demo_key: Callable[[], str | None] | str) -> None:
    page = client(demo_key).get("/")
    assert authorization(page) == f"Bearer {KEY}"
    assert config(page)["hasKey"] is True


@pytest.mark.parametrize("demo_key", [None, lambda: None], ids=["none", "function"])
def test_headers_wait_for_a_key(demo_key: Callable[[], str | None] | None) -> None:
    page = client(demo_key).get("/")
    assert authorization(page) == "Bearer "
    assert config(page)["hasKey"] is False


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_loopback_names_get_the_key(host: str) -> None:
    assert authorization(client(KEY).get("/", headers={"Host": host})) == f"Bearer {KEY}"


@pytest.mark.parametrize("host", ["rebound.example", "127.0.0.1.rebound.example:8000"])
def test_foreign_names_get_no_key(host: str) -> None:
    assert KEY not in client(KEY).get("/", headers={"Host": host}).text


def test_configuration_cannot_leave_its_block() -> None:
    page = client(endpoint="</script><script>alert(1)</script>").get("/")
    assert "alert(1)</script>" not in page.text
    assert config(page)["endpoint"] == "</script><script>alert(1)</script>"


def test_assets_never_expire() -> None:
    served = client()
    names = re.findall(r'(?:src|href)="(graphiql/assets/[^"]+)"', served.get("/").text)
    assert [Path(name).suffix for name in names] == [".svg", ".css", ".js"]
    for name in names:
        asset = served.get(f"/{name}")
        assert asset.status_code == 200
        assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert asset.headers["x-content-type-options"] == "nosniff"


def test_missing_asset_is_not_cached() -> None:
    answer = client().get("/graphiql/assets/main-OLD.js")
    assert answer.status_code == 404
    assert "cache-control" not in answer.headers


def test_licenses_are_served() -> None:
    text = client().get("/graphiql/LICENSES.txt").text
    for package in ("graphiql 5.", "monaco-editor 0.52.2", "react 19."):
        assert f"\n{package}" in text


async def test_examples_run_on_demo(demo_server: DemoServer) -> None:
    headers = {"Authorization": f"Bearer {demo_server.key}"}
    async with httpx2.AsyncClient(base_url=demo_server.url, headers=headers) as api:
        for example in graphiql.examples():
            variables = json.loads(example.variables or "{}")
            answer = (await api.post("/graphql", json={"query": example.query, "variables": variables})).json()
            assert "errors" not in answer, example.name
            [root] = [value for name, value in answer["data"].items() if name != "organization"]
            assert root, example.name
            assert "userErrors" not in root or root["userErrors"] == [], example.name


async def test_first_example_runs(visit: Visit, demo_server: DemoServer) -> None:
    await visit.open(demo_server.url)
    answer = await visit.run()
    [first, *_] = answer["data"]["leads"]["nodes"]
    expected = json.dumps(answer, indent=2).splitlines()[:8]
    assert (await visit.shown(first["displayName"]))[:8] == expected
    assert visit.problems == []
    assert {urlsplit(address).netloc for address in visit.addresses} == {urlsplit(demo_server.url).netloc}


async def test_examples_open_in_tabs(visit: Visit, demo_server: DemoServer) -> None:
    await visit.open(demo_server.url)
    tabs = await visit.page.locator(".graphiql-tab-button").all_inner_texts()
    assert tabs[:5] == ["LeadsAtAGlance", "PipelineBoard", "TodaysTasks", "ChangeStatus", "WhoAmI"]
    assert tabs[5:] == ["QuietDeals", "PastedFilter"]


async def test_explorer_adds_a_field(visit: Visit, demo_server: DemoServer) -> None:
    await visit.open(demo_server.url)
    await visit.page.locator(".graphiql-tab-button", has_text="WhoAmI").click()
    await visit.page.get_by_label("Show GraphiQL Explorer").click()
    await visit.page.locator("[data-field-name=isActive]").click()
    await visit.page.locator(".graphiql-query-editor .view-line", has_text="isActive").wait_for()
    answer = await visit.run()
    assert answer["data"]["viewer"]["isActive"] is True


async def test_pasted_key_serves_every_tab(visit: Visit, demo_server: DemoServer) -> None:
    await visit.open_without_key(demo_server)
    await visit.paste(demo_server.key)
    await visit.page.locator(".graphiql-tab-button", has_text="WhoAmI").click()
    assert list((await visit.run())["data"]) == ["viewer", "organization"]


async def test_key_is_not_left_behind(visit: Visit, demo_server: DemoServer) -> None:
    await visit.open_without_key(demo_server)
    await visit.paste(demo_server.key)
    assert list((await visit.run())["data"]) == ["leads"]
    history = "localStorage.getItem('crm-gateway:graphiql:queries')"
    await visit.page.wait_for_function(f"{history} !== null")
    assert "LeadsAtAGlance" in await visit.page.evaluate(history)
    assert demo_server.key not in await visit.page.evaluate("JSON.stringify(localStorage)")
    assert demo_server.key not in " ".join([visit.page.url, *visit.addresses])
