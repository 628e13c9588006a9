"""Ranges in filters, and the conditions that filters of several resources share."""

import datetime as dt
from typing import Any

import strawberry
from sqlalchemy import ColumnElement

from app.domain.errors import ArgumentFault
from app.graphql.declare import input_type
from app.graphql.inputs import Input
from app.storage.types import among


@input_type
class DateTimeRangeInput(Input):
    """A range of instants."""

    gt: dt.datetime | None = strawberry.UNSET
    """After this instant."""
    gte: dt.datetime | None = strawberry.UNSET
    """At or after this instant."""
    lt: dt.datetime | None = strawberry.UNSET
    """Before this instant."""
    lte: dt.datetime | None = strawberry.UNSET
    """At or before this instant."""


@input_type
class DateRangeInput(Input):
    """A range of calendar days."""

    gt: dt.date | None = strawberry.UNSET
    """After this day."""
    gte: dt.date | None = strawberry.UNSET
    """On or after this day."""
    lt: dt.date | None = strawberry.UNSET
    """Before this day."""
    lte: dt.date | None = strawberry.UNSET
    """On or before this day."""


def within(column: Any, bounds: DateTimeRangeInput | DateRangeInput | None) -> list[ColumnElement[bool]]:
    """The column lies in the range; no condition without one."""
    if bounds is None:
        return []
    conditions: list[ColumnElement[bool]] = []
    if bounds.gt is not None:
        conditions.append(column > bounds.gt)
    if bounds.gte is not None:
        conditions.append(column >= bounds.gte)
    if bounds.lt is not None:
        conditions.append(column < bounds.lt)
    if bounds.lte is not None:
        conditions.append(column <= bounds.lte)
    return conditions


def members(column: Any, values: list[Any] | None, name: str) -> list[ColumnElement[bool]]:
    """The column is one of the values; an empty list is refused, for it would mean nothing or everything."""
    if values is None:
        return []
    if not values:
        raise ArgumentFault("An empty list matches nothing; omit it instead.", ["filter", name])
    return [among(column, values)]
