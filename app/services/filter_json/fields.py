"""Names of fields in both languages: regular fields of a kind of object, and custom ones."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.filters import SEARCHED, Kind
from app.services.filter_json.names import (
    FIELD_MEMBERS,
    KIND_NAMES,
    KINDS,
    camel,
    field_kind,
    field_name,
    field_value,
    written_kind,
)
from app.services.filter_json.places import Notes, ProblemCode, Spot, Unwritable, shown
from app.services.filter_json.shapes import Member, Record, Single, Variants
from app.services.filter_json.values import TEXT, Choice

_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")
_VALUE = re.compile(r"[A-Z][A-Z0-9_]{0,99}")


@dataclass(frozen=True)
class RegularField:
    """A field by its name. Whether its kind has such a field is for the search to say."""

    kinds: Mapping[str, Kind]
    type = "regular_field"
    names = frozenset({"object_type", "field_name"})

    def read(self, value: Mapping[str, Any], spot: Spot, notes: Notes) -> dict[str, Any]:
        kind_names = {name: kind.name for name, kind in self.kinds.items()}
        read = Record(
            [
                Member("object_type", "kind", Choice("object type that has fields here", kind_names), required=True),
                Member("field_name", "name", TEXT, required=True),
            ]
        ).read(value, spot, notes)
        kind, name = field_kind(Kind[read["kind"]]), read["name"]
        if not _NAME.fullmatch(name):
            message = f"{shown(name)} is no field name, such as date_created."
            raise notes.refuse(spot.step("field_name"), ProblemCode.INVALID_VALUE, message)
        member = camel(kind)
        notes.mark(spot.step("field_name", member))
        return {member: field_value(kind, name)}

    def writes(self, member: str, value: Any) -> bool:
        return FIELD_MEMBERS.get(member) in self.kinds.values()

    def write(self, value: Any, spot: Spot) -> dict[str, Any]:
        kind = FIELD_MEMBERS[spot.input[-1]]
        if not isinstance(value, str) or not _VALUE.fullmatch(value):
            raise Unwritable(f"{shown(value)} is no field name, such as DATE_CREATED.", spot.input)
        written = KIND_NAMES[written_kind(kind, spot.kind)]
        return {"object_type": written, "field_name": field_name(kind, value)}


_CUSTOM = Single("custom_field", "customField", "custom_field_id", TEXT)

FIELD = Variants("field", [RegularField(KINDS), _CUSTOM])
SORT_FIELD = Variants(
    "field", [RegularField({name: kind for name, kind in KINDS.items() if kind in SEARCHED}), _CUSTOM]
)
