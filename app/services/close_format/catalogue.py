"""What the objects of an organization refer to, read once for an export: users, statuses, types and fields."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import SQLModel

from app.domain.custom_fields import DataType, Scope
from app.services.close_format.custom_keys import FLAT, NAMED
from app.services.close_format.fields import CustomFieldUse
from app.services.close_format.fitting import written
from app.services.close_format.learning import USER_KEYS
from app.storage.custom_fields import CustomActivityType, CustomField
from app.storage.leads import LeadStatus
from app.storage.opportunities import OpportunityStatus, Pipeline
from app.storage.organizations import User
from app.storage.session import ScopedSession

Rows = Mapping[str, Mapping[Any, Any]]


@dataclass
class Catalogue:
    users: Rows
    lead_statuses: Rows
    opportunity_statuses: Rows
    pipelines: Rows
    activity_types: Rows
    fields: Rows
    _defined: set[str] = field(default_factory=set)

    def with_users(self, record: Mapping[Any, Any]) -> dict[str, Any]:
        """The record with each user's name after the id."""
        named: dict[str, Any] = {}
        for key, value in record.items():
            named[key] = value
            if key in USER_KEYS:
                user = self.users.get(value)
                named[USER_KEYS[key]] = user["display_name"] if user else None
        return named

    def custom(self, rows: Iterable[Mapping[Any, Any]]) -> dict[str, Any]:
        """The custom values of an object by name and by id, in the order of the names."""
        by_field: dict[str, list[Mapping[Any, Any]]] = {}
        for row in rows:
            by_field.setdefault(row["field_id"], []).append(row)
        named: dict[str, Any] = {}
        flat: dict[str, Any] = {}
        for id in sorted(by_field, key=self._order):
            definition = self.fields[id]
            value = written(_use(definition), by_field[id])
            named.setdefault(definition["name"], value)
            flat[FLAT + id] = value
        return {NAMED: named, **flat}

    def definitions(self, ids: Iterable[str]) -> list[dict[str, Any]]:
        """The definitions of these fields, without those that were asked for before."""
        new = set(ids) - self._defined
        self._defined |= new
        return [_definition(self.fields[id]) for id in sorted(new, key=self._order)]

    def _order(self, id: str) -> tuple[str, str, str]:
        return self.fields[id]["home"], self.fields[id]["name"], id


async def load_catalogue(session: ScopedSession) -> Catalogue:
    async def rows(model: type[SQLModel]) -> Rows:
        return {row["id"]: row for row in await session.find(model)}

    return Catalogue(
        await rows(User),
        await rows(LeadStatus),
        await rows(OpportunityStatus),
        await rows(Pipeline),
        await rows(CustomActivityType),
        await rows(CustomField),
    )


def _use(row: Mapping[Any, Any]) -> CustomFieldUse:
    return CustomFieldUse(
        row["id"], row["name"], row["data_type"], row["accepts_multiple_values"], frozenset(row["choices"] or ())
    )


def _definition(row: Mapping[Any, Any]) -> dict[str, Any]:
    definition = {
        "id": row["id"],
        "name": row["name"],
        "description": row["description"],
        "type": row["data_type"].value,
        "accepts_multiple_values": row["accepts_multiple_values"],
        "is_shared": row["scope"] is Scope.SHARED,
    }
    return definition | ({"choices": row["choices"]} if row["data_type"] is DataType.CHOICES else {})
