"""Which flat key a name of the dict `custom` stands for, learned from the values of all records."""

from collections import Counter
from collections.abc import Mapping

from app.services.close_format.custom_keys import Entries


class Naming:
    """The names on one kind of object. A name is the id under which its values always stand, if there is just one."""

    def __init__(self) -> None:
        self._candidates: dict[str, set[str]] = {}

    def observe(self, name: str, entries: Entries) -> bool:
        """Whether the value of the name stands under a flat key of this record."""
        matching = entries.matching(name)
        if matching:
            # An empty intersection is a record in which flat key and name differ; there the flat key wins.
            self._candidates[name] = self._candidates.get(name, matching) & matching or self._candidates[name]
        return bool(matching)

    def resolve(self, known: Mapping[str, str]) -> dict[str, str]:
        """The id of each name that has one; `known` are those that the file defines outright."""
        names = dict(known)
        unsettled = {name: set(ids) for name, ids in self._candidates.items() if name not in names}
        while True:
            taken = set(names.values())
            sole = {name: (ids - taken).pop() for name, ids in unsettled.items() if len(ids - taken) == 1}
            claims = Counter(sole.values())
            settled = {name: id for name, id in sole.items() if claims[id] == 1}
            if not settled:
                return names
            names |= settled
            unsettled = {name: ids for name, ids in unsettled.items() if name not in settled}
