"""From the value of an argument to what its resolver takes, as strawberry makes it; what that is by the type is found
out once, which takes strawberry longer than the rest."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING
from functools import cached_property, partial
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from strawberry.scalars import is_scalar
from strawberry.schema import Schema
from strawberry.types.arguments import convert_argument
from strawberry.types.base import StrawberryList, StrawberryMaybe, StrawberryOptional, has_object_definition
from strawberry.types.enum import StrawberryEnumDefinition, has_enum_definition
from strawberry.types.field import StrawberryField
from strawberry.types.lazy_type import LazyType

Convert: TypeAlias = Callable[[Any], Any]


class Converters:
    """The functions that convert values, by the types of a schema."""

    def __init__(self, schema: Schema) -> None:
        self.scalars, self.config = schema.schema_converter.scalar_registry, schema.config
        self._known: dict[Any, Convert] = {}

    @classmethod
    def of(cls, schema: Schema) -> "Converters":
        found = _CONVERTERS.get(schema)
        if found is None:
            found = _CONVERTERS[schema] = cls(schema)
        return found

    def arguments(self, field: StrawberryField) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        """From the values by their names in the schema to those by their names in Python."""
        known = {
            self.config.name_converter.from_argument(argument): (argument.python_name, self.converter(argument.type))
            for argument in field.arguments
        }

        def convert(values: Mapping[str, Any]) -> dict[str, Any]:
            return {name: made(values[key]) for key, (name, made) in known.items() if key in values}

        return convert

    def converter(self, type_: Any) -> Convert:
        if isinstance(type_, StrawberryOptional) and not isinstance(type_, StrawberryMaybe):
            return self.converter(type_.of_type)
        if isinstance(type_, LazyType):
            return self.converter(type_.resolve_type())
        if isinstance(type_, StrawberryList):
            return partial(_each, self.converter(type_.of_type))
        if is_scalar(type_, self.scalars) or isinstance(type_, StrawberryEnumDefinition) or has_enum_definition(type_):
            return _as_it_is
        if has_object_definition(type_) and type_.__strawberry_definition__.from_input is None:
            if type_ not in self._known:
                self._known[type_] = InputObject(self, type_)
            return self._known[type_]
        return partial(convert_argument, type_=type_, scalar_registry=self.scalars, config=self.config)


class InputObject:
    """Makes an input. Its fields are looked at when there is one, for inputs hold others of their own type."""

    def __init__(self, converters: Converters, type_: Any) -> None:
        self._converters, self._type = converters, type_

    def __call__(self, value: Any) -> Any:
        if value is None or not isinstance(value, Mapping):
            return value
        members = self._members
        given = {members[key][0]: members[key][1](inner) for key, inner in value.items() if key in members}
        return self._type(**self._absent | given)

    @cached_property
    def _absent(self) -> dict[str, None]:
        fields = self._type.__strawberry_definition__.fields
        return {each.python_name: None for each in fields if each.default_value is each.default_factory is MISSING}

    @cached_property
    def _members(self) -> dict[str, tuple[str, Convert]]:
        definition = self._type.__strawberry_definition__
        name_of = self._converters.config.name_converter.from_field
        return {
            name_of(field): (
                field.python_name,
                self._converters.converter(field.resolve_type(type_definition=definition)),
            )
            for field in definition.fields
        }


def _as_it_is(value: Any) -> Any:
    return value


def _each(convert: Convert, values: Any) -> Any:
    if values is None or not isinstance(values, list | tuple):
        return values
    return [convert(value) for value in values]


_CONVERTERS: WeakKeyDictionary[Schema, Converters] = WeakKeyDictionary()
