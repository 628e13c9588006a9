"""The words of a JSON text. What is not JSON is noted as a fault, and read as what it seems to mean."""

import re
from decimal import Decimal
from typing import Any, NamedTuple

MAX_FAULTS = 20
MAX_DIGITS = 300
_SHOWN = 40

_BLANK = re.compile(r"[ \t\r\n]*")
_COMMENT = re.compile(r"//[^\n]*|#[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_WORD = re.compile(r"[-+.…\w$]+")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_QUOTES = {'"': '"', "'": "'", "“": "”", "”": "”", "„": "“", "‘": "’", "`": "`"}
_LETTERS = {closing: re.compile(rf"[^{closing}\\\x00-\x1f\ud800-\udfff]+") for closing in _QUOTES.values()}
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_SECOND_HALF = re.compile(r"\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_HEX = re.compile(r"u([0-9a-fA-F]{4})")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None}
_OTHERS = {"True": "true", "False": "false", "None": "null", "undefined": "null", "TRUE": "true", "FALSE": "false"}
_NO_NUMBERS = frozenset({"NaN", "Infinity", "-Infinity", "nan", "inf", "-inf"})


class Fault(NamedTuple):
    offset: int
    message: str


class Stop(Exception):
    """There is no telling how the text goes on."""


class Tokens:
    """A place in a text that moves on, and the faults on the way."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.offset = 1 if text.startswith("\ufeff") else 0
        self.faults: list[Fault] = []

    def fault(self, message: str, offset: int | None = None) -> None:
        self.faults.append(Fault(self.offset if offset is None else offset, message))
        if len(self.faults) == MAX_FAULTS:
            raise Stop

    def stop(self, message: str) -> Stop:
        """Note a fault behind which nothing can be read; the caller raises what this returns."""
        self.fault(message)
        return Stop()

    def next(self) -> str:
        """The next character that is neither blank nor in a comment; empty at the end."""
        while True:
            if blank := _BLANK.match(self.text, self.offset):
                self.offset = blank.end()
            comment = _COMMENT.match(self.text, self.offset)
            if comment is None:
                return self.text[self.offset : self.offset + 1]
            self.fault(f"JSON has no comments; take {excerpt(comment[0])} out.")
            self.offset = comment.end()

    def shown(self) -> str:
        """The word that stands here, as it is told to people."""
        if self.text[self.offset : self.offset + 1] == '"':
            end = self.text.find('"', self.offset + 1)
            return excerpt(self.text[self.offset : end + 1 or self.offset + 1])
        word = _WORD.match(self.text, self.offset)
        return excerpt(word[0] if word else self.text[self.offset])

    def at_string(self) -> bool:
        return self.next() in _QUOTES and self.next() != ""

    def string(self) -> str:
        """The string that begins here, perhaps in other quotes than JSON's."""
        start, opening = self.offset, self.text[self.offset]
        if opening != '"':
            self.fault(f"Strings stand in straight double quotes, not in {opening}.")
        self.offset += 1
        closing = _QUOTES[opening]
        parts: list[str] = []
        while (character := self.text[self.offset : self.offset + 1]) != closing:
            if character in ("", "\n"):
                self.fault("The string that begins here is not closed on its line.", start)
                return "".join(parts)
            parts.append(self._part(character, closing))
        self.offset += 1
        return "".join(parts)

    def name(self) -> str:
        """The name of a member that stands here, perhaps without quotes."""
        if self.at_string():
            return self.string()
        match = _WORD.match(self.text, self.offset)
        if match is None:
            raise self.stop(f"A name in double quotes has to stand here, not {excerpt(self.text[self.offset])}.")
        self.fault(f"The name {excerpt(match[0])} has to stand in double quotes.")
        self.offset = match.end()
        return match[0]

    def word(self) -> Any:
        """The number, true, false or null that stands here."""
        match = _WORD.match(self.text, self.offset)
        if match is None:
            raise self.stop(f"A value has to stand here, not {excerpt(self.text[self.offset])}.")
        word, start = match[0], self.offset
        self.offset = match.end()
        if word in _WORDS:
            return _WORDS[word]
        if number := _NUMBER.fullmatch(word):
            return self._number(number, start)
        return self._no_word(word, start)

    def _number(self, number: re.Match[str], start: int) -> int | float | Decimal | None:
        text = number[0]
        if len(text) > MAX_DIGITS:
            self.fault("The number has too many digits.", start)
            return None
        if not (number[1] or number[2]):
            return int(text)
        if abs(value := float(text)) == float("inf"):
            self.fault(f"The number {text} is too large.", start)
            return value
        exact = Decimal(text) if value else Decimal()
        return value if exact == Decimal(repr(value)) else exact

    def _no_word(self, word: str, start: int) -> Any:
        if word in _OTHERS:
            self.fault(f"JSON writes {_OTHERS[word]} instead of {word}.", start)
            return _WORDS[_OTHERS[word]]
        if word in _NO_NUMBERS:
            self.fault(f"JSON has no {word}.", start)
        elif set(word) <= {".", "…"}:
            self.fault("The dots stand for something that was left out: put it there.", start)
        elif word[0] in "-+.0123456789":
            self.fault(f"{excerpt(word)} is not a number as JSON writes it.", start)
        else:
            self.fault(f"The word {excerpt(word)} has to stand in double quotes.", start)
            return word
        return None

    def _part(self, character: str, closing: str) -> str:
        """Characters of a string up to the next that needs a look."""
        if letters := _LETTERS[closing].match(self.text, self.offset):
            self.offset = letters.end()
            return letters[0]
        if character == "\\":
            return self._escape()
        if character < " " or "\ud800" <= character <= "\udfff":
            self.fault(f"This character has to be written as \\u{ord(character):04x} or left out.")
            character = "\ufffd"
        self.offset += 1
        return character

    def _escape(self) -> str:
        start = self.offset
        character = self.text[start + 1 : start + 2]
        self.offset += 2 if character else 1
        if character in _ESCAPES:
            return _ESCAPES[character]
        if unit := _HEX.match(self.text, start + 1):
            self.offset = unit.end()
            return self._unit(int(unit[1], 16), start)
        self.fault(f"\\{excerpt(character)} is no escape of JSON; a backslash itself is written twice.", start)
        return character

    def _unit(self, unit: int, start: int) -> str:
        """The character of an escaped UTF-16 unit, and of the one that follows if they are a pair."""
        if unit not in range(0xD800, 0xE000):
            return chr(unit)
        second = _SECOND_HALF.match(self.text, self.offset)
        if unit < 0xDC00 and second:
            self.offset = second.end()
            return chr(0x10000 + ((unit - 0xD800) << 10) + int(second[1], 16) - 0xDC00)
        self.fault("This escape is one half of a character.", start)
        return "\ufffd"


def excerpt(text: str) -> str:
    """A piece of the text as it is told to people: printable, and never long."""
    piece = text.strip()[: _SHOWN + 1]
    line = "".join(character if character.isprintable() else "�" for character in piece)
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
