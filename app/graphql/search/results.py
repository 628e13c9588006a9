"""The hits of a search as a connection: read, and counted, only when a field that needs it is asked for."""

from asyncio import Task, ensure_future, gather
from functools import cached_property
from typing import Annotated, Any

import strawberry
from strawberry.types.nodes import SelectedField, Selection

from app.domain.filters import Kind
from app.graphql.connections import PageInfo
from app.graphql.contacts import Contact
from app.graphql.context import Context, Info
from app.graphql.declare import object_type, resolved
from app.graphql.leads import Lead
from app.graphql.nodes import Found
from app.services.search.searching import Hit, Page, Searching
from app.storage.search.statements import READS

SearchResult = Annotated[Lead | Contact, strawberry.union("SearchResult", description="An object that a search found.")]

TYPENAMES = {Kind.LEAD: "Lead", Kind.CONTACT: "Contact"}
_IN_EVERY_HIT = frozenset({"id", "__typename"})


class Results:
    """The hits behind a connection, from the first or from after a cursor."""

    def __init__(self, context: Context, searching: Searching, first: int | None, after: str | None) -> None:
        self.context, self.searching, self.first, self.after = context, searching, first, after

    @cached_property
    def page(self) -> Task[Page]:
        """The page, read once however many fields ask for it."""
        return ensure_future(self.searching.page(self.first, self.after))

    async def found(self, whole: bool) -> list[tuple[int, Found]]:
        """The objects of the page with their places; those that went after the page was read are left out."""
        hits = (await self.page).hits
        rows = await gather(*(self._row(hit, whole) for hit in hits))
        return [
            (place, Found(row, TYPENAMES[hit.kind]))
            for place, (hit, row) in enumerate(zip(hits, rows, strict=True))
            if row is not None
        ]

    async def _row(self, hit: Hit, whole: bool) -> Any:
        if hit.is_whole or not whole:
            return hit.row
        return await self.context.load(READS[hit.kind], hit.id)


@object_type
class SearchResultEdge:
    """A search hit and its cursor."""

    cursor: str
    """The hit's cursor."""
    node: SearchResult
    """The hit."""


@object_type
class SearchCount:
    """How many hits a search has."""

    limited: int
    """The hits within `resultsLimit`."""
    total: int
    """All the hits."""


@object_type
class SearchResultConnection:
    """A page of search hits."""

    @resolved
    async def edges(self, info: Info) -> list[SearchResultEdge]:
        """The hits with their cursors."""
        results: Any = self
        page: Page = await results.page
        found = await results.found(_asks_for_rows(info, "node"))
        return [SearchResultEdge(cursor=page.cursor(place), node=node) for place, node in found]

    @resolved
    async def nodes(self, info: Info) -> list[SearchResult]:
        """The hits."""
        results: Any = self
        return [node for _, node in await results.found(_asks_for_rows(info))]

    @resolved
    async def page_info(self) -> PageInfo:
        """Where the page lies."""
        results: Any = self
        page: Page = await results.page
        last = len(page.hits) - 1
        return PageInfo(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=page.cursor(0) if page.hits else None,
            end_cursor=page.cursor(last) if page.hits else None,
        )

    @resolved
    async def count(self) -> SearchCount:
        """How many hits there are; worked out only when selected."""
        results: Any = self
        counted: SearchCount = await results.searching.count()
        return counted


def _asks_for_rows(info: Info, below: str | None = None) -> bool:
    """Whether more is selected of the hits than their ids and types."""
    selected = [inner for field in info.selected_fields for inner in field.selections]
    return any(_is_more(selection, below) for selection in selected)


def _is_more(selection: Selection, below: str | None) -> bool:
    if not isinstance(selection, SelectedField):
        return any(_is_more(inner, below) for inner in selection.selections)
    if below is None:
        return selection.name not in _IN_EVERY_HIT
    return selection.name == below and any(_is_more(inner, None) for inner in selection.selections)
