"""Objects with an id, and how an id finds its object."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import strawberry

from app.graphql.context import Context
from app.graphql.declare import interface
from app.graphql.fields import any_row, related
from app.storage import organizations
from app.storage.reads import Read

if TYPE_CHECKING:
    from app.graphql.organizations import User

LazyUser = Annotated["User", strawberry.lazy("app.graphql.organizations")]


@dataclass(frozen=True)
class Found:
    """A row that was found by its id alone, with the name of its type."""

    row: Any
    typename: str

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)


def _typename(value: Any, info: object, type_: object) -> str:
    return str(value.typename)


@interface
class Node:
    """An object with a globally unique ID that can be fetched again with `node`."""

    is_type_of = any_row
    resolve_type: ClassVar[Any] = staticmethod(_typename)
    id: strawberry.ID
    """The ID: a type prefix and an opaque suffix, such as lead_8Yx2."""


@interface
class Auditable(Node):
    """An object that records who made and last changed it."""

    date_created: datetime
    """When the object was created."""
    date_updated: datetime
    """When the object was last changed."""
    created_by: LazyUser | None = related(organizations.user_by_id, "created_by")
    """Who created the object; null for imports and background jobs."""
    updated_by: LazyUser | None = related(organizations.user_by_id, "updated_by")
    """Who last changed the object; null for imports and background jobs."""
    version: int
    """Grows by one with each change of the object."""


@dataclass(frozen=True)
class Kind:
    """What an id prefix can stand for: a read by id, and the type of its rows."""

    prefix: str
    read: Read
    typename: str | Callable[[Any], str]

    def found(self, row: Any) -> Found:
        return Found(row, self.typename if isinstance(self.typename, str) else self.typename(row))


async def find(context: Context, kinds: list[Kind], id: str) -> Found | None:
    """The object with this id; null for everything that is none the caller may see (rule L22)."""
    for kind in kinds:
        if id.startswith(kind.prefix):
            row = await context.load(kind.read, id)
            if row is not None:
                return kind.found(row)
    return None
