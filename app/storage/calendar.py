"""Calendar days in SQL: the instant at which a day begins in a zone, by the database's own time zones."""

from typing import Any

from sqlalchemy import Dialect, Text, TypeDecorator, cast, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import DateTime

from app.storage.types import Instant


class Zone(TypeDecorator[str]):
    """A time zone as the database names it.

    PostgreSQL reads an offset the POSIX way, where "-08:00" lies east of Greenwich; so its sign is turned. And it
    takes four names of zones for abbreviations, which know no summer time.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or dialect.name == "sqlite":
            return value
        if value == "Z":
            return "UTC"
        return f"UTC{value.translate(_TURNED)}" if value[0] in "+-" else _ABBREVIATIONS.get(value, value)

    @property
    def python_type(self) -> type[str]:
        return str


_TURNED = str.maketrans("+-", "-+")
_ABBREVIATIONS = {
    "CET": "Europe/Brussels",
    "EET": "Europe/Athens",
    "MET": "Europe/Brussels",
    "WET": "Europe/Lisbon",
}


class day_start(GenericFunction[Any]):  # noqa: N801 - the name of a function in SQL
    """The instant at which a day begins in a zone: `day_start(day, zone(name))`. Null for no day."""

    name = "day_start"
    type = Instant()
    inherit_cache = True


@compiles(day_start, "postgresql")
def _day_start_on_postgresql(element: day_start, compiler: SQLCompiler, **kw: Any) -> str:
    day, where = element.clauses
    return f"({compiler.process(cast(day, DateTime()), **kw)} AT TIME ZONE {compiler.process(where, **kw)})"


def zone(name: str) -> Any:
    return literal(name, Zone())
