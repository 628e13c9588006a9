"""The names that leads and contacts are shown and sorted by."""

from collections.abc import Iterable

from app.domain.text import fold

SORT_LENGTH = 200


def contact_name(name: str | None, emails: Iterable[str], phones: Iterable[str]) -> str:
    """A contact's name; without one its first email address, or its first number."""
    return name or next(iter(emails), None) or next(iter(phones), None) or "Unnamed contact"


def lead_name(name: str | None, contacts: Iterable[str]) -> str:
    """A lead's name; without one that of its first contact, the one that was created first."""
    return name or next(iter(contacts), None) or "Unnamed lead"


def sort_name(display_name: str) -> str:
    """What a display name is sorted by, so that both databases sort alike."""
    return fold(display_name)[:SORT_LENGTH]
