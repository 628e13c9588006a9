"""Leads: create with contacts and addresses, update, change status, delete."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from sqlalchemy import RowMapping
from sqlmodel import col

from app.domain.access import Permission
from app.domain.activities import ActivityType
from app.domain.checks import MAX_LABEL, MAX_LINE, MAX_TEXT, Checks
from app.domain.custom_fields import OwnerType
from app.domain.errors import Conflict, ErrorCode, Invalid, NotFound, Path
from app.domain.names import lead_name, sort_name
from app.domain.text import fold
from app.services import contacts as people_at
from app.services import custom_values, formats
from app.services.custom_values import Owner
from app.services.records import record
from app.services.work import Done, Work, check_version, use_case
from app.storage.contacts import Contact
from app.storage.ids import new_id
from app.storage.leads import Lead, LeadAddress, LeadStatus

MAX_CONTACTS = 250
MAX_ADDRESSES = 100
TEXTS = {"name": MAX_LINE, "description": MAX_TEXT, "url": MAX_LINE}
ADDRESS_TEXTS = {
    "label": MAX_LABEL,
    "address_1": MAX_LINE,
    "address_2": MAX_LINE,
    "city": MAX_LABEL,
    "state": MAX_LABEL,
    "zipcode": MAX_LABEL,
}


class StatusRef(TypedDict, total=False):
    """A status by its id or by its label; exactly one of them."""

    id: str
    label: str


class LeadFields(TypedDict, total=False):
    """A lead's members; in a change the ones that are there are written."""

    name: str | None
    description: str | None
    url: str | None
    status: StatusRef | None
    addresses: Sequence[Mapping[str, str | None]] | None
    custom_fields: Sequence[Mapping[str, Any]] | None


@use_case()
async def create(work: Work, *, contacts: Sequence[Mapping[str, Any]] | None = None, **fields: Any) -> Done:
    """A new lead with its contacts, addresses and custom values, in one transaction (rules L12-L19)."""
    checks = Checks()
    lead = _checked(checks, fields)
    people = _checked_contacts(checks, contacts or ())
    if not lead.get("name") and not people:
        checks.invalid("A lead needs a name or a contact.", "name", code=ErrorCode.REQUIRED)
    id, own = new_id("lead"), fields.get("custom_fields")
    given = [custom_values.created(Owner(OwnerType.LEAD, id, id), own, checks.at("custom_fields"))]
    for i, (contact_id, contact) in enumerate(zip(people, contacts or (), strict=False)):
        given.append(people_at.new_values(contact_id, id, contact, checks.at("contacts", i)))
    values = await custom_values.prepare(work, given)
    checks.finish()
    status = _named(await _statuses(work), fields.get("status"), ["status"])
    await _insert(work, id, lead, status)
    await _replace_addresses(work, id, lead.get("addresses", []))
    await people_at.insert(work, id, people)
    await values.write(work)
    await people_at.rename_lead(work, id)
    activity_id = await record(work, ActivityType.CREATED, id, details={"origin": "api"})
    return {"lead_id": id, "activity_id": activity_id}


@use_case()
async def update(work: Work, *, id: str, patch: LeadFields, expected_version: int | None = None) -> Done:
    """Write the members of a patch (rules L23, L24); a new status is recorded as an activity."""
    row = await work.require(Lead, id, "lead")
    check_version(row, expected_version)
    checks = Checks(["patch"])
    checks.present(patch, "status")
    lead = _checked(checks, patch, required=["name"])
    owner, changes = Owner(OwnerType.LEAD, id, id), patch.get("custom_fields")
    custom = await custom_values.prepare(work, [custom_values.patched(owner, changes, checks.at("custom_fields"))])
    checks.finish()
    values = {name: lead[name] for name in TEXTS if name in lead}
    if "name" in values:
        values |= {"display_name": values["name"], "sort_name": sort_name(values["name"])}
    if patch.get("status"):
        statuses = await _statuses(work)
        status = _named(statuses, patch["status"], ["patch", "status"])
        values["status_id"] = status["id"]
        await _record_change(work, row, statuses, status)
    moved = "addresses" in lead and await _replace_addresses(work, id, lead["addresses"])
    await custom.write(work)
    if not await work.change(Lead, row, values) and (moved or custom.changed):
        await work.touch(Lead, row)
    return {"lead_id": id}


@use_case()
async def change_status(work: Work, *, lead_id: str, status: StatusRef) -> Done:
    """Move a lead to another status and record it; the same status again records nothing (rule L24)."""
    row = await work.require(Lead, lead_id, "lead", ["lead_id"])
    statuses = await _statuses(work)
    new = _named(statuses, status, ["status"])
    activity_id = await _record_change(work, row, statuses, new)
    await work.change(Lead, row, {"status_id": new["id"]})
    return {"lead_id": lead_id, "activity_id": activity_id}


