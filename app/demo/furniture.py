"""What the demo's organization has before its leads come in: people, statuses, pipelines, custom fields."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any

from app.demo.custom_fields import define
from app.demo.days import moved
from app.demo.deals import PIPELINE as SALES
from app.demo.packing import EPOCH, Agent, Stage, accounts
from app.demo.renewals import CANCELLED, DUE, RENEWED
from app.demo.renewals import PIPELINE as RENEWALS
from app.demo.seller import first_name, mailbox
from app.demo.statuses import status_ids
from app.domain.text import fold
from app.storage.custom_fields import CustomField
from app.storage.leads import Lead, LeadStatus
from app.storage.opportunities import OpportunityStatus, Pipeline
from app.storage.organizations import Role, User
from app.storage.session import ScopedSession

SALES_STAGES = ("Prospecting", "Engaging", "Won", "Lost")


TIME_ZONES = {"East": "America/New_York", "Central": "America/Chicago", "West": "America/Los_Angeles"}


async def furnish(session: ScopedSession, today: date) -> None:
    """Set up a new organization as the demo needs it; one with leads or custom fields keeps what it has."""
    if await session.count(Lead) or await session.count(CustomField):
        return
    for model in (OpportunityStatus, Pipeline, LeadStatus):
        await session.delete(model)
    known = list(accounts())
    stages = {deal.stage.label: deal.stage for account in known for deal in account.deals}
    labels = status_ids({account.status_label: account.status_id for account in known})
    statuses = [_status(id, label, place) for place, (label, id) in enumerate(labels.items())]
    await session.insert(LeadStatus, *statuses)
    await _add_pipeline(session, SALES, 0, [stages[label] for label in SALES_STAGES])
    await _add_pipeline(session, RENEWALS, 1, [DUE, RENEWED, CANCELLED])
    await _add_users(session, {deal.agent for account in known for deal in account.deals})
    await define(session, datetime.combine(moved(EPOCH, today), time(), UTC))


async def _add_users(session: ScopedSession, agents: Iterable[Agent]) -> None:
    roles = {row["name"]: row["id"] for row in await session.find(Role)}
    known = {row["id"] for row in await session.find(User)}
    users = [
        {
            "id": agent.id,
            "first_name": first_name(agent),
            "last_name": agent.name.removeprefix(f"{first_name(agent)} "),
            "display_name": agent.name,
            "email": mailbox(agent),
            "time_zone": TIME_ZONES[agent.office],
            "is_active": True,
            "role_id": roles.get("User"),
        }
        for agent in sorted(agents)
        if agent.id not in known
    ]
    await session.insert(User, *users)


async def _add_pipeline(
    session: ScopedSession, pipeline: dict[str, str], position: int, stages: Iterable[Stage]
) -> None:
    id, name = pipeline["pipeline_id"], pipeline["pipeline_name"]
    await session.insert(Pipeline, {"id": id, "name": name, "name_key": fold(name), "position": position})
    rows = [
        _status(stage.id, stage.label, place) | {"pipeline_id": id, "type": stage.type}
        for place, stage in enumerate(stages)
    ]
    await session.insert(OpportunityStatus, *rows)


def _status(id: str, label: str, position: int) -> dict[str, Any]:
    return {"id": id, "label": label, "label_key": fold(label), "position": position}
