"""The body of a whole search request in both languages."""

from collections.abc import Mapping
from typing import Any

from app.services.filter_json import selections
from app.services.filter_json.fields import SORT_FIELD
from app.services.filter_json.names import DIRECTIONS
from app.services.filter_json.places import Notes, ProblemCode, Spot, shown
from app.services.filter_json.queries import QUERY
from app.services.filter_json.shapes import Member, Record
from app.services.filter_json.values import COUNT, Choice, ListOf

DIRECTION = Choice("direction", DIRECTIONS)


class SortKey(Record):
    """One key of the sort."""

    def read(self, value: Any, spot: Spot, notes: Notes) -> dict[str, Any]:
        notes.mark(spot)
        if not isinstance(value, dict):
            message = f"A sort key is an object with a field and a direction; this is {shown(value)}."
            raise notes.refuse(spot, ProblemCode.INVALID_VALUE, message)
        notes.warn_of_others(value, self.names, spot)
        return super().read(value, spot, notes)


SORT_KEY = SortKey([Member("direction", "direction", DIRECTION), Member("field", "field", SORT_FIELD, required=True)])

# What a search says elsewhere, and what to do instead. Nothing of ours can take it over.
_ELSEWHERE = {
    "cursor": "Cursors of elsewhere are not valid here: take the endCursor of a page as the argument after.",
    "limit": "Give _limit for the size of a page, or results_limit for that of the whole result.",
}
_OURS_ALONE = frozenset({"after", "timeZone"})


class Request(Record):
    """The arguments of a search. What is wanted of its result is read apart from them."""

    def read(self, value: Mapping[str, Any], spot: Spot, notes: Notes) -> dict[str, Any]:
        notes.warn_of_others(value, {*self.names, *_ELSEWHERE, *selections.NAMES}, spot)
        for name, advice in _ELSEWHERE.items():
            if value.get(name) not in (None, False):
                notes.warn(spot.step(name), ProblemCode.IGNORED_MEMBER, advice)
        return super().read(value, spot, notes)

    def write(self, value: Mapping[str, Any], spot: Spot) -> dict[str, Any]:
        return super().write({name: given for name, given in value.items() if name not in _OURS_ALONE}, spot)


REQUEST = Request(
    [
        Member("query", "query", QUERY, required=True),
        Member("sort", "sort", ListOf(SORT_KEY), nullable=True),
        Member("_limit", "first", COUNT, nullable=True),
        Member("results_limit", "resultsLimit", COUNT, nullable=True),
    ]
)
