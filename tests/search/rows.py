"""The rows of one organization as plain dictionaries, and how objects are related."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlmodel import SQLModel

from app.domain.filters import Kind
from app.storage.activities import Activity
from app.storage.contacts import Contact, ContactEmail, ContactPhone, ContactUrl
from app.storage.custom_fields import CustomField, CustomFieldPlacement, CustomFieldValue
from app.storage.leads import Lead, LeadAddress
from app.storage.opportunities import Opportunity, OpportunityStatus
from app.storage.organizations import User
from app.storage.reads import table_of
from app.storage.session import ScopedSession
from app.storage.tasks import Task

Row: TypeAlias = Mapping[str, Any]

MODELS: tuple[type[SQLModel], ...] = (
    User,
    Lead,
    LeadAddress,
    Contact,
    ContactEmail,
    ContactPhone,
    ContactUrl,
    OpportunityStatus,
    Opportunity,
    Task,
    Activity,
    CustomField,
    CustomFieldPlacement,
    CustomFieldValue,
)

_TABLES = {
    Kind.LEAD: "lead",
    Kind.CONTACT: "contact",
    Kind.CONTACT_PHONE: "contact_phone",
    Kind.CONTACT_EMAIL: "contact_email",
    Kind.CONTACT_URL: "contact_url",
    Kind.ADDRESS: "lead_address",
    Kind.OPPORTUNITY: "opportunity",
    Kind.TASK: "task",
}
_ACTIVITY_TYPES = {Kind.CUSTOM_ACTIVITY: "custom"}
_OWNERS = {
    Kind.LEAD: "lead",
    Kind.CONTACT: "contact",
    Kind.OPPORTUNITY: "opportunity",
    Kind.CUSTOM_ACTIVITY: "activity",
}
_BELOW_LEADS = (Kind.CONTACT, Kind.ADDRESS, Kind.OPPORTUNITY, Kind.TASK)
_BELOW_CONTACTS = (Kind.CONTACT_EMAIL, Kind.CONTACT_PHONE, Kind.CONTACT_URL, Kind.OPPORTUNITY, Kind.TASK)
_EVERY_ACTIVITY = tuple(kind for kind in Kind if kind not in _TABLES)

# From a row to the rows that name it, by the column in which they do.
CHILDREN: dict[tuple[Kind, Kind], str] = {
    **{(Kind.LEAD, kind): "lead_id" for kind in (*_BELOW_LEADS, *_EVERY_ACTIVITY)},
    **{(Kind.CONTACT, kind): "contact_id" for kind in (*_BELOW_CONTACTS, *_EVERY_ACTIVITY)},
    (Kind.OPPORTUNITY, Kind.OPPORTUNITY_STATUS_CHANGE): "object_id",
    (Kind.TASK, Kind.TASK_COMPLETED): "object_id",
    (Kind.EMAIL_THREAD, Kind.EMAIL): "thread_id",
}
RELATIONS = frozenset(CHILDREN) | {(child, parent) for parent, child in CHILDREN}


@dataclass(frozen=True)
class World:
    """The rows by their table, and by what their columns hold as soon as somebody looks for it."""

    tables: Mapping[str, Sequence[Row]]
    _found: dict[tuple[str, str], dict[Any, list[Row]]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    async def of(cls, session: ScopedSession) -> "World":
        """What an organization holds."""
        return cls({table_of(model).name: [dict(row) for row in await session.find(model)] for model in MODELS})

    def rows(self, kind: Kind) -> Sequence[Row]:
        if kind in _TABLES:
            return self.tables.get(_TABLES[kind], ())
        activities = self.tables.get("activity", ())
        return [row for row in activities if _is(row, kind)]

    def where(self, table: str, column: str, value: Any) -> Sequence[Row]:
        """The rows of a table with this value in a column; none for null."""
        if value is None:
            return ()
        if (table, column) not in self._found:
            found = self._found[table, column] = {}
            for row in self.tables.get(table, ()):
                found.setdefault(row[column], []).append(row)
        return self._found[table, column].get(value, ())

    def related(self, kind: Kind, row: Row, other: Kind) -> Iterable[Row]:
        """The objects of another kind that are related to a row; none where the two kinds are not."""
        if link := CHILDREN.get((kind, other)):
            return self._of(other, link, row["id"])
        if link := CHILDREN.get((other, kind)):
            return self._of(other, "id", row[link])
        return ()

    def custom_values(self, kind: Kind, id: str, field_id: str | None = None) -> list[Row]:
        """The rows of the custom-field values of an object, of one field or of all."""
        own = self.where("custom_field_value", "object_id", id)
        return [row for row in own if row["owner_type"] == _OWNERS.get(kind) and field_id in (None, row["field_id"])]

    def _of(self, kind: Kind, column: str, value: Any) -> Iterator[Row]:
        found = self.where(_TABLES.get(kind, "activity"), column, value)
        return (row for row in found if kind in _TABLES or _is(row, kind))


def _is(activity: Row, kind: Kind) -> bool:
    return kind is Kind.ACTIVITY or activity["type"] == _ACTIVITY_TYPES.get(kind, kind.value)
