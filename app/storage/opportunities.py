"""Opportunities, their statuses and pipelines."""

from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ColumnElement, Date, Integer, Select, String, and_, select
from sqlmodel import Field

from app.domain.opportunities import StatusType, ValuePeriod
from app.storage.paging import Order
from app.storage.reads import Read, Sums, ascending, children, descending, one, table_of
from app.storage.scope import visible
from app.storage.tables import (
    Audited,
    Tenant,
    choice,
    constraints,
    editors,
    index,
    instant,
    json,
    link,
    prose,
    unique,
    word,
    words_of,
)


class Pipeline(Tenant, table=True):
    __table_args__ = constraints(unique("name_key"))
    name: str = prose()
    name_key: str = word()
    position: int


class OpportunityStatus(Tenant, table=True):
    __tablename__ = "opportunity_status"
    __table_args__ = constraints(link("pipeline", "pipeline_id"), unique("pipeline_id", "label_key"))
    pipeline_id: str = word()
    label: str = prose()
    label_key: str = word()
    type: StatusType = choice(StatusType)
    position: int


class Opportunity(Audited, table=True):
    """A deal. The value is kept in hundredths, so that sums are exact on both databases.

    `details` keeps what an import brought that the graph does not show.
    """

    __table_args__ = constraints(
        editors(),
        link("lead", "lead_id", ondelete="CASCADE"),
        link("contact", "contact_id"),
        link("user", "user_id"),
        link("opportunity_status", "status_id"),
        CheckConstraint("confidence BETWEEN 0 AND 100", name="confidence"),
        index("opportunity", "lead_id", "date_created"),
        index("opportunity", "contact_id", "date_created"),
        index("opportunity", "user_id"),
        index("opportunity", "status_id", "date_created"),
        index("opportunity", "date_created"),
        index("opportunity", "date_updated"),
        index("opportunity", "close_date"),
        index("opportunity", "value_cents"),
        index("opportunity", "confidence"),
    )
    lead_id: str = word()
    contact_id: str | None = word(default=None)
    user_id: str | None = word(default=None)
    status_id: str = word()
    note: str | None = prose(default=None)
    confidence: int = Field(sa_type=Integer)
    value_cents: int | None = Field(default=None, sa_type=BigInteger)
    currency: str | None = Field(default=None, sa_type=String(3))
    value_period: ValuePeriod = choice(ValuePeriod)
    close_date: date | None = Field(default=None, sa_type=Date)
    date_won: date | None = Field(default=None, sa_type=Date)
    date_lost: datetime | None = instant(default=None)
    details: dict[str, Any] = json(default_factory=dict)
    note_words: str | None = words_of("note")


_STATUS, _PIPELINE = table_of(OpportunityStatus), table_of(Pipeline)
_ITS_PIPELINE = and_(_PIPELINE.c.organization_id == _STATUS.c.organization_id, _PIPELINE.c.id == _STATUS.c.pipeline_id)


def in_status(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Opportunities whose status meets the conditions."""
    found = select(_STATUS.c.id).where(visible(_STATUS), *conditions)
    return table_of(Opportunity).c.status_id.in_(found)


@cache
def values(read: Read) -> Sums:
    """The sums of the values of a read's opportunities; the same batch each time, so loads come together."""
    return Sums(read, column="value_cents", per="currency")


def _stages() -> Select[Any]:
    """The statuses with the names of their pipelines, in the order of both."""
    return (
        select(*_STATUS.c, _PIPELINE.c.name.label("pipeline_name"))
        .join(_PIPELINE, _ITS_PIPELINE)
        .where(visible(_STATUS))
        .order_by(_PIPELINE.c.position, _PIPELINE.c.id, _STATUS.c.position, _STATUS.c.id)
    )


def _by_pipeline() -> Order:
    place = select(_PIPELINE.c.position).where(_ITS_PIPELINE).correlate(_STATUS).scalar_subquery()
    return Order("pipeline_position", place)


by_id = one(Opportunity)
in_organization = children(Opportunity, of=Opportunity.organization_id, order=[descending(Opportunity.date_created)])
by_lead = children(Opportunity, of=Opportunity.lead_id, order=[descending(Opportunity.date_created)])
by_contact = children(Opportunity, of=Opportunity.contact_id, order=[descending(Opportunity.date_created)])
by_status = children(Opportunity, of=Opportunity.status_id, order=[descending(Opportunity.date_created)])
status_by_id = one(OpportunityStatus)
statuses_by_pipeline = children(
    OpportunityStatus, of=OpportunityStatus.pipeline_id, order=[ascending(OpportunityStatus.position)]
)
statuses_in_organization = children(
    OpportunityStatus,
    of=OpportunityStatus.organization_id,
    order=[
        _by_pipeline(),
        ascending(OpportunityStatus.pipeline_id),
        ascending(OpportunityStatus.position),
    ],
)
stages = _stages()
pipeline_by_id = one(Pipeline)
pipelines_in_organization = children(Pipeline, of=Pipeline.organization_id, order=[ascending(Pipeline.position)])
