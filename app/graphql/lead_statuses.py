"""Lead statuses: the stages that a lead can be in."""

from typing import Any

import strawberry

from app.graphql.declare import input_type, object_type, one_of
from app.graphql.fields import derived, measured, related
from app.graphql.nodes import Kind, Node
from app.graphql.payloads import MutationPayload, mutation
from app.services import lead_statuses
from app.storage import leads


def is_first(position: Any) -> Any:
    """Of a number, or of a column of them."""
    return position == 0


@object_type
class LeadStatus(Node):
    """A stage that a lead can be in."""

    label: str
    """The status's label, which users may rename."""
    position: int
    """The place in the list; the first status is the default for new leads."""
    is_default: bool = derived(is_first, "position", sql=is_first)
    """Whether new leads get this status."""
    lead_count: int = measured(leads.count_by_status)
    """How many leads are in this status."""


@one_of
class LeadStatusRefInput:
    """Names a lead status by ID or by label."""

    id: strawberry.ID | None = strawberry.UNSET
    """The status's ID (recommended: labels can be renamed)."""
    label: str | None = strawberry.UNSET
    """The label of an existing status."""


@input_type
class LeadStatusCreateInput:
    """A new lead status."""

    label: str
    """The label."""


@input_type
class LeadStatusPatchInput:
    """A new label for a lead status."""

    label: str | None = strawberry.UNSET
    """The label; cannot be null."""


@input_type
class LeadStatusUpdateInput:
    """A new label for a lead status."""

    id: strawberry.ID
    """The status's ID."""
    patch: LeadStatusPatchInput
    """The changes."""


@input_type
class LeadStatusDeleteInput:
    """Which lead status to delete."""

    id: strawberry.ID
    """The status's ID; no lead may be in it."""


@input_type
class LeadStatusReorderInput:
    """The order of all lead statuses."""

    ids: list[strawberry.ID]
    """Every status ID, in the new order."""


@object_type
class LeadStatusCreatePayload(MutationPayload):
    """The outcome of `leadStatusCreate`."""

    lead_status: LeadStatus | None = related(leads.status_by_id, "lead_status_id")
    """The new status."""


@object_type
class LeadStatusUpdatePayload(MutationPayload):
    """The outcome of `leadStatusUpdate`."""

    lead_status: LeadStatus | None = related(leads.status_by_id, "lead_status_id")
    """The renamed status."""


@object_type
class LeadStatusDeletePayload(MutationPayload):
    """The outcome of `leadStatusDelete`."""

    deleted_id: strawberry.ID | None
    """The ID of the removed status."""


@object_type
class LeadStatusReorderPayload(MutationPayload):
    """The outcome of `leadStatusReorder`."""

    lead_statuses: list[LeadStatus] | None = related(leads.statuses_in_organization, "organization_id")
    """All statuses in the new order."""


@object_type
class LeadStatusQueries:
    lead_statuses: list[LeadStatus] = related(leads.statuses_in_organization, "organization_id")
    """The lead statuses in order."""


@object_type
class LeadStatusMutations:
    lead_status_create: LeadStatusCreatePayload = mutation(lead_statuses.create, LeadStatusCreateInput)
    """Adds a lead status. Needs MANAGE_ORGANIZATION."""
    lead_status_update: LeadStatusUpdatePayload = mutation(lead_statuses.update, LeadStatusUpdateInput)
    """Renames a lead status. Needs MANAGE_ORGANIZATION."""
    lead_status_delete: LeadStatusDeletePayload = mutation(lead_statuses.delete, LeadStatusDeleteInput)
    """Deletes a lead status that no lead is in. Needs MANAGE_ORGANIZATION."""
    lead_status_reorder: LeadStatusReorderPayload = mutation(lead_statuses.reorder, LeadStatusReorderInput)
    """Reorders the lead statuses; the first is the default. Needs MANAGE_ORGANIZATION."""


KINDS = [Kind("stat_", leads.status_by_id, "LeadStatus")]
