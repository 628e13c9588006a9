"""Values from elsewhere as the arguments that `search` would get."""

from typing import Any

import strawberry
from graphql import GraphQLError, GraphQLField
from graphql.utilities import coerce_input_value, validate_input_value
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

from app.domain.errors import FaultCode
from app.domain.filter_checks import Problem, unknown_field
from app.domain.filters import Kind
from app.storage.search.catalogue import REGULAR


def _of_field(path: list[str | int], value: Any) -> str | None:
    """What to say where the fault is the name of a field, which the schema knows as the value of an enum only."""
    if len(path) < 2 or path[-2] != "field" or (kind := _KINDS.get(str(path[-1]))) is None:
        return None
    for step in path:
        value = value[step]
    return unknown_field(kind, value, REGULAR[kind]) if isinstance(value, str) else None


_KINDS = {to_camel_case(kind.value): kind for kind in Kind}


def coerced(schema: Any, variables: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """The arguments as the resolver of `search` gets them; none, and why, where the schema does not take them."""
    field: GraphQLField = schema._schema.query_type.fields["search"]
    faults: list[Problem] = []
    for name, value in variables.items():

        def note(error: GraphQLError, path: list[str | int], name: str = name) -> None:
            message = _of_field(path, variables[name]) or error.message
            faults.append(Problem((name, *map(str, path)), message, FaultCode.BAD_USER_INPUT))

        validate_input_value(value, field.args[name].type, note)
    if faults:
        return {}, faults
    values = {name: coerce_input_value(value, field.args[name].type) for name, value in variables.items()}
    definition: StrawberryField = field.extensions["strawberry-definition"]
    registry = schema.schema_converter.scalar_registry
    arguments = convert_arguments(values, definition.arguments, scalar_registry=registry, config=schema.config)
    return {name: None if value is strawberry.UNSET else value for name, value in arguments.items()}, []