@use_case(Permission.DELETE_LEADS)
async def delete(work: Work, *, id: str) -> Done:
    """Remove a lead and everything on it (rule L27)."""
    await work.require(Lead, id, "lead")
    contacts = await work.session.find(Contact, col(Contact.lead_id) == id)
    await people_at.unlink(work, [contact["id"] for contact in contacts], id)
    await work.session.delete(Lead, col(Lead.id) == id)
    return {"deleted_id": id}


async def _statuses(work: Work) -> Sequence[RowMapping]:
    """In order. They are not locked: were one deleted meanwhile, the foreign key would refuse the lead, and the work
    begin anew."""
    return await work.session.in_order(LeadStatus)


def _named(statuses: Sequence[RowMapping], ref: StatusRef | None, path: Path) -> RowMapping:
    """The status that a reference names; the first one when there is none (rules L15-L18)."""
    if ref is None:
        if not statuses:
            raise Conflict("The organization has no lead status.", path)
        return statuses[0]
    if "id" in ref:
        found = next((status for status in statuses if status["id"] == ref["id"]), None)
        if found is None:
            raise NotFound("lead status", ref["id"], [*path, "id"])
        return found
    found = next((status for status in statuses if status["label_key"] == fold(ref["label"])), None)
    if found is None:
        labels = [status["label"] for status in statuses]
        message = f"There is no lead status with the label {ref['label']!r}."
        raise Invalid(message, [*path, "label"], accepted_values=labels)
    return found


async def _record_change(
    work: Work, lead: RowMapping, statuses: Sequence[RowMapping], status: RowMapping
) -> str | None:
    if lead["status_id"] == status["id"]:
        return None
    old = next((each for each in statuses if each["id"] == lead["status_id"]), None)
    return await record(
        work,
        ActivityType.LEAD_STATUS_CHANGE,
        lead["id"],
        old_status_id=lead["status_id"],
        old_label=old["label"] if old else "",
        new_status_id=status["id"],
        new_label=status["label"],
    )


def _checked(checks: Checks, fields: Mapping[str, Any], required: Sequence[str] = ()) -> dict[str, Any]:
    """The members that were given, cleaned; problems go to `checks`."""
    lead: dict[str, Any] = dict(checks.texts(fields, TEXTS, required))
    if "addresses" in fields:
        addresses = fields["addresses"] or ()
        if len(addresses) > MAX_ADDRESSES:
            checks.invalid(f"A lead can have {MAX_ADDRESSES} addresses at most.", "addresses")
        lead["addresses"] = [_checked_address(checks.at("addresses", i), a) for i, a in enumerate(addresses)]
    return lead


def _checked_address(checks: Checks, address: Mapping[str, str | None]) -> dict[str, str | None]:
    cleaned: dict[str, str | None] = dict.fromkeys((*ADDRESS_TEXTS, "country"))
    cleaned |= checks.texts(address, ADDRESS_TEXTS)
    cleaned["country"] = formats.country(checks, "country", address.get("country"))
    return cleaned


def _checked_contacts(checks: Checks, people: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """By their new ids, in order."""
    if len(people) > MAX_CONTACTS:
        checks.invalid(f"A lead can be created with {MAX_CONTACTS} contacts at most.", "contacts")
        return {}
    return {new_id("cont"): people_at.checked(checks.at("contacts", i), contact) for i, contact in enumerate(people)}


async def _insert(work: Work, id: str, lead: Mapping[str, Any], status: RowMapping) -> None:
    shown = lead_name(lead.get("name"), ())
    row = {name: lead.get(name) for name in TEXTS}
    row |= {"id": id, "status_id": status["id"], "display_name": shown, "sort_name": sort_name(shown), "source": "api"}
    await work.session.insert(Lead, row | work.created())


async def _replace_addresses(work: Work, lead_id: str, addresses: Sequence[Mapping[str, Any]]) -> bool:
    """Write the whole list, where it differs from what is there."""
    there = await work.session.find(
        LeadAddress, col(LeadAddress.lead_id) == lead_id, order_by=[col(LeadAddress.position)]
    )
    if [{name: row[name] for name in (*ADDRESS_TEXTS, "country")} for row in there] == list(addresses):
        return False
    await work.session.delete(LeadAddress, col(LeadAddress.lead_id) == lead_id)
    rows = [{"id": f"{lead_id}.{i}", "lead_id": lead_id, "position": i, **a} for i, a in enumerate(addresses)]
    await work.session.insert(LeadAddress, *rows)
    return True
