"""Activities of any kind: delete."""

from sqlmodel import col

from app.domain.activities import ActivityType
from app.services.rights import activity_type
from app.services.work import Done, Work, use_case
from app.storage.activities import Activity


@use_case()
async def delete(work: Work, *, id: str) -> Done:
    """Remove an activity; one of an organization's own types where the type lets the caller's role edit it.

    The messages of a thread stay, each on its own; tasks about it keep its id.
    """
    row = await work.require(Activity, id, "activity")
    if row["custom_type_id"] is not None:
        await activity_type(work, row["custom_type_id"], ["id"])
    if row["type"] is ActivityType.EMAIL_THREAD:
        await work.session.update(Activity, {"thread_id": None}, col(Activity.thread_id) == id)
    await work.session.delete(Activity, col(Activity.id) == id)
    return {"deleted_id": id}
