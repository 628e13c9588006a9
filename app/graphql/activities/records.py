"""Records: what the gateway or an import notes about changes, and activities of an organization's own types."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from app.domain.activities import ActivityType
from app.domain.activities import CustomActivityStatus as Status
from app.graphql.activities.base import Activity, member_of, or_empty_of, text_of
from app.graphql.custom_fields import CustomActivityType, CustomFieldOwner
from app.graphql.declare import object_type
from app.graphql.fields import column, related, when
from app.graphql.lead_statuses import LeadStatus
from app.storage import custom_fields, leads, opportunities, tasks

if TYPE_CHECKING:
    from app.graphql.opportunities import Opportunity
    from app.graphql.pipelines import OpportunityStatus
    from app.graphql.tasks import Task

LazyOpportunity = Annotated["Opportunity", strawberry.lazy("app.graphql.opportunities")]
LazyOpportunityStatus = Annotated["OpportunityStatus", strawberry.lazy("app.graphql.pipelines")]
LazyTask = Annotated["Task", strawberry.lazy("app.graphql.tasks")]


@object_type
class LeadStatusChange(Activity):
    """A change of a lead's status."""

    is_type_of = when("type", ActivityType.LEAD_STATUS_CHANGE)
    old_lead_status: LeadStatus | None = related(leads.status_by_id, "old_status_id")
    """The status before; null when it no longer exists."""
    new_lead_status: LeadStatus | None = related(leads.status_by_id, "new_status_id")
    """The status after; null when it no longer exists."""
    old_label: str = or_empty_of("old_label")
    """The label before, as it was then."""
    new_label: str = or_empty_of("new_label")
    """The label after, as it was then."""


@object_type
class OpportunityStatusChange(Activity):
    """A change of an opportunity's status."""

    is_type_of = when("type", ActivityType.OPPORTUNITY_STATUS_CHANGE)
    opportunity: LazyOpportunity | None = related(opportunities.by_id, "object_id")
    """The opportunity; null when it no longer exists."""
    old_opportunity_status: LazyOpportunityStatus | None = related(opportunities.status_by_id, "old_status_id")
    """The status before; null when it no longer exists."""
    new_opportunity_status: LazyOpportunityStatus | None = related(opportunities.status_by_id, "new_status_id")
    """The status after; null when it no longer exists."""
    old_label: str = or_empty_of("old_label")
    """The label before, as it was then."""
    new_label: str = or_empty_of("new_label")
    """The label after, as it was then."""


@object_type
class TaskCompleted(Activity):
    """A completed task."""

    is_type_of = when("type", ActivityType.TASK_COMPLETED)
    task: LazyTask | None = related(tasks.by_id, "object_id")
    """The task; null when it no longer exists."""
    task_text: str | None = column("text")
    """The task's text, as it was then."""


@object_type
class Created(Activity):
    """The creation of a lead."""

    is_type_of = when("type", ActivityType.CREATED)
    origin: str | None = text_of("origin")
    """How the lead came in, such as api or import."""


@object_type
class LeadMerge(Activity):
    """A merge of two leads; `lead` is the one that stayed."""

    is_type_of = when("type", ActivityType.LEAD_MERGE)
    source_id: strawberry.ID = or_empty_of("object_id")
    """The ID of the lead that was merged and removed."""
    source_name: str = or_empty_of("old_label")
    """The name of the lead that was merged and removed."""


@object_type
class CustomActivity(Activity, CustomFieldOwner):
    """An activity of an organization-defined type."""

    is_type_of = when("type", ActivityType.CUSTOM)
    custom_type: CustomActivityType = related(custom_fields.activity_type_by_id, "custom_type_id")
    """The organization-defined type."""
    custom_activity_status: Status = member_of(Status, "status")
    """Whether the activity is published; required fields are enforced then."""
