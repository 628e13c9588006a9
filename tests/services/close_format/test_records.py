"""The shapes that a file can have, and how it can be packed."""

import gzip
import io
import lzma
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from app.services.close_format.faults import ImportFault
from app.services.close_format.records import Found, records
from app.services.close_format.sources import opened


class Pipe(io.RawIOBase):
    """A stream that cannot go back, as standard input."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._content.read(size)


def read(source: bytes | Path | BinaryIO) -> list[Found]:
    with opened(io.BytesIO(source) if isinstance(source, bytes) else source) as file:
        return list(records(file))


ONE, TWO = Found(0, {"id": "a"}), Found(1, {"id": "b"})
LINES = b'{"id": "a"}\n\n{"id": "b"}\n'


@pytest.mark.parametrize(
    "source",
    [
        b'[{"id": "a"}, {"id": "b"}]',
        b'\xef\xbb\xbf \n[{"id": "a"},\n{"id": "b"}]\n',
        b'{"has_more": false, "data": [{"id": "a"}, {"id": "b"}], "total_results": {"n": 2}}',
        b'{"data":[{"id":"a"},{"id":"b"}]}',
        LINES,
        b'{"id": "a"}{"id": "b"}',
        b'{\n  "id": "a"\n}\n{\n  "id": "b"\n}\n',
    ],
)
def test_shapes_are_told_apart(source: bytes) -> None:
    assert read(source) == [ONE, TWO]


def test_packed_files_are_unpacked() -> None:
    assert read(gzip.compress(LINES)) == [ONE, TWO]
    assert read(lzma.compress(LINES)) == [ONE, TWO]
    assert read(cast(BinaryIO, Pipe(gzip.compress(LINES)))) == [ONE, TWO]


def test_empty_lists_hold_nothing() -> None:
    assert read(b"[]") == []
    assert read(b'{"data": [], "has_more": false}') == []


def test_bad_line_costs_its_line_alone() -> None:
    found = read(b'{"id": "a"}\n{"id": tru}\n{"id": "b\n\n{"id": "c"}\n')
    assert [(record.index, record.value, record.reason) for record in found] == [
        (0, {"id": "a"}, None),
        (1, None, "line 2 is not valid JSON: expecting value"),
        (2, None, "line 3 is not valid JSON: invalid control character at"),
        (3, {"id": "c"}, None),
    ]


def test_too_deep_record_is_bad() -> None:
    deep = b"[" * 99 + b"]" * 99
    [found] = read(b'[{"a": ' + deep + b"}]")
    assert found == Found(0, None, "the record is nested more than 60 levels deep")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (b"", "The file is empty."),
        (b" \n", "The file is empty."),
        (b"name,phone\nAcme,1\n", "The file is not valid JSON: expecting value at byte 0 (line 1)."),
        (b'"leads"', "The file holds neither a list nor an object, but a single value."),
        (b"42", "The file holds neither a list nor an object, but a single value."),
        ("[]".encode("utf-16"), "The file is not valid JSON: the text is not UTF-8 at byte 0 (line 1)."),
        (
            gzip.compress(LINES * 99, mtime=0)[:-20],
            "The file cannot be read: Compressed file ended before the end-of-stream",
        ),
    ],
)
def test_other_files_are_faults(source: bytes, message: str) -> None:
    with pytest.raises(ImportFault) as fault:
        read(source)
    assert fault.value.message.startswith(message)


def test_missing_file_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ImportFault, match="cannot be opened: No such file or directory"):
        read(tmp_path / "none.json")
