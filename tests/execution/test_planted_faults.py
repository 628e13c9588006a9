"""Faults that are put in on purpose are found: by random documents, or by the reference where both ways share them."""

import re
import sys
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import pytest
from sqlalchemy import ColumnElement, true

from app.execution import leaves, levels
from app.execution.gateway import Gateway
from app.execution.levels import Form
from app.graphql.engine import Engine
from app.graphql.schema import schema
from app.storage.database import Database
from app.storage.paging import Order, Window, cut, sorting
from app.storage.reads import group
from app.storage.scope import visible
from tests.execution.answering import FORMS, GATEWAY
from tests.execution.marks import FAILING
from tests.execution.profiles import KNOWN
from tests.execution.reference_checks import Member, members, wrong
from tests.execution.settlement import Asked, Settlement
from tests.execution.world import World


def swapped(rows: list[Any], window: Window) -> tuple[list[Any], bool, bool]:
    kept, has_next, has_previous = cut(rows, window)
    return kept, has_previous, has_next


def of_another_parent(rows: Any) -> dict[Any, list[Any]]:
    groups = group(rows)
    return dict(zip(groups, [*list(groups.values())[1:], *list(groups.values())[:1]], strict=True))


def nulls_anywhere(order: Sequence[Order], backward: bool) -> list[ColumnElement[Any]]:
    return sorting([key._replace(nullable=False) for key in order], backward)


def of_every_tenant(table: object) -> ColumnElement[bool]:
    return true()


def unchecked(step: Any, required: bool, may_be_null: bool) -> Any:
    return leaves.null_stays(step) if step else None


pytestmark = FAILING
SHARED = [(cut, swapped), (group, of_another_parent), (sorting, nulls_anywhere)]
OF_PLANS = [(levels, "cut", swapped), (levels, "group", of_another_parent), (leaves, "_nullable", unchecked)]


@pytest.mark.parametrize(("sound", "faulty"), SHARED)
async def test_reference_finds_shared_faults(
    database: Database,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    sound: Callable[..., Any],
    faulty: Callable[..., Any],
) -> None:
    """F10: page flags the wrong way round, rows below other parents, nulls where the database puts them."""
    asking = await members(database, world, GATEWAY)
    plant(monkeypatch, sound, faulty)
    assert await misleads(database, asking)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize("form", FORMS)
async def test_reference_finds_rows_of_other_tenants(
    database: Database, world: World, monkeypatch: pytest.MonkeyPatch, form: Form
) -> None:
    """Reads without the tenant's predicate show rows of the other organization, which has the same ids."""
    asking = await members(database, world, GATEWAY)
    plant(monkeypatch, visible, of_every_tenant)
    assert await misleads(database, asking, form)


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
async def test_policies_stand_behind_the_predicate(
    database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL the tables' own policies keep tenants apart even then."""
    asking = await members(database, world, GATEWAY)
    plant(monkeypatch, visible, of_every_tenant)
    assert not await misleads(database, asking)


@pytest.mark.parametrize(("module", "name", "faulty"), OF_PLANS)
async def test_documents_find_faults_of_plans(
    settlement: Settlement, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, faulty: Callable[..., Any]
) -> None:
    """Page flags, parents and checks for null that are wrong in plans alone."""
    monkeypatch.setattr(module, name, faulty)
    assert await first_difference(settlement, unplanned())


def plant(monkeypatch: pytest.MonkeyPatch, sound: Callable[..., Any], faulty: Callable[..., Any]) -> None:
    """Put a faulty function in the place of a sound one, wherever it is used."""
    for name, module in list(sys.modules.items()):
        if name.startswith("app."):
            for attribute, value in list(vars(module).items()):
                if value is sound:
                    monkeypatch.setattr(module, attribute, faulty)


async def first_difference(settlement: Settlement, gateway: Gateway) -> Asked | None:
    """The first of the known documents that both ways answer differently."""
    for seed in KNOWN:
        asked = settlement.asked(Random(seed))
        if not (await settlement.answers(asked, gateway)).agree:
            return asked
    return None


async def misleads(database: Database, asking: Sequence[Member], form: Form = Form.LEVELS) -> bool:
    """Whether the reference knows a query that is answered wrongly."""
    gateway = unplanned(form)
    for seed in KNOWN:
        if any(each.meant != each.answered for each in await wrong(database, asking, gateway, [seed])):
            return True
    return False


def unplanned(form: Form = Form.LEVELS) -> Gateway:
    """A gateway that knows no plan from before the fault."""
    return Gateway(Engine(schema), form)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
async def test_difference_is_shown_by_little(settlement: Settlement, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left of the document shows the fault alone, and the place where the answers differ is told."""
    monkeypatch.setattr(levels, "cut", swapped)
    gateway = unplanned()
    found = await first_difference(settlement, gateway)
    assert found
    shown = await settlement.shown(found, "a page", gateway)
    assert len(shown.splitlines()) <= 14, shown
    assert re.search(r"compiled: \.data\.\S+: (True and False|False and True)$", shown), shown
