"""Chance that does not change."""

from collections import Counter

from app.demo.dice import Dice


def test_same_seed_same_choices() -> None:
    first, second = Dice("lead_1"), Dice("lead_1")
    assert [first.between(1, 1000) for _ in range(50)] == [second.between(1, 1000) for _ in range(50)]


def test_choices_are_pinned() -> None:
    dice = Dice("lead_1")
    assert [dice.between(1, 1000) for _ in range(5)] == [607, 919, 22, 46, 434]


def test_each_choice_takes_one_draw() -> None:
    one, other = Dice("lead_1"), Dice("lead_1")
    one.between(0, 3)
    other.between(0, 10**9)
    assert one.fraction() == other.fraction()


def test_bounds_are_both_included() -> None:
    dice = Dice("bounds")
    assert {dice.between(2, 4) for _ in range(200)} == {2, 3, 4}


def test_weights_are_followed() -> None:
    dice = Dice("weights")
    drawn = Counter(dice.weighted({"often": 9, "seldom": 1, "never": 0}) for _ in range(2000))
    assert set(drawn) == {"often", "seldom"}
    assert 1700 < drawn["often"] < 1900


def test_some_are_different_items() -> None:
    dice = Dice("some")
    assert sorted(dice.some("abcde", 5)) == list("abcde")
    assert len(set(dice.some("abcde", 3))) == 3
    assert len(dice.some("ab", 3)) == 2
