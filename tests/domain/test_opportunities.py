"""What deals are worth, exactly; and the days on which they are won and lost."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.opportunities import (
    LIMIT,
    Amount,
    Closing,
    StatusType,
    ValuePeriod,
    amount,
    annualized,
    annualized_expected,
    closing,
    expected,
    to_cents,
)
from app.domain.time import Clock

CLOCK = Clock.at(datetime(2026, 3, 1, 2, tzinfo=UTC), "America/Los_Angeles")
EARLIER = datetime(2025, 12, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("0", 0),
        ("-0", 0),
        ("12.34", 1234),
        ("-0.01", -1),
        ("5.500", 550),
        ("1E3", 100_000),
        ("9999999999999.99", 999_999_999_999_999),
    ],
)
def test_amounts_become_whole_cents(text: str, cents: int) -> None:
    assert to_cents(Decimal(text)) == cents


@pytest.mark.parametrize("text", ["0.001", "-1.999", "1." + "0" * 40 + "1", "1E-999999"])
def test_smaller_than_cents_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="two decimals at most"):
        to_cents(Decimal(text))


@pytest.mark.parametrize("text", ["1E13", "-10000000000000", "10000000000000.001", "1E+300"])
def test_too_large_amounts_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="has to lie between -10,000,000,000,000 and"):
        to_cents(Decimal(text))


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_cents_survive_the_round_trip(cents: int) -> None:
    shown = amount(cents, "EUR")
    assert shown is not None
    assert abs(shown.amount) < LIMIT
    assert to_cents(shown.amount) == cents


def test_no_value_is_no_amount() -> None:
    assert amount(None, "USD") is None
    assert amount(100, None) is None
    assert expected(None, "USD", 50) is None
    assert annualized(None, "USD", ValuePeriod.MONTHLY) is None
    assert annualized_expected(None, "USD", ValuePeriod.MONTHLY, 50) is None


@pytest.mark.parametrize(
    ("cents", "confidence", "shown"),
    [(130_000, 50, "650.00"), (5, 50, "0.03"), (-5, 50, "-0.03"), (1, 49, "0.00"), (7, 0, "0.00"), (7, 100, "0.07")],
)
def test_expected_rounds_half_up(cents: int, confidence: int, shown: str) -> None:
    assert expected(cents, "USD", confidence) == Amount(Decimal(shown), "USD")


@pytest.mark.parametrize(
    ("period", "shown"),
    [(ValuePeriod.ONE_TIME, "0.10"), (ValuePeriod.MONTHLY, "1.20"), (ValuePeriod.ANNUAL, "0.10")],
)
def test_a_year_has_twelve_months(period: ValuePeriod, shown: str) -> None:
    assert annualized(10, "USD", period) == Amount(Decimal(shown), "USD")


def test_annualized_expected_rounds_once() -> None:
    assert annualized_expected(10, "USD", ValuePeriod.MONTHLY, 5) == Amount(Decimal("0.06"), "USD")


@pytest.mark.parametrize(
    ("type", "known", "result"),
    [
        (StatusType.ACTIVE, Closing(date(2025, 1, 1), EARLIER), Closing()),
        (StatusType.WON, None, Closing(date_won=date(2026, 2, 28))),
        (StatusType.WON, Closing(date(2025, 1, 1), EARLIER), Closing(date_won=date(2025, 1, 1))),
        (StatusType.LOST, None, Closing(date_lost=CLOCK.now)),
        (StatusType.LOST, Closing(date(2025, 1, 1), EARLIER), Closing(date_lost=EARLIER)),
    ],
)
def test_closing_follows_the_status(type: StatusType, known: Closing | None, result: Closing) -> None:
    assert closing(type, CLOCK, known) == result
