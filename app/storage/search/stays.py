"""Which statuses an opportunity was in, and when: read off the changes that were recorded."""

from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, not_, or_, select, true, tuple_

from app.domain.activities import ActivityType
from app.domain.filters import InStatus
from app.domain.moments import Moment, at
from app.storage.activities import Activity
from app.storage.reads import table_of
from app.storage.scope import visible
from app.storage.search.binds import Moving
from app.storage.search.conditions import one_of
from app.storage.search.fields import Aliases, Rows
from app.storage.types import Instant

_ACTIVITY = table_of(Activity)


def in_status(query: InStatus, opportunity: Rows, moving: Moving, aliases: Aliases) -> ColumnElement[bool]:
    """The opportunity was in one of the statuses at some time of the range.

    Its first stay begins when it is created; each change ends a stay and begins the next. A stay lies in the range
    when it begins before the range ends, and no change ends it up to where the range begins.
    """
    start, end = _instant(query.on_or_after, moving), _instant(query.before, moving)
    changes = [aliases(_ACTIVITY) for _ in range(4)]
    return or_(
        _entered(query, opportunity, start, end, *changes[:2]), _first(query, opportunity, start, end, *changes[2:])
    )


def _entered(
    query: InStatus, opportunity: Rows, start: Any, end: Any, change: Rows, later: Rows
) -> ColumnElement[bool]:
    """A change brought it into a status in time."""
    left: ColumnElement[bool] = true()
    if start is not None:
        follows = tuple_(later.c.date, later.c.id) > tuple_(change.c.date, change.c.id)
        ended = exists().where(_of(later, opportunity), follows, later.c.date <= start)
        left = not_(ended.correlate(opportunity, change))
    begun = change.c.date < end if end is not None else true()
    wanted = one_of(change.c.new_status_id, query.status_ids)
    return exists().where(_of(change, opportunity), wanted, begun, left).correlate(opportunity)


def _first(query: InStatus, opportunity: Rows, start: Any, end: Any, first: Rows, early: Rows) -> ColumnElement[bool]:
    """It was created in a status, and stayed long enough."""
    old = (
        select(first.c.old_status_id)
        .where(_of(first, opportunity))
        .order_by(first.c.date, first.c.id)
        .limit(1)
        .correlate(opportunity)
        .scalar_subquery()
    )
    changed = exists().where(_of(first, opportunity)).correlate(opportunity)
    status = case((changed, old), else_=opportunity.c.status_id)
    begun = opportunity.c.date_created < end if end is not None else true()
    left: ColumnElement[bool] = true()
    if start is not None:
        left = not_(exists().where(_of(early, opportunity), early.c.date <= start).correlate(opportunity))
    return and_(begun, left, one_of(status, query.status_ids))


def _of(change: Rows, opportunity: Rows) -> ColumnElement[bool]:
    return and_(
        visible(change),
        change.c.object_id == opportunity.c.id,
        change.c.type == ActivityType.OPPORTUNITY_STATUS_CHANGE,
    )


def _instant(moment: Moment | None, moving: Moving) -> Any:
    return None if moment is None else moving.bind(partial(at, moment), Instant())
