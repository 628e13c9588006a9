"""Decimals on SQLite, which has none: texts in the form that Python writes, maybe with an exponent."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, case, cast, func, literal_column

from app.storage.json_text.parts import constant, joined

_NOTHING, _POINT, _ZERO, _EXPONENT, _MINUS = (constant(text) for text in ("", ".", "0", "E", "-"))


def without_exponent(number: ColumnElement[Any]) -> ColumnElement[Any]:
    """The same digits without an exponent, of which there is seldom one: 1E+2 is 100, 1E-7 is 0.0000001."""
    place = func.instr(number, _EXPONENT)
    return case((place == literal_column("0"), number), else_=_expanded(number, place))


def cents_as_decimal(number: ColumnElement[Any]) -> ColumnElement[Any]:
    sign = case((number < literal_column("0"), _MINUS), else_=_NOTHING)
    whole, rest = (func.abs(number).op(operator)(literal_column("100")) for operator in "/%")
    return case((number.is_not(None), func.printf(constant("%s%d.%02d"), sign, whole, rest)))


def _expanded(number: ColumnElement[Any], place: ColumnElement[int]) -> ColumnElement[Any]:
    """Before an exponent Python writes one digit, or one digit, a point and more of them."""
    exponent = cast(func.substr(number, place + literal_column("1")), Integer)
    mantissa = func.substr(number, literal_column("1"), place - literal_column("1"))
    digits = func.replace(func.replace(mantissa, _MINUS, _NOTHING), _POINT, _NOTHING)
    sign = case((func.substr(number, literal_column("1"), literal_column("1")) == _MINUS, _MINUS), else_=_NOTHING)
    small = joined(sign, constant("0."), _zeros(-exponent - literal_column("1")), digits)
    large = joined(sign, digits, _zeros(exponent + literal_column("1") - func.length(digits)))
    nothing = joined(sign, _ZERO)
    return case((exponent < literal_column("0"), small), (func.trim(digits, _ZERO) == _NOTHING, nothing), else_=large)


def _zeros(count: ColumnElement[int]) -> ColumnElement[str]:
    return func.substr(func.hex(func.zeroblob(count)), literal_column("1"), count)
