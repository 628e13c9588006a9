"""The words of texts."""

from unicodedata import category, normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.text import fold
from app.domain.words import LONGEST, LONGEST_WORD, TextMode, digest, split, stored

TEXTS = st.text() | st.text("aÄß1_ -'\n\u0301\u0345ﬁ²Ⅷ", max_size=30)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("VP, Sales & Marketing", ["vp", "sales", "marketing"]),
        ("snake_case don't x-ray", ["snake", "case", "don", "t", "x", "ray"]),
        ("mail: Ada.Lovelace@example.com", ["mail", "ada", "lovelace", "example", "com"]),
        ("+1 (650) 555-0100", ["1", "650", "555", "0100"]),
        ("Straße CAFÉ Cafe\u0301 cafe", ["strasse", "café", "café", "cafe"]),
        ("ﬁrst Ｆｕｌｌ x² ½", ["first", "full", "x2", "1", "2"]),
        ("Ἀθῆναι Москва 東京都 ١٢٣", ["ἀθῆναι", "москва", "東京都", "١٢٣"]),
        ("🚀 — …", []),
        ("", []),
    ],
)
def test_words_are_runs_of_letters(text: str, words: list[str]) -> None:
    """F22: a word is a maximal run of letters and digits, compared without regard to case; accents count."""
    assert split(text) == words


@given(TEXTS)
def test_words_hold_letters_and_digits(text: str) -> None:
    """F22: whatever stands in a text, its words hold nothing else and miss nothing else."""
    words = split(text)
    assert all(word and all(category(letter)[0] in "LN" for letter in word) for word in words)
    assert "".join(words) == "".join(letter for letter in fold(text) if category(letter)[0] in "LN")


@given(TEXTS)
def test_words_ignore_case_and_form(text: str) -> None:
    """F22: the same words come of a text in another case or another normal form."""
    folded = normalize("NFKC", text).casefold()
    assert split(folded) == split(text) == split(normalize("NFKD", text))
    assert digest(folded) == digest(f"  {text}\n") == digest(text)


@given(TEXTS, TEXTS)
def test_digests_stand_for_whole_texts(one: str, other: str) -> None:
    """F34: two texts have one digest when they are equal, trimmed and folded."""
    assert (digest(one) == digest(other)) == (fold(one) == fold(other))


@given(TEXTS)
def test_stored_words_end_with_digest(text: str) -> None:
    assert (stored(text) or "").split(" ") == [*split(text), digest(text)]


def test_no_text_has_no_words() -> None:
    assert stored(None) is None
    assert stored("") == digest("") == digest("  ")


def test_long_words_are_cut() -> None:
    assert split(f"{'Ä' * 300} b {'c' * LONGEST_WORD}") == ["ä" * 255, "b", "c" * 255]


def test_long_texts_are_cut() -> None:
    """The whole of them still tells whether two are equal."""
    text = "ab " * (LONGEST // 3) + "last more"
    assert len(text) == LONGEST + 8
    assert split(text)[-2:] == ["ab", "l"]
    assert digest(text) != digest(f"{text}!")


def test_lone_surrogates_are_no_words() -> None:
    assert split("a\ud800b") == ["a", "b"]
    assert digest("a\ud800b") not in (digest("a\ud801b"), digest("ab"))


def test_modes_are_named_as_asked() -> None:
    assert [mode.value for mode in TextMode] == ["full_words", "phrase", "beginning_of_words", "exact_value"]
