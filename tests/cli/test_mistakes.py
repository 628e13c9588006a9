import socket
from pathlib import Path

import pytest
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, ProgrammingError

from app.cli.mistakes import explained
from app.domain.errors import Invalid, Problems
from app.storage.database import Unavailable
from tests.cli.conftest import Crm


def test_missing_file_is_not_made(bare: Crm, folder: Path) -> None:
    ran = bare("key", "list")
    assert ran.code == 1
    assert ran.err == "Error: sqlite:///crm.db is not ready for this version: run crm-gateway migrate.\n"
    assert list(folder.iterdir()) == []


def test_bad_url_is_a_mistake(bare: Crm) -> None:
    ran = bare("key", "list", "--database-url", "mysql://me:hunter2@db/crm")
    assert ran.code == 1
    assert ran.err.startswith("Error: --database-url: not the URL of a database; write sqlite:///crm.db")
    assert "hunter2" not in ran.err


def test_closed_port_is_a_mistake(bare: Crm) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        ran = bare("migrate", "--database-url", f"postgresql://me:hunter2@127.0.0.1:{port}/crm")
    assert ran.code == 1
    assert ran.err.startswith("Error: The database cannot be reached: ")
    assert "hunter2" not in ran.err


def test_unknown_database_is_a_mistake(crm: Crm, database_url: str) -> None:
    if database_url.startswith("sqlite"):
        ran = crm("migrate", "--database-url", "sqlite:///no/folder/crm.db")
        assert ran.err == "Error: no/folder/crm.db: there is no such folder.\n"
    else:
        ran = crm("migrate", "--database-url", f"{database_url}_missing")
        assert ran.err.startswith("Error: The database cannot be used: database ")
        assert ran.err.endswith('_missing" does not exist.\n')
    assert ran.code == 1


def test_other_file_is_a_mistake(bare: Crm, folder: Path) -> None:
    (folder / "letter.txt").write_text("Dear Ann, " * 1_000)
    ran = bare("key", "list", "--database-url", "sqlite:///letter.txt")
    assert (ran.code, ran.err) == (1, "Error: The database cannot be used: file is not a database.\n")


def test_bad_variable_is_a_mistake(bare: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_POOL_SIZE", "many")
    ran = bare("key", "list")
    assert ran.code == 1
    assert ran.err.startswith("Error: CRM_POOL_SIZE: Input should be a valid integer")


def test_several_problems_are_lines() -> None:
    assert explained(Problems([Invalid("One."), Invalid("Two.")])) == "One.\nTwo."


def test_cause_of_outage_is_told() -> None:
    error = Unavailable("the database is busy")
    error.__cause__ = OperationalError("BEGIN", {}, Exception("database is locked"))
    assert explained(error) == "The database is busy: database is locked."


def test_faults_are_no_mistakes() -> None:
    for fault in (ValueError("x"), KeyError("x"), IntegrityError("x", {}, Exception("x"))):
        assert explained(fault) is None
    for kind in (DataError, ProgrammingError):
        assert explained(kind("x", {}, Exception("x"))) is None


def test_fault_keeps_its_traceback(bare: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli.organizations.opened", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        bare("organization", "list")
