"""The measurement of GraphQL, on a CRM that is small enough for a test: the gateway and constant SQL, without peers."""

import asyncio
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import typer
from graphql import parse, validate
from rich.console import Console
from sqlalchemy import make_url, text
from typer.testing import CliRunner

from app.domain.access import Actor
from app.domain.time import Clock, now
from app.graphql.schema import schema
from app.services import leads
from app.storage.database import Database
from scripts.benchmarks import graphql_store, graphql_trees, graphql_usage
from scripts.benchmarks.crm_furniture import ORGANIZATION, USERS, made_id
from scripts.benchmarks.crm_loading import load
from scripts.benchmarks.graphql_answers import Differ, check
from scripts.benchmarks.graphql_bench import bench_graphql
from scripts.benchmarks.graphql_cases import CASES, STATUSES, Scene
from scripts.benchmarks.graphql_databases import add_functions, key_of
from scripts.benchmarks.graphql_load import run
from scripts.benchmarks.graphql_profile import Profiled, profiled
from scripts.benchmarks.graphql_report import BEGIN, END, renew
from scripts.benchmarks.graphql_runs import Figures, Plan
from scripts.benchmarks.graphql_servers import executions, gateway
from scripts.benchmarks.graphql_stage import measured
from scripts.benchmarks.graphql_store import Taken
from tests.conftest import opened

LEADS = 120
QUICK = Plan(seconds=0.1, rounds=1, connections=[2])
CLOCK = Clock.at(now(), "UTC")
QUIET = Console(quiet=True)
ASKED = [CASES[name] for name in ("Q1", "Q2", "Q2O", "Q3", "Q4")]


def figures(server: str, gateway: float, **others: Any) -> Figures:
    plain = Figures("Q1", 16, server, 1000.0, 2.0, 5.0, gateway, 0.0, 0.1, 400, 90.0, 0.1, 0.0)
    return replace(plain, **others)


async def test_gateway_and_constant_sql_are_measured(database_url: str) -> None:
    await load(database_url, LEADS)
    taken = await asyncio.to_thread(measured, database_url, LEADS, ASKED, ["raw"], QUICK, QUIET)
    [ours, *_] = executions()
    for case in ASKED:
        servers = [ours, "raw"] if case.name in {"Q1", "Q2", "Q3"} else [ours]
        found = taken.at(case.name, 2)
        assert list(found) == servers
        assert all(min(one.rps, one.p50, one.p99, one.peak, one.bytes) > 0 for one in found.values())
        assert all((one.database is None) is database_url.startswith("sqlite") for one in found.values())
        assert " statement" in taken.paths[case.name]
    async with opened(database_url) as database, database.read(Actor.system(ORGANIZATION)) as session:
        [[changed]] = await session.rows(text("SELECT count(*) FROM lead WHERE version > 1"), {})
    assert changed == 0  # it was a copy that Q4 wrote to


@pytest.mark.parametrize("store", ["sqlite"])
async def test_faults_stop_the_load(database_url: str) -> None:
    await load(database_url, LEADS)
    [fault] = await asyncio.to_thread(_faults, database_url)
    assert fault.startswith(b"HTTP/1.1 401")


def _faults(url: str) -> list[bytes]:
    with gateway(executions()[0], url, "api_0000000000000000.wrong") as server:
        request = server.request(CASES["Q1"], CASES["Q1"].body("gateway", Scene(LEADS), 0))
        return run(server.port, iter([request] * 10), 1, 5.0).faults


@pytest.mark.parametrize("store", ["sqlite"])
async def test_profiles_name_the_packages(database_url: str) -> None:
    await load(database_url, LEADS)
    found = await asyncio.to_thread(_profiled, database_url)
    assert {"app.http", "app.storage", "starlette"} <= set(found.shares)
    assert 0.9 < sum(found.shares.values()) <= 1.001
    assert found.milliseconds > 0


def _profiled(url: str) -> Profiled:
    with key_of(url) as key:
        return profiled(url, key, CASES["Q1"], LEADS, 0.2)


def test_operations_fit_the_schema() -> None:
    known = [case for case in CASES.values() if not case.mixed]
    assert len(known) == 19
    for case in known:
        words = case.words("gateway")
        assert words is not None
        assert validate(schema._schema, parse(words.text)) == [], case.name


def test_trees_have_as_many_nodes_as_told() -> None:
    trees = graphql_trees.BY_NAME
    assert {name: graphql_trees.size(trees[name]) for name in trees} == dict(graphql_trees.TREES)


def test_moves_always_change_the_status() -> None:
    scene, status = Scene(20_000), dict[str, str]()
    for number in range(2_000):
        wanted = CASES["Q4"].variables(scene, number)
        assert status.get(wanted["id"]) != wanted["status"]
        status[wanted["id"]] = wanted["status"]
    assert len(status) == 400


def test_wrappings_do_not_count() -> None:
    ours = b'{"data": {"leads": {"nodes": [{"type": "CALL", "at": "2026-01-01T10:00:00+00:00"}]}}}'
    theirs = b'{"data": {"leads": [{"type": "call", "at": "2026-01-01T11:00:00.000+01:00"}]}}'
    check("Q2", {"ours": ours, "theirs": theirs})


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        (b'{"data": {"leads": [{"name": "b"}]}}', r"ours and other differ at \.leads\[0\]\.name: a and b"),
        (b'{"data": {"leads": []}}', r"differ at \.leads: "),
        (b'{"data": {"leads": [{}]}}', r"differ at \.leads\[0\]: "),
        (b'{"data": {"leads": [{"name": "a"}]}, "errors": [{}]}', "other answered"),
        (b"oops", "other gave no JSON"),
    ],
)
def test_differences_are_found(answer: bytes, place: str) -> None:
    with pytest.raises(Differ, match=place):
        check("Q2", {"ours": b'{"data": {"leads": {"nodes": [{"name": "a"}]}}}', "other": answer})


