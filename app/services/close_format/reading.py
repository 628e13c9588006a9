"""What turns the records of a file into drafts: ids, columns, custom values and defaults of any kind of object."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.services.close_format.custom_keys import NAMED, Entries, split
from app.services.close_format.directory import Directory
from app.services.close_format.faults import Refused
from app.services.close_format.fitting import fit
from app.services.close_format.keys import Layout
from app.services.close_format.kinds import Draft, Kind, Row
from app.services.close_format.learning import USER_KEYS
from app.services.close_format.summary import Tally
from app.services.close_format.values import identifier, made_id


@dataclass(frozen=True)
class Place:
    """Where an object stands: its path in the lead's record, the lead's id, and how many stand before it."""

    path: str
    lead_id: str
    position: int = 0

    @property
    def keys(self) -> str:
        """The path without its indices, under which keys are counted."""
        return ".".join(step for step in self.path.split(".") if not step.isdigit())


@dataclass(frozen=True)
class Reading:
    """One reading of a file into an organization. `now` stands for the dates that the file does not give."""

    directory: Directory
    tally: Tally
    now: dt.datetime

    def draft(self, kind: Kind, layout: Layout, record: Mapping[str, Any], place: Place, target: str = "") -> Draft:
        """The object of a record; `target` is what its custom fields are defined on, if it has any."""
        own, entries = split(record) if target else (dict(record), Entries())
        if target and own.pop(NAMED, None) is not None:
            self.tally.warn(NAMED)
        columns = layout.read(own, place.path, place.keys, self.tally)
        needed = _needed(kind)
        row = {name: value for name, value in columns.row.items() if value is not None or name not in needed}
        for name in USER_KEYS:
            if row.get(name) is not None and row[name] not in self.directory.users.ids:
                row[name] = None
        # Without dates of their own, objects keep the order that they have in the file.
        created = row.get("date_created") or self.now + dt.timedelta(microseconds=place.position)
        return Draft(
            kind,
            self._id(kind, record, place),
            place.path,
            record,
            row,
            columns.details,
            {"date_created": created, "date_updated": created},
            values=self._custom_values(target, entries) if target else {},
        )

    def items(self, layout: Layout, record: Mapping[str, Any], key: str, place: Place) -> list[Row]:
        """The rows of a list of small objects, such as addresses; empty ones are left out."""
        rows = []
        for i, item in enumerate(elements(record, key, place)):
            if not isinstance(item, dict):
                self.tally.warn(f"{place.keys}.{key}".lstrip("."))
                continue
            keys = f"{place.keys}.{key}".lstrip(".")
            columns = layout.read(item, f"{place.path}.{key}.{i}".lstrip("."), keys, self.tally).row
            rows.append({named.target: columns.get(named.target) for named in layout.keys})
        return rows

    def _id(self, kind: Kind, record: Mapping[str, Any], place: Place) -> str:
        try:
            id = identifier(record.get("id"))
        except ValueError as error:
            raise Refused(f"{place.path}.id".lstrip("."), str(error)) from error
        return id or made_id(kind.prefix, place.lead_id, kind.name, str(place.position))

    def _custom_values(self, target: str, entries: Entries) -> dict[str, list[Row]]:
        values: dict[str, list[Row]] = {}
        for use, value in self.directory.custom_values(target, entries, self.tally):
            try:
                values[use.id] = fit(use, value, self.directory.users.ids)
            except ValueError:
                self.tally.warn(f"custom field {use.name}")
        return values


def elements(record: Mapping[str, Any], key: str, place: Place) -> Iterable[Any]:
    """The elements of a list that may be absent or null."""
    value = record.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise Refused(f"{place.path}.{key}".lstrip("."), "is not a list")
    return value


def fill(draft: Draft, column: str, value: Any) -> None:
    """Let a column that the graph needs have a value: the file's, else the one that a new row gets."""
    if draft.columns.get(column) is None:
        draft.columns.pop(column, None)
        draft.defaults[column] = value


def current(draft: Draft, column: str) -> Any:
    """The value of a column of a new row."""
    return draft.columns.get(column, draft.defaults.get(column))


@cache
def _needed(kind: Kind) -> frozenset[str]:
    return frozenset(column.name for column in kind.table.c if not column.nullable)
