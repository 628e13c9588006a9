"""Sums of money as a database works them out: what `app.domain.opportunities` says of values, of columns.

Values of 18 digits with their cents, which only an import brings, are left to Python: twelve of them may be no number
of 64 bits.
"""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, case, literal_column, type_coerce

from app.domain.opportunities import ValuePeriod
from app.storage.json_text import Cents, Checked, Made, constant

_LARGEST = 10**17


def amount(cents: ColumnElement[Any], currency: ColumnElement[Any]) -> Made:
    members = {"amount": type_coerce(cents, Cents()), "currency": currency}
    return Made(members, and_(cents.is_not(None), currency.is_not(None)))


def total(currency: ColumnElement[Any], cents: ColumnElement[Any]) -> Made:
    return amount(cents, currency)


def expected(cents: ColumnElement[Any], currency: ColumnElement[Any], confidence: ColumnElement[Any]) -> Made:
    return _amount(_share(cents, confidence), cents, currency)


def annualized(cents: ColumnElement[Any], currency: ColumnElement[Any], period: ColumnElement[Any]) -> Made:
    return _amount(_yearly(cents, period), cents, currency)


def annualized_expected(
    cents: ColumnElement[Any], currency: ColumnElement[Any], period: ColumnElement[Any], confidence: ColumnElement[Any]
) -> Made:
    return _amount(_share(_yearly(cents, period), confidence), cents, currency)


def _amount(worked_out: ColumnElement[Any], cents: ColumnElement[Any], currency: ColumnElement[Any]) -> Made:
    """What is made of a value, where there is one."""
    made = amount(cents, currency)
    value = Checked(type_coerce(worked_out, Cents()), cents.between(_number(-_LARGEST), _number(_LARGEST)))
    return made._replace(members={**made.members, "amount": value})


def _yearly(cents: ColumnElement[Any], period: ColumnElement[Any]) -> ColumnElement[Any]:
    is_monthly = period.op("=")(constant(ValuePeriod.MONTHLY.value))
    return cents * case((is_monthly, _number(12)), else_=_number(1))


def _share(cents: ColumnElement[Any], confidence: ColumnElement[Any]) -> ColumnElement[Any]:
    """Rounded half up, which is away from zero: dividing whole numbers cuts off what follows the point. Whole hundreds
    apart, so that nothing is larger than the value."""
    hundreds, rest = (cents.self_group().op(operator)(_number(100)).self_group() for operator in "/%")
    half = case((cents < _number(0), _number(-50)), else_=_number(50))
    return hundreds * confidence + (rest * confidence + half).self_group().op("/")(_number(100)).self_group()


def _number(number: int) -> ColumnElement[int]:
    return literal_column(str(number), BigInteger())
