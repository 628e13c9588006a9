"""The schema: the queries, mutations and types of every resource, a line each."""

import strawberry
from graphql import GraphQLInputObjectType, GraphQLUnionType
from strawberry.printer import print_schema
from strawberry.schema.config import StrawberryConfig
from strawberry.types.base import StrawberryObjectDefinition

from app.graphql import (
    activities,
    contacts,
    custom_activity_types,
    custom_field_definitions,
    custom_fields,
    custom_values,
    lead_statuses,
    leads,
    notes,
    opportunities,
    organizations,
    pipelines,
    tasks,
)
from app.graphql.declare import object_type
from app.graphql.errors import USER_ERRORS
from app.graphql.node_queries import node_queries
from app.graphql.nodes import Node
from app.graphql.scalars import SCALARS
from app.graphql.search.queries import SearchQueries

KINDS = [
    kind
    for resource in (
        organizations,
        lead_statuses,
        leads,
        contacts,
        opportunities,
        pipelines,
        tasks,
        activities,
        custom_fields,
    )
    for kind in resource.KINDS
]


@object_type
class Query(
    node_queries(KINDS),  # type: ignore[misc]
    organizations.OrganizationQueries,
    leads.LeadQueries,
    lead_statuses.LeadStatusQueries,
    contacts.ContactQueries,
    opportunities.OpportunityQueries,
    pipelines.PipelineQueries,
    tasks.TaskQueries,
    activities.ActivityQueries,
    custom_activity_types.CustomActivityTypeQueries,
    custom_field_definitions.CustomFieldQueries,
    SearchQueries,
):
    """Everything that can be read."""


@object_type
class Mutation(
    leads.LeadMutations,
    lead_statuses.LeadStatusMutations,
    contacts.ContactMutations,
    opportunities.OpportunityMutations,
    pipelines.PipelineMutations,
    tasks.TaskMutations,
    notes.NoteMutations,
    activities.CustomActivityMutations,
    custom_activity_types.CustomActivityTypeMutations,
    custom_field_definitions.CustomFieldMutations,
    custom_values.CustomFieldValueMutations,
):
    """Everything that can be changed. Each field takes one `input` and reports `userErrors`."""


def build() -> strawberry.Schema:
    schema = strawberry.Schema(
        Query,
        Mutation,
        types=[*USER_ERRORS, *activities.ACTIVITY_TYPES, *tasks.TASK_TYPES, *custom_fields.VALUE_TYPES],
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    _mark_one_of(schema)
    _resolve_unions(schema)
    return schema


def sdl(schema: strawberry.Schema) -> str:
    """The schema in the definition language, as it stands in schema.graphql."""
    return print_schema(schema) + "\n"


def _mark_one_of(schema: strawberry.Schema) -> None:
    """Strawberry holds @oneOf by a rule of its own; the core's check names the path of a fault in variables."""
    for type_ in schema._schema.type_map.values():
        if isinstance(type_, GraphQLInputObjectType):
            definition = type_.extensions.get("strawberry-definition")
            if isinstance(definition, StrawberryObjectDefinition) and definition.is_one_of:
                type_.is_one_of = True


def _resolve_unions(schema: strawberry.Schema) -> None:
    """The members of a union share `any_row`, so what was found tells its type."""
    for type_ in schema._schema.type_map.values():
        if isinstance(type_, GraphQLUnionType):
            type_.resolve_type = Node.resolve_type


schema = build()
