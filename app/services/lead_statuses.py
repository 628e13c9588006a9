"""Lead statuses: create, rename, reorder, delete (rules S1-S7, L16-L18)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping
from sqlmodel import col

from app.domain.access import Permission
from app.domain.checks import Checks
from app.domain.errors import Conflict, InUse
from app.domain.text import fold
from app.services.ordering import check_order, new_name, next_position, place
from app.services.work import Done, Work, use_case
from app.storage.ids import new_id
from app.storage.leads import Lead, LeadStatus


@use_case(Permission.MANAGE_ORGANIZATION)
async def create(work: Work, *, label: str) -> Done:
    """A new status at the end of the list; its label is unique, whatever its case (rule S3)."""
    statuses = await _all(work)
    label = new_name({"label": label}, "label", statuses, "a lead status")
    id = new_id("stat")
    row = {"id": id, "label": label, "label_key": fold(label), "position": next_position(statuses)}
    await work.session.insert(LeadStatus, row)
    return {"lead_status_id": id}


@use_case(Permission.MANAGE_ORGANIZATION)
async def update(work: Work, *, id: str, patch: Mapping[str, Any]) -> Done:
    """Rename a status; leads keep it, and nothing is recorded (rule S4)."""
    statuses = await _all(work)
    await work.require(LeadStatus, id, "lead status")
    checks = Checks(["patch"])
    checks.present(patch, "label")
    checks.finish()
    if "label" in patch:
        label = new_name(patch, "label", [s for s in statuses if s["id"] != id], "a lead status", ["patch"])
        await work.session.update(LeadStatus, {"label": label, "label_key": fold(label)}, col(LeadStatus.id) == id)
    return {"lead_status_id": id}


@use_case(Permission.MANAGE_ORGANIZATION)
async def delete(work: Work, *, id: str) -> Done:
    """Remove a status that no lead is in; the last one stays, for new leads need it (rules S6, S7)."""
    statuses = await _all(work)
    await work.require(LeadStatus, id, "lead status")
    used = await work.session.count(Lead, col(Lead.status_id) == id)
    if used:
        raise InUse(f"Leads in this status: {used}; move them to another one first.", used, ["id"])
    if len(statuses) == 1:
        raise Conflict("The last lead status cannot be deleted: new leads need one.", ["id"], conflicting_id=id)
    await work.session.delete(LeadStatus, col(LeadStatus.id) == id)
    await place(work, LeadStatus, [s for s in statuses if s["id"] != id])
    return {"deleted_id": id}


@use_case(Permission.MANAGE_ORGANIZATION)
async def reorder(work: Work, *, ids: Sequence[str]) -> Done:
    """Put the statuses in this order; the first one becomes the default (rule L16)."""
    statuses = {status["id"]: status for status in await _all(work)}
    check_order(ids, statuses, "lead status", ["ids"])
    await place(work, LeadStatus, [statuses[id] for id in ids])
    return {"organization_id": work.actor.organization_id}


async def _all(work: Work) -> Sequence[RowMapping]:
    """The statuses in order, kept from others who would change the list."""
    await work.session.lock_organization()
    return await work.session.in_order(LeadStatus)
