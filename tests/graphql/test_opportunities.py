"""Deals in the graph: their fields and mutations (rules L1, L3, L22, G5, X1, X4)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from app.services import organizations
from app.storage.opportunities import Opportunity
from app.storage.organizations import User
from tests.client import Client

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

EVERYTHING = """
    id version dateCreated dateUpdated createdBy { id } updatedBy { id }
    lead { id } contact { id displayName } user { id } status { label type pipeline { name } }
    note confidence value { amount currency } valuePeriod expectedValue { amount currency }
    annualizedValue { amount currency } annualizedExpectedValue { amount currency }
    closeDate dateWon dateLost customFields { display } customField(id: "cf_none") { display }
"""


async def lead(client: Client, **input: Any) -> dict[str, Any]:
    select = "lead { id contacts { nodes { id } } }"
    payload = await client.mutate("leadCreate", {"name": "Acme"} | input, select)
    found: dict[str, Any] = payload["lead"]
    return found


async def deal(client: Client, lead_id: str, **input: Any) -> dict[str, Any]:
    payload = await client.mutate("opportunityCreate", {"leadId": lead_id} | input, f"opportunity {{ {EVERYTHING} }}")
    assert payload["userErrors"] == []
    found: dict[str, Any] = payload["opportunity"]
    return found


async def refused(client: Client, field: str, input: dict[str, Any]) -> dict[str, Any]:
    """The one problem of a mutation that did nothing."""
    (error,) = (await client.mutate(field, input))["userErrors"]
    found: dict[str, Any] = error
    return found


async def patched(client: Client, id: str, **patch: Any) -> dict[str, Any]:
    payload = await client.mutate("opportunityUpdate", {"id": id, "patch": patch}, f"opportunity {{ {EVERYTHING} }}")
    assert payload["userErrors"] == []
    found: dict[str, Any] = payload["opportunity"]
    return found


async def ids(client: Client) -> list[str]:
    data = await client.data("{ opportunities { nodes { id } } }")
    return [node["id"] for node in data["opportunities"]["nodes"]]


async def test_opportunity_shows_every_field(client: Client) -> None:
    client.now = NOON
    home = await lead(client, contacts=[{"name": "Gob"}])
    contact_id = home["contacts"]["nodes"][0]["id"]
    created = await deal(
        client,
        home["id"],
        contactId=contact_id,
        status={"label": "active"},
        note="Segways",
        confidence=35,
        value={"amount": "129.99", "currency": "eur"},
        valuePeriod="MONTHLY",
        closeDate="2026-04-01",
    )
    assert created["id"].startswith("oppo_")
    assert created == {
        "id": created["id"],
        "version": 1,
        "dateCreated": "2026-03-01T12:00:00+00:00",
        "dateUpdated": "2026-03-01T12:00:00+00:00",
        "createdBy": {"id": client.actor.user_id},
        "updatedBy": {"id": client.actor.user_id},
        "lead": {"id": home["id"]},
        "contact": {"id": contact_id, "displayName": "Gob"},
        "user": {"id": client.actor.user_id},
        "status": {"label": "Active", "type": "ACTIVE", "pipeline": {"name": "Sales"}},
        "note": "Segways",
        "confidence": 35,
        "value": {"amount": "129.99", "currency": "EUR"},
        "valuePeriod": "MONTHLY",
        "expectedValue": {"amount": "45.50", "currency": "EUR"},
        "annualizedValue": {"amount": "1559.88", "currency": "EUR"},
        "annualizedExpectedValue": {"amount": "545.96", "currency": "EUR"},
        "closeDate": "2026-04-01",
        "dateWon": None,
        "dateLost": None,
        "customFields": [],
        "customField": None,
    }
    read = await client.data(
        f"query($id: ID!) {{ opportunity(id: $id) {{ {EVERYTHING} }} node(id: $id) {{ __typename id }} }}",
        {"id": created["id"]},
    )
    assert read == {"opportunity": created, "node": {"__typename": "Opportunity", "id": created["id"]}}


async def test_plain_deal_has_defaults(client: Client) -> None:
    created = await deal(client, (await lead(client))["id"])
    assert (created["confidence"], created["valuePeriod"], created["value"]) == (50, "ONE_TIME", None)
    assert created["expectedValue"] is created["annualizedValue"] is created["annualizedExpectedValue"] is None
    assert created["status"]["label"] == "Active"


async def test_deal_needs_a_lead(client: Client) -> None:
    """L1: without one the schema refuses; with an unknown one nothing is written."""
    body = await client.run("mutation { opportunityCreate(input: {}) { opportunity { id } } }")
    assert body["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    error = await refused(client, "opportunityCreate", {"leadId": "lead_none"})
    assert (error["code"], error["path"], error["missingId"]) == ("NOT_FOUND", ["leadId"], "lead_none")
    assert await ids(client) == []


async def test_bad_members_are_refused(client: Client) -> None:
    cases: list[tuple[dict[str, Any], str, list[str]]] = [
        ({"confidence": 101}, "INVALID", ["confidence"]),
        ({"confidence": -1}, "INVALID", ["confidence"]),
        ({"value": {"amount": "1.001"}}, "INVALID", ["value", "amount"]),
        ({"value": {"amount": "10000000000000"}}, "INVALID", ["value", "amount"]),
        ({"value": {"amount": "1", "currency": "DOGE"}}, "INVALID", ["value", "currency"]),
        ({"note": "x" * 100_001}, "TOO_LONG", ["note"]),
        ({"contactId": "cont_none"}, "NOT_FOUND", ["contactId"]),
        ({"userId": "user_none"}, "INVALID", ["userId"]),
        ({"status": {"id": "stat_none"}}, "NOT_FOUND", ["status", "id"]),
        ({"status": {"label": "Nowhere"}}, "INVALID", ["status", "label"]),
    ]
    lead_id = (await lead(client))["id"]
    before = await deal(client, lead_id)
    for input, code, path in cases:
        error = await refused(client, "opportunityCreate", {"leadId": lead_id, **input})
        assert (error["code"], error["path"]) == (code, path)
        error = await refused(client, "opportunityUpdate", {"id": before["id"], "patch": input})
        assert (error["code"], error["path"]) == (code, ["patch", *path])
    data = await client.data(f"{{ opportunities {{ nodes {{ {EVERYTHING} }} }} }}")
    assert data["opportunities"]["nodes"] == [before]


async def test_all_problems_come_together(client: Client) -> None:
    input = {
        "leadId": (await lead(client))["id"],
        "confidence": 400,
        "note": "x" * 100_001,
        "value": {"amount": "0.005", "currency": "?"},
    }
    errors = (await client.mutate("opportunityCreate", input))["userErrors"]
    paths = [error["path"] for error in errors]
    assert sorted(paths) == [["confidence"], ["note"], ["value", "amount"], ["value", "currency"]]


async def test_required_members_refuse_null(client: Client) -> None:
    created = await deal(client, (await lead(client))["id"])
    for member in ("status", "confidence", "valuePeriod"):
        error = await refused(client, "opportunityUpdate", {"id": created["id"], "patch": {member: None}})
        assert (error["code"], error["path"]) == ("REQUIRED", ["patch", member])


PATCHES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    ({"note": None}, {"note": None}),
    ({"note": " "}, {"note": None}),
    ({"note": "Boats"}, {"note": "Boats"}),
    ({"confidence": 0}, {"confidence": 0, "expectedValue": "0.00", "annualizedExpectedValue": "0.00"}),
    (
        {"value": {"amount": 2}},
        {"value": "2.00", "expectedValue": "1.00", "annualizedValue": "2.00", "annualizedExpectedValue": "1.00"},
    ),
    ({"value": None}, dict.fromkeys(("value", "expectedValue", "annualizedValue", "annualizedExpectedValue"))),
    ({"valuePeriod": "ANNUAL"}, {"valuePeriod": "ANNUAL"}),
    ({"contactId": None}, {"contact": None}),
    ({"userId": None}, {"user": None}),
    ({"closeDate": None}, {"closeDate": None}),
    ({"closeDate": "2027-01-01"}, {"closeDate": "2027-01-01"}),
    ({"dateWon": "2026-02-01"}, {"dateWon": "2026-02-01"}),
    ({"dateWon": None}, {"dateWon": None}),
]


async def test_patch_keeps_what_it_omits(client: Client) -> None:
    """G5: what is omitted stays, null clears, and a patch without a difference is no change."""
    home = await lead(client, contacts=[{"name": "Gob"}])
    full = {
        "contactId": home["contacts"]["nodes"][0]["id"],
        "status": {"label": "Won"},
        "note": "Segways",
        "value": {"amount": "100"},
        "closeDate": "2026-04-01",
    }
    for patch, shown in PATCHES:
        client.now = NOON
        before = await deal(client, home["id"], **full)
        client.now = NOON + timedelta(hours=1)
        expected = dict(before)
        for name, value in shown.items():
            is_money = value is not None and isinstance(before[name], dict)
            expected[name] = before[name] | {"amount": value} if is_money else value
        if patch:
            expected |= {"version": 2, "dateUpdated": "2026-03-01T13:00:00+00:00"}
        assert await patched(client, before["id"], **patch) == expected
        assert await patched(client, before["id"], **patch) == expected


async def test_old_version_is_a_conflict(client: Client) -> None:
    created = await deal(client, (await lead(client))["id"])
    input = {"id": created["id"], "patch": {"confidence": 60}, "expectedVersion": 1}
    assert (await client.mutate("opportunityUpdate", input))["userErrors"] == []
    input = {"id": created["id"], "patch": {"confidence": 70}, "expectedVersion": 1}
    error = await refused(client, "opportunityUpdate", input)
    assert (error["code"], error["path"], error["currentVersion"], error["conflictingId"]) == (
        "CONFLICT",
        ["expectedVersion"],
        2,
        created["id"],
    )


async def test_status_change_returns_its_record(client: Client) -> None:
    """X4: the change, its record and the day of winning come in one transaction."""
    client.now = datetime(2026, 3, 1, 2, tzinfo=UTC)
    created = await deal(client, (await lead(client))["id"])
    input = {"opportunityId": created["id"], "status": {"label": "WON"}}
    select = """
        opportunity { version status { label } dateWon dateLost }
        activity { __typename id date oldLabel newLabel lead { id } user { id }
                   oldOpportunityStatus { label } newOpportunityStatus { label } opportunity { id } }
    """
    payload = await client.mutate("opportunityChangeStatus", input, select, zone="-08:00")
    activity_id = payload["activity"].pop("id")
    assert payload == {
        "opportunity": {
            "version": 2,
            "status": {"label": "Won"},
            "dateWon": "2026-02-28",
            "dateLost": None,
        },
        "activity": {
            "__typename": "OpportunityStatusChange",
            "date": "2026-03-01T02:00:00+00:00",
            "oldLabel": "Active",
            "newLabel": "Won",
            "lead": created["lead"],
            "user": {"id": client.actor.user_id},
            "oldOpportunityStatus": {"label": "Active"},
            "newOpportunityStatus": {"label": "Won"},
            "opportunity": {"id": created["id"]},
        },
        "userErrors": [],
    }
    again = await client.mutate("opportunityChangeStatus", input, select)
    assert (again["activity"], again["opportunity"]["version"]) == (None, 2)
    lost = await patched(client, created["id"], status={"label": "Lost"})
    assert (lost["dateWon"], lost["dateLost"]) == (None, "2026-03-01T02:00:00+00:00")
    data = await client.data(
        """query($id: ID!) { lead(id: $id) { activities(filter: {types: [OPPORTUNITY_STATUS_CHANGE]}) {
               nodes { id ... on OpportunityStatusChange { newLabel } } } } }""",
        created["lead"],
    )
    assert [node["newLabel"] for node in data["lead"]["activities"]["nodes"]] == ["Lost", "Won"]
    assert data["lead"]["activities"]["nodes"][1]["id"] == activity_id


async def test_unknown_deal_is_not_found(client: Client) -> None:
    inputs: dict[str, dict[str, Any]] = {
        "opportunityUpdate": {"id": "oppo_none", "patch": {}},
        "opportunityDelete": {"id": "oppo_none"},
        "opportunityChangeStatus": {"opportunityId": "oppo_none", "status": {"label": "Won"}},
    }
    for field, input in inputs.items():
        error = await refused(client, field, input)
        assert (error["code"], error["missingId"]) == ("NOT_FOUND", "oppo_none")
        assert error["path"] == ["opportunityId" if "opportunityId" in input else "id"]


async def test_delete_leaves_the_records(client: Client) -> None:
    created = await deal(client, (await lead(client))["id"])
    await patched(client, created["id"], status={"label": "Won"})
    payload = await client.mutate("opportunityDelete", {"id": created["id"]}, "deletedId")
    assert payload == {"deletedId": created["id"], "userErrors": []}
    assert (await refused(client, "opportunityDelete", {"id": created["id"]}))["code"] == "NOT_FOUND"
    data = await client.data(
        """query($id: ID!, $lead: ID!) { opportunity(id: $id) { id } lead(id: $lead) {
               opportunities { totalCount }
               activities { nodes { __typename ... on OpportunityStatusChange { newLabel opportunity { id } } } }
           } }""",
        {"id": created["id"], "lead": created["lead"]["id"]},
    )
    assert data["opportunity"] is None
    assert data["lead"]["opportunities"]["totalCount"] == 0
    record = {"__typename": "OpportunityStatusChange", "newLabel": "Won", "opportunity": None}
    assert record in data["lead"]["activities"]["nodes"]


async def test_every_member_may_sell(client: Client) -> None:
    """X1: no permission names opportunities."""
    user = await client.with_role("User")
    created = await deal(user, (await lead(client))["id"])
    assert created["user"] == {"id": user.actor.user_id}
    await patched(user, created["id"], status={"label": "Won"})
    assert (await user.mutate("opportunityDelete", {"id": created["id"]}))["userErrors"] == []


async def test_other_organizations_deals_are_absent(client: Client) -> None:
    there = await Client.of(client.database, await organizations.create(client.database, "Other"))
    created = await deal(there, (await lead(there, contacts=[{"name": "Gob"}]))["id"])
    mine = await deal(client, (await lead(client))["id"])
    data = await client.data("query($id: ID!) { opportunity(id: $id) { id } node(id: $id) { id } }", created)
    assert data == {"opportunity": None, "node": None}
    assert await ids(client) == [mine["id"]]
    contacts = "query { contacts { nodes { id } } opportunityStatuses { id } }"
    theirs = await there.data(contacts)
    cases: list[tuple[dict[str, Any], str]] = [
        ({"contactId": theirs["contacts"]["nodes"][0]["id"]}, "NOT_FOUND"),
        ({"userId": there.actor.user_id}, "INVALID"),
        ({"status": {"id": theirs["opportunityStatuses"][0]["id"]}}, "NOT_FOUND"),
    ]
    for patch, code in cases:
        error = await refused(client, "opportunityUpdate", {"id": mine["id"], "patch": patch})
        assert error["code"] == code
    assert (await refused(client, "opportunityDelete", {"id": created["id"]}))["code"] == "NOT_FOUND"


async def test_contact_lists_its_deals(client: Client) -> None:
    home = await lead(client, contacts=[{"name": "Gob"}, {"name": "Buster"}])
    gob, buster = (contact["id"] for contact in home["contacts"]["nodes"])
    created = await deal(client, home["id"], contactId=gob)
    query = "query($id: ID!) { contact(id: $id) { opportunities { nodes { id } } } }"
    shown = {id: (await client.data(query, {"id": id}))["contact"]["opportunities"]["nodes"] for id in (gob, buster)}
    assert shown == {gob: [{"id": created["id"]}], buster: []}


async def test_former_members_keep_their_deals(client: Client) -> None:
    former = await client.with_role("User")
    created = await deal(former, (await lead(client))["id"])
    async with client.database.write(client.actor) as session:
        await session.update(User, {"is_active": False, "role_id": None})
        assert await session.count(Opportunity) == 1
    data = await client.data("query($id: ID!) { opportunity(id: $id) { user { isActive } } }", created)
    assert data["opportunity"]["user"] == {"isActive": False}
    changed = await patched(client, created["id"], note="Still theirs", userId=former.actor.user_id)
    assert (changed["note"], changed["user"]) == ("Still theirs", {"id": former.actor.user_id})
