"""JSON texts from the databases are those that orjson makes of the values that a read gives."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, MetaData, Table, Text, delete, insert, select, text
from sqlalchemy.exc import OperationalError

from app.domain.opportunities import amount
from app.graphql.scalars import plain
from app.storage.database import Database
from app.storage.json_text import (
    Absent,
    IntMember,
    Kind,
    TextMember,
    TextMemberOr,
    TextsMember,
    document,
    has_fault,
    is_fault,
    kind_of,
    leaf,
    name_leaf,
    row_object,
)
from app.storage.types import Choice, Exact, Instant, Json, SortableNumber, Word
from tests.search.profiles import fewer
from tests.storage.scenery import owning


class Colour(StrEnum):
    RED = "red"
    SEA_GREEN = 'it\'s "green"'


SAMPLE = Table(
    "sample",
    MetaData(),
    Column("place", Integer, primary_key=True),
    Column("instant", Instant()),
    Column("day", Date()),
    Column("exact", Exact()),
    Column("word", Word()),
    Column("prose", Text()),
    Column("choice", Choice(Colour)),
    Column("small", Integer()),
    Column("big", BigInteger()),
    Column("truth", Boolean()),
    Column("json", Json),
)
HERE = SAMPLE.c
LARGEST = 2**63 - 1


@pytest.fixture
async def sample(database: Database) -> Database:
    """A database with a table that has a column of every type, which readers may see."""
    async with owning(database) as connection:
        await connection.run_sync(SAMPLE.metadata.create_all)
        if database.dialect == "postgresql":
            await connection.exec_driver_sql("GRANT SELECT ON sample TO crm_gateway")
    return database


async def store_values(database: Database, column: str, values: Sequence[Any]) -> None:
    async with owning(database) as connection:
        await connection.execute(delete(SAMPLE))
        await connection.execute(insert(SAMPLE), [{"place": n, column: value} for n, value in enumerate(values)])


def shown(value: Any) -> Any:
    """As the schema's scalars and enums give it."""
    if isinstance(value, Decimal):
        return plain(value)
    return value.name if isinstance(value, StrEnum) else value


async def texts(database: Database, value: Any) -> list[bytes]:
    """For every row the object that holds a JSON value."""
    made = document(row_object([("value", value)], database.dialect), database.dialect)
    async with database.look_up() as reading:
        return list((await reading.execute(select(made).select_from(SAMPLE).order_by(HERE.place))).scalars())


async def compare(database: Database, column: str, values: Sequence[Any], kind: Kind | None = None) -> None:
    """What the database writes of these values, of a null, and what Python dumps of them."""
    await store_values(database, column, [*values, None])
    async with database.look_up() as reading:
        read = list((await reading.execute(select(HERE[column]).order_by(HERE.place))).scalars())
    expected = [orjson.dumps({"value": shown(value)}) for value in read]
    found = kind or kind_of(HERE[column].type)
    assert found is not None
    assert await texts(database, leaf(HERE[column], found, database.dialect)) == expected


async def test_texts_of_every_character(sample: Database) -> None:
    """But those that neither database stores: the null character and surrogates."""
    characters = [chr(code) for code in range(1, 0x110000) if not 0xD800 <= code < 0xE000]
    step = 4096
    await compare(sample, "prose", ["".join(characters[n : n + step]) for n in range(0, len(characters), step)])


