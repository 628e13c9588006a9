"""The kinds of object that a lead's record holds, and what one of them is on its way into the database."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table
from sqlmodel import SQLModel

from app.domain.custom_fields import OwnerType
from app.storage.activities import Activity
from app.storage.contacts import Contact
from app.storage.leads import Lead
from app.storage.opportunities import Opportunity
from app.storage.reads import table_of
from app.storage.tasks import Task

Row = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """A kind of object: its table, the prefix of its ids, and what several are called, as in a lead's record."""

    name: str
    model: type[SQLModel]
    prefix: str
    collection: str
    owner: OwnerType | None = None

    @property
    def table(self) -> Table:
        return table_of(self.model)


LEAD = Kind("lead", Lead, "lead", "leads", OwnerType.LEAD)
CONTACT = Kind("contact", Contact, "cont", "contacts", OwnerType.CONTACT)
OPPORTUNITY = Kind("opportunity", Opportunity, "oppo", "opportunities", OwnerType.OPPORTUNITY)
TASK = Kind("task", Task, "task", "tasks")
ACTIVITY = Kind("activity", Activity, "acti", "activities", OwnerType.ACTIVITY)

CHILDREN = (CONTACT, OPPORTUNITY, TASK, ACTIVITY)
KINDS = (LEAD, *CHILDREN)


@dataclass
class Draft:
    """An object as the file tells it.

    `columns` and `details` are what the record gives, `defaults` what a new row has besides. `lists` replace the
    rows of the tables they name, `values` those of the custom fields they name; what is absent stays as it is.
    """

    kind: Kind
    id: str
    path: str
    record: Any
    columns: Row
    details: Row = field(default_factory=dict)
    defaults: Row = field(default_factory=dict)
    lists: dict[type[SQLModel], list[Row]] = field(default_factory=dict)
    values: dict[str, list[Row]] = field(default_factory=dict)


@dataclass(frozen=True)
class Rejection:
    """What is kept out: a lead's record, or with a path an object of it."""

    index: int
    path: str
    reason: str
    record: Any
    lead_id: str | None = None


@dataclass
class LeadDraft:
    """A lead with its children, and the objects of its record that cannot come in."""

    index: int
    lead: Draft
    children: list[Draft]
    rejections: list[Rejection]

    @property
    def size(self) -> int:
        return 1 + len(self.children)
