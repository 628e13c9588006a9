"""Lead statuses (rules S1-S7, L16, L18)."""

import asyncio
from typing import Any

import pytest

from tests.client import Client

LISTED = "{ leadStatuses { id label position isDefault leadCount } }"


async def statuses(client: Client) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = (await client.data(LISTED))["leadStatuses"]
    return listed


async def labels(client: Client) -> list[str]:
    return [status["label"] for status in await statuses(client)]


async def test_statuses_are_listed_in_order(client: Client) -> None:
    """S1, S2: an ordered list; the first is the default."""
    assert [(s["label"], s["position"], s["isDefault"], s["leadCount"]) for s in await statuses(client)] == [
        ("Potential", 0, True, 0),
        ("Bad Fit", 1, False, 0),
        ("Qualified", 2, False, 0),
        ("Customer", 3, False, 0),
    ]
    assert client.statements == 2


async def test_leads_are_counted_per_status(client: Client) -> None:
    for label in ("Customer", "Potential", "Customer"):
        await client.mutate("leadCreate", {"name": "A", "status": {"label": label}})
    assert [s["leadCount"] for s in await statuses(client)] == [1, 0, 0, 2]


async def test_status_create_appends(client: Client) -> None:
    """S3: a new status stands at the end."""
    payload = await client.mutate("leadStatusCreate", {"label": " Interested "}, "leadStatus { label position }")
    assert payload == {"leadStatus": {"label": "Interested", "position": 4}, "userErrors": []}
    assert await labels(client) == ["Potential", "Bad Fit", "Qualified", "Customer", "Interested"]


@pytest.mark.parametrize(
    ("label", "code"),
    [(" ", "INVALID"), ("", "INVALID"), ("x" * 201, "TOO_LONG"), ("customer", "TAKEN"), (" BAD fit ", "TAKEN")],
)
async def test_bad_label_is_refused(client: Client, label: str, code: str) -> None:
    """S3, L18: blank, long and taken labels; taken whatever the case."""
    payload = await client.mutate("leadStatusCreate", {"label": label}, "leadStatus { id }")
    assert payload["leadStatus"] is None
    assert [(e["code"], e["path"]) for e in payload["userErrors"]] == [(code, ["label"])]
    [first, *_] = await statuses(client)
    payload = await client.mutate("leadStatusUpdate", {"id": first["id"], "patch": {"label": label}})
    assert [(e["code"], e["path"]) for e in payload["userErrors"]] == [(code, ["patch", "label"])]


async def test_taken_label_names_its_holder(client: Client) -> None:
    payload = await client.mutate("leadStatusCreate", {"label": "QUALIFIED"})
    [error] = payload["userErrors"]
    assert error["__typename"] == "ConflictError"
    assert error["conflictingId"] == (await statuses(client))[2]["id"]


async def test_rename_keeps_id_and_leads(client: Client) -> None:
    """S4: leads show the new label, nothing is recorded."""
    created = await client.mutate("leadCreate", {"name": "A"}, "lead { id status { id } }")
    status = created["lead"]["status"]["id"]
    payload = await client.mutate(
        "leadStatusUpdate", {"id": status, "patch": {"label": "potential"}}, "leadStatus { id label }"
    )
    assert payload["leadStatus"] == {"id": status, "label": "potential"}
    query = "query($id: ID!) { lead(id: $id) { status { label } activities { nodes { type } } } }"
    lead = (await client.data(query, {"id": created["lead"]["id"]}))["lead"]
    assert lead == {"status": {"label": "potential"}, "activities": {"nodes": [{"type": "CREATED"}]}}


async def test_label_cannot_be_null(client: Client) -> None:
    [first, *_] = await statuses(client)
    payload = await client.mutate("leadStatusUpdate", {"id": first["id"], "patch": {"label": None}})
    assert [(e["code"], e["path"]) for e in payload["userErrors"]] == [("REQUIRED", ["patch", "label"])]
    assert (await client.mutate("leadStatusUpdate", {"id": first["id"], "patch": {}}))["userErrors"] == []


