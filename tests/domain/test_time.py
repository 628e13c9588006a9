from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.time import Clock, day_start, local_day, now, offset_header, zone


@pytest.mark.parametrize(
    ("name", "minutes"),
    [
        ("Z", 0),
        ("UTC", 0),
        ("+00:00", 0),
        ("-00:00", 0),
        ("-08:00", -480),
        ("+05:30", 330),
        ("+05:45", 345),
        ("-12:00", -720),
        ("+14:00", 840),
        ("-00:30", -30),
        ("+00:01", 1),
    ],
)
def test_fixed_offsets_are_zones(name: str, minutes: int) -> None:
    assert zone(name).utcoffset(None) == timedelta(minutes=minutes)


@pytest.mark.parametrize("name", ["Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+12", "EST5EDT", "CET"])
def test_iana_names_are_zones(name: str) -> None:
    assert zone(name) == ZoneInfo(name)


@pytest.mark.parametrize(
    "name",
    [
        "", " ", "PST", "Mars/Olympus", "europe/berlin", "Europe/Berlin ", "Europe", "Europe/", "/etc/localtime",
        "../zone", "Europe/../Europe/Berlin", "\0", "\ud800", "x" * 300, "zone.tab",
        "+8:00", "08:00", "+08", "+0800", "+08:60", "-12:01", "+14:01", "+15:00", "-13:00", "+99:99", "−08:00",
        "+٠٨:٠٠", "+08:00\n", "z",
        "localtime", "posixrules", "Factory", "posix/Europe/Berlin", "right/Europe/Berlin",
    ],
)  # fmt: skip
def test_other_names_are_refused(name: str) -> None:
    for _ in range(2):  # a refusal is not remembered as a zone
        with pytest.raises(ValueError, match=r"is not an offset between|is neither an IANA time zone"):
            zone(name)


@given(st.text())
def test_any_text_is_zone_or_refused(name: str) -> None:
    """And nothing else comes of it, whatever the text."""
    with suppress(ValueError):
        assert isinstance(zone(name), tzinfo)


@pytest.mark.parametrize(
    ("header", "offset"),
    [
        ("0", "+00:00"),
        ("-0", "+00:00"),
        ("+0", "+00:00"),
        ("-8", "-08:00"),
        ("-08", "-08:00"),
        ("+5.5", "+05:30"),
        ("5.75", "+05:45"),
        ("5.50", "+05:30"),
        ("-3.25", "-03:15"),
        ("-0.5", "-00:30"),
        ("-12", "-12:00"),
        ("14", "+14:00"),
        (" 2 ", "+02:00"),
    ],
)
def test_offset_headers_mean_hours(header: str, offset: str) -> None:
    assert offset_header(header) == offset
    assert zone(offset_header(header)).utcoffset(None) == timedelta(hours=float(header))


@pytest.mark.parametrize(
    "header",
    ["", " ", "PST", "99", "14.25", "-12.25", "15", "5.1", "5.33", "5.", ".5", "--8", "+-8", "8h", "1e1", "nan", "inf",
     "٥", "5,5", "-08:00", "5.250", "0x8", "1_0", "8\0"],
)  # fmt: skip
def test_other_headers_are_refused(header: str) -> None:
    with pytest.raises(ValueError, match="is not a number of hours between -12 and 14 in quarters"):
        offset_header(header)


@pytest.mark.parametrize(
    ("name", "day", "start"),
    [
        ("UTC", date(2026, 3, 1), "2026-03-01T00:00+00:00"),
        ("-08:00", date(2015, 1, 12), "2015-01-12T08:00+00:00"),
        ("+14:00", date(2015, 1, 12), "2015-01-11T10:00+00:00"),
        ("America/Los_Angeles", date(2026, 3, 8), "2026-03-08T08:00+00:00"),  # the clock changes later that day
        ("America/Los_Angeles", date(2026, 3, 9), "2026-03-09T07:00+00:00"),
        ("America/Sao_Paulo", date(2018, 11, 4), "2018-11-04T03:00+00:00"),  # no midnight
        ("Asia/Beirut", date(2022, 3, 27), "2022-03-26T22:00+00:00"),  # no midnight
        ("Africa/Cairo", date(2023, 4, 28), "2023-04-27T22:00+00:00"),  # no midnight
        ("America/Havana", date(2022, 3, 13), "2022-03-13T05:00+00:00"),  # no midnight
        ("America/Havana", date(2022, 11, 6), "2022-11-06T05:00+00:00"),  # two midnights
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-30T10:00+00:00"),  # no such day
        ("Pacific/Apia", date(2011, 12, 31), "2011-12-30T10:00+00:00"),
    ],
)  # fmt: skip
def test_days_begin_at_their_instants(name: str, day: date, start: str) -> None:
    assert day_start(day, name) == datetime.fromisoformat(start)
    assert day_start(day, name).tzinfo is UTC


@pytest.mark.parametrize("name", ["+14:00", "-12:00", "Asia/Tokyo", "America/New_York", "UTC"])
def test_calendar_ends_are_days(name: str) -> None:
    for day in (date.min, date.max):
        there = datetime.combine(day, time(), UTC)
        assert abs(day_start(day, name) - there) <= timedelta(days=1)
        assert abs(local_day(there, name) - day) <= timedelta(days=1)
    last = datetime.combine(date.max, time.max, UTC)
    assert abs(local_day(last, name) - date.max) <= timedelta(days=1)


NAMES = ["UTC", "-08:00", "+05:45", "America/Havana", "America/Sao_Paulo", "Africa/Cairo", "Europe/Berlin"]


@given(st.dates(date(1980, 1, 1), date(2035, 1, 1)), st.sampled_from(NAMES))
def test_day_holds_its_instants(day: date, name: str) -> None:
    start, end = day_start(day, name), day_start(day + timedelta(days=1), name)
    assert timedelta(hours=22) < end - start < timedelta(hours=26)
    assert local_day(start, name) == local_day(end - timedelta(microseconds=1), name) == day
    assert local_day(end, name) == day + timedelta(days=1)


def test_clock_knows_its_day() -> None:
    instant = datetime(2026, 3, 8, 7, 59, 59, tzinfo=UTC)
    tomorrow = datetime(2026, 3, 8, 8, tzinfo=UTC)
    assert Clock.at(instant, "America/Los_Angeles") == Clock(instant, "America/Los_Angeles", date(2026, 3, 7), tomorrow)
    after = Clock.at(tomorrow, "America/Los_Angeles")
    assert (after.today, after.tomorrow) == (date(2026, 3, 8), datetime(2026, 3, 9, 7, tzinfo=UTC))
    with pytest.raises(ValueError, match="neither an IANA"):
        Clock.at(instant, "Mars/Olympus")


def test_moment_is_in_utc() -> None:
    before = datetime.now(timezone(timedelta(hours=5)))
    assert before <= now() <= datetime.now(UTC)
    assert now().tzinfo is UTC
