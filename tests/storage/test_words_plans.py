"""How words are found: by their index, before any row of the organization is read."""

import json
from typing import Any

import pytest
from sqlalchemy import Select, select

from app.domain.access import Actor
from app.domain.words import TextMode
from app.storage.database import Database
from app.storage.leads import Lead, LeadStatus
from app.storage.reads import table_of
from app.storage.scope import visible
from app.storage.words import holds
from tests.storage.scenery import AUDIT, NAMED, new_actor, owning, sent

LEADS = table_of(Lead)


@pytest.fixture
async def crowd(database: Database) -> Actor:
    """The system inside one of two organizations with many leads, each of which has words of its own."""
    actors = [await new_actor(database, name) for name in ("Acme", "Bluth")]
    for actor in actors:
        async with database.write(actor) as session:
            status = (await session.find(LeadStatus))[0]["id"]
            row: dict[str, Any] = {**AUDIT, **NAMED, "status_id": status}
            rows = [{**row, "id": f"lead_{n}", "name": f"Number {n}", "url": f"n{n}.example"} for n in range(2_000)]
            await session.insert(Lead, *rows)
    if database.dialect == "postgresql":  # SQLite's planner has the figures that the migrations gave it
        async with owning(database) as connection:
            await connection.exec_driver_sql("ANALYZE lead")
    return actors[0]


async def _plan(database: Database, actor: Actor, asked: Select[Any]) -> list[str]:
    """The steps of the plan of a search's statement, in the role that sends it."""
    async with database.read(actor) as session:
        with sent() as statements:
            await session.search(asked)
        [(statement, parameters)] = statements
        if database.dialect == "sqlite":
            found = await session.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            return [row.detail for row in found]
        found = await session.connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
        plan = found.scalar_one()
        return list(_steps((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))


def _steps(node: dict[str, Any]) -> Any:
    yield " ".join(filter(None, [node["Node Type"], node.get("Index Name") or node.get("Relation Name")]))
    for inner in node.get("Plans", []):
        yield from _steps(inner)


@pytest.mark.parametrize("mode", list(TextMode))
@pytest.mark.parametrize("names", [["name"], ["name", "url"]])
async def test_searches_use_the_index(database: Database, crowd: Actor, mode: TextMode, names: list[str]) -> None:
    """SQLite finds the words before the rows, and PostgreSQL finds them below the wall around the organization."""
    held = holds(LEADS, names, "Number 1234", mode, database.dialect)
    plan = await _plan(database, crowd, select(LEADS.c.id).where(visible(LEADS), held).order_by(LEADS.c.id))
    if database.dialect == "sqlite":
        key = "INDEX sqlite_autoindex_lead_1 (organization_id=? AND id=?)"
        assert plan == [
            f"SEARCH lead USING {key}" if mode is TextMode.PHRASE else f"SEARCH lead USING COVERING {key}",
            "LIST SUBQUERY 2",
            "SCAN f VIRTUAL TABLE INDEX 0:M5",
            "CORRELATED SCALAR SUBQUERY 1",
            "SEARCH t USING INTEGER PRIMARY KEY (rowid=?)",
        ]
    else:
        assert "Bitmap Heap Scan lead" in plan
        assert "Bitmap Index Scan ix_lead_words" in plan
        assert {step for step in plan if "Scan" in step} == {"Bitmap Heap Scan lead", "Bitmap Index Scan ix_lead_words"}
