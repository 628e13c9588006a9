"""Pipelines and opportunity statuses (rules S1-S7 for stages of a pipeline, L16-L18, X1)."""

from typing import Any

from app.services import organizations
from tests.client import Client

PIPELINES = "{ pipelines { id name statuses { id label type position pipeline { id } } } }"


async def pipelines(client: Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await client.data(PIPELINES))["pipelines"]
    return found


async def labels(client: Client) -> dict[str, list[str]]:
    return {
        pipeline["name"]: [status["label"] for status in pipeline["statuses"]] for pipeline in await pipelines(client)
    }


async def sales(client: Client) -> tuple[str, dict[str, str]]:
    """The first pipeline's id, and the ids of its statuses by label."""
    first = (await pipelines(client))[0]
    return first["id"], {status["label"]: status["id"] for status in first["statuses"]}


async def add_pipeline(client: Client, name: str) -> str:
    payload = await client.mutate("pipelineCreate", {"name": name}, "pipeline { id }")
    assert payload["userErrors"] == []
    return str(payload["pipeline"]["id"])


async def add_status(client: Client, pipeline_id: str, label: str, type: str = "ACTIVE") -> str:
    input = {"pipelineId": pipeline_id, "label": label, "type": type}
    payload = await client.mutate("opportunityStatusCreate", input, "opportunityStatus { id }")
    assert payload["userErrors"] == []
    return str(payload["opportunityStatus"]["id"])


async def add_deal(client: Client, status_id: str, amount: str = "1") -> str:
    lead = await client.mutate("leadCreate", {"name": "Acme"}, "lead { id }")
    input = {"leadId": lead["lead"]["id"], "status": {"id": status_id}, "value": {"amount": amount}}
    payload = await client.mutate("opportunityCreate", input, "opportunity { id }")
    assert payload["userErrors"] == []
    return str(payload["opportunity"]["id"])


async def refused(client: Client, field: str, input: dict[str, Any]) -> dict[str, Any]:
    """What matters of the one problem of a mutation that did nothing."""
    before = await pipelines(client)
    (error,) = (await client.mutate(field, input))["userErrors"]
    assert await pipelines(client) == before
    return {name: value for name, value in error.items() if name not in {"message", "__typename"}}


async def test_new_organization_has_one_pipeline(client: Client) -> None:
    (pipeline,) = await pipelines(client)
    assert pipeline["id"].startswith("pipe_")
    assert pipeline["name"] == "Sales"
    assert [{k: status[k] for k in ("label", "type", "position")} for status in pipeline["statuses"]] == [
        {"label": "Active", "type": "ACTIVE", "position": 0},
        {"label": "Won", "type": "WON", "position": 1},
        {"label": "Lost", "type": "LOST", "position": 2},
    ]
    assert {status["pipeline"]["id"] for status in pipeline["statuses"]} == {pipeline["id"]}
    assert client.statements == 3


async def test_statuses_come_in_both_orders(client: Client) -> None:
    """S1, S2: by pipeline, then by place; one statement."""
    first, own = await sales(client)
    other = await add_pipeline(client, "Renewals")
    await add_status(client, other, "Asked")
    paid = await add_status(client, first, "Paid", "WON")
    query = "query($id: ID) { opportunityStatuses(pipelineId: $id) { label } }"

    async def shown(id: str | None = None) -> list[str]:
        data = await client.data(query, {"id": id})
        assert client.statements == 1
        return [status["label"] for status in data["opportunityStatuses"]]

    assert await shown() == ["Active", "Won", "Lost", "Paid", "Asked"]
    await client.mutate("pipelineReorder", {"ids": [other, first]})
    order = [paid, own["Lost"], own["Won"], own["Active"]]
    await client.mutate("pipelineUpdate", {"id": first, "patch": {"statusIds": order}})
    assert await shown() == ["Asked", "Paid", "Lost", "Won", "Active"]
    assert await shown(first) == ["Paid", "Lost", "Won", "Active"]
    assert await shown(other) == ["Asked"]
    assert await shown("pipe_none") == []


async def test_nodes_are_found_by_id(client: Client) -> None:
    pipeline, statuses = await sales(client)
    data = await client.data(
        """query($ids: [ID!]!) { nodes(ids: $ids) { __typename id
               ... on Pipeline { name } ... on OpportunityStatus { label } } }""",
        {"ids": [statuses["Won"], pipeline, "stat_none", "pipe_none"]},
    )
    assert data["nodes"] == [
        {"__typename": "OpportunityStatus", "id": statuses["Won"], "label": "Won"},
        {"__typename": "Pipeline", "id": pipeline, "name": "Sales"},
        None,
        None,
    ]


