"""Definitions of custom fields, as the REST API lists them: read from a record, before anything is looked up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.custom_fields import DataType, FieldObject, Scope
from app.services.close_format.custom_keys import FIELD_ID
from app.services.close_format.faults import Refused
from app.services.close_format.keys import AUDIT, AUDIT_DERIVED, Key, Layout
from app.services.close_format.kinds import Row
from app.services.close_format.summary import Tally
from app.services.close_format.values import flag, identifier, one_of, text

ROLES, ASSOCIATIONS, REQUIRED = "editable_with_roles", "associations", "required"
TYPE_ID = "custom_activity_type_id"
_KINDS = ("object_type", "_type")
_MEMBERS = ("name", "description", "choices", "accepts_multiple_values")
_TYPES = one_of({data_type.value: data_type for data_type in DataType})
_SCOPES = one_of(
    {scope.value: scope for scope in Scope} | dict.fromkeys(("custom_activity", "custom_activity_type"), Scope.ACTIVITY)
)


def _name(value: Any) -> str | None:
    name = text(value)
    return name and name.strip()


def _choices(value: Any) -> list[str] | None:
    """Fields of other types may list no choices either."""
    if value is None or value == []:
        return None
    if not isinstance(value, list) or not all(isinstance(choice, str) for choice in value):
        raise ValueError("is not a list of texts")
    return value


LAYOUT = Layout(
    Key("name", read=_name),
    Key("description"),
    Key("choices", read=_choices),
    Key("accepts_multiple_values", read=flag),
    *AUDIT,
    derived=(
        "id", "type", "is_shared", TYPE_ID, ROLES, ASSOCIATIONS, REQUIRED, *_KINDS, *AUDIT_DERIVED,
        "referenced_custom_type_id", "back_reference_is_visible",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Association:
    """Where a field is put: `target` as use cases name it, and the `path` of it in the record, which is empty for the
    only place of a regular field. The roles are those of a shared field there."""

    path: str
    target: Mapping[str, Any]
    is_required: bool = False
    roles: Any = None


@dataclass(frozen=True)
class Definition:
    """A custom field as a record tells it. `members` are what domain rules judge, `audit` dates and users."""

    id: str
    scope: Scope
    data_type: DataType
    members: Row
    audit: Row
    roles: Any
    associations: list[Association]

    @property
    def type_id(self) -> str | None:
        """The custom activity type of a field that is defined on one."""
        return str(self.associations[0].target[TYPE_ID]) if self.scope is Scope.ACTIVITY else None

    @property
    def home(self) -> str:
        """What the name is unique in."""
        return self.type_id or self.scope.value


def read(record: Any, on: Scope, tally: Tally) -> Definition:
    """The definition of a record, which stands on `on` unless it says itself where; Refused where it is none."""
    if not isinstance(record, dict):
        raise Refused("", "the record is not an object")
    id, data_type, scope = _id(record), _data_type(record), _scope(record, on)
    columns = LAYOUT.read(record, "", "", tally).row
    members = {name: columns[name] for name in _MEMBERS if name in columns}
    audit = {name: value for name, value in columns.items() if name not in _MEMBERS}
    return Definition(id, scope, data_type, members, audit, record.get(ROLES), list(_associations(record, scope, on)))


def _id(record: Mapping[str, Any]) -> str:
    id = record.get("id")
    if not isinstance(id, str) or not FIELD_ID.fullmatch(id):
        raise Refused("id", "is not the id of a custom field, which begins with cf_ or lcf_")
    return id


def _data_type(record: Mapping[str, Any]) -> DataType:
    found = _read(_TYPES, record, "type")
    if found is None:
        raise Refused("type", "is missing")
    return DataType(found)


def _scope(record: Mapping[str, Any], on: Scope) -> Scope:
    shared, associations = record.get("is_shared"), record.get(ASSOCIATIONS)
    if shared is True or associations or (associations is not None and shared is not False):
        return Scope.SHARED
    return _place(record, on)


def _place(record: Mapping[str, Any], on: Scope) -> Scope:
    """The kind of object that a record says it stands on."""
    if record.get(TYPE_ID) is not None:
        return Scope.ACTIVITY
    named = (_read(_SCOPES, {key: _last_word(record.get(key))}, key) for key in _KINDS)
    return next((Scope(scope) for scope in named if scope is not None), on)


def _last_word(value: Any) -> Any:
    """Events name the objects of the API in full, such as `custom_fields.lead`."""
    return value.rpartition(".")[2] if isinstance(value, str) else value


def _associations(record: Mapping[str, Any], scope: Scope, on: Scope) -> Iterable[Association]:
    is_required = bool(_read(flag, record, REQUIRED))
    if scope is Scope.ACTIVITY:
        yield Association("", {TYPE_ID: _type_id(record, "")}, is_required)
    elif scope is not Scope.SHARED:
        yield Association("", {"object": FieldObject(scope.value)}, is_required)
    elif record.get(ASSOCIATIONS) is None:  # as the fields of one kind of object are listed
        place = _place(record, on)
        if place is not Scope.SHARED and (place is not Scope.ACTIVITY or record.get(TYPE_ID) is not None):
            yield from _associations(record, place, on)
    else:
        yield from _listed(record[ASSOCIATIONS])


def _listed(associations: Any) -> Iterable[Association]:
    if not isinstance(associations, list):
        raise Refused(ASSOCIATIONS, "is not a list")
    for i, association in enumerate(associations):
        path = f"{ASSOCIATIONS}.{i}"
        if not isinstance(association, dict):
            raise Refused(path, "is not an object")
        scope = _read(_SCOPES, association, "object_type", path)
        is_required = bool(_read(flag, association, REQUIRED, path))
        if scope is Scope.ACTIVITY:
            target: Mapping[str, Any] = {TYPE_ID: _type_id(association, path)}
        elif scope is None or scope is Scope.SHARED:
            raise Refused(f"{path}.object_type", "names no kind of object")
        else:
            target = {"object": FieldObject(scope.value)}
        yield Association(path, target, is_required, association.get(ROLES))


def _type_id(record: Mapping[str, Any], path: str) -> str:
    id = _read(identifier, record, TYPE_ID, path)
    if id is None:
        raise Refused(f"{path}.{TYPE_ID}".lstrip("."), "is missing")
    return str(id)


def _read(read: Any, record: Mapping[str, Any], key: str, path: str = "") -> Any:
    try:
        return read(record.get(key))
    except ValueError as error:
        raise Refused(f"{path}.{key}".lstrip("."), str(error)) from error
