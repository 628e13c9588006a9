"""The values of custom fields on new and on changed objects (rules CF2, CF13-CF22, CF27, CF29, L19, L20, L25, L26).

The caller has locked the object. Then the definitions are kept from being changed, then the contacts that are named:
who changes a definition or a contact locks it first, so no value is ever written that these do not allow.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, bindparam, exists, or_, select

from app.domain.checks import Checks
from app.domain.custom_fields import DataType, OwnerType, spoken
from app.domain.errors import Denied, ErrorCode, NotFound
from app.services.custom_value_changes import Application, Change, Field, References, look_up, of_patch, setting
from app.services.rights import may_edit_each
from app.services.work import Work
from app.storage.activities import Activity
from app.storage.contacts import Contact
from app.storage.custom_fields import CustomField, CustomFieldPlacement, CustomFieldValue
from app.storage.ids import new_id
from app.storage.opportunities import Opportunity
from app.storage.reads import table_of
from app.storage.scope import visible
from app.storage.types import Many, among

MAX_CHANGES = 1_000
MAX_GIVEN = 10_000
"""How many items all values of a mutation can have: an input may name a long list again and again by a variable."""
COLUMNS: Mapping[DataType, str] = {
    DataType.TEXT: "text",
    DataType.TEXTAREA: "text",
    DataType.NUMBER: "number",
    DataType.DATE: "date",
    DataType.DATETIME: "date_time",
    DataType.HIDDEN: "json_value",
    DataType.CHOICES: "item",
    DataType.USER: "item",
    DataType.CONTACT: "item",
}
_EMPTY: Mapping[str, None] = dict.fromkeys(
    [*COLUMNS.values(), "lead_id", "contact_id", "opportunity_id", "activity_id"]
)
_VALUES, _FIELDS = table_of(CustomFieldValue).c, table_of(CustomField).c
_PLACEMENTS = table_of(CustomFieldPlacement).c


@dataclass(frozen=True)
class Owner:
    """An object that holds values. Its contact fields take the contacts of the lead.

    A custom activity names its type, and whether it is published: only then it has to have what is required.
    """

    type: OwnerType
    id: str
    lead_id: str | None
    custom_type_id: str | None = None
    is_published: bool = False

    @property
    def target(self) -> str:
        """What the fields are placed on that it can have."""
        return self.custom_type_id or self.type.value

    @property
    def needs_required(self) -> bool:
        return self.type is not OwnerType.ACTIVITY or self.is_published

    def __str__(self) -> str:
        return spoken(self.target)


@dataclass(frozen=True)
class Patch:
    """Changes of an object's values, in order. `checks` stands where they are given; a new object has no values yet."""

    owner: Owner
    changes: Sequence[Change]
    checks: Checks
    is_new: bool = False


@dataclass
class Prepared:
    """Rows to write, once nothing stands against it, and the objects that they change."""

    gone: list[str] = field(default_factory=list)
    added: list[dict[str, Any]] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)

    async def write(self, work: Work) -> None:
        if self.gone:
            await work.session.delete(CustomFieldValue, among(_VALUES.id, self.gone))
        await work.session.insert(CustomFieldValue, *self.added)


async def check_complete(work: Work, owner: Owner, checks: Checks) -> None:
    """The object has a value of each field that objects of its kind have to have (rule CF29)."""
    for row in await work.session.rows(_MISSING, {"target": owner.target, "object_id": owner.id}):
        _require(checks, f"{row.name!r} ({row.id})")
    checks.finish()


async def forget_contacts(work: Work, ids: Sequence[str], but_on: str | None = None) -> None:
    """No value names these contacts any more, except on the lead `but_on`. Where they move to that one, each may go on
    naming itself, and names no contact of the lead that it leaves."""
    if not ids:
        return
    organization_id = work.actor.organization_id
    fields = select(_FIELDS.id).where(_FIELDS.organization_id == organization_id)
    of_contacts = _VALUES.field_id.in_(fields.where(_FIELDS.data_type == DataType.CONTACT))
    named, held = among(_VALUES.item, ids), among(_VALUES.object_id, ids)
    if but_on is None:
        await work.session.delete(CustomFieldValue, of_contacts, named)
        return
    await work.session.delete(CustomFieldValue, of_contacts, named, ~held, ~_is_on(but_on))
    await work.session.delete(CustomFieldValue, of_contacts, held, ~named)


def _is_on(lead_id: str) -> ColumnElement[bool]:
    """Whether the object that holds a value is this lead, or on it."""
    own = [_VALUES.lead_id.is_not_distinct_from(lead_id)]
    for model, link in (
        (Contact, _VALUES.contact_id),
        (Opportunity, _VALUES.opportunity_id),
        (Activity, _VALUES.activity_id),
    ):
        table = table_of(model).c
        same = table.organization_id == _VALUES.organization_id, table.id == link
        own.append(exists().where(*same, table.lead_id == lead_id))
    return or_(*own)


