"""Which parts of a tree few rows meet, for a planner that cannot know.

SQLite keeps no figures about single values. So a search first looks into the indexes, up to a bound: a part that is
rare becomes a set of ids to begin with, a common one is checked row by row until the page is full. PostgreSQL has
figures, and takes either form for the other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from app.domain.filters import (
    And,
    Condition,
    CurrentUser,
    Exists,
    FieldCondition,
    HasRelated,
    Id,
    Kind,
    Or,
    Query,
    Text,
)
from app.domain.search_fields import Fields
from app.domain.time import Clock
from app.storage.scope import visible
from app.storage.search.catalogue import SOURCES
from app.storage.search.conditions import Conditions
from app.storage.search.custom_fields import VALUES
from app.storage.search.fields import Searched
from app.storage.words import entries

FEW = 500


@dataclass(frozen=True)
class Rarity:
    """The parts of a tree that are known to be rare, by identity; or all of them."""

    parts: frozenset[int] = frozenset()
    everything: bool = False

    def is_rare(self, query: Query) -> bool:
        if self.everything:
            return True
        match query:
            case And(queries=queries):
                return any(self.is_rare(inner) for inner in queries)
            case Or(queries=queries):
                return bool(queries) and all(self.is_rare(inner) for inner in queries)
            case HasRelated(query=inner):
                return self.is_rare(inner)
            case Id():
                return True
        return id(query) in self.parts


EVERYTHING_COMMON = Rarity()
EVERYTHING_RARE = Rarity(everything=True)


@dataclass(frozen=True)
class Probe:
    """A part of a tree, and where an index tells how many rows meet it."""

    part: Query
    rows: Select[Any]


def probes(query: Query, kind: Kind, fields: Fields, clock: Clock) -> Iterator[Probe]:
    """A probe for each part that an index answers, for SQLite."""
    match query:
        case And(queries=queries) | Or(queries=queries):
            for inner in queries:
                yield from probes(inner, kind, fields, clock)
        case HasRelated(related=related, query=inner):
            yield from probes(inner, related, fields, clock)
        case Text():
            source = SOURCES[kind]
            yield Probe(query, entries(source.table, source.texts, query.value, query.mode))
        case FieldCondition(field=ref, condition=condition):
            found = fields.find(ref, kind)
            if isinstance(found, Searched):
                yield from _of_condition(query, found, condition, clock)


def _of_condition(part: Query, field: Searched, condition: Condition, clock: Clock) -> Iterator[Probe]:
    if isinstance(condition, Text):
        table = VALUES if field.custom_field_id is not None else SOURCES[field.kind].table
        yield Probe(part, entries(table, field.texts, condition.value, condition.mode))
    elif field.custom_field_id is not None and not isinstance(condition, Exists | CurrentUser):
        met = Conditions(clock, "sqlite").met(condition, field, VALUES, rare=True)
        yield Probe(
            part, select(VALUES.c.object_id).where(visible(VALUES), VALUES.c.field_id == field.custom_field_id, met)
        )


def looked(probes: Sequence[Probe]) -> Select[Any]:
    """One row: for each probe how many rows there are, up to one more than a few."""
    counts = [
        select(func.count()).select_from(probe.rows.limit(FEW + 1).subquery()).scalar_subquery() for probe in probes
    ]
    return select(*(count.label(f"found_{place}") for place, count in enumerate(counts)))


def told(probes: Sequence[Probe], counts: Sequence[int]) -> Rarity:
    return Rarity(frozenset(id(probe.part) for probe, count in zip(probes, counts, strict=True) if count <= FEW))
