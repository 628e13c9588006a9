"""What is kept of what was made, for as long as others are not asked for more. Several threads may ask."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from cachetools import Cache, LRUCache

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """A cache behind a lock: looking something up changes which one is forgotten next."""

    def __init__(self, most: float, cache: Callable[[float], "Cache[K, V]"] = LRUCache) -> None:
        self._cache = cache(most)
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        with self._lock:
            return self._cache.get(key)

    def put(self, key: K, value: V) -> V:
        with self._lock:
            self._cache[key] = value
        return value

    def __len__(self) -> int:
        return len(self._cache)
