"""Leaf values: from what the driver gives to what the response holds.

The rule is that of the resolvers: the column type's value, then the scalar's own form. A step is left out where the
column's type makes it needless. A null where none may be, and whatever a step raises, leave the plan.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from graphql import GraphQLEnumType, GraphQLList, GraphQLNonNull, GraphQLScalarType
from sqlalchemy import BigInteger, Boolean, ColumnElement, Dialect, Integer, String, TypeDecorator

from app.storage.reading import decoder
from app.storage.types import Choice, Instant

Step: TypeAlias = Callable[[Any], Any]


class Bail(Exception):
    """The data does not fit the types: only the resolvers can say how."""


def stored_leaf(type_: Any, column: ColumnElement[Any], dialect: Dialect, may_be_null: bool) -> Step | None:
    """What a column's value is put through; None where the driver's value is the answer."""
    required, bare = _bare(type_)
    decode = decoder(column.type, dialect)
    step = _direct(bare, column, decode, dialect)
    if step is None:
        step = chain(decode, output(bare))
    elif step is AS_IT_IS:
        step = None
    return _nullable(step, required, may_be_null)


def given_leaf(type_: Any) -> Step | None:
    """What a Python value is put through, such as an attribute of an object or what a function made."""
    required, bare = _bare(type_)
    return _nullable(output(bare), required, may_be_null=True)


def output(type_: Any) -> Step:
    """The type's own form of a value that is not null."""
    if isinstance(type_, GraphQLList):
        item = given_leaf(type_.of_type)
        return list if item is None else lambda values: [item(value) for value in values]
    if isinstance(type_, GraphQLEnumType | GraphQLScalarType):
        form: Step = type_.coerce_output_value
        return form
    raise TypeError(f"{type_} is no leaf")


def chain(first: Step | None, then: Step) -> Step:
    return then if first is None else lambda value: then(first(value))


def null_stays(step: Step) -> Step:
    return lambda value: None if value is None else step(value)


def AS_IT_IS(value: Any) -> Any:  # noqa: N802 - a mark, not a step
    """In place of a step: the driver's value is the answer."""
    return value


def _direct(type_: Any, column: ColumnElement[Any], decode: Step | None, dialect: Dialect) -> Step | None:
    """A shorter way than the type's value and then the scalar's form, where there is one."""
    kind: Any = column.type
    if isinstance(type_, GraphQLEnumType) and isinstance(kind, Choice):
        names = {
            member.value.value: name for name, member in type_.values.items() if isinstance(member.value, kind.members)
        }
        return names.__getitem__ if len(names) == len(kind.members) else None
    plain = kind.impl_instance if isinstance(kind, TypeDecorator) and decode is None else kind
    match getattr(type_, "name", ""):
        case "ID" | "String" | "URL" if isinstance(plain, String) and decode is None:
            return AS_IT_IS
        case "Boolean" if isinstance(kind, Boolean):
            return decode or AS_IT_IS
        case "Int" if isinstance(kind, Integer) and not isinstance(kind, BigInteger) and dialect.name == "postgresql":
            return AS_IT_IS
        case "DateTime" if isinstance(kind, Instant) and dialect.name == "sqlite":
            return AS_IT_IS  # its stored text is the answer's
    return None


def _bare(type_: Any) -> tuple[bool, Any]:
    required = isinstance(type_, GraphQLNonNull)
    return required, type_.of_type if required else type_


def _nullable(step: Step | None, required: bool, may_be_null: bool) -> Step | None:
    if not may_be_null or (step is None and not required):
        return step
    if not required:
        return null_stays(step) if step else None

    def check(value: Any) -> Any:
        if value is not None and step:
            value = step(value)
        if value is None:
            raise Bail
        return value

    return check
