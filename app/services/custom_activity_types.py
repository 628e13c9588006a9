"""Custom activity types: create, update, archive, delete (rules CA1, L18)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping

from app.domain.access import Permission
from app.domain.checks import MAX_LINE, Checks
from app.domain.errors import InUse
from app.domain.text import fold
from app.services.ordering import new_name
from app.services.rights import check_roles
from app.services.work import Done, Work, check_version, use_case
from app.storage.activities import Activity
from app.storage.custom_fields import CustomActivityType, CustomField, CustomFieldPlacement
from app.storage.ids import new_id
from app.storage.reads import table_of

AS_GIVEN = ("is_archived", "api_create_only")


@use_case(Permission.MANAGE_ORGANIZATION)
async def create(work: Work, *, name: str, **fields: Any) -> Done:
    """A new type without fields; its name is unique, whatever its case (rule L18)."""
    others = await _all(work)
    values = _named({"name": name}, others) | await _checked(work, Checks(), fields)
    id = new_id("actitype")
    await work.session.insert(CustomActivityType, {"id": id} | values | work.created())
    return {"custom_activity_type_id": id}


@use_case(Permission.MANAGE_ORGANIZATION)
async def update(work: Work, *, id: str, patch: Mapping[str, Any], expected_version: int | None = None) -> Done:
    """Write the members of a patch. There are no new activities of an archived type; those that are there stay."""
    others = [other for other in await _all(work) if other["id"] != id]
    row = await work.require(CustomActivityType, id, "custom activity type")
    check_version(row, expected_version)
    checks = Checks(["patch"])
    checks.present(patch, "name", "is_archived", "api_create_only", "editable_with_role_ids")
    values = await _checked(work, checks, patch)
    if "name" in patch:
        values |= _named(patch, others, ["patch"])
    await work.change(CustomActivityType, row, values)
    return {"custom_activity_type_id": id}


@use_case(Permission.MANAGE_ORGANIZATION)
async def delete(work: Work, *, id: str) -> Done:
    """Remove a type without activities; its own fields go with it, shared ones lose their place on it."""
    await work.session.lock_organization()
    await work.require(CustomActivityType, id, "custom activity type")
    used = await work.session.count(Activity, table_of(Activity).c.custom_type_id == id)
    if used:
        raise InUse(f"Activities of this type: {used}; delete them first, or archive the type.", used, ["id"])
    await work.session.delete(CustomField, table_of(CustomField).c.custom_activity_type_id == id)
    await work.session.delete(CustomFieldPlacement, table_of(CustomFieldPlacement).c.target == id)
    await work.session.delete(CustomActivityType, table_of(CustomActivityType).c.id == id)
    return {"deleted_id": id}


async def _all(work: Work) -> Sequence[RowMapping]:
    """The types, kept from others who would change the list."""
    await work.session.lock_organization()
    return await work.session.find(CustomActivityType)


def _named(members: Mapping[str, Any], others: Sequence[RowMapping], path: Sequence[str] = ()) -> dict[str, str]:
    name = new_name(members, "name", others, "a custom activity type", path)
    return {"name": name, "name_key": fold(name)}


async def _checked(work: Work, checks: Checks, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of the members that were given, but for the name."""
    values: dict[str, Any] = {name: fields[name] for name in AS_GIVEN if name in fields}
    values |= checks.texts(fields, {"description": MAX_LINE})
    if fields.get("editable_with_role_ids") is not None:
        ids = fields["editable_with_role_ids"]
        values["editable_with_role_ids"] = await check_roles(work, checks, ids, "editable_with_role_ids")
    checks.finish()
    return values
