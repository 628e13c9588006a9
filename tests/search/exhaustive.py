"""Searches that are not left to chance: everything of one sort that can be asked in a world."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import product

from app.domain.filters import (
    And,
    ConditionKind,
    FieldCondition,
    HasRelated,
    Id,
    InStatus,
    Kind,
    MatchAll,
    MomentRange,
    Not,
    Query,
    Term,
)
from app.domain.moments import Fixed, Moment
from app.domain.search_fields import Fields, FieldType
from app.domain.time import Clock
from tests.search import pools
from tests.search.rows import World
from tests.search.trees import Trees, from_root, ref_to
from tests.search.values import SPELLED, terms

_ENDS = (
    pools.FIRST_INSTANT,
    datetime(1, 1, 1, 12, tzinfo=UTC),
    datetime(9999, 12, 31, tzinfo=UTC),
    pools.LAST_INSTANT,
)
_BOUNDS: tuple[Callable[[Moment], MomentRange], ...] = (
    lambda moment: MomentRange(after=moment),
    lambda moment: MomentRange(on_or_after=moment),
    lambda moment: MomentRange(before=moment),
    lambda moment: MomentRange(on_or_before=moment),
)


def terms_in_every_spelling(world: World, fields: Fields, clock: Clock) -> Iterator[Query]:
    trees = Trees(world, fields, clock)
    for kind in Kind:
        for field in fields.of(kind):
            known = terms(field, trees.held(field, kind)) if ConditionKind.TERM in field.conditions else []
            for term in dict.fromkeys(spell(term) for term in known for spell in SPELLED):
                yield from_root(kind, FieldCondition(ref_to(field), Term((term,))))


def stays(world: World) -> Iterator[Query]:
    """For each opportunity with a history, each of its statuses, before, after and between its changes."""
    for row in world.rows(Kind.OPPORTUNITY):
        changes = list(world.related(Kind.OPPORTUNITY, row, Kind.OPPORTUNITY_STATUS_CHANGE))
        known = {row["status_id"]} | {change[name] for change in changes for name in ("old_status_id", "new_status_id")}
        bounds = [None, *(Fixed(date) for date in sorted({change["date"] for change in changes})[:3])]
        for status, after, before in product(sorted(known - {None}) if changes else (), bounds, bounds):
            stay = And((Id(row["id"]), InStatus((status,), after, before)))
            yield HasRelated(Kind.OPPORTUNITY, stay, Kind.LEAD)


def relations(world: World, fields: Fields) -> Iterator[Query]:
    """For each two relations in a row, those that have, and those that lack, any or a certain object at the end."""
    for root, kind in product((Kind.LEAD, Kind.CONTACT), Kind):
        for start, end in sorted(fields.relations) if (root, kind) in fields.relations else ():
            rows = world.rows(end)
            for last in (MatchAll(True), Id(rows[0]["id"])) if start is kind and rows else ():
                related = HasRelated(end, last)
                yield HasRelated(kind, related, root)
                yield HasRelated(kind, Not(related), root)
                yield Not(HasRelated(kind, Not(related), root))


def ends_of_the_calendar(world: World, fields: Fields) -> Iterator[Query]:
    """Ranges that begin or end where the calendar does, on each custom field that holds days or instants."""
    for kind in (Kind.LEAD, Kind.CONTACT):
        for field in fields.of(kind):
            if field.custom_field_id and field.type in (FieldType.DAY, FieldType.INSTANT):
                for within, end in product(_BOUNDS, _ENDS):
                    yield from_root(kind, FieldCondition(ref_to(field), within(Fixed(end))))
