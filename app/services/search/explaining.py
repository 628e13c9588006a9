"""Why an object matches a query or not: every node of the tree held against it, with the values seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import orjson
from sqlalchemy import select

from app.domain.access import Actor
from app.domain.errors import ArgumentFault
from app.domain.filter_checks import Checker
from app.domain.filters import FieldCondition, Id, Kind, ObjectType, Path, Query
from app.domain.numbers import shifted
from app.domain.search_fields import Fields
from app.domain.time import Clock
from app.services.search.searching import fields_for
from app.storage.database import Database
from app.storage.scope import visible
from app.storage.search.catalogue import SOURCES
from app.storage.search.fields import Searched
from app.storage.search.filters import Compiler
from app.storage.search.seen import Looking, Seen, unfold
from app.storage.session import ScopedSession

LONGEST = 200


@dataclass(frozen=True)
class Outcome:
    """A node of the tree: whether it holds, and what the object has where it looks, as texts."""

    path: Path
    matched: bool
    values: Sequence[str]


@dataclass(frozen=True)
class Explanation:
    """Whether the search finds the object, and the outcome of every node, from the root on."""

    matched: bool
    nodes: Sequence[Outcome]


async def explain(database: Database, actor: Actor, clock: Clock, query: Query, id: str) -> Explanation | None:
    """Hold one object against a tree; None when there is no such object. A node in a relation holds when it does
    for something related."""
    fields = await fields_for(database, actor, query)
    checker = Checker(fields)
    kinds = checker.check(query)
    for problem in checker.problems:
        raise ArgumentFault(problem.message, problem.path, problem.code)
    async with database.read(actor) as session:
        kind = await _kind(session, id)
        if kind is None:
            return None
        looking = Looking(Compiler(fields, database.dialect), fields, kind, id)
        seen = list(unfold(query))
        outcomes = looking.outcomes(seen)
        found = await session.search(outcomes, looking.compiler.moving.values(clock))
        if not found:
            return None
        looks: dict[str, list[str]] = {}
        for each in seen:
            if (look := _look(each)) not in looks:
                looks[look] = await _values(session, looking, each, clock)
        nodes = [
            Outcome(each.node.path, bool(held), looks[_look(each)]) for each, held in zip(seen, found[0], strict=True)
        ]
    return Explanation(nodes[0].matched and kind in kinds, nodes)


def _look(seen: Seen) -> str:
    """Where a node looks: two conditions on one field see the same values."""
    relations = [(relation.related, relation.this) for relation in seen.relations]
    looked = seen.node.field if isinstance(seen.node, FieldCondition) else seen.node
    return repr((relations, looked))


async def _kind(session: ScopedSession, id: str) -> Kind | None:
    for kind in (Kind.LEAD, Kind.CONTACT):
        table = SOURCES[kind].table
        if await session.rows(select(table.c.id).where(visible(table), table.c.id == id)):
            return kind
    return None


async def _values(session: ScopedSession, looking: Looking, seen: Seen, clock: Clock) -> list[str]:
    match seen.node:
        case ObjectType():
            return [looking.kind.name]
        case Id():
            return [] if seen.relations else [looking.id]
    statement = looking.values(seen)
    if statement is None:
        return []
    field = _field(looking.fields, seen)
    rows = await session.search(statement, looking.compiler.moving.values(clock))
    return list(dict.fromkeys(_shown(value, field) for row in rows for value in row if value is not None))


def _field(fields: Fields, seen: Seen) -> Searched | None:
    if not isinstance(seen.node, FieldCondition):
        return None
    kinds = fields.kinds(seen.node.field)
    found = [fields.find(seen.node.field, kind) for kind in kinds]
    return next((field for field in found if isinstance(field, Searched)), None)


def _shown(value: Any, field: Searched | None) -> str:
    """A value as text: instants and days as the API writes them, money in whole units."""
    match value:
        case bool():
            return "true" if value else "false"
        case datetime() | date():
            return value.isoformat()
        case Enum():
            return str(value.value)
        case int() | Decimal():
            return format(shifted(Decimal(value), -field.scale if field else 0), "f")
        case dict() | list():
            value = orjson.dumps(value).decode()
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
