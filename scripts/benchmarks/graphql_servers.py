"""The servers that a benchmark of GraphQL runs: each one process on a free port of this machine, ended at the end."""

import http.client
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from sqlalchemy import make_url

from app.settings import Settings
from scripts.benchmarks.graphql_cases import PEERS, Case
from scripts.benchmarks.graphql_load import request

ROOT = Path(__file__).parents[2]
GATEWAY = ("-c", "import sys; from app.cli import main; sys.exit(main())", "serve", "--no-demo", "--port", "0")
POOL_SIZE = 10
LARGEST_PAGE = 1_000
OLDEST_NODE = 22

_PORT = re.compile(r"(?:GraphQL   http://127\.0\.0\.1:|listening on )(\d+)")


class CannotRun(Exception):
    """A peer that this machine cannot run; the message says why."""


@dataclass(frozen=True)
class Server:
    """A running server: what it is called, whose words it takes, its database, where it listens."""

    name: str
    dialect: str
    url: str
    port: int
    pid: int
    headers: dict[str, str] = field(default_factory=dict)

    def request(self, case: Case, body: bytes) -> bytes:
        """A request for a case, as it goes over the wire."""
        return request(self._path(case), self.port, self.headers, body)

    def ask(self, case: Case, body: bytes) -> bytes:
        """The body of one answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            headers = {"Content-Type": "application/json", "Accept": "application/json", **self.headers}
            connection.request("POST", self._path(case), body, headers)
            return connection.getresponse().read()
        finally:
            connection.close()

    def _path(self, case: Case) -> str:
        return f"/{case.name}" if self.dialect.startswith("raw_") else "/graphql"


def executions() -> list[str]:
    """The ways in which this version of the gateway executes operations."""
    return ["compiled", "resolvers"] if "execution" in Settings.model_fields else ["resolvers"]


@contextmanager
def gateway(execution: str, url: str, key: str, *, telling: bool = False) -> Iterator[Server]:
    """The gateway itself, with a key as its callers have one; `telling` has it say how it answers."""
    settings = {
        "CRM_DATABASE_URL": url,
        "CRM_EXECUTION": execution,
        "CRM_MAX_PAGE_SIZE": str(LARGEST_PAGE),
        "CRM_POOL_SIZE": str(POOL_SIZE),
        "CRM_DEBUG_HEADERS": str(telling),
    }
    with _running([sys.executable, *GATEWAY], settings) as (pid, port):
        yield Server(execution, "gateway", url, port, pid, {"authorization": f"Bearer {key}"})


@contextmanager
def raw(url: str, key: str, name: str = "raw", *options: str) -> Iterator[Server]:
    """Constant SQL, behind the same key."""
    store = make_url(url).get_backend_name()
    with _running([sys.executable, "-m", "scripts.benchmarks.peers.raw", url, *options], {}) as (pid, port):
        yield Server(name, f"raw_{store}", url, port, pid, {"authorization": f"Bearer {key}"})


def bare(url: str, key: str) -> AbstractContextManager[Server]:
    """Constant SQL for everybody: what the key costs is the difference."""
    return raw(url, key, "bare", "--open")


@contextmanager
def naive(url: str, key: str) -> Iterator[Server]:
    """A plain Strawberry server, which asks nobody for a key."""
    with _running([sys.executable, "-m", "scripts.benchmarks.peers.naive", url], {}) as (pid, port):
        yield Server("naive", "naive", url, port, pid)


@contextmanager
def postgraphile(url: str, key: str) -> Iterator[Server]:
    """PostGraphile 5, on a Node of its own; it asks nobody for a key."""
    if make_url(url).get_backend_name() != "postgresql":
        raise CannotRun("it takes PostgreSQL alone")
    folder = installed("postgraphile")
    environment = {
        "DATABASE_URL": url,
        "POOL_SIZE": str(POOL_SIZE),
        "NODE_ENV": "production",
        "GRAPHILE_ENV": "production",
    }
    with _running([_node(folder), str(folder / "server.mjs")], environment) as (pid, port):
        yield Server("postgraphile", "postgraphile", url, port, pid)


OTHERS = {"raw": raw, "bare": bare, "naive": naive, "postgraphile": postgraphile}


def installed(peer: str) -> Path:
    """The folder of a peer's npm packages, outside this checkout; they are installed where its lock file is new."""
    source = PEERS / peer
    folder = _cache() / peer
    folder.mkdir(parents=True, exist_ok=True)
    lock = folder / "node_modules/.installed-lock"
    wanted = (source / "package-lock.json").read_bytes()
    if not lock.exists() or lock.read_bytes() != wanted:
        if shutil.which("npm") is None:
            raise CannotRun("npm is not installed")
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(source / name, folder)
        done = subprocess.run(
            ["npm", "ci"],  # noqa: S607 - whichever npm this machine has
            cwd=folder,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode != 0:
            raise CannotRun(f"npm could not install it: {done.stdout[-500:].strip()}")
        lock.write_bytes(wanted)
    shutil.copy(source / "server.mjs", folder)
    return folder


def _node(folder: Path) -> str:
    """A Node that is new enough: the one that npm brought, or this machine's where npm may run no install scripts."""
    for node in (str(folder / "node_modules/.bin/node"), shutil.which("node")):
        if node is not None and Path(node).exists():
            told = subprocess.check_output([node, "--version"], text=True)  # noqa: S603 - our own words
            if int(told.removeprefix("v").partition(".")[0]) >= OLDEST_NODE:
                return node
    raise CannotRun(f"there is no Node {OLDEST_NODE}: npm runs no install scripts here")


def _cache() -> Path:
    root = os.environ.get("XDG_CACHE_HOME")
    return (Path(root) if root else Path.home() / ".cache") / "crm-gateway-benchmarks"


@contextmanager
def _running(command: Sequence[str], variables: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """A process that says its port; its own id and that port. Settings of this shell do not reach it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CRM_")}
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    with TemporaryDirectory() as folder, TemporaryFile("w+") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own words
            command,
            cwd=folder,
            env={**kept, "PYTHONPATH": path, **variables},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        if process.stdout is None:
            raise RuntimeError("no pipe")
        with process.stdout:
            try:
                port = next((int(found[1]) for line in process.stdout if (found := _PORT.search(line))), None)
                if port is None:
                    errors.seek(0)
                    raise RuntimeError(f"{command[0]} ended: {errors.read()[-2_000:]}")
                yield process.pid, port
            finally:
                process.terminate()
                process.wait(timeout=30)
