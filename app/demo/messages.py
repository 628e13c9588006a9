"""Text messages, and the tasks that incoming ones leave behind."""

from datetime import datetime

from app.demo.days import text
from app.demo.packing import Agent
from app.demo.scene import AN_HOUR, BY_ITSELF, Person, Record, Scene
from app.demo.seller import DOMAIN, direct_line


def add_messages(scene: Scene, count: int) -> None:
    for _ in range(count):
        if person := scene.reachable():
            if scene.dice.chance(0.45):
                _incoming(scene, person, is_open=scene.dice.chance(0.25), has_photo=scene.dice.chance(0.2))
            else:
                _outgoing(scene, person)


def add_planned_message(scene: Scene) -> None:
    """A message that waits for its hour."""
    if person := scene.reachable():
        agent, due = scene.agent(), scene.line.coming(1, 12)
        words = scene.words(agent, person)
        message = scene.dice.pick(scene.templates("sms_scheduled")).format_map(words)
        sms = _message(scene, scene.line.recent(2), agent, person, direction="outbound", message=message)
        sms |= {"status": "scheduled", "date_sent": None, "date_scheduled": text(due)}


def _incoming(scene: Scene, person: Person, *, is_open: bool, has_photo: bool) -> None:
    agent = scene.agent()
    moment = scene.line.recent(3) if is_open else scene.line.past()
    words = scene.words(agent, person)
    message = scene.dice.pick(scene.templates("mms" if has_photo else "sms_incoming")).format_map(words)
    sms = _message(scene, moment, agent, person, direction="inbound", message=message)
    sms |= {"status": "inbox", **BY_ITSELF}
    if has_photo:
        sms["attachments"] = [_photo(scene, n) for n in range(1, scene.dice.between(1, 2) + 1)]
    copied = {name: sms[name] for name in ("text", "remote_phone", "local_phone", "attachments")}
    scene.task(
        "incoming_sms",
        moment,
        text(moment),
        agent,
        person,
        None if is_open else moment + AN_HOUR,
        object_type="sms",
        object_id=sms["id"],
        **copied,
    )


def _outgoing(scene: Scene, person: Person) -> None:
    agent = scene.agent()
    words = scene.words(agent, person)
    message = scene.dice.pick(scene.templates("sms_outgoing")).format_map(words)
    sms = _message(scene, scene.line.past(), agent, person, direction="outbound", message=message)
    if scene.dice.chance(0.05):
        sms |= {"status": "error", "date_sent": None, "error_message": "The number cannot receive text messages."}


def _message(scene: Scene, moment: datetime, agent: Agent, person: Person, *, direction: str, message: str) -> Record:
    return scene.activity(
        "SMS",
        moment,
        agent,
        person,
        direction=direction,
        status="sent",
        text=message,
        remote_phone=person.phone,
        local_phone=direct_line(agent),
        date_sent=text(moment),
        date_scheduled=None,
        attachments=[],
    )


def _photo(scene: Scene, number: int) -> Record:
    media = scene.new_id("media", "photo")
    return {
        "media_id": media,
        "filename": f"photo-{number}.jpg",
        "content_type": "image/jpeg",
        "size": scene.dice.between(120_000, 2_400_000),
        "url": f"https://files.{DOMAIN}/{media}.jpg",
        "thumbnail_url": f"https://files.{DOMAIN}/{media}-small.jpg",
    }
