"""What is kept stays whole when several threads ask for it."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

from app.storage.kept import Kept


def test_least_asked_for_is_forgotten() -> None:
    kept: Kept[str, int] = Kept(2)
    kept.put("a", 1)
    kept.put("b", 2)
    assert kept.get("a") == 1
    kept.put("c", 3)
    assert [kept.get(key) for key in "abc"] == [1, None, 3]


def test_threads_do_not_get_in_each_others_way() -> None:
    kept: Kept[int, int] = Kept(8)

    def ask(seed: int) -> int:
        dice = Random(seed)
        wrong = 0
        for _ in range(5_000):
            key = dice.randrange(24)
            found = kept.get(key)
            wrong += found is not None and found != -key
            if found is None:
                kept.put(key, -key)
        return wrong

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(ask, range(8))) == 0
    assert len(kept) == 8