async def test_status_create_ends_the_pipeline(client: Client) -> None:
    pipeline, _ = await sales(client)
    input = {"pipelineId": pipeline, "label": " Paid ", "type": "WON"}
    select = "opportunityStatus { id label type position pipeline { name } }"
    status = (await client.mutate("opportunityStatusCreate", input, select))["opportunityStatus"]
    assert status.pop("id").startswith("stat_")
    assert status == {"label": "Paid", "type": "WON", "position": 3, "pipeline": {"name": "Sales"}}


async def test_labels_are_unique_per_pipeline(client: Client) -> None:
    """L18, S3: whatever the case and outer blanks; another pipeline may have the same."""
    pipeline, own = await sales(client)
    other = await add_pipeline(client, "Renewals")
    await add_status(client, other, "Won", "WON")
    input = {"pipelineId": pipeline, "label": " ᵂON", "type": "LOST"}
    error = await refused(client, "opportunityStatusCreate", input)
    assert error == {"code": "TAKEN", "path": ["label"], "conflictingId": own["Won"], "currentVersion": None}
    error = await refused(client, "opportunityStatusUpdate", {"id": own["Lost"], "patch": {"label": "won"}})
    assert error == {
        "code": "TAKEN",
        "path": ["patch", "label"],
        "conflictingId": own["Won"],
        "currentVersion": None,
    }


async def test_bad_labels_are_refused(client: Client) -> None:
    pipeline, own = await sales(client)
    for label, code in ((" ", "INVALID"), ("x" * 201, "TOO_LONG"), ("a\0b", "INVALID")):
        input: dict[str, Any] = {"pipelineId": pipeline, "label": label, "type": "WON"}
        assert (await refused(client, "opportunityStatusCreate", input))["code"] == code
        input = {"id": own["Won"], "patch": {"label": label}}
        assert (await refused(client, "opportunityStatusUpdate", input))["code"] == code
        assert (await refused(client, "pipelineCreate", {"name": label}))["code"] == code
        input = {"id": pipeline, "patch": {"name": label}}
        assert (await refused(client, "pipelineUpdate", input))["path"] == ["patch", "name"]


async def test_null_members_are_refused(client: Client) -> None:
    pipeline, own = await sales(client)
    for field, id, member in (
        ("opportunityStatusUpdate", own["Won"], "label"),
        ("pipelineUpdate", pipeline, "name"),
        ("pipelineUpdate", pipeline, "statusIds"),
    ):
        error = await refused(client, field, {"id": id, "patch": {member: None}})
        assert (error["code"], error["path"]) == ("REQUIRED", ["patch", member])


async def test_unknown_ids_are_not_found(client: Client) -> None:
    cases: list[tuple[str, dict[str, Any], str]] = [
        ("opportunityStatusCreate", {"pipelineId": "none", "label": "A", "type": "WON"}, "pipelineId"),
        ("opportunityStatusUpdate", {"id": "none", "patch": {"label": "A"}}, "id"),
        ("opportunityStatusDelete", {"id": "none"}, "id"),
        ("pipelineUpdate", {"id": "none", "patch": {"name": "A"}}, "id"),
        ("pipelineDelete", {"id": "none"}, "id"),
    ]
    for field, input, member in cases:
        assert await refused(client, field, input) == {
            "code": "NOT_FOUND",
            "path": [member],
            "missingId": "none",
        }


async def test_renamed_status_stays_the_same(client: Client) -> None:
    """S4: deals show the new label, the id stays, nothing is recorded; its own label is free to it."""
    _, own = await sales(client)
    deal = await add_deal(client, own["Active"])
    for label in ("Open", "OPEN"):
        input = {"id": own["Active"], "patch": {"label": label}}
        payload = await client.mutate("opportunityStatusUpdate", input, "opportunityStatus { id label }")
        assert payload["opportunityStatus"] == {"id": own["Active"], "label": label}
    data = await client.data(
        """query($id: ID!) { opportunity(id: $id) { version status { id label }
               lead { activities { nodes { type } } } } }""",
        {"id": deal},
    )
    assert data["opportunity"] == {
        "version": 1,
        "status": {"id": own["Active"], "label": "OPEN"},
        "lead": {"activities": {"nodes": [{"type": "CREATED"}]}},
    }


