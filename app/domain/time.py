"""Time zones, and the day that a caller calls today (rule T6)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

_OFFSET = re.compile(r"([+-])([0-9]{2}):([0-9]{2})")
_HEADER = re.compile(r"[+-]?[0-9]{1,2}(\.[0-9]{1,2})?")
# What a machine's zone files hold besides places: its own choice, and the same zones once more.
_NO_PLACE = re.compile(r"localtime|posixrules|Factory|(posix|right)/.*")

Now = Callable[[], datetime]


def now() -> datetime:
    return datetime.now(UTC)


@lru_cache(maxsize=1024)
def zone(name: str) -> tzinfo:
    """The zone of an IANA name or of a fixed offset such as -08:00; ValueError for anything else."""
    if name == "Z" or name == "UTC":
        return UTC
    if match := _OFFSET.fullmatch(name):
        sign, hours, minutes = match.groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
        if int(minutes) > 59 or not timedelta(hours=-12) <= offset <= timedelta(hours=14):
            raise ValueError(f"{name!r} is not an offset between -12:00 and +14:00")
        return timezone(offset)
    try:
        if _NO_PLACE.fullmatch(name):
            raise ValueError(name)
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError) as error:
        raise ValueError(f"{name!r} is neither an IANA time zone nor an offset such as -08:00") from error


def offset_header(text: str) -> str:
    """The fixed offset that an X-TZ-Offset header means: hours from UTC, in whole, half or quarter hours."""
    stripped = text.strip()
    hours = float(stripped) if _HEADER.fullmatch(stripped) else None
    if hours is None or hours * 4 != int(hours * 4) or not -12 <= hours <= 14:
        raise ValueError(f"X-TZ-Offset {text!r} is not a number of hours between -12 and 14 in quarters")
    minutes = int(abs(hours) * 60)
    return f"{'-' if hours < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"


def day_start(day: date, name: str) -> datetime:
    """The instant at which a day begins in a zone.

    Where the clock is put back over midnight the later of the two midnights counts, and where midnight is
    skipped the moment of the change, which is what PostgreSQL's AT TIME ZONE answers.
    """
    midnight, where = datetime.combine(day, time()), zone(name)
    try:
        return max(midnight.replace(tzinfo=where, fold=fold).astimezone(UTC) for fold in (0, 1))
    except OverflowError:  # east of Greenwich the calendar's first day begins before it
        return datetime.min.replace(tzinfo=UTC)


def local_day(instant: datetime, name: str) -> date:
    try:
        return instant.astimezone(zone(name)).date()
    except OverflowError:  # the calendar ends before that zone's day does
        return instant.date()


@dataclass(frozen=True)
class Clock:
    """The caller's calendar: the moment, a zone, its today, and the instant at which its tomorrow begins."""

    now: datetime
    zone: str
    today: date
    tomorrow: datetime

    @classmethod
    def at(cls, instant: datetime, name: str) -> "Clock":
        today = local_day(instant, name)
        return cls(instant, name, today, day_start(today + timedelta(days=1), name))
