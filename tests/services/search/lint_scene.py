"""An organization to lint filters in, and short ways to write the filters."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from app.domain.access import Actor
from app.domain.custom_fields import DataType
from app.domain.filters import (
    Boolean,
    Condition,
    CurrentUser,
    CustomField,
    Exists,
    FieldCondition,
    HasRelated,
    Kind,
    MomentRange,
    NumberRange,
    Query,
    Reference,
    RegularField,
    Term,
    Text,
)
from app.domain.moments import EdgeOfDay, Fixed
from app.domain.search_fields import Fields
from app.domain.time import Clock
from app.domain.words import TextMode
from app.services.search.lint import lint
from app.storage.custom_fields import CustomActivityType, CustomFieldPlacement
from app.storage.custom_fields import CustomField as CustomFieldRow
from app.storage.database import Database
from app.storage.leads import Lead, LeadStatus
from app.storage.organizations import User
from app.storage.search import catalogue
from app.storage.session import ScopedSession

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
AUDIT: dict[str, Any] = {"date_created": NOON, "date_updated": NOON}


@dataclass(frozen=True)
class Scene:
    """A caller in an organization with one row of what ids may name, and a custom field of several kinds."""

    database: Database
    actor: Actor
    fields: Fields
    statuses: dict[str, list[str]]

    async def warnings(self, query: Query, zone: str = "UTC", actor: Actor | None = None) -> list[tuple[str, str]]:
        """The codes and messages for a tree."""
        clock = Clock.at(NOON, zone)
        found = await lint(self.database, actor or self.actor, clock, query, self.fields)
        return [(warning.code.value, warning.message) for warning in found]

    async def codes(self, query: Query, zone: str = "UTC") -> list[str]:
        return [code for code, _ in await self.warnings(query, zone)]


async def build(database: Database, actor: Actor) -> Scene:
    async with database.write(actor) as session:
        statuses = [row["id"] for row in await session.find(LeadStatus)]
        lead = {"display_name": "Acme", "sort_name": "acme", "status_id": statuses[0]}
        await session.insert(Lead, {"id": "lead_acme"} | lead | AUDIT)
        await session.insert(User, {"id": "user_former", "display_name": "Former", "is_active": False})
        await session.insert(CustomActivityType, {"id": "actitype_visit", "name": "Visit", "name_key": "visit"} | AUDIT)
        await _define(session, "cf_tier", DataType.CHOICES, choices=["Gold", "Silver"])
        await _define(session, "cf_tags", DataType.CHOICES, choices=["Red", "Blue"], multiple=True)
        await _define(session, "cf_size", DataType.NUMBER)
        await _define(session, "cf_renewal", DataType.DATE)
        await _define(session, "cf_people", DataType.CONTACT)
        fields = await catalogue.load(session)
    return Scene(database, actor, fields, {"lead": statuses})


async def _define(
    session: ScopedSession, id: str, type: DataType, choices: list[str] | None = None, multiple: bool = False
) -> None:
    row = {"id": id, "name": id[3:].capitalize(), "name_key": id[3:], "scope": "lead", "home": "lead"}
    own = {"data_type": type, "choices": choices, "accepts_multiple_values": multiple}
    await session.insert(CustomFieldRow, row | own | AUDIT)
    place = {"id": f"place_{id}", "field_id": id, "target": "lead", "position": 0}
    await session.insert(CustomFieldPlacement, place)


def on(name: str, condition: Condition, kind: Kind = Kind.LEAD) -> FieldCondition:
    """A condition on a field of leads, or of another kind; ids of custom fields begin with cf_."""
    ref = CustomField(name) if name.startswith("cf_") else RegularField(kind, name)
    return FieldCondition(ref, condition)


def number(name: str, kind: Kind = Kind.LEAD, **bounds: str | int) -> FieldCondition:
    exact: dict[str, Any] = {bound: Decimal(value) for bound, value in bounds.items()}
    return on(name, NumberRange(**exact), kind)


def moments(name: str, kind: Kind = Kind.LEAD, **bounds: Any) -> FieldCondition:
    """A range of moments; texts are instants or days."""
    return on(name, MomentRange(**{bound: _moment(value) for bound, value in bounds.items()}), kind)


def _moment(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return EdgeOfDay(date.fromisoformat(value)) if len(value) == 10 else Fixed(datetime.fromisoformat(value))


def exists(name: str, wanted: bool = True, kind: Kind = Kind.LEAD) -> FieldCondition:
    return on(name, Exists(wanted), kind)


def terms(name: str, *values: str, kind: Kind = Kind.LEAD) -> FieldCondition:
    return on(name, Term(values), kind)


def reference(name: str, *ids: str, kind: Kind = Kind.LEAD) -> FieldCondition:
    return on(name, Reference(ids), kind)


def text(name: str, value: str, mode: TextMode = TextMode.FULL_WORDS, kind: Kind = Kind.LEAD) -> FieldCondition:
    return on(name, Text(value, mode), kind)


def flag(name: str, value: bool, kind: Kind) -> FieldCondition:
    return on(name, Boolean(value), kind)


def mine(name: str, wanted: bool = True, kind: Kind = Kind.LEAD) -> FieldCondition:
    return on(name, CurrentUser(wanted), kind)


def related(kind: Kind, query: Query) -> HasRelated:
    return HasRelated(kind, query)
