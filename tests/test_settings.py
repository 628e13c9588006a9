import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from app import settings
from app.settings import BadSettings, Settings

EXAMPLE = Path(__file__).parents[1] / ".env.example"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder without a .env, and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"CRM_{name.upper()}", raising=False)
    return tmp_path


def documented() -> dict[str, str]:
    return dict(re.findall(r"^#(CRM_[A-Z_]+)=(.*)$", EXAMPLE.read_text("utf-8"), re.MULTILINE))


def test_every_setting_is_documented() -> None:
    assert list(documented()) == [f"CRM_{name.upper()}" for name in Settings.model_fields]


def test_documented_defaults_hold(elsewhere: Path) -> None:
    (elsewhere / ".env").write_text("".join(f"{name}={value}\n" for name, value in documented().items()))
    from_file = Settings()
    (elsewhere / ".env").unlink()
    assert from_file == Settings()


def test_every_setting_has_a_comment() -> None:
    for paragraph in EXAMPLE.read_text("utf-8").strip().split("\n\n"):
        assert paragraph.startswith("# ")


def test_variables_win_over_file(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (elsewhere / ".env").write_text("CRM_PORT=8001\nCRM_HOST=::1\n")
    monkeypatch.setenv("CRM_PORT", "8002")
    found = settings.read()
    assert (found.port, found.host, found.on_loopback) == (8002, "::1", True)


def test_options_win_over_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_PORT", "8002")
    monkeypatch.setenv("CRM_HOST", "0.0.0.0")
    found = settings.read(port=8003, host=None)
    assert (found.port, found.host, found.on_loopback) == (8003, "0.0.0.0", False)


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().port = 1


@pytest.mark.parametrize(("text", "value"), [("on", True), ("off", False), ("ON", True), ("0", False)])
def test_switches_are_on_or_off(text: str, value: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_DEBUG_HEADERS", text)
    assert settings.read().debug_headers is value


def test_origins_stand_between_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_CORS_ORIGINS", "https://crm.example.com, http://localhost:5173,")
    assert settings.read().cors_origins == ("https://crm.example.com", "http://localhost:5173")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("sqlite:///crm.db", "sqlite:///crm.db"),
        ("sqlite+aiosqlite:////srv/crm.db", "sqlite:////srv/crm.db"),
        ("postgresql+psycopg://me:s%40fe@db:5433/crm", "postgresql://me:s%40fe@db:5433/crm"),
        ("postgres://db.example.com/crm", "postgresql://db.example.com/crm"),
    ],
)
def test_database_url_loses_its_driver(given: str, kept: str) -> None:
    assert settings.read(database_url=given).database_url == kept


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("DATABASE_URL", "crm.db", "CRM_DATABASE_URL: not the URL of a database"),
        ("DATABASE_URL", "mysql://db/crm", "CRM_DATABASE_URL: not the URL of a database"),
        ("DATABASE_URL", "postgresql://db:port/crm", "CRM_DATABASE_URL: not the URL of a database"),
        ("DATABASE_URL", "sqlite://", "CRM_DATABASE_URL: the URL names no database"),
        ("DATABASE_URL", "sqlite:///:memory:", "CRM_DATABASE_URL: the URL names no database"),
        ("PORT", "http", "CRM_PORT: Input should be a valid integer"),
        ("PORT", "65536", "CRM_PORT: Input should be less than or equal to 65535"),
        ("CORS_ORIGINS", "crm.example.com", "CRM_CORS_ORIGINS: 'crm.example.com' is not an origin"),
        ("CORS_ORIGINS", "https://crm.example.com/", "CRM_CORS_ORIGINS: 'https://crm.example.com/' is not"),
        ("LOG_LEVEL", "loud", "CRM_LOG_LEVEL: Input should be 'debug', 'info', 'warning' or 'error'"),
        ("IDE", "maybe", "CRM_IDE: Input should be a valid boolean"),
        (
            "SEARCH_CURSOR_TTL_SECONDS",
            "-1",
            "CRM_SEARCH_CURSOR_TTL_SECONDS: Input should be greater than",
        ),
        ("SEARCH_WINDOW", "all", "CRM_SEARCH_WINDOW: Input should be a valid integer"),
        ("SECRET", "correct-horse-1", "CRM_SECRET: Value should have at least 16 items"),
    ],
)
def test_bad_setting_is_named(name: str, value: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"CRM_{name}", value)
    with pytest.raises(BadSettings) as caught:
        settings.read()
    assert str(caught.value).startswith(message)


def test_bad_url_keeps_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_DATABASE_URL", "mysql://me:hunter2@db/crm")
    with pytest.raises(BadSettings) as caught:
        settings.read()
    assert "hunter2" not in str(caught.value)


def test_secret_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_SECRET", "correct-horse-12")
    found = settings.read()
    assert found.secret is not None
    assert found.secret.get_secret_value() == "correct-horse-12"
    assert "correct" not in f"{found!r} {found} {found.model_dump()} {found.model_dump_json()}"
    monkeypatch.setenv("CRM_SECRET", "correct-horse")
    with pytest.raises(BadSettings) as caught:
        settings.read()
    assert "correct" not in str(caught.value)


def test_search_limits_can_be_lifted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_SEARCH_CURSOR_TTL_SECONDS", "0")
    monkeypatch.setenv("CRM_SEARCH_WINDOW", "0")
    found = settings.read()
    assert (found.search_cursor_ttl_seconds, found.search_window, found.secret) == (0, 0, None)


def test_bad_option_is_named() -> None:
    with pytest.raises(BadSettings, match=r"^--database-url: not the URL of a database"):
        settings.read(database_url="crm.db")
