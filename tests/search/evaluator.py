"""What a search finds, worked out in plain Python over plain rows: the meaning that statements are held against."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, singledispatchmethod
from typing import Any, TypeAlias

from app.domain.custom_fields import DataType
from app.domain.filter_checks import searched_kinds
from app.domain.filters import (
    And,
    CustomField,
    FieldCondition,
    FieldRef,
    HasRelated,
    Id,
    InStatus,
    Kind,
    MatchAll,
    Not,
    ObjectType,
    Or,
    Query,
    SortKey,
    Text,
)
from app.domain.moments import Moment, at
from app.domain.search_fields import Fields, FieldType, has_fields_of
from app.domain.time import Clock
from tests.search.catalogue import CUSTOM_TYPES, catalogue
from tests.search.conditions import Seen, meets
from tests.search.readings import READINGS, texts
from tests.search.rows import Row, World
from tests.search.texts import folded, found_in

Hit: TypeAlias = tuple[Kind, str]
Place: TypeAlias = list[list[Any]]
Found: TypeAlias = tuple[Kind, Row]

_COLUMNS = {
    DataType.TEXT: "text",
    DataType.TEXTAREA: "text",
    DataType.NUMBER: "number",
    DataType.DATE: "date",
    DataType.DATETIME: "date_time",
    DataType.HIDDEN: "json_value",
}


def matches(query: Query, world: World, clock: Clock, caller: str | None, sort: Sequence[SortKey] = ()) -> list[Hit]:
    """The kinds and ids of the objects that match, in the order of the search."""
    return Evaluator(world, clock, caller).matches(query, sort)


@dataclass(frozen=True)
class Evaluator:
    """The meaning of a tree in a world, at a moment, for a caller."""

    world: World
    clock: Clock
    caller: str | None = None

    @cached_property
    def fields(self) -> Fields:
        return catalogue(self.world)

    def matches(self, query: Query, sort: Sequence[SortKey] = ()) -> list[Hit]:
        """The objects that match, in order."""
        return [(kind, row["id"]) for kind, row in self._sorted(self._found(query), sort)]

    def places(self, query: Query, sort: Sequence[SortKey] = ()) -> dict[Hit, Place]:
        """The objects that match, with the values that order them."""
        return {(kind, row["id"]): self._place(sort, kind, row) for kind, row in self._found(query)}

    def _found(self, query: Query) -> list[Found]:
        kinds = searched_kinds(query, self.fields)
        return [(kind, row) for kind in kinds for row in self.world.rows(kind) if self.holds(query, kind, row)]

    @singledispatchmethod
    def holds(self, query: Query, kind: Kind, row: Row) -> bool:
        """Whether a node holds for an object, looked at as one of this kind."""
        raise TypeError(f"{query!r} has no meaning")

    @holds.register
    def _(self, query: And, kind: Kind, row: Row) -> bool:
        return all(self.holds(inner, kind, row) for inner in query.queries)

    @holds.register
    def _(self, query: Or, kind: Kind, row: Row) -> bool:
        return any(self.holds(inner, kind, row) for inner in query.queries)

    @holds.register
    def _(self, query: Not, kind: Kind, row: Row) -> bool:
        return not self.holds(query.query, kind, row)

    @holds.register
    def _(self, query: MatchAll, kind: Kind, row: Row) -> bool:
        return query.wanted

    @holds.register
    def _(self, query: Id, kind: Kind, row: Row) -> bool:
        return bool(row["id"] == query.id)

    @holds.register
    def _(self, query: ObjectType, kind: Kind, row: Row) -> bool:
        return kind is query.kind

    @holds.register
    def _(self, query: Text, kind: Kind, row: Row) -> bool:
        return found_in(texts(self.world, kind, row), query.value, query.mode)

    @holds.register
    def _(self, query: HasRelated, kind: Kind, row: Row) -> bool:
        start = query.this or kind
        if not has_fields_of(kind, start):
            return False
        return any(
            self.holds(query.query, query.related, other) for other in self.world.related(start, row, query.related)
        )

    @holds.register
    def _(self, query: InStatus, kind: Kind, row: Row) -> bool:
        after, before = self._instant(query.on_or_after), self._instant(query.before)
        return any(
            status in query.status_ids
            and (before is None or begin < before)
            and (after is None or end is None or end > after)
            for status, begin, end in self._stays(row)
        )

    @holds.register
    def _(self, query: FieldCondition, kind: Kind, row: Row) -> bool:
        if self.fields.find(query.field, kind) is None:
            return False
        type, values = self.values(query.field, kind, row)
        seen = Seen(values, type, isinstance(query.field, CustomField), self.clock, self.caller)
        return meets(query.condition, seen)

    def values(self, ref: FieldRef, kind: Kind, row: Row) -> tuple[FieldType, list[Any]]:
        """The type of a field, and its set values on an object."""
        if isinstance(ref, CustomField):
            [definition] = self.world.where("custom_field", "id", ref.id)
            data_type = DataType(definition["data_type"])
            column = _COLUMNS.get(data_type, "item")
            rows = self.world.custom_values(kind, row["id"], ref.id)
            return CUSTOM_TYPES[data_type], [value[column] for value in rows]
        type, read = READINGS[ref.kind][ref.name]
        value = read(self.world, row, self.clock)
        return type, [] if value is None else [value]

    def _stays(self, row: Row) -> Iterable[tuple[str | None, datetime, datetime | None]]:
        """The statuses that an opportunity was in, each from a moment to the next one."""
        about = self.world.where("activity", "object_id", row["id"])
        changes = [each for each in about if each["type"] == "opportunity_status_change"]
        changes.sort(key=lambda change: (change["date"], change["id"]))
        statuses = [changes[0]["old_status_id"] if changes else row["status_id"]]
        statuses += [change["new_status_id"] for change in changes]
        begins = [row["date_created"], *(change["date"] for change in changes)]
        return zip(statuses, begins, [*begins[1:], None], strict=True)

    def _instant(self, moment: Moment | None) -> datetime | None:
        return None if moment is None else at(moment, self.clock)

    def _sorted(self, found: list[Found], sort: Sequence[SortKey]) -> list[Found]:
        """In order of the keys, then of the ids in the direction of the last; what has no value comes last."""
        descending = sort[-1].descending if sort else True
        found = sorted(found, key=lambda hit: hit[1]["id"], reverse=descending)
        if not sort:
            return sorted(found, key=lambda hit: hit[1]["date_created"], reverse=True)
        for key in reversed(sort):
            placed = [(self._key(key.field, *hit), hit) for hit in found]
            known = sorted((pair for pair in placed if pair[0]), key=lambda pair: pair[0], reverse=key.descending)
            found = [hit for _, hit in known] + [hit for place, hit in placed if not place]
        return found

    def _place(self, sort: Sequence[SortKey], kind: Kind, row: Row) -> Place:
        return [self._key(key.field, kind, row) for key in sort] or [[row["date_created"]]]

    def _key(self, ref: FieldRef, kind: Kind, row: Row) -> list[Any]:
        """What a key sorts an object by; empty where it has no value."""
        _, values = self.values(ref, kind, row)
        return [folded(value)[:200] if isinstance(value, str) else value for value in values]
