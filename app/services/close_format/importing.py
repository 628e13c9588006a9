"""The import of a file of leads into an organization: read once to learn what it names, and once to write it."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.exc import IntegrityError

from app.domain.access import Actor
from app.domain.custom_fields import DataType
from app.domain.time import now
from app.services.close_format import leads
from app.services.close_format.directory import Directory, prepare
from app.services.close_format.faults import ImportFault, Refused
from app.services.close_format.kinds import KINDS, LEAD, LeadDraft, Rejection
from app.services.close_format.learning import Learned, learn
from app.services.close_format.reading import Reading
from app.services.close_format.records import Found, records
from app.services.close_format.rejects import Rejects
from app.services.close_format.sources import Source, opened
from app.services.close_format.summary import Counts, ImportSummary, Tally
from app.services.close_format.writing import Outcome, write
from app.storage.database import Database
from app.storage.session import ScopedSession

Progress = Callable[[int, int | None], None]

BATCH = 2_000  # objects in a transaction
LEARNING = 0.1  # the share of the time that the first reading takes


async def import_file(
    database: Database,
    organization_id: str,
    source: Path | BinaryIO,
    *,
    rejects: Path | None = None,
    progress: Progress | None = None,
    batch_size: int = BATCH,
) -> ImportSummary:
    """Write the leads of a file, each batch of them in a transaction of its own.

    Ids, dates and versions are the file's; a row that says what the file says already is left alone. What cannot be
    kept goes to `rejects`. A file that cannot be read at all is an ImportFault.
    """
    started = now()
    actor = Actor.system(organization_id)
    report = progress or _silent
    with opened(source) as file, Rejects(rejects) as rejected:
        learned = _learn(file, report)
        directory = await database.transact(actor, lambda session: prepare(session, learned, started))
        run = _Run(database, actor, directory, started, rejected)
        for batch in run.batches(records(file), batch_size):
            await run.write(batch)
            report(int(file.total * LEARNING + file.done * (1 - LEARNING)), file.total)
        await database.refresh_statistics()
        report(file.total, file.total)
    return run.summary()


def _learn(file: Source, report: Progress) -> Learned:
    def watched(found: Iterator[Found]) -> Iterator[Found]:
        for record in found:
            yield record
            report(int(file.done * LEARNING), file.total)

    return learn(watched(records(file)))


class _Run:
    """The second reading."""

    def __init__(
        self, database: Database, actor: Actor, directory: Directory, started: dt.datetime, rejects: Rejects
    ) -> None:
        self.database = database
        self.actor = actor
        self.directory = directory
        self.rejects = rejects
        self.reading = Reading(directory, Tally(), started)
        fields = directory.fields
        uses = [*fields.by_id.values(), *fields.by_name.values()]
        self.contact_fields = frozenset(use.id for use in uses if use.data_type is DataType.CONTACT)
        self.read = 0
        self.leads = Counts()
        self.objects = {kind.collection: Counts() for kind in KINDS}

    def batches(self, found: Iterator[Found], size: int) -> Iterator[list[LeadDraft]]:
        """Leads of up to `size` objects, or a single one. A lead that comes twice sees what its first record wrote."""
        batch: dict[str, LeadDraft] = {}
        objects = 0
        for record in found:
            self.read += 1
            draft = self._draft(record)
            if draft is None:
                continue
            if batch and (draft.lead.id in batch or objects + draft.size > size):
                yield list(batch.values())
                batch, objects = {}, 0
            batch[draft.lead.id] = draft
            objects += draft.size
        if batch:
            yield list(batch.values())

    async def write(self, batch: list[LeadDraft]) -> None:
        async def work(session: ScopedSession) -> Outcome:
            return await write(session, batch, self.contact_fields, self.reading.now)

        try:
            outcome = await self.database.transact(self.actor, work)
        except IntegrityError as error:
            raise ImportFault(f"The organization was changed by someone else meanwhile: {error.orig}") from error
        self.leads.add(outcome.leads)
        for name, counts in outcome.objects.items():
            self.objects[name].add(counts)
        self.reading.tally.add(outcome.tally)
        for rejection in outcome.rejections:
            self._reject(rejection)

    def _draft(self, found: Found) -> LeadDraft | None:
        if found.replaced:
            self.reading.tally.warn("character", found.replaced)
        try:
            if found.reason is not None:
                raise Refused("", found.reason)
            if not isinstance(found.value, dict):
                raise Refused("", "the record is not an object")
            return leads.read(self.reading, found.value, found.index)
        except Refused as refused:
            self.leads.rejected += 1
            self._reject(Rejection(found.index, refused.path, refused.reason, found.value))
            return None

    def _reject(self, rejection: Rejection) -> None:
        collection = rejection.path.partition(".")[0]
        self.objects[collection if collection in self.objects else LEAD.collection].rejected += 1
        self.rejects.add(rejection)

    def summary(self) -> ImportSummary:
        tally = self.reading.tally
        return ImportSummary(
            self.read,
            self.leads.created,
            self.leads.updated,
            self.leads.unchanged,
            self.leads.rejected,
            sum(counts.rejected for name, counts in self.objects.items() if name != LEAD.collection),
            self.objects,
            dict(tally.warnings.most_common()),
            dict(tally.unknown_keys.most_common()),
            self.directory.made,
        )


def _silent(done: int, total: int | None) -> None:
    """For callers who do not watch."""
