"""Column types give back what they were given, and compare alike on both databases."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from random import Random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, Text, bindparam, insert, select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.storage.metadata import metadata
from app.storage.number_keys import keyed_number, number_key
from app.storage.types import Choice, Exact, Instant, Json, Many, SortableNumber, Word, among
from tests.storage.scenery import administer, owning


class Colour(StrEnum):
    RED = "red"
    SEA_GREEN = "sea_green"


SAMPLE = Table(
    "sample",
    MetaData(),
    Column("place", Integer, primary_key=True),
    Column("instant", Instant()),
    Column("exact", Exact()),
    Column("sortable", SortableNumber()),
    Column("word", Word()),
    Column("prose", Text()),
    Column("choice", Choice(Colour)),
    Column("json", Json),
)
HERE = SAMPLE.c
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@pytest.fixture
async def sample(database_url: str) -> AsyncIterator[AsyncConnection]:
    """A connection to a table that has a column of every type."""
    async with owning(database_url) as connection:
        await connection.run_sync(SAMPLE.metadata.create_all)
        yield connection


async def _store(connection: AsyncConnection, column: str, values: list[Any]) -> list[Any]:
    """What comes back when these values are stored, in the same order."""
    rows = [{"place": place, column: value} for place, value in enumerate(values)]
    await connection.execute(insert(SAMPLE), rows)
    return list((await connection.execute(select(HERE[column]).order_by(HERE.place))).scalars())


def _instants() -> list[datetime]:
    dice = Random(3)
    found = [FIRST, LAST, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, microsecond=1, tzinfo=UTC)]
    for _ in range(200):
        offset = timezone(timedelta(minutes=dice.choice([0, 0, -480, 345, 840, -720])))
        moment = datetime(dice.choice([2, 999, 1969, 2026, 9998]), dice.choice([1, 12]), 1, 0, 0, 0, tzinfo=offset)
        found.append(
            moment + timedelta(microseconds=dice.choice([0, 1, 10, 999_999, 1_000_000, dice.randrange(10**12)]))
        )
    return found


async def test_instants_come_back_in_utc(sample: AsyncConnection) -> None:
    instants = _instants()
    found = await _store(sample, "instant", instants)
    assert found == instants
    assert {instant.tzinfo for instant in found} == {UTC}


async def test_instants_sort_as_stored(sample: AsyncConnection) -> None:
    instants = _instants()
    await _store(sample, "instant", instants)
    found = (await sample.execute(select(HERE.instant).order_by(HERE.instant))).scalars().all()
    assert found == sorted(instants)
    for bound in instants[:40]:
        smaller = await sample.execute(select(HERE.place).where(HERE.instant < bound))
        assert set(smaller.scalars()) == {place for place, instant in enumerate(instants) if instant < bound}


@pytest.mark.parametrize("store", ["sqlite"])
async def test_stored_instants_are_answers(sample: AsyncConnection) -> None:
    """The text in the file is the one that the API gives out."""
    berlin = timezone(timedelta(hours=1))
    await _store(sample, "instant", [datetime(2026, 1, 10, 6, tzinfo=berlin), datetime(26, 1, 1, 0, 0, 0, 50, UTC)])
    found = (await sample.execute(text("SELECT instant FROM sample ORDER BY place"))).scalars().all()
    assert found == ["2026-01-10T05:00:00+00:00", "0026-01-01T00:00:00.000050+00:00"]


async def test_naive_instants_are_refused(sample: AsyncConnection) -> None:
    for moment in (FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None)):
        with pytest.raises(StatementError, match="has no time zone"):
            await sample.execute(insert(SAMPLE), {"place": 1, "instant": moment})
        with pytest.raises(StatementError, match="has no time zone"):
            await sample.execute(select(HERE.place).where(HERE.instant > moment))


async def test_decimals_stay_exact(sample: AsyncConnection) -> None:
    texts = ["5.50", "5.5", "0", "0.00", "-0.01", "1E+5", "1234567890" * 4, f"-0.{'0123456789' * 3}", "1E-30", "0E-10"]
    decimals = [Decimal(text) for text in texts]
    found = await _store(sample, "exact", decimals)
    assert [format(number, "f") for number in found] == [format(number, "f") for number in decimals]
    assert [type(number) for number in found] == [Decimal] * len(texts)


DECIMALS = st.decimals(allow_nan=False, allow_infinity=False) | st.decimals(-10, 10, places=3)


@given(DECIMALS, DECIMALS)
@example(Decimal("-1.5"), Decimal("-1.55"))
@example(Decimal("0E+1000"), Decimal("-0.00"))
@example(Decimal("1E-1000"), Decimal(0))
@example(Decimal("9.99E+999"), Decimal("1E+1000"))
@example(Decimal("-1E-1000"), Decimal("-1E+1000"))
def test_keys_compare_as_numbers(one: Decimal, other: Decimal) -> None:
    keys = [number_key(number).encode() for number in (one, other)]
    assert (keys[0] < keys[1], keys[0] == keys[1]) == (one < other, one == other)


@given(DECIMALS)
@example(Decimal(f"1.{'0123456789' * 30}"))
def test_keys_give_numbers_back(number: Decimal) -> None:
    assert keyed_number(number_key(number)) == number


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1E+500000"])
def test_placeless_numbers_are_refused(number: str) -> None:
    with pytest.raises(ValueError, match=r"no place among numbers|no column holds"):
        number_key(Decimal(number))


async def test_sortable_numbers_sort(sample: AsyncConnection) -> None:
    texts = ["5.50", "5.5", "0", "-0.01", "1E+5", "-1.5", "-1.55", "1E-30", "-2E+40", "99999.5", "0.00", "100000"]
    numbers = [Decimal(text) for text in texts]
    assert await _store(sample, "sortable", numbers) == numbers
    found = (await sample.execute(select(HERE.sortable).order_by(HERE.sortable))).scalars().all()
    assert found == sorted(numbers)
    for bound in numbers:
        smaller = await sample.execute(select(HERE.place).where(HERE.sortable < bound))
        assert set(smaller.scalars()) == {place for place, number in enumerate(numbers) if number < bound}
        same = await sample.execute(select(HERE.place).where(HERE.sortable == bound))
        assert set(same.scalars()) == {place for place, number in enumerate(numbers) if number == bound}


async def test_empty_values_are_null(sample: AsyncConnection) -> None:
    await sample.execute(insert(SAMPLE), {"place": 1, **dict.fromkeys(HERE.keys()[1:])})
    row = (await sample.execute(select(SAMPLE))).one()
    assert tuple(row) == (1, *[None] * (len(HERE) - 1))
    raw = (await sample.execute(text("SELECT * FROM sample WHERE json IS NULL AND instant IS NULL"))).one()
    assert tuple(raw) == tuple(row)


async def test_words_compare_by_bytes(sample: AsyncConnection) -> None:
    words = [
        "b",
        "a",
        "B",
        "A",
        "ä",
        "Z",
        "z",
        "_",
        "-",
        "1",
        "10",
        "9",
        "",
        " ",
        "a b",
        "ab",
        "a-b",
        "ß",
        "é",
        "𝄞",
        "一",
    ]
    assert await _store(sample, "word", words) == words
    found = (await sample.execute(select(HERE.word).order_by(HERE.word))).scalars().all()
    assert found == sorted(words, key=str.encode)
    for bound in words:
        smaller = await sample.execute(select(HERE.word).where(HERE.word < bound))
        assert set(smaller.scalars()) == {word for word in words if word.encode() < bound.encode()}


@pytest.mark.parametrize("store", ["postgresql"])
async def test_words_ignore_the_locale(postgres_server: str, store: str) -> None:
    """In a database whose own order is that of a dictionary, where the server knows one."""
    name = f"crm_words_{store}"
    await administer(postgres_server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    async with owning(postgres_server) as connection:
        icu = await connection.scalar(text("SELECT count(*) > 100 FROM pg_collation WHERE collprovider = 'i'"))
    locale = "LOCALE_PROVIDER icu ICU_LOCALE 'en-US'" if icu else ""
    await administer(postgres_server, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' {locale}")
    words = ["b", "a", "B", "A", "a-b", "ab"]
    async with owning(postgres_server.rsplit("/", 1)[0] + f"/{name}") as connection:
        await connection.run_sync(SAMPLE.metadata.create_all)
        await connection.execute(
            insert(SAMPLE), [{"place": n, "word": word, "prose": word} for n, word in enumerate(words)]
        )
        by_word = (await connection.execute(select(HERE.word).order_by(HERE.word))).scalars().all()
        by_prose = (await connection.execute(select(HERE.prose).order_by(HERE.prose))).scalars().all()
        above = (await connection.execute(select(HERE.word).where(HERE.word > "B"))).scalars().all()
    assert by_word == ["A", "B", "a", "a-b", "ab", "b"]
    assert by_prose == (["a", "A", "a-b", "ab", "b", "B"] if icu else by_word)
    assert set(above) == {"a", "a-b", "ab", "b"}
    await administer(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("store", ["postgresql"])
async def test_word_columns_collate_by_bytes(database_url: str) -> None:
    async with owning(database_url) as connection:
        rows = await connection.execute(
            text(
                "SELECT table_name, column_name FROM information_schema.columns"
                " WHERE table_schema = 'public' AND collation_name = 'C'"
            )
        )
        found = {tuple(row) for row in rows}
    assert found == {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Word | SortableNumber)
    }
    assert ("lead", "sort_name") in found


async def test_choices_are_stored_by_value(sample: AsyncConnection) -> None:
    assert await _store(sample, "choice", [Colour.SEA_GREEN, "red", None]) == [Colour.SEA_GREEN, Colour.RED, None]
    raw = (await sample.execute(text("SELECT choice FROM sample ORDER BY place"))).scalars().all()
    assert raw == ["sea_green", "red", None]
    found = await sample.execute(select(HERE.place).where(HERE.choice == Colour.RED))
    assert found.scalars().all() == [1]


async def test_unknown_choices_are_refused(sample: AsyncConnection) -> None:
    for value in ("blue", "RED", "SEA_GREEN", ""):
        with pytest.raises(StatementError, match="is not a valid Colour"):
            await sample.execute(insert(SAMPLE), {"place": 1, "choice": value})
    await sample.execute(text("INSERT INTO sample (place, choice) VALUES (1, 'blue')"))
    with pytest.raises(ValueError, match="'blue' is not a valid Colour"):
        (await sample.execute(select(HERE.choice))).all()


async def test_json_tells_null_from_nothing(sample: AsyncConnection) -> None:
    values: list[Any] = [None, {"a": None, "b": [1, "é", 1.5, True, {}]}, [], {}, "text", 0, False]
    assert await _store(sample, "json", values) == values
    empty = (await sample.execute(text("SELECT place FROM sample WHERE json IS NULL"))).scalars().all()
    assert empty == [0]
    await sample.execute(text("INSERT INTO sample (place, json) VALUES (99, 'null')"))
    found = await sample.execute(select(HERE.json).where(HERE.place == 99, HERE.json.is_not(None)))
    assert found.scalars().all() == [None]


LISTS: list[list[Any]] = [
    [],
    ["a"],
    ["a", "a", "b"],
    ['"', "'", "\\", "{}", "[]", ",", "NULL", "null", "a,b", ""],
    ["é", "e\u0301", "💥", "\u2028", "\n", "\t", "一"],
    [Colour.RED, Colour.SEA_GREEN],
    [f"word_{n}" for n in range(10_000)],
    ["\0", "a\0"],
]


async def test_members_of_lists_are_found(sample: AsyncConnection) -> None:
    there = ['"', "'", "\\", "{}", "", "NULL", "a", "A", "a,b", "é", "💥", "\n", "red", "word_9999"]
    await _store(sample, "word", there)
    named = select(HERE.word).where(among(HERE.word, bindparam("wanted", type_=Many())))
    for wanted in LISTS:
        expected = {word for word in there if word in wanted}
        direct = await sample.execute(select(HERE.word).where(among(HERE.word, wanted)))
        assert set(direct.scalars()) == expected
        assert set((await sample.execute(named, {"wanted": wanted})).scalars()) == expected


async def test_statement_is_one_for_all_lists(sample: AsyncConnection) -> None:
    texts = {str(select(HERE.word).where(among(HERE.word, wanted)).compile(sample.sync_connection)) for wanted in LISTS}
    assert len(texts) == 1


async def test_forgotten_list_is_no_empty_list(sample: AsyncConnection) -> None:
    with pytest.raises(StatementError, match="A value is required for bind parameter 'wanted'"):
        await sample.execute(select(HERE.word).where(among(HERE.word, bindparam("wanted", type_=Many()))))


async def test_two_lists_do_not_mix(sample: AsyncConnection) -> None:
    await _store(sample, "word", ["a", "b", "c"])
    both = select(HERE.word).where(among(HERE.word, ["a", "b"]), among(HERE.word, ["b", "c"]))
    assert (await sample.execute(both)).scalars().all() == ["b"]
