from unicodedata import normalize

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.text import clean, fold


@pytest.mark.parametrize("blank", [None, "", " ", "\t\n", "\u00a0", "\u3000", "\u2028"])
def test_blank_is_no_text(blank: str | None) -> None:
    assert clean(blank) is None


@pytest.mark.parametrize("text", ["a", " a ", "0", "\u200b", "\0", "\n.\n"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Potential", "  POTENTIAL\n"),
        ("Straße", "STRASSE"),
        ("Σίσυφος", "ΣΊΣΥΦΟΣ"),
        ("é", "e\u0301"),
        ("É", "e\u0301"),
        ("ﬁt", "FIT"),
        ("①", "1"),
        ("Ａｃｍｅ", "acme"),
        ("Bad\u00a0Fit", "bad fit"),
        ("İ", "i\u0307"),
        ("\u00b4", "\u0301"),
    ],
)
def test_equal_labels_fold_alike(one: str, two: str) -> None:
    assert fold(one) == fold(two)


@pytest.mark.parametrize(("one", "two"), [("resume", "résumé"), ("a b", "ab"), ("a  b", "a b"), ("o", "ø"), ("1", "l")])
def test_different_labels_stay_different(one: str, two: str) -> None:
    assert fold(one) != fold(two)


def test_blank_folds_to_nothing() -> None:
    assert fold(" \t\u00a0") == ""


@given(st.text())
@example("\u00a8")
@example("x\u00b4 ")
@example("\u0345\u0301")
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(f" {text}\n") == fold(text)


@given(st.text(), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_writing_of_accents_does_not_matter(text: str, form: str) -> None:
    assert fold(normalize(form, text)) == fold(text)  # type: ignore[arg-type]
