"""One change of one custom-field value, on any kind of object that holds them (rules L25, L26)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping
from sqlmodel import SQLModel

from app.domain.activities import ActivityType, CustomActivityStatus
from app.domain.checks import Checks
from app.domain.custom_fields import OwnerType
from app.domain.errors import NotFound
from app.services.custom_value_changes import Change, adding, removing, setting, unsetting
from app.services.custom_values import Owner, Patch, prepare
from app.services.rights import activity_type
from app.services.work import Done, Work, use_case
from app.storage.activities import Activity
from app.storage.contacts import Contact
from app.storage.leads import Lead
from app.storage.opportunities import Opportunity

_WHAT = "object with custom fields"
_KINDS: Mapping[str, tuple[OwnerType, type[SQLModel]]] = {
    "lead_": (OwnerType.LEAD, Lead),
    "cont_": (OwnerType.CONTACT, Contact),
    "oppo_": (OwnerType.OPPORTUNITY, Opportunity),
    "acti_": (OwnerType.ACTIVITY, Activity),
}


@use_case()
async def set_value(work: Work, *, owner_id: str, **members: Any) -> Done:
    """Replace a value."""
    return await _change(work, owner_id, setting(members, Checks()))


@use_case()
async def unset_value(work: Work, *, owner_id: str, field_id: str) -> Done:
    """Remove a value; nothing happens where there is none (rule L25)."""
    return await _change(work, owner_id, unsetting(field_id, Checks(["field_id"])))


@use_case()
async def add_value(work: Work, *, owner_id: str, **members: Any) -> Done:
    """Add an item to a value of several; nothing happens when it is there (rule L26)."""
    return await _change(work, owner_id, adding(members, Checks()))


@use_case()
async def remove_value(work: Work, *, owner_id: str, **members: Any) -> Done:
    """Remove an item from a value of several; nothing happens when it is not there (rule L26)."""
    return await _change(work, owner_id, removing(members, Checks()))


async def _change(work: Work, owner_id: str, change: Change) -> Done:
    owner, model, row = await _owner(work, owner_id)
    prepared = await prepare(work, [Patch(owner, [change], change.field)])
    change.field.finish()
    if prepared.changed:
        await prepared.write(work)
        await work.touch(model, row)
    return {"owner_id": owner_id, "owner_type": owner.type, "field_id": change.field_id}


async def _owner(work: Work, id: str) -> tuple[Owner, type[SQLModel], RowMapping]:
    """The object, locked; of activities those of an organization's types hold values."""
    found = next((kind for prefix, kind in _KINDS.items() if id.startswith(prefix)), None)
    if found is None:
        raise NotFound(_WHAT, id, ["owner_id"])
    type_, model = found
    if type_ is OwnerType.CONTACT:
        await _lock_lead(work, id)
    row = await work.require(model, id, _WHAT, ["owner_id"])
    if type_ is not OwnerType.ACTIVITY:
        return Owner(type_, id, id if type_ is OwnerType.LEAD else row["lead_id"]), model, row
    if row["type"] is not ActivityType.CUSTOM:
        raise NotFound(_WHAT, id, ["owner_id"])
    await activity_type(work, row["custom_type_id"], ["owner_id"])
    is_published = row["status"] == CustomActivityStatus.PUBLISHED
    return Owner(type_, id, row["lead_id"], row["custom_type_id"], is_published), model, row


async def _lock_lead(work: Work, contact_id: str) -> None:
    """Before the contact, as whoever changes a contact does: two that name each other would wait for each other."""
    known = await work.session.get(Contact, contact_id)
    if known is not None:
        await work.session.lock(Lead, [known["lead_id"]])
