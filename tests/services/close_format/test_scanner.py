"""JSON values from a stream, whatever the size of its pieces."""

import io
from decimal import Decimal

import pytest

from app.services.close_format import scanner
from app.services.close_format.faults import ImportFault
from app.services.close_format.records import records
from app.services.close_format.sources import opened


def read(source: bytes) -> list[object]:
    with opened(io.BytesIO(source)) as file:
        return [found.value for found in records(file)]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 64, 4096])
def test_values_survive_any_cut(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(scanner, "CHUNK", size)
    source = '[{"a":"éx\\u00e9😀\\"","n":12345.678,"t":true,"z":[1,-2,{"k":null}]}, 12, "\\ud83d\\ude00", 1e5 ]'
    assert read(source.encode()) == [
        {"a": 'éxé😀"', "n": Decimal("12345.678"), "t": True, "z": [1, -2, {"k": None}]},
        12,
        "😀",
        Decimal("1e5"),
    ]


def test_numbers_stay_as_written() -> None:
    assert read(b"[1.10, 12345678901234567890.123456789]") == [
        Decimal("1.10"),
        Decimal("12345678901234567890.123456789"),
    ]
    assert read(b"[" + b"9" * 5000 + b"]") == [Decimal("9" * 5000)]
    assert read(b"[1e99999999999999999999]") == ["1e99999999999999999999"]


@pytest.mark.parametrize(
    ("source", "offset", "line", "message"),
    [
        (b'[{"a": 1},\n {"b" 2}]', 17, 2, "expecting ':' delimiter"),
        (b"[1,\n2", 5, 2, "the file ends too early"),
        (b"[1 2]", 3, 1, ", or ] is missing"),
        (b"[1]\n x", 5, 2, "something follows the end of the list"),
        (b'["\xc3\xa9", NaN]', 7, 1, "NaN is not a JSON value"),
        (b'[\n"\xff"]', 3, 2, "the text is not UTF-8"),
        (b"[" * 100_000, 1, 1, "it is nested too deep"),
        (b"{1: 2}", 1, 1, "a key is missing"),
        (b'{"data": [1', 11, 1, "the file ends too early"),
    ],
)
def test_faults_tell_their_place(source: bytes, offset: int, line: int, message: str) -> None:
    with pytest.raises(ImportFault) as fault:
        read(source)
    assert (fault.value.offset, fault.value.line) == (offset, line)
    assert message in fault.value.message
    assert f"at byte {offset} (line {line})" in fault.value.message
