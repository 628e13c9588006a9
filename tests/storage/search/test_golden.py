"""The SQL of every node and condition, and the indexes that serve it, as they stand in the golden files.

CRM_UPDATE_GOLDEN=1 writes the files anew; what changed in them is for a person to read.
"""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.access import Actor
from app.domain.filter_checks import Checker
from app.domain.time import Clock
from app.storage.database import Database
from app.storage.search import catalogue
from app.storage.search.filters import Compiler, Scope
from app.storage.search.rarity import EVERYTHING_COMMON, EVERYTHING_RARE
from app.storage.search.statements import READS, Part, Search
from tests.storage.scenery import NOON, sent
from tests.storage.search.cases import CASES

GOLDEN = Path(__file__).parent / "golden"
CLOCK = Clock.at(NOON, "Europe/Berlin")
DIALECTS: dict[str, Any] = {"sqlite": sqlite.dialect(), "postgresql": postgresql.dialect(paramstyle="named")}  # type: ignore[no-untyped-call]

# What SQLite does when few rows are expected: what is common needs no index.
RARITY = {"sqlite": EVERYTHING_RARE, "postgresql": EVERYTHING_COMMON}

# Where two indexes serve as well, and versions of PostgreSQL choose differently.
VARYING = {"match_nothing", "current_user", "moment_range_last"}


@pytest.fixture(scope="session")
def updating() -> bool:
    return os.environ.get("CRM_UPDATE_GOLDEN") == "1"


@pytest.mark.parametrize("case", CASES)
async def test_sql_and_plan_stay(crowd: tuple[Database, Actor], case: str, updating: bool) -> None:
    """F19-F37: every node and condition of a filter is one condition in SQL, served by the indexes named."""
    database, actor = crowd
    search = await _search(database, actor, case)
    varies = database.dialect == "postgresql" and case in VARYING
    plan = "" if varies else f"\n\n{await _plan(database, actor, search)}"
    shown = f"{_sql(search, database.dialect)}{plan}\n"
    file = GOLDEN / f"{case}.{database.dialect}.txt"
    if updating:
        file.parent.mkdir(exist_ok=True)
        file.write_text(shown)
    assert shown == file.read_text()


def test_no_golden_file_is_left() -> None:
    assert {file.name for file in GOLDEN.iterdir()} == {f"{case}.{store}.txt" for case in CASES for store in DIALECTS}


async def _search(database: Database, actor: Actor, case: str) -> Search:
    query = CASES[case]
    async with database.read(actor) as session:
        fields = await catalogue.load(session)
    checker = Checker(fields)
    kinds = checker.check(query)
    assert checker.problems == []
    return Search(query, sorted(kinds, reverse=True), (), fields, database.dialect)


def _sql(search: Search, store: str) -> str:
    """The condition on each kind, a clause a line, with the values that it binds."""
    shown = []
    for kind in search.kinds:
        compiler = Compiler(search.fields, store, RARITY[store])
        rows = READS[kind].table
        found = select(rows.c.id).where(compiler.where(search.query, Scope(kind, rows)))
        made = found.compile(dialect=DIALECTS[store])
        bound = made.params | compiler.moving.values(CLOCK)
        shown.append(f"{kind.value}: {_broken(str(made))}\n{_bound(bound)}")
    return "\n".join(shown)


def _broken(sql: str) -> str:
    return re.sub(r" (AND|OR|FROM|WHERE) ", r"\n    \1 ", " ".join(sql.split()))


def _bound(bound: Mapping[str, Any]) -> str:
    values = {name: str(value) for name, value in bound.items() if value is not None}
    return "\n".join(f"  :{name} = {value}" for name, value in values.items())


async def _plan(database: Database, actor: Actor, search: Search) -> str:
    """How the first page is found: the steps on SQLite; on PostgreSQL, whose steps differ from version to version,
    the indexes that serve when a table is not read as a whole."""
    async with database.read(actor) as session:
        if database.dialect == "postgresql":
            await session.connection.exec_driver_sql("SET enable_seqscan = off")
        with sent() as statements:
            page = search.page(Part.WHOLE, 26, False, RARITY[database.dialect])
            await session.search(page.select, page.values(CLOCK))
        statement, parameters = statements[-1]
        if database.dialect == "sqlite":
            steps = await session.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            return "\n".join(f"- {step.detail}" for step in steps)
        found = await session.connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
        plan = found.scalar_one()
        indexes = set(_indexes((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))
        return "\n".join(f"- {name}" for name in sorted(indexes)) or "- no index"


def _indexes(node: dict[str, Any]) -> Any:
    if "Index Name" in node:
        yield node["Index Name"]
    for inner in node.get("Plans", []):
        yield from _indexes(inner)
