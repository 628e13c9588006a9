"""The types of custom fields, guessed from their values."""

from decimal import Decimal
from typing import Any

import pytest

from app.domain.custom_fields import DataType
from app.services.close_format.samples import Guess, Sample

USERS = {"user_ann", "user_ben"}


def guess(*values: Any, textarea: bool = False) -> Guess:
    """The guess from these values, seen in two samples that are put together."""
    first, second = Sample(), Sample()
    for i, value in enumerate(values):
        (first if i % 2 else second).add(value)
    second.merge(first)
    return second.guess(USERS, textarea)


@pytest.mark.parametrize(
    ("values", "data_type"),
    [
        ([1, Decimal("2.5"), None], DataType.NUMBER),
        ([1, Decimal("1e400")], DataType.TEXT),
        ([60, "about 60"], DataType.TEXT),
        (["2024-02-29", "2024-03-01"], DataType.DATE),
        (["2024-02-30"], DataType.TEXT),
        (["2024-02-29T12:00:00Z", "2024-02-29T12:00:00.5+01:00"], DataType.DATETIME),
        (["2024-02-29T12:00:00Z", "2024-03-01"], DataType.TEXT),
        (["94103", "94104"], DataType.TEXT),
        (["user_ann", "user_ben", "user_ann"], DataType.USER),
        (["user_ann", "user_unknown"], DataType.TEXT),
        (["a", "b", "c"], DataType.TEXT),
        (["one\ntwo"], DataType.TEXT),
        ([{"a": 1}], DataType.HIDDEN),
        ([[1, 2]], DataType.HIDDEN),
        ([["a"], [{"b": 1}]], DataType.HIDDEN),
        ([None, "", []], DataType.TEXT),
    ],
)
def test_type_fits_every_value(values: list[Any], data_type: DataType) -> None:
    assert guess(*values) == Guess(data_type)


def test_few_repeated_texts_are_choices() -> None:
    assert guess("a", "b", "a", "b") == Guess(DataType.CHOICES, ["a", "b"])
    assert guess(*map(str, range(50)), *map(str, range(50))).data_type is DataType.CHOICES
    assert guess(*map(str, range(51)), *map(str, range(51))).data_type is DataType.TEXT
    assert guess(*["x" * 101] * 4).data_type is DataType.TEXT


def test_flags_are_yes_and_no() -> None:
    assert guess(True) == Guess(DataType.CHOICES, ["Yes", "No"])
    assert guess(False, "Perhaps") == Guess(DataType.CHOICES, ["Yes", "No", "Perhaps"])


def test_lists_take_several_values() -> None:
    assert guess(["b", "a"], "c") == Guess(DataType.CHOICES, ["b", "a", "c"], True)
    assert guess(["user_ann"], ["user_ben", "user_ann"]) == Guess(DataType.USER, None, True)
    assert guess([str(n) for n in range(1001)]) == Guess(DataType.HIDDEN)


def test_lines_make_a_textarea_where_allowed() -> None:
    assert guess("one\ntwo", textarea=True) == Guess(DataType.TEXTAREA)


def test_many_distinct_values_take_bounded_memory() -> None:
    sample = Sample()
    for n in range(5_000):
        sample.add(f"text {n}")
    assert (len(sample.texts), sample.overflow) == (1_000, True)
