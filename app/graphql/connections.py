"""Relay-style connections: how a page of rows is asked for."""

from typing import Any, Generic, TypeVar

from app.graphql.context import Context
from app.graphql.declare import object_type, resolved
from app.storage.paging import Window
from app.storage.reads import Page, Read

T = TypeVar("T")


class Connected:
    """The rows behind a connection: read only when a field that needs them is asked for."""

    def __init__(self, context: Context, read: Read, key: str, window: Window, arguments: dict[str, Any]) -> None:
        self.context, self.read, self.key, self.window, self.arguments = context, read, key, window, arguments

    async def page(self) -> Page:
        page: Page = await self.context.load(self.read, self.key, window=self.window, **self.arguments)
        return page

    async def measure(self, batch: Any) -> Any:
        """What another batch over the same rows says of all pages together."""
        return await self.context.load(batch, self.key, **self.arguments)


@object_type
class PageInfo:
    """Where a page lies in its connection."""

    has_next_page: bool
    """Whether more items follow this page."""
    has_previous_page: bool
    """Whether items precede this page."""
    start_cursor: str | None
    """The cursor of the first item; null on an empty page."""
    end_cursor: str | None
    """The cursor of the last item; null on an empty page."""


@object_type
class Edge(Generic[T]):
    """An item and its cursor."""

    cursor: str
    """The item's cursor."""
    node: T
    """The item."""


@object_type
class Connection(Generic[T]):
    """A page of items."""

    @resolved
    async def edges(self) -> list[Edge[T]]:
        """The items with their cursors."""
        return (await _page(self)).edges  # type: ignore[return-value]

    @resolved
    async def nodes(self) -> list[T]:
        """The items."""
        return (await _page(self)).nodes

    @resolved
    async def page_info(self) -> PageInfo:
        """Where the page lies."""
        return await _page(self)  # type: ignore[return-value]

    @resolved
    async def total_count(self) -> int:
        """How many items there are in all pages; worked out only when selected."""
        connected: Any = self
        return int(await connected.measure(connected.read.count))


async def _page(connection: Any) -> Page:
    page: Page = await connection.page()
    return page
