"""Which parts of a tree few rows meet, for a planner that cannot know.

SQLite keeps no figures about single values. So a search first looks into the indexes, up to a bound: a part that is
rare becomes a set of ids to begin with, a common one is checked row by row until the page is full. Of N objects of
which m match, the page takes m steps in the one way and N / m for each of its hits in the other; so m is rare below
the root of N times the size of the page. PostgreSQL has figures, and takes either form for the other.
"""

import operator
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from math import isqrt
from typing import Any, NamedTuple, TypeAlias
from weakref import WeakKeyDictionary

from cachetools import TTLCache
from sqlalchemy import Select, func, select

from app.domain.filters import (
    And,
    CurrentUser,
    CustomField,
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
from app.storage.database import Database
from app.storage.kept import Kept
from app.storage.scope import visible
from app.storage.search.binds import Moving
from app.storage.search.catalogue import SOURCES
from app.storage.search.conditions import Conditions
from app.storage.search.custom_fields import VALUES
from app.storage.search.fields import Searched
from app.storage.words import entries, size

MOST = 2_500
SECONDS = 60.0

Looks: TypeAlias = Kept[Hashable, Sequence[int]]
_looks: WeakKeyDictionary[Database, Looks] = WeakKeyDictionary()


def looks_into(database: Database) -> Looks:
    """What was found on looking, by what was asked: it decides how a search is done and not what it finds, so pages
    that follow one another, and searches that are repeated, need not look again for a while."""
    return _looks.setdefault(database, Kept(256, lambda most: TTLCache(most, SECONDS)))


@dataclass(frozen=True)
class Rarity:
    """The parts of a tree that are known to be rare, by identity; or all of them. Equal keys mean the same parts."""

    key: Hashable
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


EVERYTHING_COMMON = Rarity("common")
EVERYTHING_RARE = Rarity("rare", everything=True)


class Probed(NamedTuple):
    """A part of a tree that an index answers, and what it looks at."""

    part: Text | FieldCondition
    kind: Kind
    field: Searched | None


def probed(query: Query, kind: Kind, fields: Fields) -> Iterator[Probed]:
    """The parts of a tree whose rarity an index tells."""
    match query:
        case And(queries=queries) | Or(queries=queries):
            for inner in queries:
                yield from probed(inner, kind, fields)
        case HasRelated(related=related, query=inner):
            yield from probed(inner, related, fields)
        case Text():
            yield Probed(query, kind, None)
        case FieldCondition(field=ref, condition=condition):
            found = fields.find(ref, kind)
            custom = isinstance(ref, CustomField) and not isinstance(condition, Exists | CurrentUser)
            if isinstance(found, Searched) and (custom or isinstance(condition, Text)):
                yield Probed(query, kind, found)


def looked(parts: Sequence[Probed], kinds: Sequence[Kind], moving: Moving) -> Select[Any]:
    """One row: about how many objects there are, then for each part how many rows meet it, up to a bound."""
    counts = [select(func.count()).select_from(_rows(part, moving).limit(MOST).subquery()) for part in parts]
    objects = [size(SOURCES[kind].table) for kind in kinds]
    found = [*(count.scalar_subquery().label(f"found_{place}") for place, count in enumerate(counts))]
    return select(reduce(operator.add, objects).label("objects"), *found)


def told(parts: Sequence[Probed], row: Sequence[int], page: int) -> Rarity:
    """What the row of `looked` says of a page of this size."""
    objects, *counts = row
    few = min(MOST - 1, isqrt(objects * page))
    rare = tuple(count <= few for count in counts)
    return Rarity(rare, frozenset(id(probe.part) for probe, is_rare in zip(parts, rare, strict=True) if is_rare))


def _rows(probe: Probed, moving: Moving) -> Select[Any]:
    source, field = SOURCES[probe.kind], probe.field
    if isinstance(probe.part, Text):
        return entries(source.table, source.texts, probe.part.value, probe.part.mode)
    if field is None:
        raise TypeError("a condition without a field")
    condition = probe.part.condition
    if isinstance(condition, Text):
        table = VALUES if field.custom_field_id is not None else source.table
        return entries(table, field.texts, condition.value, condition.mode)
    met = Conditions("sqlite", moving).met(condition, field, VALUES, rare=True)
    return select(VALUES.c.object_id).where(visible(VALUES), VALUES.c.field_id == field.custom_field_id, met)
