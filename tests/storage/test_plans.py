"""How pages are read: from an index in its order, however many rows an organization or a parent has."""

import json
from typing import Any

import pytest
from sqlalchemy import insert

from app.domain.access import Actor
from app.storage import contacts, leads
from app.storage.contacts import Contact
from app.storage.database import Database
from app.storage.leads import Lead, LeadStatus
from app.storage.paging import Window, encode
from app.storage.reads import Read, table_of
from tests.storage.scenery import AUDIT, NAMED, NOON, new_actor, owning, sent

MANY, PARENTS = 3_000, 30


@pytest.fixture
async def crowd(database: Database) -> Actor:
    """The system inside an organization with many leads, of which some have many contacts."""
    actor = await new_actor(database, "Acme")
    own = {"organization_id": actor.organization_id, **AUDIT, **NAMED}
    async with database.read(actor) as session:
        status = (await session.find(LeadStatus))[0]["id"]
    async with owning(database) as connection:
        rows = [
            {**own, "id": f"lead_{n}", "status_id": status, "date_created": NOON.replace(microsecond=n)}
            for n in range(MANY)
        ]
        await connection.execute(insert(table_of(Lead)), rows)
        people = [
            {**own, "id": f"cont_{n}", "lead_id": f"lead_{n % PARENTS}", "date_created": NOON.replace(microsecond=n)}
            for n in range(MANY)
        ]
        await connection.execute(insert(table_of(Contact)), people)
        await connection.exec_driver_sql("ANALYZE")
    return actor


async def _plan(database: Database, actor: Actor, read: Read, keys: list[str], window: Window | None) -> list[str]:
    """The steps of the plan of the statement that a read sends, with what they work on."""
    with sent() as statements:
        await read(database, actor, keys, window)
    [(statement, parameters)] = [found for found in statements if "set_config" not in found[0]]
    async with database.read(actor) as session:
        if database.dialect == "sqlite":
            found = await session.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            return [row.detail for row in found]
        found = await session.connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
        plan = found.scalar_one()
        return list(_steps((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))


def _steps(node: dict[str, Any]) -> Any:
    yield " ".join(filter(None, [node["Node Type"], node.get("Index Name") or node.get("Relation Name")]))
    if "ROW(" in node.get("Index Cond", ""):
        yield "from the cursor on"
    for inner in node.get("Plans", []):
        yield from _steps(inner)


def _cursor(read: Read) -> str:
    return encode(read.order, [NOON.replace(microsecond=MANY // 2), f"lead_{MANY // 2}"])


def _parts(plan: list[str], *wanted: str) -> list[str]:
    return [step for step in plan if step.startswith(wanted)]


@pytest.mark.parametrize("backward", [False, True])
async def test_pages_of_leads_use_the_index(database: Database, crowd: Actor, backward: bool) -> None:
    read = leads.in_organization
    cursor = _cursor(read)
    window = Window(50, backward, before=cursor) if backward else Window(50, after=cursor)
    plan = await _plan(database, crowd, read, [crowd.organization_id], window)
    if database.dialect == "sqlite":
        beyond = ">" if backward else "<"
        index = "ix_lead_date_created (organization_id=? AND (date_created,id)"
        assert plan == [f"SEARCH lead USING INDEX {index}{beyond}(?,?))"]
    else:
        assert plan[-2:] == ["Index Scan ix_lead_date_created", "from the cursor on"]
        assert _parts(plan, "Seq Scan", "Sort", "Incremental Sort", "Bitmap") == []


@pytest.mark.parametrize("later", [False, True])
async def test_pages_per_parent_use_the_index(database: Database, crowd: Actor, later: bool) -> None:
    keys = [f"lead_{n}" for n in range(PARENTS)]
    window = Window(5, after=_cursor(contacts.by_lead) if later else None)
    plan = await _plan(database, crowd, contacts.by_lead, keys, window)
    if database.dialect == "sqlite":
        index = "ix_contact_lead_id_date_created (organization_id=? AND lead_id=?"
        cursor = " AND (date_created,id)>(?,?))" if later else ")"
        by_id = "SEARCH contact USING INDEX sqlite_autoindex_contact_1 (organization_id=? AND id=?)"
        page = f"SEARCH own_ USING COVERING INDEX {index}{cursor}"
        assert _parts(plan, "SEARCH", "SCAN contact") == [by_id, page]
        assert _parts(plan, "USE TEMP") == ["USE TEMP B-TREE FOR ORDER BY"]  # of what was found
    else:
        scan = ["Index Scan ix_contact_lead_id_date_created", *["from the cursor on"] * later]
        assert plan[-len(scan) :] == scan
        assert _parts(plan, "Seq Scan", "Incremental Sort", "Bitmap") == []
        # The one sort is of what was found: the pages of all parents together.
        assert (plan[0], plan.count("Sort"), plan.index("Limit") > plan.index("Nested Loop")) == ("Sort", 1, True)


@pytest.mark.parametrize("store", ["sqlite"])
async def test_lists_by_parent_use_the_index(database: Database, crowd: Actor) -> None:
    """SQLite would rather read the whole organization than sort; PostgreSQL weighs the two."""
    plan = await _plan(database, crowd, contacts.by_lead, ["lead_1", "lead_2"], None)
    index = "ix_contact_lead_id_date_created (organization_id=? AND lead_id=?)"
    assert _parts(plan, "SEARCH", "SCAN contact", "USE TEMP") == [f"SEARCH contact USING INDEX {index}"]


@pytest.mark.parametrize("keys", [["lead_1"], ["lead_1", "lead_2"]])
async def test_rows_by_id_use_the_key(database: Database, crowd: Actor, keys: list[str]) -> None:
    plan = await _plan(database, crowd, leads.by_id, keys, None)
    if database.dialect == "sqlite":
        assert plan[0] == "SEARCH lead USING INDEX sqlite_autoindex_lead_1 (organization_id=? AND id=?)"
    else:
        assert plan[-1] == "Index Scan pk_lead"
