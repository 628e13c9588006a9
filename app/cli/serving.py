"""The command that serves: from an empty folder to GraphiQL over a demo CRM."""

import asyncio
import gc
import json
import os
import shlex
import signal
import socket
from collections.abc import Callable
from typing import Annotated

import typer
import uvicorn
from sqlalchemy import make_url
from starlette.applications import Starlette

from app import __version__, settings
from app.asgi import ENDPOINT, create_app
from app.cli import console, demo, key_file, logs
from app.cli.databases import alone, upgrade
from app.cli.mistakes import Mistake
from app.cli.opening import connected
from app.cli.options import DatabaseUrl
from app.settings import Settings

ALLOCATIONS = 20_000  # of objects, until the collector looks at the youngest
QUERY = "{ leads(first: 3) { nodes { displayName status { label } } } }"
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


def serve(
    host: Annotated[
        str | None, typer.Option(help="The address; else CRM_HOST, else 127.0.0.1.", show_default=False)
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            help="The port, 0 for any free one; else CRM_PORT, else 8000.", min=0, max=65_535, show_default=False
        ),
    ] = None,
    database_url: DatabaseUrl = None,
    with_demo: Annotated[
        bool, typer.Option("--demo/--no-demo", help="Load the demo into an empty SQLite file, and show its key.")
    ] = True,
) -> None:
    """Serve the API and GraphiQL. Tables are brought to this version first."""
    configuration = settings.read(host=host, port=port, database_url=database_url)
    with listening(configuration.host, configuration.port) as listener:
        key = asyncio.run(prepared(configuration, with_demo))
        app = create_app(configuration, demo_key=key if configuration.on_loopback else None)
        logs.configure(configuration.log_level)
        url = address(configuration.host, listener.getsockname()[1])
        run(app, configuration, listener, lambda: announce(configuration, url, key))


def listening(host: str, port: int) -> socket.socket:
    """The socket, taken before any other work: when the port is not free, nothing has happened yet."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        code = error.errno or 0
        reason = os.strerror(code).lower() if code > 0 else "there is no such host"
        hint = "Choose another with --port or --host."
        raise Mistake(f"Cannot listen on {host} port {port}: {reason}. {hint}") from None


async def prepared(configuration: Settings, with_demo: bool) -> str | None:
    """Tables of this version, and the demo's key; None when there is no demo, or none is wanted."""
    url = configuration.database_url
    with alone(url):
        pass  # a second server on the file is told so before it touches anything
    await upgrade(url)
    if not with_demo:
        return None
    async with connected(url) as database:
        if database.dialect == "sqlite" and await demo.is_wanted(database):
            with alone(url):
                await demo.load(database)
        return await demo.key(database, key_file.path_for(url))


class Server(uvicorn.Server):
    """Says when it is there. What was made until then stays; the collector need not look at it again and again, and
    requests leave little that goes in circles."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        gc.collect()
        gc.freeze()
        gc.set_threshold(ALLOCATIONS)
        self._announce()


def run(app: Starlette, configuration: Settings, listener: socket.socket, announce: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; running requests get their time."""
    debugs = configuration.log_level == "debug"
    config = uvicorn.Config(
        app,
        lifespan="on",
        log_config=None,
        log_level="info" if debugs else "warning",
        access_log=debugs,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=configuration.shutdown_seconds,
    )
    # The server raises the signal that ended it again when it is done: that is no reason to die of it.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    Server(config, announce).run([listener])


def address(host: str, port: int) -> str:
    """The URL at which a browser on this machine finds the server."""
    reachable = ANYWHERE.get(host, host)
    return f"http://[{reachable}]:{port}" if ":" in reachable else f"http://{reachable}:{port}"


def announce(configuration: Settings, url: str, key: str | None) -> None:
    say = console.out.print
    say(f"CRM gateway {__version__}", style="bold")
    if configuration.ide:
        say(f"  GraphiQL  {url}/")
    say(f"  GraphQL   {url}{ENDPOINT}")
    say(f"  Database  {make_url(configuration.database_url).render_as_string()}")
    if key is None:
        say("  Keys are made with: crm-gateway key create")
    elif not configuration.on_loopback and configuration.host not in ANYWHERE:
        say("  The demo key works on loopback alone: serve with --host 127.0.0.1 to use it.")
    else:
        say(f"  Demo key  {key}")
        say("            (works on this machine alone)", style="dim")
        say("Try:")
        say(f"  {curl(url, key)}")
    say("Stop with Ctrl-C.", style="dim")


def curl(url: str, key: str) -> str:
    """A line that asks a first question from a shell."""
    body = json.dumps({"query": QUERY})
    words = ["curl", f"{url}{ENDPOINT}", "-u", f"{key}:", "-H", "Content-Type: application/json", "-d", body]
    return shlex.join(words)
