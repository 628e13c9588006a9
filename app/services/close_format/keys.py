"""Keys of the format and the columns they stand for: one declaration, read by the import and by the export."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from app.services.close_format.faults import Refused
from app.services.close_format.summary import Tally
from app.services.close_format.values import as_is, identifier, instant, plain, stable, text

DETAILS = "details."


@dataclass(frozen=True)
class Key:
    """A key, and the column that holds it, or the member of the column `details`.

    `older` are names that count where the key itself is absent or null. A value that cannot be read refuses its
    object; of a lenient key it is left out, and counted as a warning.
    """

    name: str
    column: str = ""
    read: Callable[[Any], Any] = text
    write: Callable[[Any], Any] = as_is
    older: tuple[str, ...] = ()
    lenient: bool = False

    @cached_property
    def target(self) -> str:
        return self.column or self.name

    def name_in(self, record: Mapping[str, Any]) -> str | None:
        """The name under which a record has the key."""
        if record.get(self.name) is not None:
            return self.name
        given = [name for name in (self.name, *self.older) if name in record]
        return next((name for name in given if record[name] is not None), given[0] if given else None)


def detail(
    name: str,
    read: Callable[[Any], Any] = text,
    member: str = "",
    older: tuple[str, ...] = (),
) -> Key:
    """A key that is kept in `details`."""
    return Key(name, DETAILS + (member or name), read, older=older, lenient=True)


@dataclass
class Columns:
    """What a record gives of an object's own row; a key that is absent gives nothing."""

    row: dict[str, Any] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)


class Layout:
    """The keys of one kind of object.

    `derived` keys say what others say already. All further ones are kept in `details`: `extras` belong to the
    format, others are unknown and counted as such.
    """

    def __init__(self, *keys: Key, derived: Iterable[str] = (), extras: Iterable[str] = ()) -> None:
        self.keys = keys
        self._extras = frozenset(extras)
        self._skipped = {name for key in keys for name in (key.name, *key.older)} | set(derived)
        self._members = {key.target.removeprefix(DETAILS) for key in keys if key.target.startswith(DETAILS)}

    def read(self, record: Mapping[str, Any], path: str, place: str, tally: Tally) -> Columns:
        """The columns of a record at `path`; `place` is the path without indices, under which keys are counted."""
        columns = Columns()
        for key in self.keys:
            name = key.name_in(record)
            if name is not None:
                self._take(key, record[name], columns, _joined(path, name), tally)
        for name, value in record.items():
            if name not in self._skipped:
                columns.details.setdefault(name, plain(value))
                if name not in self._extras:
                    tally.unknown(_joined(place, name))
        return columns

    def write(self, row: Any) -> dict[str, Any]:
        """The keys of a row in their order; members of `details` that no key stands for come last, by name."""
        details: Mapping[str, Any] = row.get("details") or {}
        record: dict[str, Any] = {}
        for key in self.keys:
            if key.target.startswith(DETAILS):
                member = key.target.removeprefix(DETAILS)
                if member in details:
                    record[key.name] = key.write(stable(details[member]))
            else:
                value = row[key.target]
                record[key.name] = None if value is None else key.write(value)
        further = sorted(member for member in details if member not in self._members and member not in record)
        return record | {member: stable(details[member]) for member in further}

    def _take(self, key: Key, value: Any, columns: Columns, path: str, tally: Tally) -> None:
        try:
            read = key.read(value)
        except ValueError as error:
            if not key.lenient:
                raise Refused(path, str(error)) from error
            tally.warn(key.name.replace("_", " "))
            return
        if key.target.startswith(DETAILS):
            columns.details[key.target.removeprefix(DETAILS)] = read
        else:
            columns.row[key.target] = read


def reference(name: str, column: str = "") -> Key:
    """A key that names another object."""
    return Key(name, column, identifier, lenient=True)


def iso(moment: Any) -> str:
    return str(moment.isoformat())


def moment(name: str, column: str = "", lenient: bool = False) -> Key:
    return Key(name, column, instant, iso, lenient=lenient)


AUDIT = (
    moment("date_created"),
    moment("date_updated"),
    reference("created_by"),
    reference("updated_by"),
)
AUDIT_DERIVED = ("organization_id", "created_by_name", "updated_by_name")


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
