"""Random trees over random worlds find exactly what the reference evaluator says, in its order, through pages."""

from datetime import UTC, datetime

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from app.domain.filters import Kind
from app.domain.search_fields import Field
from app.domain.time import Clock
from app.services.search.searching import Count
from app.storage.database import Database
from tests.search import pools
from tests.search.asking import Asked, Settlement, asked, hits, pages, settle
from tests.search.catalogue import catalogue
from tests.search.profiles import fewer, many
from tests.search.trees import about, divided, each_condition
from tests.search.visitors import Visitors

WORLDS = range(20)
SIZES = (1, 2, 3, 7, 100)
MOMENT = datetime(2026, 3, 29, 12, tzinfo=UTC)
LIMITS = (None, 0, 1, 4, 1_000)


@pytest.fixture
async def settlements(database: Database) -> list[Settlement]:
    return await settle(database, WORLDS)


async def test_catalogue_lists_the_fields_of_the_rules(settlements: list[Settlement]) -> None:
    """F39-F45: every field with its type, what it refers to, and whether results are sorted by it."""
    for settlement in settlements:
        listed, ruled = settlement.fields, catalogue(settlement.world)
        assert set(listed.relations) == set(ruled.relations)
        for kind in Kind:
            assert {shape(field) for field in listed.of(kind)} == {shape(field) for field in ruled.of(kind)}


def shape(field: Field) -> tuple[object, ...]:
    return field.kind, field.name, field.custom_field_id, field.type, field.reference, field.sortable


@many
@given(data=st.data())
async def test_search_finds_what_is_meant(
    database: Database, settlements: list[Settlement], data: st.DataObject
) -> None:
    """F1, F6-F10, F13, F14, F28: hits, order, pages and counts; no row of another organization shows."""
    settlement = settlements[data.draw(st.sampled_from(WORLDS), "world")]
    search = data.draw(asked(settlement), "search")
    size, limit = data.draw(st.sampled_from(SIZES), "size"), data.draw(st.sampled_from(LIMITS), "limit")
    meant = search.meant(settlement)
    assert await search.found(database, settlement.actor, 100) == meant
    limited = meant[:limit]
    assert await search.found(database, settlement.actor, size, limit) == limited
    assert await search.count(database, settlement.actor, limit) == Count(len(limited), len(meant))


@settings(fewer, phases=[Phase.reuse, Phase.generate])  # the trees are small as they are
@given(data=st.data())
async def test_every_condition_on_every_field(
    database: Database, settlements: list[Settlement], data: st.DataObject
) -> None:
    """F31-F37, F39-F45: each field of a kind with each condition that fits it."""
    settlement = settlements[data.draw(st.sampled_from(WORLDS), "world")]
    kinds = data.draw(st.lists(st.sampled_from(Kind), min_size=3, max_size=3, unique=True), "kinds")
    clock = Clock.at(MOMENT, data.draw(st.sampled_from(pools.ZONES), "zone"))
    leaves = [data.draw(each_condition(kind, settlement.world, settlement.fields, clock)) for kind in kinds]
    searches = [Asked(tree, (), clock) for made in leaves for tree in made.trees]
    wrong = [each for each in searches if not await each.is_answered(database, settlement)]
    assert not wrong, str(wrong[0])


@fewer
@given(data=st.data())
async def test_negation_finds_the_others(
    database: Database, settlements: list[Settlement], data: st.DataObject
) -> None:
    """F26: a tree and its negation divide the objects of a kind, nulls included."""
    settlement = settlements[data.draw(st.sampled_from(WORLDS), "world")]
    kind = data.draw(st.sampled_from([Kind.LEAD, Kind.CONTACT]), "kind")
    clock = Clock.at(MOMENT, "Europe/Berlin")
    tree = data.draw(about(kind, settlement.world, settlement.fields, clock), "tree")
    sides = [await Asked(side, (), clock).found(database, settlement.actor, 100) for side in divided(kind, tree)]
    assert sorted(sides[0] + sides[1]) == sorted((kind, row["id"]) for row in settlement.world.rows(kind))


@fewer
@given(data=st.data())
async def test_pages_hold_while_others_write(
    database: Database, settlements: list[Settlement], data: st.DataObject
) -> None:
    """F14, F18: what matches all the time and keeps its place is seen exactly once, and nothing that never matched."""
    settlement = settlements[data.draw(st.sampled_from(WORLDS), "world")]
    search = data.draw(asked(settlement), "search")
    dice, size = data.draw(st.randoms(use_true_random=False), "dice"), data.draw(st.sampled_from((1, 2, 3)), "size")
    visitors = Visitors(database, settlement.actor, settlement.world, dice)
    seen, places = [], [search.places(settlement, settlement.world)]
    try:
        async for page in pages(await search.prepared(database, settlement.actor), size):
            seen += hits(page)
            places.append(search.places(settlement, await visitors.move()))
    finally:
        await visitors.leave()
    steady = {hit for hit in places[0] if all(place.get(hit) == places[0][hit] for place in places)}
    assert sorted(hit for hit in seen if hit in steady) == sorted(steady)
    assert set(seen) <= {hit for place in places for hit in place}