def created(owner: Owner, values: Sequence[Mapping[str, Any]] | None, checks: Checks) -> Patch:
    """The values of a new object; a field that is named twice is a problem (rule L19)."""
    changes = [setting(each, checks.at(i)) for i, each in enumerate(_bounded(values, checks))]
    known: set[str] = set()
    for change in changes:
        if change.field_id in known:
            change.field.invalid(f"{change.field_id} is named twice.")
        known.add(change.field_id)
    return Patch(owner, changes, checks, is_new=True)


def patched(owner: Owner, changes: Sequence[Mapping[str, Any]] | None, checks: Checks) -> Patch:
    """The changes of an object that is there."""
    return Patch(owner, [of_patch(each, checks.at(i)) for i, each in enumerate(_bounded(changes, checks))], checks)


def _bounded(entries: Sequence[Mapping[str, Any]] | None, checks: Checks) -> Sequence[Mapping[str, Any]]:
    if entries and len(entries) > MAX_CHANGES:
        checks.invalid(f"{MAX_CHANGES} custom fields can be given at most, not {len(entries)}.")
        return []
    return entries or []


async def prepare(work: Work, patches: Sequence[Patch]) -> Prepared:
    """What several patches come to, by as many statements whatever they hold. Problems go to their checks, and nothing
    may be written before these are finished."""
    if not any(patch.changes or patch.is_new for patch in patches):
        return Prepared()
    given = sum(change.size for patch in patches for change in patch.changes)
    if given > MAX_GIVEN:
        patches[0].checks.invalid(f"Custom values can have {MAX_GIVEN} items at most together, not {given}.")
        return Prepared()
    return await _Preparation(work, patches).run()


class _Preparation:
    def __init__(self, work: Work, patches: Sequence[Patch]) -> None:
        self.work, self.patches = work, patches
        self.field_ids = {change.field_id for patch in patches for change in patch.changes}
        self.definitions: Mapping[str, RowMapping] = {}
        self.fields: dict[str, dict[str, Field]] = {patch.owner.target: {} for patch in patches}
        self.required: dict[str, dict[str, str]] = {patch.owner.target: {} for patch in patches}
        self.stored: dict[tuple[str, str], list[RowMapping]] = {}
        self.prepared = Prepared()

    async def run(self) -> Prepared:
        if self.field_ids:
            self.definitions = await self.work.session.share(CustomField, self.field_ids)
        # Read after the lock: a placement that was changed while this waited for it is seen as it is.
        await self._read_places()
        found = [each for patch in self.patches for each in self._applications(patch)]
        allowed = await self._allowed(found)
        references = await look_up(self.work, allowed)
        await self._read_values()
        of_owners: dict[str, list[Application]] = {}
        for each in allowed:
            of_owners.setdefault(each.owner_id, []).append(each)
        for patch in self.patches:
            self._apply(patch, of_owners.get(patch.owner.id, []), references)
        return self.prepared

    async def _read_places(self) -> None:
        """Where the fields are that changes name, and the names of all that are required."""
        asked = {"targets": sorted(self.fields), "ids": sorted(self.field_ids)}
        for place in await self.work.session.rows(_PLACED, asked):
            if (row := self.definitions.get(place.field_id)) is not None:
                self.fields[place.target][place.field_id] = Field.of(row, place)
            if place.is_required:
                self.required[place.target][place.field_id] = place.name

    async def _read_values(self) -> None:
        old = [patch.owner.id for patch in self.patches if not patch.is_new and patch.changes]
        if not old:
            return
        order = [_VALUES.position, _VALUES.id]
        is_of = among(_VALUES.object_id, old), among(_VALUES.field_id, self.field_ids)
        for row in await self.work.session.find(CustomFieldValue, *is_of, order_by=order):
            self.stored.setdefault((row["object_id"], row["field_id"]), []).append(row)

    def _applications(self, patch: Patch) -> Iterator[Application]:
        """The changes of fields that there are on this kind of object."""
        fields = self.fields[patch.owner.target]
        for change in patch.changes:
            row, field = self.definitions.get(change.field_id), fields.get(change.field_id)
            if row is None:
                change.field.add(NotFound("custom field", change.field_id, change.field.path))
            elif field is None:
                change.field.invalid(f"The field {row['name']!r} ({row['id']}) is not one of {patch.owner}.")
            else:
                yield Application(patch.owner.id, patch.owner.lead_id, field, change)

    async def _allowed(self, found: Sequence[Application]) -> list[Application]:
        """Those that the caller's role may do: by the field, and by its place on this kind of object (rule CF27)."""
        answers = await may_edit_each(self.work, [roles for each in found for roles in each.field.role_lists])
        allowed = []
        for each, by_field, by_place in zip(found, answers[::2], answers[1::2], strict=True):
            if by_field and by_place:
                allowed.append(each)
            else:
                checks = each.change.field
                checks.add(Denied(f"Your role may not edit the field {each.field}.", path=checks.path))
        return allowed

    def _apply(self, patch: Patch, applications: Sequence[Application], references: References) -> None:
        by_field: dict[str, list[Application]] = {}
        for each in applications:
            by_field.setdefault(each.field.id, []).append(each)
        for own in by_field.values():
            self._apply_to_field(patch, own, references)
        if patch.is_new and patch.owner.needs_required:
            named = {change.field_id for change in patch.changes}
            for id, name in self.required[patch.owner.target].items():
                if id not in named:
                    _require(patch.checks, f"{name!r} ({id})")

    def _apply_to_field(self, patch: Patch, applications: Sequence[Application], references: References) -> None:
        """The changes of one field; where it has to have a value, it is not left without one (rule CF29)."""
        field, last = applications[-1].field, applications[-1].change
        rows = self.stored.get((patch.owner.id, field.id), [])
        before: Sequence[Any] = [row[COLUMNS[field.data_type]] for row in rows]
        after, problems = before, len(patch.checks.errors)
        for each in applications:
            after = each.over(after, references)
        if len(patch.checks.errors) > problems:
            return
        if not after and field.is_required and patch.owner.needs_required and (before or patch.is_new):
            _require(last.field, field)
        self._replace(patch.owner, field, rows, after)

    def _replace(self, owner: Owner, field: Field, rows: Sequence[RowMapping], after: Sequence[Any]) -> None:
        """Write what differs: rows stay where what is new follows them."""
        column = COLUMNS[field.data_type]
        old, new = ([_identity(field, value) for value in values] for values in ([r[column] for r in rows], after))
        if old == new:
            return
        staying: list[RowMapping] = []
        for row, key in zip(rows, old, strict=True):
            if new[len(staying) : len(staying) + 1] == [key]:
                staying.append(row)
        kept = {row["id"] for row in staying}
        self.prepared.gone += [row["id"] for row in rows if row["id"] not in kept]
        first = staying[-1]["position"] + 1 if staying else 0
        self.prepared.added += [
            _row(owner, field, column, value, first + i) for i, value in enumerate(after[len(staying) :])
        ]
        self.prepared.changed.add(owner.id)


