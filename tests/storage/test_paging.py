"""Page requests and cursors: whatever a caller sends ends in a page or in CURSOR_INVALID, never in anything else."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Date

from app.domain.errors import ArgumentFault, FaultCode
from app.domain.opportunities import ValuePeriod
from app.storage.custom_fields import CustomFieldValue
from app.storage.database import Database
from app.storage.opportunities import Opportunity
from app.storage.paging import Order, Window, decode, encode
from app.storage.reads import Page, Read, ascending, children, descending, table_of
from app.storage.tasks import Task
from app.storage.types import Exact, Instant, Word
from tests.storage.scenery import NOON, two_actors

DEALS = table_of(Opportunity).c
READS = {
    "instant": children(Opportunity, of=Opportunity.lead_id, order=[ascending(Opportunity.date_created)]),
    "day": children(Opportunity, of=Opportunity.lead_id, order=[ascending(Opportunity.close_date)]),
    "integer": children(Opportunity, of=Opportunity.lead_id, order=[descending(Opportunity.confidence)]),
    "big": children(Opportunity, of=Opportunity.lead_id, order=[descending(Opportunity.value_cents)]),
    "text": children(Opportunity, of=Opportunity.lead_id, order=[ascending(Opportunity.status_id)]),
    "choice": children(Opportunity, of=Opportunity.lead_id, order=[ascending(Opportunity.value_period)]),
    "truth": children(Task, of=Task.lead_id, order=[ascending(Task.is_complete)]),
    "number": children(CustomFieldValue, of=CustomFieldValue.lead_id, order=[ascending(CustomFieldValue.number)]),
}
HOSTILE = [
    "null", "true", "false", "0", "1", "-1", "1.5", "1e308", "1e400", "NaN", "2147483647", "2147483648",
    "-2147483649", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1" * 5_000,
    '""', '"x"', r'"\u0000"', r'"a\u0000b"', r'"\ud800"', '"1"', '"-5.50"', '"NaN"', '"sNaN"', '"Infinity"',
    '"1E+999999"', '"annual"', '"2026-01-01"', '"2026-02-30"', '"2026-01-01T00:00:00"', '"20260101"',
    '"2026-01-01T00:00:00+00:00"', '"0001-01-01T00:00:00+14:00"', '"9999-12-31T23:59:59-12:00"',
    "[]", '["x"]', "[0, [1], 0]", "{}", '{"a": 1}',
]  # fmt: skip
TEXTS = {text for text in HOSTILE if text.startswith('"') and "\\" not in text}
ACCEPTED = {
    "instant": {'"2026-01-01T00:00:00+00:00"'},
    "day": {"null", '"2026-01-01"', '"20260101"'},
    "integer": {"0", "1", "-1", "2147483647"},
    "big": {"null", "0", "1", "-1", "2147483647", "2147483648", "-2147483649", "9223372036854775807"},
    "text": TEXTS,
    "choice": {'"annual"'},
    "truth": {"true", "false"},
    "number": {"null", '"1"', '"-5.50"', '"20260101"'},
}


def _wrapped(text: str) -> str:
    return urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def _unwrapped(cursor: str) -> list[Any]:
    values: list[Any] = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    return values


def _stamp(read: Read) -> int:
    return int(_unwrapped(encode(read.order, [None] * len(read.order)))[0])


def _refused(fault: ArgumentFault, argument: str = "after") -> bool:
    message = f"`{argument}` is not a cursor of this list in this order."
    return (fault.code, fault.path, fault.message) == (FaultCode.CURSOR_INVALID, [argument], message)


@pytest.mark.parametrize("backward", [False, True])
async def test_foreign_values_are_refused(database: Database, backward: bool) -> None:
    """Cursors with the right stamp and a value that somebody made up, in the first place and in the last."""
    actor, _ = await two_actors(database)
    accepted: dict[str, set[str]] = {kind: set() for kind in READS}
    for kind, read in READS.items():
        for value in HOSTILE:
            cursor = _wrapped(f'[{_stamp(read)}, {value}, "it"]')
            window = Window(2, backward, before=cursor) if backward else Window(2, after=cursor)
            if await _answered(read(database, actor, ["it"], window), "before" if backward else "after"):
                accepted[kind].add(value)
    assert accepted == ACCEPTED


async def _answered(reading: Awaitable[list[Page]], argument: str) -> bool:
    """Whether there was a page; what else there may be is a refusal."""
    try:
        [page] = await reading
    except ArgumentFault as fault:
        if not _refused(fault, argument):
            raise
        return False
    return len(page.nodes) <= 1


async def test_own_cursors_are_accepted(database: Database) -> None:
    """The cursors of every kind of order lead to the rows after them and back."""
    actor, _ = await two_actors(database)
    for read in READS.values():
        [page] = await read(database, actor, ["it"], Window(2))
        assert [row.id for row in page.nodes] == ["it"]
        [rest] = await read(database, actor, ["it"], Window(2, after=page.end_cursor))
        assert (rest.nodes, rest.has_next_page, rest.has_previous_page) == ([], False, True)
        [rest] = await read(database, actor, ["it"], Window(2, backward=True, before=page.start_cursor))
        assert (rest.nodes, rest.has_next_page, rest.has_previous_page) == ([], True, False)


async def test_cursors_of_other_orders_are_refused(database: Database) -> None:
    actor, _ = await two_actors(database)
    asked = READS["instant"]
    others = [
        asked.by(),
        asked.by(Order.of(DEALS.date_created, descending=True)),
        asked.by(Order.of(DEALS.date_updated)),
        asked.by(Order.of(DEALS.date_created), Order.of(DEALS.confidence)),
        asked.by(Order.of(DEALS.confidence), Order.of(DEALS.date_created)),
    ]
    for other in others:
        [page] = await other(database, actor, ["it"], Window(1))
        with pytest.raises(ArgumentFault) as caught:
            await asked(database, actor, ["it"], Window(1, after=page.end_cursor))
        assert _refused(caught.value)


KEYS = [
    Order("at", Column("at", Instant(), nullable=False), descending=True),
    Order("day", Column("day", Date()), nullable=True),
    Order("size", Column("size", Exact(), nullable=False)),
    Order("id", Column("id", Word(), nullable=False)),
]
CURSOR = encode(KEYS, [NOON, date(2026, 1, 5), Decimal("5.50"), "lead_1"])


def _read_back(cursor: str) -> list[Any] | None:
    try:
        return decode(KEYS, cursor, "after")
    except ArgumentFault as fault:
        if not _refused(fault):
            raise
        return None


@settings(max_examples=50)
@given(st.datetimes(timezones=st.just(UTC)), st.none() | st.dates(), st.decimals(-100, 100), st.text())
def test_cursors_carry_exact_values(at: datetime, day: date | None, size: Decimal, id: str) -> None:
    values = [at, day, size, id.replace("\0", "")]
    assert decode(KEYS, encode(KEYS, values), "after") == values
    assert str(decode(KEYS, encode(KEYS, values), "after")[2]) == str(size)


def test_enum_values_come_back() -> None:
    key = READS["choice"].order
    assert decode(key, encode(key, [ValuePeriod.ANNUAL, "x"]), "after") == [ValuePeriod.ANNUAL, "x"]


@pytest.mark.parametrize("end", range(len(CURSOR)))
def test_truncated_cursors_are_refused(end: int) -> None:
    assert _read_back(CURSOR[:end]) is None
    assert _read_back(CURSOR[end + 1 :]) is None


@given(st.text())
@example("")
@example("====")
@example("é")
@example("\ud800")
@example("💥")
@example(CURSOR + "!")
@example(CURSOR + "\n")
@example(" " + CURSOR)
@example(_wrapped("7"))
@example(_wrapped("{}"))
@example(_wrapped("[]"))
@example(_wrapped("null"))
@example(_wrapped("[" * 100_000))
@example("A" * 1_000_000)
def test_garbage_is_no_cursor(text: str) -> None:
    assert _read_back(text) is None


@given(st.integers(0, len(CURSOR) - 1), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0189-_"))
def test_flipped_letters_do_no_harm(place: int, letter: str) -> None:
    values = _read_back(CURSOR[:place] + letter + CURSOR[place + 1 :])
    assert values is None or len(values) == len(KEYS)


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=150)
@given(st.lists(JSONS, min_size=3, max_size=5))
def test_any_values_do_no_harm(values: list[Any]) -> None:
    read_back = _read_back(_wrapped(json.dumps([_unwrapped(CURSOR)[0], *values])))
    if read_back is not None:
        at, day, size, id = read_back
        assert isinstance(at, datetime)
        assert at.tzinfo is UTC
        assert day is None or type(day) is date
        assert size.is_finite()
        assert isinstance(id, str)


@pytest.mark.parametrize(
    ("arguments", "window"),
    [
        ({}, Window(25)),
        ({"maximum": 10}, Window(10)),
        ({"first": 1}, Window(1)),
        ({"first": 100, "after": "x"}, Window(100, after="x")),
        ({"last": 7, "before": "x"}, Window(7, backward=True, before="x")),
        ({"last": 7, "after": "x"}, Window(7, backward=True, after="x")),
        ({"before": "x"}, Window(25, before="x")),
    ],
)
def test_page_requests_are_understood(arguments: dict[str, Any], window: Window) -> None:
    assert Window.of(**arguments) == window


@pytest.mark.parametrize(
    ("arguments", "path", "message"),
    [
        ({"first": 0}, ["first"], "`first` has to be between 1 and 100, not 0."),
        ({"first": -1}, ["first"], "`first` has to be between 1 and 100, not -1."),
        ({"first": 101}, ["first"], "`first` has to be between 1 and 100, not 101."),
        ({"last": 0}, ["last"], "`last` has to be between 1 and 100, not 0."),
        ({"last": 11, "maximum": 10}, ["last"], "`last` has to be between 1 and 10, not 11."),
        ({"first": 1, "last": 1}, ["last"], "Give `first` or `last`, not both."),
    ],
)
def test_sizes_are_never_clamped(arguments: dict[str, Any], path: list[str], message: str) -> None:
    with pytest.raises(ArgumentFault) as caught:
        Window.of(**arguments)
    assert (caught.value.code, caught.value.path) == (FaultCode.BAD_USER_INPUT, path)
    assert caught.value.message == message
