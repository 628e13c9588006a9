import stat
from pathlib import Path

import pytest

from app.cli import key_file


def test_key_lies_beside_the_file() -> None:
    assert key_file.path_for("sqlite:////srv/crm.db") == Path("/srv/crm.db.demo-key")
    assert key_file.path_for("sqlite:///crm.db") == Path("crm.db.demo-key")


def test_server_key_lies_in_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    paths = [
        key_file.path_for(f"postgresql://me{password}@db.example/{name}")
        for password, name in (("", "crm"), (":one", "crm"), (":two", "crm"), ("", "other"))
    ]
    assert paths[0].parent == tmp_path / "crm-gateway"
    assert paths[1] == paths[2]
    assert len(set(paths)) == 3
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", "/people/ann")
    assert key_file.path_for("postgresql://db/crm").parent == Path("/people/ann/.local/state/crm-gateway")


def test_only_owner_can_read(tmp_path: Path) -> None:
    path = tmp_path / "state" / "crm.demo-key"
    for key in ("api_1.first", "api_1.second"):
        key_file.write(path, key)
        assert key_file.read(path) == key
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_open_file_is_closed_to_others(tmp_path: Path) -> None:
    path = tmp_path / "crm.demo-key"
    path.write_text("api_1.old\n")
    path.chmod(0o644)
    key_file.write(path, "api_1.new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_missing_or_odd_file_is_no_key(tmp_path: Path) -> None:
    assert key_file.read(tmp_path / "missing") is None
    (tmp_path / "odd").write_bytes(b"\xff\xfe")
    assert key_file.read(tmp_path / "odd") is None
