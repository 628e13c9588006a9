"""The import of a list of custom fields: those that are missing are made, others are brought up to date."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from app.domain.access import Actor
from app.domain.custom_fields import Scope
from app.domain.time import Clock, now
from app.services.close_format import definitions
from app.services.close_format.defining import Defining, FieldOutcome
from app.services.close_format.definitions import Definition
from app.services.close_format.faults import ImportFault, Refused
from app.services.close_format.learning import Learned
from app.services.close_format.records import Found, records
from app.services.close_format.rejects import Rejects
from app.services.close_format.sources import opened
from app.services.close_format.summary import Counts, Tally
from app.services.close_format.users import prepare_users
from app.services.work import Work
from app.storage.custom_fields import CustomField, CustomFieldPlacement
from app.storage.database import Database
from app.storage.organizations import Organization, Role
from app.storage.session import ScopedSession

MAX_RECORDS = 10_000
"""A file with more of them is no list of an organization's fields."""


@dataclass(frozen=True)
class FieldsSummary:
    """The outcome of an import of custom fields: of each record, odd keys, and members made for their ids."""

    fields: Sequence[FieldOutcome]
    warnings: Mapping[str, int]
    unknown_keys: Mapping[str, int]
    users: Sequence[str]

    @property
    def counts(self) -> Counts:
        counts = Counts()
        for each in self.fields:
            setattr(counts, each.outcome, getattr(counts, each.outcome) + 1)
        return counts

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the file was kept out."""
        return not any(each.reasons for each in self.fields)


async def import_custom_fields(
    database: Database,
    organization_id: str,
    source: Path | BinaryIO,
    *,
    on: Scope = Scope.LEAD,
    rejects: Path | None = None,
) -> FieldsSummary:
    """Define the fields of a file, in one transaction; those that do not say where they are defined are on `on`.

    Ids, dates and choices are the file's, and new fields come after the others in its order. Of a field that is there
    already, nothing is taken away. What cannot be kept goes to `rejects`. A file that cannot be read at all is an
    ImportFault.
    """
    with opened(source) as file, Rejects(rejects) as rejected:
        read = _Reading()
        for record in records(file):
            read.take(record, on)
        actor, started = Actor.system(organization_id), now()
        done, users = await database.transact(actor, lambda session: _define(session, read, started))
        for rejection in done.rejections:
            rejected.add(rejection)
    return FieldsSummary(done.outcomes, dict(read.tally.warnings), dict(read.tally.unknown_keys), users)


@dataclass
class _Reading:
    """The records of a file, each with its definition, or with what is wrong about it."""

    records: list[tuple[Found, Definition | Refused]] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    def take(self, record: Found, on: Scope) -> None:
        if len(self.records) == MAX_RECORDS:
            raise ImportFault(f"The file holds more than {MAX_RECORDS} records: it is no list of custom fields.")
        if record.replaced:
            self.tally.warn("character", record.replaced)
        try:
            if record.reason is not None:
                raise Refused("", record.reason)
            self.records.append((record, definitions.read(record.value, on, self.tally)))
        except Refused as refused:
            self.records.append((record, refused))


async def _define(session: ScopedSession, read: _Reading, started: dt.datetime) -> tuple[Defining, Sequence[str]]:
    """In the session's transaction; nothing but the session changes, so that it may run again."""
    if await session.get(Organization, session.actor.organization_id) is None:
        raise ImportFault(f"There is no organization {session.actor.organization_id}.")
    await session.lock_organization()
    known = {row["id"]: row for row in await session.find(CustomField)}
    new = (one.value for one, read in read.records if isinstance(read, Definition) and read.id not in known)
    users = await prepare_users(session, _named(new))
    defining = Defining(
        Work(session, session.actor, Clock.at(started, "UTC")),
        known,
        {(row["field_id"], row["target"]) for row in await session.find(CustomFieldPlacement)},
        {row["id"] for row in await session.find(Role)},
    )
    for record, definition in read.records:
        await defining.take(record, definition)
    return defining, users.made


def _named(values: Iterable[Any]) -> Mapping[str, str | None]:
    """The users that records name."""
    learned = Learned()
    for value in values:
        learned.observe_users(value)
    return learned.users
