"""Contacts: create, update, delete; and the names that depend on them."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from sqlalchemy import RowMapping
from sqlmodel import SQLModel, col

from app.domain.checks import MAX_LABEL, MAX_LINE, Checks
from app.domain.custom_fields import OwnerType
from app.domain.names import contact_name, lead_name, sort_name
from app.services import custom_values, formats
from app.services.custom_values import Owner
from app.services.work import Done, Work, check_version, use_case
from app.storage.activities import Activity
from app.storage.contacts import Contact, ContactEmail, ContactPhone, ContactUrl
from app.storage.ids import new_id
from app.storage.leads import Lead
from app.storage.opportunities import Opportunity
from app.storage.reads import table_of
from app.storage.tasks import Task
from app.storage.types import among

MAX_DETAILS = 100


class ContactFields(TypedDict, total=False):
    """A contact's members; in a change the ones that are there are written."""

    lead_id: str | None
    name: str | None
    title: str | None
    emails: Sequence[Mapping[str, str]] | None
    phones: Sequence[Mapping[str, str]] | None
    urls: Sequence[Mapping[str, str]] | None
    custom_fields: Sequence[Mapping[str, Any]] | None


@use_case()
async def create(work: Work, *, lead_id: str, **fields: Any) -> Done:
    """A new contact on a lead."""
    await work.require(Lead, lead_id, "lead", ["lead_id"])
    checks = Checks()
    contact, id = checked(checks, fields), new_id("cont")
    custom = await custom_values.prepare(work, [new_values(id, lead_id, fields, checks)])
    checks.finish()
    await insert(work, lead_id, {id: contact})
    await custom.write(work)
    await rename_lead(work, lead_id)
    return {"contact_id": id}


@use_case()
async def update(work: Work, *, id: str, patch: ContactFields, expected_version: int | None = None) -> Done:
    """Write the members of a patch; lists are replaced whole."""
    row = await _require(work, id, patch.get("lead_id"))
    check_version(row, expected_version)
    checks = Checks(["patch"])
    checks.present(patch, "lead_id")
    contact = checked(checks, patch)
    checks.finish()
    lead_id = patch.get("lead_id") or row["lead_id"]
    if lead_id != row["lead_id"]:
        await work.require(Lead, lead_id, "lead", ["patch", "lead_id"])
        await unlink(work, [id], lead_id)
    owner, changes = Owner(OwnerType.CONTACT, id, lead_id), patch.get("custom_fields")
    custom = await custom_values.prepare(work, [custom_values.patched(owner, changes, checks.at("custom_fields"))])
    checks.finish()
    await custom.write(work)
    replaced = await _replace_details(work, id, contact)
    values = {name: contact[name] for name in ("name", "title") if name in contact} | {"lead_id": lead_id}
    shown = await _display_name(work, id, values.get("name", row["name"]))
    values |= {"display_name": shown, "sort_name": sort_name(shown)}
    if not await work.change(Contact, row, values) and (replaced or custom.changed):
        await work.touch(Contact, row)
    for lead in {lead_id, row["lead_id"]}:
        await rename_lead(work, lead)
    return {"contact_id": id}


@use_case()
async def delete(work: Work, *, id: str) -> Done:
    """Remove a contact; what happened with the contact stays on the lead."""
    row = await _require(work, id)
    await unlink(work, [id])
    await work.session.delete(Contact, col(Contact.id) == id)
    await rename_lead(work, row["lead_id"])
    return {"deleted_id": id}


async def unlink(work: Work, ids: Sequence[str], but_on: str | None = None) -> None:
    """What happened with these contacts is no longer linked to them, except on the lead `but_on` (rule A11)."""
    for model in (Opportunity, Task, Activity):
        table = table_of(model).c
        elsewhere = [table.lead_id.is_distinct_from(but_on)] if but_on is not None else []
        await work.session.update(model, {"contact_id": None}, among(table.contact_id, ids), *elsewhere)
    await custom_values.forget_contacts(work, ids, but_on)


async def _require(work: Work, id: str, target: str | None = None) -> RowMapping:
    """The contact, locked after its lead and the one that it moves to: their names may depend on it."""
    known = await work.session.get(Contact, id)
    leads = [lead for lead in (known and known["lead_id"], target) if lead]
    await work.session.lock(Lead, leads)
    return await work.require(Contact, id, "contact")


