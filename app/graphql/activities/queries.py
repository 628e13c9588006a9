"""Activities of the whole organization."""

from app.graphql.activities.base import Activity
from app.graphql.activities.filters import activities
from app.graphql.connections import Connection
from app.graphql.declare import object_type
from app.graphql.fields import connection, related
from app.storage import activities as stored


@object_type
class ActivityQueries:
    activity: Activity | None = related(stored.by_id, argument="id")
    """An activity of any kind."""
    activities: Connection[Activity] = connection(stored.in_organization, "organization_id", narrow=activities)
    """Activities of all leads, newest first unless ordered."""
