"""The direction of an ordering, and the keys that an order enum stands for."""

from enum import Enum

from app.graphql.declare import enumeration
from app.storage.paging import Order
from app.storage.reads import Read


@enumeration
class OrderDirection(Enum):
    """The direction of an ordering."""

    ASC = "asc"
    """Smallest, earliest or first in the alphabet first."""
    DESC = "desc"
    """Largest, latest or last in the alphabet first."""


def ordered(read: Read, column: str, direction: OrderDirection) -> Read:
    return read.by(Order.of(read.table.c[column], direction is OrderDirection.DESC))
