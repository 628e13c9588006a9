"""The words of a text, and how a search compares them (rules F21, F22, F34)."""

import re
from enum import StrEnum
from hashlib import blake2b

from app.domain.text import fold

LONGEST = 100_000
LONGEST_WORD = 255

_RUN = re.compile(r"[^\W_]+")


class TextMode(StrEnum):
    """How words are matched."""

    FULL_WORDS = "full_words"
    """All the words, anywhere and in any order."""
    PHRASE = "phrase"
    """The words next to each other and in this order."""
    BEGINNING_OF_WORDS = "beginning_of_words"
    """Every word begins some word of the text."""
    EXACT_VALUE = "exact_value"
    """The whole text, trimmed and case-folded, is equal."""


def split(text: str) -> list[str]:
    """The folded words of a text, in their order: maximal runs of letters and digits.

    What follows the first 100,000 characters does not count, nor what follows the first 255 of a word.
    """
    return _words(fold(text))


def digest(text: str) -> str:
    """Stands for a whole text: equal for texts that are equal when trimmed and folded, and never a word."""
    return _digest(fold(text))


def stored(text: str | None) -> str | None:
    """What an index of words is made from: the words and the digest, each set off by one blank."""
    if text is None:
        return None
    folded = fold(text)
    return " ".join([*_words(folded), _digest(folded)])


def _words(folded: str) -> list[str]:
    return [word[:LONGEST_WORD] for word in _RUN.findall(folded[:LONGEST])]


def _digest(folded: str) -> str:
    # A lone surrogate is no character, but a text may hold one.
    return f"={blake2b(folded.encode(errors='surrogatepass'), digest_size=10).hexdigest()}"
