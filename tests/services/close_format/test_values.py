"""Single values of the format."""

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from app.services.close_format import values

UTC = dt.UTC


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2017-03-01T12:00:00+00:00", dt.datetime(2017, 3, 1, 12, tzinfo=UTC)),
        ("2013-02-06T00:11:22", dt.datetime(2013, 2, 6, 0, 11, 22, tzinfo=UTC)),
        ("2017-03-01 12:00:00.5-05:00", dt.datetime(2017, 3, 1, 17, 0, 0, 500_000, tzinfo=UTC)),
        ("2017-03-01T12:00:00Z", dt.datetime(2017, 3, 1, 12, tzinfo=UTC)),
        ("2017-03-01", dt.datetime(2017, 3, 1, tzinfo=UTC)),
        ("", None),
        (None, None),
    ],
)
def test_instants_are_utc(text: str | None, moment: dt.datetime | None) -> None:
    assert values.instant(text) == moment


def test_day_is_that_of_utc() -> None:
    assert values.day("2017-03-01T12:00:00+00:00") == dt.date(2017, 3, 1)
    assert values.day("2017-03-01T23:30:00-05:00") == dt.date(2017, 3, 2)
    assert values.day("2017-03-01") == dt.date(2017, 3, 1)


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (values.instant, "yesterday"),
        (values.instant, "2017-02-30T00:00:00Z"),
        (values.instant, "0001-01-01T00:00:00+14:00"),
        (values.instant, 1488369600),
        (values.day, "2017-13-01"),
        (values.text, ["a"]),
        (values.text, True),
        (values.identifier, "a b"),
        (values.identifier, "x" * 101),
        (values.identifier, 7),
        (values.flag, "yes"),
        (values.whole, Decimal("1.5")),
        (values.whole, Decimal("1e999999999")),
        (values.whole, True),
        (values.whole, 2**31),
        (values.seconds, -1),
        (values.number, "many"),
        (values.number, Decimal("1e400")),
        (values.number, Decimal("1e-400")),
        (values.number, "NaN"),
        (values.number, False),
        (values.objects(), ["a"]),
        (values.storable, json.loads("[" * 99 + "]" * 99)),
    ],
)
def test_odd_values_are_refused(read: Callable[[Any], Any], value: Any) -> None:
    with pytest.raises(ValueError, match=r"^(is|has) "):
        read(value)


def test_texts_are_cleaned() -> None:
    assert [values.text(value) for value in ("a", " ", "", None, 94103, Decimal("1.50"))] == [
        "a",
        None,
        None,
        None,
        "94103",
        "1.50",
    ]
    assert values.texts("a") == ["a"]
    assert values.texts(["a", "", None, 1]) == ["a", "1"]


def test_words_match_in_any_spelling() -> None:
    read = values.one_of({"no_answer": 1})
    assert [read(word) for word in ("no-answer", "No Answer", "NO_ANSWER", "", None)] == [1, 1, 1, None, None]


def test_made_ids_follow_from_their_parts() -> None:
    assert values.made_id("cont", "lead_1", "contact", "0") == values.made_id("cont", "lead_1", "contact", "0")
    assert values.made_id("cont", "a", "bc") != values.made_id("cont", "ab", "c")
    assert len(values.made_id("cont", "a")) == len("cont_") + 22


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (Decimal("1100.04"), 1100.04),
        (Decimal("5.0"), 5),
        (Decimal("0.1000000000000000000001"), "0.1000000000000000000001"),
        (Decimal("1e300"), "1E+300"),
        (2**63, str(2**63)),
        ({"a": [True, None, Decimal("2.5")]}, {"a": [True, None, 2.5]}),
    ],
)
def test_json_keeps_exact_numbers(value: Any, kept: Any) -> None:
    plain = values.plain(value)
    assert plain == kept
    assert type(plain) is type(kept)


def test_unstorable_characters_are_replaced() -> None:
    mark = "\N{REPLACEMENT CHARACTER}"
    found, count = values.storable({"a\0": ["x\ud800y", {"b": "\0\n"}], "c": "ü\n"})
    assert found == {f"a{mark}": [f"x{mark}y", {"b": f"{mark}\n"}], "c": "ü\n"}
    assert count == 3


def test_objects_have_typed_members() -> None:
    read = values.objects(size=values.seconds, name=values.text)
    assert read([{"size": "big", "name": 5, "other": Decimal("1.0")}, {}]) == [{"other": 1, "name": "5"}, {}]
    assert read(None) == []
