"""Lead statuses, the way of a lead through them, and how the lead came into the CRM."""

from datetime import datetime
from itertools import pairwise

from app.demo.days import text
from app.demo.ids import made
from app.demo.packing import Agent
from app.demo.scene import Record, Scene

WAYS = {
    "Potential": ("Potential",),
    "Interested": ("Potential", "Interested"),
    "Qualified": ("Potential", "Interested", "Qualified"),
    "Customer": ("Potential", "Qualified", "Customer"),
    "Former Customer": ("Potential", "Qualified", "Customer", "Former Customer"),
    "Bad Fit": ("Potential", "Bad Fit"),
}
SOURCES = {"web_form": 3, "import": 3, "trade_fair": 2, "referral": 2, "api": 1}


def status_ids(known: dict[str, str]) -> dict[str, str]:
    """The id of each status: the data set's own, and made ones for the statuses that it lacks."""
    return {label: known.get(label) or made("stat", label) for label in WAYS}


def add_created(scene: Scene) -> str:
    """How the lead came in."""
    source = scene.dice.weighted(SOURCES)
    scene.activity("Created", scene.created, scene.team[0], source=source, import_id=None)
    return source


def add_changes(scene: Scene, status: str, ids: dict[str, str], bought: datetime | None) -> datetime:
    """The lead's way to its status, and the moment at which it got there; a customer since it first bought."""
    way = WAYS[status]
    moment = scene.created
    for old, new in pairwise(way):
        moment = _next(scene, moment, new, bought)
        agent = scene.agent()
        scene.activity("LeadStatusChange", moment, agent, **_labels(old, new, ids))
    return moment


def _next(scene: Scene, moment: datetime, status: str, bought: datetime | None) -> datetime:
    if status == "Customer" and bought:
        return bought
    if status == "Former Customer":
        return scene.line.recent(30)
    end = bought or scene.line.midnight
    return scene.line.between(moment, moment + (end - moment) / 2)


def _labels(old: str, new: str, ids: dict[str, str]) -> Record:
    return {
        "old_status_id": ids[old],
        "old_status_label": old,
        "new_status_id": ids[new],
        "new_status_label": new,
    }


def shown(status: str, ids: dict[str, str]) -> Record:
    return {"status_id": ids[status], "status_label": status}


def merge(scene: Scene, source_name: str, moment: datetime, agent: Agent) -> None:
    """Another lead was merged into this one."""
    scene.activity(
        "LeadMerge",
        moment,
        agent,
        source_lead_id=made("lead", scene.id, source_name),
        source_display_name=source_name,
        destination_lead_id=scene.id,
        destination_display_name=scene.name,
        merge_status="completed",
        date_updated=text(moment),
    )
