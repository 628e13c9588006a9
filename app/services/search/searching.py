"""Searches: checked before they reach the database, read page by page, counted when asked (rules F1-F19)."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from app.domain.access import Actor
from app.domain.errors import ArgumentFault, FaultCode
from app.domain.filter_checks import Checker
from app.domain.filters import CustomField, FieldCondition, Kind, Query, SortKey, nodes
from app.domain.search_fields import Fields
from app.domain.time import Clock
from app.services.search.cursors import Cursor, Signer
from app.storage.database import Database
from app.storage.kept import Kept
from app.storage.paging import Window, parse_values
from app.storage.reading import Asked, Effort, Found, Prepared, Program
from app.storage.remembered import Remembered
from app.storage.scope import actor_values
from app.storage.search import catalogue
from app.storage.search.rarity import EVERYTHING_COMMON, Rarity, looks_into, told
from app.storage.search.statements import Search, Statement
from app.storage.secrets import search_secret


@dataclass(frozen=True, repr=False)
class Rules:
    """How long cursors live, how far a search is paged, how large a page is; zeros lift the first two (F15, F16)."""

    cursor_ttl_seconds: int = 30
    window: int = 10_000
    max_page_size: int = 100
    secret: bytes | None = None


class Batch:
    """The hits that one statement found: rows as the driver gives them, and what their types make of them."""

    def __init__(self, kinds: Sequence[Kind], places: Sequence[int], prepared: Prepared, found: Found) -> None:
        self.kinds, self.raw = kinds, found.rows
        self._places, self._prepared, self._found = places, prepared, found

    @cached_property
    def rows(self) -> Sequence[Any]:
        return self._prepared.result(self._found).all()

    def values(self, place: int) -> tuple[Any, ...]:
        """Where a hit stands in the order."""
        return self._prepared.values(self.raw[place], self._places)

    def hits(self) -> list["Hit"]:
        [kind, *others] = self.kinds
        if others:
            return [Hit(Kind(row[0]), row[1], self, place) for place, row in enumerate(self.raw)]
        return [Hit(kind, row[0], self, place) for place, row in enumerate(self.raw)]


class Hit(NamedTuple):
    """An object that was found. Only its id is there at once, for of most hits little else is asked."""

    kind: Kind
    id: str
    batch: Batch
    place: int

    @property
    def is_whole(self) -> bool:
        """Whether its row is that of the object: where one kind was searched. Else it is the kind and the id."""
        return len(self.batch.kinds) == 1

    @property
    def row(self) -> Any:
        return self.batch.rows[self.place]

    @property
    def raw(self) -> Any:
        """Its row as the driver gave it."""
        return self.batch.raw[self.place]

    @property
    def values(self) -> tuple[Any, ...]:
        """Where it stands in the order."""
        return self.batch.values(self.place)


@dataclass(frozen=True)
class Page:
    """Hits, and how to go on from each."""

    hits: Sequence[Hit]
    has_next: bool
    has_previous: bool
    seen: int
    issued: datetime
    bind: Callable[[], bytes] = field(repr=False)
    signer: Signer = field(repr=False)

    def cursor(self, place: int) -> str:
        """The cursor of the hit at this place of the page."""
        return self.signer.sign(Cursor(self.seen + place + 1, self.hits[place].values, self.issued), self.bound)

    @cached_property
    def bound(self) -> bytes:
        """What its cursors belong to; worked out for those that are asked for."""
        return self.bind()


@dataclass(frozen=True)
class Count:
    """How many hits there are, and how many of them a search gives out."""

    limited: int
    total: int


@dataclass(frozen=True)
class Searching:
    """A search that makes sense, in the name of an actor."""

    database: Database
    actor: Actor
    search: Search
    clock: Clock
    rules: Rules
    limit: int | None
    signer: Signer

    async def page(self, first: int | None = None, after: str | None = None) -> Page:
        """The hits after a cursor, or the first ones."""
        return await self.database.run(self.actor, self.paging(first, after))

    async def count(self) -> Count:
        """How many objects match; one statement."""
        return await self.database.run(self.actor, self.counting())

    def paging(
        self,
        first: int | None = None,
        after: str | None = None,
        columns: Mapping[Kind, Sequence[str]] | None = None,
        show: Callable[[Statement], Statement] | None = None,
    ) -> Program[Page]:
        """A page as a program. With columns, the rows of a kind that is searched alone are of the id and of these;
        `show` makes other rows of them, which begin with the id as well."""
        size = Window.of(first, maximum=self.rules.max_page_size).size
        moment, seen = self.clock.now, 0
        values: list[Any] = []
        if after is not None:
            seen, values = self._place(self.signer.read(after, self._bound(), moment))
            if self.rules.window and seen >= self.rules.window:
                raise _window_exceeded(self.rules.window)
        take = self._take(size, seen)
        found = (yield from self._found(take, values, columns, show)) if take > 0 else []
        hits = found[:take]
        end = self.limit is not None and seen + len(hits) >= self.limit
        return Page(hits, len(found) > take and not end, after is not None, seen, moment, self._bound, self.signer)

    def counting(self) -> Program[Count]:
        """The count as a program."""
        total = 0
        if self.search.kinds:
            [[total]] = (yield from self._sent(self.search.total(), effort=Effort.LONG)).rows
        return Count(total if self.limit is None else min(self.limit, total), total)

    def _take(self, size: int, seen: int) -> int:
        """How many hits the page can have, by its size, the results limit and the window."""
        if not self.search.kinds:
            return 0
        bounds = [bound - seen for bound in (self.limit, self.rules.window or None) if bound is not None]
        return min(size, *bounds) if bounds else size

    def _place(self, cursor: Cursor) -> tuple[int, list[Any]]:
        try:
            return cursor.seen, parse_values(self.search.order, cursor.values)
        except ValueError as error:
            raise ArgumentFault("`after` is no cursor of this order.", ["after"], FaultCode.CURSOR_INVALID) from error

    def _found(
        self, take: int, values: Sequence[Any], columns: Mapping[Kind, Sequence[str]] | None, show: Any
    ) -> Program[Sequence[Hit]]:
        """The hits of a page and one more, if there is one."""
        hits: list[Hit] = []
        rarity = yield from self._rarity(take)
        kind, *others = self.search.kinds
        chosen = None if columns is None or others else tuple(columns[kind])
        for part in self.search.parts(values):
            statement = self.search.page(part, take + 1 - len(hits), bool(values), rarity, chosen)
            statement = show(statement) if show else statement
            hits += (yield from self._sent(statement, self.search.binds(part, values))).hits()
            if len(hits) > take:
                break
            values = ()  # the next part begins at its first row
        return hits

    def _sent(
        self,
        statement: Statement,
        values: Mapping[str, Any] | None = None,
        *,
        effort: Effort = Effort.USUAL,
    ) -> Program[Batch]:
        prepared, own = statement.sent or self.database.prepared(
            statement.select, searches=True, once=not statement.is_kept
        )
        bound = {**actor_values(self.actor), **statement.values(self.clock), **(values or {})}
        found = yield Asked(prepared.sql, prepared.parameters(bound, own), effort)
        return Batch(self.search.kinds, statement.places, prepared, found)

    def _rarity(self, take: int) -> Program[Rarity]:
        if not self.search.probed:
            return EVERYTHING_COMMON
        looks = looks_into(self.database)
        key = (self.actor.organization_id, self.search.asked)
        counts = looks.get(key)
        if counts is None:
            [counts] = (yield from self._sent(self.search.probe())).rows
            looks.put(key, counts)
        return told(self.search.probed, counts, take)

    def _bound(self) -> bytes:
        """A digest of everything that a cursor belongs to."""
        search = self.search
        asked = (search.asked, self.limit, self.clock.zone, self.actor.organization_id)
        return hashlib.sha256(repr(asked).encode()).digest()


MOST_KEPT = 256
_SEARCHES: Kept[str, Search] = Kept(MOST_KEPT)
"""Searches with their statements, for the same trees come again: with another page, in another organization, later."""


async def prepare(
    database: Database,
    actor: Actor,
    clock: Clock,
    query: Query,
    sort: Sequence[SortKey] = (),
    limit: int | None = None,
    rules: Rules | None = None,
) -> Searching:
    """A search, checked; ArgumentFault for the first fault in it, before anything is searched."""
    if limit is not None and limit < 0:
        raise ArgumentFault(f"`resultsLimit` cannot be negative: {limit}.", ["results_limit"])
    fields = await fields_for(database, actor, query, sort)
    key = repr((query, sort, fields.custom, database.dialect))
    search = _SEARCHES.get(key)
    if search is None:
        search = _checked(query, sort, fields, database.dialect)
        if search.is_light:
            _SEARCHES.put(key, search)
    rules = rules or Rules()
    signer = Signer(rules.secret or await search_secret(database), rules.cursor_ttl_seconds)
    return Searching(database, actor, search, clock, rules, limit, signer)


def _checked(query: Query, sort: Sequence[SortKey], fields: Fields, dialect: str) -> Search:
    checker = Checker(fields)
    kinds = checker.check(query)
    checker.check_sort(sort, kinds)
    for problem in checker.problems:
        raise ArgumentFault(problem.message, problem.path, problem.code)
    return Search(query, sorted(kinds, reverse=True), tuple(sort), fields, dialect)


def _window_exceeded(window: int) -> ArgumentFault:
    return ArgumentFault(
        f"A search can be paged to its hit {window:,}. To go on, slice it: sort by DATE_CREATED, search again with "
        "date_created on or after that of the last hit, and skip the hits that you have.",
        ["after"],
        FaultCode.RESULT_WINDOW_EXCEEDED,
    )


async def fields_for(database: Database, actor: Actor, query: Query, sort: Sequence[SortKey] = ()) -> Fields:
    """The fields that a tree may name; the custom ones are read only where it names some, and remembered if all are
    there."""
    named = [node.field for node in nodes(query) if isinstance(node, FieldCondition)] + [key.field for key in sort]
    custom = sorted({ref.id for ref in named if isinstance(ref, CustomField)})
    if not custom:
        return catalogue.REGULAR_ONLY
    definitions = _DEFINITIONS.setdefault(database, Remembered(database.changes, MOST_KEPT))
    key = (actor.organization_id, *custom)
    return definitions.get(key) or await definitions.find(
        key, lambda: all_fields(database, actor, custom), lambda fields: fields.custom.keys() >= set(custom)
    )


_DEFINITIONS: WeakKeyDictionary[Database, Remembered[tuple[str, ...], Fields]] = WeakKeyDictionary()


async def all_fields(database: Database, actor: Actor, custom: Sequence[str] | None = None) -> Fields:
    """Every field that the organization can search, with these of its custom ones or all of them."""
    async with database.read(actor) as session:
        return await catalogue.load(session, custom)
