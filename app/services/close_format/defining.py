"""Writes the custom fields that a file defines, by the rules that hold for those that people define."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.checks import Checks
from app.domain.custom_fields import Scope, check_place, check_required, checked, target_of
from app.domain.errors import DomainError, Problems
from app.services import custom_field_places, custom_fields
from app.services.close_format.definitions import REQUIRED, ROLES, Association, Definition
from app.services.close_format.faults import Refused
from app.services.close_format.kinds import Rejection, Row
from app.services.close_format.records import Found
from app.services.work import Work
from app.storage.custom_fields import CustomField, CustomFieldPlacement


@dataclass(frozen=True)
class FieldOutcome:
    """What became of one record, by the names of `Counts`; `reasons` say why it, or parts of it, were kept out."""

    index: int
    id: str
    name: str
    outcome: str
    reasons: Sequence[str]


class Defining:
    """One import into an organization with these fields by id, places of fields on targets, and roles."""

    def __init__(
        self,
        work: Work,
        known: Mapping[str, Mapping[Any, Any]],
        placed: Collection[tuple[str, str]],
        roles: Collection[str],
    ) -> None:
        self.outcomes: list[FieldOutcome] = []
        self.rejections: list[Rejection] = []
        self._work, self._known, self._placed, self._roles = work, dict(known), set(placed), roles

    async def take(self, record: Found, read: Definition | Refused) -> None:
        """Make or change the field of a record, or reject it."""
        before = len(self.rejections)
        try:
            if isinstance(read, Refused):
                raise read
            row = self._known.get(read.id)
            outcome = await (self._create(record, read) if row is None else self._update(record, read, row))
        except (Refused, DomainError, Problems) as error:
            outcome = "rejected"
            self._keep_out(record, error)
        reasons = [f"{each.path}: {each.reason}".lstrip(": ") for each in self.rejections[before:]]
        told = record.value if isinstance(record.value, dict) else {}
        id, name = (str(told.get(key) or "")[:100] for key in ("id", "name"))
        self.outcomes.append(FieldOutcome(record.index, id, name, outcome, reasons))

    async def _create(self, record: Found, definition: Definition) -> str:
        checks = Checks()
        members = {"name": None, "choices": None, **definition.members}
        columns = checked(checks, definition.data_type, members)
        checks.finish()
        self._check_name(definition, columns)
        places = await self._new_places(record, definition)
        row: Row = {
            "id": definition.id,
            "scope": definition.scope,
            "custom_activity_type_id": definition.type_id,
            "home": definition.home,
            "description": None,
            "data_type": definition.data_type,
            "accepts_multiple_values": False,
            "editable_with_role_ids": self._known_roles(record, definition.roles, ROLES),
        }
        row |= columns | self._audit(definition, record.index)
        await self._work.session.insert(CustomField, row)
        await self._work.session.insert(CustomFieldPlacement, *places)
        self._known[definition.id] = row
        self._placed |= {(definition.id, place["target"]) for place in places}
        return "created"

    async def _update(self, record: Found, definition: Definition, row: Mapping[Any, Any]) -> str:
        """Bring a field up to date where nothing is lost by it."""
        if row["home"] != definition.home:
            raise Refused("", f"{definition.id} is a field of {row['home']} in the organization")
        if row["data_type"] is not definition.data_type:
            raise Refused("type", f"is {row['data_type'].value} in the organization, and a field's type stays")
        patch = _additions(row, definition.members)
        if patch:
            await custom_fields.update.run(self._work, id=definition.id, patch=patch)
            self._known[definition.id] = await self._work.require(CustomField, definition.id, "custom field")
        added = [await self._associate(record, definition, one) for one in definition.associations]
        return "updated" if patch or any(added) else "unchanged"

    def _check_name(self, definition: Definition, columns: Mapping[str, Any]) -> None:
        """No other field of the same home has this name, whatever its case (rule L18)."""
        for id, other in self._known.items():
            if (other["home"], other["name_key"]) == (definition.home, columns["name_key"]):
                raise Refused("name", f"is that of {id} in the organization")

    async def _new_places(self, record: Found, definition: Definition) -> list[Row]:
        """The rows of a new field's places. A regular field that cannot be put in its place is refused; of a shared
        field that place is left out."""
        places = []
        for association in definition.associations:
            try:
                target = await self._target(definition, association)
                [position] = await custom_field_places.room(self._work, [(target, [])])
            except (DomainError, Problems) as error:
                if definition.scope is not Scope.SHARED:
                    raise
                self._keep_out(record, error, association.path)
                continue
            is_required = self._is_required(record, definition, association)
            roles = self._known_roles(record, association.roles, f"{association.path}.{ROLES}")
            places.append(custom_field_places.placement(definition.id, target, position, is_required, roles))
        return list({place["target"]: place for place in places}.values())

    async def _associate(self, record: Found, definition: Definition, association: Association) -> bool:
        """Put a field that is there already on one more kind of object; whether it was not there."""
        if (definition.id, target_of(**association.target)) in self._placed:
            return False
        try:
            target = await self._target(definition, association)
            roles = self._known_roles(record, association.roles, f"{association.path}.{ROLES}")
            given = {"target": association.target, "is_required": association.is_required}
            given["editable_with_role_ids"] = roles
            await custom_field_places.associate.run(self._work, field_id=definition.id, association=given)
        except (DomainError, Problems) as error:
            self._keep_out(record, error, association.path)
            return False
        self._placed.add((definition.id, target))
        return True

    async def _target(self, definition: Definition, association: Association) -> str:
        target = await custom_field_places.find_target(self._work, association.target, [])
        checks = Checks()
        check_place(checks, definition.data_type, target, "type")
        checks.finish()
        return target

    def _is_required(self, record: Found, definition: Definition, association: Association) -> bool:
        """What a record says, where the rules allow it."""
        checks = Checks()
        if definition.scope is not Scope.SHARED:
            check_required(checks, definition.scope, association.is_required)
        for error in checks.errors:
            self.rejections.append(Rejection(record.index, REQUIRED, error.message, record.value))
        return association.is_required and not checks.errors

    def _known_roles(self, record: Found, roles: Any, path: str) -> list[str]:
        """The roles of a list that the organization has."""
        named = roles if isinstance(roles, list) else [] if roles is None else [roles]
        known = [role for role in dict.fromkeys(map(str, named)) if role in self._roles]
        for i, role in enumerate(named):
            if role not in known:
                alone = "" if known else "; no role is left, so that everyone may edit the values"
                reason = f"there is no role {role} in the organization{alone}"
                self.rejections.append(Rejection(record.index, f"{path}.{i}", reason, record.value))
        return known

    def _audit(self, definition: Definition, index: int) -> Row:
        """The file's dates and users. Without dates of their own, fields keep the order that they have in the file."""
        given = {name: value for name, value in definition.audit.items() if value is not None}
        created = given.get("date_created") or self._work.clock.now + dt.timedelta(microseconds=index)
        users = {"created_by": None, "updated_by": None}
        return {**users, "date_created": created, "date_updated": created, **given, "version": 1}

    def _keep_out(self, record: Found, error: Exception, path: str = "") -> None:
        path, reason = _told(error, path)
        self.rejections.append(Rejection(record.index, path, reason, record.value))


def _additions(row: Mapping[Any, Any], members: Mapping[str, Any]) -> Row:
    """The patch that adds to a field what a record says and the field does not."""
    patch: Row = {name: members[name] for name in ("name", "description") if members.get(name) not in (None, row[name])}
    known = row["choices"] or []
    choices = list(dict.fromkeys([*known, *(members.get("choices") or ())]))
    if choices != known:
        patch["choices"] = choices
    if members.get("accepts_multiple_values") and not row["accepts_multiple_values"]:
        patch["accepts_multiple_values"] = True
    return patch


def _told(error: Exception, path: str) -> tuple[str, str]:
    """Where the fault lies in a record, and what it is."""
    if isinstance(error, Refused):
        return error.path, error.reason
    errors = error.errors if isinstance(error, Problems) else [error]
    steps = [step for step in getattr(errors[0], "path", ()) if step != "patch"]
    return path or ".".join(steps), "; ".join(str(each) for each in errors)
