"""The activities that the gateway writes itself, in the transaction of what they record."""

from typing import Any

from app.domain.activities import ActivityType
from app.services.work import Work
from app.storage.activities import Activity
from app.storage.ids import new_id


async def record(work: Work, type: ActivityType, lead_id: str | None, id: str | None = None, **values: Any) -> str:
    """Write an activity of the actor's at this moment, and return its id."""
    id = id or new_id("acti")
    row = {"id": id, "type": type, "lead_id": lead_id, "user_id": work.actor.user_id, "date": work.clock.now}
    await work.session.insert(Activity, row | work.created() | values)
    return id
