"""Where custom fields stand: associations of shared fields, and the order of the fields of one kind of object (rules
CF7-CF9)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, distinct, exists, func, select

from app.domain.access import Permission
from app.domain.checks import Checks
from app.domain.custom_fields import MAX_FIELDS, Scope, check_place, object_of, spoken, target_of
from app.domain.errors import Conflict, ErrorCode, Invalid, NotFound, Path
from app.services.ordering import check_named
from app.services.rights import check_roles
from app.services.work import Done, Work, use_case
from app.storage.activities import Activity
from app.storage.custom_fields import CustomActivityType, CustomField, CustomFieldPlacement, CustomFieldValue
from app.storage.reads import table_of
from app.storage.scope import visible
from app.storage.types import among

_PLACES, _VALUES, _ACTIVITIES = table_of(CustomFieldPlacement), table_of(CustomFieldValue), table_of(Activity)


@use_case(Permission.MANAGE_ORGANIZATION)
async def associate(work: Work, *, field_id: str, association: Mapping[str, Any]) -> Done:
    """Put a shared field after the other fields of one more kind of object (rules CF7, CF8)."""
    await work.session.lock_organization()
    path = ("association", "target")
    target = await find_target(work, association["target"], path)
    field = await _shared_field(work, field_id)
    if await _association(work, field_id, target):
        message = f"The field is associated with {spoken(target)} already."
        raise Conflict(message, path, ErrorCode.TAKEN, field_id)
    checks = Checks(["association"])
    check_place(checks, field["data_type"], target, "target")
    roles = await check_roles(work, checks, association["editable_with_role_ids"], "editable_with_role_ids")
    checks.finish()
    [position] = await room(work, [(target, path)])
    place = placement(field_id, target, position, association["is_required"], roles)
    await work.session.insert(CustomFieldPlacement, place)
    await work.touch(CustomField, field)
    return {"association_id": place["id"]}


@use_case(Permission.MANAGE_ORGANIZATION)
async def update_association(work: Work, *, field_id: str, target: Mapping[str, Any], patch: Mapping[str, Any]) -> Done:
    """Write the members of a patch. What is required from then on may be missing where it was before (rule CF29)."""
    field, place = await _own_association(work, field_id, target)
    checks = Checks(["patch"])
    checks.present(patch, "is_required", "editable_with_role_ids")
    checks.finish()
    values = dict(patch)
    if "editable_with_role_ids" in patch:
        roles = await check_roles(work, checks, patch["editable_with_role_ids"], "editable_with_role_ids")
        values["editable_with_role_ids"] = roles
    checks.finish()
    changed = {name: value for name, value in values.items() if place[name] != value}
    if changed:
        await work.session.update(CustomFieldPlacement, changed, _PLACES.c.id == place["id"])
        await work.touch(CustomField, field)
    return {"association_id": place["id"]}


@use_case(Permission.MANAGE_ORGANIZATION)
async def dissociate(work: Work, *, field_id: str, target: Mapping[str, Any]) -> Done:
    """Take a shared field from one kind of object; its values there go, and how many objects had some is told."""
    field, place = await _own_association(work, field_id, target)
    conditions = _VALUES.c.field_id == field_id, _held_on(place["target"])
    removed = await count_holders(work, *conditions)
    await work.session.delete(CustomFieldValue, *conditions)
    await work.session.delete(CustomFieldPlacement, _PLACES.c.id == place["id"])
    await work.touch(CustomField, field)
    return {"field_id": field_id, "removed_value_count": removed}


@use_case(Permission.MANAGE_ORGANIZATION)
async def reorder(work: Work, *, target: Mapping[str, Any], field_ids: Sequence[str]) -> Done:
    """Put the fields of a kind of object in this order; those that are not named keep theirs at the end (rule CF9)."""
    await work.session.lock_organization()
    placed = await find_target(work, target, ["target"])
    order = [_PLACES.c.position, _PLACES.c.field_id]
    found = await work.session.find(CustomFieldPlacement, _PLACES.c.target == placed, order_by=order)
    places = {place["field_id"]: place for place in found}
    check_named(field_ids, places, f"custom field on {spoken(placed)} with the ID", ["field_ids"])
    rows = [places[id] for id in dict.fromkeys([*field_ids, *places])]
    moved = [{"id": row["id"], "position": i} for i, row in enumerate(rows) if row["position"] != i]
    await work.session.update_each(CustomFieldPlacement, moved)
    return {"target": placed}


async def find_target(work: Work, named: Mapping[str, Any], path: Path) -> str:
    """The target that the one member names, its object or its custom_activity_type_id; a type is kept from being
    deleted meanwhile."""
    id = named.get("custom_activity_type_id")
    target = target_of(**named)
    if target is None:
        raise NotFound("custom activity type", str(id), [*path, "custom_activity_type_id"])
    if id is not None:
        await work.require(CustomActivityType, id, "custom activity type", [*path, "custom_activity_type_id"])
    return target


async def room(work: Work, targets: Sequence[tuple[str, Path]]) -> list[int]:
    """The position after the fields of each target; Conflict, at the target's path, where there is no room for one
    more."""
    wanted = visible(_PLACES), among(_PLACES.c.target, [target for target, _ in targets])
    counted = select(_PLACES.c.target, func.count(), func.max(_PLACES.c.position)).where(*wanted)
    found = {row[0]: row for row in await work.session.rows(counted.group_by(_PLACES.c.target))}
    for target, path in targets:
        if target in found and found[target][1] >= MAX_FIELDS:
            raise Conflict(f"There can be {MAX_FIELDS} custom fields at most on {spoken(target)}.", path)
    return [found[target][2] + 1 if target in found else 0 for target, _ in targets]


def placement(
    field_id: str, target: str, position: int, is_required: bool = False, roles: Sequence[str] = ()
) -> dict[str, Any]:
    """The row of a field's place; its id follows from what it places."""
    return {
        "id": f"{field_id}.{target}",
        "target": target,
        "field_id": field_id,
        "position": position,
        "is_required": is_required,
        "editable_with_role_ids": list(roles),
    }


