"""Leaves of filter trees and sorts that make sense, by the kind of object that is searched."""

from typing import Any


def _where(kind: str, field: str, **condition: Any) -> Any:
    return {"fieldCondition": {"field": {kind: field}, "condition": condition}}


def _related(kind: str, query: Any) -> Any:
    return {"hasRelated": {"relatedObjectType": kind, "relatedQuery": query}}


_TEXT = {"text": {"value": "foo", "mode": "BEGINNING_OF_WORDS"}}
_ANY: list[Any] = [{"matchAll": True}, {"matchAll": False}, {"and": []}, {"or": []}, _TEXT]
_LEADS: list[Any] = [
    *_ANY,
    {"id": "lead_A"},
    _where("lead", "NAME", exists=False),
    _where("lead", "DISPLAY_NAME", text={"value": "foo"}),
    _where("lead", "DESCRIPTION", text={"value": "straße", "mode": "PHRASE"}),
    _where("lead", "SOURCE", text={"value": "plain", "mode": "EXACT_VALUE"}),
    _where("lead", "CONTACTS_COUNT", numberRange={"gte": 1, "lt": "3"}),
    _where("lead", "CREATED_BY", currentUser=True),
    _where("lead", "STATUS_ID", reference={"ids": ["stat_lead0", "stat_gone"]}),
    _where("lead", "DATE_CREATED", momentRange={"onOrAfter": {"dateTime": "2026-03-29T01:00:00Z"}}),
    _where("lead", "DATE_UPDATED", momentRange={"before": {"relative": {"anchor": "START_OF_DAY", "offset": "P1D"}}}),
    _where("customField", "cf_lead_number", numberRange={"gt": "-1e61", "lte": 2}),
    _where("customField", "cf_lead_choices", term={"values": ["red"]}),
    _where("customField", "cf_lead_date", exists=True),
    _related("CONTACT", {"and": []}),
    _related("CONTACT", _related("CONTACT_EMAIL", _where("contactEmail", "EMAIL", exists=True))),
    _related("TASK", _where("task", "IS_COMPLETE", boolean=False)),
    _related("OPPORTUNITY", _where("opportunity", "VALUE", numberRange={"gt": 0})),
    _related("ACTIVITY", _where("activity", "TYPE", term={"values": ["note", "call"]})),
]
_CONTACTS: list[Any] = [
    *_ANY,
    {"id": "cont_A"},
    _where("contact", "NAME", text={"value": "foo"}),
    _where("contact", "TITLE", exists=True),
    _where("contact", "EMAILS_COUNT", numberRange={"gte": 1}),
    _where("contact", "UPDATED_BY", reference={"ids": ["user_0"], "type": "USER"}),
    _where("customField", "cf_contact_text", exists=False),
    _related("LEAD", _where("lead", "NAME", exists=True)),
    _related("CALL", _where("call", "DURATION", numberRange={"gt": 1})),
]
SEARCHES: dict[str, list[Any]] = {"LEAD": _LEADS, "CONTACT": _CONTACTS, "": [*_ANY, {"id": "cont_b"}, {"id": "lead_b"}]}
SORTS: dict[str, list[Any]] = {
    "LEAD": [
        {"field": {"lead": "NAME"}},
        {"field": {"lead": "CONTACTS_COUNT"}, "direction": "DESC"},
        {"field": {"customField": "cf_lead_number"}},
        {"field": {"lead": "DATE_UPDATED"}, "direction": "DESC"},
    ],
    "CONTACT": [{"field": {"contact": "NAME"}, "direction": "DESC"}, {"field": {"contact": "TITLE"}}],
}
# Searches that are gone on with, from cursors that they handed out: of one kind, of both, in each kind of order.
PAGED: list[dict[str, Any]] = [
    {"query": {"and": [{"objectType": "LEAD"}, {"matchAll": True}]}, "sort": [SORTS["LEAD"][0]]},
    {"query": {"objectType": "LEAD"}, "sort": [SORTS["LEAD"][1], SORTS["LEAD"][2]]},
    {"query": _where("lead", "DISPLAY_NAME", exists=True)},
    {"query": {"objectType": "CONTACT"}, "sort": [SORTS["CONTACT"][1]]},
    {"query": {"matchAll": True}},
]
