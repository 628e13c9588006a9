"""Contacts with invented names."""

from datetime import timedelta

from app.demo.days import text
from app.demo.dice import Dice
from app.demo.phrases import phrases
from app.demo.scene import Person, Record, Scene
from app.demo.seller import slug

TITLES = (
    "Head of IT",
    "Purchasing Manager",
    "System Administrator",
    "Chief Financial Officer",
    "Office Manager",
    "Data Center Lead",
    "Managing Director",
    "Network Engineer",
    "Procurement Specialist",
    "Service Desk Lead",
    "Controller",
    "Chief Technology Officer",
)
PARTS = {"Decision maker": 2, "Influencer": 3, "End user": 3, "Gatekeeper": 1}
INTERESTS = ("Energy use", "Noise", "Remote console", "Leasing", "Warranty", "Recycling")
LANGUAGES = {
    "german": "German",
    "french": "French",
    "italian": "Italian",
    "hispanic": "Spanish",
    "japanese": "Japanese",
    "brazilian": "Portuguese",
}


def contacts(scene: Scene, count: int) -> list[Person]:
    """So many different people of the lead, the primary one first."""
    people: dict[str, Person] = {}
    while len(people) < count:
        person = _person(scene, len(people))
        people.setdefault(person.email, person)
    return list(people.values())


def nameless(scene: Scene, mailbox: str) -> Person:
    """A contact that is known by an address alone."""
    email = f"{mailbox}@{scene.domain}"
    id = scene.new_id("cont", "contact")
    record = _record(scene, id, 0) | {
        "name": None,
        "display_name": email,
        "title": None,
        "emails": [{"type": "office", "email": email}],
    }
    return Person(id, email, "there", email, None, record)


def _person(scene: Scene, number: int) -> Person:
    dice = scene.dice
    culture = dice.pick(scene.place.cultures)
    first, last, name = _name(culture, dice)
    mailbox = slug(f"{first} {last}", ".")
    email = f"{mailbox}@{scene.domain}"
    phones = [
        {"type": dice.pick(("office", "mobile", "direct")), "phone": scene.place.number(dice)}
        for _ in range(dice.weighted({0: 2, 1: 5, 2: 3}))
    ]
    id = scene.new_id("cont", f"contact/{mailbox}")
    record = _record(scene, id, number) | {
        "name": name,
        "display_name": name,
        "title": dice.pick(TITLES),
        "emails": [{"type": "office", "email": email}],
        "phones": phones,
        "urls": [{"type": "url", "url": f"https://www.{scene.domain}/team/{slug(mailbox)}"}]
        if dice.chance(0.35)
        else [],
        "custom": _custom(dice, culture),
    }
    if dice.chance(0.25):
        record["emails"].append({"type": "home", "email": f"{mailbox}@mail.example"})
    return Person(id, name, first, email, phones[0]["phone"] if phones else None, record)


def _record(scene: Scene, id: str, number: int) -> Record:
    made = text(scene.created + timedelta(minutes=1 + 7 * number))
    agent = scene.team[0]
    return {
        "id": id,
        "lead_id": scene.id,
        "date_created": made,
        "date_updated": made,
        "created_by": agent.id,
        "updated_by": agent.id,
        "phones": [],
        "urls": [],
        "custom": {},
    }


def _name(culture: str, dice: Dice) -> tuple[str, str, str]:
    """The first and the last name in Latin letters, and the whole name as its owner writes it."""
    names = phrases("people")[culture]
    first, _, latin_first = dice.pick(names["first"]).partition("|")
    last, _, latin_last = dice.pick(names["last"]).partition("|")
    whole = f"{last} {first}" if names.get("family_first") else f"{first} {last}"
    return latin_first or first, latin_last or last, whole


def _custom(dice: Dice, culture: str) -> Record:
    values = {
        "Part in Purchase": dice.weighted(PARTS),
        "Interests": dice.some(INTERESTS, dice.between(1, 3)),
        "Preferred Language": LANGUAGES.get(culture, "English"),
        "Signs up to (USD)": dice.pick((0, 2_500, 20_000, 150_000)),
    }
    return {name: value for name, value in values.items() if dice.chance(0.7)}