async def count_holders(work: Work, *conditions: Any) -> int:
    """How many objects have values that meet the conditions."""
    counted = select(func.count(distinct(_VALUES.c.object_id))).where(visible(_VALUES), *conditions)
    [[count]] = await work.session.rows(counted)
    return int(count)


async def _shared_field(work: Work, id: str) -> RowMapping:
    field = await work.require(CustomField, id, "custom field", ["field_id"])
    if field["scope"] is not Scope.SHARED:
        raise Invalid("Only a shared field has associations.", ["field_id"])
    return field


async def _association(work: Work, field_id: str, target: str | None) -> RowMapping | None:
    found = await work.session.find(CustomFieldPlacement, _PLACES.c.field_id == field_id, _PLACES.c.target == target)
    return next(iter(found), None)


async def _own_association(work: Work, field_id: str, target: Mapping[str, Any]) -> tuple[RowMapping, RowMapping]:
    """A shared field, locked, and its place on a kind of object."""
    await work.session.lock_organization()
    field = await _shared_field(work, field_id)
    [(member, named)] = target.items()
    place = await _association(work, field_id, target_of(**target))
    if place is None:
        raise NotFound("association of this field with", str(named), ["target", member])
    return field, place


def _held_on(target: str) -> Any:
    """The values that objects of this kind hold."""
    if object_of(target) is not None:
        return _VALUES.c.owner_type == target
    same = _ACTIVITIES.c.organization_id == _VALUES.c.organization_id, _ACTIVITIES.c.id == _VALUES.c.activity_id
    return exists().where(*same, _ACTIVITIES.c.custom_type_id == target)
