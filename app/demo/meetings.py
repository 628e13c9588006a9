"""Meetings with the people of a lead."""

from datetime import datetime, timedelta

from app.demo.days import text
from app.demo.packing import Agent
from app.demo.phrases import phrases
from app.demo.scene import Person, Record, Scene
from app.demo.seller import mailbox

OUTCOMES = {"completed": 12, "canceled": 1.5, "declined-by-lead": 1}
ANSWERS = {"yes": 8, "maybe": 1, "no": 1, "noreply": 2}
LEAD_TIME = 25
"""Nobody is invited more than this many days ahead, weekends included."""


def add_meetings(scene: Scene, count: int) -> None:
    """Meetings that took place or were called off, and for some leads one to come."""
    for _ in range(count):
        start = scene.line.past(margin=LEAD_TIME)
        _meeting(scene, start, scene.dice.weighted(OUTCOMES))
    if scene.dice.chance(0.45):
        _meeting(scene, scene.line.coming(1, 25), "upcoming")


def _meeting(scene: Scene, start: datetime, status: str) -> None:
    dice, agent, person = scene.dice, scene.agent(), scene.person()
    plan = dice.pick(scene.suitable(phrases("talk")["meetings"]))
    words = scene.words(agent, person) | {"address": _address(scene)}
    start = start.replace(minute=start.minute // 15 * 15, second=0)
    end = start + timedelta(minutes=plan["minutes"])
    invited = scene.line.recent(5) if status == "upcoming" else scene.line.before(start, 14)
    meeting = scene.activity(
        "Meeting",
        invited,
        agent,
        person,
        title=plan["title"].format_map(words),
        status=status,
        starts_at=text(start),
        ends_at=text(end),
        duration=plan["minutes"] * 60,
        location=plan["location"].format_map(words),
        note=plan["note"].format_map(words) if status == "completed" else None,
        source="calendar",
        attendees=[_host(agent), *(_guest(scene, guest, status) for guest in _guests(scene, person))],
    )
    meeting["activity_at"] = text(start)


def _guests(scene: Scene, person: Person) -> list[Person]:
    others = [other for other in scene.people if other is not person]
    return [person, *scene.dice.some(others, scene.dice.between(0, 2))]


def _host(agent: Agent) -> Record:
    return {
        "name": agent.name,
        "email": mailbox(agent),
        "user_id": agent.id,
        "contact_id": None,
        "status": "yes",
        "is_organizer": True,
    }


def _guest(scene: Scene, person: Person, status: str) -> Record:
    answer = "no" if status == "declined-by-lead" else scene.dice.weighted(ANSWERS)
    return {
        "name": person.name,
        "email": person.email,
        "user_id": None,
        "contact_id": person.id,
        "status": answer,
        "is_organizer": False,
    }


def _address(scene: Scene) -> str:
    return f"{scene.name}, {scene.place.city}"
