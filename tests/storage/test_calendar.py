"""Days in SQL begin when they begin in Python, on both databases (rule T5)."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Date, literal, select

from app.domain.access import Actor
from app.domain.time import day_start as expected
from app.storage.calendar import day_start, zone
from app.storage.database import Database

# With days that begin late, twice or never: the clock is changed at midnight, or the date line moved.
YEARS = {
    "America/Sao_Paulo": 2018,
    "America/Havana": 2019,
    "America/Asuncion": 2019,
    "America/Los_Angeles": 2015,
    "Atlantic/Azores": 2020,
    "Africa/Cairo": 2014,
    "Asia/Beirut": 2020,
    "Asia/Kathmandu": 2020,
    "Asia/Tehran": 2018,
    "Pacific/Apia": 2011,
    "UTC": 2020,
    "Z": 2020,
    "-08:00": 2015,
    "+05:45": 2015,
    "+14:00": 2015,
    "-12:00": 2015,
}


async def test_days_begin_as_in_python(database: Database) -> None:
    async with database.read(Actor.system("orga_a")) as session:
        for name, year in YEARS.items():
            days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
            columns = [day_start(literal(day, Date()), zone(name)).label(f"day_{n}") for n, day in enumerate(days)]
            [row] = await session.rows(select(*columns))
            assert list(row) == [expected(day, name) for day in days], name


# Without a second opinion from Python: midnights that are skipped, midnights that are there twice, a day that never
# was, and zones whose names are abbreviations to PostgreSQL.
BEGINNINGS = {
    ("America/Sao_Paulo", date(2018, 11, 4)): datetime(2018, 11, 4, 3, tzinfo=UTC),
    ("America/Havana", date(2022, 3, 13)): datetime(2022, 3, 13, 5, tzinfo=UTC),
    ("Asia/Beirut", date(2022, 3, 27)): datetime(2022, 3, 26, 22, tzinfo=UTC),
    ("Africa/Cairo", date(2023, 4, 28)): datetime(2023, 4, 27, 22, tzinfo=UTC),
    ("America/Havana", date(2022, 11, 6)): datetime(2022, 11, 6, 5, tzinfo=UTC),
    ("Atlantic/Azores", date(2022, 10, 30)): datetime(2022, 10, 30, 1, tzinfo=UTC),
    ("Pacific/Apia", date(2011, 12, 30)): datetime(2011, 12, 30, 10, tzinfo=UTC),
    ("CET", date(2026, 7, 1)): datetime(2026, 6, 30, 22, tzinfo=UTC),
    ("EET", date(2026, 7, 1)): datetime(2026, 6, 30, 21, tzinfo=UTC),
    ("MET", date(2026, 7, 1)): datetime(2026, 6, 30, 22, tzinfo=UTC),
    ("WET", date(2026, 7, 1)): datetime(2026, 6, 30, 23, tzinfo=UTC),
}


async def test_odd_days_begin_alike(database: Database) -> None:
    columns = [day_start(literal(day, Date()), zone(name)).label(name + str(day)) for name, day in BEGINNINGS]
    async with database.read(Actor.system("orga_a")) as session:
        [row] = await session.rows(select(*columns))
    assert list(row) == list(BEGINNINGS.values()) == [expected(day, name) for name, day in BEGINNINGS]


async def test_no_day_has_no_beginning(database: Database) -> None:
    async with database.read(Actor.system("orga_a")) as session:
        [row] = await session.rows(select(day_start(literal(None, Date()), zone("-08:00")).label("start")))
    assert row.start is None
