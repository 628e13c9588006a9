"""Lists that an organization puts in order and whose entries have names of their own: statuses, pipelines."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping
from sqlmodel import SQLModel

from app.domain.checks import MAX_LABEL, Checks
from app.domain.errors import Conflict, ErrorCode, Invalid, NotFound
from app.domain.text import fold
from app.services.work import Work
from app.storage.reads import table_of


def check_order(ids: Sequence[str], known: Mapping[str, Any], what: str, path: Sequence[str]) -> None:
    """The ids have to name each object of the list once."""
    check_named(ids, known, what, path)
    if len(ids) != len(known):
        raise Invalid(f"Name every {what} once: {len(known)} of them, not {len(ids)}.", path)


def check_named(ids: Sequence[str], known: Mapping[str, Any], what: str, path: Sequence[str]) -> None:
    """The ids have to name objects of the list, none of them twice."""
    seen: set[str] = set()
    for i, id in enumerate(ids):
        if id not in known:
            raise NotFound(what, id, [*path, i])
        if id in seen:
            raise Invalid(f"{id} is named twice.", [*path, i])
        seen.add(id)


async def place(work: Work, model: type[SQLModel], rows: Sequence[RowMapping]) -> None:
    """Write the places of rows that are given in order, where they changed."""
    for position, row in enumerate(rows):
        if row["position"] != position:
            await work.session.update(model, {"position": position}, table_of(model).c.id == row["id"])


def next_position(rows: Sequence[RowMapping]) -> int:
    return max((row["position"] for row in rows), default=-1) + 1


def new_name(
    members: Mapping[str, Any], name: str, others: Sequence[RowMapping], what: str, path: Sequence[str] = ()
) -> str:
    """A label or name, cleaned; none of the others has the same, whatever its case (rules L18, S3)."""
    checks = Checks(path)
    text = (checks.text(members, name, MAX_LABEL, required=True) or "").strip()
    checks.finish()
    for other in others:
        if other[f"{name}_key"] == fold(text):
            message = f"There is {what} {other[name]!r} already."
            raise Conflict(message, [*path, name], ErrorCode.TAKEN, other["id"])
    return text
