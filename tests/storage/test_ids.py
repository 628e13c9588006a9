import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.storage.ids import DIGITS, LENGTH, base62, new_id

NUMBERS = st.integers(0, 2**128 - 1)


def test_new_ids_are_unique_and_sorted() -> None:
    ids = [new_id("lead") for _ in range(100_000)]
    assert len(set(ids)) == 100_000
    assert ids == sorted(ids)
    assert {len(id) for id in ids} == {len("lead_") + 22}
    assert all(re.fullmatch("lead_[0-9A-Za-z]{22}", id) for id in ids[:1_000])


@given(NUMBERS, NUMBERS)
def test_texts_sort_as_numbers(one: int, two: int) -> None:
    assert (base62(one) < base62(two)) == (one < two)
    assert (base62(one).encode() < base62(two).encode()) == (one < two)


@given(NUMBERS)
def test_number_can_be_read_back(number: int) -> None:
    back = 0
    for digit in base62(number):
        back = back * 62 + DIGITS.index(digit)
    assert back == number


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0" * 22), (61, "0" * 21 + "z"), (62, "0" * 20 + "10"), (2**128 - 1, "7n42DGM5Tflk9n8mt7Fhc7")],
)
def test_numbers_have_equal_length(number: int, text: str) -> None:
    assert base62(number) == text
    assert len(text) == LENGTH
