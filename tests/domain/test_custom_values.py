"""What a value of a custom field may be (rules CF13-CF16, CF24)."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from app.domain.checks import Checks
from app.domain.custom_fields import DataType
from app.domain.custom_values import ITEMS, MAX_JSON_BYTES, MAX_JSON_DEPTH, MEMBERS, checked


def kept(data_type: DataType, value: Any) -> Any:
    checks = Checks()
    found = checked(checks, data_type, value)
    checks.finish()
    return found


def refused(data_type: DataType, value: Any) -> tuple[str, list[str]]:
    """The code and the path of the one problem."""
    checks = Checks(["value"])
    checked(checks, data_type, value)
    [error] = checks.errors
    return error.code.value, error.path


def nested(levels: int, leaf: Any = 1) -> Any:
    for level in range(levels):
        leaf = [leaf] if level % 2 else {"in": leaf}
    return leaf


def test_every_type_has_a_member() -> None:
    assert set(MEMBERS) == set(DataType)
    assert set(ITEMS) == {DataType.CHOICES, DataType.USER, DataType.CONTACT}


@pytest.mark.parametrize("text", ["a", " a ", "x" * 1_000, "tab\there", "☂"])
def test_text_is_one_line(text: str) -> None:
    """CF13: any text of one line, as it was given."""
    assert kept(DataType.TEXT, text) == text


@pytest.mark.parametrize("text", ["a\nb", "a\r\nb", "a\n", "\na", "a\u2028b"])
def test_lines_break_in_textareas_alone(text: str) -> None:
    assert refused(DataType.TEXT, text) == ("INVALID", ["value", "text"])
    assert kept(DataType.TEXTAREA, text) == text


@pytest.mark.parametrize("data_type", [DataType.TEXT, DataType.TEXTAREA])
def test_empty_text_is_no_value(data_type: DataType) -> None:
    """F33: empty is not set."""
    assert [kept(data_type, text) for text in ("", "  ", "\n")] == [None] * 3


def test_texts_have_limits() -> None:
    assert refused(DataType.TEXT, "x" * 1_001) == ("TOO_LONG", ["value", "text"])
    assert len(kept(DataType.TEXTAREA, "x" * 100_000)) == 100_000
    assert refused(DataType.TEXTAREA, "x" * 100_001) == ("TOO_LONG", ["value", "text"])
    assert refused(DataType.TEXT, "a\0b") == ("INVALID", ["value", "text"])


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("5.5", "5.5"),
        ("5.50", "5.50"),
        ("0", "0"),
        ("-0", "0"),
        ("-0.00", "0.00"),
        ("1E+3", "1000"),
        ("1E-7", "0.0000001"),
        ("1E+63", "1" + "0" * 63),
        ("-" + "9" * 63, "-" + "9" * 63),
    ],
)
def test_numbers_are_written_out(given: str, written: str) -> None:
    """CF14: exact, without an exponent, and zero without a sign, for databases keep neither."""
    found = kept(DataType.NUMBER, Decimal(given))
    assert (format(found, "f"), found.as_tuple()) == (written, Decimal(written).as_tuple())


@pytest.mark.parametrize("number", ["1E+64", "1E-63", "-" + "9" * 64, "0E-9999", "1E+300"])
def test_numbers_have_a_length(number: str) -> None:
    assert refused(DataType.NUMBER, Decimal(number)) == ("TOO_LONG", ["value", "number"])


def test_days_and_instants_are_as_they_are() -> None:
    """CF15, CF16."""
    day, instant = dt.date(2014, 6, 12), dt.datetime(2014, 6, 28, 6, tzinfo=dt.UTC)
    assert kept(DataType.DATE, day) == day
    assert kept(DataType.DATETIME, instant) == instant


@pytest.mark.parametrize(
    "value",
    [
        True,
        False,
        0,
        "",
        [],
        {},
        {"a": [1, None, {"b": "ü"}]},
        -(2**63),
        2**63 - 1,
        0.5,
        1e-300,
        nested(MAX_JSON_DEPTH),
    ],
)
def test_json_is_kept(value: Any) -> None:
    """CF24: any JSON value."""
    found = kept(DataType.HIDDEN, value)
    assert (found, type(found)) == (value, type(value))


def test_json_numbers_are_those_that_come_back() -> None:
    """The databases keep neither a negative zero, nor exponents, nor a fraction of nothing."""
    found = kept(DataType.HIDDEN, [-0.0, 1.0, 1e15, -1e17, 1.5])
    assert [repr(number) for number in found] == ["0", "1", "1000000000000000", "-100000000000000000", "1.5"]


@pytest.mark.parametrize(
    "value",
    [
        2**63,
        -(2**63) - 1,
        1e19,
        float("nan"),
        float("inf"),
        {"a": [float("-inf")]},
        "a\0",
        {"a\0": 1},
        ["\ud800"],
        nested(MAX_JSON_DEPTH + 1),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_json_that_cannot_be_kept_is_refused(value: Any) -> None:
    """CF24: what one of the databases would change or refuse."""
    assert refused(DataType.HIDDEN, value) == ("INVALID", ["value", "json"])


def test_json_has_a_size_in_bytes() -> None:
    assert kept(DataType.HIDDEN, "ü" * (MAX_JSON_BYTES // 2 - 1))
    assert refused(DataType.HIDDEN, "ü" * (MAX_JSON_BYTES // 2)) == ("TOO_LONG", ["value", "json"])


def test_null_is_no_json_value() -> None:
    assert refused(DataType.HIDDEN, None) == ("REQUIRED", ["value", "json"])
