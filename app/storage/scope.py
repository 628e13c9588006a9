"""Which rows an actor may see: the one place where every read gets its predicate from."""

from typing import Any

from sqlalchemy import Alias, ColumnElement, bindparam
from sqlalchemy.sql.selectable import NamedFromClause

from app.domain.access import Actor
from app.storage.types import Word

GLOBAL_TABLES = frozenset({"organization", "api_key", "secret"})


def owner(table: NamedFromClause) -> ColumnElement[Any]:
    """The column that says whose a row is."""
    named: Any = table.element if isinstance(table, Alias) else table
    return table.c.id if named.name == "organization" else table.c.organization_id


def visible(table: NamedFromClause) -> ColumnElement[bool]:
    """The condition that every read of `table` carries. It has no default: without an actor it does not run."""
    condition: ColumnElement[bool] = owner(table) == bindparam("organization_id", type_=Word())
    return condition


def actor_values(actor: Actor) -> dict[str, str | None]:
    """The bound values of `visible`, and whose the call is."""
    return {"organization_id": actor.organization_id, "caller_id": actor.user_id}
