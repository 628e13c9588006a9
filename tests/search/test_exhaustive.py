"""Everything of one sort that can be asked in a world is answered as the reference evaluator says."""

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from app.domain.filters import Query
from app.domain.time import Clock
from app.storage.database import Database
from tests.search.asking import Asked, Settlement, settle
from tests.search.exhaustive import ends_of_the_calendar, relations, stays, terms_in_every_spelling

CLOCK = Clock.at(datetime(2026, 3, 29, 12, tzinfo=UTC), "UTC")


@pytest.fixture
async def settlements(database: Database) -> list[Settlement]:
    return await settle(database, range(12))


async def agree(database: Database, settlement: Settlement, trees: Iterable[Query], clock: Clock = CLOCK) -> None:
    searches = [Asked(tree, (), clock) for tree in trees]
    wrong = [each for each in searches if not await each.is_answered(database, settlement)]
    assert not wrong, f"{len(wrong)} of {len(searches)}, first {wrong[0].query}"


async def test_terms_are_spelled_in_any_way(database: Database, settlements: list[Settlement]) -> None:
    """F35: fixed lists whatever the spelling, labels whatever the case, choices and ids exactly."""
    for settlement in settlements[:3]:
        await agree(database, settlement, terms_in_every_spelling(settlement.world, settlement.fields, CLOCK))


async def test_stays_are_read_off_the_changes(database: Database, settlements: list[Settlement]) -> None:
    """Each status of each opportunity's history, between the moments at which it changed."""
    for settlement in settlements:
        await agree(database, settlement, stays(settlement.world))


async def test_relations_nest_and_turn_around(database: Database, settlements: list[Settlement]) -> None:
    """F24, F26: two relations in a row, there or not; a link that is not set leads to nothing."""
    for settlement in settlements[1:3]:
        await agree(database, settlement, relations(settlement.world, settlement.fields))


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Kiritimati"])
async def test_ranges_reach_the_ends_of_the_calendar(
    database: Database, settlements: list[Settlement], zone: str
) -> None:
    """A day stands for its first instant, the first and the last day too."""
    for settlement in settlements:
        trees = ends_of_the_calendar(settlement.world, settlement.fields)
        await agree(database, settlement, trees, Clock.at(CLOCK.now, zone))
