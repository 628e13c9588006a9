"""What both ways of answering share is held against plain rows: tenants, orders, pages, counts."""

from collections import Counter
from random import Random

import pytest

from app.execution.levels import Form
from app.storage.database import Database
from tests.execution.answering import FORMS, GATEWAY
from tests.execution.profiles import QUERIES
from tests.execution.reference_checks import members, wrong
from tests.execution.reference_documents import Asker
from tests.execution.world import World


@pytest.mark.parametrize("form", FORMS)
async def test_plans_answer_from_their_rows(database: Database, world: World, form: Form) -> None:
    """F10: rows of the caller's organization alone, below their parents, in the order asked for, page by page."""
    asking = await members(database, world, GATEWAY)
    assert await wrong(database, asking, FORMS[form], QUERIES) == []


async def test_reference_is_asked_for_every_side(database: Database, world: World) -> None:
    """The queries page both ways, from cursors too, and find rows and none."""
    asking = await members(database, world, GATEWAY)
    seen: Counter[str] = Counter()
    for seed in range(100):
        dice = Random(seed)
        member = dice.choice(asking)
        query = Asker(dice, member.cursors).query()
        answer = str(member.reference.answer(query))
        for part in ("first:", "last:", "after:", "before:", "filter:", "direction: DESC"):
            seen[part] += part in query
        for part in ("'hasNextPage': True", "'hasPreviousPage': True", "'nodes': []", "'nodes': [{", "None"):
            seen[part] += part in answer
    assert [part for part, times in seen.items() if times < 5] == []
