"""What of contacts, their addresses, numbers and links can be searched."""

from sqlalchemy import case

from app.domain.filters import Kind, ReferenceType
from app.storage.contacts import ContactEmail, ContactPhone, ContactUrl
from app.storage.search.fields import audited, below, counted, declared, label, reference, sorted_text, text

FIELDS = declared(
    Kind.CONTACT,
    *audited("contact"),
    counted("emails_count", "How many email addresses there are", below(ContactEmail, "contact_id", None)),
    reference("lead_id", ReferenceType.LEAD, "The lead"),
    sorted_text(
        "name",
        "The person's name",
        lambda rows: case((rows.c.name.is_not(None), rows.c.sort_name), else_=None),
    ),
    counted("phones_count", "How many phone numbers there are", below(ContactPhone, "contact_id", None)),
    sorted_text("title", "The job title"),
    counted("urls_count", "How many links there are", below(ContactUrl, "contact_id", None)),
)
PHONE_FIELDS = declared(Kind.CONTACT_PHONE, text("phone", "The number"), label("type", "What the number is for"))
EMAIL_FIELDS = declared(Kind.CONTACT_EMAIL, text("email", "The address"), label("type", "What the address is for"))
URL_FIELDS = declared(Kind.CONTACT_URL, label("type", "What the link is for"), text("url", "The link"))