@fewer
@given(st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8")), min_size=1))
@example(["", " ", '"', "\\", '\\"', "\\u0001", "</script>", "\u2028\u2029", "e\u0301", "\U0001d11e", "\x7f\x80\x9f"])
async def test_texts_are_escaped_alike(sample: Database, values: list[str]) -> None:
    await compare(sample, "prose", values)
    await compare(sample, "word", values)


@fewer
@given(
    st.lists(
        st.datetimes(timezones=st.just(dt.UTC))
        | st.datetimes().map(lambda moment: moment.replace(microsecond=0, tzinfo=dt.UTC)),
        min_size=1,
    )
)
async def test_instants_are_in_utc(sample: Database, values: list[dt.datetime]) -> None:
    await compare(sample, "instant", values)


async def test_instants_at_the_ends(sample: Database) -> None:
    """The first and the last that Python has are infinities on PostgreSQL."""
    first, last = dt.datetime.min.replace(tzinfo=dt.UTC), dt.datetime.max.replace(tzinfo=dt.UTC)
    step = dt.timedelta(microseconds=1)
    berlin = dt.timezone(dt.timedelta(hours=1))
    fractions = [first.replace(microsecond=n) for n in (0, 1, 10, 100, 100_000, 120_000, 999_999, 50)]
    values = [first, first + step, last - step, last, dt.datetime(1, 12, 31, 23, 59, tzinfo=berlin), *fractions]
    await compare(sample, "instant", values)
    written = await texts(sample, leaf(HERE.instant, Kind.INSTANT, sample.dialect))
    assert written[0] == b'{"value":"0001-01-01T00:00:00+00:00"}'
    assert written[3:5] == [b'{"value":"9999-12-31T23:59:59.999999+00:00"}', b'{"value":"0001-12-31T22:59:00+00:00"}']


@pytest.mark.parametrize("store", ["postgresql"])
async def test_instants_ignore_the_session(sample: Database) -> None:
    """A server may show its clients other zones and forms of dates."""
    await store_values(sample, "instant", [dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)])
    made = document(leaf(HERE.instant, Kind.INSTANT, "postgresql"), "postgresql")
    async with sample.look_up() as reading:
        await reading.exec_driver_sql("SELECT set_config('timezone', 'America/New_York', false)")
        await reading.exec_driver_sql("SELECT set_config('datestyle', 'SQL, DMY', false)")
        found = await reading.scalar(select(made))
        await reading.exec_driver_sql("SELECT set_config('timezone', 'UTC', false)")
        await reading.exec_driver_sql("SELECT set_config('datestyle', 'ISO', false)")
    assert found == b'"2026-07-01T12:00:00+00:00"'


@fewer
@given(st.lists(st.dates(), min_size=1))
@example([dt.date.min, dt.date.min + dt.timedelta(1), dt.date.max - dt.timedelta(1), dt.date.max])
async def test_days_of_all_years(sample: Database, values: list[dt.date]) -> None:
    await compare(sample, "day", values)


def held(number: Decimal) -> bool:
    """Whether the columns can hold it."""
    return abs(number.adjusted()) < 300 and int(number.as_tuple().exponent) > -300


DECIMALS = st.decimals(allow_nan=False, allow_infinity=False).filter(held) | st.decimals(-10, 10, places=3)
WRITTEN = "5.50 5.5 0 0.00 -0.01 -0.00 1E+2 -1E+2 1.5E+3 1.50E+9 1E-7 -1.25E-9 0E-10 0E+5 0.000001 1E+28 -0E+3 10E+1"


@fewer
@given(st.lists(DECIMALS, min_size=1))
@example([Decimal(text) for text in WRITTEN.split()])
@example([Decimal("1234567890" * 5), Decimal(f"-0.{'0123456789' * 3}"), Decimal("1E+300"), Decimal("-1E-300")])
async def test_decimals_have_no_exponent(sample: Database, values: list[Decimal]) -> None:
    """CF14: as they were written."""
    await compare(sample, "exact", values)


@fewer
@given(st.lists(st.integers(-(2**31), 2**31 - 1), min_size=1))
async def test_numbers_as_they_are(sample: Database, values: list[int]) -> None:
    await compare(sample, "small", values)
    await compare(sample, "big", [*values, -LARGEST - 1, LARGEST])


async def test_numbers_beyond_int_are_faults(sample: Database) -> None:
    value = leaf(HERE.big, Kind.INT, sample.dialect)
    await compare(sample, "big", [-(2**31), 0, 2**31 - 1], Kind.INT)
    for number in (-(2**31) - 1, 2**31):
        await store_values(sample, "big", [number])
        assert await is_refused(sample, value)


