"""What deals are worth, worked out by the databases as by Python: every way of rounding, the largest values."""

from collections.abc import Sequence
from typing import Any

import pytest

from app.domain.opportunities import ValuePeriod, amount, annualized, annualized_expected, expected
from app.graphql.scalars import plain
from app.storage.opportunities import Opportunity
from tests.client import DOCUMENTS, Client
from tests.graphql.scenery import AUDIT, build

QUERY = """{ opportunities(first: 100, orderBy: { field: DATE_CREATED, direction: ASC }) { nodes {
    value { amount currency } expectedValue { amount currency } annualizedValue { amount currency }
    annualizedExpectedValue { amount currency } } } }"""
MOST = 10**17
SHARES = (0, 1, 33, 50, 100)


def shown(cents: int | None, currency: str | None, period: ValuePeriod, confidence: int) -> dict[str, Any]:
    made = {
        "value": amount(cents, currency),
        "expectedValue": expected(cents, currency, confidence),
        "annualizedValue": annualized(cents, currency, period),
        "annualizedExpectedValue": annualized_expected(cents, currency, period, confidence),
    }
    return {name: each and {"amount": plain(each.amount), "currency": each.currency} for name, each in made.items()}


async def worked_out(client: Client, values: Sequence[tuple[int | None, str | None]]) -> int:
    """How often Python had to, where these are the values of deals of each period and share."""
    await build(client.database, client.organization_id)
    deals: list[Any] = [(*value, period, share) for value in values for period in ValuePeriod for share in SHARES]
    own = {"lead_id": "lead_1", "status_id": "stat_o1"} | AUDIT
    names: tuple[str, ...] = ("value_cents", "currency", "value_period", "confidence")
    async with client.database.write(client.actor) as session:
        await session.delete(Opportunity)
        rows = [{"id": f"oppo_{n:03}"} | own | dict(zip(names, deal, strict=True)) for n, deal in enumerate(deals)]
        await session.insert(Opportunity, *rows)
    before = DOCUMENTS.reruns.total()
    data = await client.data(QUERY)
    assert data["opportunities"]["nodes"] == [shown(*deal) for deal in deals]
    return DOCUMENTS.reruns.total() - before


@pytest.mark.parametrize("cents", [0, 1, -1, 50, 149, -150, 151, 99_999, -12_345, 10**15 - 1, MOST, -MOST])
async def test_amounts_are_those_of_python(client: Client, cents: int) -> None:
    assert await worked_out(client, [(cents, "EUR"), (None, "EUR"), (None, None)]) == 0


async def test_largest_amounts_are_left_to_python(client: Client) -> None:
    """An import can bring them: twelve of them are more than a database can hold."""
    assert await worked_out(client, [(2**63 - 1, "EUR")]) == 1
