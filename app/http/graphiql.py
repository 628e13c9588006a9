"""The GraphiQL page at `/`: self-hosted, and opened on example operations that run."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

HERE = Path(__file__).parent
BUNDLE = HERE / "static" / "graphiql"
EXAMPLES = HERE / "examples"

# Monaco and the dialogs set style elements and attributes from their scripts.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

# A page of another site, its name rebound to this machine, must not read the demo key out of ours.
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Example:
    """An operation that the page opens in a tab of its own."""

    name: str
    query: str
    variables: str | None = None


def examples() -> list[Example]:
    """The operations under `examples/`, in the order of their file names, with their variables."""
    return [_example(path) for path in sorted(EXAMPLES.glob("*.graphql"))]


def _example(path: Path) -> Example:
    variables = path.with_suffix(".json")
    return Example(path.stem, _text(path), _text(variables) if variables.exists() else None)


def _text(path: Path) -> str:
    return path.read_text("utf-8").rstrip()


class Assets(StaticFiles):
    """Files whose names carry a hash of their content: a browser never has to ask for one again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(SECURITY_HEADERS)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def routes(endpoint: str = "/graphql", demo_key: Callable[[], str | None] | str | None = None) -> list[Route | Mount]:
    """The page and its files. A demo key fills the headers editor of whoever opens the page on loopback."""
    document = (BUNDLE / "index.html").read_text("utf-8")
    tabs = [{"query": example.query, "variables": example.variables} for example in examples()]

    async def page(request: Request) -> Response:
        key = demo_key() if callable(demo_key) else demo_key
        if request.url.hostname not in LOOPBACK_NAMES:
            key = None
        config = {"endpoint": endpoint, "headers": _headers(key), "hasKey": bool(key), "examples": tabs}
        html = document.replace("{{config}}", _data_block(config))
        return HTMLResponse(html, headers={**SECURITY_HEADERS, "Cache-Control": "no-store"})

    async def licenses(_: Request) -> Response:
        return FileResponse(BUNDLE / "LICENSES.txt", headers=SECURITY_HEADERS)

    return [
        Route("/", page),
        Route("/graphiql/LICENSES.txt", licenses),
        Mount("/graphiql/assets", Assets(directory=BUNDLE / "assets")),
    ]


def _headers(key: str | None) -> str:
    return json.dumps({"Authorization": f"Bearer {key or ''}"}, indent=2)


def _data_block(value: object) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(value).replace("<", "\\u003c")