async def test_cents_are_decimals(sample: Database) -> None:
    values = [0, 1, -1, 99, 100, -100, -101, 123_456, LARGEST, -LARGEST]
    await store_values(sample, "big", [*values, None])
    amounts = [amount(value, "EUR") for value in values]
    expected = [orjson.dumps({"value": plain(each.amount)}) for each in amounts if each]
    assert await texts(sample, leaf(HERE.big, Kind.CENTS, sample.dialect)) == [*expected, b'{"value":null}']


async def test_truths_and_choices(sample: Database) -> None:
    await compare(sample, "truth", [True, False])
    await compare(sample, "choice", [Colour.RED, Colour.SEA_GREEN])


async def test_expressions_are_leaves(sample: Database) -> None:
    await store_values(sample, "small", [1, 2, None])
    found = await texts(sample, leaf(HERE.small > 1, Kind.BOOLEAN, sample.dialect))
    assert found == [b'{"value":false}', b'{"value":true}', b'{"value":null}']
    assert await texts(sample, name_leaf("Lead", sample.dialect)) == [b'{"value":"Lead"}'] * 3


async def is_refused(database: Database, value: Any) -> bool:
    """Whether a leaf is a fault: seen in the text, or in the error of a statement that failed."""
    try:
        found = await texts(database, value)
    except OperationalError as error:
        return is_fault(error)
    return all(has_fault(each) for each in found)


THERE = {
    "instant": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    "day": dt.date(2026, 1, 1),
    "exact": Decimal("5.50"),
    "word": "\x01",
    "prose": "\x01",
    "choice": Colour.SEA_GREEN,
    "small": 0,
    "big": 0,
    "truth": False,
}


@pytest.mark.parametrize(("column", "there"), THERE.items())
async def test_absent_values_are_faults(sample: Database, column: str, there: Any) -> None:
    """Where the schema has no null; a value that is there is none."""
    kind = kind_of(HERE[column].type)
    assert kind is not None
    await store_values(sample, column, [None])
    assert await is_refused(sample, leaf(HERE[column], kind, sample.dialect, Absent.FAULT))
    assert await texts(sample, leaf(HERE[column], kind, sample.dialect, Absent.NULL)) == [b'{"value":null}']
    await store_values(sample, column, [there])
    written = [await texts(sample, leaf(HERE[column], kind, sample.dialect, absent)) for absent in Absent]
    assert written == [[orjson.dumps({"value": shown(there)})]] * 3
    assert not has_fault(written[0][0])


async def test_choices_unknown_are_faults(sample: Database) -> None:
    await store_values(sample, "choice", [Colour.RED])
    async with owning(sample) as connection:
        await connection.execute(text("UPDATE sample SET choice = 'blue'"))
    assert await is_refused(sample, leaf(HERE.choice, {"red": "RED"}, sample.dialect))


def test_kinds_of_other_types_are_none() -> None:
    assert kind_of(HERE.json.type) is None
    assert kind_of(SortableNumber()) is None
    assert kind_of(Choice(Colour)) == {"red": "RED", 'it\'s "green"': "SEA_GREEN"}


async def test_wide_objects_keep_their_order(sample: Database) -> None:
    """Of more members than a function of SQLite takes."""
    await store_values(sample, "prose", ['"\x01é'])
    names = [f"field_{n}" for n in range(120)]
    pairs = [
        (name, leaf(HERE.prose if n % 3 else HERE.word, Kind.TEXT, sample.dialect)) for n, name in enumerate(names)
    ]
    made = document(row_object(pairs, sample.dialect), sample.dialect)
    async with sample.look_up() as reading:
        found = await reading.scalar(select(made).select_from(SAMPLE))
    assert found == orjson.dumps({name: '"\x01é' if n % 3 else None for n, name in enumerate(names)})


@pytest.mark.parametrize("name", ["", "a b", "1a", "a'b", 'a"b', "é", "a\n"])
def test_keys_are_names(name: str, store: str) -> None:
    with pytest.raises(ValueError, match="is not a name of GraphQL"):
        row_object([(name, name_leaf("Lead", store))], store)


