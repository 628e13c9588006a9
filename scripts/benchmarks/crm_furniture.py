"""What an organization of a benchmark has before its first lead: users, statuses, a pipeline and custom fields."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table

from app.domain.custom_fields import DataType, Scope
from app.domain.opportunities import StatusType
from app.domain.text import fold
from app.storage.custom_fields import CustomField, CustomFieldPlacement
from app.storage.leads import LeadStatus
from app.storage.opportunities import OpportunityStatus, Pipeline
from app.storage.organizations import Organization, User
from app.storage.reads import table_of

Rows = Mapping[Table, Sequence[Mapping[str, Any]]]

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
"""The moment of every search: the data lies in the three years before it."""
SPAN = timedelta(days=3 * 365)
START = NOW - SPAN

INDUSTRIES = {
    "Software": 12,
    "Manufacturing": 18,
    "Retail": 16,
    "Healthcare": 12,
    "Logistics": 10,
    "Education": 9,
    "Finance": 9,
    "Hospitality": 8,
    "Energy": 6,
}


def made_id(prefix: str, number: int) -> str:
    """An id of the usual form and length; they sort as their numbers do."""
    return f"{prefix}_0{number:021}"


ORGANIZATION = made_id("orga", 1)
USERS = [made_id("user", i) for i in range(8)]
LEAD_STATUSES = {made_id("stat", i): label for i, label in enumerate(("Potential", "Bad Fit", "Qualified", "Customer"))}
STAGES = {
    made_id("stat", 10): ("Demo", StatusType.ACTIVE),
    made_id("stat", 11): ("Proposal", StatusType.ACTIVE),
    made_id("stat", 12): ("Negotiation", StatusType.ACTIVE),
    made_id("stat", 13): ("Won", StatusType.WON),
    made_id("stat", 14): ("Lost", StatusType.LOST),
}
PIPELINE = made_id("pipe", 1)
INDUSTRY, EMPLOYEES, REMARK = (made_id("cf", i) for i in range(3))

_FIELDS = {
    INDUSTRY: ("Industry", DataType.CHOICES),
    EMPLOYEES: ("Employees", DataType.NUMBER),
    REMARK: ("Remark", DataType.TEXT),
}


def furniture(name: str) -> Rows:
    """The rows that come before those of leads. The organization's name says which data these are."""
    return {
        table_of(Organization): [
            {"id": ORGANIZATION, "name": name, "currency": "USD", "time_zone": "UTC", "date_created": START}
        ],
        table_of(User): [owned(id=id, display_name=f"User {i}", is_active=True) for i, id in enumerate(USERS)],
        table_of(LeadStatus): [
            owned(id=id, label=label, label_key=fold(label), position=i)
            for i, (id, label) in enumerate(LEAD_STATUSES.items())
        ],
        table_of(Pipeline): [owned(id=PIPELINE, name="Sales", name_key="sales", position=0)],
        table_of(OpportunityStatus): [
            owned(id=id, pipeline_id=PIPELINE, label=label, label_key=fold(label), type=type, position=i)
            for i, (id, (label, type)) in enumerate(STAGES.items())
        ],
        table_of(CustomField): [_field(id, name, type) for id, (name, type) in _FIELDS.items()],
        table_of(CustomFieldPlacement): [
            owned(
                id=f"{id}_lead",
                target="lead",
                field_id=id,
                position=i,
                is_required=False,
                editable_with_role_ids=[],
            )
            for i, id in enumerate(_FIELDS)
        ],
    }


def owned(**values: Any) -> dict[str, Any]:
    return {"organization_id": ORGANIZATION, **values}


def audited(created: datetime, user: str | None, **values: Any) -> dict[str, Any]:
    return owned(date_created=created, date_updated=created, created_by=user, updated_by=user, version=1, **values)


def _field(id: str, name: str, type: DataType) -> dict[str, Any]:
    return audited(
        START,
        None,
        id=id,
        scope=Scope.LEAD,
        home=Scope.LEAD.value,
        name=name,
        name_key=fold(name),
        data_type=type,
        choices=list(INDUSTRIES) if type is DataType.CHOICES else None,
        accepts_multiple_values=False,
        editable_with_role_ids=[],
    )
