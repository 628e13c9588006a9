"""The nodes of a filter tree in both languages."""

from collections.abc import Mapping
from typing import Any

from app.domain.filter_checks import MAX_LEVELS
from app.domain.filters import ACTIVITIES, SEARCHED, Kind
from app.services.filter_json.conditions import CONDITION, WORDS
from app.services.filter_json.fields import FIELD
from app.services.filter_json.moments import MOMENT
from app.services.filter_json.names import KINDS, RELATED_KINDS, SEARCHED_KINDS
from app.services.filter_json.places import Notes, ProblemCode, Spot, Unwritable, shown
from app.services.filter_json.shapes import Compound, Constant, Member, Single, Variants, single
from app.services.filter_json.values import FLAG, TEXT, Choice, ListOf

_RELATED = Choice("object type", RELATED_KINDS)
_SEARCHED = Choice("object type", SEARCHED_KINDS)

# Kinds of activity that filters look for elsewhere.
_UNKEPT = ("activity.whatsapp_message", "activity.form_submission")


class ObjectType:
    """The kind of the objects. Where a related query says once more what it is about, everything there matches."""

    type = "object_type"
    member = "objectType"
    names = frozenset({"object_type"})
    _single = Single(type, member, "object_type", _RELATED)

    def read(self, value: Mapping[str, Any], spot: Spot, notes: Notes) -> dict[str, Any]:
        read = self._single.read(value, spot, notes)
        kind = Kind[read[self.member]]
        if kind in SEARCHED:
            return read
        if kind is spot.kind or (kind is Kind.ACTIVITY and spot.kind in ACTIVITIES):
            return {"matchAll": True}
        message = f"A search returns leads and contacts; look at {shown(value['object_type'])} with has_related."
        raise notes.refuse(spot.step("object_type"), ProblemCode.NOT_EXPRESSIBLE, message)

    def writes(self, member: str, value: Any) -> bool:
        return member == self.member

    def write(self, value: Any, spot: Spot) -> dict[str, Any]:
        return {"object_type": _SEARCHED.write(value, spot)}


class HasRelated(Compound):
    """A related object; its query is about that kind of object."""

    def read(self, value: Mapping[str, Any], spot: Spot, notes: Notes) -> dict[str, Any]:
        name = value.get("related_object_type")
        if name in _UNKEPT:
            message = f"There is no {shown(name)} here, so nothing is related to one."
            notes.warn(spot.step("related_object_type"), ProblemCode.NEVER_MATCHES, message)
            return {"matchAll": False}
        return super().read(value, spot.about(KINDS.get(name) if isinstance(name, str) else None), notes)

    def write(self, value: Any, spot: Spot) -> dict[str, Any]:
        related = value.get("relatedObjectType") if isinstance(value, dict) else None
        return super().write(value, spot.about(Kind.__members__.get(str(related))))


class Queries(Variants):
    """A node of the tree; `negate` in the JSON is a node `not` around it in the input."""

    def read(self, value: Any, spot: Spot, notes: Notes) -> dict[str, Any]:
        spot = spot.deeper()
        notes.node(spot)
        if isinstance(value, dict) and value.get("negate") is not None and value["negate"] is not False:
            FLAG.read(value["negate"], spot.step("negate"), notes)
            notes.mark(spot)
            inner = spot.step(input="not").deeper()
            notes.node(inner)
            return {"not": super().read(value, inner, notes)}
        return super().read(value, spot, notes)

    def write(self, value: Any, spot: Spot) -> dict[str, Any]:
        negate = False
        member, inner = single(value, spot)
        while member == "not":
            negate, spot = not negate, spot.step(input="not").deeper()
            member, inner = single(inner, spot)
        spot = spot.deeper()
        if spot.level > MAX_LEVELS:
            raise Unwritable(f"A query can be {MAX_LEVELS} levels deep at most.", spot.input)
        if denied := _denied(member, inner):
            negate, inner = not negate, denied
        written = super().write({member: inner}, spot)
        return {**written, "negate": True} if negate else written


def _denied(member: str, inner: Any) -> dict[str, Any] | None:
    """The field condition that is denied by one on a value that is not the caller, or not set."""
    match member, inner:
        case "fieldCondition", {"condition": {"currentUser": False}}:
            return {**inner, "condition": {"currentUser": True}}
        case "fieldCondition", {"condition": {"exists": False}}:
            return {**inner, "condition": {"exists": True}}
    return None


QUERY = Queries("query", beside=frozenset({"negate"}))
_SHAPES: list[Single | Constant | Compound | ObjectType] = [
    Single("and", "and", "queries", ListOf(QUERY)),
    Single("or", "or", "queries", ListOf(QUERY)),
    Constant("match_all", "matchAll", True),
    Constant("match_none", "matchAll", False),
    Single("id", "id", "value", TEXT),
    ObjectType(),
    Compound("text", "text", WORDS),
    HasRelated(
        "has_related",
        "hasRelated",
        [
            Member("this_object_type", "thisObjectType", _RELATED, nullable=True),
            Member("related_object_type", "relatedObjectType", _RELATED, required=True),
            Member("related_query", "relatedQuery", QUERY, required=True),
        ],
    ),
    Compound(
        "field_condition",
        "fieldCondition",
        [Member("field", "field", FIELD, required=True), Member("condition", "condition", CONDITION, required=True)],
    ),
    Compound(
        "in_status",
        "inStatus",
        [
            Member("status_ids", "statusIds", ListOf(TEXT), required=True),
            Member("on_or_after", "onOrAfter", MOMENT, nullable=True),
            Member("before", "before", MOMENT, nullable=True),
        ],
    ),
]
QUERY.shapes += _SHAPES

MEMBERS = frozenset({"not", *(shape.member for shape in _SHAPES)})
