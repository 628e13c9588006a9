"""A stream of JSON values: one in memory at a time, numbers exact, faults with their place.

The decoder is the standard library's, over a window of the text that grows until a value is whole. It keeps decimals
as they are written and survives what event parsers in C do not: numbers of thousands of digits, endless nesting.
"""

import codecs
import json
from decimal import Decimal, InvalidOperation
from typing import Any

from app.services.close_format.faults import ImportFault
from app.services.close_format.sources import CHUNK, Source

BLANKS = " \t\r\n"
# A value that is cut off fails within this many characters of the cut: the longest is half a surrogate pair.
_EDGE = 16
_MAX_DIGITS = 4_000


class Malformed(Exception):
    """What stands at this place is no JSON value, or not the one that has to stand there."""

    def __init__(self, reason: str, offset: int, line: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset
        self.line = line

    def fault(self) -> ImportFault:
        message = f"The file is not valid JSON: {self.reason} at byte {self.offset} (line {self.line})."
        return ImportFault(message, self.offset, self.line)


class Scanner:
    """Reads values and single characters from the place where it stands."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._decode = codecs.getincrementaldecoder("utf-8-sig")()
        self._window = ""
        self._place = 0
        self._bytes = 0  # of the text before the window
        self._lines = 1
        self._ended = False

    def peek(self) -> str:
        """The next character that is not blank; empty at the end of the file."""
        while True:
            rest = len(self._window)
            while self._place < rest and self._window[self._place] in BLANKS:
                self._place += 1
            if self._place < rest:
                return self._window[self._place]
            if not self._more():
                return ""

    def take(self, *expected: str) -> str:
        """Step over the next character, which has to be one of these."""
        found = self.peek()
        if found not in expected or not found:
            raise self.malformed(f"{' or '.join(expected)} is missing" if found else "the file ends too early")
        self._place += 1
        return found

    def value(self) -> Any:
        if not self.peek():
            raise self.malformed("the file ends too early")
        while True:
            try:
                value, end = _DECODER.raw_decode(self._window, self._place)
            except json.JSONDecodeError as error:
                cut_off = error.pos >= len(self._window) - _EDGE or error.msg.startswith("Unterminated string")
                if not (cut_off and self._more(len(self._window))):
                    self._place = min(error.pos, len(self._window))
                    raise self.malformed(error.msg[0].lower() + error.msg[1:]) from error
                continue
            except ValueError as error:
                raise self.malformed(str(error)) from error
            except RecursionError as error:
                raise self.malformed("it is nested too deep") from error
            # A number at the edge may go on behind it.
            if end < len(self._window) or not self._more():
                self._place = end
                return value

    def skip_line(self) -> None:
        """Go on behind the end of this line."""
        while (end := self._window.find("\n", self._place)) < 0:
            self._place = len(self._window)
            if not self._more():
                return
        self._place = end + 1

    @property
    def line(self) -> int:
        return self._lines + self._window.count("\n", 0, self._place)

    def malformed(self, reason: str) -> Malformed:
        """The fault that something else than this is here."""
        return Malformed(reason, self._bytes + _size(self._window[: self._place]), self.line)

    def _more(self, size: int = 0) -> bool:
        """Let the window go on at its end, and begin where the scanner stands."""
        if self._ended:
            return False
        past, self._window = self._window[: self._place], self._window[self._place :]
        self._place = 0
        self._bytes += _size(past)
        self._lines += past.count("\n")
        chunk = self._source.read(max(CHUNK, size))
        self._ended = not chunk
        try:
            self._window += self._decode.decode(chunk, final=self._ended)
        except UnicodeDecodeError as error:
            self._window += error.object[: error.start].decode()
            self._place = len(self._window)
            raise self.malformed("the text is not UTF-8").fault() from error
        return True


def _size(text: str) -> int:
    return len(text.encode())


def _integer(digits: str) -> int | Decimal:
    return int(digits) if len(digits) < _MAX_DIGITS else _decimal(digits)


def _decimal(digits: str) -> Any:
    """A number too large even for a Decimal stays a text, and is refused where a number is expected."""
    try:
        return Decimal(digits)
    except InvalidOperation:
        return digits


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value")


_DECODER = json.JSONDecoder(parse_float=_decimal, parse_int=_integer, parse_constant=_constant)
