"""Changes of custom-field values, worked out over what is there, so that each sees those before it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import RowMapping, or_

from app.domain.checks import Checks
from app.domain.custom_fields import DataType
from app.domain.custom_values import ITEMS, MEMBERS, checked
from app.domain.errors import Invalid, NotFound
from app.services.work import Work
from app.storage.contacts import Contact
from app.storage.organizations import User
from app.storage.reads import table_of
from app.storage.types import among

MAX_ITEMS = 1_000
MAX_ACCEPTED = 50


@dataclass(frozen=True)
class Change:
    """What becomes of one field's value. `given` is the whole value, or the item, under the member that it came in.

    Problems with the field go to `field`, with what is given to `value`.
    """

    how: Literal["set", "unset", "add", "remove"]
    field_id: str
    given: Mapping[str, Any]
    field: Checks
    value: Checks

    @property
    def size(self) -> int:
        """How many items are given."""
        return sum(len(value) if isinstance(value, list) else 1 for value in self.given.values())


def setting(members: Mapping[str, Any], checks: Checks) -> Change:
    return Change("set", members["field_id"], members["value"], checks.at("field_id"), checks.at("value"))


def unsetting(field_id: str, checks: Checks) -> Change:
    return Change("unset", field_id, {}, checks, checks)


def adding(members: Mapping[str, Any], checks: Checks) -> Change:
    return Change("add", members["field_id"], members["item"], checks.at("field_id"), checks.at("item"))


def removing(members: Mapping[str, Any], checks: Checks) -> Change:
    return Change("remove", members["field_id"], members["item"], checks.at("field_id"), checks.at("item"))


def of_patch(change: Mapping[str, Any], checks: Checks) -> Change:
    """The one change that an entry of a patch names."""
    [(how, members)] = change.items()
    return _MADE[how](members, checks.at(how))


_MADE: Mapping[str, Callable[[Any, Checks], Change]] = {
    "set": setting,
    "unset": unsetting,
    "add": adding,
    "remove": removing,
}


@dataclass(frozen=True)
class Field:
    """A field, on one kind of object. The definition and the place each have a list of the roles that may edit it."""

    id: str
    name: str
    data_type: DataType
    choices: Mapping[str, None]
    is_multiple: bool
    is_required: bool
    role_lists: tuple[Sequence[str], Sequence[str]]

    @classmethod
    def of(cls, row: RowMapping, place: Any) -> "Field":
        """Of its definition, and its place on the kind of object."""
        return cls(
            row["id"],
            row["name"],
            row["data_type"],
            dict.fromkeys(row["choices"] or ()),
            row["accepts_multiple_values"],
            place.is_required,
            (row["editable_with_role_ids"], place.editable_with_role_ids),
        )

    def __str__(self) -> str:
        return f"{self.name!r} ({self.id})"


@dataclass(frozen=True)
class References:
    """The users and contacts that changes name; the contacts are kept from being moved or removed meanwhile.

    `users` are the ids of those that are named so, by the member of a reference and what it says.
    """

    users: Mapping[tuple[str, str], Sequence[str]]
    contacts: Mapping[str, RowMapping]

    def user(self, ref: Mapping[str, str], checks: Checks) -> str:
        """The id of a member, current or former, that a reference names by id or by the exact name (rule CF18)."""
        [(by, named)] = ref.items()
        found = self.users.get((by, named), [])
        if len(found) > 1:
            message = f"Several users are named {named!r}: name one by its id."
            checks.add(Invalid(message, [*checks.path, by], accepted_values=sorted(found)[:MAX_ACCEPTED]))
        elif not found:
            checks.add(NotFound("user", named, [*checks.path, by]))
        return found[0] if found else named

    def check_contact(self, id: str, checks: Checks, lead_id: str | None) -> None:
        """The contact has to be there, and on the lead (rules CF19-CF22)."""
        contact = self.contacts.get(id)
        if contact is None:
            checks.add(NotFound("contact", id, checks.path))
        elif contact["lead_id"] != lead_id:
            checks.invalid(f"{id} is a contact of another lead.")


async def look_up(work: Work, applications: Iterable["Application"]) -> References:
    """What the changes name, by a statement for each kind of object."""
    named: dict[DataType, list[Any]] = {DataType.USER: [], DataType.CONTACT: []}
    for each in applications:
        if each.field.data_type in named:
            named[each.field.data_type] += [item for item, _ in each.items()]
    refs, ids = named[DataType.USER], named[DataType.CONTACT]
    return References(await _users(work, refs) if refs else {}, await work.session.lock(Contact, ids) if ids else {})


async def _users(work: Work, refs: Sequence[Mapping[str, str]]) -> Mapping[tuple[str, str], Sequence[str]]:
    users = table_of(User).c
    ids, names = ([ref[name] for ref in refs if name in ref] for name in ("id", "name"))
    found: dict[tuple[str, str], list[str]] = {}
    for user in await work.session.find(User, or_(among(users.id, ids), among(users.display_name, names))):
        found["id", user["id"]] = [user["id"]]
        found.setdefault(("name", user["display_name"]), []).append(user["id"])
    return found


@dataclass(frozen=True)
class Application:
    """A change of a field on an object, which is or is on the lead."""

    owner_id: str
    lead_id: str | None
    field: Field
    change: Change

    def items(self) -> Sequence[tuple[Any, Checks]]:
        """The items that are given, each with where it stands; none where they do not fit."""
        if self._member is None or self._member not in self.change.given:
            return []
        given, checks = self.change.given[self._member], self.change.value.at(self._member)
        return [(item, checks.at(i)) for i, item in enumerate(given)] if self.change.how == "set" else [(given, checks)]

    def over(self, there: Sequence[Any], references: References) -> Sequence[Any]:
        """What becomes of a value: its items in order, or what it is alone; empty when unset. Problems go to the
        change."""
        if self.change.how == "unset":
            return []
        if self.change.how != "set" and not self.field.is_multiple:
            self.change.field.invalid(f"The field {self.field} takes a single value: set it, or unset it.")
            return there
        if not self._fits():
            return there
        if self.change.how == "set":
            return self._set(references)
        [(item, checks)] = self.items()
        found = self._known(item, checks, references, there)
        if self.change.how == "remove":
            return [each for each in there if each != found]
        if found not in there and len(there) >= MAX_ITEMS:
            self.change.value.invalid(f"The field {self.field} takes {MAX_ITEMS} items at most.")
        return there if found in there else [*there, found]

    @property
    def _member(self) -> str | None:
        """What the value or the item has to be given in; None where there are no items."""
        if self.change.how == "set":
            return MEMBERS[self.field.data_type]
        return ITEMS[self.field.data_type][1] if self.field.data_type in ITEMS else None

    def _fits(self) -> bool:
        if self._member is None or self._member in self.change.given:
            return True
        [given] = self.change.given
        self.change.value.invalid(
            f"The field {self.field} takes `{_camel(self._member)}`, not `{_camel(given)}`.", given
        )
        return False

    def _set(self, references: References) -> Sequence[Any]:
        member = MEMBERS[self.field.data_type]
        if self.field.data_type not in ITEMS:
            value = checked(self.change.value, self.field.data_type, self.change.given[member])
            return [] if value is None else [value]
        items = self.items()
        if len(items) > MAX_ITEMS:
            self.change.value.invalid(
                f"The field {self.field} takes {MAX_ITEMS} items at most, not {len(items)}.", member
            )
            return []
        united = list(dict.fromkeys(self._known(item, checks, references) for item, checks in items))
        if len(united) > 1 and not self.field.is_multiple:
            self.change.value.invalid(f"The field {self.field} takes a single value, not {len(united)}.", member)
        return united

    def _known(self, item: Any, checks: Checks, references: References, there: Sequence[str] = ()) -> str:
        """The choice or id that an item stands for; one that is there already need not be valid any more, and a contact
        that is taken out may be gone."""
        match self.field.data_type:
            case DataType.CHOICES:
                if item not in self.field.choices and item not in there:
                    self._unlisted(item, checks)
                return str(item)
            case DataType.USER:
                return references.user(item, checks)
        if item not in there and self.change.how != "remove":
            references.check_contact(item, checks, self.lead_id)
        return str(item)

    def _unlisted(self, choice: str, checks: Checks) -> None:
        accepted = list(self.field.choices) if len(self.field.choices) <= MAX_ACCEPTED else None
        checks.add(Invalid(f"The field {self.field} has no choice {choice!r}.", checks.path, accepted_values=accepted))


def _camel(member: str) -> str:
    first, *rest = member.split("_")
    return first + "".join(map(str.capitalize, rest))