def checked(checks: Checks, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The members that were given, cleaned; problems go to `checks`."""
    contact: dict[str, Any] = dict(checks.texts(fields, {"name": MAX_LINE, "title": MAX_LINE}))
    for name, member, check in _DETAILS:
        if name in fields:
            contact[name] = _checked_details(checks.at(name), fields[name] or (), member, check)
    return contact


def new_values(id: str, lead_id: str, fields: Mapping[str, Any], checks: Checks) -> custom_values.Patch:
    """The custom values that a new contact is to have."""
    owner = Owner(OwnerType.CONTACT, id, lead_id)
    return custom_values.created(owner, fields.get("custom_fields"), checks.at("custom_fields"))


async def insert(work: Work, lead_id: str, contacts: Mapping[str, Mapping[str, Any]]) -> None:
    """Write checked contacts, by their new ids, a statement per table whatever their number."""
    rows = []
    for id, contact in contacts.items():
        emails, phones = contact.get("emails", ()), contact.get("phones", ())
        shown = contact_name(contact.get("name"), (e["email"] for e in emails), (p["phone"] for p in phones))
        own = {"id": id, "lead_id": lead_id, "name": contact.get("name"), "title": contact.get("title")}
        rows.append(own | {"display_name": shown, "sort_name": sort_name(shown)} | work.created())
    await work.session.insert(Contact, *rows)
    for name, model in _DETAIL_TABLES.items():
        details = [row for id, contact in contacts.items() for row in _detail_rows(id, contact.get(name, ()))]
        await work.session.insert(model, *details)


async def rename_lead(work: Work, lead_id: str) -> None:
    """Keep the display name of a lead without a name equal to its first contact's."""
    lead = await work.session.get(Lead, lead_id)
    if lead is None or lead["name"] is not None:
        return
    contacts = await work.session.find(
        Contact, col(Contact.lead_id) == lead_id, order_by=[col(Contact.date_created), col(Contact.id)]
    )
    shown = lead_name(None, (contact["display_name"] for contact in contacts))
    if shown != lead["display_name"]:
        names = {"display_name": shown, "sort_name": sort_name(shown)}
        await work.session.update(Lead, names, col(Lead.id) == lead_id)


def _checked_details(checks: Checks, items: Sequence[Mapping[str, str]], member: str, check: Any) -> list[Any]:
    if len(items) > MAX_DETAILS:
        checks.invalid(f"A contact can have {MAX_DETAILS} of these at most, not {len(items)}.")
        return []
    return [
        {
            "type": checks.at(i).text(item, "type", MAX_LABEL, required=True),
            member: check(checks.at(i), member, item[member]),
        }
        for i, item in enumerate(items)
    ]


async def _replace_details(work: Work, id: str, contact: Mapping[str, Any]) -> bool:
    """Write the lists that were given, where they differ from what is there."""
    changed = False
    for name, model in _DETAIL_TABLES.items():
        if name not in contact:
            continue
        there = await _details(work, model, id)
        wanted = contact[name]
        if [{key: row[key] for key in item} for row, item in zip(there, wanted, strict=False)] == wanted and len(
            there
        ) == len(wanted):
            continue
        await work.session.delete(model, col(model.contact_id) == id)
        await work.session.insert(model, *_detail_rows(id, wanted))
        changed = True
    return changed


def _detail_rows(id: str, items: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": f"{id}.{i}", "contact_id": id, "position": i, **item} for i, item in enumerate(items)]


async def _details(work: Work, model: type[SQLModel], id: str) -> Sequence[RowMapping]:
    table: Any = model
    return await work.session.find(model, col(table.contact_id) == id, order_by=[col(table.position)])


async def _display_name(work: Work, id: str, name: str | None) -> str:
    if name is not None:
        return name
    emails, phones = await _details(work, ContactEmail, id), await _details(work, ContactPhone, id)
    return contact_name(None, (row["email"] for row in emails), (row["phone"] for row in phones))


def _url(checks: Checks, name: str, text: str) -> str:
    return checks.text({name: text}, name, required=True) or ""


_DETAILS = (("emails", "email", formats.email), ("phones", "phone", formats.phone), ("urls", "url", _url))
_DETAIL_TABLES: dict[str, type[ContactEmail] | type[ContactPhone] | type[ContactUrl]] = {
    "emails": ContactEmail,
    "phones": ContactPhone,
    "urls": ContactUrl,
}
