"""Cursors of a search: whatever a caller sends is the cursor that was handed out, or is refused."""

import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Column, Date

from app.domain.errors import ArgumentFault, FaultCode
from app.services.search.cursors import Cursor, Signer
from app.storage.paging import Order, parse_values
from app.storage.types import Exact, Instant, Word

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
BOUND = b"the digest of a query, a sort and an organization"
SIGNER = Signer(b"correct horse battery staple", 30)
CURSOR = Cursor(25, ("acme", None, "lead_1"), NOON)
TEXT = SIGNER.sign(CURSOR, BOUND)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def _fault(text: str, bound: bytes = BOUND, now: datetime = NOON, signer: Signer = SIGNER) -> ArgumentFault:
    with pytest.raises(ArgumentFault) as caught:
        signer.read(text, bound, now)
    assert caught.value.path == ["after"]
    return caught.value


def _refused(text: str, bound: bytes = BOUND, signer: Signer = SIGNER) -> bool:
    fault = _fault(text, bound, signer=signer)
    return (fault.code, fault.message) == (FaultCode.CURSOR_INVALID, "`after` is not a cursor of this search.")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _text(signed: bytes) -> str:
    return urlsafe_b64encode(signed).rstrip(b"=").decode()


ORDER = [
    Order("at", Column("at", Instant()), nullable=True),
    Order("day", Column("day", Date()), nullable=True),
    Order("size", Column("size", Exact(), nullable=False)),
    Order("count", Column("count", BigInteger(), nullable=False)),
    Order("id", Column("id", Word(), nullable=False)),
]


@settings(max_examples=50)
@given(
    st.integers(0, 2**40),
    st.datetimes(timezones=st.just(UTC)),
    st.none() | st.datetimes(timezones=st.just(UTC)),
    st.none() | st.dates(),
    st.decimals(-100, 100),
    st.integers(-(2**63), 2**63 - 1),
    st.text().map(lambda text: text.replace("\0", "")),
)
def test_cursors_come_back(
    seen: int, issued: datetime, at: datetime | None, day: date | None, size: Decimal, count: int, id: str
) -> None:
    values = (at, day, size, count, id)
    found = SIGNER.read(SIGNER.sign(Cursor(seen, values, issued), BOUND), BOUND, issued)
    assert (found.seen, found.issued) == (seen, issued)
    assert found.issued.tzinfo is UTC
    assert parse_values(ORDER, found.values) == list(values)
    assert str(parse_values(ORDER, found.values)[2]) == str(size)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ((), "shorter"),
        (("x",), "isoformat"),
        ((None, None, "1", 1, "x", "x"), "longer"),
        ((None, None, "abc", 1, "x"), "a number that no column holds"),
        ((None, None, "NaN", 1, "x"), "a number that no column holds"),
        ((None, None, "1", 2**63, "x"), "a value of another type"),
    ],
)
def test_values_of_other_orders_are_refused(values: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_values(ORDER, values)


def test_plain_values_come_back_equal() -> None:
    assert SIGNER.read(TEXT, BOUND, NOON) == CURSOR
    assert Signer(b"correct horse battery staple", 5).read(TEXT, BOUND, NOON) == CURSOR


@pytest.mark.parametrize(
    ("ttl", "age", "accepted"),
    [
        (30, 0.0, True),
        (30, 29.9, True),
        (30, 30.0, True),
        (30, 30.1, False),
        (30, 86_400.0, False),
        (1, 1.000001, False),
        (0, 30.1, True),
        (0, 10_000_000_000.0, True),
        (30, -3_600.0, True),  # the clock was put back
    ],
)
def test_cursors_expire(ttl: int, age: float, accepted: bool) -> None:
    """F15: a cursor is good for so many seconds; 0 lifts the limit."""
    signer, now = Signer(b"secret", ttl), NOON + timedelta(seconds=age)
    text = signer.sign(CURSOR, BOUND)
    if accepted:
        assert signer.read(text, BOUND, now) == CURSOR
        return
    fault = _fault(text, now=now, signer=signer)
    assert fault.code == FaultCode.CURSOR_EXPIRED
    assert fault.message == f"The cursor has expired: it is good for {ttl} seconds. Start the search again."


def test_expired_foreign_cursor_is_invalid() -> None:
    fault = _fault(TEXT, b"another search", NOON + timedelta(days=1))
    assert fault.code == FaultCode.CURSOR_INVALID


def test_cursors_belong_to_one_search() -> None:
    """F15: another query's cursor is refused, and so is one that another secret signed."""
    for bound in (b"", BOUND[:-1], BOUND + b"\0", b"another search"):
        assert _refused(TEXT, bound)
        assert SIGNER.read(SIGNER.sign(CURSOR, bound), bound, NOON) == CURSOR
    assert _refused(TEXT, signer=Signer(b"another secret", 30))


def test_bound_does_not_run_into_payload() -> None:
    signed = _bytes(TEXT)
    mac, payload = signed[:16], signed[16:]
    for cut in range(1, len(payload)):
        assert _refused(_text(mac + payload[:-cut]), payload[-cut:] + BOUND)
        assert _refused(_text(mac + payload[cut:]), BOUND + payload[:cut])
        assert _refused(_text(mac + BOUND[-cut:] + payload), BOUND[:-cut])


@pytest.mark.parametrize("place", range(len(TEXT)))
def test_changed_letters_are_refused(place: int) -> None:
    """F15: a tampered cursor is refused, also where the change is in bits that decoders drop."""
    assert all(
        _refused(TEXT[:place] + letter + TEXT[place + 1 :]) for letter in LETTERS + "+/= é" if letter != TEXT[place]
    )
    assert _refused(TEXT[:place])
    assert _refused(TEXT[place + 1 :])


def test_dropped_bits_are_refused() -> None:
    """Of every four last letters, or sixteen, decoders make the same bytes."""
    texts = [SIGNER.sign(Cursor(10**digits, (), NOON), BOUND) for digits in range(3)]
    assert sorted(len(text) % 4 for text in texts) == [0, 2, 3]
    twins = [(text, text[:-1] + letter) for text in texts for letter in LETTERS if letter != text[-1]]
    same = [twin for text, twin in twins if _bytes(twin) == _bytes(text)]
    assert len(same) == 3 + 15
    assert all(_refused(twin) for twin in same)


@given(st.text())
@example("")
@example("====")
@example(TEXT + "=")
@example(TEXT + "\n")
@example(TEXT + "A")
@example("\ud800")
@example("A" * 21)
@example("A" * 22)
def test_any_other_text_is_refused(text: str) -> None:
    assert _refused(text)


@given(st.binary())
def test_any_other_bytes_are_refused(signed: bytes) -> None:
    assert _refused(_text(signed))


def test_huge_texts_are_refused_quickly() -> None:
    started = time.process_time()
    assert all(_refused(letter * 1_048_576) for letter in "A=é")
    assert time.process_time() - started < 0.5


def test_long_values_come_back() -> None:
    cursor = Cursor(1, ("\U0001f600" * 200, "x" * 200, "9" * 300, "lead_1"), NOON)
    assert SIGNER.read(SIGNER.sign(cursor, BOUND), BOUND, NOON) == cursor


def test_secret_stays_in_signer() -> None:
    assert "correct horse" not in repr(SIGNER)
