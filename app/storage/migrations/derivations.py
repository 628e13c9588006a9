"""Derived columns: what a migration calls for the ones that it adds to a table with rows."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.storage.derived import Derivation
from app.storage.postgresql import SETTING
from app.storage.types import Word

BATCH = 1_000


def add_derived(name: str, columns: Mapping[str, Derivation]) -> None:
    """Add the columns, and fill them in the rows of every organization."""
    for column, derivation in columns.items():
        op.add_column(name, sa.Column(column, derivation.column_type(), nullable=True))
    connection = op.get_bind()
    sources = {source: derivation.source_type for derivation in columns.values() for source in derivation.sources}
    table = sa.table(
        name,
        sa.column("organization_id", Word()),
        sa.column("id", Word()),
        *(sa.column(source, type_()) for source, type_ in sources.items()),
        *(sa.column(column, derivation.column_type()) for column, derivation in columns.items()),
    )
    for organization in connection.scalars(sa.text("SELECT id FROM organization ORDER BY id")).all():
        _set_scope(connection, organization)  # a policy holds for the owner too
        _fill(connection, table, organization, list(sources), columns)
    _set_scope(connection, "")


def _fill(
    connection: sa.Connection,
    table: sa.TableClause,
    organization: str,
    sources: Sequence[str],
    columns: Mapping[str, Derivation],
) -> None:
    mine = table.c.organization_id == organization
    page = sa.select(table.c.id, *(table.c[source] for source in sources)).where(
        mine, table.c.id > sa.bindparam("last", type_=Word()), sa.or_(*(table.c[s].is_not(None) for s in sources))
    )
    page = page.order_by(table.c.id).limit(BATCH)
    change = sa.update(table).where(mine, table.c.id == sa.bindparam("row_id", type_=Word()))
    change = change.values({column: sa.bindparam(f"new_{column}") for column in columns})
    last = ""
    while rows := connection.execute(page, {"last": last}).mappings().all():
        connection.execute(change, [{"row_id": row["id"], **_new(dict(row), columns)} for row in rows])
        last = rows[-1]["id"]


def _new(row: Mapping[str, Any], columns: Mapping[str, Derivation]) -> dict[str, Any]:
    return {f"new_{column}": derive(row) for column, derive in columns.items()}


def _set_scope(connection: sa.Connection, organization: str) -> None:
    if connection.dialect.name == "postgresql":
        scope = {"name": SETTING, "value": organization}
        connection.execute(sa.text("SELECT set_config(:name, :value, true)"), scope)
