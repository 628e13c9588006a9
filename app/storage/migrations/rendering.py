"""How column types are written into a new revision."""

from typing import Any, Literal

from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON
from sqlmodel.sql.sqltypes import AutoString

from app.storage.types import Choice, Exact, Instant, SortableNumber, Word


def render_item(kind: str, item: Any, context: AutogenContext) -> str | Literal[False]:
    if kind != "type":
        return False
    if isinstance(item, Instant | Exact | SortableNumber | Word):
        context.imports.add("from app.storage import types")
        return f"types.{type(item).__name__}()"
    if isinstance(item, JSON):
        context.imports.add("from app.storage import types")
        return "types.Json"
    if isinstance(item, Choice):
        return "sa.String(length=40)"
    if isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False
