from typing import Any

import pytest

from app.domain.moments import Duration
from app.services.filter_json import Parsed, canonical, read, write

NOW = {"type": "now"}
UNITS = "years, months, weeks, days, hours, minutes, seconds"


def query(moment: Any) -> Any:
    field = {"type": "regular_field", "object_type": "lead", "field_name": "date_created"}
    condition = {"type": "moment_range", "before": moment}
    return {"type": "field_condition", "field": field, "condition": condition}


def moment_of(parsed: Parsed) -> Any:
    assert parsed.variables is not None, parsed.problems
    return parsed.variables["query"]["fieldCondition"]["condition"]["momentRange"]["before"]


def period(name: str, edge: str) -> Any:
    return {"type": "start_end_of_predefined_relative_period", "range": name, "which": edge}


def day(value: str, which: str = "start") -> Any:
    return {"type": "fixed_local_date", "value": value, "which": which}


def offset(moment: Any = NOW, direction: str = "past", **units: Any) -> Any:
    return {"type": "offset", "direction": direction, "moment": moment, "offset": units, "which_day_end": None}


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (NOW, {"relative": {"anchor": "NOW"}}),
        (
            {"type": "fixed_local_date", "value": "2026-01-05", "which": "end"},
            {"day": {"date": "2026-01-05", "edge": "END"}},
        ),
        ({"type": "fixed_local_date", "value": "2026-01-05"}, {"day": {"date": "2026-01-05"}}),
        (
            {"type": "fixed_local_date", "value": "2026-01-05T10:00:00.5+01:00", "which": "start"},
            {"dateTime": "2026-01-05T10:00:00.5+01:00"},
        ),
        (period("this-week", "start"), {"period": {"period": "THIS_WEEK", "edge": "START"}}),
        (period("today", "end"), {"period": {"period": "TODAY", "edge": "END"}}),
        (
            offset(days=30, hours=0, years=0),
            {"relative": {"anchor": "NOW", "offset": "-P0Y30DT0H", "snapTo": None}},
        ),
        (
            {**offset(direction="future", weeks=2), "which_day_end": "end"},
            {"relative": {"anchor": "NOW", "offset": "P2W", "snapTo": "END"}},
        ),
        (
            offset(period("this-quarter", "start"), months=3),
            {"relative": {"anchor": "START_OF_QUARTER", "offset": "-P3M", "snapTo": None}},
        ),
        (
            offset(period("today", "end"), seconds=0),
            {"relative": {"anchor": "END_OF_DAY", "offset": "-PT0S", "snapTo": None}},
        ),
    ],
)
def test_moments_are_read_and_come_back(moment: Any, expected: Any) -> None:
    parsed = read(query(moment))
    assert moment_of(parsed) == expected
    assert canonical(parsed) == query(moment)


def test_offset_components_stay_as_written() -> None:
    units = {"years": 0, "months": 1, "weeks": 2, "days": 30, "hours": 0, "minutes": 15, "seconds": 0}
    text = moment_of(read(query({**offset(), "offset": units})))["relative"]["offset"]
    assert text == "-P0Y1M2W30DT0H15M0S"
    assert Duration.parse(text).negative
    condition = {"momentRange": {"after": {"relative": {"offset": text}}}}
    written = write({"fieldCondition": {"field": {"lead": "DATE_CREATED"}, "condition": condition}})
    assert written["condition"]["after"]["offset"] == units


def test_underscores_in_periods_are_taken() -> None:
    parsed = read(query(period("last_month", "end")))
    assert moment_of(parsed) == {"period": {"period": "LAST_MONTH", "edge": "END"}}
    assert canonical(parsed) == query(period("last-month", "end"))


def test_unknown_periods_name_the_nearest() -> None:
    [problem] = read(query(period("last_moon", "end"))).problems
    assert problem.message.startswith('"last-moon" is no period. Did you mean "last-month"? It has to be one of today,')


def test_whole_floats_are_counts() -> None:
    assert moment_of(read(query(offset(days=30.0))))["relative"]["offset"] == "-P30D"


def test_fixed_offset_keeps_missing_edge() -> None:
    given = {"type": "offset", "direction": "past", "moment": NOW, "offset": {"days": 1}}
    parsed = read(query(given))
    assert moment_of(parsed) == {"relative": {"anchor": "NOW", "offset": "-P1D"}}
    assert canonical(parsed) == query(given)


