"""The demo's records of one day."""

from datetime import date
from typing import Any

import pytest

from app.demo.leads import records

TODAY = date(2026, 8, 20)


@pytest.fixture(scope="session")
def today() -> date:
    return TODAY


@pytest.fixture(scope="session")
def leads() -> list[dict[str, Any]]:
    return list(records(TODAY))


@pytest.fixture(scope="session")
def activities(leads: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [activity for lead in leads for activity in lead["activities"]]


@pytest.fixture(scope="session")
def tasks(leads: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [task for lead in leads for task in lead["tasks"]]
