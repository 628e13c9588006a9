"""What happens on a lead, and the record that tells it."""

from datetime import datetime
from typing import Any

from app.demo.calls import add_calls
from app.demo.days import text
from app.demo.mails import add_conversations, add_unsent
from app.demo.meetings import add_meetings
from app.demo.messages import add_messages, add_planned_message
from app.demo.notes import add_notes
from app.demo.scene import Record, Scene
from app.demo.todos import add_closing_deals, add_todos
from app.demo.visits import add_visits

SHIPPING = ("Standard", "Express", "Pallet", "Pick-up")


def tell(scene: Scene, busy: float) -> None:
    """Let the team work on the lead; `busy` is 1 for a customer of long standing."""
    dice = scene.dice

    def some(low: int, high: int) -> int:
        return round(dice.between(low, high) * busy)

    add_notes(scene, some(4, 8))
    add_calls(scene, some(5, 11))
    add_conversations(scene, some(3, 6))
    add_messages(scene, some(2, 5))
    add_meetings(scene, some(1, 4))
    add_visits(scene, some(0, 3))
    add_todos(scene, some(4, 8))
    add_closing_deals(scene)
    if dice.chance(0.35):
        add_unsent(scene)
    if dice.chance(0.2):
        add_planned_message(scene)


def lead(scene: Scene, status: Record, updated: datetime, **values: Any) -> Record:
    """The lead's record in the leads-export format."""
    agent = scene.team[0]
    return {
        "id": scene.id,
        "name": scene.name,
        "display_name": scene.name,
        **status,
        "url": f"https://www.{scene.domain}",
        "date_created": text(scene.created),
        "date_updated": text(updated),
        "created_by": agent.id,
        "updated_by": agent.id,
        **values,
        "contacts": [person.record for person in scene.people],
        "opportunities": scene.opportunities,
        "tasks": scene.tasks,
        "activities": scene.activities,
    }


def addresses(scene: Scene) -> list[Record]:
    """Where the lead is, and for some where its mail goes."""
    found = [scene.place.address(scene.dice)]
    if scene.dice.chance(0.15):
        found.append(scene.place.address(scene.dice, "mailing"))
    return found


def description(scene: Scene, facts: Record) -> str:
    return scene.dice.pick(scene.templates("descriptions")).format(
        sector=str(facts["Sector"]).capitalize(),
        city=scene.place.city,
        founded=facts["Year Established"],
        employees=facts["Employees"],
    )


def extras(scene: Scene, signed: datetime | None) -> Record:
    """Custom fields that the data set does not have."""
    dice = scene.dice
    values: Record = {
        "Shipping Options": dice.some(SHIPPING, dice.between(1, 3)),
        "Supplier Number": f"V-{dice.between(10_000, 99_999)}",
        "Contract Signed": str(signed.date()) if signed else None,
        "Account Manager": scene.team[0].id,
        "Billing Contact": dice.pick(scene.people).id,
        "ERP Record": {"debtor": dice.between(100_000, 999_999), "blocked": dice.chance(0.1), "terms": [14, 30]},
    }
    return {name: value for name, value in values.items() if value is not None and dice.chance(0.8)}
