"""Leads of the format with everything on them, both ways."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.services.close_format import activities, contacts, opportunities, tasks
from app.services.close_format.countries import country_code
from app.services.close_format.faults import Refused
from app.services.close_format.keys import AUDIT, AUDIT_DERIVED, Key, Layout
from app.services.close_format.kinds import (
    ACTIVITY,
    CHILDREN,
    CONTACT,
    LEAD,
    OPPORTUNITY,
    TASK,
    Kind,
    LeadDraft,
    Rejection,
)
from app.services.close_format.learning import DEFINITIONS, lead_status
from app.services.close_format.reading import Place, Reading, elements
from app.services.close_format.values import content, identifier, made_id
from app.storage.leads import LeadAddress

STATUS_KEYS = ("status_id", "status_label", "status")
LAYOUT = Layout(
    Key("name"),
    Key("description"),
    Key("url"),
    Key("source", lenient=True),
    *AUDIT,
    derived=(
        "id", "display_name", "html_url", "addresses", "contacts", "opportunities", "tasks", "activities",
        DEFINITIONS, *STATUS_KEYS, *AUDIT_DERIVED,
    ),
    extras=("integration_links",),
)  # fmt: skip
ADDRESSES = Layout(
    *(Key(name, lenient=True) for name in ("label", "address_1", "address_2", "city", "state", "zipcode", "country"))
)

_READERS = {CONTACT: contacts.read, OPPORTUNITY: opportunities.read, TASK: tasks.read, ACTIVITY: activities.read}
# What tells a lead from other objects of the same product, which files of other kinds hold.
_OTHERS = ("cont_", "oppo_", "task_", "noti_", "acti_", "stat_", "user_", "orga_", "cf_", "lcf_", "actitype_", "pipe_")
_SIGNS = {"name", "display_name", "description", "url", "addresses", "status_label", *(k.collection for k in CHILDREN)}


def read(reading: Reading, record: Mapping[str, Any], index: int) -> LeadDraft:
    """The lead of a record and its children; a child that cannot come in is left out of it."""
    id = _identify(record, reading)
    place = Place("", id, index)
    lead = reading.draft(LEAD, LAYOUT, {**record, "id": id}, place, LEAD.name)
    lead.record = record
    named = lead_status(record)
    lead.defaults["status_id"] = reading.directory.lead_statuses.default
    if named.id is not None or named.label is not None:
        lead.columns["status_id"] = reading.directory.lead_statuses.find(named)
    if "addresses" in record:
        lead.lists[LeadAddress] = _addresses(reading, record, place)
    if url := lead.columns.get("url"):
        contacts.warn_about_url(reading, url)
    draft = LeadDraft(index, lead, [], [])
    for kind in CHILDREN:
        _read_children(reading, draft, kind, record)
    return draft


def _read_children(reading: Reading, draft: LeadDraft, kind: Kind, record: Mapping[str, Any]) -> None:
    id = draft.lead.id
    try:
        children = list(elements(record, kind.collection, Place("", id)))
    except Refused as refused:
        _reject(draft, refused, record.get(kind.collection))
        children = []
    known = {child["id"] for child in children if isinstance(child, dict) and isinstance(child.get("id"), str)}
    for position, child in enumerate(children):
        place = Place(f"{kind.collection}.{position}", id, position)
        try:
            if not isinstance(child, dict):
                raise Refused(place.path, "is not an object")
            draft.children.append(_READERS[kind](reading, child, place))
            if kind is ACTIVITY:
                _read_emails(reading, draft, child, place, known)
        except Refused as refused:
            _reject(draft, refused, child)


def _read_emails(reading: Reading, draft: LeadDraft, thread: Any, place: Place, known: set[str]) -> None:
    """The emails inside a thread's record."""
    for email, where in activities.stripped_emails(thread, place, known):
        try:
            draft.children.append(activities.read(reading, email, where))
        except Refused as refused:
            _reject(draft, refused, email)


def _reject(draft: LeadDraft, refused: Refused, child: Any) -> None:
    draft.rejections.append(Rejection(draft.index, refused.path, refused.reason, child, draft.lead.id))


def _addresses(reading: Reading, record: Mapping[str, Any], place: Place) -> list[dict[str, Any]]:
    rows = [row for row in reading.items(ADDRESSES, record, "addresses", place) if any(row.values())]
    for row in rows:
        if row["country"] is not None:
            code = country_code(row["country"])
            if code is None:
                reading.tally.warn("country")
            row["country"] = code or row["country"]
    return rows


def _identify(record: Mapping[str, Any], reading: Reading) -> str:
    """The lead's id. A record without one gets one that follows from its contents."""
    try:
        id = identifier(record.get("id"))
    except ValueError as error:
        raise Refused("id", str(error)) from error
    if "lead_id" in record or "_type" in record or (id or "").startswith(_OTHERS) or not (id or _SIGNS & set(record)):
        raise Refused("", "the record is not a lead")
    if id is None:
        reading.tally.warn("lead without id")
    return id or made_id(LEAD.prefix, content(record))


def write(
    row: Mapping[str, Any],
    status: Mapping[str, Any],
    addresses: Sequence[Mapping[str, Any]],
    children: Mapping[str, Any],
) -> dict[str, Any]:
    head = {"id": row["id"], "display_name": row["display_name"]}
    stage = {"status_id": status["id"], "status_label": status["label"]}
    places = {"addresses": [ADDRESSES.write(address) for address in addresses]}
    return head | stage | LAYOUT.write(row) | places | dict(children)
