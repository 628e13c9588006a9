"""What is made of a row: objects, lists of them out of JSON, rows that a list names, days in a zone, checked values."""

import datetime as dt
from typing import Any

import orjson
import pytest
from sqlalchemy import ColumnElement, Date, bindparam, func, literal, literal_column, select, type_coerce, update

from app.domain.time import local_day
from app.storage.calendar import zone
from app.storage.database import Database
from app.storage.json_text import (
    Absent,
    Cents,
    Checked,
    IntMember,
    Kind,
    ListMember,
    LocalDay,
    Made,
    MadeList,
    TextMember,
    Unwritten,
    about,
    array_by_keys,
    array_of,
    elements,
    has_fault,
    is_known,
    json_list,
    keys,
    leaf,
    made_array,
    made_object,
    row_object,
)
from app.storage.types import Many, among
from tests.storage.scenery import owning
from tests.storage.test_json_text import HERE, SAMPLE, TEXTS, detailed, is_refused, sample, store_values, texts

__all__ = ["sample"]


def made_text(made: Made, dialect: str, absent: Absent = Absent.NULL) -> ColumnElement[Any]:
    pairs = [(name, leaf(value, Kind.TEXT, dialect)) for name, value in made.members.items()]
    return made_object(made, row_object(pairs, dialect), dialect, absent)


async def test_objects_are_there_where_a_condition_holds(sample: Database) -> None:
    await store_values(sample, "word", ["Ada", None])
    made = Made({"name": HERE.word}, HERE.word.is_not(None))
    found = await texts(sample, made_text(made, sample.dialect))
    assert found == [b'{"value":{"name":"Ada"}}', b'{"value":null}']
    first, second = await texts(sample, made_text(made, sample.dialect, Absent.FAULT))
    assert (has_fault(first), has_fault(second)) == (False, True)
    always = await texts(sample, made_text(Made({"name": HERE.word}), sample.dialect, Absent.FAULT))
    assert always == [b'{"value":{"name":"Ada"}}', b'{"value":{"name":null}}']


def files(dialect: str) -> ColumnElement[Any]:
    """Of a list of objects those that have a url."""

    def made(item: ColumnElement[Any]) -> Made:
        url = TextMember(item, "url")
        return Made({"url": url, "size": IntMember(item, "size")}, func.coalesce(url, "") != "")

    listed = MadeList(ListMember(HERE.json, "it"), made)
    each = elements(listed.elements, dialect)
    own = listed.made(each.c.value)
    pairs = [(name, leaf(value, Kind.TEXT, dialect)) for name, value in own.members.items()]
    return made_array(listed.elements, each, own, row_object(pairs, dialect), dialect)


async def test_lists_of_objects(sample: Database) -> None:
    """In their order, without those that are not there; none where the list is null or missing."""
    all_texts: list[dict[str, Any]] = [{"url": text, "other": [1]} for text in TEXTS]
    some: list[dict[str, Any]] = [{"url": "b", "size": 7}, {"url": None}, {"url": ""}, {}, {"size": 1}, {"url": "a"}]
    lists: list[list[dict[str, Any]]] = [[], some, all_texts]
    await store_values(sample, "json", [*detailed(*lists, None), {}])
    expected = [
        [{"url": item["url"], "size": item.get("size")} for item in list_ if item.get("url")] for list_ in lists
    ]
    found = await texts(sample, files(sample.dialect))
    assert found == [orjson.dumps({"value": list_}) for list_ in [*expected, [], []]]


WRONG_LISTS: list[Any] = [
    *("text", 5, True, {}, {"url": "x"}),
    *([1], ["url"], [None], [[]], [{"url": "x"}, "y"], [{"url": 5}], [{"url": False}], [{"url": "x", "size": "big"}]),
]


@pytest.mark.parametrize("wrong", WRONG_LISTS)
async def test_lists_of_something_else(sample: Database, wrong: Any) -> None:
    await store_values(sample, "json", detailed(wrong))
    assert await is_refused(sample, files(sample.dialect))


def named(dialect: str) -> ColumnElement[Any]:
    """The words of the rows whose words a list names."""
    list_, other = ListMember(HERE.json, "it"), SAMPLE.alias()
    key, place = keys(list_, dialect)
    rows = select(other.c.word, place).where(other.c.word == key).order_by(place).correlate(SAMPLE).subquery()
    item = row_object([("word", leaf(rows.c.word, Kind.TEXT, dialect))], dialect)
    return array_by_keys(list_, array_of(item, rows, dialect), dialect)


