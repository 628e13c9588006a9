"""The measurement of searches, on a CRM that is small enough for a test."""

from dataclasses import replace
from pathlib import Path

import pytest
import typer
from sqlalchemy import make_url

from app.services import organizations
from app.storage.database import Database
from scripts.benchmarks.bulk_rows import every
from scripts.benchmarks.crm_data import BATCH, batch
from scripts.benchmarks.crm_furniture import ORGANIZATION
from scripts.benchmarks.crm_loading import load, sized
from scripts.benchmarks.search_filters import QUESTIONS, Question
from scripts.benchmarks.search_runs import Asked, Differ, measure, plans
from tests.conftest import opened

LEADS = 300


def _question(name: str) -> Question:
    return next(question for question in QUESTIONS if question.name == name)


async def test_both_ways_give_the_same(database_url: str) -> None:
    await load(database_url, LEADS)
    figures = await measure(database_url, seconds=0)
    assert [one.question for one in figures] == [question.name for question in QUESTIONS]
    assert all(min(one.by_hand, one.search, one.hand_sql, one.search_sql) > 0 for one in figures)


async def test_wrong_answers_are_noticed(database_url: str) -> None:
    await load(database_url, LEADS)
    other = replace(QUESTIONS[0], query=_question("no email at all").query)
    with pytest.raises(Differ, match="one custom field: by hand"):
        await measure(database_url, seconds=0, questions=[other])


async def test_deep_pages_continue_a_search(database_url: str) -> None:
    await load(database_url, LEADS)
    deep = _question("by name, deep in the pages")
    async with opened(database_url) as database:
        first = await (await Asked.of(database, replace(deep, hits_before=0))).search(60)
        assert await (await Asked.of(database, replace(deep, hits_before=35))).search() == first[35:60]


async def test_plans_show_both_statements(database_url: str, store: str) -> None:
    await load(database_url, LEADS)
    made = await plans(database_url, _question("no email at all"))
    words = {"sqlite": "ix_activity_lead_id_type_date", "postgresql": "Execution Time"}
    assert [words[store] in plan for plan in made if "NOT" in plan] == [True, True]


async def test_data_are_made_once(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path}/bench.db", tmp_path / "bench.db"
    await load(url, 3)
    made = file.stat().st_mtime_ns
    await load(url, 3)
    assert file.stat().st_mtime_ns == made
    await load(url, 4)
    assert file.stat().st_mtime_ns != made


async def test_other_data_are_left_alone(database_url: str, database: Database) -> None:
    id = await organizations.create(database, "Acme")
    with pytest.raises(typer.BadParameter, match="holds something else"):
        await load(database_url, 3)
    assert await organizations.find(database) == [organizations.Named(id, "Acme")]


def test_batches_are_always_the_same() -> None:
    assert batch(2 * BATCH, BATCH) == batch(2 * BATCH, BATCH)


def test_large_sets_are_made_in_order() -> None:
    bulks = list(every(5 * BATCH, "many", "sqlite"))
    leads = [row for bulk in bulks if bulk.table == "lead" for row in bulk.rows]
    column = next(bulk.columns for bulk in bulks if bulk.table == "lead").index("id")
    assert len(leads) == 5 * BATCH
    assert [row[column] for row in leads] == sorted(row[column] for row in leads)
    assert {row[bulk.columns.index("organization_id")] for bulk in bulks[1:] for row in bulk.rows} == {ORGANIZATION}


@pytest.mark.parametrize(
    ("url", "leads", "name"),
    [
        ("sqlite:////data/crm.db", 20_000, "/data/crm_20k.db"),
        ("postgresql://crm@localhost/bench", 200_000, "bench_200k"),
        ("postgresql://crm@localhost/bench", 50, "bench_50"),
    ],
)
def test_names_carry_the_size(url: str, leads: int, name: str) -> None:
    assert make_url(sized(url, leads)).database == name
