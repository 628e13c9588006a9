"""Custom values in a record: under flat keys `custom.<id>`, and under names in the dict `custom`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

FLAT, NAMED = "custom.", "custom"
FIELD_ID = re.compile(r"l?cf_[A-Za-z0-9_-]{1,96}")


@dataclass
class Entries:
    """The custom values of one record. A flat key that holds a name instead of an id counts as named."""

    flat: dict[str, Any] = field(default_factory=dict)
    named: dict[str, Any] = field(default_factory=dict)

    def matching(self, name: str) -> set[str]:
        """The ids under which the value of a name stands."""
        value = self.named[name]
        return {id for id, other in self.flat.items() if _same(value, other)}


def split(record: Mapping[str, Any]) -> tuple[dict[str, Any], Entries]:
    """A record without its custom values, and these."""
    own: dict[str, Any] = {}
    entries = Entries()
    for key, value in record.items():
        if key.startswith(FLAT):
            name = key.removeprefix(FLAT)
            (entries.flat if FIELD_ID.fullmatch(name) else entries.named)[name] = value
        elif key == NAMED and isinstance(value, dict):
            entries.named |= {name: item for name, item in value.items() if name not in entries.named}
        else:
            own[key] = value
    return own, entries


def is_unset(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def chosen(entries: Entries, names: Mapping[str, str]) -> Iterator[tuple[str, Any, bool]]:
    """(id or name, value, whether it is an id) of every value that counts; flat keys win.

    `names` says which id a name of the dict stands for. A name without one whose value stands under a flat key is
    one of several alike: the flat keys have it already.
    """
    for id, value in entries.flat.items():
        yield id, value, True
    for name, value in entries.named.items():
        id = names.get(name, "")
        if id:
            if id not in entries.flat:
                yield id, value, True
        elif not entries.matching(name):
            yield name, value, False


def _same(value: Any, other: Any) -> bool:
    return value == other and isinstance(value, bool) == isinstance(other, bool) and not is_unset(value)
