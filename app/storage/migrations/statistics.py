"""What SQLite's planner is told about the tables: how many rows a typical organization has for each key.

Without figures it takes a range of values for as good a way in as a key, and answers in seconds what takes
milliseconds. Figures of its own would be those of the day they were taken on; these fit a small organization and a
large one, and plans stay the same. (PostgreSQL keeps its own.)
"""

from collections.abc import Iterable
from math import prod

from sqlalchemy import Connection, text

_LEADS = 100_000
_ROWS = {
    "lead": _LEADS,
    "lead_address": _LEADS,
    "contact": 3 * _LEADS,
    "contact_email": 3 * _LEADS,
    "contact_phone": 3 * _LEADS,
    "contact_url": _LEADS,
    "opportunity": 2 * _LEADS,
    "task": 2 * _LEADS,
    "activity": 10 * _LEADS,
    "custom_field_value": 10 * _LEADS,
}
_FEW = 20
_VALUES = {
    "organization_id": 1,
    "lead_id": _LEADS,
    "contact_id": 3 * _LEADS,
    "opportunity_id": 2 * _LEADS,
    "activity_id": _LEADS,
    "object_id": 2 * _LEADS,
    "thread_id": _LEADS,
    "type": 10,
    "status_id": 5,
    "user_id": 50,
    "assigned_to": 50,
    "custom_type_id": 5,
    "is_complete": 2,
    "field_id": 20,
    "item": 50,
    "slot": 10,
    "position": 5,
    "confidence": 20,
    "value_cents": 1_000,
}
"""How many different values a column has; a column that is not named here has a different one in each row."""


def write(connection: Connection) -> None:
    """Replace whatever figures there are. Connections that are opened from now on plan by them."""
    connection.execute(text("ANALYZE organization"))  # makes the table of figures
    connection.execute(text("DELETE FROM sqlite_stat1"))
    rows = [
        {"table": table, "index": index, "figures": _figures(table, columns)}
        for table in _names(
            connection, "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE TABLE%'"
        )
        for index in _names(connection, "SELECT name FROM pragma_index_list(:of)", table)
        if (columns := _names(connection, "SELECT name FROM pragma_index_info(:of) ORDER BY seqno", index))
    ]
    connection.execute(text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:table, :index, :figures)"), rows)


def _figures(table: str, columns: Iterable[str]) -> str:
    """The rows of a table, and those that share the first column of an index, the first two, and so on."""
    rows = _ROWS.get(table, _FEW)
    different = [_VALUES.get(column, rows) for column in columns]
    shared = [max(1, rows // min(rows, prod(different[: end + 1]))) for end in range(len(different))]
    return " ".join(str(figure) for figure in (rows, *shared))


def _names(connection: Connection, query: str, of: str | None = None) -> list[str]:
    found = connection.execute(text(query), {} if of is None else {"of": of})
    return [str(name) for (name,) in found if name is not None]
