"""The measurement of custom-field values, on a CRM that is small enough for a test."""

import asyncio

from app.domain.access import EVERYTHING, Actor
from scripts.benchmarks.crm_furniture import ORGANIZATION, START, USERS
from scripts.benchmarks.crm_loading import load
from scripts.benchmarks.custom_fields_bench import Compared, compared, document_lines, reads, with_values
from scripts.benchmarks.custom_values import give_values
from scripts.benchmarks.graphql_runs import Plan
from tests.client import Client
from tests.conftest import opened

LEADS = 120


async def test_both_reads_are_measured(database_url: str, store: str) -> None:
    await load(database_url, LEADS)
    found = await asyncio.to_thread(compared, database_url, LEADS, Plan(0.1, 1, [2]))
    assert [(one.store, one.read) for one in found] == [(store, "50 leads, 8 scalars"), (store, "Q2")]
    for one in found:
        assert min(*one.gateway, one.ratio) > 0
        assert one.bytes[1] > one.bytes[0] + 50_000
        assert (one.database is None, one.sum_ratio is None) == (store == "sqlite",) * 2


async def test_each_lead_has_twenty_values(database_url: str) -> None:
    await load(database_url, LEADS)
    async with opened(database_url) as database:
        await give_values(database, Actor.system(ORGANIZATION), LEADS)
        client = Client(database, Actor(ORGANIZATION, USERS[0], None, EVERYTHING))
        for text in reads().values():
            data = await client.data(with_values(text), {"after": START.isoformat()})
            leads = data["leads"]["nodes"]
            assert [len(lead["customFields"]) for lead in leads] == [20] * 50
            assert {value["__typename"] for value in leads[0]["customFields"]} == {
                f"CustomField{type}Value"
                for type in ("Text", "Number", "Date", "DateTime", "Choices", "Users", "Contacts", "Hidden")
            }


def test_document_says_what_was_reached() -> None:
    found = [
        Compared("postgresql", "Q2", (1.0, 1.4), 1.4, (5.0, 10.0), 1.9, (15_000, 150_400)),
        Compared("sqlite", "Q2", (2.0, 8.0), 4.0, None, None, (15_000, 150_400)),
    ]
    assert list(document_lines(found, 2_000, 16))[3:] == [
        "| PostgreSQL | Q2 | 1.00 → 1.40 | **1.40×** (≤ 1.5×) | 5.00 → 10.0 | 1.90× | 15 → 150 |",
        "| SQLite | Q2 | 2.00 → 8.00 | 4.00× (missed) (≤ 1.5×) |  |  | 15 → 150 |",
        "",
    ]