def test_activities_are_compared_by_their_columns() -> None:
    ours = b'{"data": {"activities": {"nodes": [{"id": "a", "type": "SMS", "date": "d", "smsText": "x"}]}}}'
    theirs = b'{"data": {"activities": [{"id": "a", "type": "sms", "date": "d", "text": "x", "subject": null}]}}'
    check("Q7", {"ours": ours, "theirs": theirs})
    with pytest.raises(Differ, match="text: x and y"):
        check("Q7", {"ours": ours, "theirs": theirs.replace(b'"x"', b'"y"')})


@pytest.mark.parametrize("store", ["postgresql"])
async def test_function_writes_what_the_gateway_writes(database_url: str, database: Database) -> None:
    await load(database_url, LEADS)
    lead, first, second = made_id("lead", 7), STATUSES[2], STATUSES[3]
    actor = Actor(ORGANIZATION, USERS[0])
    url = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    await add_functions(url)
    driver: Any = asyncpg
    connection = await driver.connect(url)
    call = "SELECT * FROM bench_change_lead_status($1, $2, $3, $4)"
    try:
        await leads.change_status(database, actor, CLOCK, lead_id=lead, status={"id": first})
        await leads.change_status(database, actor, CLOCK, lead_id=lead, status={"id": second})
        await leads.change_status(database, actor, CLOCK, lead_id=lead, status={"id": first})
        await connection.execute(call, ORGANIZATION, USERS[0], lead, second)
        assert not (await connection.fetchrow(call, ORGANIZATION, USERS[0], lead, second))["id"]
        order = "ORDER BY date_created DESC LIMIT 3"
        [theirs, _, ours] = await connection.fetch(f"SELECT * FROM activity WHERE lead_id = $1 {order}", lead)
        [row] = await connection.fetch("SELECT version, status_id, updated_by FROM lead WHERE id = $1", lead)
    finally:
        await connection.close()
    passing = {"id", "date", "date_created", "date_updated"}
    assert {k: v for k, v in theirs.items() if k not in passing} == {k: v for k, v in ours.items() if k not in passing}
    assert len(theirs["id"]) == len(ours["id"])
    assert tuple(row) == (5, second, USERS[0])


def test_usage_counts_children() -> None:
    started = graphql_usage.cpu([os.getpid()])
    program = [sys.executable, "-c", "print(flush=True); input()"]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"\n"  # it is up
        assert child.pid in graphql_usage.tree(os.getpid())
        assert graphql_usage.peak([child.pid]) > 1_000
        child.communicate(b"\n")
    assert graphql_usage.between({1: 2.0}, {1: 2.5, 2: 0.25}) == 0.75
    assert graphql_usage.cpu([os.getpid()])[os.getpid()] >= started[os.getpid()]


def test_new_figures_replace_old_ones(tmp_path: Path) -> None:
    file = tmp_path / "kept.json"
    old = Taken("sqlite", 20, {"Q1": [figures("compiled", 1.0)], "Q2": [figures("compiled", 9.0)]}, {"Q1": "a"})
    graphql_store.write(file, [old])
    new = Taken("sqlite", 20, {"Q1": [figures("compiled", 2.0)]}, {"Q2": "b"})
    other = Taken("postgresql", 20, {})
    assert graphql_store.merged([*graphql_store.read(file), other], new) == [
        other,
        Taken("sqlite", 20, {"Q1": new.cases["Q1"], "Q2": old.cases["Q2"]}, {"Q1": "a", "Q2": "b"}),
    ]


def test_report_says_what_was_reached(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    (tmp_path / "images").mkdir()
    document.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    servers = [
        figures("compiled", 0.2),
        figures("postgraphile", 0.4),
        figures("raw", 0.15),
        figures("compiled", 0.2, connections=64, p99=7.0),
        figures("postgraphile", 0.4, connections=64, p99=6.0),
    ]
    renew(document, [Taken("postgresql", 20_000, {"Q1": servers}, {"Q1": "compiled, 3 statements"})])
    lines = document.read_text().splitlines()
    assert [lines[0], lines[-1]] == ["before", "after"]
    assert "old" not in lines
    reached = "**2.0×** (≥ 1.8×) | **1.7×** (≥ 1.6×) | **1.20×** (≤ 1.3×) | 7.00 (missed), 6.00 ms |"
    assert f"| Q1 lead by id, 8 scalars | {reached}" in lines
    first = "gateway (compiled, 3 statements) | 0.20 | 0.10 | 1,000 · 1,000 | 2.00 / 5.00 · 2.00 / 7.00 | 90 |"
    assert f"| **Q1** lead by id, 8 scalars | {first}" in lines
    assert "0.20 + 0.10 ms" in (tmp_path / "images/performance.svg").read_text()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--queries", "Q1,Q99"], "Q99: there are Q1, Q2"),
        (["--peers", "apollo"], "apollo: there are resolvers, raw"),
        (["--connections", "1,x"], "write numbers such as 1,16,64"),
    ],
)
def test_unknown_names_are_refused(options: list[str], words: str) -> None:
    app = typer.Typer()
    app.command()(bench_graphql)
    result = CliRunner().invoke(app, options, env={"COLUMNS": "200"})
    assert result.exit_code == 2
    assert words in result.output
