"""What a search can look at: the fields of each kind of object, and the conditions that fit them (rules F39-F45)."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum

from app.domain.filters import ACTIVITIES, ConditionKind, CustomField, FieldRef, Kind, ReferenceType


class FieldType(StrEnum):
    """What a field holds."""

    TEXT = "text"
    LABEL = "label"
    """A short text that says what something is for, such as "office"."""
    CHOICE = "choice"
    """One of a list of values."""
    KEY = "key"
    """The id of a piece of configuration, such as a pipeline."""
    FLAG = "flag"
    NUMBER = "number"
    DAY = "day"
    INSTANT = "instant"
    USER = "user"
    REFERENCE = "reference"
    JSON = "json"


CONDITIONS: Mapping[FieldType, tuple[ConditionKind, ...]] = {
    FieldType.TEXT: (ConditionKind.TEXT, ConditionKind.EXISTS),
    FieldType.LABEL: (ConditionKind.TEXT, ConditionKind.TERM, ConditionKind.EXISTS),
    FieldType.CHOICE: (ConditionKind.TERM, ConditionKind.EXISTS),
    FieldType.KEY: (ConditionKind.TERM, ConditionKind.REFERENCE, ConditionKind.EXISTS),
    FieldType.FLAG: (ConditionKind.BOOLEAN, ConditionKind.EXISTS),
    FieldType.NUMBER: (ConditionKind.NUMBER_RANGE, ConditionKind.EXISTS),
    FieldType.DAY: (ConditionKind.MOMENT_RANGE, ConditionKind.EXISTS),
    FieldType.INSTANT: (ConditionKind.MOMENT_RANGE, ConditionKind.EXISTS),
    FieldType.USER: (ConditionKind.CURRENT_USER, ConditionKind.REFERENCE, ConditionKind.EXISTS),
    FieldType.REFERENCE: (ConditionKind.REFERENCE, ConditionKind.EXISTS),
    FieldType.JSON: (ConditionKind.EXISTS,),
}


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field that conditions can name. `terms` are the values that a choice can have, where they are known."""

    kind: Kind
    name: str
    type: FieldType
    description: str
    sortable: bool = False
    reference: ReferenceType | None = None
    terms: tuple[str, ...] | None = None
    custom_field_id: str | None = None
    multiple: bool = False

    @property
    def conditions(self) -> tuple[ConditionKind, ...]:
        return CONDITIONS[self.type]

    @property
    def label(self) -> str:
        """The name for people."""
        return self.name if self.custom_field_id else self.name.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Fields:
    """The fields of one organization, and which kinds of object are related."""

    regular: Mapping[Kind, Mapping[str, Field]]
    relations: Set[tuple[Kind, Kind]]
    custom: Mapping[str, Mapping[Kind, Field]]

    def find(self, ref: FieldRef, kind: Kind) -> Field | None:
        """The field as objects of this kind have it; None where they do not."""
        if isinstance(ref, CustomField):
            return self.custom.get(ref.id, {}).get(kind)
        return self.regular[ref.kind].get(ref.name) if has_fields_of(kind, ref.kind) else None

    def kinds(self, ref: FieldRef) -> frozenset[Kind]:
        """The kinds of object that have the field."""
        if isinstance(ref, CustomField):
            return frozenset(self.custom.get(ref.id, ()))
        return frozenset({ref.kind})

    def of(self, kind: Kind) -> Iterator[Field]:
        """The regular fields of a kind, then its custom ones."""
        yield from self.regular[kind].values()
        for placed in self.custom.values():
            if kind in placed:
                yield placed[kind]


def has_fields_of(kind: Kind, other: Kind) -> bool:
    """Whether objects of one kind have the fields of another: calls have those of all activities."""
    return kind is other or (other is Kind.ACTIVITY and kind in ACTIVITIES)
