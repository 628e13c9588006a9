"""Asks the questions both ways on one database, checks that the answers are the same, and takes the times."""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Executable, text

from app.domain.access import Actor
from app.domain.time import Clock
from app.services.search.searching import Rules, Searching, prepare
from app.storage.database import Database
from app.storage.reading import Driver, Statements, counted
from app.storage.search.statements import READS
from app.storage.session import ScopedSession
from scripts.benchmarks.crm_furniture import NOW, ORGANIZATION
from scripts.benchmarks.search_filters import QUESTIONS, Question
from scripts.benchmarks.search_sql import statement, values

ACTOR, CLOCK = Actor.system(ORGANIZATION), Clock.at(NOW, "UTC")
RULES = Rules(secret=b"what a benchmark signs with")
PAGE, LARGEST_PAGE = 25, 100
WARM_UPS = 6  # PostgreSQL settles on a prepared statement's plan after five runs
FEWEST, MOST = 5, 200

Way = Callable[[], Awaitable[Any]]
Sent = tuple[str, Sequence[Any]]


@dataclass(frozen=True)
class Figures:
    """Medians in milliseconds: of whole calls, and of their statements alone on the driver's connection."""

    question: str
    by_hand: float
    search: float
    hand_sql: float
    search_sql: float

    @property
    def ratio(self) -> float:
        return self.search / self.by_hand

    @property
    def sql_ratio(self) -> float:
        return self.search_sql / self.hand_sql


class Differ(Exception):
    """The two ways do not give the same answer: one of them is wrong."""


async def measure(url: str, seconds: float, questions: Sequence[Question] = QUESTIONS) -> list[Figures]:
    """The times of every question, on one connection of the kind that the gateway uses."""
    database = Database(url, pool_size=1)
    try:
        return [await _measured(await Asked.of(database, question), seconds) for question in questions]
    finally:
        await database.close()


@dataclass(frozen=True)
class Asked:
    """A question on a database, with the place in the hits from which on it is asked."""

    database: Database
    question: Question
    after: str | None
    statement: Executable
    binds: dict[str, Any]

    @classmethod
    async def of(cls, database: Database, question: Question) -> "Asked":
        searching = await _prepared(database, question)
        after, place = await _deep(searching, question.hits_before)
        columns: Sequence[ColumnElement[Any]] = []
        if not question.counted:
            [kind] = searching.search.kinds
            columns = READS[kind].columns
        names = [column.key for column in columns if column.key]
        binds = values(database.dialect) | {f"after_{i}": value for i, value in enumerate(place)}
        sql = statement(question.name, database.dialect, names)
        typed: Any = text(sql).columns(*columns) if columns else text(sql)
        return cls(database, question, after, typed, {name: binds[name] for name in binds if f":{name}" in sql})

    async def search(self, size: int = PAGE) -> Any:
        """What the gateway answers: ids, or how many there are."""
        searching = await _prepared(self.database, self.question)
        if self.question.counted:
            return (await searching.count()).total
        return [hit.id for hit in (await searching.page(size, self.after)).hits]

    async def by_hand(self) -> Any:
        """The same from the statement by hand, through the same driver and into the same Python values."""
        async with self.database.read(ACTOR) as session:
            rows = await session.rows(self.statement, self.binds)
        return rows[0][0] if self.question.counted else [row.id for row in rows[:PAGE]]

    async def sent(self, way: Way) -> list[Sent]:
        """The statements that a way sends, as the driver gets them."""
        token = counted.set(statements := Statements())
        try:
            await way()
        finally:
            counted.reset(token)
        return statements.sent


async def plans(url: str, question: Question) -> list[str]:
    """The statements by hand and of search, each with how the database carries it out."""
    database = Database(url, pool_size=1)
    try:
        asked = await Asked.of(database, question)
        sent = [one for way in (asked.by_hand, asked.search) for one in await asked.sent(way)]
        return [f"{sql}\n\n{await _explained(database, sql, binds)}" for sql, binds in sent]
    finally:
        await database.close()


async def _explained(database: Database, sql: str, binds: Sequence[Any]) -> str:
    async with database.read(ACTOR) as session:
        if database.dialect == "postgresql":
            rows = (await _driver(session).fetch(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", binds)).rows
            return "\n".join(line for (line,) in rows)
        rows = (await _driver(session).fetch(f"EXPLAIN QUERY PLAN {sql}", binds)).rows
    depths = {0: 0}
    for id, parent, _, _ in rows:
        depths[id] = depths[parent] + 1
    return "\n".join(f"{'  ' * depths[parent]}{text}" for _, parent, _, text in rows)


async def _measured(asked: Asked, seconds: float) -> Figures:
    expected, found = await asked.by_hand(), await asked.search()
    if found != expected:
        raise Differ(f"{asked.question.name}: by hand {expected}, from search {found}")
    ways: list[Way] = [asked.by_hand, asked.search]
    ways += [_replay(asked.database, await asked.sent(way)) for way in ways]
    for way in ways * WARM_UPS:
        await way()
    times: list[list[float]] = [[] for _ in ways]
    end = time.perf_counter() + seconds
    while len(times[0]) < FEWEST or (time.perf_counter() < end and len(times[0]) < MOST):
        for way, taken in zip(ways, times, strict=True):
            taken.append(await _timed(way))
    return Figures(asked.question.name, *(median(taken) for taken in times))


async def _timed(way: Way) -> float:
    start = time.perf_counter()
    spent = await way()
    whole = time.perf_counter() - start
    return 1000 * (spent if isinstance(spent, float) else whole)


def _replay(database: Database, statements: Sequence[Sent]) -> Way:
    """Sends statements on the driver's own connection; answers how long they took."""

    async def again() -> float:
        async with database.read(ACTOR) as session:
            driver = _driver(session)
            start = time.perf_counter()
            for sql, binds in statements:
                await driver.fetch(sql, binds)
            return time.perf_counter() - start

    return again


def _driver(session: ScopedSession) -> Driver:
    """The driver's connection of a session that reads."""
    reading: Any = session.connection
    driver: Driver = reading.driver
    return driver


async def _prepared(database: Database, question: Question) -> Searching:
    return await prepare(database, ACTOR, CLOCK, question.query, question.sort, rules=RULES)


async def _deep(searching: Searching, wanted: int) -> tuple[str | None, Sequence[Any]]:
    """The cursor of the hit that so many hits end with, and its order values; of the middle one if there are fewer."""
    if not wanted:
        return None, ()
    left = min(wanted, (await searching.count()).total // 2)
    after, place = None, ()
    while left > 0:
        page = await searching.page(min(left, LARGEST_PAGE), after)
        left -= len(page.hits)
        after, place = page.cursor(len(page.hits) - 1), page.hits[-1].values
    return after, place
