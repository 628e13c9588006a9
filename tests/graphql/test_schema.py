"""The schema as clients see it: drift, descriptions and conventions."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    build_schema,
    is_introspection_type,
    is_specified_scalar_type,
    print_schema,
    validate_schema,
)
from strawberry.types.field import StrawberryField

from app.graphql.connections import Connection
from app.graphql.fields import Related, binding
from app.graphql.schema import schema, sdl
from app.storage.scope import GLOBAL_TABLES

CORE = schema._schema
FILE = Path(__file__).parents[2] / "schema.graphql"


def types() -> Iterator[GraphQLNamedType]:
    for type_ in CORE.type_map.values():
        if not is_introspection_type(type_) and not is_specified_scalar_type(type_):
            yield type_


def members(type_: GraphQLNamedType) -> dict[str, Any]:
    if isinstance(type_, GraphQLEnumType):
        return dict(type_.values)
    if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        return dict(type_.fields)
    return {}


def test_committed_schema_is_current() -> None:
    assert FILE.read_text() == sdl(schema), "run scripts/schema"


def test_committed_schema_builds_alike() -> None:
    """What is printed is the whole schema, choices of one included."""
    built = build_schema(FILE.read_text())
    assert validate_schema(built) == []
    assert sorted(print_schema(built).split()) == sorted(print_schema(CORE).split())


def test_everything_is_described() -> None:
    missing = [type_.name for type_ in types() if not type_.description]
    for type_ in types():
        for name, member in members(type_).items():
            if not member.description:
                missing.append(f"{type_.name}.{name}")
            missing += [
                f"{type_.name}.{name}({argument})"
                for argument, value in getattr(member, "args", {}).items()
                if not value.description
            ]
    assert missing == []


def test_descriptions_are_plain_sentences() -> None:
    for type_ in types():
        for name, member in members(type_).items():
            assert member.description[0].isupper(), f"{type_.name}.{name}"
            assert member.description.rstrip()[-1] in ".)", f"{type_.name}.{name}"


def test_inputs_and_payloads_are_named_alike() -> None:
    for type_ in types():
        assert isinstance(type_, GraphQLInputObjectType) == type_.name.endswith("Input"), type_.name
    assert CORE.mutation_type is not None
    for name, field in CORE.mutation_type.fields.items():
        stem = f"{name[0].upper()}{name[1:]}"
        assert str(field.type) == f"{stem}Payload!"
        assert [(argument, str(value.type)) for argument, value in field.args.items()] == [("input", f"{stem}Input!")]
        payload = CORE.type_map[f"{stem}Payload"]
        assert isinstance(payload, GraphQLObjectType)
        assert [interface.name for interface in payload.interfaces] == ["MutationPayload"]
        nullable = {name: str(value.type) for name, value in payload.fields.items() if name != "userErrors"}
        assert not [type_ for type_ in nullable.values() if type_.endswith("!")], name


def test_connections_have_the_usual_fields() -> None:
    connections = [type_ for type_ in types() if type_.name.endswith("Connection")]
    assert len(connections) >= 6
    for type_ in connections:
        counted = "count" if type_.name == "SearchResultConnection" else "totalCount"
        assert {"edges", "nodes", "pageInfo", counted} <= set(members(type_)), type_.name


def test_one_name_has_one_leaf_type() -> None:
    """Two types under one interface never give the same field another type, so clients need no aliases."""
    for abstract in types():
        if not isinstance(abstract, GraphQLInterfaceType) or abstract.name in {"Node", "Auditable", "CustomFieldOwner"}:
            continue
        seen: dict[str, str] = {}
        for type_ in CORE.get_possible_types(abstract):
            for name, field in type_.fields.items():
                if abstract.name != "MutationPayload" and not field.args:
                    known = seen.setdefault(name, str(field.type))
                    if known != str(field.type):
                        assert (abstract.name, name) in TOLERATED, f"{abstract.name}: {type_.name}.{name}"


TOLERATED: set[tuple[str, str]] = {("CustomFieldValue", "choices")}


def test_bindings_stand_on_scoped_tables() -> None:
    """Every relation of the graph is over a table that belongs to an organization, or over the caller's own."""
    seen = set()
    for type_ in types():
        for name, member in members(type_).items():
            definition = getattr(member, "extensions", {}).get("strawberry-definition")
            found = binding(definition) if isinstance(definition, StrawberryField) else None
            if isinstance(found, Related):
                seen.add(found.read.table.name)
                own = found.read.table.name in GLOBAL_TABLES
                assert own == (f"{type_.name}.{name}" == "Query.organization"), f"{type_.name}.{name}"
    assert len(seen) >= 16


def test_connection_is_generic() -> None:
    assert Connection.__strawberry_definition__.is_graphql_generic  # type: ignore[attr-defined]
