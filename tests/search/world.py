"""Small organizations made by dice: many nulls, ties, foreign letters, and days on which clocks change."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from sqlmodel import SQLModel

from app.domain.access import Actor
from app.domain.activities import (
    ActivityType,
    CallDisposition,
    CustomActivityStatus,
    Direction,
    EmailStatus,
    MeetingStatus,
)
from app.domain.names import sort_name
from app.domain.opportunities import StatusType, ValuePeriod
from app.domain.tasks import TaskType
from app.storage.activities import Activity
from app.storage.contacts import Contact, ContactEmail, ContactPhone, ContactUrl
from app.storage.custom_fields import CustomActivityType
from app.storage.database import Database
from app.storage.leads import Lead, LeadAddress, LeadStatus
from app.storage.opportunities import Opportunity, OpportunityStatus, Pipeline
from app.storage.organizations import User
from app.storage.tasks import Task
from tests.search import custom, pools
from tests.search.rows import World
from tests.storage.scenery import new_actor

Rows = dict[type[SQLModel], list[dict[str, Any]]]

# The same ids in every world, whose order is not the one in which people count.
LEADS = [f"lead_{letter}" for letter in "Ab1aB0Zz"]
CONTACTS = [f"cont_{letter}" for letter in "Ab1aB0ZzyY"]
USERS = [f"user_{number}" for number in range(4)]
LEAD_STATUSES = [f"stat_lead{number}" for number in range(3)]
PIPELINES = ["pipe_0", "pipe_1"]
STATUSES = [f"stat_oppo{number}" for number in range(5)]
ACTIVITY_TYPES = ["actitype_0", "actitype_1"]
CALLER = USERS[0]

_STATES: dict[ActivityType, Sequence[str]] = {
    ActivityType.EMAIL: list(EmailStatus),
    ActivityType.SMS: list(EmailStatus),
    ActivityType.MEETING: list(MeetingStatus),
    ActivityType.CUSTOM: list(CustomActivityStatus),
}
_MOST = {ActivityType.OPPORTUNITY_STATUS_CHANGE: 8, ActivityType.CUSTOM: 5}  # histories need several


async def settled(database: Database, seed: int) -> tuple[Actor, World]:
    """A new organization that holds the world of this seed: its caller, and what it holds."""
    system = await new_actor(database, f"World {seed}")
    async with database.write(system) as session:
        for model, rows in build(seed).items():
            await session.insert(model, *rows)
        world = await World.of(session)
    return Actor(system.organization_id, CALLER), world


def build(seed: int) -> Rows:
    """The rows of a world, in the order in which they refer to each other."""
    return Builder(Random(seed)).build()


class Builder:
    """Makes one world; later rows refer to earlier ones."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.moments = pools.instants(dice)
        self.days = pools.days(self.moments)
        self.texts: list[str] = []
        self.rows: Rows = {}

    def build(self) -> Rows:
        self._configuration()
        self._leads()
        self._contacts()
        self._opportunities()
        self._tasks()
        self._activities()
        custom.add(self.dice, self.rows, self._value_pools())
        return self.rows

    def ids(self, model: type[SQLModel]) -> list[str]:
        return [row["id"] for row in self.rows[model]]

    def _configuration(self) -> None:
        self.rows[User] = [{"id": id, "display_name": id} for id in USERS]
        self.rows[LeadStatus] = [
            {"id": id, "label": id, "label_key": id, "position": 9 + place} for place, id in enumerate(LEAD_STATUSES)
        ]
        self.rows[Pipeline] = [{"id": id, "name": id, "name_key": id, "position": 9} for id in PIPELINES]
        self.rows[OpportunityStatus] = [
            {
                "id": id,
                "label": id,
                "label_key": id,
                "position": place,
                "pipeline_id": self.dice.choice(PIPELINES),
                "type": self.dice.choice(list(StatusType)),
            }
            for place, id in enumerate(STATUSES)
        ]
        self.rows[CustomActivityType] = [
            {**self._audited(), "id": id, "name": id, "name_key": id} for id in ACTIVITY_TYPES
        ]

    def _leads(self) -> None:
        self.rows[Lead] = [
            {
                **self._audited(),
                **self._named(),
                "id": id,
                "description": self._text(),
                "url": self._text(),
                "source": self._text(),
                "status_id": self.dice.choice(LEAD_STATUSES),
            }
            for id in pools.some(self.dice, LEADS, *self._size(len(LEADS)))
        ]
        parts = ("address_1", "address_2", "city", "state", "zipcode", "country")
        self.rows[LeadAddress] = [
            {"id": f"addr_{lead}{place}", "lead_id": lead, "position": place} | {part: self._text() for part in parts}
            for lead, place in self._places(self.ids(Lead))
        ]

    def _contacts(self) -> None:
        leads = self.ids(Lead)
        self.rows[Contact] = [
            {
                **self._audited(),
                **self._named(),
                "id": id,
                "lead_id": self.dice.choice(leads),
                "title": self._text(),
            }
            for id in pools.some(self.dice, CONTACTS if leads else [], *self._size(len(CONTACTS)))
        ]
        for model, column in ((ContactEmail, "email"), (ContactPhone, "phone"), (ContactUrl, "url")):
            self.rows[model] = [
                {
                    "id": f"{column}_{contact}{place}",
                    "contact_id": contact,
                    "position": place,
                    "type": self.dice.choice(pools.LABELS),
                    column: self._some_text(),
                }
                for contact, place in self._places(self.ids(Contact))
            ]

    def _opportunities(self) -> None:
        leads = self.ids(Lead)
        self.rows[Opportunity] = [
            {
                **self._audited(),
                "id": f"oppo_{number}",
                "lead_id": self.dice.choice(leads),
                "contact_id": pools.maybe(self.dice, self.ids(Contact)),
                "user_id": pools.maybe(self.dice, USERS),
                "status_id": self.dice.choice(STATUSES),
                "note": self._text(),
                "confidence": self.dice.choice((0, 50, 50, 100)),
                "value_cents": self.dice.choice(pools.CENTS),
                "currency": "EUR",
                "value_period": self.dice.choice(list(ValuePeriod)),
                "close_date": pools.maybe(self.dice, self.days),
                "date_won": pools.maybe(self.dice, self.days),
                "date_lost": pools.maybe(self.dice, self.moments),
            }
            for number in range(self.dice.randint(0, 8) if leads else 0)
        ]

    def _tasks(self) -> None:
        self.rows[Task] = [
            {
                **self._audited(),
                **self._linked(),
                "id": f"task_{number}",
                "type": self.dice.choice([TaskType.LEAD, TaskType.LEAD, *TaskType]),
                "assigned_to": pools.maybe(self.dice, USERS),
                "is_complete": self.dice.random() < 0.4,
                "text": self._text(),
                **self.dice.choice(
                    (
                        {"date": None, "date_time": None},
                        {"date": self.dice.choice(self.days), "date_time": None},
                        {"date": None, "date_time": self.dice.choice(self.moments)},
                    )
                ),
            }
            for number in range(self.dice.randint(0, 8))
        ]

    def _activities(self) -> None:
        """A few of every kind; what emails hang together by is of any kind now and then."""
        kinds = [kind for kind in ActivityType for _ in range(self.dice.randint(0, _MOST.get(kind, 3)))]
        ids = [f"acti_{number:02}" for number in range(len(kinds))]
        self.dice.shuffle(ids)
        threads = [id for id, kind in zip(ids, kinds, strict=True) if kind is ActivityType.EMAIL_THREAD]
        self.rows[Activity] = [
            self._activity(id, kind, threads if self.dice.random() < 0.8 else ids)
            for id, kind in zip(ids, kinds, strict=True)
        ]

    def _activity(self, id: str, kind: ActivityType, threads: Sequence[str]) -> dict[str, Any]:
        custom_type = pools.maybe(self.dice, ACTIVITY_TYPES, 0.1)
        return {
            **self._audited(),
            **self._linked(),
            "id": id,
            "type": kind,
            "user_id": pools.maybe(self.dice, USERS),
            "date": self.dice.choice(self.moments),
            "direction": pools.maybe(self.dice, list(Direction)),
            "status": pools.maybe(self.dice, _STATES.get(kind, ())),
            "disposition": pools.maybe(self.dice, list(CallDisposition)),
            "duration": pools.maybe(self.dice, (0, 30, 30, 3_600)),
            "subject": self._text(),
            "text": self._text(),
            "sender": self._text(),
            "phone": self._text(),
            "starts_at": pools.maybe(self.dice, self.moments),
            "ends_at": pools.maybe(self.dice, self.moments),
            "thread_id": pools.maybe(self.dice, threads) if kind is ActivityType.EMAIL else None,
            "custom_type_id": custom_type if kind is ActivityType.CUSTOM else None,
            "object_id": self._subject(kind),
            "old_status_id": pools.maybe(self.dice, STATUSES),
            "new_status_id": pools.maybe(self.dice, STATUSES, 0.1),
        }

    def _subject(self, kind: ActivityType) -> str | None:
        """What a record is about; it may be gone."""
        if kind is ActivityType.OPPORTUNITY_STATUS_CHANGE:
            return pools.maybe(self.dice, [*self.ids(Opportunity)[:2] * 3, "oppo_gone"], 0.1)
        return pools.maybe(self.dice, [*self.ids(Task), *self.ids(Opportunity), "task_gone"])

    def _size(self, most: int) -> tuple[int, int]:
        """Between nothing and everything, rather much than little."""
        return (0, 1) if self.dice.random() < 0.1 else (most // 2, most)

    def _audited(self) -> dict[str, Any]:
        return {
            "date_created": self.dice.choice(self.moments),
            "date_updated": self.dice.choice(self.moments),
            "created_by": pools.maybe(self.dice, USERS),
            "updated_by": pools.maybe(self.dice, USERS),
        }

    def _named(self) -> dict[str, Any]:
        """A name is shown; without one something else is."""
        name = self._text()
        shown = self._some_text() if name is None else name
        return {"name": name, "display_name": shown, "sort_name": sort_name(shown)}

    def _linked(self) -> dict[str, Any]:
        return {
            "lead_id": pools.maybe(self.dice, self.ids(Lead), 0.1),
            "contact_id": pools.maybe(self.dice, self.ids(Contact)),
        }

    def _places(self, parents: Sequence[str]) -> Iterator[tuple[str, int]]:
        for parent in parents:
            for place in range(self.dice.choice((0, 0, 1, 2))):
                yield parent, place

    def _text(self) -> str | None:
        return None if self.dice.random() < 0.35 else self._some_text()

    def _some_text(self) -> str:
        self.texts.append(pools.text(self.dice, self.texts))
        return self.texts[-1]

    def _value_pools(self) -> custom.Pools:
        return custom.Pools(
            texts=[self._some_text() for _ in range(8)],
            days=self.days,
            moments=self.moments,
            users=USERS,
            activity_types=ACTIVITY_TYPES,
        )
