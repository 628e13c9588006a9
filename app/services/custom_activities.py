"""Activities of an organization's own types: create, update (rules CA3, CA4, CF29)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from sqlalchemy import RowMapping

from app.domain.activities import ActivityType, CustomActivityStatus
from app.domain.checks import Checks
from app.domain.custom_fields import OwnerType
from app.domain.errors import Conflict, NotFound
from app.services.custom_values import Owner, check_complete, created, patched, prepare
from app.services.records import record
from app.services.references import check_contact, check_member
from app.services.rights import activity_type
from app.services.work import Done, Work, check_version, use_case
from app.storage.activities import Activity
from app.storage.ids import new_id
from app.storage.leads import Lead


class CustomActivityFields(TypedDict, total=False):
    """A custom activity's members; in a change the ones that are there are written."""

    contact_id: str | None
    status: CustomActivityStatus | None
    date: dt.datetime | None
    custom_fields: Sequence[Mapping[str, Any]] | None


@use_case()
async def create(
    work: Work,
    *,
    lead_id: str,
    custom_type_id: str,
    status: CustomActivityStatus = CustomActivityStatus.PUBLISHED,
    contact_id: str | None = None,
    date: dt.datetime | None = None,
    user_id: str | None = None,
    custom_fields: Sequence[Mapping[str, Any]] | None = None,
) -> Done:
    """A new activity on a lead; the caller's and of this moment unless given. A draft may lack required values."""
    await work.require(Lead, lead_id, "lead", ["lead_id"])
    type_ = await activity_type(work, custom_type_id, ["custom_type_id"])
    if type_["is_archived"]:
        message = f"The type {type_['name']!r} is archived: there are no new activities of it."
        raise Conflict(message, ["custom_type_id"], conflicting_id=custom_type_id)
    checks = Checks()
    owner = _owner(new_id("acti"), lead_id, custom_type_id, status)
    values = await prepare(work, [created(owner, custom_fields, checks.at("custom_fields"))])
    if contact_id is not None:
        await check_contact(work, checks, contact_id, lead_id, "contact_id")
    if user_id is not None:
        await check_member(work, checks, user_id, "user_id")
    checks.finish()
    activity: dict[str, Any] = {"custom_type_id": custom_type_id, "status": status.value, "contact_id": contact_id}
    activity |= {"user_id": user_id or work.actor.user_id, "date": date or work.clock.now}
    await record(work, ActivityType.CUSTOM, lead_id, id=owner.id, **activity)
    await values.write(work)
    return {"custom_activity_id": owner.id}


@use_case()
async def update(work: Work, *, id: str, patch: CustomActivityFields, expected_version: int | None = None) -> Done:
    """Write the members of a patch, of activities of an archived type too.

    What becomes published has what is required; what is published may become a draft again.
    """
    row = await _require(work, id)
    check_version(row, expected_version)
    checks = Checks(["patch"])
    checks.present(patch, "status", "date")
    owner = _owner(id, row["lead_id"], row["custom_type_id"], patch.get("status") or row["status"])
    values = await prepare(work, [patched(owner, patch.get("custom_fields"), checks.at("custom_fields"))])
    if (contact_id := patch.get("contact_id")) is not None:
        await check_contact(work, checks, contact_id, row["lead_id"], "contact_id")
    checks.finish()
    await values.write(work)
    if owner.is_published and row["status"] != CustomActivityStatus.PUBLISHED:
        await check_complete(work, owner, checks.at("custom_fields"))
    own = {name: value for name, value in patch.items() if name != "custom_fields"}
    if not await work.change(Activity, row, own) and values.changed:
        await work.touch(Activity, row)
    return {"custom_activity_id": id}


async def _require(work: Work, id: str) -> RowMapping:
    """A custom activity that the caller may edit, locked."""
    row = await work.require(Activity, id, "custom activity")
    if row["type"] is not ActivityType.CUSTOM:
        raise NotFound("custom activity", id, ["id"])
    await activity_type(work, row["custom_type_id"], ["id"])
    return row


def _owner(id: str, lead_id: str | None, type_id: str, status: str) -> Owner:
    return Owner(OwnerType.ACTIVITY, id, lead_id, type_id, status == CustomActivityStatus.PUBLISHED)
