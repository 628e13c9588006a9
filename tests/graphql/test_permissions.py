"""Which mutation needs which permission (rule X1). A mutation that the table does not name fails the build."""

from typing import Any

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    get_named_type,
    is_required_input_field,
)

from app.domain.access import BUILT_IN_ROLES, Permission
from app.graphql.schema import schema
from tests.client import Client

NEEDED: dict[str, Permission | None] = {
    "contactCreate": None,
    "contactDelete": None,
    "contactUpdate": None,
    "activityDelete": None,
    "customActivityCreate": None,
    "customActivityUpdate": None,
    "customActivityTypeCreate": Permission.MANAGE_ORGANIZATION,
    "customActivityTypeDelete": Permission.MANAGE_ORGANIZATION,
    "customActivityTypeUpdate": Permission.MANAGE_ORGANIZATION,
    "customFieldAssociationCreate": Permission.MANAGE_ORGANIZATION,
    "customFieldAssociationDelete": Permission.MANAGE_ORGANIZATION,
    "customFieldAssociationUpdate": Permission.MANAGE_ORGANIZATION,
    "customFieldCreate": Permission.MANAGE_ORGANIZATION,
    "customFieldDelete": Permission.MANAGE_ORGANIZATION,
    "customFieldSchemaReorder": Permission.MANAGE_ORGANIZATION,
    "customFieldUpdate": Permission.MANAGE_ORGANIZATION,
    "customFieldValueAdd": None,
    "customFieldValueRemove": None,
    "customFieldValueSet": None,
    "customFieldValueUnset": None,
    "leadChangeStatus": None,
    "leadCreate": None,
    "leadDelete": Permission.DELETE_LEADS,
    "leadStatusCreate": Permission.MANAGE_ORGANIZATION,
    "leadStatusDelete": Permission.MANAGE_ORGANIZATION,
    "leadStatusReorder": Permission.MANAGE_ORGANIZATION,
    "leadStatusUpdate": Permission.MANAGE_ORGANIZATION,
    "leadUpdate": None,
    "noteCreate": None,
    "noteUpdate": None,
    "opportunityChangeStatus": None,
    "opportunityCreate": None,
    "opportunityDelete": None,
    "opportunityStatusCreate": Permission.MANAGE_ORGANIZATION,
    "opportunityStatusDelete": Permission.MANAGE_ORGANIZATION,
    "opportunityStatusUpdate": Permission.MANAGE_ORGANIZATION,
    "opportunityUpdate": None,
    "pipelineCreate": Permission.MANAGE_ORGANIZATION,
    "pipelineDelete": Permission.MANAGE_ORGANIZATION,
    "pipelineReorder": Permission.MANAGE_ORGANIZATION,
    "pipelineUpdate": Permission.MANAGE_ORGANIZATION,
    "taskComplete": None,
    "taskCreate": None,
    "taskDelete": None,
    "taskReopen": None,
    "taskUpdate": None,
}


def sample(type_: Any) -> Any:
    """A value that the schema accepts: only what is required, one member of a choice."""
    if isinstance(type_, GraphQLNonNull):
        return sample(type_.of_type)
    if isinstance(type_, GraphQLList):
        return [sample(type_.of_type)]
    if isinstance(type_, GraphQLInputObjectType):
        members = dict(list(type_.fields.items())[:1]) if type_.is_one_of else required(type_)
        return {name: sample(member.type) for name, member in members.items()}
    return "x" if isinstance(type_, GraphQLScalarType) else next(iter(get_named_type(type_).values))


def required(type_: GraphQLInputObjectType) -> dict[str, Any]:
    return {name: member for name, member in type_.fields.items() if is_required_input_field(member)}


def mutations() -> dict[str, Any]:
    root = schema._schema.mutation_type
    assert root is not None
    return dict(root.fields)


def test_every_mutation_stands_in_the_table() -> None:
    assert sorted(mutations()) == sorted(NEEDED)


def test_descriptions_name_the_permission() -> None:
    for name, field in mutations().items():
        permission = NEEDED[name]
        said = f"Needs {permission.name}." if permission else ""
        assert (field.description or "").partition("Needs")[1:] == ("Needs" * bool(said), said.removeprefix("Needs")), (
            name
        )


@pytest.mark.parametrize("role", list(BUILT_IN_ROLES))
async def test_each_mutation_asks_for_its_permission(client: Client, role: str) -> None:
    """X1: table of mutations against roles; a refusal names the permission and writes nothing."""
    caller = await client.with_role(role)
    for name, field in mutations().items():
        input = sample(field.args["input"].type)
        payload = await caller.mutate(name, input)
        refused = [error for error in payload["userErrors"] if error["code"] == "PERMISSION_DENIED"]
        permission = NEEDED[name]
        if permission is None or permission in BUILT_IN_ROLES[role]:
            assert refused == [], name
        else:
            assert [error["permission"] for error in refused] == [permission.name], name
