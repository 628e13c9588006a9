"""The caller's calendar in a statement: its values, and the day of an instant in its zone."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, case, cast, func, literal_column

from app.storage import calendar
from app.storage.json_text.leaves import Absent, Kind, Shown, leaf


class Calendar(NamedTuple):
    """The zone, its today, and the instant at which its tomorrow begins, as values that a statement takes."""

    zone: ColumnElement[Any]
    today: ColumnElement[Any]
    tomorrow: ColumnElement[Any]


def is_known(zone: str) -> bool:
    """Whether PostgreSQL knows a zone by its name. For some it has to be given another, whose days were not always the
    same."""
    return zone not in calendar._ABBREVIATIONS


class LocalDay(Shown):
    """The day of an instant in a zone; a `day` where there is no instant. SQLite knows no zones: its connections have
    to know the function `local_day`."""

    type = Date()
    inherit_cache = True

    def __init__(self, instant: ColumnElement[Any], zone: ColumnElement[Any], day: ColumnElement[Any]) -> None:
        super().__init__(instant, zone, day)

    def shown(self, dialect: str, absent: Absent) -> ColumnElement[Any]:
        instant, zone, day = self.clauses
        if dialect == "sqlite":
            return leaf(func.coalesce(func.local_day(instant, zone), day), Kind.DATE, dialect, absent)
        local: ColumnElement[Any] = cast(func.timezone(zone, instant), Date)
        for end, first_or_last in ((func.greatest, "0001-01-01"), (func.least, "9999-12-31")):
            local = end(local, literal_column(f"DATE '{first_or_last}'"))  # as Python has no other days
        return leaf(case((instant.is_not(None), local), else_=day), Kind.DATE, dialect, absent)
