"""Pipelines: create, rename, put their statuses in order, reorder, delete."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping

from app.domain.access import Permission
from app.domain.checks import Checks
from app.domain.errors import Conflict, InUse
from app.domain.text import fold
from app.services import opportunity_statuses as statuses
from app.services.ordering import check_order, new_name, next_position, place
from app.services.work import Done, Work, use_case
from app.storage.ids import new_id
from app.storage.opportunities import OpportunityStatus, Pipeline
from app.storage.reads import table_of

_PIPELINE = table_of(Pipeline)


@use_case(Permission.MANAGE_ORGANIZATION)
async def create(work: Work, *, name: str) -> Done:
    """A new pipeline without statuses after the others; its name is unique, whatever its case (rule L18)."""
    others = await _all(work)
    name = new_name({"name": name}, "name", others, "a pipeline")
    id = new_id("pipe")
    row = {"id": id, "name": name, "name_key": fold(name), "position": next_position(others)}
    await work.session.insert(Pipeline, row)
    return {"pipeline_id": id}


@use_case(Permission.MANAGE_ORGANIZATION)
async def update(work: Work, *, id: str, patch: Mapping[str, Any]) -> Done:
    """Rename a pipeline, put its statuses in another order, or both."""
    pipelines = await _all(work)
    await work.require(Pipeline, id, "pipeline")
    checks = Checks(["patch"])
    checks.present(patch, "name", "status_ids")
    checks.finish()
    if "name" in patch:
        others = [other for other in pipelines if other["id"] != id]
        name = new_name(patch, "name", others, "a pipeline", ["patch"])
        await work.session.update(Pipeline, {"name": name, "name_key": fold(name)}, _PIPELINE.c.id == id)
    if "status_ids" in patch:
        await statuses.reorder(work, id, patch["status_ids"], ["patch", "status_ids"])
    return {"pipeline_id": id}


@use_case(Permission.MANAGE_ORGANIZATION)
async def delete(work: Work, *, id: str) -> Done:
    """Remove a pipeline that holds no opportunities, with its statuses; the last pipeline stays."""
    pipelines = await _all(work)
    await work.require(Pipeline, id, "pipeline")
    stages = [status["id"] for status in await statuses.in_pipeline(work, id)]
    await work.session.lock(OpportunityStatus, stages)
    used = await statuses.count_uses(work, stages)
    if used:
        raise InUse(f"Opportunities in this pipeline: {used}; move them to another one first.", used, ["id"])
    if len(pipelines) == 1:
        message = "The last pipeline cannot be deleted: new opportunities need one."
        raise Conflict(message, ["id"], conflicting_id=id)
    await statuses.check_default_stays(work, stages)
    await work.session.delete(OpportunityStatus, table_of(OpportunityStatus).c.pipeline_id == id)
    await work.session.delete(Pipeline, _PIPELINE.c.id == id)
    await place(work, Pipeline, [other for other in pipelines if other["id"] != id])
    return {"deleted_id": id}


@use_case(Permission.MANAGE_ORGANIZATION)
async def reorder(work: Work, *, ids: Sequence[str]) -> Done:
    """Put the pipelines in this order; new opportunities go to the first one (rule L16)."""
    pipelines = {pipeline["id"]: pipeline for pipeline in await _all(work)}
    check_order(ids, pipelines, "pipeline", ["ids"])
    await place(work, Pipeline, [pipelines[id] for id in ids])
    return {"organization_id": work.actor.organization_id}


async def _all(work: Work) -> Sequence[RowMapping]:
    """The pipelines in order, kept from others who would change the list."""
    await work.session.lock_organization()
    return await work.session.in_order(Pipeline)
