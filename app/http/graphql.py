"""The endpoint of the graph: who asks, what to run, and an answer in the media type that the client prefers."""

from functools import lru_cache
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.domain.access import Actor
from app.domain.time import offset_header
from app.graphql.context import Context
from app.graphql.engine import Result
from app.graphql.faults import Code
from app.http.auth import identify
from app.http.operations import received
from app.http.refusals import JSON, Refusal
from app.services.search.searching import Rules
from app.settings import Settings
from app.storage.database import Database
from app.storage.reading import Statements, counted

GRAPHQL_JSON = "application/graphql-response+json; charset=utf-8"
ZONE_HEADER = "X-TZ-Offset"
STATEMENTS_HEADER = "X-SQL-Statements"
EXECUTION_HEADER = "X-Execution"


class Runner(Protocol):
    """What runs operations."""

    async def run(
        self,
        query: str,
        variables: dict[str, Any] | None,
        operation_name: str | None,
        context: Context,
        read_only: bool = False,
    ) -> Result: ...


def routes(engine: Runner, settings: Settings, path: str = "/graphql") -> list[Route]:
    """The endpoint. The application that it is mounted in keeps the database in its state."""
    search_rules = rules(settings)

    async def endpoint(request: Request) -> Response:
        database: Database = request.app.state.database
        actor = await identify(request, database)
        operation = await received(request, settings.max_body_bytes)
        zone = zone_of(request, actor)
        context = Context(database, actor, zone=zone, max_page_size=settings.max_page_size, search_rules=search_rules)
        statements = Statements() if settings.debug_headers else None
        token = counted.set(statements)
        try:
            result = await engine.run(
                operation.query, operation.variables, operation.name, context, operation.read_only
            )
        finally:
            counted.reset(token)
        response = answer(result, media_type(request.headers.get("accept", "")))
        if statements is not None:
            response.headers[STATEMENTS_HEADER] = str(statements.count)
            response.headers[EXECUTION_HEADER] = result.path
        return response

    return [Route(path, endpoint, methods=["GET", "POST"])]


def rules(settings: Settings) -> Rules:
    """How searches are paged."""
    return Rules(
        settings.search_cursor_ttl_seconds,
        settings.search_window,
        settings.max_page_size,
        settings.secret.get_secret_value().encode() if settings.secret else None,
    )


def zone_of(request: Request, actor: Actor) -> str:
    """The zone in which the caller's days begin (rule T6)."""
    header = request.headers.get(ZONE_HEADER)
    if header is None:
        return actor.time_zone or "UTC"
    try:
        return offset_header(header)
    except ValueError as error:
        raise Refusal(400, Code.BAD_USER_INPUT, f"{error}.") from None


def answer(result: Result, media: str) -> Response:
    """An operation that did not run is the client's error; plain JSON tells that in the body alone."""
    headers = {"Cache-Control": "no-store"}
    status = 200
    if not result.executed:
        if _code(result) == Code.METHOD_NOT_ALLOWED:
            status, headers["Allow"] = 405, "POST"
        elif media == GRAPHQL_JSON:
            status = 400
    return Response(result.encoded(), status, headers, media_type=media)


def _code(result: Result) -> Any:
    return result.body["errors"][0]["extensions"]["code"]


@lru_cache(maxsize=64)
def media_type(accept: str) -> str:
    """The media type of the answer: the newer one for clients that ask for it, else plain JSON."""
    qualities = dict(_quality(part) for part in accept.lower().split(","))
    newer = qualities.get("application/graphql-response+json", 0.0)
    plain = max(qualities.get(name, 0.0) for name in ("application/json", "application/*", "*/*"))
    return GRAPHQL_JSON if newer > 0 and newer >= plain else JSON


def _quality(part: str) -> tuple[str, float]:
    media, *parameters = [piece.strip() for piece in part.split(";")]
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return media, float(value)
            except ValueError:
                return media, 0.0
    return media, 1.0
