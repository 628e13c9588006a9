import json
import os
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from app.cli.serving import address
from tests.cli.conftest import Crm
from tests.cli.server import Server, serving

COUNT = {"query": "{ leads { totalCount } }"}


def pasted(line: str) -> Any:
    """What the printed line answers: by curl, or where there is none by the same request."""
    if shutil.which("curl"):
        return json.loads(subprocess.run(line, shell=True, check=True, capture_output=True).stdout)
    _, url, _, user, _, header, _, body = shlex.split(line)
    name, _, value = header.partition(": ")
    auth = httpx2.BasicAuth(user.removesuffix(":"), "")
    return httpx2.post(url, content=body, headers={name: value}, auth=auth).json()


def leads(server: Server, key: str) -> int:
    headers = {"Authorization": f"Bearer {key}"}
    answer = httpx2.post(f"{server.url}/graphql", json=COUNT, headers=headers).json()
    count: int = answer["data"]["leads"]["totalCount"]
    return count


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def connected(server: Server) -> Iterator[socket.socket]:
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        yield connection


def test_first_start_shows_a_demo(folder: Path) -> None:
    with serving(folder) as server:
        nodes = pasted(server.curl)["data"]["leads"]["nodes"]
        assert [list(node) for node in nodes] == [["displayName", "status"]] * 3
        assert server.key in httpx2.get(f"{server.url}/").text
        count = leads(server, server.key)
        first_key = server.key
        first_cpu = cpu_seconds(server.process.pid)
    kept = folder / "crm.db.demo-key"
    assert (kept.read_text(), stat.S_IMODE(kept.stat().st_mode)) == (f"{first_key}\n", 0o600)
    with serving(folder) as later:
        assert cpu_seconds(later.process.pid) < first_cpu / 2  # the demo is not made again
        assert (later.key, leads(later, later.key)) == (first_key, count)


def test_lost_key_file_makes_a_new_key(demo_folder: Path) -> None:
    kept = demo_folder / "crm.db.demo-key"
    first_key = kept.read_text().strip()
    kept.write_text("api_nonsense\n")
    with serving(demo_folder) as server:
        assert server.key != first_key
        assert leads(server, server.key) > 0
        refused = httpx2.get(f"{server.url}/graphql", headers={"Authorization": f"Bearer {first_key}"})
    assert refused.status_code == 401


def test_demo_can_be_left_out(bare: Crm, folder: Path) -> None:
    with serving(folder, "--no-demo") as server:
        assert "Demo key" not in server.said
        assert "crm-gateway key create" in server.said
        assert httpx2.get(f"{server.url}/readyz").status_code == 200
    assert bare("organization", "list").lines == [["Id", "Name"]]
    assert not (folder / "crm.db.demo-key").exists()


def test_own_data_keeps_demo_out(bare: Crm, folder: Path) -> None:
    bare("migrate")
    bare("organization", "add", "Acme")
    bare("user", "add", "Ann Lee")
    key = bare("key", "create").out.strip()
    with serving(folder) as server:
        assert "Demo key" not in server.said
        assert leads(server, key) == 0
        preflight = {"Origin": "http://localhost:5173", "Access-Control-Request-Method": "POST"}
        answer = httpx2.options(f"{server.url}/graphql", headers=preflight)
    assert "access-control-allow-origin" not in answer.headers


def test_second_server_is_refused(bare: Crm, folder: Path) -> None:
    with serving(folder, "--no-demo"):
        ran = bare("serve", "--port", "0")
    assert ran.code == 1
    assert ran.err == (
        "Error: crm.db is served by another process; SQLite takes one. Use PostgreSQL for several workers.\n"
    )


def test_taken_port_is_a_mistake(bare: Crm, folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = bare("serve", "--port", str(port))
    assert ran.code == 1
    assert ran.err == (
        f"Error: Cannot listen on 127.0.0.1 port {port}: address already in use. "
        "Choose another with --port or --host.\n"
    )
    assert list(folder.iterdir()) == []


def test_unknown_host_is_a_mistake(bare: Crm) -> None:
    ran = bare("serve", "--host", "nowhere.invalid")
    assert ran.code == 1
    assert ran.err.startswith("Error: Cannot listen on nowhere.invalid port 8000: there is no such host. ")


def test_foreign_address_is_a_mistake(bare: Crm) -> None:
    ran = bare("serve", "--host", "203.0.113.7")
    assert ran.code == 1
    assert ran.err.startswith("Error: Cannot listen on 203.0.113.7 port 8000: cannot assign requested address.")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_signal_ends_in_peace(number: signal.Signals, folder: Path) -> None:
    with serving(folder, "--no-demo") as server, httpx2.Client() as idle:
        assert idle.get(f"{server.url}/livez").status_code == 200
        started = time.monotonic()
        assert server.stop(number) == (0, "")
        assert time.monotonic() - started < 5


def test_half_request_delays_stop_little(folder: Path) -> None:
    with serving(folder, "--no-demo", CRM_SHUTDOWN_SECONDS="1") as server, connected(server) as slow:
        slow.sendall(b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        time.sleep(0.5)
        started = time.monotonic()
        code, _ = server.stop()
        assert (code, time.monotonic() - started < 8) == (0, True)


def test_log_names_the_request(folder: Path) -> None:
    with serving(folder, "--no-demo", CRM_LOG_LEVEL="debug") as server:
        httpx2.get(f"{server.url}/livez", headers={"X-Request-ID": "trace-1"})
        _, log = server.stop()
    [line] = [line for line in log.splitlines() if "/livez" in line]
    assert "uvicorn.access [trace-1] 127.0.0.1:" in line


def test_everyones_address_shows_no_key(demo_folder: Path) -> None:
    with serving(demo_folder, "--host", "0.0.0.0") as server:
        assert server.url.startswith("http://127.0.0.1:")
        assert pasted(server.curl)["data"]["leads"]["nodes"]
        assert server.key not in httpx2.get(f"{server.url}/").text


def test_address_can_be_opened() -> None:
    assert address("127.0.0.1", 80) == "http://127.0.0.1:80"
    assert address("localhost", 80) == "http://localhost:80"
    assert address("::1", 80) == "http://[::1]:80"
    assert address("0.0.0.0", 80) == "http://127.0.0.1:80"
    assert address("::", 80) == "http://[::1]:80"


def test_variables_reach_the_server(folder: Path) -> None:
    url = f"sqlite:///{folder}/other.db"
    with serving(folder, "--no-demo", CRM_DATABASE_URL=url, CRM_HOST="localhost", CRM_IDE="off") as server:
        assert server.url.startswith("http://localhost:")
        assert f"Database  {url}" in server.said
        assert "GraphiQL" not in server.said
        assert httpx2.get(f"{server.url}/").status_code == 404


@pytest.mark.parametrize("store", ["postgresql"])
def test_server_database_gets_demo_on_demand(crm: Crm, folder: Path, database_url: str) -> None:
    state = {"CRM_DATABASE_URL": database_url, "XDG_STATE_HOME": str(folder / "state")}
    with serving(folder, **state) as server:
        assert "Demo key" not in server.said
    key = crm("demo").out.strip()
    with serving(folder, **state) as server:
        assert (server.key, leads(server, key) > 0) == (key, True)
