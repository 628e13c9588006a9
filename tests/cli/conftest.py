import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.cli import main
from app.settings import Settings
from tests.cli.server import PROGRAM, environment


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[list[str]]:
        """The fields of what was printed."""
        return [line.split("\t") for line in self.out.splitlines()]


Crm = Callable[..., Ran]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder of the test's own, and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"CRM_{name.upper()}", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a loaded demo; tests take copies of its files."""
    made = tmp_path_factory.mktemp("demo_template")
    subprocess.run([*PROGRAM, "demo"], cwd=made, env=environment({}), check=True, capture_output=True)
    return made


@pytest.fixture
def demo_folder(folder: Path, demo_template: Path) -> Path:
    """The working folder, with a demo in it."""
    for name in ("crm.db", "crm.db.demo-key"):
        shutil.copy(demo_template / name, folder / name)
    return folder


@pytest.fixture
def bare(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Crm:
    """Runs `crm-gateway` with these arguments, in this process."""

    def run(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["crm-gateway", *arguments])
        capsys.readouterr()
        try:
            code = main()
        except SystemExit as end:
            code = int(end.code or 0)
        return Ran(code, *capsys.readouterr())

    return run


@pytest.fixture
def crm(bare: Crm, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Crm:
    """Runs `crm-gateway` on the test's database."""
    monkeypatch.setenv("CRM_DATABASE_URL", database_url)
    return bare


@pytest.fixture
def acme(crm: Crm) -> str:
    """The id of an organization that was made on the command line."""
    return crm("organization", "add", "Acme").out.strip()
