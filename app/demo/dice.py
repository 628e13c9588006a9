"""Seeded chance, the same on every run and in every version of Python."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")
SEED = "demo-1"


class Dice:
    """Choices drawn with `random()` alone, the one sequence that Python keeps for a seed; each takes one draw.

    So the choices do not depend on how large a range is, and stay the same when the day moves on.
    """

    def __init__(self, *seed: str) -> None:
        self._random = Random("/".join((SEED, *seed)))  # noqa: S311 - nothing secret is drawn

    def fraction(self) -> float:
        return self._random.random()

    def chance(self, probability: float) -> bool:
        return self.fraction() < probability

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self.fraction() * (high - low + 1))

    def pick(self, items: Sequence[T]) -> T:
        return items[self.between(0, len(items) - 1)]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """A key, as likely as its weight."""
        left = self.fraction() * sum(weights.values())
        for item, weight in weights.items():
            left -= weight
            if left < 0:
                return item
        return item

    def some(self, items: Sequence[T], count: int) -> list[T]:
        """Up to `count` different items, in the order in which they were drawn."""
        pool = list(items)
        return [pool.pop(self.between(0, len(pool) - 1)) for _ in range(min(count, len(pool)))]
