"""The domain's enums under their names in the schema; made known before any type names them."""

from app.domain.access import Permission
from app.domain.activities import (
    ActivityType,
    CallDisposition,
    CustomActivityStatus,
    Direction,
    EmailStatus,
    EmailThreading,
    MeetingResponse,
    MeetingStatus,
    SmsStatus,
)
from app.domain.custom_fields import DataType, FieldObject, Scope
from app.domain.errors import ErrorCode
from app.domain.opportunities import StatusType, ValuePeriod
from app.domain.tasks import TaskType, TaskView
from app.graphql.declare import enumeration

for members in (
    Permission,
    ActivityType,
    CallDisposition,
    CustomActivityStatus,
    EmailStatus,
    EmailThreading,
    MeetingResponse,
    MeetingStatus,
    SmsStatus,
    TaskType,
    TaskView,
):
    enumeration(members)

enumeration(ErrorCode, name="UserErrorCode")
enumeration(Direction, name="CommunicationDirection")
enumeration(DataType, name="CustomFieldDataType")
enumeration(Scope, name="CustomFieldScope")
enumeration(FieldObject, name="CustomFieldObject")
enumeration(StatusType, name="OpportunityStatusType")
enumeration(ValuePeriod, name="OpportunityValuePeriod")
