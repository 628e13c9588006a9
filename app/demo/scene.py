"""One lead while its record is being written: who is there, when things happen, and what has happened so far."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.demo.days import TimeLine, text
from app.demo.dice import Dice
from app.demo.ids import made
from app.demo.packing import Agent
from app.demo.phrases import phrases
from app.demo.places import Place
from app.demo.seller import LIST_PRICES, RIVALS, first_name

Record = dict[str, Any]

BY_ITSELF: Record = {"created_by": None, "updated_by": None}
"""Nobody of the team made what comes in."""
AN_HOUR = timedelta(hours=1)
"""Whatever comes in is dealt with after so long, if it is not open still."""


@dataclass(frozen=True)
class Person:
    """A contact: the record, and what texts and messages need of it."""

    id: str
    name: str
    first_name: str
    email: str
    phone: str | None
    record: Record


@dataclass
class Scene:
    """The lead, and the lists of its record that grow as the story is told."""

    id: str
    name: str
    domain: str
    place: Place
    created: datetime
    line: TimeLine
    dice: Dice
    team: list[Agent]
    has_bought: bool
    people: list[Person] = field(default_factory=list)
    opportunities: list[Record] = field(default_factory=list)
    tasks: list[Record] = field(default_factory=list)
    activities: list[Record] = field(default_factory=list)
    _made: Counter[str] = field(default_factory=Counter)

    def new_id(self, prefix: str, kind: str) -> str:
        self._made[kind] += 1
        return made(prefix, self.id, kind, self._made[kind])

    def agent(self) -> Agent:
        """Somebody of the team; mostly the one who looks after the lead."""
        return self.team[0] if self.dice.chance(0.6) else self.dice.pick(self.team)

    def person(self) -> Person:
        return self.people[0] if self.dice.chance(0.5) else self.dice.pick(self.people)

    def reachable(self) -> Person | None:
        """Somebody with a phone."""
        with_phone = [person for person in self.people if person.phone]
        return self.dice.pick(with_phone) if with_phone else None

    def templates(self, kind: str) -> list[str]:
        """The texts of a kind that suit the lead."""
        talk = phrases("talk")
        return [*talk[kind], *(talk.get(f"{kind}_after_sale", ()) if self.has_bought else ())]

    def suitable(self, plans: Sequence[Record]) -> list[Record]:
        """Those of several plans that suit the lead."""
        return [plan for plan in plans if self.has_bought or not plan.get("after_sale")]

    def words(self, agent: Agent, person: Person | None) -> dict[str, object]:
        """What fills the gaps of a text; every text of one conversation takes the same."""
        product, other = self.dice.some(list(LIST_PRICES), 2)
        units = self.dice.between(2, 40)
        return {
            "first": person.first_name if person else "they",
            "rep": first_name(agent),
            "company": self.name,
            "city": self.place.city,
            "product": product,
            "other": other,
            "units": units,
            "more": units + self.dice.between(2, 5) * 5,
            "rival": self.dice.pick(RIVALS),
            "code": f"{self.dice.between(10_000, 99_999)}",
        }

    def activity(
        self, kind: str, moment: datetime, agent: Agent, person: Person | None = None, **values: Any
    ) -> Record:
        """Add an activity that the agent wrote down when it happened, unless `values` say otherwise."""
        return _added(
            self.activities,
            {
                "_type": kind,
                "id": self.new_id("acti", kind),
                "lead_id": self.id,
                "contact_id": person.id if person else None,
                "user_id": agent.id,
                "user_name": agent.name,
                "created_by": agent.id,
                "updated_by": agent.id,
                "date_created": text(moment),
                "date_updated": text(moment),
                "activity_at": text(moment),
            }
            | values,
        )

    def task(
        self,
        kind: str,
        moment: datetime,
        date: str | None,
        agent: Agent,
        person: Person | None,
        done: datetime | None = None,
        **values: Any,
    ) -> Record:
        """Add a task that was made at a moment and is to be done on a day or at another moment.

        To-dos are written by people; the other kinds come by themselves.
        """
        author = agent.id if kind == "lead" else None
        return _added(
            self.tasks,
            {
                "_type": kind,
                "id": self.new_id("task" if kind == "lead" else "noti", kind),
                "lead_id": self.id,
                "contact_id": person.id if person else None,
                "contact_name": person.name if person else None,
                "assigned_to": agent.id,
                "assigned_to_name": agent.name,
                "created_by": author,
                "updated_by": author,
                "date_created": text(moment),
                "date_updated": text(done or moment),
                "date": date,
                "is_complete": done is not None,
                "date_completed": text(done) if done else None,
                "is_dateless": date is None,
                "object_type": None,
                "object_id": None,
            }
            | values,
        )


def _added(records: list[Record], record: Record) -> Record:
    records.append(record)
    return record
