"""What of tasks can be searched."""

from app.domain.filters import Kind
from app.domain.tasks import TaskType
from app.storage.search.fields import choice, declared, flag, instant, of, text, user

FIELDS = declared(
    Kind.TASK,
    user("assigned_to", "Who the task is assigned to"),
    instant(
        "date", "When the task becomes actionable; a whole day counts as its first instant", "date_time", day=of("date")
    ),
    instant("date_created", "When the task was created"),
    flag("is_complete", "Whether the task is done"),
    text("text", "What to do"),
    choice("type", "The kind of task", TaskType),
)
