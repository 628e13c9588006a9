"""Tasks: action items, one type per kind."""

from app.graphql.tasks.base import KINDS, Task
from app.graphql.tasks.filters import tasks
from app.graphql.tasks.kinds import TASK_TYPES
from app.graphql.tasks.mutations import TaskMutations
from app.graphql.tasks.queries import TaskQueries

__all__ = ["KINDS", "TASK_TYPES", "Task", "TaskMutations", "TaskQueries", "tasks"]
