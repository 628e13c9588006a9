"""Leads, their addresses and their statuses."""

from typing import Any

from app.storage.reads import Count, ascending, children, descending, one
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


class LeadStatus(Tenant, table=True):
    """A stage; `label_key` is the folded label, and the status at position 0 is the default (rule L16)."""

    __tablename__ = "lead_status"
    __table_args__ = constraints(unique("label_key"))
    label: str = prose()
    label_key: str = word()
    position: int


class Lead(Audited, table=True):
    """A company. `sort_name` is the folded display name, so that both databases sort alike.

    `details` keeps what an import brought that the graph does not show.
    """

    __table_args__ = constraints(
        editors(),
        link("lead_status", "status_id"),
        index("lead", "date_created"),
        index("lead", "date_updated"),
        index("lead", "sort_name"),
        index("lead", "status_id"),
    )
    name: str | None = prose(default=None)
    display_name: str = prose()
    sort_name: str = word()
    description: str | None = prose(default=None)
    url: str | None = prose(default=None)
    status_id: str = word()
    source: str | None = prose(default=None)
    details: dict[str, Any] = json(default_factory=dict)
    name_words: str | None = words_of("name")
    display_name_words: str | None = words_of("display_name")
    description_words: str | None = words_of("description")
    url_words: str | None = words_of("url")
    source_words: str | None = words_of("source")
    description_key: str | None = key_of("description")
    source_key: str | None = key_of("source")


class LeadAddress(Tenant, table=True):
    __tablename__ = "lead_address"
    __table_args__ = constraints(link("lead", "lead_id", ondelete="CASCADE"), unique("lead_id", "position"))
    lead_id: str = word()
    position: int
    label: str | None = prose(default=None)
    address_1: str | None = prose(default=None)
    address_2: str | None = prose(default=None)
    city: str | None = prose(default=None)
    state: str | None = prose(default=None)
    zipcode: str | None = prose(default=None)
    country: str | None = prose(default=None)
    address_1_words: str | None = words_of("address_1")
    address_2_words: str | None = words_of("address_2")
    city_words: str | None = words_of("city")
    state_words: str | None = words_of("state")
    zipcode_words: str | None = words_of("zipcode")
    country_words: str | None = words_of("country")
    location_words: str | None = words_of("address_1", "address_2", "city", "state", "zipcode", "country")


by_id = one(Lead)
in_organization = children(Lead, of=Lead.organization_id, order=[descending(Lead.date_created)])
addresses_by_lead = children(LeadAddress, of=LeadAddress.lead_id, order=[ascending(LeadAddress.position)])
status_by_id = one(LeadStatus)
statuses_in_organization = children(LeadStatus, of=LeadStatus.organization_id, order=[ascending(LeadStatus.position)])
count_by_status = Count(children(Lead, of=Lead.status_id))
