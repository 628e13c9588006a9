"""Words and folded texts, spelled out from the rules with the tables of Unicode alone (rules F21, F22, F34)."""

from collections.abc import Iterable, Sequence
from unicodedata import category, normalize

from app.domain.words import TextMode

LONGEST_TEXT, LONGEST_WORD = 100_000, 255


def folded(text: str) -> str:
    return normalize("NFKC", normalize("NFKC", text).casefold()).strip()


def words(text: str) -> list[str]:
    """The maximal runs of letters and digits."""
    found: list[str] = []
    inside = False
    for letter in folded(text)[:LONGEST_TEXT]:
        if category(letter)[0] not in "LN":
            inside = False
            continue
        if not inside:
            found.append("")
        found[-1] += letter
        inside = True
    return [word[:LONGEST_WORD] for word in found]


def found_in(texts: Iterable[str], value: str, mode: TextMode) -> bool:
    """Whether a value is found in texts: word by word in all of them together, or as a whole in one of them."""
    asked = words(value)
    if mode is TextMode.PHRASE:
        return any(_stands_in(asked, words(text)) for text in texts)
    if mode is TextMode.EXACT_VALUE:
        return any(folded(text) == folded(value) for text in texts)
    there = [word for text in texts for word in words(text)]
    if mode is TextMode.BEGINNING_OF_WORDS:
        return all(any(word.startswith(start) for word in there) for start in asked)
    return set(asked) <= set(there)


def _stands_in(part: Sequence[str], whole: Sequence[str]) -> bool:
    places = range(len(whole) - len(part) + 1)
    return any(list(whole[place : place + len(part)]) == list(part) for place in places)