async def test_used_status_cannot_go(client: Client) -> None:
    """S6, S7: with the number of its deals; an unused one goes and the places close up."""
    _, own = await sales(client)
    for _ in range(2):
        await add_deal(client, own["Won"])
    error = await refused(client, "opportunityStatusDelete", {"id": own["Won"]})
    assert error == {"code": "IN_USE", "path": ["id"], "usedByCount": 2}
    paid = await add_status(client, (await sales(client))[0], "Paid", "WON")
    payload = await client.mutate("opportunityStatusDelete", {"id": own["Lost"]}, "deletedId")
    assert payload == {"deletedId": own["Lost"], "userErrors": []}
    (pipeline,) = await pipelines(client)
    assert [(status["id"], status["position"]) for status in pipeline["statuses"]] == [
        (own["Active"], 0),
        (own["Won"], 1),
        (paid, 2),
    ]


async def test_last_active_status_stays(client: Client) -> None:
    """S7: new deals need one, so neither it nor its pipeline can go."""
    pipeline, own = await sales(client)
    other = await add_pipeline(client, "Renewals")
    conflict = {"code": "CONFLICT", "path": ["id"], "conflictingId": own["Active"], "currentVersion": None}
    assert await refused(client, "opportunityStatusDelete", {"id": own["Active"]}) == conflict
    assert await refused(client, "pipelineDelete", {"id": pipeline}) == conflict
    await add_status(client, other, "Asked")
    assert (await client.mutate("opportunityStatusDelete", {"id": own["Active"]}))["userErrors"] == []
    assert (await client.mutate("pipelineDelete", {"id": pipeline}))["userErrors"] == []
    assert await labels(client) == {"Renewals": ["Asked"]}


async def test_pipeline_names_are_unique(client: Client) -> None:
    pipeline, _ = await sales(client)
    other = await add_pipeline(client, "Renewals")
    error = await refused(client, "pipelineCreate", {"name": "SALES "})
    assert error == {"code": "TAKEN", "path": ["name"], "conflictingId": pipeline, "currentVersion": None}
    error = await refused(client, "pipelineUpdate", {"id": pipeline, "patch": {"name": "renewals"}})
    assert (error["code"], error["path"], error["conflictingId"]) == ("TAKEN", ["patch", "name"], other)
    payload = await client.mutate("pipelineUpdate", {"id": pipeline, "patch": {"name": "SALES"}}, "pipeline { name }")
    assert payload == {"pipeline": {"name": "SALES"}, "userErrors": []}


async def test_patch_names_every_status_once(client: Client) -> None:
    pipeline, own = await sales(client)
    foreign = await add_status(client, await add_pipeline(client, "Renewals"), "Asked")
    active, won, lost = own["Active"], own["Won"], own["Lost"]
    cases: list[tuple[list[str], str, list[str]]] = [
        ([active, won], "INVALID", ["patch", "statusIds"]),
        ([], "INVALID", ["patch", "statusIds"]),
        ([active, won, won], "INVALID", ["patch", "statusIds", "2"]),
        ([active, won, foreign], "NOT_FOUND", ["patch", "statusIds", "2"]),
        ([active, won, lost, foreign], "NOT_FOUND", ["patch", "statusIds", "3"]),
    ]
    for ids, code, path in cases:
        patch = {"name": "Changed", "statusIds": ids}
        error = await refused(client, "pipelineUpdate", {"id": pipeline, "patch": patch})
        assert (error["code"], error["path"]) == (code, path)
    payload = await client.mutate(
        "pipelineUpdate",
        {"id": pipeline, "patch": {"name": "Deals", "statusIds": [lost, active, won]}},
        "pipeline { name statuses { label position } }",
    )
    assert payload["pipeline"] == {
        "name": "Deals",
        "statuses": [
            {"label": "Lost", "position": 0},
            {"label": "Active", "position": 1},
            {"label": "Won", "position": 2},
        ],
    }
    kept = await client.mutate(
        "pipelineUpdate", {"id": pipeline, "patch": {}}, "pipeline { name statuses { label position } }"
    )
    assert kept == payload


async def test_pipelines_reorder_as_a_whole(client: Client) -> None:
    first, _ = await sales(client)
    second, third = await add_pipeline(client, "Renewals"), await add_pipeline(client, "Partners")
    for ids, code, path in (
        ([first, second], "INVALID", ["ids"]),
        ([first, second, second], "INVALID", ["ids", "2"]),
        ([first, second, "pipe_none"], "NOT_FOUND", ["ids", "2"]),
    ):
        error = await refused(client, "pipelineReorder", {"ids": ids})
        assert (error["code"], error["path"]) == (code, path)
    payload = await client.mutate("pipelineReorder", {"ids": [third, first, second]}, "pipelines { name }")
    assert [pipeline["name"] for pipeline in payload["pipelines"]] == ["Partners", "Sales", "Renewals"]
    await client.mutate("pipelineDelete", {"id": third})
    await add_pipeline(client, "Partners")
    assert list(await labels(client)) == ["Sales", "Renewals", "Partners"]


