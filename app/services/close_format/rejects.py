"""The file of what was kept out: JSON lines that say where each object stood, why it was refused, and what it is."""

from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import orjson

from app.services.close_format.fitting import exact
from app.services.close_format.kinds import Rejection
from app.services.close_format.values import MAX_BIG_INTEGER


class Rejects:
    """Opened before anything is imported, for afterwards it would be too late to tell; without rejects no file is left.
    A file of an earlier import makes way."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        if self._path is not None:
            self._file = self._path.open("wb")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is None or self._path is None:
            return
        is_empty = self._file.tell() == 0
        self._file.close()
        if is_empty and self._path.is_file():
            self._path.unlink()

    def add(self, rejection: Rejection) -> None:
        if self._file is None:
            return
        line = {
            "index": rejection.index,
            "lead_id": rejection.lead_id,
            "path": rejection.path,
            "reason": rejection.reason,
            "record": _written(rejection.record),
        }
        self._file.write(orjson.dumps(line, default=_exact, option=orjson.OPT_APPEND_NEWLINE))


def _written(value: Any) -> Any:
    """The value with whole numbers written out that are beyond 64 bits."""
    if isinstance(value, dict):
        return {key: _written(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_written(item) for item in value]
    if isinstance(value, int) and abs(value) > MAX_BIG_INTEGER:
        return orjson.Fragment(str(value))
    return value


def _exact(value: Any) -> Any:
    if isinstance(value, Decimal):
        return exact(value) if abs(value.adjusted()) < 1_000 else str(value)
    return str(value)
