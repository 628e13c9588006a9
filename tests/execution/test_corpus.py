"""The queries of the documentation and of all tests are answered alike by plans and by the resolvers."""

from random import Random

import pytest

from app.execution.levels import Form
from tests.execution.answering import FORMS
from tests.execution.arguments import Values
from tests.execution.corpus import queries, request
from tests.execution.marks import FAILING
from tests.execution.settlement import Asked, Settlement

pytestmark = FAILING
TURNS = 3


@pytest.mark.parametrize("form", FORMS)
async def test_known_queries_are_answered_alike(settlement: Settlement, form: Form) -> None:
    """Each with several values for its variables, from several members."""
    planned = 0
    for place, (text, document) in enumerate(queries().items()):
        for turn in range(TURNS):
            dice = Random(1_000 * turn + place)
            caller, _ = dice.choice(settlement.callers)
            asked = Asked(caller, request(text, document, Values(dice, settlement.ids)))
            answers = await settlement.answers(asked, FORMS[form])
            assert answers.agree, await settlement.shown(asked, text, FORMS[form])
            planned += answers.is_planned
    assert planned >= 150
