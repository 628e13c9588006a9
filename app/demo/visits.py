"""Activities of the team's own types: site visits and product demos."""

from datetime import timedelta

from app.demo.days import text
from app.demo.ids import made
from app.demo.packing import Agent
from app.demo.phrases import phrases
from app.demo.scene import Person, Record, Scene
from app.demo.seller import LIST_PRICES

SITE_VISIT, PRODUCT_DEMO = "Site visit", "Product demo"
VERDICTS = {"Ready": 5, "Ready after cabling": 3, "Cooling first": 2, "Not suitable": 1}
CAMPAIGNS = ("Spring trade-in", "Data center tour", "Quiet office")
CAMPAIGN = made("cf", "shared", "Campaign")
"""A field that leads and product demos share; only its id tells that it is the same one."""
OUTCOMES = {"Trial agreed": 3, "Quote requested": 4, "Second session": 2, "No interest": 1}


def type_id(name: str) -> str:
    return made("actitype", name)


def add_visits(scene: Scene, count: int) -> None:
    for _ in range(count):
        agent, person = scene.agent(), scene.person()
        name = SITE_VISIT if scene.dice.chance(0.5) else PRODUCT_DEMO
        is_draft = scene.dice.chance(0.12)
        moment = scene.line.past()
        custom = _survey(scene, agent, person) if name == SITE_VISIT else _demo(scene, agent, person)
        values = {"Visit Date": str(moment.date()), **custom} if name == SITE_VISIT else custom
        if name == PRODUCT_DEMO:
            values["Follow-up At"] = text(moment.replace(minute=0, second=0) + timedelta(days=7))
        scene.activity(
            "CustomActivity",
            moment,
            agent,
            person,
            custom_activity_type_id=type_id(name),
            custom_activity_type_name=name,
            status="draft" if is_draft else "published",
            custom=dict(list(values.items())[:2]) if is_draft else values,
            **(campaign(scene) if name == PRODUCT_DEMO else {}),
        )


def campaign(scene: Scene) -> Record:
    """What brought the lead in or the people together, for some of them."""
    name = scene.dice.pick(CAMPAIGNS)
    return {f"custom.{CAMPAIGN}": name} if scene.dice.chance(0.4) else {}


def _survey(scene: Scene, agent: Agent, person: Person) -> Record:
    dice = scene.dice
    return {
        "Racks": dice.between(1, 9),
        "Free Power (kW)": dice.between(15, 220) / 10,
        "Verdict": dice.weighted(VERDICTS),
        "Findings": dice.pick(phrases("talk")["visits"]).format_map(scene.words(agent, person)),
        "Surveyor": agent.id,
        "Hosts": [person.id],
    }


def _demo(scene: Scene, agent: Agent, person: Person) -> Record:
    dice = scene.dice
    return {
        "Products Shown": dice.some(list(LIST_PRICES), dice.between(1, 3)),
        "Audience": dice.between(1, 14),
        "Outcome": dice.weighted(OUTCOMES),
        "Feedback": dice.pick(phrases("talk")["feedback"]).format_map(scene.words(agent, person)),
    }
