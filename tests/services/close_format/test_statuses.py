"""Statuses, pipelines and users that a file names."""

from typing import Any

from app.services import organizations
from app.services.close_format import Made
from app.storage.activities import Activity
from app.storage.leads import Lead, LeadStatus
from app.storage.opportunities import Opportunity, OpportunityStatus, Pipeline
from app.storage.organizations import Role, User
from tests.services.close_format.files import Store, lead


async def labels(crm: Store) -> list[str]:
    return [row["label"] for row in sorted(await crm.rows(LeadStatus), key=lambda row: row["position"])]


def deal(id: str, **keys: Any) -> dict[str, Any]:
    return {"id": id, **keys}


async def test_new_statuses_come_at_the_end(crm: Store) -> None:
    summary = await crm.load(lead(status_id="stat_x", status_label="Lukewarm"), lead(id="lead_2", status_label="Hot"))
    assert await labels(crm) == [*organizations.LEAD_STATUSES, "Lukewarm", "Hot"]
    assert summary.made == Made(lead_statuses=("Lukewarm", "Hot"))
    assert (await crm.row(Lead, id="lead_1"))["status_id"] == "stat_x"


async def test_unused_status_takes_over_the_files_id(crm: Store) -> None:
    await crm.load(lead(status_id="stat_x", status_label=" customer"), lead(id="lead_2", status_label="CUSTOMER"))
    assert await labels(crm) == list(organizations.LEAD_STATUSES)
    assert {row["status_id"] for row in await crm.rows(Lead)} == {"stat_x"}


async def test_used_status_keeps_its_id(crm: Store) -> None:
    await crm.load(lead(status_id="stat_x", status_label="Customer"))
    change = {"_type": "LeadStatusChange", "id": "acti_1", "old_status_id": "stat_y", "new_status_id": "stat_gone"}
    await crm.load(lead(id="lead_2", status_id="stat_y", status_label="Customer", activities=[change]))
    assert await labels(crm) == list(organizations.LEAD_STATUSES)
    assert {row["status_id"] for row in await crm.rows(Lead)} == {"stat_x"}
    row = await crm.row(Activity)
    assert (row["old_status_id"], row["new_status_id"]) == ("stat_x", "stat_gone")


async def test_renamed_status_keeps_its_label(crm: Store) -> None:
    await crm.load(lead(status_id="stat_x", status_label="Lukewarm"))
    summary = await crm.load(lead(status_id="stat_x", status_label="Tepid"))
    assert (summary.unchanged, summary.made) == (1, Made())
    assert (await labels(crm))[-1] == "Lukewarm"


async def test_lead_without_status_gets_the_first(crm: Store) -> None:
    await crm.load(lead())
    assert (await crm.row(LeadStatus, id=(await crm.row(Lead))["status_id"]))["label"] == "Potential"
    async with crm.database.write(crm.actor) as session:
        await session.delete(Lead)
        await session.delete(LeadStatus)
    summary = await crm.load(lead())
    assert summary.made.lead_statuses == ("Potential",)
    assert await labels(crm) == ["Potential"]


async def test_opportunity_statuses_go_into_pipelines(crm: Store) -> None:
    renewal = {"pipeline_id": "pipe_r", "pipeline_name": "Renewals"}
    deals = [
        deal("oppo_1", status_id="stat_won", status_label="Won", status_type="won"),
        deal("oppo_2", status_id="stat_late", status_label="Late", status_type="lost", **renewal),
        deal("oppo_3", status_label="Won", status_type="won", **renewal),
        deal("oppo_4", status_label="won"),
        deal("oppo_5"),
    ]
    summary = await crm.load(lead(opportunities=deals))
    assert summary.made == Made(pipelines=("Renewals",), opportunity_statuses=("Late", "Won"))
    pipelines = {row["id"]: row["name"] for row in await crm.rows(Pipeline)}
    statuses = {row["id"]: row for row in await crm.rows(OpportunityStatus)}
    of = {row["id"]: statuses[row["status_id"]] for row in await crm.rows(Opportunity)}
    assert {id: (pipelines[row["pipeline_id"]], row["label"], row["type"].value) for id, row in of.items()} == {
        "oppo_1": ("Sales", "Won", "won"),
        "oppo_2": ("Renewals", "Late", "lost"),
        "oppo_3": ("Renewals", "Won", "won"),
        "oppo_4": ("Sales", "Won", "won"),
        "oppo_5": ("Sales", "Active", "active"),
    }
    assert of["oppo_1"]["id"] == of["oppo_4"]["id"] == "stat_won"
    assert (await crm.load(lead(opportunities=deals))).made == Made()


async def test_unused_pipeline_takes_over_the_files_id(crm: Store) -> None:
    named = {"status_id": "stat_w", "status_label": "Won", "status_type": "won", "pipeline_name": "sales"}
    await crm.load(lead(opportunities=[deal("oppo_1", pipeline_id="pipe_x", **named)]))
    assert [(row["id"], row["name"]) for row in await crm.rows(Pipeline)] == [("pipe_x", "Sales")]
    stages = {row["label"]: row["pipeline_id"] for row in await crm.rows(OpportunityStatus)}
    assert stages == {"Active": "pipe_x", "Won": "pipe_x", "Lost": "pipe_x"}
    # Now it is used, so another id for the same name means this one.
    await crm.load(lead(id="lead_2", opportunities=[deal("oppo_2", pipeline_id="pipe_y", **named)]))
    assert [row["id"] for row in await crm.rows(Pipeline)] == ["pipe_x"]
    assert {row["status_id"] for row in await crm.rows(Opportunity)} == {"stat_w"}


async def test_users_become_members_without_keys(crm: Store) -> None:
    record = lead(
        created_by="user_1",
        opportunities=[deal("oppo_1", user_id="user_2", user_name="Reed Clapper"), deal("oppo_2", user_id="no id!")],
        tasks=[{"id": "task_1", "assigned_to": "user_3", "assigned_to_name": "Ana de la Cruz"}],
    )
    summary = await crm.load(record)
    assert summary.made.users == ("user_1", "Reed Clapper", "Ana de la Cruz")
    assert summary.warnings == {"user id": 1}
    role = await crm.row(Role, name="User")
    rows = {row["id"]: row for row in await crm.rows(User)}
    assert {(row["role_id"], row["is_active"], row["email"]) for row in rows.values()} == {(role["id"], True, None)}
    assert {id: (row["display_name"], row["first_name"], row["last_name"]) for id, row in rows.items()} == {
        "user_1": ("user_1", None, None),
        "user_2": ("Reed Clapper", "Reed", "Clapper"),
        "user_3": ("Ana de la Cruz", None, None),
    }
    await crm.load(lead(created_by="user_1", created_by_name="Una", updated_by="user_2", updated_by_name="Renamed"))
    names = {row["id"]: row["display_name"] for row in await crm.rows(User)}
    assert names == {"user_1": "Una", "user_2": "Reed Clapper", "user_3": "Ana de la Cruz"}
