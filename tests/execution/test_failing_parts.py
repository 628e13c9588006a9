"""A part of a query that fails does not take along what the other parts wait for."""

from tests.execution.answering import Request, resolve
from tests.execution.marks import FAILING
from tests.execution.settlement import Settlement

pytestmark = FAILING
QUERY = """{
    broken: lead(id: "lead_broken") { customFields { display } }
    sound: lead(id: "lead_A") { customFields { display } }
}"""


async def test_failure_leaves_the_rest_alone(settlement: Settlement) -> None:
    """Both leads have users and contacts in common, so both parts wait for the same rows."""
    for caller, _ in settlement.callers:
        body = await resolve(settlement.database, caller, Request(QUERY))
        assert [error["path"][0] for error in body["errors"]] == ["broken"]
        assert body["data"]["broken"] is None
        assert body["data"]["sound"]["customFields"]