async def test_unused_status_is_deleted(client: Client) -> None:
    """S6: the others close ranks."""
    [_, second, *_] = await statuses(client)
    payload = await client.mutate("leadStatusDelete", {"id": second["id"]}, "deletedId")
    assert payload == {"deletedId": second["id"], "userErrors": []}
    assert [(s["label"], s["position"]) for s in await statuses(client)] == [
        ("Potential", 0),
        ("Qualified", 1),
        ("Customer", 2),
    ]
    payload = await client.mutate("leadStatusDelete", {"id": second["id"]}, "deletedId")
    assert [(e["code"], e["path"]) for e in payload["userErrors"]] == [("NOT_FOUND", ["id"])]


async def test_status_in_use_stays(client: Client) -> None:
    """S7: the error says how many leads are in it."""
    for _ in range(3):
        await client.mutate("leadCreate", {"name": "A"})
    [first, *_] = await statuses(client)
    payload = await client.mutate("leadStatusDelete", {"id": first["id"]}, "deletedId")
    [error] = payload["userErrors"]
    assert (error["__typename"], error["code"], error["usedByCount"]) == ("InUseError", "IN_USE", 3)
    assert payload["deletedId"] is None
    assert len(await statuses(client)) == 4


async def test_last_status_stays(client: Client) -> None:
    """S7, L16: new leads need one."""
    all_ = await statuses(client)
    for status in all_[1:]:
        assert (await client.mutate("leadStatusDelete", {"id": status["id"]}))["userErrors"] == []
    payload = await client.mutate("leadStatusDelete", {"id": all_[0]["id"]})
    assert [(e["code"], e["conflictingId"]) for e in payload["userErrors"]] == [("CONFLICT", all_[0]["id"])]


async def test_reorder_changes_default(client: Client) -> None:
    ids = [status["id"] for status in await statuses(client)]
    payload = await client.mutate("leadStatusReorder", {"ids": ids[::-1]}, "leadStatuses { label isDefault }")
    assert payload["leadStatuses"] == [
        {"label": "Customer", "isDefault": True},
        {"label": "Qualified", "isDefault": False},
        {"label": "Bad Fit", "isDefault": False},
        {"label": "Potential", "isDefault": False},
    ]


async def test_partial_order_is_refused(client: Client) -> None:
    ids = [status["id"] for status in await statuses(client)]
    for given, code, path in [
        (ids[:3], "INVALID", ["ids"]),
        ([*ids, ids[0]], "INVALID", ["ids", "4"]),
        ([*ids[:3], "stat_x"], "NOT_FOUND", ["ids", "3"]),
    ]:
        payload = await client.mutate("leadStatusReorder", {"ids": given}, "leadStatuses { id }")
        assert [(e["code"], e["path"]) for e in payload["userErrors"]] == [(code, path)]
        assert payload["leadStatuses"] is None
    assert [status["id"] for status in await statuses(client)] == ids


async def test_same_label_twice_at_once(client: Client) -> None:
    """Two callers who make one label at the same time: one succeeds."""
    payloads = await asyncio.gather(*(client.mutate("leadStatusCreate", {"label": "New"}) for _ in range(4)))
    codes = sorted(error["code"] for payload in payloads for error in payload["userErrors"])
    assert codes == ["TAKEN"] * 3
    assert (await labels(client)).count("New") == 1


async def test_delete_races_with_assignment(client: Client) -> None:
    """No lead is ever left in a status that is gone."""
    for i in range(8):
        created = await client.mutate("leadStatusCreate", {"label": f"Status {i}"}, "leadStatus { id }")
        id = created["leadStatus"]["id"]
        deleted, assigned = await asyncio.gather(
            client.mutate("leadStatusDelete", {"id": id}, "deletedId"),
            client.mutate("leadCreate", {"name": "A", "status": {"id": id}}, "lead { status { id } }"),
        )
        outcomes = (deleted["userErrors"] == [], assigned["userErrors"] == [])
        assert outcomes in {(True, False), (False, True)}
    for lead in (await client.data("{ leads { nodes { status { label } } } }"))["leads"]["nodes"]:
        assert lead["status"]["label"].startswith("Status")
