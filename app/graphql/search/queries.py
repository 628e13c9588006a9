"""The queries of the search."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias, TypeVar, cast

import strawberry

from app.domain.filters import Kind, Query, SortKey
from app.graphql.context import Context, Info
from app.graphql.declare import object_type, resolved
from app.graphql.fields import ARGUMENTS, hits
from app.graphql.scalars import JSON, TimeZone
from app.graphql.search.explaining import MatchExplanation
from app.graphql.search.field_infos import SearchFieldInfo, listed
from app.graphql.search.inputs import SearchQueryInput, SearchSortInput
from app.graphql.search.parsing import ParsedSearchQuery, parsed
from app.graphql.search.results import Results, SearchResultConnection
from app.graphql.search.trees import order, tree
from app.services.search.explaining import explain
from app.services.search.searching import all_fields, prepare
from app.storage.paging import Window

T = TypeVar("T")

_Tree: TypeAlias = Annotated[SearchQueryInput, strawberry.argument(description="The filter tree.")]
_Sort: TypeAlias = Annotated[
    list[SearchSortInput] | None, strawberry.argument(description="The sort; earlier entries come first.")
]
_First: TypeAlias = Annotated[
    int | None, strawberry.argument(description="How many hits; 25 when omitted, 100 at most.")
]
_After: TypeAlias = Annotated[str | None, strawberry.argument(description=ARGUMENTS["after"])]
_Limit: TypeAlias = Annotated[
    int | None, strawberry.argument(description="How many hits overall; 0 returns only the count.")
]
_Zone: TypeAlias = Annotated[
    TimeZone | None,
    strawberry.argument(description="The time zone for days and moving moments; the request's time zone when omitted."),
]
_Kind: TypeAlias = Annotated[Kind | None, strawberry.argument(description="Only fields of this kind of object.")]
_Json: TypeAlias = Annotated[JSON, strawberry.argument(description="The JSON, as a value or as a string.")]
_Id: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="The ID of a lead or a contact.")]


async def found(
    context: Context,
    query: Query,
    sort: tuple[SortKey, ...] = (),
    first: int | None = None,
    after: str | None = None,
    results_limit: int | None = None,
    time_zone: TimeZone | None = None,
) -> Results:
    """What a search finds, before it is looked for."""
    size = Window.of(first, maximum=context.max_page_size).size
    clock, rules = context.clock(time_zone), context.search_rules
    searching = await prepare(context.database, context.actor, clock, query, sort, results_limit, rules)
    return Results(context, searching, size, after)


def read(given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments with the tree and the sort that they say."""
    return {**given, "query": tree(given["query"]), "sort": order(given.get("sort"))}


@object_type
class SearchQueries:
    @hits(found, read)
    async def search(
        self,
        info: Info,
        query: _Tree,
        sort: _Sort = strawberry.UNSET,
        first: _First = strawberry.UNSET,
        after: _After = strawberry.UNSET,
        results_limit: _Limit = strawberry.UNSET,
        time_zone: _Zone = strawberry.UNSET,
    ) -> SearchResultConnection:
        """
        Leads and contacts that match a filter tree, newest first unless sorted.
        At most 10,000 hits can be paged through; cursors are bound to the query
        and the sort, and they expire.
        """
        given = {"query": query, "sort": sort, "first": first, "after": after}
        given |= {"results_limit": results_limit, "time_zone": time_zone}
        arguments = read({name: _given(value) for name, value in given.items()})
        results: Any = await info.context.once(str(info.path.key), found, arguments)
        return cast(SearchResultConnection, results)

    @resolved
    async def search_fields(self, info: Info, object_type: _Kind = strawberry.UNSET) -> list[SearchFieldInfo]:
        """The fields that a search can look at."""
        fields = await all_fields(info.context.database, info.context.actor)
        return listed(fields, _given(object_type))

    @resolved
    async def parse_search_query(self, info: Info, json: _Json) -> ParsedSearchQuery:
        """Turns filter JSON copied from elsewhere into a typed query."""
        return await parsed(info, json)

    @resolved
    async def explain_match(
        self, info: Info, query: _Tree, id: _Id, time_zone: _Zone = strawberry.UNSET
    ) -> MatchExplanation | None:
        """
        Says for one object which nodes of a query hold, and with what values; null when the object cannot be seen.
        """
        context = info.context
        clock = context.clock(_given(time_zone))
        explanation: Any = await explain(context.database, context.actor, clock, tree(query), id)
        return cast(MatchExplanation | None, explanation)


def _given(argument: T | None) -> T | None:
    return None if argument is strawberry.UNSET else argument
