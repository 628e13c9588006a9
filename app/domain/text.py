"""How texts are cleaned and compared."""

from unicodedata import normalize


def clean(text: str | None) -> str | None:
    """An empty text is no text: it is stored as null (rule F33)."""
    return text if text and text.strip() else None


def fold(text: str) -> str:
    """The form in which two texts are the same label, whatever their case and outer blanks (rule L18)."""
    return normalize("NFKC", normalize("NFKC", text).casefold()).strip()
