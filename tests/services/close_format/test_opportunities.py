"""Opportunities of the format."""

import datetime as dt
from typing import Any

from app.domain.opportunities import ValuePeriod
from app.storage.opportunities import Opportunity
from tests.services.close_format.files import Store, lead


async def load(crm: Store, **keys: Any) -> Any:
    await crm.load(lead(contacts=[{"id": "cont_1"}], opportunities=[{"id": "oppo_1", **keys}]))
    return await crm.row(Opportunity)


async def test_money_and_days_are_exact(crm: Store) -> None:
    row = await load(
        crm,
        value=9_007_199_254_740_993,
        value_currency="eur",
        value_period="annual",
        date_won="2017-03-01T12:00:00+00:00",
        date_lost="2017-03-02",
        close_date="2017-04-01",
        confidence=0,
        contact_id="cont_1",
    )
    assert (row["value_cents"], row["currency"]) == (9_007_199_254_740_993, "EUR")
    assert row["value_period"] is ValuePeriod.ANNUAL
    assert (row["date_won"], row["close_date"]) == (dt.date(2017, 3, 1), dt.date(2017, 4, 1))
    assert row["date_lost"] == dt.datetime(2017, 3, 2, tzinfo=dt.UTC)
    assert (row["confidence"], row["contact_id"]) == (0, "cont_1")


async def test_missing_currency_is_the_organizations(crm: Store) -> None:
    deals: list[dict[str, Any]] = [{"value": 5}, {"value": 5, "value_currency": "dollars"}, {"value": None}, {}]
    summary = await crm.load(lead(opportunities=[{"id": f"oppo_{n}", **deal} for n, deal in enumerate(deals)]))
    assert summary.warnings == {"value currency": 1}
    assert [row["currency"] for row in await crm.rows(Opportunity)] == ["USD", "USD", None, None]


async def test_missing_parts_have_defaults(crm: Store) -> None:
    row = await load(crm, confidence=None, value_period=None)
    assert (row["confidence"], row["value_period"], row["value_cents"]) == (50, ValuePeriod.ONE_TIME, None)


async def test_contact_of_another_lead_is_left_out(crm: Store) -> None:
    await crm.load(lead(id="lead_2", contacts=[{"id": "cont_2"}]))
    summary = await crm.load(lead(opportunities=[{"id": "oppo_1", "contact_id": "cont_2"}]))
    assert (summary.warnings, summary.rejected_children) == ({"contact of another lead": 1}, 0)
    assert (await crm.row(Opportunity))["contact_id"] is None
