"""What a value of a custom field may be, whatever the field (rules CF13-CF16, CF24)."""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from app.domain.checks import MAX_TEXT, Checks
from app.domain.custom_fields import DataType
from app.domain.errors import ErrorCode

MAX_DIGITS = 64
MAX_JSON_BYTES = 64 * 1024
MAX_JSON_DEPTH = 64
_WHOLE_NUMBERS = 2**63

ITEMS: Mapping[DataType, tuple[str, str]] = {
    DataType.CHOICES: ("choices", "choice"),
    DataType.USER: ("users", "user"),
    DataType.CONTACT: ("contacts", "contact"),
}
"""What may have several items: the member of the input for all of them, and for one."""

MEMBERS: Mapping[DataType, str] = {
    DataType.TEXT: "text",
    DataType.TEXTAREA: "text",
    DataType.NUMBER: "number",
    DataType.DATE: "date",
    DataType.DATETIME: "date_time",
    DataType.HIDDEN: "json",
} | {type_: member for type_, (member, _) in ITEMS.items()}
"""The member of the input that a whole value of each type is given in."""


def checked(checks: Checks, data_type: DataType, value: Any) -> Any:
    """A value of a type without items, as it is kept; None for an empty text, and where it cannot be."""
    return _CHECKS[data_type](checks, value)


def _line(checks: Checks, value: str) -> str | None:
    text = checks.text({"text": value}, "text")
    if text is not None and text.splitlines() != [text]:
        checks.invalid("Text of one line cannot hold line breaks.", "text")
    return text


def _lines(checks: Checks, value: str) -> str | None:
    return checks.text({"text": value}, "text", MAX_TEXT)


def _number(checks: Checks, value: Decimal) -> Decimal | None:
    """Written out, and zero without a sign: so both databases keep it alike."""
    if abs(value.adjusted()) > MAX_DIGITS or len(written := format(value, "f")) > MAX_DIGITS:
        checks.invalid(f"A number can have {MAX_DIGITS} characters at most.", "number", code=ErrorCode.TOO_LONG)
        return None
    number = Decimal(written)
    return number or number.copy_abs()


def _as_it_is(checks: Checks, value: dt.date) -> dt.date:
    return value


def _json(checks: Checks, value: Any) -> Any:
    if value is None:
        checks.invalid("JSON cannot be null: unset the field instead.", "json", code=ErrorCode.REQUIRED)
        return None
    try:
        kept = _kept(value, MAX_JSON_DEPTH)
        size = len(json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode())
    except ValueError as error:
        checks.invalid(f"This JSON cannot be kept: {error}.", "json")
        return None
    if size > MAX_JSON_BYTES:
        message = f"JSON can have {MAX_JSON_BYTES} bytes at most, not {size}."
        checks.invalid(message, "json", code=ErrorCode.TOO_LONG)
    return kept


def _kept(value: Any, depth: int) -> Any:
    """The value in a form that both databases give back; ValueError says what they do not keep."""
    if isinstance(value, dict | list) and depth == 0:
        raise ValueError(f"it is nested more than {MAX_JSON_DEPTH} levels deep")
    if isinstance(value, dict):
        return {_kept_text(name): _kept(member, depth - 1) for name, member in value.items()}
    if isinstance(value, list):
        return [_kept(item, depth - 1) for item in value]
    if isinstance(value, str):
        return _kept_text(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return _kept_number(value)
    raise ValueError("a variable inside of it is missing, or is no JSON; give the whole value as a variable")


def _kept_text(text: str) -> str:
    if "\0" in text:
        raise ValueError("it holds a null character")
    return text


def _kept_number(value: float) -> float:
    """Whole ones without a fraction, which SQLite leaves out, or an exponent, which PostgreSQL does."""
    if not -_WHOLE_NUMBERS <= value < _WHOLE_NUMBERS:  # nor is what is no number
        raise ValueError("it holds a number beyond 64 bits, which a text can hold instead")
    return int(value) if value == int(value) else value


_CHECKS: Mapping[DataType, Callable[[Checks, Any], Any]] = {
    DataType.TEXT: _line,
    DataType.TEXTAREA: _lines,
    DataType.NUMBER: _number,
    DataType.DATE: _as_it_is,
    DataType.DATETIME: _as_it_is,
    DataType.HIDDEN: _json,
}
