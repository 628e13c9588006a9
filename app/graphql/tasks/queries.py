"""Tasks of the whole organization."""

from app.graphql.connections import Connection
from app.graphql.declare import object_type
from app.graphql.fields import connection, related
from app.graphql.tasks.base import Task
from app.graphql.tasks.filters import in_zone, tasks
from app.storage import tasks as stored


@object_type
class TaskQueries:
    task: Task | None = related(stored.by_id, argument="id", narrow=in_zone)
    """A task of any kind."""
    tasks: Connection[Task] = connection(stored.in_organization, "organization_id", narrow=tasks)
    """Tasks; only to-dos (kind LEAD) unless the filter names other kinds."""
