"""Whether servers answer the same: values are compared, whatever each server calls and wraps them."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}")
_ENUMS = {"type", "direction"}
_WORKED_OUT = {"phoneFormatted", "view", "expectedValue"}  # which a server of tables leaves to its callers
_TABLE_NAMES = {
    "callNote": "text",
    "bodyText": "text",
    "noteText": "text",
    "smsText": "text",
    "meetingNote": "text",
    "title": "subject",
    "remotePhone": "phone",
}


class Differ(Exception):
    """Two servers do not give the same answer: one of them is wrong."""


def check(name: str, answers: Mapping[str, bytes], *, fails: bool = False) -> None:
    """All answers to a request of this case are equal; `fails` says that they hold errors."""
    read = {server: _read(name, server, body, fails) for server, body in answers.items()}
    first, *others = read
    for other in others:
        place = difference(read[first], read[other])
        if place is not None:
            raise Differ(f"{name}: {first} and {other} differ at {place}")


def _read(name: str, server: str, body: bytes, fails: bool) -> Any:
    try:
        answer = orjson.loads(body)
    except ValueError:
        raise Differ(f"{name}: {server} gave no JSON: {body[:500]!r}") from None
    if bool(answer.get("errors")) is not fails or "data" not in answer:
        raise Differ(f"{name}: {server} answered {body[:1_000]!r}")
    return _shaped(name, answer["data"])


def _shaped(name: str, data: Any) -> Any:
    shaped = values(data)
    match name:
        case "Q4":
            return _changed(shaped["leadChangeStatus"])
        case "Q6":
            return [lead | {"customFields": _set(lead["customFields"])} for lead in shaped["search"]]
        case "Q7":
            return [_activity(activity) for activity in shaped["activities"]]
        case "Q10":
            return [_worked_out(lead) for lead in shaped["leads"]]
    return shaped


def values(data: Any) -> Any:
    """The answer without pages around lists, with moments and enums in one form."""
    match data:
        case {"nodes": list(nodes), **rest} if not rest:
            return values(nodes)
        case dict():
            return {key: _enum(value) if key in _ENUMS else values(value) for key, value in data.items()}
        case list():
            return [values(item) for item in data]
        case str() if _MOMENT.match(data):
            return datetime.fromisoformat(data).astimezone(UTC).isoformat()
    return data


def difference(one: Any, other: Any, place: str = "") -> str | None:
    """Where two values differ first, with both; None where they are equal."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        found = (difference(one[key], other[key], f"{place}.{key}") for key in one)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        found = (difference(a, b, f"{place}[{i}]") for i, (a, b) in enumerate(zip(one, other, strict=True)))
    else:
        return None if one == other else f"{place or 'the top'}: {str(one)[:300]} and {str(other)[:300]}"
    return next((each for each in found if each is not None), None)


def _enum(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


def _changed(payload: dict[str, Any]) -> dict[str, Any]:
    """A payload whose record holds the lead, as one that holds both."""
    record = dict(payload["activity"])
    lead = payload.get("lead") or record.pop("lead")
    record.pop("lead", None)
    return {"lead": lead, "activity": record}


def _set(custom: list[dict[str, Any]]) -> dict[str, Any]:
    """Values by their fields, each as one text."""
    return {value["field"]["id"]: _one(value) for value in custom}


def _one(value: dict[str, Any]) -> str:
    if value.get("choices"):
        return str(value["choices"][0])
    return next(str(value[name]) for name in ("text", "number", "item") if value.get(name) is not None)


def _activity(activity: dict[str, Any]) -> dict[str, Any]:
    """The members that are set, under the names of the table's columns; a server of tables gives all columns."""
    named = {_TABLE_NAMES.get(key, key): value for key, value in activity.items() if value is not None}
    if activity["type"] == "NOTE" or "text" not in named:
        named.setdefault("text", "")
    shown = _SHOWN.get(activity["type"], {"oldLabel", "newLabel"}) | {"id", "type", "date"}
    return {key: value for key, value in named.items() if key in shown}


_SHOWN = {
    "CALL": {"direction", "duration", "phone", "text"},
    "EMAIL": {"direction", "subject", "sender", "text"},
    "NOTE": {"text"},
    "SMS": {"direction", "text", "phone"},
    "MEETING": {"subject", "startsAt", "endsAt", "text"},
}


def _worked_out(lead: dict[str, Any]) -> Any:
    """A lead with what its columns say, without what only the gateway works out from them."""
    return {key: _flat(value) if key in {"tasks", "opportunities"} else _without(value) for key, value in lead.items()}


def _flat(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [_columns(row) for row in rows]


def _columns(row: dict[str, Any]) -> dict[str, Any]:
    """Tasks and deals in the columns that both kinds of server tell."""
    if "text" in row:
        due = row["date"] if isinstance(row["date"], dict) else {"date": row["date"], "dateTime": row["dateTime"]}
        whole = None if due["dateTime"] else due["date"]
        return {"id": row["id"], "text": row["text"], "day": whole, "moment": due["dateTime"]}
    if "valueCents" in row:
        cents = row["valueCents"]
        return {"id": row["id"], "value": None if cents is None else Decimal(cents) / 100}
    value = row["value"]
    return {"id": row["id"], "value": None if value is None else Decimal(value["amount"])}


def _without(value: Any) -> Any:
    if isinstance(value, list):
        return [_without(item) for item in value]
    if isinstance(value, dict):
        return {key: _without(item) for key, item in value.items() if key not in _WORKED_OUT}
    return value
