"""Statuses and pipelines that a file names: found in the organization, or made at the end of their list.

A status is the same one when its id is, else when its label is. Where the organization has the label under an id of
its own that nothing uses yet, as a new organization does, the status takes over the file's id.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from app.domain.opportunities import StatusType
from app.services.close_format.kinds import Row
from app.services.close_format.learning import NamedStatus
from app.services.close_format.shelves import Shelf, label_key, used
from app.storage.activities import Activity
from app.storage.leads import Lead, LeadStatus
from app.storage.opportunities import Opportunity, OpportunityStatus, Pipeline
from app.storage.session import ScopedSession

FIRST_LEAD_STATUS = "Potential"
FIRST_OPPORTUNITY_STATUS = "Active"
FIRST_PIPELINE = "Sales"

NamedPipeline = tuple[str | None, str | None]


@dataclass
class Statuses:
    """The organization's status for what a record names; without any name the first one."""

    default: str
    by_id: dict[str, str] = field(default_factory=dict)
    by_label: dict[tuple[str, str], str] = field(default_factory=dict)  # (pipeline or nothing, folded label)
    pipelines: dict[NamedPipeline, str] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    made_pipelines: list[str] = field(default_factory=list)

    def find(self, named: NamedStatus) -> str:
        if named.id is not None:
            return self.by_id.get(named.id, self.default)
        if named.label is None:
            return self.default
        pipeline = self.pipelines.get(_pipeline(named), "")
        return self.by_label.get((pipeline, label_key(named.label)), self.default)


async def prepare_lead_statuses(session: ScopedSession, named: Collection[NamedStatus]) -> Statuses:
    shelf = await Shelf(session, LeadStatus, "stat", "label").load()
    statuses = Statuses("", made=shelf.made)
    ids = {status.id for status in named}
    for status in _ids_first(named):
        row = shelf.by_id(status.id) or shelf.by_label(status.label or status.id or "")
        if row is None:
            row = await shelf.make(status.id, status.label or status.id or "")
        elif status.id and row["id"] not in ids and not await _used(session, Lead, row):
            await shelf.take_over(row, status.id)
        if status.id:
            statuses.by_id[status.id] = row["id"]
    if not shelf.rows:
        await shelf.make(None, FIRST_LEAD_STATUS)
    statuses.default = shelf.first()["id"]
    statuses.by_label = {("", row["label_key"]): row["id"] for row in shelf.rows}
    return statuses


async def prepare_opportunity_statuses(session: ScopedSession, named: Collection[NamedStatus]) -> Statuses:
    pipelines = await Shelf(session, Pipeline, "pipe", "name").load()
    shelf = await Shelf(session, OpportunityStatus, "stat", "label").load()
    if not named:
        return Statuses("")
    places = await _prepare_pipelines(pipelines, shelf, named)
    statuses = Statuses("", pipelines=places, made=shelf.made, made_pipelines=pipelines.made)
    ids = {status.id for status in named}
    for status in _ids_first(named):
        place = places[_pipeline(status)]
        row = shelf.by_id(status.id) or shelf.by_label(status.label or status.id or "", pipeline_id=place)
        if row is None:
            type_ = _type(status, StatusType.ACTIVE)
            row = await shelf.make(status.id, status.label or status.id or "", pipeline_id=place, type=type_)
        elif status.id and row["id"] not in ids and not await _used(session, Opportunity, row):
            row["type"] = _type(status, row["type"])
            await shelf.take_over(row, status.id)
        if status.id:
            statuses.by_id[status.id] = row["id"]
    if not shelf.rows:
        place = pipelines.first()["id"]
        await shelf.make(None, FIRST_OPPORTUNITY_STATUS, pipeline_id=place, type=StatusType.ACTIVE)
    order = {row["id"]: row["position"] for row in pipelines.rows}
    statuses.default = min(shelf.rows, key=lambda row: (order[row["pipeline_id"]], row["position"]))["id"]
    statuses.by_label = {(row["pipeline_id"], row["label_key"]): row["id"] for row in shelf.rows}
    return statuses


async def _prepare_pipelines(
    pipelines: Shelf, stages: Shelf, named: Collection[NamedStatus]
) -> dict[NamedPipeline, str]:
    places: dict[NamedPipeline, str] = {}
    ids = {status.pipeline_id for status in named}
    for id, name in sorted({_pipeline(status): None for status in named}, key=lambda pair: pair[0] is None):
        row = pipelines.by_id(id) if id else None
        if row is None and (id or name):
            row = pipelines.by_label(name or id or "")
            if row is None:
                row = await pipelines.make(id, name or id or "")
            elif id and row["id"] not in ids:
                await _take_over_pipeline(pipelines, stages, row, id)
        if row is None:
            row = pipelines.first() if pipelines.rows else await pipelines.make(None, FIRST_PIPELINE)
        places[id, name] = row["id"]
    return places


async def _take_over_pipeline(pipelines: Shelf, stages: Shelf, row: Row, id: str) -> None:
    """Give a pipeline the file's id, its statuses going along, unless an opportunity is in one of them."""
    own = [stage for stage in stages.rows if stage["pipeline_id"] == row["id"]]
    if await used(pipelines.session, Opportunity.status_id, [stage["id"] for stage in own]):
        return
    await stages.delete(*own)
    await pipelines.take_over(row, id)
    for stage in own:
        stage["pipeline_id"] = id
    await stages.insert(*own)


async def _used(session: ScopedSession, model: type[Lead] | type[Opportunity], status: Row) -> bool:
    """Whether an object is in the status, or an activity tells of a change from or to it."""
    columns = (model.status_id, Activity.old_status_id, Activity.new_status_id)
    return any([await used(session, column, [status["id"]]) for column in columns])


def _ids_first(named: Collection[NamedStatus]) -> list[NamedStatus]:
    """Statuses known by label alone come after all ids, so that they find those of the same label."""
    return sorted((status for status in named if status.id or status.label), key=lambda status: status.id is None)


def _pipeline(status: NamedStatus) -> NamedPipeline:
    return status.pipeline_id, status.pipeline_name


def _type(status: NamedStatus, default: StatusType) -> StatusType:
    return next((type for type in StatusType if type.value == (status.type or "").lower()), default)
