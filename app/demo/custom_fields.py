"""The demo's custom fields, of every type, and its custom activity types."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.demo.ids import made
from app.demo.packing import accounts
from app.demo.people import INTERESTS, LANGUAGES, PARTS
from app.demo.phrases import phrases
from app.demo.seller import AREA_CODES, LIST_PRICES
from app.demo.story import SHIPPING
from app.demo.visits import CAMPAIGNS, OUTCOMES, PRODUCT_DEMO, SITE_VISIT, VERDICTS, type_id
from app.domain.custom_fields import DataType, Scope
from app.domain.text import fold
from app.storage.custom_fields import CustomActivityType, CustomField, CustomFieldPlacement
from app.storage.session import ScopedSession


@dataclass(frozen=True)
class Field:
    name: str
    data_type: DataType
    choices: tuple[str, ...] | None = None
    is_multiple: bool = False
    is_required: bool = False
    description: str | None = None


def choices(name: str, *items: str, **options: Any) -> Field:
    return Field(name, DataType.CHOICES, items, **options)


def fields() -> Mapping[str, tuple[Field, ...]]:
    """The fields of each kind of object, and of each custom activity type by its name."""
    return {
        Scope.LEAD: (
            choices("Sector", *_sectors()),
            Field("Year Established", DataType.NUMBER),
            Field("Revenue (M USD)", DataType.NUMBER, description="Last full year, in millions."),
            Field("Employees", DataType.NUMBER),
            Field("Subsidiary Of", DataType.TEXT),
            choices("Shipping Options", *SHIPPING, is_multiple=True),
            Field("Supplier Number", DataType.TEXT, description="Our number in the customer's books."),
            Field("Contract Signed", DataType.DATE),
            Field("Account Manager", DataType.USER),
            Field("Billing Contact", DataType.CONTACT),
            Field("ERP Record", DataType.HIDDEN, description="Written by the link to the stock system."),
        ),
        Scope.CONTACT: (
            choices("Part in Purchase", *PARTS),
            choices("Interests", *INTERESTS, is_multiple=True),
            choices("Preferred Language", "English", *LANGUAGES.values()),
            Field("Signs up to (USD)", DataType.NUMBER, description="The largest order that needs no other name."),
        ),
        Scope.OPPORTUNITY: (
            choices("Product", *LIST_PRICES),
            choices("Regional Office", *AREA_CODES),
            Field("Units Covered", DataType.NUMBER),
            Field("Contract End", DataType.DATE),
        ),
        SITE_VISIT: (
            Field("Visit Date", DataType.DATE, is_required=True),
            Field("Racks", DataType.NUMBER),
            Field("Free Power (kW)", DataType.NUMBER),
            choices("Verdict", *VERDICTS, is_required=True),
            Field("Findings", DataType.TEXTAREA),
            Field("Surveyor", DataType.USER),
            Field("Hosts", DataType.CONTACT, is_multiple=True),
        ),
        PRODUCT_DEMO: (
            choices("Products Shown", *LIST_PRICES, is_multiple=True, is_required=True),
            Field("Audience", DataType.NUMBER),
            choices("Outcome", *OUTCOMES),
            Field("Feedback", DataType.TEXTAREA),
            Field("Follow-up At", DataType.DATETIME),
        ),
    }


SHARED = choices("Campaign", *CAMPAIGNS, description="What brought the lead in, or the people together.")


async def define(session: ScopedSession, moment: datetime) -> None:
    """Add the definitions, as made at a moment."""
    audit = {"date_created": moment, "date_updated": moment, "version": 1}
    names = (SITE_VISIT, PRODUCT_DEMO)
    await session.insert(CustomActivityType, *(audit | _activity_type(name) for name in names))
    placed = [(owner, position, field) for owner, some in fields().items() for position, field in enumerate(some)]
    definitions = [_definition(owner, field) for owner, _, field in placed]
    await session.insert(CustomField, *(audit | row for row in (*definitions, _definition(Scope.SHARED, SHARED))))
    shared = [_placement(Scope.SHARED, 99, SHARED, on=target) for target in (Scope.LEAD, PRODUCT_DEMO)]
    await session.insert(CustomFieldPlacement, *(_placement(*place) for place in placed), *shared)


def _activity_type(name: str) -> dict[str, Any]:
    return {
        "id": type_id(name),
        "name": name,
        "name_key": fold(name),
        "is_archived": False,
        "api_create_only": False,
        "editable_with_role_ids": [],
    }


def _definition(owner: str, field: Field) -> dict[str, Any]:
    on_activity = owner in {SITE_VISIT, PRODUCT_DEMO}
    return {
        "id": made("cf", owner, field.name),
        "scope": Scope.ACTIVITY if on_activity else Scope(owner),
        "custom_activity_type_id": type_id(owner) if on_activity else None,
        "home": _target(owner),
        "name": field.name,
        "name_key": fold(field.name),
        "description": field.description,
        "data_type": field.data_type,
        "choices": list(dict.fromkeys(field.choices)) if field.choices else None,
        "accepts_multiple_values": field.is_multiple,
        "editable_with_role_ids": [],
    }


def _placement(owner: str, position: int, field: Field, on: str | None = None) -> dict[str, Any]:
    id, target = made("cf", owner, field.name), _target(on or owner)
    return {
        "id": f"{id}.{target}",
        "target": target,
        "field_id": id,
        "position": position,
        "is_required": field.is_required,
        "editable_with_role_ids": [],
    }


def _target(owner: str) -> str:
    return type_id(owner) if owner in {SITE_VISIT, PRODUCT_DEMO} else owner


def _sectors() -> list[str]:
    known = {account.facts["Sector"] for account in accounts() if "Sector" in account.facts}
    return sorted(known | {prospect["sector"] for prospect in phrases("prospects")["prospects"]})
