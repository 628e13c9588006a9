"""The bytes of a file: from a path or a stream, unpacked, counted, and readable twice."""

import gzip
import lzma
import shutil
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from app.services.close_format.faults import ImportFault

CHUNK = 256 * 1024
UNREADABLE = (EOFError, OSError, lzma.LZMAError, zlib.error)

_GZIP, _XZ = b"\x1f\x8b", b"\xfd7zXZ\0"


class Source:
    """A file of JSON, perhaps packed. `done` and `total` count the bytes of the file as it is stored."""

    def __init__(self, stored: BinaryIO) -> None:
        self._stored = stored
        self.total = stored.seek(0, 2)
        stored.seek(0)
        self._bytes = _unpacked(stored)

    @property
    def done(self) -> int:
        return self._stored.tell()

    def rewind(self) -> None:
        self._bytes.seek(0)

    def read(self, size: int) -> bytes:
        try:
            return self._bytes.read(size)
        except UNREADABLE as error:
            raise ImportFault(f"The file cannot be read: {error}.") from error


@contextmanager
def opened(source: Path | BinaryIO) -> Iterator[Source]:
    """A stream that cannot go back is copied to a temporary file first."""
    with ExitStack() as stack:
        if isinstance(source, Path):
            try:
                stored: BinaryIO = stack.enter_context(source.open("rb"))
            except OSError as error:
                raise ImportFault(f"{source} cannot be opened: {error.strerror}.") from error
        elif source.seekable():
            stored = source
        else:
            stored = stack.enter_context(TemporaryFile())
            shutil.copyfileobj(source, stored, CHUNK)
        yield Source(stored)


def _unpacked(stored: BinaryIO) -> BinaryIO:
    start = stored.read(len(_XZ))
    stored.seek(0)
    if start.startswith(_GZIP):
        return cast(BinaryIO, gzip.GzipFile(fileobj=stored))
    return cast(BinaryIO, lzma.LZMAFile(stored)) if start == _XZ else stored
