"""What a request wants of the hits: names of fields that leads and contacts have elsewhere, and their selections."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, TypeAlias

from app.services.filter_json.names import SEARCHED_KINDS
from app.services.filter_json.places import Notes, ProblemCode, Spot, none_of, shown
from app.services.filter_json.values import FLAG, TEXT

Selection: TypeAlias = dict[str, "Selection"]

MAX_NAMES = 200
COUNTS, FIELDS = "include_counts", "_fields"
NAMES = frozenset({COUNTS, FIELDS})

# The members of each selection are separated by blanks, what is inside of them by dots.
_BOTH = {
    "id": "id",
    "__object_type": "__typename",
    "name": "name",
    "display_name": "displayName",
    "opportunities": "opportunities.nodes.id",
    "activities": "activities.nodes.id",
    "date_created": "dateCreated",
    "date_updated": "dateUpdated",
    "created_by": "createdBy.id",
    "created_by_name": "createdBy.displayName",
    "updated_by": "updatedBy.id",
    "updated_by_name": "updatedBy.displayName",
    "custom": "customFields.field.id customFields.display",
}
SELECTIONS: Mapping[str, Mapping[str, str]] = {
    "lead": _BOTH
    | {
        "description": "description",
        "url": "url",
        "source": "source",
        "status_id": "status.id",
        "status_label": "status.label",
        "addresses": " ".join(
            f"addresses.{name}" for name in ("label", "address1", "address2", "city", "state", "zipcode", "country")
        ),
        "contacts": "contacts.nodes.id",
        "tasks": "tasks.nodes.id",
    },
    "contact": _BOTH
    | {
        "title": "title",
        "lead_id": "lead.id",
        "lead_name": "lead.displayName",
        "emails": "emails.type emails.email",
        "phones": "phones.type phones.phone phones.phoneFormatted",
        "urls": "urls.type urls.url",
    },
}
_CUSTOM = re.compile(r"custom\.(l?cf_\w{1,100})", re.ASCII)


@dataclass(frozen=True)
class Wanted:
    """The selections for the kinds of object that were named, and whether counts are wanted."""

    counts: bool = False
    fields: Mapping[str, Selection] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)
    """The members of the request that said so."""


NOTHING = Wanted()


def wanted(request: Mapping[str, Any], spot: Spot, notes: Notes) -> Wanted:
    """What a request wants. None of it keeps a search from running: what has no counterpart is warned of."""
    given: dict[str, Any] = {}
    counts, fields = request.get(COUNTS), request.get(FIELDS)
    if FLAG.fits(counts):
        given[COUNTS] = counts
    elif counts is not None:
        _left_out(spot.step(COUNTS), notes, FLAG.what, counts)
    at = spot.step(FIELDS)
    if isinstance(fields, dict):
        given[FIELDS] = dict(_lists(fields, at, notes))
    elif fields is not None:
        _left_out(at, notes, "An object with a list for each kind of object", fields)
    selections = {
        kind: _selection(kind, names, at.step(kind), notes)
        for kind, names in given.get(FIELDS, {}).items()
        if kind in SELECTIONS
    }
    return Wanted(counts is True, selections, given)


def hits(query: Mapping[str, Any], wanted: Wanted) -> Selection:
    """The selection on hits of each kind: what is wanted, else a little of the kinds that the query can find."""
    found = _kinds(query) or frozenset(SEARCHED_KINDS)
    selection: Selection = {}
    for kind in SEARCHED_KINDS:
        if kind in wanted.fields:
            selection[f"... on {kind.capitalize()}"] = wanted.fields[kind] or {"id": {}}
        elif kind in found:
            selection[f"... on {kind.capitalize()}"] = {"id": {}, "displayName": {}}
    return selection


def _kinds(query: Mapping[str, Any]) -> frozenset[str]:
    """The kinds of object that a query names at its top."""
    match query:
        case {"objectType": kind}:
            return frozenset(name for name, value in SEARCHED_KINDS.items() if value == kind)
        case {"and": list(queries)}:
            return reduce(frozenset.intersection, filter(None, map(_kinds, queries)), frozenset(SEARCHED_KINDS))
    return frozenset()


def _lists(fields: Mapping[str, Any], spot: Spot, notes: Notes) -> Iterator[tuple[str, list[str]]]:
    """The names of fields by the kind of object; those of other kinds may stand there as well."""
    for kind, names in fields.items():
        at = spot.step(kind)
        if kind not in SELECTIONS:
            notes.warn(at, ProblemCode.UNKNOWN_VALUE, none_of("object type that is returned", kind, SELECTIONS))
        if not isinstance(names, list):
            _left_out(at, notes, "A list of names", names)
        elif others := [index for index, name in enumerate(names) if not TEXT.fits(name)]:
            _left_out(at.step(str(others[0])), notes, TEXT.what, names[others[0]], "the list")
        else:
            yield kind, names


def _selection(kind: str, names: list[str], spot: Spot, notes: Notes) -> Selection:
    selection: Selection = {}
    if len(names) > MAX_NAMES:
        message = f"Only the first {MAX_NAMES} names are looked at, the others are left out."
        notes.warn(spot, ProblemCode.LIMIT_EXCEEDED, message)
    for index, name in enumerate(names[:MAX_NAMES]):
        if custom := _CUSTOM.fullmatch(name):
            # The id is a name of GraphQL too, and no field has one like it.
            selection[f'{custom[1]}: customField(id: "{custom[1]}")'] = {"display": {}}
        elif name in SELECTIONS[kind]:
            for path in SELECTIONS[kind][name].split():
                _add(selection, path.split("."))
        else:
            notes.warn(spot.step(str(index)), ProblemCode.UNKNOWN_VALUE, _no_field(kind, name))
    return selection


def _add(selection: Selection, path: list[str]) -> None:
    for name in path:
        selection = selection.setdefault(name, {})


def _no_field(kind: str, name: str) -> str:
    near = difflib.get_close_matches(name[:40].lower(), SELECTIONS[kind], 3, 0.5)
    hint = f" Did you mean {' or '.join(map(shown, near))}?" if near else ""
    return f"{shown(name)} is nothing that can be selected of a {kind} and is left out.{hint}"


def _left_out(spot: Spot, notes: Notes, what: str, value: Any, part: str = "it") -> None:
    message = f"{what} has to stand here, not {shown(value)}; {part} is left out."
    notes.warn(spot, ProblemCode.INVALID_VALUE, message)
