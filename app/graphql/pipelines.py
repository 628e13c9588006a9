"""Pipelines and their stages: the statuses that an opportunity can be in."""

from typing import Annotated

import strawberry

from app.domain.opportunities import StatusType
from app.graphql.declare import input_type, object_type
from app.graphql.fields import connection, related
from app.graphql.nodes import Kind, Node
from app.graphql.opportunities import OpportunityConnection, opportunities
from app.graphql.payloads import MutationPayload, mutation
from app.services import opportunity_statuses, pipelines
from app.storage import opportunities as stored
from app.storage.reads import Read


@object_type
class OpportunityStatus(Node):
    """A stage of a pipeline."""

    label: str
    """The status's label, which users may rename."""
    type: StatusType
    """Whether the deal is open, won or lost in this stage."""
    position: int
    """The place in the pipeline."""
    pipeline: Annotated["Pipeline", strawberry.lazy("app.graphql.pipelines")] = related(
        stored.pipeline_by_id, "pipeline_id"
    )
    """The pipeline that the stage belongs to."""
    opportunities: OpportunityConnection = connection(stored.by_status, narrow=opportunities)
    """The opportunities in this status: a pipeline board in one query."""


@object_type
class Pipeline(Node):
    """An ordered list of opportunity statuses."""

    name: str
    """The pipeline's name."""
    statuses: list[OpportunityStatus] = related(stored.statuses_by_pipeline)
    """The stages in order."""


def statuses(
    read: Read,
    pipeline_id: Annotated[
        strawberry.ID | None, strawberry.argument(description="Only statuses of this pipeline.")
    ] = None,
) -> Read:
    """The statuses of all pipelines, or of one."""
    return read.where(read.table.c.pipeline_id == pipeline_id) if pipeline_id is not None else read


@input_type
class OpportunityStatusCreateInput:
    """A new opportunity status."""

    pipeline_id: strawberry.ID
    """The pipeline's ID."""
    label: str
    """The label."""
    type: StatusType
    """Whether the deal is open, won or lost in this stage."""


@input_type
class OpportunityStatusPatchInput:
    """Changes to an opportunity status. Omit a field to keep it."""

    label: str | None = strawberry.UNSET
    """The label; cannot be null."""


@input_type
class OpportunityStatusUpdateInput:
    """Changes to an opportunity status."""

    id: strawberry.ID
    """The status's ID."""
    patch: OpportunityStatusPatchInput
    """The changes."""


@input_type
class OpportunityStatusDeleteInput:
    """Which opportunity status to delete."""

    id: strawberry.ID
    """The status's ID; no opportunity may be in it."""


@input_type
class PipelineCreateInput:
    """A new pipeline."""

    name: str
    """The name."""


@input_type
class PipelinePatchInput:
    """Changes to a pipeline. Omit a field to keep it."""

    name: str | None = strawberry.UNSET
    """The name; cannot be null."""
    status_ids: list[strawberry.ID] | None = strawberry.UNSET
    """Every status ID of the pipeline, in the new order; cannot be null."""


@input_type
class PipelineUpdateInput:
    """Changes to a pipeline."""

    id: strawberry.ID
    """The pipeline's ID."""
    patch: PipelinePatchInput
    """The changes."""


@input_type
class PipelineDeleteInput:
    """Which pipeline to delete."""

    id: strawberry.ID
    """The pipeline's ID; it may hold no opportunities."""


@input_type
class PipelineReorderInput:
    """The order of all pipelines."""

    ids: list[strawberry.ID]
    """Every pipeline ID, in the new order."""


@object_type
class OpportunityStatusCreatePayload(MutationPayload):
    """The outcome of `opportunityStatusCreate`."""

    opportunity_status: OpportunityStatus | None = related(stored.status_by_id, "opportunity_status_id")
    """The new status."""


@object_type
class OpportunityStatusUpdatePayload(MutationPayload):
    """The outcome of `opportunityStatusUpdate`."""

    opportunity_status: OpportunityStatus | None = related(stored.status_by_id, "opportunity_status_id")
    """The changed status."""


@object_type
class OpportunityStatusDeletePayload(MutationPayload):
    """The outcome of `opportunityStatusDelete`."""

    deleted_id: strawberry.ID | None
    """The ID of the removed status."""


@object_type
class PipelineCreatePayload(MutationPayload):
    """The outcome of `pipelineCreate`."""

    pipeline: Pipeline | None = related(stored.pipeline_by_id, "pipeline_id")
    """The new pipeline."""


@object_type
class PipelineUpdatePayload(MutationPayload):
    """The outcome of `pipelineUpdate`."""

    pipeline: Pipeline | None = related(stored.pipeline_by_id, "pipeline_id")
    """The changed pipeline."""


@object_type
class PipelineDeletePayload(MutationPayload):
    """The outcome of `pipelineDelete`."""

    deleted_id: strawberry.ID | None
    """The ID of the removed pipeline."""


@object_type
class PipelineReorderPayload(MutationPayload):
    """The outcome of `pipelineReorder`."""

    pipelines: list[Pipeline] | None = related(stored.pipelines_in_organization, "organization_id")
    """All pipelines in the new order."""


@object_type
class PipelineQueries:
    pipelines: list[Pipeline] = related(stored.pipelines_in_organization, "organization_id")
    """The pipelines in order."""
    opportunity_statuses: list[OpportunityStatus] = related(
        stored.statuses_in_organization, "organization_id", narrow=statuses
    )
    """The opportunity statuses of all pipelines, in order."""


@object_type
class PipelineMutations:
    opportunity_status_create: OpportunityStatusCreatePayload = mutation(
        opportunity_statuses.create, OpportunityStatusCreateInput
    )
    """Adds an opportunity status. Needs MANAGE_ORGANIZATION."""
    opportunity_status_update: OpportunityStatusUpdatePayload = mutation(
        opportunity_statuses.update, OpportunityStatusUpdateInput
    )
    """Changes an opportunity status. Needs MANAGE_ORGANIZATION."""
    opportunity_status_delete: OpportunityStatusDeletePayload = mutation(
        opportunity_statuses.delete, OpportunityStatusDeleteInput
    )
    """Deletes an opportunity status that no opportunity is in. Needs MANAGE_ORGANIZATION."""
    pipeline_create: PipelineCreatePayload = mutation(pipelines.create, PipelineCreateInput)
    """Adds a pipeline. Needs MANAGE_ORGANIZATION."""
    pipeline_update: PipelineUpdatePayload = mutation(pipelines.update, PipelineUpdateInput)
    """Changes a pipeline. Needs MANAGE_ORGANIZATION."""
    pipeline_delete: PipelineDeletePayload = mutation(pipelines.delete, PipelineDeleteInput)
    """Deletes an empty pipeline. Needs MANAGE_ORGANIZATION."""
    pipeline_reorder: PipelineReorderPayload = mutation(pipelines.reorder, PipelineReorderInput)
    """Reorders the pipelines. Needs MANAGE_ORGANIZATION."""


KINDS = [
    Kind("pipe_", stored.pipeline_by_id, "Pipeline"),
    Kind("stat_", stored.status_by_id, "OpportunityStatus"),
]
