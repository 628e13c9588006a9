"""Leaves: the JSON value of a column or expression, as the scalars and enums of the schema show it."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Any, TypeAlias

from sqlalchemy import BigInteger, Boolean, ColumnElement, Date, Integer, String, Text, case, cast, func, literal_column
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from app.storage.json_text.decimals import cents_as_decimal, without_exponent
from app.storage.json_text.parts import Unwritten, constant, fault, joined, refused
from app.storage.types import Choice, Exact, Instant, Word


class Kind(Enum):
    """How a value is shown."""

    TEXT = auto()
    INT = auto()  # of 32 bits: another number is a fault
    BIG_INT = auto()
    BOOLEAN = auto()
    INSTANT = auto()
    DATE = auto()
    DECIMAL = auto()
    CENTS = auto()  # a whole number of hundredths, shown as a decimal
    TEXTS = auto()  # a list of texts


class Absent(Enum):
    """What a null means."""

    NULL = auto()  # it is null in the answer too
    FAULT = auto()  # the answer may not have it
    NEVER = auto()  # the table does not have it


Names: TypeAlias = Mapping[str, str]  # of an enum's members: stored value -> name in the schema


class Cents(BigInteger):
    """A whole number of hundredths."""


class TextList(Text):
    """A list of texts, as JSON."""


class Shown(FunctionElement[Any]):
    """An expression that is shown in a way of its own, for it may hold what the schema does not allow."""

    @abstractmethod
    def shown(self, dialect: str, absent: Absent) -> ColumnElement[Any]:
        """Its JSON value."""


class Checked(Shown):
    """An expression that is worked out where a condition holds, and is a fault elsewhere."""

    inherit_cache = True

    def __init__(self, value: ColumnElement[Any], condition: ColumnElement[bool]) -> None:
        super().__init__(value, condition)
        self.type = value.type

    def shown(self, dialect: str, absent: Absent) -> ColumnElement[Any]:
        value, condition = self.clauses
        kind = kind_of(self.type)
        if kind is None:
            raise Unwritten(str(self.type))
        return case((condition, leaf(value, kind, dialect, absent)), else_=leaf_fault(dialect))


_TIMES = 8  # how close SQLAlchemy takes a product to bind
_KINDS: tuple[tuple[type[TypeEngine[Any]], Kind], ...] = (
    (Cents, Kind.CENTS),
    (TextList, Kind.TEXTS),
    (Instant, Kind.INSTANT),
    (Exact, Kind.DECIMAL),
    (Word, Kind.TEXT),
    (String, Kind.TEXT),
    (Boolean, Kind.BOOLEAN),
    (BigInteger, Kind.BIG_INT),
    (Integer, Kind.INT),
    (Date, Kind.DATE),
)


def kind_of(type_: TypeEngine[Any]) -> Kind | Names | None:
    """How a column's values are shown. None for those that the databases do not write as Python does: JSON, of which
    PostgreSQL keeps neither the order nor the numbers' forms, and numbers that are stored as sortable texts."""
    if isinstance(type_, Choice):
        return {member.value: member.name for member in type_.members}
    return next((kind for of, kind in _KINDS if isinstance(type_, of)), None)


def leaf(
    value: ColumnElement[Any], kind: Kind | Names, dialect: str, absent: Absent = Absent.NULL
) -> ColumnElement[Any]:
    """The JSON value of `value`."""
    if isinstance(value, Shown):
        return value.shown(dialect, absent)
    if not isinstance(kind, Kind):
        return _named(value, kind, dialect, absent)
    shown = _SHOWN[dialect][kind](value)
    if kind is Kind.INT and (isinstance(value.type, BigInteger) or not isinstance(value.type, Integer)):
        shown = case((~is_int(value), leaf_fault(dialect)), else_=shown)  # a null is neither
    if absent is Absent.FAULT:
        return func.coalesce(shown, leaf_fault(dialect))
    if absent is Absent.NEVER or dialect == "sqlite":  # its functions for JSON write null themselves
        return shown
    return func.coalesce(shown, constant("null"))


def _named(value: ColumnElement[Any], names: Names, dialect: str, absent: Absent) -> ColumnElement[Any]:
    """The name of an enum's member; a value that no member has is a fault."""
    found = [(constant(stored), _word(name, dialect)) for stored, name in names.items()]
    other = leaf_fault(dialect)
    if absent is Absent.NULL:
        other = case((value.is_(None), no_value(dialect)), else_=other)
    return case(*((value.op("=")(stored), name) for stored, name in found), else_=other)


def no_value(dialect: str) -> ColumnElement[Any]:
    return literal_column("NULL") if dialect == "sqlite" else constant("null")


def leaf_fault(dialect: str) -> ColumnElement[Any]:
    return refused() if dialect == "sqlite" else fault(dialect)


def _word(name: str, dialect: str) -> ColumnElement[str]:
    return constant(name if dialect == "sqlite" else f'"{name}"')


def is_int(value: ColumnElement[Any]) -> ColumnElement[bool]:
    return value.between(literal_column(str(-(2**31))), literal_column(str(2**31 - 1)))


def _as_it_is(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return value


def _text(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(value, Text)


def _escaped(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(func.to_json(value), Text)


def _instant(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """In UTC; six digits of a second's fraction or none. The first and the last instant are stored as infinities."""
    written = func.to_char(func.timezone(constant("UTC"), value), constant('YYYY-MM-DD"T"HH24:MI:SS.US'))
    finite = joined(constant('"'), func.replace(written, constant(".000000"), constant("")), constant('+00:00"'))
    return func.coalesce(finite, _infinite(value, "T00:00:00+00:00", "T23:59:59.999999+00:00"))


def _date(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """The first and the last day are stored as infinities."""
    return case((func.isfinite(value), _escaped(value)), else_=_infinite(value))


def _infinite(value: ColumnElement[Any], first: str = "", last: str = "") -> ColumnElement[Any]:
    return case(
        (value.op("=")(literal_column("'-infinity'")), constant(f'"0001-01-01{first}"')),
        (value.op("=")(literal_column("'infinity'")), constant(f'"9999-12-31{last}"')),
    )


def _quoted(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """For texts without a character that JSON escapes."""
    return joined(constant('"'), cast(value, Text), constant('"'))


def _truth(value: ColumnElement[Any]) -> ColumnElement[Any]:
    true, false = (literal_column(f"json('{word}')", Text()) for word in ("true", "false"))
    return case((value, true), (~value, false))


def _postgresql_cents(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return _quoted(value.op("*", precedence=_TIMES)(literal_column("0.01")))


_SHOWN: Mapping[str, Mapping[Kind, Callable[[ColumnElement[Any]], ColumnElement[Any]]]] = {
    "postgresql": {
        Kind.TEXT: _escaped,
        Kind.INT: _text,
        Kind.BIG_INT: _text,
        Kind.BOOLEAN: _text,
        Kind.INSTANT: _instant,
        Kind.DATE: _date,
        Kind.DECIMAL: _quoted,
        Kind.CENTS: _postgresql_cents,
    },
    "sqlite": {
        Kind.TEXT: _as_it_is,
        Kind.INT: _as_it_is,
        Kind.BIG_INT: _as_it_is,
        Kind.BOOLEAN: _truth,
        Kind.INSTANT: _as_it_is,
        Kind.DATE: _as_it_is,
        Kind.DECIMAL: without_exponent,
        Kind.CENTS: cents_as_decimal,
    },
}
