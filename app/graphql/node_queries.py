"""`node` and `nodes`: any object by its id."""

from asyncio import gather
from typing import Annotated, Any, cast

import strawberry

from app.domain.errors import ArgumentFault
from app.graphql.context import Info
from app.graphql.declare import object_type, resolved
from app.graphql.nodes import Kind, Node, find

MAX_NODES = 100


def node_queries(kinds: list[Kind]) -> type:
    """The queries over all kinds of object that the schema has."""

    @object_type
    class NodeQueries:
        @resolved
        async def node(
            self,
            info: Info,
            id: Annotated[strawberry.ID, strawberry.argument(description="The object's ID.")],
        ) -> Node | None:
            """Any object by its ID; null when it does not exist or cannot be seen."""
            found: Node | None = cast(Any, await find(info.context, kinds, id))
            return found

        @resolved
        async def nodes(
            self,
            info: Info,
            ids: Annotated[
                list[strawberry.ID],
                strawberry.argument(description=f"The objects' IDs; {MAX_NODES} at most."),
            ],
        ) -> list[Node | None]:
            """Objects by their IDs, in the same order; null for each that does not exist."""
            if len(ids) > MAX_NODES:
                raise ArgumentFault(f"Ask for {MAX_NODES} objects at most, not {len(ids)}.", ["ids"])
            found: list[Any] = await _find_all(info, kinds, ids)
            return found

    return NodeQueries


async def _find_all(info: Info, kinds: list[Kind], ids: list[strawberry.ID]) -> list[Any]:
    return list(await gather(*(find(info.context, kinds, id) for id in ids)))
