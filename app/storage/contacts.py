"""Contacts with their email addresses, phone numbers and links."""

from typing import Any

from sqlalchemy import Boolean
from sqlmodel import Field

from app.storage.reads import ascending, children, descending, one
from app.storage.tables import (
    Audited,
    Tenant,
    constraints,
    editors,
    index,
    json,
    key_of,
    link,
    prose,
    unique,
    word,
    words_of,
)


class Contact(Audited, table=True):
    """A person at a lead. `details` keeps what an import brought that the graph does not show."""

    __table_args__ = constraints(
        editors(),
        link("lead", "lead_id", ondelete="CASCADE"),
        index("contact", "lead_id", "date_created"),
        index("contact", "date_created"),
        index("contact", "date_updated"),
        index("contact", "sort_name"),
    )
    lead_id: str = word()
    name: str | None = prose(default=None)
    display_name: str = prose()
    sort_name: str = word()
    title: str | None = prose(default=None)
    details: dict[str, Any] = json(default_factory=dict)
    name_words: str | None = words_of("name")
    title_words: str | None = words_of("title")
    title_key: str | None = key_of("title")


class ContactEmail(Tenant, table=True):
    __tablename__ = "contact_email"
    __table_args__ = constraints(
        link("contact", "contact_id", ondelete="CASCADE"),
        unique("contact_id", "position"),
    )
    contact_id: str = word()
    position: int
    type: str = prose()
    email: str = prose()
    is_unsubscribed: bool = Field(default=False, sa_type=Boolean)
    type_words: str | None = words_of("type")
    email_words: str | None = words_of("email")


class ContactPhone(Tenant, table=True):
    """`phone` is E.164 where the API wrote it; an import keeps what its file says."""

    __tablename__ = "contact_phone"
    __table_args__ = constraints(
        link("contact", "contact_id", ondelete="CASCADE"),
        unique("contact_id", "position"),
    )
    contact_id: str = word()
    position: int
    type: str = prose()
    phone: str = prose()
    type_words: str | None = words_of("type")
    phone_words: str | None = words_of("phone")


class ContactUrl(Tenant, table=True):
    __tablename__ = "contact_url"
    __table_args__ = constraints(link("contact", "contact_id", ondelete="CASCADE"), unique("contact_id", "position"))
    contact_id: str = word()
    position: int
    type: str = prose()
    url: str = prose()
    type_words: str | None = words_of("type")
    url_words: str | None = words_of("url")


by_id = one(Contact)
in_organization = children(Contact, of=Contact.organization_id, order=[descending(Contact.date_created)])
by_lead = children(Contact, of=Contact.lead_id, order=[ascending(Contact.date_created)])
emails_by_contact = children(ContactEmail, of=ContactEmail.contact_id, order=[ascending(ContactEmail.position)])
phones_by_contact = children(ContactPhone, of=ContactPhone.contact_id, order=[ascending(ContactPhone.position)])
urls_by_contact = children(ContactUrl, of=ContactUrl.contact_id, order=[ascending(ContactUrl.position)])
