"""The values of the format, read strictly: a ValueError says what is wrong with one."""

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any, TypeVar

from app.domain.text import clean
from app.storage.ids import base62

T = TypeVar("T")

MAX_INTEGER = 2**31 - 1
MAX_BIG_INTEGER = 2**63 - 1
MAX_DEPTH = 60
MAX_DIGITS = 64
_LONG_DIGITS = 18  # fewer fit into 64 bits

_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}.*")
# What no column of either database can hold: the null character, and halves of surrogate pairs.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def as_is(value: Any) -> Any:
    return value


def text(value: Any) -> str | None:
    """A text; empty is none. Numbers are taken as they are written, for zip codes are often given so."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueError("is not a text")
    return clean(str(value))


def identifier(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise ValueError("is not an id: up to 100 letters, digits, _ and -")
    return value


def made_id(prefix: str, *parts: str) -> str:
    """The id of something that the file gives none: always the same for the same parts."""
    digest = sha256("\0".join(parts).encode()).digest()
    return f"{prefix}_{base62(int.from_bytes(digest[:16]))}"


def flag(value: Any) -> bool:
    if value is None or isinstance(value, bool):
        return bool(value)
    raise ValueError("is neither true nor false")


def whole(value: Any, low: int = -MAX_INTEGER, high: int = MAX_INTEGER) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("is not a whole number")
    # Decided before anything is spelled out: 1e999999999 has a billion digits.
    if isinstance(value, Decimal) and value.adjusted() < MAX_DIGITS and value != int(value):
        raise ValueError("is not a whole number")
    if not low <= value <= high:
        raise ValueError(f"is not between {low} and {high}")
    return int(value)


def whole_between(low: int, high: int) -> Callable[[Any], int | None]:
    return lambda value: whole(value, low, high)


def seconds(value: Any) -> int | None:
    """A length of time; fractions are cut off."""
    if isinstance(value, Decimal) and 0 <= value <= MAX_INTEGER:
        value = int(value)
    return whole(value, 0)


def is_day(value: Any) -> bool:
    return isinstance(value, str) and _DAY.fullmatch(value) is not None


def day(value: Any) -> dt.date | None:
    """A calendar day; of an instant its day in UTC."""
    if is_day(value):
        return _parsed(dt.date.fromisoformat, value)
    moment = instant(value)
    return moment.date() if moment is not None else None


def instant(value: Any) -> dt.datetime | None:
    """An instant in UTC. Without an offset it means UTC, and a day alone means its start."""
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not (is_day(value) or _INSTANT.fullmatch(value)):
        raise ValueError("is not a date such as 2017-03-01 or 2017-03-01T12:00:00+00:00")
    moment = _parsed(dt.datetime.fromisoformat, value)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=dt.UTC)
    try:
        return moment.astimezone(dt.UTC)
    except OverflowError:
        raise ValueError("is not a date: the year is out of range") from None


def _parsed(parse: Callable[[str], T], value: str) -> T:
    try:
        return parse(value)
    except ValueError:
        raise ValueError("is not a date: there is no such day or time") from None


def number(value: Any) -> Decimal:
    """An exact number of a size that both databases keep; a text may hold it."""
    try:
        if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
            raise ValueError
        exact = Decimal(value)
        if not exact.is_finite() or abs(exact.adjusted()) > MAX_DIGITS or len(format(exact, "f")) > MAX_DIGITS:
            raise ValueError
    except (ValueError, ArithmeticError):
        raise ValueError(f"is not a number of up to {MAX_DIGITS} digits") from None
    return exact


def one_of(members: Mapping[str, T]) -> Callable[[Any], T | None]:
    """The member that a word names, whatever its case and whether it is joined by _, - or a blank."""

    def read(value: Any) -> T | None:
        if value is None or value == "":
            return None
        word = re.sub(r"[\s_-]+", "_", value.strip().lower()) if isinstance(value, str) else ""
        if word not in members:
            raise ValueError(f"is none of {', '.join(members)}")
        return members[word]

    return read


def texts(value: Any) -> list[str]:
    """A list of texts; one text alone is a list of it."""
    if value is None:
        return []
    items = value if isinstance(value, list) else [value]
    return [item for item in map(text, items) if item is not None]


def objects(**members: Callable[[Any], Any]) -> Callable[[Any], list[dict[str, Any]]]:
    """Reads a list of objects, with members of these types; members that cannot be read are left out."""

    def read(value: Any) -> list[dict[str, Any]]:
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise ValueError("is not a list of objects")
        return [_typed(item, members) for item in value]

    return read


def _typed(item: Mapping[str, Any], members: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
    typed = {name: plain(value) for name, value in item.items() if name not in members}
    for name, read in members.items():
        try:
            typed[name] = read(item.get(name))
        except ValueError:
            typed[name] = None
    return {name: value for name, value in typed.items() if value is not None}


def plain(value: Any) -> Any:
    """A value of any shape with numbers that a JSON column keeps exactly; others become texts."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        if value.adjusted() >= _LONG_DIGITS:
            return str(value)
        if value == value.to_integral_value():
            return int(value)
        return float(value) if Decimal(repr(float(value))) == value else str(value)
    if isinstance(value, int) and abs(value) > MAX_BIG_INTEGER:
        return str(value)
    return value


def stable(value: Any) -> Any:
    """A JSON value with its keys in order, which databases do not keep."""
    if isinstance(value, dict):
        return {key: stable(value[key]) for key in sorted(value)}
    return [stable(item) for item in value] if isinstance(value, list) else value


def storable(value: Any) -> tuple[Any, int]:
    """The value with every character replaced that no database keeps, and how many there were."""
    if isinstance(value, str):
        return _UNSTORABLE.subn("\N{REPLACEMENT CHARACTER}", value)
    return value, _cleanse(value, 0) if isinstance(value, dict | list) else 0


def _cleanse(container: Any, depth: int) -> int:
    """Replaces in place. This looks at every text of a file, so printable ones are left after one quick test."""
    if depth > MAX_DEPTH:
        raise ValueError(f"is nested more than {MAX_DEPTH} levels deep")
    count = 0
    for place, item in list(container.items() if isinstance(container, dict) else enumerate(container)):
        kind = type(item)
        if kind is str:
            if not item.isprintable():
                container[place], found = storable(item)
                count += found
        elif kind is dict or kind is list:
            count += _cleanse(item, depth + 1)
        if isinstance(place, str) and not place.isprintable() and _UNSTORABLE.search(place):
            key, found = storable(place)
            container[key] = container.pop(place)
            count += found
    return count


def content(value: Any) -> str:
    """One text for equal contents, whatever the order of their keys."""
    return json.dumps(value, sort_keys=True, default=str)
