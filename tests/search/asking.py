"""Searches as callers make them: a random tree in one of some worlds, paged through to the end."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from app.domain.access import Actor
from app.domain.filters import Query, SortKey
from app.domain.search_fields import Fields
from app.domain.time import Clock
from app.services.search.searching import Count, Page, Rules, Searching, all_fields, prepare
from app.storage.database import Database
from tests.search import pools
from tests.search.evaluator import Evaluator, Hit, Place
from tests.search.rows import World
from tests.search.trees import searches
from tests.search.world import settled

RULES = Rules(secret=b"the same in every run")
_STEPS = (timedelta(), timedelta(microseconds=1), timedelta(days=-1), timedelta(days=30))


class Settlement:
    """An organization that holds a world. What failures show of it is short."""

    def __init__(self, seed: int, actor: Actor, world: World, fields: Fields) -> None:
        self.seed, self.actor, self.world, self.fields = seed, actor, world, fields

    def __repr__(self) -> str:
        return f"<world {self.seed}>"


async def settle(database: Database, seeds: Sequence[int]) -> list[Settlement]:
    """Worlds side by side in one database; they use the same ids."""
    settlements = []
    for seed in seeds:
        actor, world = await settled(database, seed)
        settlements.append(Settlement(seed, actor, world, await all_fields(database, actor)))
    return settlements


@dataclass(frozen=True)
class Asked:
    """A search that somebody makes at a moment."""

    query: Query
    sort: tuple[SortKey, ...]
    clock: Clock

    def meant(self, settlement: Settlement) -> list[Hit]:
        """What it has to find."""
        return self._evaluator(settlement, settlement.world).matches(self.query, self.sort)

    def places(self, settlement: Settlement, world: World) -> dict[Hit, Place]:
        """What it has to find in a world that others have changed, each with its place in the order."""
        return self._evaluator(settlement, world).places(self.query, self.sort)

    def _evaluator(self, settlement: Settlement, world: World) -> Evaluator:
        return Evaluator(world, self.clock, settlement.actor.user_id)

    async def is_answered(self, database: Database, settlement: Settlement) -> bool:
        """Whether it finds and counts what it has to."""
        meant, actor = self.meant(settlement), settlement.actor
        counted = Count(len(meant), len(meant))
        return await self.found(database, actor, 100) == meant and await self.count(database, actor) == counted

    async def prepared(self, database: Database, actor: Actor, limit: int | None = None) -> Searching:
        return await prepare(database, actor, self.clock, self.query, self.sort, limit, RULES)

    async def found(self, database: Database, actor: Actor, size: int, limit: int | None = None) -> list[Hit]:
        """What it finds, in pages of a size."""
        return [hit async for page in pages(await self.prepared(database, actor, limit), size) for hit in hits(page)]

    async def count(self, database: Database, actor: Actor, limit: int | None = None) -> Count:
        return await (await self.prepared(database, actor, limit)).count()


@st.composite
def asked(draw: st.DrawFn, settlement: Settlement) -> Asked:
    """A random search at a moment near those of the world, in a zone whose clocks change there."""
    known = sorted({row["date_created"] for row in settlement.world.tables["activity"]})
    now = draw(st.sampled_from(known or [datetime(2026, 3, 29, 1, tzinfo=UTC)])) + draw(st.sampled_from(_STEPS))
    clock = Clock.at(now, draw(st.sampled_from(pools.ZONES)))
    search = draw(searches(settlement.world, settlement.fields, clock))
    return Asked(search.query, search.sort, clock)


async def pages(searching: Searching, size: int) -> AsyncIterator[Page]:
    """All pages; each is full but the last."""
    cursor = None
    while True:
        page = await searching.page(size, cursor)
        yield page
        if not page.has_next:
            return
        assert len(page.hits) == size
        cursor = page.cursor(size - 1)


def hits(page: Page) -> list[Hit]:
    return [(hit.kind, hit.id) for hit in page.hits]
