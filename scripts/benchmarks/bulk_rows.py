"""Rows made ready for a driver, ahead of their being written: other processes make the next while one is written."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import islice
from multiprocessing import get_context
from typing import Any

from sqlalchemy import Dialect, Table, make_url

from app.storage.derived import whole_rows
from app.storage.metadata import metadata
from app.storage.migrations import DRIVERS
from scripts.benchmarks.crm_data import batch, starts
from scripts.benchmarks.crm_furniture import Rows, furniture

WORKERS, AHEAD = 2, 4


@dataclass(frozen=True)
class Bulk:
    """Rows of one table as a driver takes them, by columns in the order of their names."""

    table: str
    columns: Sequence[str]
    rows: Sequence[tuple[Any, ...]]


@dataclass(frozen=True)
class Maker:
    """Makes one batch of leads for a database."""

    leads: int
    dialect: str

    def __call__(self, first: int) -> list[Bulk]:
        return packed(batch(self.leads, first), self.dialect)


def every(leads: int, name: str, dialect: str) -> Iterator[Bulk]:
    """All rows of an organization of this name with so many leads."""
    yield from packed(furniture(name), dialect)
    for bulks in _ahead(Maker(leads, dialect), starts(leads)):
        yield from bulks


def packed(rows: Rows, dialect: str) -> list[Bulk]:
    """Rows with what is derived from them, in the types of the driver."""
    return [_bulk(table, whole_rows(table, found), dialect) for table, found in rows.items() if found]


def _bulk(table: Table, rows: Sequence[Any], dialect: str) -> Bulk:
    columns = sorted(rows[0])
    written = [(name, _writer(table.name, name, dialect)) for name in columns]
    made = [tuple(write(row[name]) if write else row[name] for name, write in written) for row in rows]
    return Bulk(table.name, columns, made)


@cache
def _writer(table: str, column: str, dialect: str) -> Callable[[Any], Any] | None:
    """What turns a value into what the driver takes."""
    chosen = _dialect(dialect)
    return metadata.tables[table].c[column].type.dialect_impl(chosen).bind_processor(chosen)


@cache
def _dialect(name: str) -> Dialect:
    made: Dialect = make_url(f"{DRIVERS[name]}://").get_dialect()()
    return made


def _ahead(make: Maker, items: Sequence[int]) -> Iterator[list[Bulk]]:
    """The batches in their order, some of them made ahead of time; a few are made right here."""
    if len(items) <= AHEAD:
        yield from map(make, items)
        return
    with ProcessPoolExecutor(WORKERS, get_context("spawn")) as pool:
        rest = iter(items)
        waiting = deque(pool.submit(make, item) for item in islice(rest, AHEAD))
        while waiting:
            done = waiting.popleft().result()
            waiting.extend(pool.submit(make, item) for item in islice(rest, 1))
            yield done
