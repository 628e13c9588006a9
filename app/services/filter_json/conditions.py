"""Conditions on the value of a field, in both languages."""

from typing import Any

from app.services.filter_json.moments import MOMENT
from app.services.filter_json.names import MODES, REFERENCE_TYPES
from app.services.filter_json.places import Notes, ProblemCode, Spot
from app.services.filter_json.shapes import Compound, Constant, Member, Single, Variants
from app.services.filter_json.values import FLAG, NUMBER, TEXT, Choice, ListOf

WORDS = (Member("value", "value", TEXT, required=True), Member("mode", "mode", Choice("mode", MODES)))

# Stands for the caller among the ids of some copied filters.
CALLER = "CURRENT_USER"


class Ids(ListOf):
    """Ids as they are; a word that is none is warned of."""

    def read(self, value: Any, spot: Spot, notes: Notes) -> list[Any]:
        read = super().read(value, spot, notes)
        if CALLER in read:
            message = f"{CALLER} is no id here and matches nobody: take the condition current_user instead."
            notes.warn(spot.step(str(read.index(CALLER))), ProblemCode.UNKNOWN_VALUE, message)
        return read


CONDITION = Variants(
    "condition",
    [
        Single("boolean", "boolean", "value", FLAG),
        Constant("current_user", "currentUser", True),
        Constant("exists", "exists", True),
        Compound("text", "text", WORDS),
        Compound("term", "term", [Member("values", "values", ListOf(TEXT), required=True)]),
        Compound(
            "reference",
            "reference",
            [
                Member("object_ids", "ids", Ids(TEXT), required=True),
                Member("reference_type", "type", Choice("reference type", REFERENCE_TYPES), nullable=True),
            ],
        ),
        Compound(
            "number_range",
            "numberRange",
            [Member(bound, bound, NUMBER, nullable=True) for bound in ("gt", "gte", "lt", "lte")],
        ),
        Compound(
            "moment_range",
            "momentRange",
            [
                Member("after", "after", MOMENT, nullable=True),
                Member("on_or_after", "onOrAfter", MOMENT, nullable=True),
                Member("before", "before", MOMENT, nullable=True),
                Member("on_or_before", "onOrBefore", MOMENT, nullable=True),
            ],
        ),
    ],
)