def detailed(*values: Any) -> list[dict[str, Any]]:
    return [{"it": value, "other": "x"} for value in values]


TEXTS = ["", "Ada", 'Q"\\\x01\x1f\x7f', "ß\u2028𝄞", "', '", '", "', "a\\u0001"]


async def test_members_that_are_texts(sample: Database) -> None:
    await store_values(sample, "json", [*detailed(*TEXTS, None), {}])
    found = await texts(sample, TextMember(HERE.json, "it").shown(sample.dialect))
    assert found == [orjson.dumps({"value": value}) for value in [*TEXTS, None, None]]


async def test_members_that_are_numbers(sample: Database) -> None:
    numbers = [0, -1, 60, 1_000_000_000, 2**31 - 1, -(2**31)]
    await store_values(sample, "json", [*detailed(*numbers, None), {}])
    found = await texts(sample, IntMember(HERE.json, "it").shown(sample.dialect))
    assert found == [orjson.dumps({"value": value}) for value in [*numbers, None, None]]


async def test_members_that_are_lists(sample: Database) -> None:
    lists = [[], ["ada@example.com"], TEXTS, TEXTS[::-1]]
    await store_values(sample, "json", [*detailed(*lists, None), {}])
    found = await texts(sample, TextsMember(HERE.json, "it").shown(sample.dialect))
    assert found == [orjson.dumps({"value": value}) for value in [*lists, [], []]]


@pytest.mark.parametrize("wrong", [True, 1.5, 2**31, -(2**31) - 1, 10**30, {}, {"a": "b"}, ["a", 1], [None], [["a"]]])
async def test_members_of_other_types(sample: Database, wrong: Any) -> None:
    """Nothing keeps an import from bringing them; a list that is none of texts, too."""
    await store_values(sample, "json", detailed(wrong))
    assert await is_refused(sample, TextMember(HERE.json, "it").shown(sample.dialect))
    assert await is_refused(sample, IntMember(HERE.json, "it").shown(sample.dialect))
    assert await is_refused(sample, TextsMember(HERE.json, "it").shown(sample.dialect))
    assert await is_refused(sample, TextMemberOr(HERE.json, "it", HERE.word).shown(sample.dialect))


async def test_members_with_another_text(sample: Database) -> None:
    await store_values(sample, "json", [*detailed(*TEXTS, None), {}])
    other = TextMemberOr(HERE.json, "it", TextMember(HERE.json, "other"))
    expected = [orjson.dumps({"value": value or "x"}) for value in [*TEXTS, None]]
    assert await texts(sample, other.shown(sample.dialect)) == [*expected, b'{"value":null}']


async def test_json_that_is_a_list(sample: Database) -> None:
    """A column of its own; null where it is null, if it may be."""
    await store_values(sample, "json", [TEXTS, [], None])
    for or_null, missing in ((False, []), (True, None)):
        found = await texts(sample, TextsMember(HERE.json, or_null=or_null).shown(sample.dialect))
        assert found == [orjson.dumps({"value": value}) for value in (TEXTS, [], missing)]
    await store_values(sample, "json", [{}])
    assert await is_refused(sample, TextsMember(HERE.json).shown(sample.dialect))


async def test_members_that_have_to_be_there(sample: Database) -> None:
    nothing: list[dict[str, Any]] = [{}]
    for missing in (detailed(None), nothing):
        await store_values(sample, "json", missing)
        assert await is_refused(sample, TextMember(HERE.json, "it").shown(sample.dialect, Absent.FAULT))
        assert await is_refused(sample, IntMember(HERE.json, "it").shown(sample.dialect, Absent.FAULT))
    await store_values(sample, "json", detailed("Ada"))
    assert await texts(sample, TextMember(HERE.json, "it").shown(sample.dialect, Absent.FAULT)) == [b'{"value":"Ada"}']


@pytest.mark.parametrize("store", ["sqlite"])
async def test_null_characters_are_escaped(sample: Database) -> None:
    await compare(sample, "prose", ["a\0b", "\0"])
