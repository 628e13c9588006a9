"""Contacts of the format, both ways."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from app.domain.checks import Checks
from app.services import formats
from app.services.close_format.keys import AUDIT, AUDIT_DERIVED, Key, Layout
from app.services.close_format.kinds import CONTACT, Draft, Row
from app.services.close_format.reading import Place, Reading
from app.services.close_format.values import as_is, flag
from app.storage.contacts import ContactEmail, ContactPhone, ContactUrl

LAYOUT = Layout(
    Key("name"),
    Key("title"),
    *AUDIT,
    derived=("id", "lead_id", "lead_name", "display_name", "emails", "phones", "urls", *AUDIT_DERIVED),
    extras=("integration_links", "subscriptions", "timezone", "timezone_source"),
)
_TYPE = Key("type", lenient=True)
EMAILS = Layout(
    Key("email", lenient=True), _TYPE, Key("is_unsubscribed", "", flag, as_is, lenient=True), derived=("email_lower",)
)
PHONES = Layout(Key("phone", lenient=True), _TYPE, derived=("phone_formatted",))
URLS = Layout(Key("url", lenient=True), _TYPE)


def read(reading: Reading, record: Mapping[str, Any], place: Place) -> Draft:
    draft = reading.draft(CONTACT, LAYOUT, record, place, CONTACT.name)
    draft.columns["lead_id"] = place.lead_id
    for key, model, layout, default in _LISTS:
        if key in record:
            kept = key.removesuffix("s")
            rows = [row for row in reading.items(layout, record, key, place) if row[kept] is not None]
            draft.lists[model] = [_complete(row, default) for row in rows]
            for row in rows:
                _check(reading, kept, row[kept])
    return draft


def write(
    row: Mapping[str, Any],
    emails: Sequence[Mapping[str, Any]],
    phones: Sequence[Mapping[str, Any]],
    urls: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    names = {name: row[name] for name in ("id", "lead_id", "display_name")}
    lists = {
        "emails": [EMAILS.write(email) for email in emails],
        "phones": [PHONES.write(phone) for phone in phones],
        "urls": [URLS.write(url) for url in urls],
    }
    return names | lists | LAYOUT.write(row)


def warn_about_url(reading: Reading, url: str) -> None:
    """An address without a scheme is kept, although the API would not take it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if not (parts.scheme and parts.netloc) or any(character.isspace() for character in url):
        reading.tally.warn("url")


def _check(reading: Reading, kind: str, text: str) -> None:
    if kind == "url":
        warn_about_url(reading, text)
    elif kind == "phone" and formats.e164(text) is None:
        reading.tally.warn("phone")
    elif kind == "email":
        checks = Checks()
        formats.email(checks, "email", text)
        if checks.errors:
            reading.tally.warn("email")


def _complete(row: Row, default: str) -> Row:
    """The columns that may not be null."""
    complete = row | {"type": row["type"] or default}
    if "is_unsubscribed" in row:
        complete["is_unsubscribed"] = bool(row["is_unsubscribed"])
    return complete


_LISTS = (
    ("emails", ContactEmail, EMAILS, "office"),
    ("phones", ContactPhone, PHONES, "office"),
    ("urls", ContactUrl, URLS, "url"),
)
