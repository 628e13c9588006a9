"""Two small organizations that are hard to answer for: the same ids in both, nulls, links to nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, TypeAlias

from sqlalchemy import insert
from sqlmodel import SQLModel

from app.domain.access import EVERYTHING, Actor
from app.domain.names import sort_name
from app.domain.opportunities import StatusType, ValuePeriod
from app.domain.tasks import TaskType
from app.storage.activities import Activity
from app.storage.contacts import Contact, ContactEmail, ContactPhone, ContactUrl
from app.storage.custom_fields import CustomActivityType
from app.storage.database import Database
from app.storage.leads import Lead, LeadAddress, LeadStatus
from app.storage.opportunities import Opportunity, OpportunityStatus, Pipeline
from app.storage.organizations import Organization, Role, User
from app.storage.reads import table_of
from app.storage.tasks import Task
from tests.execution import pools, world_activities, world_tasks, world_values

Row: TypeAlias = dict[str, Any]
Rows: TypeAlias = dict[type[SQLModel], list[Row]]

# Ids whose order is not the one in which people count; objects of the last ones have no children, or broken ones.
LEADS = ["lead_A", "lead_b", "lead_B", "lead_1", "lead_bare", "lead_broken"]
CONTACTS = [f"cont_{letter}" for letter in "Ab1aB0ZzyY"]
USERS = ["user_0", "user_1", "user_2", "user_x"]
ROLES = ["role_all", "role_none"]
LEAD_STATUSES = [f"stat_lead{number}" for number in range(3)]
PIPELINES = ["pipe_0", "pipe_1", "pipe_bare"]
STATUSES = [f"stat_oppo{number}" for number in range(4)]
OPPORTUNITIES = [f"oppo_{letter}" for letter in "Ab1aB0ZzyYQ"]
ACTIVITY_TYPES = ["actitype_0", "actitype_1"]
ORGANIZATIONS = {"orga_A": 1, "orga_B": 2}  # with the seeds of what they hold
ZONES = ("Europe/Berlin", "UTC", "Pacific/Kiritimati")


@dataclass(frozen=True)
class World:
    """What was stored: the rows of each organization by table, and who may ask."""

    rows: Mapping[str, Mapping[str, Sequence[Row]]]
    callers: Sequence[tuple[Actor, str]]  # with their zones

    def ids(self) -> list[str]:
        """The ids of all objects, each once."""
        return sorted({row["id"] for tables in self.rows.values() for rows in tables.values() for row in rows})


async def settle(database: Database) -> World:
    """Store both organizations."""
    rows = {}
    for id, seed in ORGANIZATIONS.items():
        built = Builder(Random(seed), id).build()
        await _store(database, id, built)
        rows[id] = {table_of(model).name: found for model, found in built.items()}
    callers = [
        (Actor("orga_A", "user_0", "role_all", EVERYTHING), ZONES[0]),
        (Actor("orga_A", "user_1", "role_none"), ZONES[1]),
        (Actor("orga_B", "user_0", "role_all", EVERYTHING), ZONES[2]),
    ]
    return World(rows, callers)


async def _store(database: Database, id: str, rows: Rows) -> None:
    async with database.write(Actor.system(id)) as session:
        await session.connection.execute(insert(table_of(Organization)), rows[Organization][0])
        for model, found in rows.items():
            if model is not Organization:
                await session.insert(model, *found)
    await database.refresh_statistics()


class Builder:
    """Makes the rows of one organization; later ones refer to earlier ones."""

    def __init__(self, dice: Random, id: str) -> None:
        self.dice, self.id = dice, id
        self.rows: Rows = {}

    def build(self) -> Rows:
        self._people()
        self._stages()
        self._leads()
        self._contacts()
        self._opportunities()
        self.rows[CustomActivityType] = [
            {**self._audited(), **self._called(id), "is_archived": place == 1, "api_create_only": place == 0}
            | {"description": pools.maybe_text(self.dice), "editable_with_role_ids": ["role_gone", *ROLES[:place]]}
            for place, id in enumerate(ACTIVITY_TYPES)
        ]
        self.rows[Activity] = [self._linked(row) for row in world_activities.rows(self.dice)]
        self.rows[Task] = [self._linked(row) for row in world_tasks.rows(self.dice, list(TaskType))]
        self.rows |= world_values.rows(self.dice, self._audited)
        return self.rows

    def _people(self) -> None:
        name = f"{self.id} {pools.text(self.dice)}"
        self.rows[Organization] = [
            {"id": self.id, "name": name, "currency": "EUR", "time_zone": "Europe/Berlin", "date_created": pools.NOW}
        ]
        permissions = [[each.value for each in sorted(EVERYTHING)], []]
        self.rows[Role] = [
            self._called(id) | {"permissions": permissions[place], "position": place} for place, id in enumerate(ROLES)
        ]
        self.rows[User] = [
            {
                "id": id,
                "first_name": pools.maybe_text(self.dice),
                "last_name": pools.maybe_text(self.dice),
                "display_name": self.dice.choice(pools.TEXTS),
                "email": pools.maybe(self.dice, [f"{id}@example.com"]),
                "image_url": pools.maybe(self.dice, pools.URLS),
                "time_zone": pools.maybe(self.dice, ["Asia/Kathmandu"]),
                "is_active": id != "user_x",
                "role_id": None if id == "user_x" else self.dice.choice(ROLES),
            }
            for id in USERS
        ]

    def _stages(self) -> None:
        self.rows[LeadStatus] = [self._labelled(id) | {"position": place} for place, id in enumerate(LEAD_STATUSES)]
        self.rows[Pipeline] = [self._called(id) | {"position": (7, 3, 7)[place]} for place, id in enumerate(PIPELINES)]
        self.rows[OpportunityStatus] = [
            self._labelled(id)
            | {"pipeline_id": PIPELINES[place % 2], "position": place // 3, "type": self.dice.choice(list(StatusType))}
            for place, id in enumerate(STATUSES)
        ]

    def _leads(self) -> None:
        self.rows[Lead] = [
            {
                **self._audited(),
                **self._named(),
                "id": id,
                "description": pools.maybe_text(self.dice),
                "url": pools.maybe(self.dice, pools.URLS),
                "source": pools.maybe_text(self.dice),
                "status_id": self.dice.choice(LEAD_STATUSES[:2]),
                "details": {"kept": [1, None]},
            }
            for id in LEADS
        ]
        parts = ("label", "address_1", "address_2", "city", "state", "zipcode", "country")
        self.rows[LeadAddress] = [
            {"id": f"addr_{place}{lead}", "lead_id": lead, "position": place}
            | {part: pools.maybe_text(self.dice) for part in parts}
            for lead, place in self._places(LEADS[:4])
        ]

    def _contacts(self) -> None:
        self.rows[Contact] = [
            {
                **self._audited(),
                **self._named(),
                "id": id,
                "lead_id": self.dice.choice([LEADS[0], *LEADS[:4]]),
                "title": pools.maybe_text(self.dice),
            }
            for id in CONTACTS
        ]
        for model, column, values in (
            (ContactEmail, "email", pools.TEXTS),
            (ContactPhone, "phone", ("+16505550100", "+4930123456", "0", "not a number", "+")),
            (ContactUrl, "url", pools.URLS),
        ):
            self.rows[model] = [
                {"id": f"{column}_{3 - place}{contact}", "contact_id": contact, "position": place}
                | {"type": pools.text(self.dice), column: self.dice.choice(values)}
                for contact, place in self._places(CONTACTS)
            ]

    def _opportunities(self) -> None:
        self.rows[Opportunity] = [
            self._linked(
                {
                    **self._audited(),
                    "id": id,
                    "lead_id": self.dice.choice([LEADS[0], *LEADS[:4]]),
                    "status_id": self.dice.choice(STATUSES[:3]),
                    "note": pools.maybe_text(self.dice),
                    "confidence": self.dice.choice((0, 1, 33, 50, 50, 100)),
                    **self._value(),
                    "value_period": self.dice.choice(list(ValuePeriod)),
                    "close_date": pools.maybe(self.dice, pools.FAR_DAYS),
                    "date_won": pools.maybe(self.dice, pools.FAR_DAYS),
                    "date_lost": pools.maybe(self.dice, pools.FAR_INSTANTS),
                }
            )
            for id in OPPORTUNITIES
        ]

    def _value(self) -> Row:
        cents = pools.maybe(self.dice, pools.CENTS, 0.2)
        currencies = [*pools.CURRENCIES, None] if cents is None else pools.CURRENCIES
        return {"value_cents": cents, "currency": self.dice.choice(currencies)}

    def _audited(self) -> Row:
        return {
            "date_created": self.dice.choice(pools.INSTANTS),
            "date_updated": self.dice.choice(pools.FAR_INSTANTS),
            "created_by": pools.maybe(self.dice, USERS),
            "updated_by": pools.maybe(self.dice, USERS),
            "version": self.dice.choice((1, 2, 2**31 - 1)),
        }

    def _linked(self, row: Row) -> Row:
        """A row with the links that it does not have yet."""
        links = {"contact_id": pools.maybe(self.dice, CONTACTS), "user_id": pools.maybe(self.dice, USERS)}
        if "assigned_to" in row:
            del links["user_id"]
        return {**self._audited(), **links, **row}

    def _named(self) -> Row:
        """A name is shown; without one something else is."""
        name = pools.maybe_text(self.dice)
        shown = name or pools.text(self.dice)
        return {"name": name, "display_name": shown, "sort_name": sort_name(shown)}

    def _called(self, id: str) -> Row:
        return {"id": id, "name": f"{id} {pools.text(self.dice)}", "name_key": id}

    def _labelled(self, id: str) -> Row:
        return {"id": id, "label": f"{id} {pools.text(self.dice)}", "label_key": id}

    def _places(self, parents: Sequence[str]) -> Iterator[tuple[str, int]]:
        """None, one or two places below each, not in the order of their numbers."""
        for parent in parents:
            places = list(range(self.dice.choice((0, 1, 2, 3))))
            yield from ((parent, place) for place in reversed(places))
