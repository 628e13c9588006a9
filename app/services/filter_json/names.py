"""The names of kinds, fields and choices in both languages: snake_case in the JSON, capitals in the input."""

from collections.abc import Mapping

from app.domain.filters import ACTIVITIES, SEARCHED, Kind, ReferenceType
from app.domain.moments import DayEdge, Period
from app.domain.words import TextMode

KINDS: Mapping[str, Kind] = {f"activity.{kind}" if kind in ACTIVITIES else kind.value: kind for kind in Kind}
KIND_NAMES: Mapping[Kind, str] = {kind: name for name, kind in KINDS.items()}

# These kinds of activity have the fields of all activities and no others.
_PLAIN = frozenset({Kind.EMAIL_THREAD, Kind.LEAD_STATUS_CHANGE, Kind.OPPORTUNITY_STATUS_CHANGE, Kind.TASK_COMPLETED})

_RENAMED: Mapping[Kind, Mapping[str, str]] = {
    Kind.LEAD: {
        "num_calls": "calls_count",
        "num_emails": "emails_count",
        "num_outgoing_calls": "outgoing_calls_count",
        "num_phone_numbers": "phones_count",
        "num_upcoming_meetings": "upcoming_meetings_count",
        "last_lead_status_change_date": "last_status_change_date",
    },
    Kind.NOTE: {"note": "text"},
}
_ORIGINAL = {kind: {ours: theirs for theirs, ours in names.items()} for kind, names in _RENAMED.items()}


def camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def field_kind(kind: Kind) -> Kind:
    """The kind whose fields objects of a kind have."""
    return Kind.ACTIVITY if kind in _PLAIN else kind


def written_kind(kind: Kind, around: Kind | None) -> Kind:
    """The kind that a field's kind is called by in a query about objects of the kind around it."""
    return around if kind is Kind.ACTIVITY and around in _PLAIN else kind


FIELD_MEMBERS: Mapping[str, Kind] = {camel(kind): kind for kind in Kind if kind not in _PLAIN}


def field_value(kind: Kind, name: str) -> str:
    """The enum value of a field by its name in the JSON."""
    return _RENAMED.get(kind, {}).get(name, name).upper()


def field_name(kind: Kind, value: str) -> str:
    """The name of a field in the JSON by its enum value."""
    return _ORIGINAL.get(kind, {}).get(value.lower(), value.lower())


RELATED_KINDS = {name: kind.name for name, kind in KINDS.items()}
SEARCHED_KINDS = {name: kind.name for name, kind in KINDS.items() if kind in SEARCHED}
MODES = {mode.value: mode.name for mode in TextMode}
EDGES = {edge.value: edge.name for edge in DayEdge}
PERIODS = {period.value.replace("_", "-"): period.name for period in Period}
DIRECTIONS = {"asc": "ASC", "desc": "DESC"}
REFERENCE_TYPES = {
    {ReferenceType.LEAD_STATUS: "status.lead", ReferenceType.OPPORTUNITY_STATUS: "status.opportunity"}.get(
        type, type.value
    ): type.name
    for type in ReferenceType
}