@pytest.mark.parametrize(
    ("value", "which"),
    [
        ("2026-01-05T23:59:59+01:00", "end"),
        ("2026-01-05T00:00:00Z", "end"),
        ("2026-01-05T00:00:00", "start"),
        ("2026-01-05 00:00", "end"),
    ],
)
def test_time_on_a_day_is_warned_of(value: str, which: str) -> None:
    parsed = read(query({"type": "fixed_local_date", "value": value, "which": which}))
    assert moment_of(parsed) == {"day": {"date": "2026-01-05", "edge": which.upper()}}
    [warning] = parsed.warnings
    assert (warning.path, warning.code) == (["condition", "before", "value"], "CHANGED_VALUE")
    assert warning.message == "The time is left out: this is an edge of the day 2026-01-05."


@pytest.mark.parametrize(
    ("moment", "path", "message"),
    [
        (7, "", "A moment is an object with a type; this is 7."),
        (day("2026-02-30"), "value", '"2026-02-30" is no day such as 2026-01-05.'),
        (day("2026-01-05T24:30:00Z"), "value", '"2026-01-05T24:30:00Z" is no date-time such as 2026-01-05T09:00:00Z.'),
        (day("soon"), "value", '"soon" is no day such as 2026-01-05.'),
        (
            day("2026-01-05T09:00:00"),
            "value",
            'The time of "2026-01-05T09:00:00" needs an offset, such as 2026-01-05T09:00:00Z.',
        ),
        (day("2026-01-05", "middle"), "which", '"middle" is no edge. It has to be one of start, end.'),
        (offset(), "offset", f"The offset goes nowhere: give at least one of {UNITS}."),
        (
            offset(days=-3),
            "offset.days",
            'A whole number from 0 to 999999 has to stand here, not -3; for the past "direction" is "past".',
        ),
        (
            offset(days=1.5),
            "offset.days",
            'A whole number from 0 to 999999 has to stand here, not 1.5; for the past "direction" is "past".',
        ),
        ({**offset(days=1), "direction": None}, "", '"direction" is null.'),
        ({**offset(days=1), "offset": 3}, "offset", f"An object of {UNITS} has to stand here, not 3."),
    ],
)
def test_bad_moments_are_told(moment: Any, path: str, message: str) -> None:
    [problem] = read(query(moment)).problems
    assert ".".join(problem.path) == ".".join(filter(None, ["condition.before", path]))
    assert problem.message == message


@pytest.mark.parametrize(
    "moment",
    [
        period("this-week", "end"),
        period("yesterday", "start"),
        {"type": "fixed_local_date", "value": "2026-01-05", "which": "start"},
        offset(days=1),
    ],
)
def test_other_starts_are_not_expressible(moment: Any) -> None:
    [problem] = read(query(offset(moment, days=1))).problems
    assert (problem.path, problem.code) == (["condition", "before", "moment"], "NOT_EXPRESSIBLE")
    assert problem.message == (
        "A search cannot start an offset from this moment, only from now, from either edge of today,"
        " and from the start of this week, month, quarter or year."
    )


def test_endless_offsets_are_refused() -> None:
    moment: Any = NOW
    for _ in range(5000):
        moment = offset(moment, days=1)
    [problem] = read(query(moment)).problems
    assert problem.code == "NOT_EXPRESSIBLE"


@pytest.mark.parametrize(
    ("relative", "written"),
    [
        ({}, NOW),
        ({"anchor": "NOW"}, NOW),
        ({"anchor": "START_OF_DAY"}, period("today", "start")),
        ({"anchor": "END_OF_DAY"}, period("today", "end")),
        ({"anchor": "START_OF_WEEK"}, period("this-week", "start")),
        ({"anchor": "START_OF_MONTH"}, period("this-month", "start")),
        ({"anchor": "START_OF_QUARTER"}, period("this-quarter", "start")),
        ({"anchor": "START_OF_YEAR"}, period("this-year", "start")),
        ({"snapTo": "END"}, {**offset(days=0), "which_day_end": "end"}),
        ({"anchor": "NOW", "offset": None, "snapTo": None}, offset(days=0)),
        ({"offset": "P1DT2H", "snapTo": None}, offset(direction="future", days=1, hours=2)),
    ],
)
def test_moving_moments_are_written(relative: Any, written: Any) -> None:
    condition = {"momentRange": {"before": {"relative": relative}}}
    json = write({"fieldCondition": {"field": {"lead": "DATE_CREATED"}, "condition": condition}})
    assert json == query(written)
    assert canonical(read(json)) == json
