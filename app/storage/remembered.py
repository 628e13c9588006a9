"""What was looked up, for as long as every change that it stands on would be noticed."""

from collections.abc import Awaitable, Callable, Hashable
from functools import partial
from typing import Generic, TypeVar

from cachetools import TTLCache

from app.storage.changes import Changes
from app.storage.kept import Kept

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
SECONDS = 60.0


class Remembered(Generic[K, V]):
    """What was found, each for a while and none past a change."""

    def __init__(self, changes: Changes, most: int) -> None:
        self._changes, self._most = changes, most
        self._version: int | None = None
        self._kept = self._nothing()

    def get(self, key: K) -> V | None:
        """What was found before."""
        kept = self._current()
        return None if kept is None else kept.get(key)

    async def find(self, key: K, look_up: Callable[[], Awaitable[V]], is_whole: Callable[[V], bool]) -> V:
        """What the database has; remembered where that is whole."""
        kept = self._current()  # before it is looked up: what is found may be from before a change that comes meanwhile
        found = await look_up()
        if kept is not None and is_whole(found):
            kept.put(key, found)
        return found

    def _current(self) -> Kept[K, V] | None:
        """What was found since the newest change; None while a change could go unnoticed."""
        version = self._changes.version()
        if version != self._version:
            self._version, self._kept = version, self._nothing()
        return None if version is None else self._kept

    def _nothing(self) -> Kept[K, V]:
        return Kept(self._most, partial(TTLCache, ttl=SECONDS))
