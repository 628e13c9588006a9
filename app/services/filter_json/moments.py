"""Moments in both languages: fixed days, edges of periods around now, and offsets from them."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from app.domain.moments import Anchor, Duration
from app.services.filter_json.names import EDGES, PERIODS
from app.services.filter_json.places import Notes, ProblemCode, Refused, Spot, Unwritable, none_of, shown
from app.services.filter_json.shapes import Member, Record, Variants, single
from app.services.filter_json.values import TEXT, Choice

EDGE = Choice("edge", EDGES)
UNITS = ("years", "months", "weeks", "days", "hours", "minutes", "seconds")
MAX_COUNT = 999_999

# The edges of periods from which a moving moment can start.
ANCHORS: Mapping[Anchor, tuple[str, str]] = {
    Anchor.START_OF_DAY: ("TODAY", "START"),
    Anchor.END_OF_DAY: ("TODAY", "END"),
    Anchor.START_OF_WEEK: ("THIS_WEEK", "START"),
    Anchor.START_OF_MONTH: ("THIS_MONTH", "START"),
    Anchor.START_OF_QUARTER: ("THIS_QUARTER", "START"),
    Anchor.START_OF_YEAR: ("THIS_YEAR", "START"),
}
_BY_EDGE = {edge: anchor for anchor, edge in ANCHORS.items()}

_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[Tt ](.*))?", re.DOTALL)
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})")
_MIDNIGHT = re.compile(r"00:00(:00(\.0+)?)?")


class Now:
    type = "now"
    member = "relative"
    names: frozenset[str] = frozenset()

    def read(self, value: Mapping[str, Any], spot: Spot, notes: Notes) -> dict[str, Any]:
        return {self.member: {"anchor": Anchor.NOW.name}}

    def writes(self, member: str, value: Any) -> bool:
        return member == self.member and value in ({}, {"anchor": Anchor.NOW.name})

    def write(self, value: Any, spot: Spot) -> dict[str, Any]:
        return {}


class PeriodName(Choice):
    """The name of a period; its words are joined by hyphens, or by underscores in some filters."""

    def read(self, value: Any, spot: Spot, notes: Notes) -> str:
        return super().read(value.replace("_", "-") if isinstance(value, str) else value, spot, notes)


class Units:
    """How far an offset goes, unit by unit, each as it was written."""

    def read(self, value: Any, spot: Spot, notes: Notes) -> dict[str, int]:
        if not isinstance(value, dict):
            message = f"An object of {', '.join(UNITS)} has to stand here, not {shown(value)}."
            raise notes.refuse(spot, ProblemCode.INVALID_VALUE, message)
        notes.warn_of_others(value, UNITS, spot)
        before = len(notes.problems)
        counts = {}
        for unit in UNITS:
            if value.get(unit) is not None:
                with suppress(Refused):
                    counts[unit] = self._count(value[unit], spot.step(unit), notes)
        if len(notes.problems) > before:
            raise Refused
        if not counts:
            message = f"The offset goes nowhere: give at least one of {', '.join(UNITS)}."
            raise notes.refuse(spot, ProblemCode.MISSING_MEMBER, message)
        return counts

    def write(self, value: Any, spot: Spot) -> dict[str, int]:
        return {unit: value[unit] for unit in UNITS if value[unit] is not None}

    def _count(self, value: Any, spot: Spot, notes: Notes) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float) or value not in range(MAX_COUNT + 1):
            message = (
                f"A whole number from 0 to {MAX_COUNT} has to stand here, not {shown(value)}; "
                'for the past "direction" is "past".'
            )
            raise notes.refuse(spot, ProblemCode.INVALID_VALUE, message)
        return int(value)


class FixedLocalDate:
    """The start or the end of a day, or an instant."""

    type = "fixed_local_date"
    member = "day"
    names = frozenset({"value", "which"})
    _members = Record([Member("value", "date", TEXT, required=True), Member("which", "edge", EDGE)])

    def read(self, value: Mapping[str, Any], spot: Spot, notes: Notes) -> dict[str, Any]:
        day = self._members.read(value, spot.step(input=self.member), notes)
        at = spot.step("value")
        match = _DAY.fullmatch(day["date"])
        if match is None or not _is_day(match[1]):
            message = f"{shown(day['date'])} is no day such as 2026-01-05."
            raise notes.refuse(at, ProblemCode.INVALID_VALUE, message)
        if match[2] is None:
            return {self.member: day}
        return self._with_time(day, match[1], match[2], at, notes)

    def writes(self, member: str, value: Any) -> bool:
        return member in (self.member, "dateTime")

    def write(self, value: Any, spot: Spot) -> dict[str, Any]:
        if spot.input[-1] == "dateTime":
            return {"value": TEXT.write(value, spot), "which": "start"}
        return self._members.write(value, spot)

    def _with_time(self, day: dict[str, Any], date_part: str, time: str, at: Spot, notes: Notes) -> dict[str, Any]:
        with_offset = _TIME.fullmatch(time) is not None
        if with_offset and not _is_instant(day["date"]):
            message = f"{shown(day['date'])} is no date-time such as 2026-01-05T09:00:00Z."
            raise notes.refuse(at, ProblemCode.INVALID_VALUE, message)
        if with_offset and day.get("edge") != "END":
            return {"dateTime": day["date"]}
        if not with_offset and not _MIDNIGHT.fullmatch(time):
            message = f"The time of {shown(day['date'])} needs an offset, such as {date_part}T09:00:00Z."
            raise notes.refuse(at, ProblemCode.INVALID_VALUE, message)
        notes.warn(at, ProblemCode.CHANGED_VALUE, f"The time is left out: this is an edge of the day {date_part}.")
        return {self.member: {**day, "date": date_part}}


class PeriodEdge:
    """The start or the end of a period around now."""

    type = "start_end_of_predefined_relative_period"
    member = "period"
    names = frozenset({"range", "which"})
    _members = Record(
        [Member("range", "period", PeriodName("period", PERIODS), required=True), Member("which", "edge", EDGE)]
    )

    def read(self, value: Mapping[str, Any], spot: Spot, notes: Notes) -> dict[str, Any]:
        return {self.member: self._members.read(value, spot.step(input=self.member), notes)}

    def writes(self, member: str, value: Any) -> bool:
        return member == self.member

    def write(self, value: Any, spot: Spot) -> dict[str, Any]:
        return self._members.write(value, spot)


class Start:
    """Where an offset starts: now, or an edge of the day, week, month, quarter or year that it is."""

    def read(self, value: Any, spot: Spot, notes: Notes) -> str:
        if isinstance(value, dict) and value.get("type") == Offset.type:
            raise self._refuse(spot, notes)
        moment = MOMENT.read(value, spot, notes)
        if Now.member in moment:
            return Anchor.NOW.name
        edge = moment.get(PeriodEdge.member, {})
        anchor = _BY_EDGE.get((edge.get("period", ""), edge.get("edge", "START")))
        if anchor is None:
            raise self._refuse(spot, notes)
        return anchor.name

    def write(self, value: Any, spot: Spot) -> dict[str, Any]:
        if value == Anchor.NOW.name:
            return {"type": Now.type}
        for anchor, (period, edge) in ANCHORS.items():
            if value == anchor.name:
                return MOMENT.write({PeriodEdge.member: {"period": period, "edge": edge}}, spot)
        raise Unwritable(none_of("anchor", value, [*Anchor.__members__]), spot.input)

    def _refuse(self, spot: Spot, notes: Notes) -> Refused:
        message = (
            "A search cannot start an offset from this moment, only from now, from either edge of today,"
            " and from the start of this week, month, quarter or year."
        )
        return notes.refuse(spot, ProblemCode.NOT_EXPRESSIBLE, message)


class Offset:
    """A moment that moves with the clock, some way from its start."""

    type = "offset"
    member = "relative"
    names = frozenset({"direction", "moment", "offset", "which_day_end"})
    _members = Record(
        [
            Member("direction", "direction", Choice("direction", {"past": "-", "future": ""}), required=True),
            Member("moment", "anchor", Start(), required=True),
            Member("offset", "offset", Units(), required=True),
            Member("which_day_end", "snapTo", EDGE, nullable=True),
        ]
    )

    def read(self, value: Mapping[str, Any], spot: Spot, notes: Notes) -> dict[str, Any]:
        read = self._members.read(value, spot.step(input=self.member), notes)
        read["offset"] = str(Duration(**read["offset"], negative=read.pop("direction") == "-"))
        return {self.member: read}

    def writes(self, member: str, value: Any) -> bool:
        return member == self.member

    def write(self, value: Any, spot: Spot) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Unwritable(f"An object has to stand here, not {shown(value)}.", spot.input)
        duration = self._duration(value.get("offset"), spot.step(input="offset"))
        known = {"anchor": Anchor.NOW.name, **value}
        known |= {"offset": asdict(duration), "direction": "-" if duration.negative else ""}
        return self._members.write(known, spot)

    def _duration(self, text: Any, spot: Spot) -> Duration:
        if text is None:
            return Duration(days=0, negative=True)
        try:
            return Duration.parse(TEXT.write(text, spot))
        except Unwritable:
            raise
        except ValueError as error:
            raise Unwritable(f"{error}.", spot.input) from error


class Moments(Variants):
    """A moment. An input that goes nowhere from its start is that start."""

    def write(self, value: Any, spot: Spot) -> dict[str, Any]:
        member, inner = single(value, spot)
        if member == Offset.member and isinstance(inner, dict) and set(inner) == {"anchor"}:
            return Start().write(inner["anchor"], spot.step(input=member).step(input="anchor"))
        return super().write(value, spot)


MOMENT = Moments("moment", [Now(), FixedLocalDate(), PeriodEdge(), Offset()])


def _is_instant(text: str) -> bool:
    try:
        datetime.fromisoformat(text.upper())
    except ValueError:
        return False
    return True


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
