"""The file of what was kept out: JSON lines that say where each object stood, why it was refused, and what it is."""

from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import orjson

from app.services.close_format.fitting import exact
from app.services.close_format.kinds import Rejection


class Rejects:
    """Written when there is something to write; a file of an earlier import makes way at the start."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        if self._path is not None:
            self._path.unlink(missing_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, rejection: Rejection) -> None:
        if self._path is None:
            return
        if self._file is None:
            self._file = self._path.open("wb")
        line = {
            "index": rejection.index,
            "lead_id": rejection.lead_id,
            "path": rejection.path,
            "reason": rejection.reason,
            "record": rejection.record,
        }
        self._file.write(orjson.dumps(line, default=_exact, option=orjson.OPT_APPEND_NEWLINE))


def _exact(value: Any) -> Any:
    if isinstance(value, Decimal):
        return exact(value) if abs(value.adjusted()) < 1_000 else str(value)
    return str(value)
