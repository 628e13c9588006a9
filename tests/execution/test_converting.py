"""Arguments become what strawberry makes of them."""

from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
)
from strawberry.types.arguments import convert_arguments

from app.execution.converting import Converters
from app.graphql.schema import schema

FIELDS = [
    (f"{type_.name}.{name}", field)
    for type_ in schema._schema.type_map.values()
    if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) and not type_.name.startswith("__")
    for name, field in type_.fields.items()
    if field.args and "strawberry-definition" in field.extensions
]
DEEPEST = 5


def values(type_: Any, way: str, depth: int = 0) -> Any:
    """A coerced value: with all members, with those alone that have to be there, or with null wherever that may be."""
    if isinstance(type_, GraphQLNonNull):
        return values(type_.of_type, way, depth)
    if way == "nulls" and depth:
        return None
    if isinstance(type_, GraphQLList):
        return [values(type_.of_type, way, depth)] * (2 if depth < DEEPEST else 0)
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values.values())).value
    if not isinstance(type_, GraphQLInputObjectType):
        return f"a {type_.name}"
    required = {name: each for name, each in type_.fields.items() if isinstance(each.type, GraphQLNonNull)}
    chosen = required if way == "required" or depth >= DEEPEST else type_.fields
    return {
        name: None if depth >= DEEPEST and name not in required else values(each.type, way, depth + 1)
        for name, each in chosen.items()
    }


@pytest.mark.parametrize("way", ["all", "required", "nulls"])
def test_values_are_those_of_strawberry(way: str) -> None:
    registry, compared = schema.schema_converter.scalar_registry, 0
    for name, field in FIELDS:
        declared = field.extensions["strawberry-definition"]
        given = {
            key: values(argument.type, way)
            for key, argument in field.args.items()
            if way != "required" or isinstance(argument.type, GraphQLNonNull)
        }
        expected = convert_arguments(given, declared.arguments, scalar_registry=registry, config=schema.config)
        found = Converters.of(schema).arguments(declared)(given)
        assert repr(found) == repr(expected), name
        assert {key: type(value) for key, value in found.items()} == {k: type(v) for k, v in expected.items()}, name
        compared += len(given)
    assert compared >= 50


def test_what_a_value_is_made_by_is_found_once() -> None:
    assert Converters.of(schema) is Converters.of(schema)
    assert Converters.of(schema).converter(int)("as it is") == "as it is"


def test_lists_are_copied() -> None:
    [declared] = [f.extensions["strawberry-definition"] for name, f in FIELDS if name == "Query.leads"]
    given = {"filter": {"ids": ["a", "b"]}}
    found = Converters.of(schema).arguments(declared)(given)
    assert found["filter"].ids == ["a", "b"]
    assert found["filter"].ids is not given["filter"]["ids"]
