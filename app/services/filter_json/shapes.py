"""Objects in both languages: where JSON has a `type` beside other members, the input has one named member."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.services.filter_json.places import Notes, ProblemCode, Refused, Spot, Unwritable, none_of, shown
from app.services.filter_json.values import Codec


@dataclass(frozen=True)
class Member:
    """A member by its names in the JSON and in the input. A null that is written out comes back where it may stand."""

    json: str
    input: str
    codec: Codec
    required: bool = False
    nullable: bool = False


@dataclass(frozen=True)
class Record:
    """An object with members of its own in both languages."""

    members: Sequence[Member]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(member.json for member in self.members)

    def read(self, value: Mapping[str, Any], spot: Spot, notes: Notes) -> dict[str, Any]:
        read: dict[str, Any] = {}
        before = len(notes.problems)
        for member in self.members:
            at = spot.step(member.json, member.input)
            given = value.get(member.json)
            if given is not None:
                notes.mark(at)
                with suppress(Refused):
                    read[member.input] = member.codec.read(given, at, notes)
            elif member.required:
                needed(member.json, value, spot, notes)
            elif member.nullable and member.json in value:
                notes.mark(at)
                read[member.input] = None
        if len(notes.problems) > before:
            raise Refused
        return read

    def write(self, value: Any, spot: Spot) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Unwritable(f"An object has to stand here, not {shown(value)}.", spot.input)
        known = [member.input for member in self.members]
        for name in value:
            if name not in known:
                raise Unwritable(f"{shown(name)} is none of the members {', '.join(known)}.", [*spot.input, name])
        return dict(self._written(value, spot))

    def _written(self, value: Mapping[str, Any], spot: Spot) -> Any:
        for member in self.members:
            at = spot.step(input=member.input)
            if value.get(member.input) is not None:
                yield member.json, member.codec.write(value[member.input], at)
            elif member.required:
                raise Unwritable(f"{member.input} is missing.", at.input)
            elif member.input in value and member.nullable:
                yield member.json, None


def needed(name: str, value: Mapping[str, Any], spot: Spot, notes: Notes) -> None:
    """Note that a member is missing, or null."""
    what = "is null" if name in value else "is missing"
    with suppress(Refused):
        raise notes.refuse(spot, ProblemCode.MISSING_MEMBER, f"{shown(name)} {what}.")


class Shape(Protocol):
    """One type of JSON object, and the member of the input that says the same."""

    @property
    def type(self) -> str: ...

    @property
    def names(self) -> frozenset[str]:
        """The JSON members besides `type`."""

    def read(self, value: Mapping[str, Any], spot: Spot, notes: Notes) -> dict[str, Any]: ...

    def writes(self, member: str, value: Any) -> bool:
        """Whether this is the shape for a member of the input."""

    def write(self, value: Any, spot: Spot) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Constant:
    """A type that says everything by itself, such as `match_all`."""

    type: str
    member: str
    value: bool
    names: frozenset[str] = frozenset()

    def read(self, value: Mapping[str, Any], spot: Spot, notes: Notes) -> dict[str, Any]:
        return {self.member: self.value}

    def writes(self, member: str, value: Any) -> bool:
        return member == self.member and value is self.value

    def write(self, value: Any, spot: Spot) -> dict[str, Any]:
        return {}


@dataclass(frozen=True)
class Single:
    """A type with one member, whose value is the input's: `queries` of an `and`."""

    type: str
    member: str
    json: str
    codec: Codec

    @property
    def names(self) -> frozenset[str]:
        return frozenset({self.json})

    def read(self, value: Mapping[str, Any], spot: Spot, notes: Notes) -> dict[str, Any]:
        return Record([Member(self.json, self.member, self.codec, required=True)]).read(value, spot, notes)

    def writes(self, member: str, value: Any) -> bool:
        return member == self.member

    def write(self, value: Any, spot: Spot) -> dict[str, Any]:
        return {self.json: self.codec.write(value, spot)}


@dataclass(frozen=True)
class Compound:
    """A type whose members are those of the input's member."""

    type: str
    member: str
    members: Sequence[Member]

    @property
    def names(self) -> frozenset[str]:
        return Record(self.members).names

    def read(self, value: Mapping[str, Any], spot: Spot, notes: Notes) -> dict[str, Any]:
        return {self.member: Record(self.members).read(value, spot.step(input=self.member), notes)}

    def writes(self, member: str, value: Any) -> bool:
        return member == self.member

    def write(self, value: Any, spot: Spot) -> dict[str, Any]:
        return Record(self.members).write(value, spot)


@dataclass
class Variants:
    """An object of one type out of several; the input has a member for each."""

    what: str
    shapes: list[Shape] = field(default_factory=list)
    beside: frozenset[str] = frozenset()

    def read(self, value: Any, spot: Spot, notes: Notes) -> dict[str, Any]:
        notes.mark(spot)
        if not isinstance(value, dict):
            message = f"A {self.what} is an object with a type; this is {shown(value)}."
            raise notes.refuse(spot, ProblemCode.INVALID_VALUE, message)
        before = len(notes.problems)
        shape = self._shape(value, spot, notes)
        notes.warn_of_others(value, {"type", *self.beside, *shape.names}, spot)
        read = shape.read(value, spot, notes)
        if len(notes.problems) > before:
            raise Refused
        return read

    def write(self, value: Any, spot: Spot) -> dict[str, Any]:
        member, inner = single(value, spot)
        for shape in self.shapes:
            if shape.writes(member, inner):
                return {"type": shape.type, **shape.write(inner, spot.step(input=member))}
        raise Unwritable(f"{shown(member)} is no {self.what}.", spot.input)

    def _shape(self, value: Mapping[str, Any], spot: Spot, notes: Notes) -> Shape:
        """The shape of the type that is given; one of the likeliest, with a problem noted, where none is."""
        given = value.get("type")
        types = [shape.type for shape in self.shapes]
        if given in types:
            return self.shapes[types.index(given)]
        if given is not None:
            message = none_of(f"type of {self.what}", given, types)
            raise notes.refuse(spot.step("type"), ProblemCode.UNKNOWN_VALUE, message)
        likely = self._likely(value)
        looks = f"looks like {' or '.join(shown(shape.type) for shape in likely)}"
        hint = looks if likely else f"has to be one of {', '.join(types)}"
        refused = notes.refuse(spot, ProblemCode.MISSING_MEMBER, f'"type" of this {self.what} is missing; it {hint}.')
        if len({shape.names for shape in likely}) != 1:
            raise refused
        return likely[0]

    def _likely(self, value: Mapping[str, Any]) -> list[Shape]:
        """The shapes that have most of the members."""
        most = max(len(shape.names & set(value)) for shape in self.shapes)
        return [shape for shape in self.shapes if most and len(shape.names & set(value)) == most]


def single(value: Any, spot: Spot) -> tuple[str, Any]:
    """The one member of a one-of input."""
    if not isinstance(value, dict) or len(value) != 1:
        raise Unwritable(f"An object with exactly one member has to stand here, not {shown(value)}.", spot.input)
    return next(iter(value.items()))
