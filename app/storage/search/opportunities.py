"""What of opportunities can be searched."""

from typing import Any

from sqlalchemy import ColumnElement, select

from app.domain.filters import Kind, ReferenceType
from app.domain.opportunities import StatusType, ValuePeriod
from app.storage.opportunities import OpportunityStatus
from app.storage.reads import table_of
from app.storage.scope import visible
from app.storage.search.fields import (
    Expression,
    Rows,
    audited,
    choice,
    day,
    declared,
    instant,
    key,
    number,
    reference,
    text,
    user,
)

_STATUS = table_of(OpportunityStatus)


def _of_status(column: str) -> Expression:
    """A column of the opportunity's status."""

    def expression(rows: Rows) -> ColumnElement[Any]:
        own = (visible(_STATUS), _STATUS.c.id == rows.c.status_id)
        found: Any = select(_STATUS.c[column]).where(*own).correlate(rows).scalar_subquery()
        return found  # type: ignore[no-any-return]

    return expression


FIELDS = declared(
    Kind.OPPORTUNITY,
    day("close_date", "When the deal is expected to close"),
    number("confidence", "The confidence", nullable=False),
    reference("contact_id", ReferenceType.CONTACT, "The contact"),
    *audited("opportunity")[:3],
    instant("date_lost", "When the deal was lost"),
    day("date_won", "When the deal was won"),
    text("note", "What the deal is about"),
    key("pipeline_id", "The pipeline of the status", expression=_of_status("pipeline_id")),
    reference("status_id", ReferenceType.OPPORTUNITY_STATUS, "The status"),
    choice("status_type", "Whether the deal is active, won or lost", StatusType, expression=_of_status("type")),
    user("user_id", "Who works on the deal"),
    number("value", "The value", "value_cents", scale=2),
    choice("value_period", "The period that the value is for", ValuePeriod),
)
