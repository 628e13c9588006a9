"""The gateway as an ASGI application: the one place that wires the floors together."""

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute

from app import settings as configuration
from app.execution.gateway import Gateway
from app.execution.levels import Form
from app.graphql.engine import Engine
from app.graphql.schema import schema
from app.http import graphiql, graphql, health
from app.http.refusals import HANDLERS
from app.http.requests import HEADER, Identified
from app.settings import Settings
from app.storage import migrations
from app.storage.database import Database
from app.storage.sqlite import ServingLock

ENDPOINT = "/graphql"
LOCALHOST = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?"


class SchemaBehind(Exception):
    """The tables are not those that this version works with."""


def create_app(settings: Settings, *, demo_key: str | None = None) -> Starlette:
    """The application. A demo key is given when the demo is served on loopback: then the page shows it, and the
    pages of every origin on localhost may call the API."""
    routes: list[BaseRoute] = [*graphql.routes(_runner(settings), settings, ENDPOINT), *health.routes()]
    if settings.ide:
        routes += graphiql.routes(ENDPOINT, demo_key)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        if await migrations.pending(settings.database_url):
            raise SchemaBehind("The database is behind this version: run crm-gateway migrate.")
        # The database looks whether its file is served; so it is opened before this process says that it is.
        database = Database(settings.database_url, pool_size=settings.pool_size)
        with ExitStack() as stack:
            if database.dialect == "sqlite":
                stack.enter_context(ServingLock(database.url))
            app.state.database = database
            try:
                yield
            finally:
                await database.close()

    return Starlette(
        routes=routes,
        middleware=[_cors(settings, local=demo_key is not None), Middleware(Identified)],
        exception_handlers=HANDLERS,
        lifespan=lifespan,
    )


def _runner(settings: Settings) -> graphql.Runner:
    """What runs operations: the resolvers, or plans with the resolvers behind them."""
    engine = Engine(schema)
    return Gateway(engine, Form(settings.plan_form)) if settings.execution == "compiled" else engine


def _cors(settings: Settings, local: bool) -> Middleware:
    """The outermost layer, so that a page of another origin can read refusals as well."""
    return Middleware(
        CORSMiddleware,
        allow_origins=settings.cors_origins,
        allow_origin_regex=LOCALHOST if local else None,
        allow_methods=["GET", "POST"],
        allow_headers=["*"],
        expose_headers=[HEADER, graphql.STATEMENTS_HEADER, graphql.EXECUTION_HEADER],
        max_age=3_600,
    )


def application() -> Starlette:
    """For servers that take a factory: uvicorn --factory app.asgi:application."""
    return create_app(configuration.read())
