"""Activities: what happened on leads, one type per kind."""

from app.graphql.activities.base import KINDS, Activity
from app.graphql.activities.custom import CustomActivityMutations
from app.graphql.activities.filters import activities
from app.graphql.activities.messages import Attachment, Call, Email, EmailThread, Meeting, Note, Sms
from app.graphql.activities.queries import ActivityQueries
from app.graphql.activities.records import (
    Created,
    CustomActivity,
    LeadMerge,
    LeadStatusChange,
    OpportunityStatusChange,
    TaskCompleted,
)

ACTIVITY_TYPES = [
    Call,
    Email,
    EmailThread,
    Note,
    Sms,
    Meeting,
    LeadStatusChange,
    OpportunityStatusChange,
    TaskCompleted,
    Created,
    LeadMerge,
    CustomActivity,
]

__all__ = [
    "ACTIVITY_TYPES",
    "KINDS",
    "Activity",
    "ActivityQueries",
    "Attachment",
    "Call",
    "Created",
    "CustomActivity",
    "CustomActivityMutations",
    "Email",
    "EmailThread",
    "LeadMerge",
    "LeadStatusChange",
    "Meeting",
    "Note",
    "OpportunityStatusChange",
    "Sms",
    "TaskCompleted",
    "activities",
]
