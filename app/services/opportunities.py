"""Opportunities: create, update, change status, delete (rule X4)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Row, RowMapping

from app.domain.activities import ActivityType
from app.domain.checks import MAX_TEXT, Checks
from app.domain.custom_fields import OwnerType
from app.domain.errors import Conflict, Invalid, NotFound, Path
from app.domain.opportunities import CONFIDENCE, Closing, StatusType, closing, to_cents
from app.domain.text import fold
from app.services import custom_values, formats
from app.services.custom_values import Owner
from app.services.records import record
from app.services.references import check_contact, check_member
from app.services.work import Done, Work, check_version, use_case
from app.storage import opportunities as stored
from app.storage.ids import new_id
from app.storage.leads import Lead
from app.storage.opportunities import Opportunity
from app.storage.organizations import Organization
from app.storage.reads import table_of

AS_GIVEN = ("contact_id", "user_id", "value_period", "close_date")

StatusRef = Mapping[str, str]
Stage = Row[Any]


@use_case()
async def create(work: Work, *, lead_id: str, status: StatusRef | None = None, **fields: Any) -> Done:
    """A new opportunity; the caller's, and in the first active status, unless the input says otherwise."""
    await work.require(Lead, lead_id, "lead", ["lead_id"])
    checks = Checks()
    deal = {"user_id": work.actor.user_id} | await _checked(work, checks, fields)
    id, given = new_id("oppo"), fields.get("custom_fields")
    owner = Owner(OwnerType.OPPORTUNITY, id, lead_id)
    custom = await custom_values.prepare(work, [custom_values.created(owner, given, checks.at("custom_fields"))])
    await _check_people(work, lead_id, deal, checks)
    stage = _starting(await work.session.rows(stored.stages), status, ["status"])
    row = {"id": id, "lead_id": lead_id, "status_id": stage.id, **asdict(closing(stage.type, work.clock))}
    await work.session.insert(Opportunity, row | deal | work.created())
    await custom.write(work)
    return {"opportunity_id": id}


@use_case()
async def update(work: Work, *, id: str, patch: Mapping[str, Any], expected_version: int | None = None) -> Done:
    """Write the members of a patch (rule G5); a new status is recorded as an activity."""
    row = await work.require(Opportunity, id, "opportunity")
    check_version(row, expected_version)
    checks = Checks(["patch"])
    checks.present(patch, "status", "confidence", "value_period")
    values = await _checked(work, checks, patch)
    owner, changes = Owner(OwnerType.OPPORTUNITY, id, row["lead_id"]), patch.get("custom_fields")
    custom = await custom_values.prepare(work, [custom_values.patched(owner, changes, checks.at("custom_fields"))])
    changed = {name: value for name, value in values.items() if value != row[name]}
    await _check_people(work, row["lead_id"], changed, checks)
    if "status" in patch or "date_won" in patch:
        old, new = await _stages(work, row, patch.get("status"), ["patch", "status"])
        values |= _closed(work, row, old, new, patch)
        await _record(work, row, values, old, new)
    await custom.write(work)
    if not await work.change(Opportunity, row, values) and custom.changed:
        await work.touch(Opportunity, row)
    return {"opportunity_id": id}


@use_case()
async def change_status(work: Work, *, opportunity_id: str, status: StatusRef) -> Done:
    """Move an opportunity to another status and record it; the same status again records nothing."""
    row = await work.require(Opportunity, opportunity_id, "opportunity", ["opportunity_id"])
    old, new = await _stages(work, row, status, ["status"])
    values = _closed(work, row, old, new, {})
    activity_id = await _record(work, row, values, old, new)
    await work.change(Opportunity, row, values)
    return {"opportunity_id": opportunity_id, "activity_id": activity_id}


@use_case()
async def delete(work: Work, *, id: str) -> Done:
    """Remove an opportunity; what was recorded about it stays on the lead."""
    await work.require(Opportunity, id, "opportunity")
    await work.session.delete(Opportunity, table_of(Opportunity).c.id == id)
    return {"deleted_id": id}