async def test_used_pipeline_cannot_go(client: Client) -> None:
    pipeline = await add_pipeline(client, "Renewals")
    asked, kept = await add_status(client, pipeline, "Asked"), await add_status(client, pipeline, "Kept", "WON")
    deals = [await add_deal(client, asked), await add_deal(client, kept)]
    error = await refused(client, "pipelineDelete", {"id": pipeline})
    assert error == {"code": "IN_USE", "path": ["id"], "usedByCount": 2}
    for deal in deals:
        await client.mutate("opportunityDelete", {"id": deal})
    payload = await client.mutate("pipelineDelete", {"id": pipeline}, "deletedId")
    assert payload == {"deletedId": pipeline, "userErrors": []}
    assert await labels(client) == {"Sales": ["Active", "Won", "Lost"]}
    data = await client.data("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": [asked, kept]})
    assert data["nodes"] == [None, None]


async def test_last_pipeline_stays(client: Client) -> None:
    pipeline, _ = await sales(client)
    error = await refused(client, "pipelineDelete", {"id": pipeline})
    assert error == {"code": "CONFLICT", "path": ["id"], "conflictingId": pipeline, "currentVersion": None}


async def test_board_comes_in_one_query(client: Client) -> None:
    """Every status with its deals, their number and their sums, in a fixed number of statements."""
    _, own = await sales(client)
    for amount in ("10.50", "2"):
        await add_deal(client, own["Active"], amount)
    await add_deal(client, own["Won"], "7")
    data = await client.data(
        """{ pipelines { statuses { label opportunities(
               first: 1, orderBy: {field: VALUE}, filter: {statusTypes: [ACTIVE, LOST]}) {
               totalCount totalValues { amount currency } nodes { value { amount } } } } } }"""
    )
    assert client.statements == 5
    assert data["pipelines"][0]["statuses"] == [
        {
            "label": "Active",
            "opportunities": {
                "totalCount": 2,
                "totalValues": [{"amount": "12.50", "currency": "USD"}],
                "nodes": [{"value": {"amount": "10.50"}}],
            },
        },
        {"label": "Won", "opportunities": {"totalCount": 0, "totalValues": [], "nodes": []}},
        {"label": "Lost", "opportunities": {"totalCount": 0, "totalValues": [], "nodes": []}},
    ]


async def test_managing_needs_its_permission(client: Client) -> None:
    """X1: neither members nor managers change what the whole organization works by."""
    pipeline, own = await sales(client)
    inputs: dict[str, dict[str, Any]] = {
        "opportunityStatusCreate": {"pipelineId": pipeline, "label": "Paid", "type": "WON"},
        "opportunityStatusUpdate": {"id": own["Won"], "patch": {"label": "Paid"}},
        "opportunityStatusDelete": {"id": own["Won"]},
        "pipelineCreate": {"name": "Renewals"},
        "pipelineUpdate": {"id": pipeline, "patch": {"name": "Deals"}},
        "pipelineDelete": {"id": pipeline},
        "pipelineReorder": {"ids": [pipeline]},
    }
    for role in ("User", "Manager"):
        member = await client.with_role(role)
        for field, input in inputs.items():
            error = await refused(member, field, input)
            assert error == {"code": "PERMISSION_DENIED", "path": None, "permission": "MANAGE_ORGANIZATION"}


async def test_other_organizations_pipelines_are_absent(client: Client) -> None:
    there = await Client.of(client.database, await organizations.create(client.database, "Other"))
    pipeline, own = await sales(there)
    assert [found["id"] for found in await pipelines(client)] != [pipeline]
    data = await client.data(
        "query($id: ID, $ids: [ID!]!) { opportunityStatuses(pipelineId: $id) { id } nodes(ids: $ids) { id } }",
        {"id": pipeline, "ids": [pipeline, own["Won"]]},
    )
    assert data == {"opportunityStatuses": [], "nodes": [None, None]}
    for field, input in (
        ("opportunityStatusCreate", {"pipelineId": pipeline, "label": "A", "type": "WON"}),
        ("opportunityStatusDelete", {"id": own["Won"]}),
        ("pipelineDelete", {"id": pipeline}),
        ("pipelineReorder", {"ids": [pipeline]}),
    ):
        assert (await refused(client, field, input))["code"] == "NOT_FOUND"
    assert await labels(there) == {"Sales": ["Active", "Won", "Lost"]}
