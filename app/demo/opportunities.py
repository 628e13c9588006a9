"""What every opportunity of the demo has, and the activity that records how it ended."""

from datetime import date, timedelta
from typing import Any

from app.demo.days import noon
from app.demo.packing import Agent, Stage
from app.demo.scene import Record, Scene

CLOSE_DAYS = (-25, 95)
"""Open opportunities are expected to close on a day in this range, counted from today."""


def add_opportunity(
    scene: Scene, id: str, agent: Agent, stage: Stage, created: date, closed: date | None, **values: Any
) -> Record:
    has_person, days = scene.dice.chance(0.85), scene.dice.between(*CLOSE_DAYS)
    person = scene.person() if has_person and scene.people else None
    opportunity: Record = {
        "id": id,
        "lead_id": scene.id,
        "lead_name": scene.name,
        "contact_id": person.id if person else None,
        "contact_name": person.name if person else None,
        "user_id": agent.id,
        "user_name": agent.name,
        "status_id": stage.id,
        "status_label": stage.label,
        "status_type": stage.type,
        "confidence": stage.confidence,
        "value_period": "one_time",
        "value_currency": "USD",
        "created_by": agent.id,
        "updated_by": agent.id,
        "date_created": noon(created),
        "date_updated": noon(closed or created),
        "close_date": str(scene.line.today + timedelta(days=days)) if stage.type == "active" else None,
        "date_won": noon(closed) if closed and stage.type == "won" else None,
        "date_lost": noon(closed) if closed and stage.type == "lost" else None,
    }
    scene.opportunities.append(opportunity | values)
    return scene.opportunities[-1]


def add_change(scene: Scene, opportunity: Record, old: Stage, new: Stage, agent: Agent) -> None:
    """The change of status that ended an opportunity, on the day on which it was last changed."""
    moment = opportunity["date_updated"]
    scene.activities.append(
        {
            "_type": "OpportunityStatusChange",
            "id": opportunity["id"].replace("oppo_", "acti_"),
            "lead_id": scene.id,
            "contact_id": None,
            "user_id": agent.id,
            "user_name": agent.name,
            "date_created": moment,
            "date_updated": moment,
            "activity_at": moment,
            "opportunity_id": opportunity["id"],
            "old_status_id": old.id,
            "old_status_label": old.label,
            "old_status_type": old.type,
            "new_status_id": new.id,
            "new_status_label": new.label,
            "new_status_type": new.type,
        }
    )
