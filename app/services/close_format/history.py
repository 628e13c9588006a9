"""Records of changes in the format, and activities of an organization's own types."""

from app.domain.activities import ActivityType, CustomActivityStatus
from app.services.close_format.activity_kinds import ActivityKind, common
from app.services.close_format.faults import Refused
from app.services.close_format.keys import Key, detail, reference
from app.services.close_format.kinds import Draft
from app.services.close_format.reading import Reading, fill
from app.services.close_format.statuses import Statuses
from app.services.close_format.values import one_of

_CHANGE = (
    reference("old_status_id"),
    Key("old_status_label", "old_label"),
    reference("new_status_id"),
    Key("new_status_label", "new_label"),
)


def _lead_change(reading: Reading, draft: Draft) -> None:
    _rename(reading.directory.lead_statuses, draft)


def _opportunity_change(reading: Reading, draft: Draft) -> None:
    _rename(reading.directory.opportunity_statuses, draft)


def _rename(statuses: Statuses, draft: Draft) -> None:
    """A status that the organization has under another id is meant by that one here, too."""
    for column in ("old_status_id", "new_status_id"):
        if id := draft.columns.get(column):
            draft.columns[column] = statuses.by_id.get(id, id)


def _custom(reading: Reading, draft: Draft) -> None:
    named = draft.columns.get("custom_type_id")
    if named is None:
        raise Refused(f"{draft.path}.custom_activity_type_id", "is missing")
    draft.columns["custom_type_id"] = reading.directory.fields.types[named]
    fill(draft, "status", CustomActivityStatus.PUBLISHED)


LEAD_STATUS_CHANGE = ActivityKind(
    "LeadStatusChange", ActivityType.LEAD_STATUS_CHANGE, common(*_CHANGE), complete=_lead_change
)
OPPORTUNITY_STATUS_CHANGE = ActivityKind(
    "OpportunityStatusChange",
    ActivityType.OPPORTUNITY_STATUS_CHANGE,
    common(
        reference("opportunity_id", "object_id"),
        *_CHANGE,
        extras=(
            "new_pipeline_id", "new_pipeline_name", "new_status_type", "old_pipeline_id", "old_pipeline_name",
            "old_status_type", "opportunity_confidence", "opportunity_date_won", "opportunity_value",
            "opportunity_value_currency", "opportunity_value_formatted", "opportunity_value_period",
        ),
    ),
    complete=_opportunity_change,
)  # fmt: skip
TASK_COMPLETED = ActivityKind(
    "TaskCompleted",
    ActivityType.TASK_COMPLETED,
    common(
        reference("task_id", "object_id"),
        Key("task_text", "text"),
        extras=("task_assigned_to", "task_assigned_to_name"),
    ),
)
CREATED = ActivityKind(
    "Created", ActivityType.CREATED, common(detail("source", member="origin"), extras=("import_id",))
)
LEAD_MERGE = ActivityKind(
    "LeadMerge",
    ActivityType.LEAD_MERGE,
    common(
        reference("source_lead_id", "object_id"),
        Key("source_display_name", "old_label"),
        extras=("destination_display_name", "destination_lead_id", "error_message", "merge_status"),
    ),
)
CUSTOM = ActivityKind(
    "CustomActivity",
    ActivityType.CUSTOM,
    common(
        reference("custom_activity_type_id", "custom_type_id"),
        Key("status", "", one_of({status.value: status for status in CustomActivityStatus}), lenient=True),
        derived=("custom_activity_type_name",),
        extras=("last_published_at", "mentions", "pinned", "pinned_at", "source"),
    ),
    complete=_custom,
)

KINDS = (LEAD_STATUS_CHANGE, OPPORTUNITY_STATUS_CHANGE, TASK_COMPLETED, CREATED, LEAD_MERGE, CUSTOM)
