"""The body of a whole search request in both languages."""

from collections.abc import Mapping
from typing import Any

from app.services.filter_json.fields import SORT_FIELD
from app.services.filter_json.names import DIRECTIONS
from app.services.filter_json.places import Notes, ProblemCode, Spot, shown
from app.services.filter_json.queries import QUERY
from app.services.filter_json.shapes import Member, Record
from app.services.filter_json.values import COUNT, TEXT, Choice, ListOf

MAX_WANTED = 500
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

# What a search says elsewhere, and what to do instead. The arguments of ours have nothing that they could become.
_ELSEWHERE = {
    "include_counts": "Select the field count of the result to get the counts.",
    "_fields": "Select the fields of the result.",
    "cursor": "Cursors of elsewhere are not valid here: take the endCursor of a page as the argument after.",
    "limit": "Give _limit for the size of a page, or results_limit for that of the whole result.",
}
_OURS_ALONE = frozenset({"after", "timeZone"})


class Request(Record):
    """The arguments of a search. Counts, fields and cursors are left to the rest of the operation."""

    def read(self, value: Mapping[str, Any], spot: Spot, notes: Notes) -> dict[str, Any]:
        notes.warn_of_others(value, {*self.names, *_ELSEWHERE}, spot)
        for name, advice in _ELSEWHERE.items():
            if value.get(name) not in (None, False):
                notes.warn(spot.step(name), ProblemCode.IGNORED_MEMBER, advice + _wanted(name, value[name]))
        return super().read(value, spot, notes)

    def write(self, value: Mapping[str, Any], spot: Spot) -> dict[str, Any]:
        return super().write({name: given for name, given in value.items() if name not in _OURS_ALONE}, spot)


def _wanted(name: str, value: Any) -> str:
    """The fields that were asked for, by name."""
    if name != "_fields" or not isinstance(value, dict):
        return ""
    names = [
        f"{kind}.{name}"
        for kind, fields in value.items()
        if isinstance(fields, list)
        for name in fields
        if TEXT.fits(kind) and TEXT.fits(name)
    ]
    return f" Asked for were {', '.join(names)[:MAX_WANTED]}." if names else ""


REQUEST = Request(
    [
        Member("query", "query", QUERY, required=True),
        Member("sort", "sort", ListOf(SORT_KEY), nullable=True),
        Member("_limit", "first", COUNT, nullable=True),
        Member("results_limit", "resultsLimit", COUNT, nullable=True),
    ]
)