async def test_rows_that_a_list_names(sample: Database) -> None:
    """In its order and as often; those that are gone are left out."""
    await store_values(sample, "word", TEXTS)
    numbers = [3, 1, 3, 5, 0]
    list_ = [TEXTS[3], TEXTS[1], "gone", TEXTS[3], TEXTS[5], TEXTS[0]]
    for value, expected in ((list_, [TEXTS[n] for n in numbers]), ([], []), (None, [])):
        found = await with_json(sample, {"it": value})
        assert found == orjson.dumps({"value": [{"word": word} for word in expected]})
    wrongs: list[Any] = ["Ada", {}, ["Ada", 5], [None], [["Ada"]]]
    for wrong in wrongs:
        assert has_fault(await with_json(sample, {"it": wrong}))


async def with_json(database: Database, json: Any) -> bytes:
    """What `named` says of the first row with this JSON."""
    async with owning(database) as connection:
        await connection.execute(update(SAMPLE).where(HERE.place == 0).values(json=json))
    return (await texts(database, named(database.dialect)))[0]


async def test_checked_values(sample: Database) -> None:
    """A value that would be too large for the database is not worked out."""
    await store_values(sample, "big", [2**60])
    product = type_coerce(HERE.big * literal_column("100"), Cents())
    assert await is_refused(sample, leaf(Checked(product, HERE.big < 1000), Kind.CENTS, sample.dialect))
    await store_values(sample, "big", [-999])
    found = await texts(sample, leaf(Checked(product, HERE.big < 1000), Kind.CENTS, sample.dialect))
    assert found == [b'{"value":"-999.00"}']
    with pytest.raises(Unwritten):
        Checked(HERE.json, HERE.big > 0).shown(sample.dialect, Absent.NULL)


async def test_statements_about_one_key(sample: Database) -> None:
    """A statement for many keys, for that of each row; and the JSON of what it finds."""
    await store_values(sample, "small", [3, 1, 2])
    other = SAMPLE.alias()
    many = select(other.c.small, other.c.word).where(among(other.c.small, bindparam("keys", type_=Many())))
    rows = about(many, HERE.place + 1).subquery()
    value = select(json_list(rows.c.small)).select_from(rows).scalar_subquery()
    async with sample.look_up() as reading:
        found = list((await reading.execute(select(value).select_from(SAMPLE).order_by(HERE.place))).scalars())
    assert [orjson.loads(each) if isinstance(each, str) else each for each in found] == [[1], [2], [3]]


ZONES = ["UTC", "Europe/Berlin", "America/Havana", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati"]
ZONES += ["Pacific/Apia", "-11:30", "+14:00", "Z"]
YEARS = (1, 1850, 1911, 1969, 2011, 2026, 2050, 9999)


@pytest.mark.parametrize("name", ZONES)
async def test_days_in_a_zone(sample: Database, name: str) -> None:
    """Around midnight, on days on which clocks are changed, and at the ends of the calendar."""
    days = [dt.datetime(year, month, day, tzinfo=dt.UTC) for year in YEARS for month in (3, 11, 12) for day in (8, 29)]
    hours = (0, 3.99, 4, 5, 5.5, 9.99, 10, 14, 18.25, 22, 23, 23.999)
    instants = [day + dt.timedelta(hours=hour) for day in days for hour in hours]
    instants += [dt.datetime.min.replace(tzinfo=dt.UTC), dt.datetime.max.replace(tzinfo=dt.UTC)]
    instants += [dt.datetime(1, 1, 1, 1, tzinfo=dt.UTC), dt.datetime(9999, 12, 31, 23, tzinfo=dt.UTC)]
    await store_values(sample, "instant", [*instants, None])
    day = LocalDay(HERE.instant, zone(name), literal(dt.date(2026, 1, 1), Date()))
    expected = [local_day(instant, name) for instant in instants] + [dt.date(2026, 1, 1)]
    found = await texts(sample, leaf(day, Kind.DATE, sample.dialect))
    assert found == [orjson.dumps({"value": each}) for each in expected]


def test_zones_of_other_names() -> None:
    """Before 1970 the days of CET were not those of the city that stands for it."""
    assert [is_known(name) for name in (*ZONES, "CET", "EET", "MET", "WET")] == [True] * len(ZONES) + [False] * 4
