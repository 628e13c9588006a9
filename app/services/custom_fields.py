"""Custom fields: define, change, delete (rules CF1-CF12, CF23-CF28, L18)."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import RowMapping, func, select

from app.domain.access import Permission
from app.domain.checks import Checks
from app.domain.custom_fields import SEVERAL, DataType, Scope, check_place, check_required, checked, target_of
from app.domain.errors import Conflict, ErrorCode, InUse, Path
from app.services.custom_field_places import count_holders, find_target, placement, room
from app.services.rights import check_roles
from app.services.work import Done, Work, check_version, use_case
from app.storage.custom_fields import CustomField, CustomFieldPlacement, CustomFieldValue
from app.storage.ids import new_id
from app.storage.reads import table_of
from app.storage.scope import visible
from app.storage.types import among

_FIELDS, _PLACES, _VALUES = table_of(CustomField), table_of(CustomFieldPlacement), table_of(CustomFieldValue)
_NEVER_NULL = ("name", "choices", "accepts_multiple_values", "is_required", "editable_with_role_ids")


class Placed(NamedTuple):
    """A place of a new field: which target, where the input names it, and what is said of the field there."""

    target: str
    path: Path
    is_required: bool = False
    roles: Sequence[str] = ()


class Home(NamedTuple):
    """Where a new field is defined. Its name is unique in `key`."""

    scope: Scope
    key: str
    custom_activity_type_id: str | None
    places: Sequence[Placed]


@use_case(Permission.MANAGE_ORGANIZATION)
async def create(
    work: Work,
    *,
    scope: Mapping[str, Any],
    name: str,
    data_type: DataType,
    description: str | None = None,
    choices: Sequence[str] | None = None,
    accepts_multiple_values: bool = False,
    is_required: bool = False,
    editable_with_role_ids: Sequence[str] = (),
) -> Done:
    """A new field after the others of its kind of object, or a shared one with its first associations."""
    await work.session.lock_organization()
    checks = Checks()
    members: dict[str, Any] = {"name": name, "description": description, "choices": choices}
    columns = checked(checks, data_type, members | {"accepts_multiple_values": accepts_multiple_values})
    home = await _home(work, checks, scope, is_required)
    check_required(checks, home.scope, is_required)
    for place in home.places:
        check_place(checks, data_type, place.target, *place.path)
    roles = await check_roles(work, checks, editable_with_role_ids, "editable_with_role_ids")
    checks.finish()
    await _check_name(work, home.key, columns)
    positions = await room(work, [(place.target, place.path) for place in home.places]) if home.places else []
    id = new_id("cf")
    row: dict[str, Any] = {"id": id, "scope": home.scope, "home": home.key}
    row |= {
        "custom_activity_type_id": home.custom_activity_type_id,
        "data_type": data_type,
        "editable_with_role_ids": roles,
    }
    await work.session.insert(CustomField, row | columns | work.created())
    places = zip(home.places, positions, strict=True)
    rows = [placement(id, each.target, position, each.is_required, each.roles) for each, position in places]
    await work.session.insert(CustomFieldPlacement, *rows)
    return {"custom_field_id": id}


@use_case(Permission.MANAGE_ORGANIZATION)
async def update(work: Work, *, id: str, patch: Mapping[str, Any], expected_version: int | None = None) -> Done:
    """Write the members of a patch; no value is left outside the definition (rules CF25, CF26)."""
    await work.session.lock_organization()
    field = await work.require(CustomField, id, "custom field")
    check_version(field, expected_version)
    checks = Checks(["patch"])
    checks.present(patch, *_NEVER_NULL)
    checks.finish()
    columns = checked(checks, field["data_type"], patch)
    check_required(checks, field["scope"], patch.get("is_required", False))
    if "editable_with_role_ids" in patch:
        roles = await check_roles(work, checks, patch["editable_with_role_ids"], "editable_with_role_ids")
        columns["editable_with_role_ids"] = roles
    checks.finish()
    if columns.get("name_key", field["name_key"]) != field["name_key"]:
        await _check_name(work, field["home"], columns, ["patch"])
    await _check_choices(work, field, columns)
    await _change_several(work, field, columns)
    moved = await _change_required(work, field, patch)
    if not await work.change(CustomField, field, columns) and moved:
        await work.touch(CustomField, field)
    return {"custom_field_id": id}


@use_case(Permission.MANAGE_ORGANIZATION)
async def delete(work: Work, *, id: str) -> Done:
    """Remove a field with its values and places; how many objects had a value is told."""
    await work.session.lock_organization()
    await work.require(CustomField, id, "custom field")
    removed = await count_holders(work, _VALUES.c.field_id == id)
    await work.session.delete(CustomFieldValue, _VALUES.c.field_id == id)
    await work.session.delete(CustomField, _FIELDS.c.id == id)
    return {"deleted_id": id, "removed_value_count": removed}


async def _home(work: Work, checks: Checks, scope: Mapping[str, Any], is_required: bool) -> Home:
    """The home that the one member of a scope names, with the places there."""
    [(member, named)] = scope.items()
    if member == "shared":
        return Home(Scope.SHARED, Scope.SHARED.value, None, await _associations(work, checks, named))
    target = await find_target(work, scope, ["scope"])
    places = [Placed(target, ["scope"], is_required)]
    if member == "object":
        return Home(Scope(target), target, None, places)
    return Home(Scope.ACTIVITY, target, target, places)


async def _associations(work: Work, checks: Checks, associations: Sequence[Mapping[str, Any]]) -> list[Placed]:
    """The first places of a shared field, each on another kind of object."""
    placed: dict[str | None, Placed] = {}
    for i, association in enumerate(associations):
        inner = checks.at("scope", "shared", i)
        if target_of(**association["target"]) in placed:
            inner.invalid("A field is associated with a kind of object once.", "target")
            continue
        path = [*inner.path, "target"]
        target = await find_target(work, association["target"], path)
        roles = await check_roles(work, inner, association["editable_with_role_ids"], "editable_with_role_ids")
        placed[target] = Placed(target, path, association["is_required"], roles)
    return list(placed.values())


async def _check_name(work: Work, home: str, columns: Mapping[str, Any], path: Path = ()) -> None:
    """No other field of the same home has this name, whatever its case (rule L18)."""
    same = _FIELDS.c.home == home, _FIELDS.c.name_key == columns["name_key"]
    for other in await work.session.find(CustomField, *same):
        message = f"There is a custom field {other['name']!r} already."
        raise Conflict(message, [*path, "name"], ErrorCode.TAKEN, other["id"])


async def _check_choices(work: Work, field: RowMapping, columns: Mapping[str, Any]) -> None:
    """A choice that objects hold stays (rule CF25)."""
    gone = set(field["choices"] or ()) - set(columns.get("choices", field["choices"]) or ())
    if gone:
        used = await count_holders(work, _VALUES.c.field_id == field["id"], among(_VALUES.c.item, sorted(gone)))
        if used:
            message = f"Objects that have a choice which is left out: {used}; change their values first."
            raise InUse(message, used, ["patch", "choices"])


async def _change_several(work: Work, field: RowMapping, columns: Mapping[str, Any]) -> None:
    """Give the values their slots anew where a field begins to take several, or ends (rule CF26)."""
    several = columns.get("accepts_multiple_values", field["accepts_multiple_values"])
    if several == field["accepts_multiple_values"] or field["data_type"] not in SEVERAL:
        return
    own = _VALUES.c.field_id == field["id"]
    if not several:
        held = select(_VALUES.c.object_id).where(visible(_VALUES), own).group_by(_VALUES.c.object_id)
        crowded = held.having(func.count() > 1).subquery()
        [[used]] = await work.session.rows(select(func.count()).select_from(crowded))
        if used:
            message = f"Objects that have several values: {used}; leave each with one first."
            raise InUse(message, used, ["patch", "accepts_multiple_values"])
    await work.session.update(CustomFieldValue, {"slot": _VALUES.c.item if several else ""}, own)


async def _change_required(work: Work, field: RowMapping, patch: Mapping[str, Any]) -> bool:
    """Whether the field is required from now on and was not, or the other way round."""
    if "is_required" not in patch or field["scope"] is not Scope.ACTIVITY:
        return False
    is_required = patch["is_required"]
    other = _PLACES.c.field_id == field["id"], _PLACES.c.is_required != is_required
    return await work.session.update(CustomFieldPlacement, {"is_required": is_required}, *other) > 0
