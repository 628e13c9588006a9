"""To-dos on a lead: done, due, planned and without a date; and opportunities that are about to close."""

from datetime import date, datetime, timedelta

from app.demo.days import text
from app.demo.packing import Agent
from app.demo.scene import Person, Record, Scene

KINDS = {"done": 5, "overdue": 2, "today": 1, "planned": 3, "someday": 1}
NEAR = range(-6, 22)
"""Days from today in which the close of an opportunity counts as near."""
OPEN_DEALS = 2


def add_todos(scene: Scene, count: int) -> None:
    for template in scene.dice.some(scene.templates("todos"), count):
        agent, person = scene.agent(), scene.person()
        todo = template.format_map(scene.words(agent, person))
        about = person if scene.dice.chance(0.5) else None
        kind = scene.dice.weighted(KINDS)
        made, due = _moments(scene, kind)
        task = scene.task("lead", made, _date(scene, due), agent, about, text=todo)
        if kind == "done":
            _complete(scene, task, made, agent, about)


def add_closing_deals(scene: Scene) -> None:
    """A reminder on the close day of open opportunities that are near it."""
    today = scene.line.today
    near = [
        deal
        for deal in scene.opportunities
        if deal["status_type"] == "active"
        and deal.get("close_date")
        and (date.fromisoformat(deal["close_date"]) - today).days in NEAR
    ]
    agents = {agent.id: agent for agent in scene.team}
    for deal in near[:OPEN_DEALS]:
        agent = agents.get(deal["user_id"], scene.team[0])
        person = next((person for person in scene.people if person.id == deal["contact_id"]), None)
        made = datetime.fromisoformat(deal["date_created"])
        scene.task(
            "opportunity_due",
            made,
            deal["close_date"],
            agent,
            person,
            object_type="opportunity",
            object_id=deal["id"],
            opportunity_note=deal["note"],
            opportunity_value=deal["value"],
            opportunity_value_currency=deal["value_currency"],
            opportunity_value_period=deal["value_period"],
        )


def _moments(scene: Scene, kind: str) -> tuple[datetime, datetime | None]:
    """When the to-do was written down, and when it is due."""
    written = scene.line.past(margin=1) if kind == "done" else scene.line.recent(20)
    planned, late = scene.line.coming(1, 40), scene.dice.between(1, 12)
    match kind:
        case "done":
            return written, written + timedelta(days=3)
        case "overdue":
            due = datetime.combine(scene.line.today, planned.timetz()) - timedelta(days=late)
            return scene.line.before(due, 9), due
        case "today":
            return written, datetime.combine(scene.line.today, planned.timetz())
        case "planned":
            return written, planned
        case _:
            return written, None


def _date(scene: Scene, due: datetime | None) -> str | None:
    """A day, or for one in three a moment."""
    is_moment = scene.dice.chance(0.35)
    if due is None:
        return None
    return text(due.replace(minute=due.minute // 15 * 15, second=0)) if is_moment else str(due.date())


def _complete(scene: Scene, task: Record, made: datetime, agent: Agent, about: Person | None) -> None:
    done = made + timedelta(days=2, minutes=scene.dice.between(-90, 90))
    if done >= scene.line.midnight:
        done = made + timedelta(hours=1)
    task |= {"is_complete": True, "date_completed": text(done), "date_updated": text(done)}
    scene.activity(
        "TaskCompleted",
        done,
        agent,
        about,
        task_id=task["id"],
        task_text=task["text"],
        task_assigned_to=agent.id,
        task_assigned_to_name=agent.name,
    )
