"""The schemas of the kinds of object: all fields of each, own and shared, in order, by one statement."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson
from sqlalchemy import Select, Subquery, and_, bindparam, literal, literal_column, select, union_all

from app.domain.custom_fields import DataType, FieldObject, Scope, object_of
from app.storage.custom_fields import CustomActivityType, CustomField, CustomFieldPlacement
from app.storage.derived import plain_columns
from app.storage.reads import Measure, group, table_of
from app.storage.scope import visible
from app.storage.types import Many, Word, among

_FIELDS, _PLACES, _TYPES = table_of(CustomField), table_of(CustomFieldPlacement), table_of(CustomActivityType)


@dataclass(frozen=True)
class Entry:
    """A field's place on one kind of object. `field` is its row."""

    position: int
    field: Any

    @property
    def is_shared(self) -> bool:
        return bool(self.field.scope is Scope.SHARED)

    @property
    def is_required(self) -> bool:
        return bool(self.field.is_required_here)

    @property
    def editable_with_role_ids(self) -> list[str]:
        """The roles that the field and its association both let edit; where they have none in common, which nobody
        can edit, those of the association."""
        own, here = self.field.editable_with_role_ids, self.field.role_ids_here
        return [role for role in here if role in own] or here or own


class Schema:
    """All fields of one kind of object, of rows of the fields with what is said of them there."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self._target, self._shows_hidden = rows[0].target, rows[0].shows_hidden
        self._rows = [row for row in rows if row.id is not None]

    @property
    def object(self) -> FieldObject | None:
        return object_of(self._target)

    @property
    def custom_activity_type_id(self) -> str | None:
        return None if self.object else self._target

    @cached_property
    def entries(self) -> list[Entry]:
        """The fields in order; a hidden one has its place also where it is left out."""
        every = [Entry(position, row) for position, row in enumerate(self._rows)]
        return [each for each in every if self._shows_hidden or each.field.data_type is not DataType.HIDDEN]

    @cached_property
    def hash(self) -> str:
        """A digest of everything that a client of the schema can depend on, hidden fields too."""
        said = [[getattr(row, name) for name in _DIGESTED] for row in self._rows]
        return hashlib.sha256(orjson.dumps([self._target, said])).hexdigest()[:32]


_DIGESTED = (
    "id",
    "name",
    "description",
    "scope",
    "data_type",
    "choices",
    "accepts_multiple_values",
    "editable_with_role_ids",
    "is_required_here",
    "role_ids_here",
)


class _ByTarget(Measure):
    """Per kind of object, a name or the id of a custom activity type, its schema without hidden fields; None for an
    unknown one."""

    def statement(self, **_: Any) -> Select[Any]:
        return _BY_TARGET

    def answers(self, rows: Sequence[Any]) -> dict[str, Any]:
        return {key: Schema(own) for key, own in group(rows).items()}

    def nothing(self) -> None:
        return None


class _OfTarget(_ByTarget):
    """The same of the one target that an argument names, with hidden fields if wanted; the key is the organization."""

    def statement(self, *, target: str | None = None, include_hidden: bool = False, **_: Any) -> Select[Any]:
        targets, key = _targets(), bindparam("organization_id", type_=Word())
        return _entries(targets, key, include_hidden).where(targets.c.target == target)


def _targets() -> Subquery:
    """Every kind of object that can have fields."""
    named = [select(literal_column(f"'{each.value}'", Word()).label("target")) for each in FieldObject]
    return union_all(*named, select(_TYPES.c.id).where(visible(_TYPES))).subquery("targets")


def _by_target() -> Select[Any]:
    targets = _targets()
    wanted = among(targets.c.target, bindparam("keys", type_=Many()))
    return _entries(targets, targets.c.target, False).where(wanted)


def _entries(targets: Subquery, key: Any, include_hidden: bool) -> Select[Any]:
    """The fields of targets in order; a target without fields has one row without a field."""
    on_activities = and_(_FIELDS.c.scope == Scope.ACTIVITY, _PLACES.c.is_required)
    return (
        select(
            key.label("key_"),
            targets.c.target,
            literal(include_hidden).label("shows_hidden"),
            *plain_columns(_FIELDS),
            on_activities.label("is_required"),
            _PLACES.c.is_required.label("is_required_here"),
            _PLACES.c.editable_with_role_ids.label("role_ids_here"),
        )
        .select_from(targets)
        .outerjoin(_PLACES, and_(visible(_PLACES), _PLACES.c.target == targets.c.target))
        .outerjoin(_FIELDS, and_(visible(_FIELDS), _FIELDS.c.id == _PLACES.c.field_id))
        .order_by(targets.c.target, _PLACES.c.position, _FIELDS.c.id)
    )


_BY_TARGET = _by_target()
by_target, of_target = _ByTarget(), _OfTarget()
