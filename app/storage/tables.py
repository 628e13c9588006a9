"""What every table is made of: the tenant key, the audit columns, links that stay inside one organization."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, Integer, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.storage import derived
from app.storage.types import Choice, Instant, Json, Word

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING


def word(**options: Any) -> Any:
    """A short text: an id, a label, a code."""
    return Field(sa_type=Word, **options)


def prose(**options: Any) -> Any:
    """A text of any length."""
    return Field(sa_type=Text, **options)


def instant(**options: Any) -> Any:
    return Field(sa_type=Instant, **options)


def json(**options: Any) -> Any:
    return Field(sa_type=Json, **options)


def choice(members: type[StrEnum], **options: Any) -> Any:
    return Field(sa_type=Choice(members), **options)


def words_of(*sources: str) -> Any:
    """The words of a text column, or of several together, for searching."""
    return _derived(derived.words(*sources))


def key_of(source: str) -> Any:
    """The start of a text column, folded, for sorting."""
    return _derived(derived.key(source))


def number_key_of(source: str) -> Any:
    """A column of decimals once more, so that an index serves for comparing them."""
    return _derived(derived.number_key(source))


def _derived(derivation: derived.Derivation) -> Any:
    return Field(default=None, sa_type=derivation.column_type, sa_column_kwargs={"info": {derived.INFO: derivation}})


class Tenant(SQLModel):
    """A row that belongs to one organization; its id is unique within it."""

    organization_id: str = word(primary_key=True, foreign_key="organization.id", ondelete="CASCADE")
    id: str = word(primary_key=True)


class Audited(Tenant):
    """A row that records who made it and last changed it; `version` grows by one with each change."""

    date_created: datetime = instant()
    date_updated: datetime = instant()
    created_by: str | None = word(default=None)
    updated_by: str | None = word(default=None)
    version: int = Field(default=1, sa_type=Integer)


def link(table: str, name: str, ondelete: str | None = None, deferred: bool = False) -> ForeignKeyConstraint:
    """A reference to a row of the same organization. Without `ondelete` the referenced row cannot go first."""
    return ForeignKeyConstraint(
        ["organization_id", name],
        [f"{table}.organization_id", f"{table}.id"],
        ondelete=ondelete,
        deferrable=deferred or None,
        initially="DEFERRED" if deferred else None,
    )


def editors() -> list[ForeignKeyConstraint]:
    """The references of an audited row to the users who made and changed it."""
    return [link("user", "created_by"), link("user", "updated_by")]


def index(table: str, *names: str, end: str = "id") -> Index:
    """An index within the organization, ended by an id so that pages read in order from it."""
    return Index(f"ix_{table}_{'_'.join(names)}", "organization_id", *names, end)


def unique(*names: str) -> UniqueConstraint:
    return UniqueConstraint("organization_id", *names)


def constraints(*parts: Any) -> tuple[Any, ...]:
    """Flatten constraints and lists of them into `__table_args__`."""
    flat: list[Any] = []
    for part in parts:
        flat.extend(part if isinstance(part, Sequence) else [part])
    return tuple(flat)
