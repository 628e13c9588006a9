"""Tasks as rows, written through storage: an import or the gateway itself makes what no mutation can."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlmodel import SQLModel

from app.domain.tasks import TaskType
from tests.client import Client

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
IDS = """query($filter: TaskFilterInput, $orderBy: TaskOrderInput, $timeZone: TimeZone, $first: Int) {
    tasks(filter: $filter, orderBy: $orderBy, timeZone: $timeZone, first: $first) { nodes { id } totalCount }
}"""


async def lead_of(client: Client) -> str:
    payload = await client.mutate("leadCreate", {"name": "Acme"}, "lead { id }")
    return str(payload["lead"]["id"])


async def insert(client: Client, model: type[SQLModel], *rows: Mapping[str, Any]) -> None:
    """Rows as an import or the gateway itself would write them."""
    audit = {"date_created": NOON, "date_updated": NOON}
    async with client.database.write(client.actor) as session:
        for row in rows:
            await session.insert(model, {**audit, **row})


async def rows(client: Client, model: type[SQLModel]) -> list[dict[str, Any]]:
    async with client.database.read(client.actor) as session:
        return [dict(row) for row in await session.find(model)]


def task(number: int, type: TaskType = TaskType.LEAD, **values: Any) -> dict[str, Any]:
    return {"id": f"task_{number:03}", "type": type, "text": f"Task {number}"} | values


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def listed(client: Client, filter: Any = None, first: int = 100, **variables: Any) -> list[str]:
    data = await client.data(IDS, {"filter": filter, "first": first} | variables)
    ids = [node["id"] for node in data["tasks"]["nodes"]]
    assert data["tasks"]["totalCount"] == len(ids)
    return ids
