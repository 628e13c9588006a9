"""Phone calls, and the tasks that missed and unexpected ones leave behind."""

from datetime import datetime

from app.demo.days import text
from app.demo.packing import Agent
from app.demo.scene import AN_HOUR, BY_ITSELF, Person, Record, Scene
from app.demo.seller import DOMAIN, direct_line

OUTBOUND = {
    # disposition: (status, phrases of the note, shortest and longest duration in seconds, weight)
    "answered": ("completed", "calls_answered", 45, 1_500, 10),
    "no-answer": ("no-answer", "calls_missed", 0, 0, 3),
    "vm-left": ("completed", "calls_voicemail", 18, 55, 2),
    "vm-answer": ("completed", None, 8, 25, 1),
    "busy": ("busy", None, 0, 0, 1),
    "blocked": ("failed", None, 0, 0, 0.3),
    "error": ("failed", None, 0, 0, 0.3),
}
INBOUND = {"answered": 5, "missed": 2, "voicemail": 2}


def add_calls(scene: Scene, count: int) -> None:
    """Calls of the past, and sometimes one of these days that still has to be answered."""
    for _ in range(count):
        person = scene.reachable()
        if person is None:
            return
        if scene.dice.chance(0.75):
            _outbound(scene, person)
        else:
            _inbound(scene, person, scene.line.past(), is_open=False)
    if (person := scene.reachable()) and scene.dice.chance(0.4):
        _inbound(scene, person, scene.line.recent(6), is_open=True)


def add_unknown_caller(scene: Scene, phone: str, is_open: bool) -> None:
    """A call from a number that belongs to no contact."""
    agent = scene.agent()
    moment = scene.line.recent(4) if is_open else scene.line.past()
    note = scene.dice.pick(scene.templates("calls_unknown")).format_map(scene.words(agent, None))
    call = _call(scene, moment, agent, None, phone, direction="inbound", duration=scene.dice.between(30, 240))
    call |= {"status": "completed", "disposition": "answered", "note": note}
    _task(scene, "answered_detached_call", call, agent, None, is_open)


def _outbound(scene: Scene, person: Person) -> None:
    dice, agent = scene.dice, scene.agent()
    disposition = dice.weighted({name: kind[-1] for name, kind in OUTBOUND.items()})
    status, notes, low, high, _ = OUTBOUND[disposition]
    words = scene.words(agent, person)
    moment, duration = scene.line.past(), dice.between(low, high)
    call = _call(scene, moment, agent, person, person.phone, direction="outbound", duration=duration)
    call |= {
        "status": status,
        "disposition": disposition,
        "note": dice.pick(scene.templates(notes)).format_map(words) if notes else None,
    }
    if disposition == "answered" and dice.chance(0.4):
        call["recording_url"] = f"https://recordings.{DOMAIN}/{call['id']}.mp3"


def _inbound(scene: Scene, person: Person, moment: datetime, is_open: bool) -> None:
    dice, agent = scene.dice, scene.agent()
    kind = dice.weighted({name: weight for name, weight in INBOUND.items() if not is_open or name != "answered"})
    note = dice.pick(scene.templates("calls_inbound")).format_map(scene.words(agent, person))
    duration, voicemail = dice.between(30, 600), dice.between(6, 90)
    call = _call(scene, moment, agent, person, person.phone, direction="inbound", duration=0)
    if kind == "answered":
        call |= {"status": "completed", "disposition": "answered", "duration": duration, "note": note}
        return
    call |= {"status": "no-answer", "disposition": "no-answer"}
    if kind == "missed":
        _task(scene, "missed_call", call, agent, person, is_open)
        return
    call["voicemail_url"] = f"https://recordings.{DOMAIN}/voicemail/{call['id']}.mp3"
    call["voicemail_duration"] = voicemail
    left = {name: call[name] for name in ("voicemail_url", "voicemail_duration")}
    _task(scene, "voicemail", call, agent, person, is_open, **left)


def _call(
    scene: Scene,
    moment: datetime,
    agent: Agent,
    person: Person | None,
    phone: str | None,
    *,
    direction: str,
    duration: int,
) -> Record:
    return scene.activity(
        "Call",
        moment,
        agent,
        person,
        **(BY_ITSELF if direction == "inbound" else {}),
        direction=direction,
        duration=duration,
        phone=phone,
        remote_phone=phone,
        local_phone=direct_line(agent),
        note=None,
        recording_url=None,
        voicemail_url=None,
        voicemail_duration=None,
    )


def _task(
    scene: Scene, kind: str, call: Record, agent: Agent, person: Person | None, is_open: bool, **values: object
) -> None:
    moment = datetime.fromisoformat(call["date_created"])
    scene.task(
        kind,
        moment,
        text(moment),
        agent,
        person,
        None if is_open else moment + AN_HOUR,
        object_type="call",
        object_id=call["id"],
        phone=call["phone"],
        local_phone=call["local_phone"],
        **values,
    )
