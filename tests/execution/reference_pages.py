"""Orders and pages as the rules have them: nulls last, ties by id, flags that tell what lies beside the page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cmp_to_key
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

Row: TypeAlias = Mapping[str, Any]
Key: TypeAlias = tuple[Callable[[Row], Any], bool]  # with whether it descends
Order: TypeAlias = Callable[[Row], Any]

_USUAL = {
    "lead": ("DATE_CREATED", "DESC"),
    "contact": ("DATE_CREATED", "DESC"),
    "contact of a lead": ("DATE_CREATED", "ASC"),
    "opportunity": ("DATE_CREATED", "DESC"),
    "activity": ("DATE", "DESC"),
    "task": ("DATE", "ASC"),
}
_COLUMNS = {
    "DATE_CREATED": "date_created",
    "DATE_UPDATED": "date_updated",
    "DISPLAY_NAME": "sort_name",
    "NAME": "sort_name",
    "CLOSE_DATE": "close_date",
    "VALUE": "value_cents",
    "CONFIDENCE": "confidence",
    "DATE": "date",
}


@dataclass(frozen=True)
class Page:
    rows: Sequence[Row]
    has_next: bool
    has_previous: bool


def ordered(list_: str, order: Mapping[str, str] | None, zone: str) -> Order:
    """The key that sorts the rows of a list."""
    field, direction = (order["field"], order["direction"]) if order else _USUAL[list_]
    descends = direction == "DESC"
    if list_ == "task" and field == "DATE":
        return _sorting([(lambda row: _start(row, ZoneInfo(zone)), descends), (_kind, descends), (_id, descends)])
    column = _COLUMNS[field]
    return _sorting([(lambda row: row[column], descends), (_id, descends)])


def cut(
    rows: Sequence[Row], order: Order, first: int | None, last: int | None, after: Row | None, before: Row | None
) -> Page:
    """The page of some rows that lies between two others."""
    found = sorted(rows, key=order)
    if after is not None:
        found = [row for row in found if order(row) > order(after)]
    if before is not None:
        found = [row for row in found if order(row) < order(before)]
    if last is not None:
        return Page(found[-last:], before is not None, len(found) > last or after is not None)
    size = 25 if first is None else first
    return Page(found[:size], len(found) > size or before is not None, after is not None)


def _sorting(keys: Sequence[Key]) -> Order:
    def compare(one: Row, other: Row) -> int:
        for value, descends in keys:
            left, right = value(one), value(other)
            if left == right:
                continue
            if left is None or right is None:
                return 1 if left is None else -1
            return 1 if (left > right) != descends else -1
        return 0

    return cmp_to_key(compare)


def _start(task: Row, zone: ZoneInfo) -> datetime | None:
    """When a task becomes actionable: its instant, or the start of its day."""
    if task["date_time"] is not None:
        return task["date_time"]  # type: ignore[no-any-return]
    return None if task["date"] is None else datetime.combine(task["date"], time(), zone).astimezone(UTC)


def _kind(task: Row) -> int:
    return 0 if task["date_time"] is None else 1


def _id(row: Row) -> str:
    return str(row["id"])
