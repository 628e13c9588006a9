"""The scalars of the schema: what they take, what they give, and the specification each one follows."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NewType
from urllib.parse import urlsplit

import strawberry
from graphql import FloatValueNode, GraphQLError, IntValueNode, StringValueNode, ValueNode
from strawberry.types.scalar import ScalarDefinition

from app.domain.moments import Duration
from app.domain.time import zone

TimeZone = NewType("TimeZone", str)
URL = NewType("URL", str)
JSON = NewType("JSON", object)

RFC3339 = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6"
_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DECIMAL = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,4})?", re.ASCII)
_LARGEST_EXPONENT = 300
_SCHEMES = frozenset({"http", "https", "mailto", "tel", "ftp"})  # never one that runs when it is clicked


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise GraphQLError(f"{value!r} is not {what}: it has to be a string.")
    return value


def parse_date_time(value: object) -> dt.datetime:
    text = _text(value, "a date-time")
    if not _DATE_TIME.fullmatch(text):
        raise GraphQLError(f"{text!r} is not an RFC 3339 date-time with an offset, such as 2026-01-10T05:00:00Z.")
    try:
        return dt.datetime.fromisoformat(text.upper().replace(" ", "T")).astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise GraphQLError(f"{text!r} is not a date-time: {error}.") from error


def parse_date(value: object) -> dt.date:
    text = _text(value, "a date")
    try:
        if not _DATE.fullmatch(text):
            raise ValueError("it has to look like 2026-01-05")
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise GraphQLError(f"{text!r} is not a date: {error}.") from error


def parse_decimal(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise GraphQLError(f"{value!r} is not a decimal number.")
    if not _DECIMAL.fullmatch(str(value)):
        raise GraphQLError(f"{value!r} is not a decimal number.")
    number = Decimal(str(value))
    if number.adjusted() > _LARGEST_EXPONENT:
        raise GraphQLError(f"{value!r} is too large.")
    return number


def parse_decimal_literal(node: ValueNode, variables: Any = None) -> Decimal:
    if not isinstance(node, IntValueNode | FloatValueNode | StringValueNode):
        raise GraphQLError("Decimal takes a number or a string that holds one.", node)
    return parse_decimal(node.value)


def parse_time_zone(value: object) -> TimeZone:
    text = _text(value, "a time zone")
    try:
        zone(text)
    except ValueError as error:
        raise GraphQLError(f"{error}.") from error
    return TimeZone(text)


def parse_duration(value: object) -> Duration:
    text = _text(value, "a duration")
    try:
        return Duration.parse(text)
    except ValueError as error:
        raise GraphQLError(f"{error}.") from error


def parse_url(value: object) -> URL:
    text = _text(value, "a URL").strip()
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise GraphQLError(f"{text!r} is not a URL: {error}.") from error
    if parts.scheme not in _SCHEMES or not (parts.netloc or parts.path) or re.search(r"\s", text):
        raise GraphQLError(f"{text!r} is not an absolute URL, such as https://example.com/.")
    return URL(text)


def plain(number: Decimal) -> str:
    """A decimal without exponent, as it was written: 5.50 stays 5.50."""
    return format(number, "f")


def _scalar(
    name: str,
    description: str,
    url: str,
    give: Callable[[Any], Any],
    take: Callable[[Any], Any],
    **options: Any,
) -> ScalarDefinition:
    made: ScalarDefinition = strawberry.scalar(
        name=name, description=description, specified_by_url=url, serialize=give, parse_value=take, **options
    )
    return made


def _as_is(value: Any) -> Any:
    return value


SCALARS: dict[object, ScalarDefinition] = {
    dt.datetime: _scalar(
        "DateTime",
        "An instant: an RFC 3339 date-time with an offset, such as 2026-01-10T05:00:00Z. Returned in UTC.",
        RFC3339,
        dt.datetime.isoformat,
        parse_date_time,
    ),
    dt.date: _scalar(
        "Date",
        "A calendar day without a time zone: an RFC 3339 full-date, such as 2026-01-05.",
        RFC3339,
        dt.date.isoformat,
        parse_date,
    ),
    Decimal: _scalar(
        "Decimal",
        "An exact decimal number, returned as a string. Integers, floats and strings are accepted as input.",
        "https://www.rfc-editor.org/rfc/rfc8259#section-6",
        plain,
        parse_decimal,
        parse_literal=parse_decimal_literal,
    ),
    Duration: _scalar(
        "Duration",
        "A signed ISO 8601 duration, such as P7D, -PT15M or P1M.",
        "https://www.rfc-editor.org/rfc/rfc3339#appendix-A",
        str,
        parse_duration,
    ),
    TimeZone: _scalar(
        "TimeZone",
        "An IANA time zone name, or a fixed offset such as -08:00.",
        "https://www.rfc-editor.org/rfc/rfc6557",
        _as_is,
        parse_time_zone,
    ),
    URL: _scalar("URL", "An absolute URL.", "https://www.rfc-editor.org/rfc/rfc3986", _as_is, parse_url),
    JSON: _scalar("JSON", "Any JSON value.", "https://www.rfc-editor.org/rfc/rfc8259", _as_is, _as_is),
}
