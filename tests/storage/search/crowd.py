"""An organization large enough for a planner to care: thousands of objects of each kind, made by counting."""

from datetime import date, timedelta
from typing import Any

from sqlmodel import SQLModel

from app.domain.access import Actor
from app.services import organizations
from app.storage.activities import Activity
from app.storage.contacts import Contact, ContactEmail, ContactPhone
from app.storage.custom_fields import CustomField, CustomFieldPlacement, CustomFieldValue
from app.storage.database import Database
from app.storage.leads import Lead, LeadStatus
from app.storage.opportunities import Opportunity, OpportunityStatus
from app.storage.session import ScopedSession
from app.storage.tasks import Task
from tests.storage.scenery import AUDIT, NOON

LEADS = 3_000
TYPES = ("text", "hidden", "number", "date", "datetime", "choices", "user")
TITLES = ("Chief executive officer", "Chief officer", "Account manager", "Buyer", None)
KINDS = ("call", "email", "note", "opportunity_status_change")


async def settle(database: Database) -> Actor:
    """The system in the organization."""
    actor = Actor.system(await organizations.create(database, "Acme"))
    async with database.write(actor) as session:
        lead_status = (await session.find(LeadStatus))[0]["id"]
        stage = (await session.find(OpportunityStatus))[0]["id"]
        await _fields(session)
        for model, rows in _rows(lead_status, stage).items():
            await session.insert(model, *rows)
    await database.refresh_statistics()
    return actor


async def _fields(session: ScopedSession) -> None:
    fields = [
        {
            "id": f"cf_{type}",
            **AUDIT,
            "scope": "lead",
            "home": "lead",
            "name": type,
            "name_key": type,
            "data_type": type,
        }
        for type in TYPES
    ]
    await session.insert(CustomField, *fields)
    places = [
        {"id": f"at_{type}", "target": "lead", "field_id": f"cf_{type}", "position": n} for n, type in enumerate(TYPES)
    ]
    await session.insert(CustomFieldPlacement, *places)


def _rows(lead_status: str, stage: str) -> dict[type[SQLModel], list[dict[str, Any]]]:
    numbers = range(LEADS)
    return {
        Lead: [_lead(n, lead_status) for n in numbers],
        Contact: [_contact(n) for n in range(2 * LEADS)],
        ContactEmail: [
            {"id": f"e{n}", "contact_id": f"cont_{n}", "position": 0, "type": "office", "email": f"p{n}@e{n % 97}.test"}
            for n in numbers
        ],
        ContactPhone: [
            {"id": f"p{n}", "contact_id": f"cont_{n}", "position": 0, "type": "office", "phone": f"+4930{n:07}"}
            for n in numbers
        ],
        Opportunity: [_opportunity(n, stage) for n in numbers],
        Task: [_task(n) for n in numbers],
        Activity: [_activity(n) for n in range(4 * LEADS)],
        CustomFieldValue: [_value(n, type) for n in numbers for type in TYPES],
    }


def _dated(n: int) -> dict[str, Any]:
    moment = NOON - timedelta(hours=n)
    return {**AUDIT, "date_created": moment, "date_updated": moment}


def _lead(n: int, status: str) -> dict[str, Any]:
    name = f"Company {n} Foo" if n % 100 == 0 else f"Company {n}"
    shown = {"name": name, "display_name": name, "sort_name": name.lower()}
    return {"id": f"lead_{n}", **_dated(n), **shown, "status_id": status, "source": "web" if n % 3 else None}


def _contact(n: int) -> dict[str, Any]:
    named = {"name": f"Person {n}", "display_name": f"Person {n}", "sort_name": f"person {n}"}
    title = TITLES[n % len(TITLES)] if n % 50 == 0 else None
    return {"id": f"cont_{n}", **_dated(n), **named, "lead_id": f"lead_{n % LEADS}", "title": title}


def _opportunity(n: int, status: str) -> dict[str, Any]:
    worth = {"confidence": n % 100, "value_cents": n * 1_000, "value_period": "annual"}
    won = {"date_won": date(2026, 1, 1) + timedelta(days=n % 300)}
    return {"id": f"oppo_{n}", **_dated(n), "lead_id": f"lead_{n}", "status_id": status, **worth, **won}


def _task(n: int) -> dict[str, Any]:
    day = date(2026, 1, 1) + timedelta(days=n % 300)
    return {
        "id": f"task_{n}",
        **_dated(n),
        "type": "lead",
        "lead_id": f"lead_{n}",
        "date": day,
        "is_complete": n % 2 == 0,
    }


def _activity(n: int) -> dict[str, Any]:
    about = {"type": KINDS[n % 4], "lead_id": f"lead_{n % LEADS}", "date": NOON - timedelta(hours=n)}
    change = {"object_id": f"oppo_{n % LEADS}", "new_status_id": "stat_a" if n % 8 else "stat_c"}
    return {"id": f"acti_{n}", **_dated(n), **about, "text": f"Talk {n % 50}", **change}


def _value(n: int, type: str) -> dict[str, Any]:
    own = {"id": f"{type}_{n}", "object_id": f"lead_{n}", "owner_type": "lead", "lead_id": f"lead_{n}"}
    values: dict[str, Any] = dict.fromkeys(("text", "number", "date", "date_time", "item", "json_value"))
    match type:
        case "text":
            values["text"] = "Foo" if n % 100 == 0 else f"Word {n % 40}"
        case "number":
            values["number"] = n % 500
        case "date":
            values["date"] = date(2025, 1, 1) + timedelta(days=n % 600)
        case "datetime":
            values["date_time"] = NOON - timedelta(hours=n)
        case "hidden":
            values["json_value"] = {"n": n}
        case _:
            values["item"] = "Software as a service" if n % 100 == 0 else f"item {n % 30}"
    return {**own, "field_id": f"cf_{type}", **values}
