"""Records bent at random: odd values, missing and additional keys."""

import copy
import random
from collections.abc import Iterator
from typing import Any

ODD: list[Any] = [
    None, "", 0, -1, 2**31, 2**63, 10**30, 1.5, 1e300, -1e-300, True, False, [], {}, [None], [{}], {"a": 1},
    ["a"], [["x"]],
    "x" * 300, "\0", "\ud800", "\n", "😀", "é" * 120, "Ⅷ ﬁ", "a b", "NaN", "1e5", "incoming", "Call",
    "2024-13-01", "2024-02-29", "2024-02-29T25:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
    "user_ann", "cont_1", "lead_1", "acti_20", "task_1", "stat_won", "cf_1", "actitype_1", {"custom": {"a": [1]}},
    ["user_ann", "user_ben"],
]  # fmt: skip
KEYS = [
    "foo",
    "custom",
    "custom.cf_1",
    "custom.Name",
    "custom_fields",
    "id",
    "status_id",
    "date_created",
    "_type",
    "\0k",
]


def mutated(records: list[dict[str, Any]], seed: str) -> list[dict[str, Any]]:
    """A copy of the records with up to a dozen things changed."""
    chance = random.Random(seed)
    copied = copy.deepcopy(records)
    for _ in range(chance.randint(1, 12)):
        container, place = chance.choice(list(_places(copied)))
        odd = copy.deepcopy(chance.choice(ODD))
        action = chance.random()
        if action < 0.15:
            del container[place]
        elif action < 0.75:
            container[place] = odd
        elif isinstance(container, dict):
            container[chance.choice(KEYS)] = odd
        else:
            container.append(odd)
    return copied


def _places(container: Any) -> Iterator[tuple[Any, Any]]:
    for place, item in list(container.items() if isinstance(container, dict) else enumerate(container)):
        yield container, place
        if isinstance(item, dict | list):
            yield from _places(item)
