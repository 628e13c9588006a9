"""Opportunity statuses: create, rename, delete, and their order in a pipeline (rules S1-S7, L18)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping

from app.domain.access import Permission
from app.domain.checks import Checks
from app.domain.errors import Conflict, InUse
from app.domain.opportunities import StatusType
from app.domain.text import fold
from app.services.ordering import check_order, new_name, next_position, place
from app.services.work import Done, Work, use_case
from app.storage.ids import new_id
from app.storage.opportunities import Opportunity, OpportunityStatus, Pipeline
from app.storage.reads import table_of
from app.storage.types import among

_STATUS = table_of(OpportunityStatus)


@use_case(Permission.MANAGE_ORGANIZATION)
async def create(work: Work, *, pipeline_id: str, label: str, type: StatusType) -> Done:
    """A new status at the end of a pipeline; its label is unique there, whatever its case (rule S3)."""
    await work.session.lock_organization()
    await work.require(Pipeline, pipeline_id, "pipeline", ["pipeline_id"])
    others = await in_pipeline(work, pipeline_id)
    label = new_name({"label": label}, "label", others, "an opportunity status")
    id = new_id("stat")
    row = {"id": id, "pipeline_id": pipeline_id, "label": label, "label_key": fold(label), "type": type}
    await work.session.insert(OpportunityStatus, row | {"position": next_position(others)})
    return {"opportunity_status_id": id}


@use_case(Permission.MANAGE_ORGANIZATION)
async def update(work: Work, *, id: str, patch: Mapping[str, Any]) -> Done:
    """Rename a status; opportunities keep it, and nothing is recorded (rule S4)."""
    await work.session.lock_organization()
    status = await work.require(OpportunityStatus, id, "opportunity status")
    checks = Checks(["patch"])
    checks.present(patch, "label")
    checks.finish()
    if "label" in patch:
        others = [other for other in await in_pipeline(work, status["pipeline_id"]) if other["id"] != id]
        label = new_name(patch, "label", others, "an opportunity status", ["patch"])
        await work.session.update(OpportunityStatus, {"label": label, "label_key": fold(label)}, _STATUS.c.id == id)
    return {"opportunity_status_id": id}


@use_case(Permission.MANAGE_ORGANIZATION)
async def delete(work: Work, *, id: str) -> Done:
    """Remove a status that no opportunity is in (rules S6, S7)."""
    await work.session.lock_organization()
    status = await work.require(OpportunityStatus, id, "opportunity status")
    used = await count_uses(work, [id])
    if used:
        raise InUse(f"Opportunities in this status: {used}; move them to another one first.", used, ["id"])
    await check_default_stays(work, [id])
    await work.session.delete(OpportunityStatus, _STATUS.c.id == id)
    await place(work, OpportunityStatus, await in_pipeline(work, status["pipeline_id"]))
    return {"deleted_id": id}


async def reorder(work: Work, pipeline_id: str, ids: Sequence[str], path: Sequence[str]) -> None:
    """Put the statuses of a pipeline in this order; none leaves it or comes from another one."""
    statuses = {status["id"]: status for status in await in_pipeline(work, pipeline_id)}
    check_order(ids, statuses, "opportunity status of the pipeline", path)
    await place(work, OpportunityStatus, [statuses[id] for id in ids])


async def in_pipeline(work: Work, pipeline_id: str) -> Sequence[RowMapping]:
    """The statuses of a pipeline in order."""
    order = [_STATUS.c.position, _STATUS.c.id]
    return await work.session.find(OpportunityStatus, _STATUS.c.pipeline_id == pipeline_id, order_by=order)


async def count_uses(work: Work, ids: Sequence[str]) -> int:
    """How many opportunities are in these statuses. One that comes meanwhile stops the delete by its foreign key."""
    return await work.session.count(Opportunity, among(table_of(Opportunity).c.status_id, ids))


async def check_default_stays(work: Work, going: Sequence[str]) -> None:
    """The last active status stays, for new opportunities need one (rule S7)."""
    active = await work.session.find(OpportunityStatus, _STATUS.c.type == StatusType.ACTIVE)
    ids = {status["id"] for status in active}
    if ids and ids <= set(going):
        raise Conflict(
            "The last active status cannot be deleted: new opportunities need one.",
            ["id"],
            conflicting_id=active[0]["id"],
        )
