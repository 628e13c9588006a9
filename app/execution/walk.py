"""Walking an operation. Fields are merged, fragments and directives followed, by graphql-core's own functions, so that
order and meaning cannot drift from what its executor does."""

from typing import Any, TypeAlias

from graphql import GraphQLField, GraphQLObjectType, OperationDefinitionNode
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_fields, collect_subfields
from strawberry.schema import Schema
from strawberry.types.field import StrawberryField

from app.execution.arguments import Arguments
from app.execution.levels import Level, Unplannable
from app.graphql.fields import Related, takes_clock
from app.storage.database import Database

Details: TypeAlias = list[FieldDetails]


class Walk:
    """One walk over an operation, or over the payload of one mutation."""

    def __init__(
        self,
        schema: Schema,
        database: Database,
        operation: OperationDefinitionNode,
        fragments: dict[str, FragmentDetails],
        variables: Any,
    ) -> None:
        self.schema, self.core, self.database = schema, schema._schema, database
        self.operation, self.fragments, self.variables = operation, fragments, variables
        self._count = 0

    def roots(self) -> tuple[GraphQLObjectType, dict[str, Details]]:
        """The root type of the operation, and what is selected of it."""
        root = self.core.get_root_type(self.operation.operation)
        if root is None or self.operation.directives:
            raise Unplannable("the operation's directives")
        collected = collect_fields(self.core, self.fragments, self.variables, root, self.operation)
        return root, collected.grouped_field_set

    def subfields(self, type_: GraphQLObjectType, details: Details) -> dict[str, Details]:
        collected = collect_subfields(self.core, self.fragments, self.variables, self.operation, type_, details)
        return collected.grouped_field_set

    def level(self, **options: Any) -> Level:
        level = Level(self._count, **options)
        self._count += 1
        return level

    def below(self, parent: Level, bound: Related, core: GraphQLField, details: Details, **options: Any) -> Level:
        """The level that a relation leads to, with the arguments of its field."""
        return self.level(
            parent=parent,
            read=bound.read,
            key=bound.key,
            argument=bound.argument,
            paged=bound.paged,
            clocked=takes_clock(bound.read.narrow),
            given=Arguments.of(self.schema, core, declared(core), details[0].node),
            **options,
        )


def declared(core: GraphQLField) -> StrawberryField:
    """How a field of the schema was declared."""
    field: StrawberryField = core.extensions["strawberry-definition"]
    return field
