"""The first reading of a file: which users, statuses, types and fields its records name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.services.close_format import custom_keys
from app.services.close_format.kinds import ACTIVITY, CHILDREN, OPPORTUNITY
from app.services.close_format.naming import Naming
from app.services.close_format.records import Found
from app.services.close_format.samples import Sample
from app.services.close_format.values import identifier, text

LEAD_TARGET = "lead"
CUSTOM_ACTIVITY, EMAIL_THREAD = "customactivity", "emailthread"
DEFINITIONS = "custom_fields"

USER_KEYS = {
    "user_id": "user_name",
    "assigned_to": "assigned_to_name",
    "created_by": "created_by_name",
    "updated_by": "updated_by_name",
}

# An adversary's file, not a CRM, has more fields than this on one kind of object.
MAX_FIELDS = 1_000


@dataclass(frozen=True)
class NamedStatus:
    """A status as a record names it; all parts may be missing."""

    id: str | None
    label: str | None
    type: str | None = None
    pipeline_id: str | None = None
    pipeline_name: str | None = None


@dataclass
class Fields:
    """The custom fields on one target: a kind of object, or the id of a custom activity type."""

    by_id: dict[str, Sample] = field(default_factory=dict)
    by_name: dict[str, Sample] = field(default_factory=dict)
    naming: Naming = field(default_factory=Naming)

    def observe(self, entries: custom_keys.Entries) -> None:
        for id, value in entries.flat.items():
            self._sample(self.by_id, id, value)
        for name, value in entries.named.items():
            if not self.naming.observe(name, entries):
                self._sample(self.by_name, name, value)

    def _sample(self, samples: dict[str, Sample], key: str, value: Any) -> None:
        if key in samples or len(samples) < MAX_FIELDS:
            samples.setdefault(key, Sample()).add(value)


@dataclass
class Learned:
    """What the records name, in the order of its first appearance."""

    users: dict[str, str | None] = field(default_factory=dict)
    lead_statuses: dict[NamedStatus, None] = field(default_factory=dict)
    opportunity_statuses: dict[NamedStatus, None] = field(default_factory=dict)
    activity_types: dict[str, str | None] = field(default_factory=dict)
    fields: dict[str, Fields] = field(default_factory=dict)
    definitions: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def observe(self, lead: Mapping[str, Any]) -> None:
        self.observe_users(lead)
        self.lead_statuses[lead_status(lead)] = None
        self._fields(LEAD_TARGET, lead)
        for definition in _objects(lead.get(DEFINITIONS)):
            if id := _identifier(definition.get("id")):
                self.definitions.setdefault(id, definition)
        for kind in CHILDREN:
            for child in _objects(lead.get(kind.collection)):
                self.observe_users(child)
                if kind is ACTIVITY:
                    self._activity(child)
                elif kind.owner is not None:
                    self._fields(kind.name, child)
                if kind is OPPORTUNITY:
                    self.opportunity_statuses[opportunity_status(child)] = None

    def _activity(self, activity: Mapping[str, Any]) -> None:
        word = activity_word(activity)
        if word == EMAIL_THREAD:
            for email in _objects(activity.get("emails")):
                self.observe_users(email)
        id = _identifier(activity.get("custom_activity_type_id"))
        if word == CUSTOM_ACTIVITY and id:
            self.activity_types[id] = self.activity_types.get(id) or _text(activity.get("custom_activity_type_name"))
            self._fields(id, activity)

    def observe_users(self, record: Mapping[str, Any]) -> None:
        for key, name in USER_KEYS.items():
            if (id := _identifier(record.get(key))) and not self.users.get(id):
                self.users[id] = _text(record.get(name))

    def _fields(self, target: str, record: Mapping[str, Any]) -> None:
        _, entries = custom_keys.split(record)
        if entries.flat or entries.named:
            self.fields.setdefault(target, Fields()).observe(entries)


def learn(found: Iterable[Found]) -> Learned:
    learned = Learned()
    for record in found:
        if isinstance(record.value, dict):
            learned.observe(record.value)
    return learned


def lead_status(lead: Mapping[str, Any]) -> NamedStatus:
    return NamedStatus(_identifier(lead.get("status_id")), _text(lead.get("status_label", lead.get("status"))))


def opportunity_status(opportunity: Mapping[str, Any]) -> NamedStatus:
    return NamedStatus(
        _identifier(opportunity.get("status_id")),
        _text(opportunity.get("status_label", opportunity.get("status"))),
        _text(opportunity.get("status_type")),
        _identifier(opportunity.get("pipeline_id")),
        _text(opportunity.get("pipeline_name")),
    )


def activity_word(activity: Mapping[str, Any]) -> str:
    """The kind of an activity, whatever the case that the file writes it in."""
    word = activity.get("_type")
    return word.lower() if isinstance(word, str) else ""


def _objects(value: Any) -> Iterable[Mapping[str, Any]]:
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()


def _identifier(value: Any) -> str | None:
    try:
        return identifier(value)
    except ValueError:
        return None


def _text(value: Any) -> str | None:
    try:
        read = text(value)
    except ValueError:
        return None
    return read.strip() if read else None
