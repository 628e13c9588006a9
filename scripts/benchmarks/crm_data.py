"""A made-up CRM of any size: the same leads, with everything below them, from the same number."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import accumulate, pairwise
from random import Random
from typing import Any

from app.domain.custom_fields import OwnerType
from app.domain.names import sort_name
from app.domain.opportunities import ValuePeriod
from app.domain.tasks import TaskType
from app.storage.activities import Activity
from app.storage.contacts import Contact, ContactEmail, ContactPhone
from app.storage.custom_fields import CustomFieldValue
from app.storage.derived import plain_columns
from app.storage.leads import Lead
from app.storage.opportunities import Opportunity
from app.storage.reads import table_of
from app.storage.tasks import Task
from scripts.benchmarks.crm_activities import happened, stage_change, stages
from scripts.benchmarks.crm_furniture import (
    EMPLOYEES,
    INDUSTRIES,
    INDUSTRY,
    LEAD_STATUSES,
    NOW,
    REMARK,
    SPAN,
    START,
    USERS,
    Rows,
    audited,
    made_id,
    owned,
)
from scripts.benchmarks.crm_words import Writer

SEED, BATCH = 20_260_615, 500
CONTACTS, TASKS, ACTIVITIES = 3, 2, 10
SOURCES = ("Referral", "Website form", "Trade show", "Cold call", "Partner network")

_INDUSTRY_WEIGHTS = list(accumulate(INDUSTRIES.values()))
_MODELS = (Lead, Contact, ContactEmail, ContactPhone, Opportunity, Task, Activity, CustomFieldValue)
_TABLES = {model: table_of(model) for model in _MODELS}
_VALUE: dict[str, Any] = {column.name: None for column in plain_columns(table_of(CustomFieldValue))}


def starts(leads: int) -> range:
    """The numbers of the leads that batches begin with."""
    return range(0, leads, BATCH)


def batch(leads: int, first: int) -> Rows:
    """The rows of one batch of so many leads in all; its tables stand in the order of their links."""
    maker = _Maker(leads, first)
    for number in range(first, min(first + BATCH, leads)):
        maker.lead(number)
    return {table: maker.rows[model] for model, table in _TABLES.items()}


class _Maker:
    """Makes leads one after the other; each batch has its own dice, so that several can be made at once."""

    def __init__(self, leads: int, first: int) -> None:
        self.step = SPAN / leads
        self.dice = Random(f"{SEED} {first}")  # noqa: S311 - it guards nothing
        self.writer = Writer(self.dice)
        self.rows: dict[Any, list[dict[str, Any]]] = {model: [] for model in _MODELS}

    def lead(self, number: int) -> None:
        """A lead with everything below it."""
        dice, writer = self.dice, self.writer
        company = writer.company()
        created = START + self.step * (number + dice.random())
        row = audited(
            created,
            writer.one(USERS),
            id=made_id("lead", number),
            name=company,
            display_name=company,
            sort_name=sort_name(company),
            description=writer.prose(5, 20) if dice.random() < 0.3 else None,
            url=f"https://{company.split()[0].lower()}.example" if dice.random() < 0.6 else None,
            status_id=writer.one(list(LEAD_STATUSES)),
            source=writer.one(SOURCES) if dice.random() < 0.6 else None,
            details={},
        )
        self._add(Lead, row)
        contact_ids = [self._contact(row, number * CONTACTS + i) for i in range(CONTACTS)]
        for i in range(TASKS):
            self._task(row, number * TASKS + i)
        changes = [change for i in range(1 + number % 2) for change in self._opportunity(row, number * 2 + i)]
        others = happened(dice, ACTIVITIES - len(changes), created, row["id"], contact_ids)
        for i, activity in enumerate([*changes, *others]):
            self._add(Activity, activity | {"id": made_id("acti", number * ACTIVITIES + i)})
        self._values(row["id"], number)

    def _contact(self, lead: dict[str, Any], number: int) -> str:
        name, id = self.writer.person(), made_id("cont", number)
        common = {"id": id, "lead_id": lead["id"], "name": name, "display_name": name, "sort_name": sort_name(name)}
        title = self.writer.title() if self.dice.random() < 0.8 else None
        self._add(Contact, audited(lead["date_created"], lead["created_by"], **common, title=title, details={}))
        domain = lead["name"].split()[0].lower()
        email = f"{name.lower().replace(' ', '.')}@{domain}.example"
        part = owned(id=made_id("part", number), contact_id=id, position=0, type="office")
        self._add(ContactEmail, part | {"email": email, "is_unsubscribed": False})
        self._add(ContactPhone, part | {"phone": f"+1555{number % 10_000_000:07}"})
        return id

    def _task(self, lead: dict[str, Any], number: int) -> None:
        due = lead["date_created"] + (NOW - lead["date_created"]) * 1.1 * self.dice.random()
        whole, done = self.dice.random() < 0.5, due < NOW and self.dice.random() < 0.8
        common = audited(lead["date_created"], lead["created_by"], id=made_id("task", number), lead_id=lead["id"])
        details = dict.fromkeys(("contact_id", "object_type", "object_id")) | {"type": TaskType.LEAD, "details": {}}
        dates = {
            "date": due.date() if whole else None,
            "date_time": None if whole else due,
            "is_complete": done,
            "date_completed": due if done else None,
        }
        who = {"assigned_to": self.writer.one(USERS), "text": self.writer.prose(5, 10)}
        self._add(Task, common | details | dates | who)

    def _opportunity(self, lead: dict[str, Any], number: int) -> Iterator[dict[str, Any]]:
        """An opportunity; the changes of its status."""
        dice, id, taken = self.dice, made_id("oppo", number), stages(self.dice)
        created = lead["date_created"] + (NOW - lead["date_created"]) * 0.5 * dice.random()
        closed = created + (NOW - created) * 0.9
        self._add(
            Opportunity,
            audited(
                created,
                lead["created_by"],
                id=id,
                lead_id=lead["id"],
                contact_id=None,
                user_id=lead["created_by"],
                status_id=taken[-1],
                note=self.writer.prose(5, 15) if dice.random() < 0.5 else None,
                confidence=dice.randrange(0, 101, 5),
                value_cents=round(10 ** (4 + 3 * dice.random())) * 100 if dice.random() < 0.9 else None,
                currency="USD",
                value_period=ValuePeriod.ONE_TIME,
                close_date=(closed + timedelta(days=30)).date(),
                date_won=None,
                date_lost=None,
                details={},
            ),
        )
        for i, (old, new) in enumerate(pairwise(taken)):
            yield stage_change(created + (closed - created) * (i + 1) / len(taken), lead["id"], id, old, new)

    def _values(self, lead_id: str, number: int) -> None:
        dice = self.dice
        values: dict[str, dict[str, Any]] = {}
        if dice.random() < 0.4:
            values[INDUSTRY] = {"item": dice.choices(list(INDUSTRIES), cum_weights=_INDUSTRY_WEIGHTS)[0]}
        if dice.random() < 0.5:
            values[EMPLOYEES] = {"number": Decimal(round(10 ** (4 * dice.random())))}
        if dice.random() < 0.25:
            values[REMARK] = {"text": self.writer.prose(5, 12)}
        for i, (field_id, value) in enumerate(values.items()):
            named = owned(id=made_id("cval", number * 3 + i), field_id=field_id, slot="", position=0)
            place = {"object_id": lead_id, "lead_id": lead_id, "owner_type": OwnerType.LEAD}
            self._add(CustomFieldValue, {**_VALUE, **named, **place, **value})

    def _add(self, model: Any, row: dict[str, Any]) -> None:
        self.rows[model].append(row)