async def _checked(work: Work, checks: Checks, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of the members that were given."""
    values = {name: fields[name] for name in AS_GIVEN if name in fields}
    values |= checks.texts(fields, {"note": MAX_TEXT})
    if "confidence" in fields:
        values["confidence"] = confidence = fields["confidence"]
        if confidence is not None and confidence not in CONFIDENCE:
            checks.invalid(f"Confidence has to lie between 0 and 100, unlike {confidence}.", "confidence")
    if "value" in fields:
        values |= _checked_value(checks.at("value"), fields["value"] or {})
    checks.finish()
    if values.get("value_cents") is not None and values["currency"] is None:
        organization = await work.session.get(Organization, work.actor.organization_id)
        values["currency"] = organization and organization["currency"]
    return values


def _checked_value(checks: Checks, value: Mapping[str, Any]) -> dict[str, Any]:
    """An amount in hundredths and its currency, which the input may leave to the organization."""
    cents = None
    if "amount" in value:
        try:
            cents = to_cents(value["amount"])
        except ValueError as error:
            checks.invalid(f"{value['amount']} is not an amount: {error}.", "amount")
    named = value.get("currency")
    currency = formats.currency(checks, "currency", named) if named is not None else None
    return {"value_cents": cents, "currency": currency}


async def _check_people(work: Work, lead_id: str, values: Mapping[str, Any], checks: Checks) -> None:
    """The contact has to be one of the lead's, the user an active member."""
    if (contact_id := values.get("contact_id")) is not None:
        await check_contact(work, checks, contact_id, lead_id, "contact_id")
    if (user_id := values.get("user_id")) is not None:
        await check_member(work, checks, user_id, "user_id")
    checks.finish()


def _starting(stages: Sequence[Stage], ref: StatusRef | None, path: Path) -> Stage:
    """The status of a new opportunity: the one named, the first active one otherwise."""
    if ref is not None:
        return _named(stages, ref, stages[0].pipeline_id if stages else None, path)
    found = next((stage for stage in stages if stage.type is StatusType.ACTIVE), None)
    if found is None:
        raise Conflict("The organization has no active opportunity status.", path)
    return found


def _named(stages: Sequence[Stage], ref: StatusRef, pipeline_id: str | None, path: Path) -> Stage:
    """The status that a reference names: any by its id, one of the pipeline by its label."""
    if "id" in ref:
        found = next((stage for stage in stages if stage.id == ref["id"]), None)
        if found is None:
            raise NotFound("opportunity status", ref["id"], [*path, "id"])
        return found
    near = [stage for stage in stages if stage.pipeline_id == pipeline_id]
    found = next((stage for stage in near if stage.label_key == fold(ref["label"])), None)
    if found is None:
        message = f"There is no opportunity status with the label {ref['label']!r} in the pipeline."
        raise Invalid(message, [*path, "label"], accepted_values=[stage.label for stage in near])
    return found


async def _stages(work: Work, row: RowMapping, ref: StatusRef | None, path: Path) -> tuple[Stage, Stage]:
    """The status that an opportunity is in, and the one that it shall be in."""
    stages = await work.session.rows(stored.stages)
    old = next(stage for stage in stages if stage.id == row["status_id"])
    if ref is None:
        return old, old
    new = _named(stages, ref, old.pipeline_id, path)
    return old, new


def _closed(work: Work, row: RowMapping, old: Stage, new: Stage, patch: Mapping[str, Any]) -> dict[str, Any]:
    """The new status with the dates that follow from it; a day of winning that a patch names goes first."""
    if patch.get("date_won") is not None and new.type is not StatusType.WON:
        raise Invalid("Only an opportunity in a won status has a day of winning.", ["patch", "date_won"])
    named = {name: patch[name] for name in ("date_won",) if name in patch}
    if new.id == old.id:
        return named
    known = Closing(row["date_won"], row["date_lost"]) if new.type is old.type else Closing()
    return {"status_id": new.id, **asdict(closing(new.type, work.clock, replace(known, **named)))}


async def _record(work: Work, row: RowMapping, values: Mapping[str, Any], old: Stage, new: Stage) -> str | None:
    """Record a change of status, with the opportunity as it is from now on."""
    if new.id == old.id:
        return None
    deal = {**row, **values}
    return await record(
        work,
        ActivityType.OPPORTUNITY_STATUS_CHANGE,
        row["lead_id"],
        contact_id=deal["contact_id"],
        object_id=row["id"],
        old_status_id=old.id,
        old_label=old.label,
        new_status_id=new.id,
        new_label=new.label,
        details={
            "old_status_type": old.type,
            "old_pipeline_id": old.pipeline_id,
            "old_pipeline_name": old.pipeline_name,
            "new_status_type": new.type,
            "new_pipeline_id": new.pipeline_id,
            "new_pipeline_name": new.pipeline_name,
            "opportunity_value": deal["value_cents"],
            "opportunity_value_currency": deal["currency"],
            "opportunity_value_period": deal["value_period"],
            "opportunity_confidence": deal["confidence"],
            "opportunity_date_won": deal["date_won"] and deal["date_won"].isoformat(),
        },
    )