def _row(owner: Owner, field: Field, column: str, value: Any, position: int) -> dict[str, Any]:
    own = {"object_id": owner.id, "owner_type": owner.type, f"{owner.type}_id": owner.id, "field_id": field.id}
    slot = value if field.is_multiple else ""
    return {**_EMPTY, **own, "id": new_id("cfva"), "slot": slot, "position": position, column: value}


def _identity(field: Field, value: Any) -> Any:
    """What tells values apart that Python takes for equal: 5.50 from 5.5, and in JSON 1 from true."""
    if field.data_type is DataType.HIDDEN:
        return json.dumps(value, sort_keys=True)
    return format(value, "f") if isinstance(value, Decimal) else value


def _require(checks: Checks, field: object) -> None:
    checks.invalid(f"The field {field} needs a value.", code=ErrorCode.REQUIRED)


_PLACED = (
    select(
        _PLACEMENTS.target,
        _PLACEMENTS.field_id,
        _PLACEMENTS.is_required,
        _PLACEMENTS.editable_with_role_ids,
        _FIELDS.name,
    )
    .join(
        table_of(CustomField),
        and_(_FIELDS.organization_id == _PLACEMENTS.organization_id, _FIELDS.id == _PLACEMENTS.field_id),
    )
    .where(visible(table_of(CustomFieldPlacement)), among(_PLACEMENTS.target, bindparam("targets", type_=Many())))
    .where(or_(_PLACEMENTS.is_required, among(_PLACEMENTS.field_id, bindparam("ids", type_=Many()))))
    .order_by(_PLACEMENTS.position, _PLACEMENTS.field_id)
)
_MISSING = (
    select(_FIELDS.id, _FIELDS.name)
    .join(
        table_of(CustomFieldPlacement),
        and_(_FIELDS.organization_id == _PLACEMENTS.organization_id, _FIELDS.id == _PLACEMENTS.field_id),
    )
    .where(visible(table_of(CustomField)), _PLACEMENTS.target == bindparam("target"), _PLACEMENTS.is_required)
    .where(
        ~exists().where(
            visible(table_of(CustomFieldValue)),
            _VALUES.object_id == bindparam("object_id"),
            _VALUES.field_id == _FIELDS.id,
        )
    )
    .order_by(_PLACEMENTS.position, _FIELDS.id)
)
