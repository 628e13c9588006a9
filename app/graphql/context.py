"""What resolvers share during one operation: the database, the caller, the caller's clock, and the loaders."""

from asyncio import shield
from collections.abc import Awaitable, Callable
from typing import Any

import strawberry
from aiodataloader import DataLoader

from app.domain.access import Actor
from app.domain.time import Clock, Now, now
from app.services.search.searching import Rules
from app.storage.database import Database

Batch = Callable[..., Awaitable[list[Any]]]
Info = strawberry.Info["Context", Any]


class Loader(DataLoader[Any, Any]):
    """aiodataloader, but a load that was cancelled is forgotten, so that the next one asks again. Whoever waits for a
    load does so behind a shield, for others may wait for the same one."""

    def load(self, key: Any) -> Any:
        future = super().load(key)
        future.add_done_callback(lambda done: self.clear(key) if done.cancelled() else done.exception())
        return future


class Context:
    """The world of one operation, at one moment. It has to be made inside the running loop."""

    def __init__(
        self,
        database: Database,
        actor: Actor,
        *,
        zone: str = "UTC",
        now: Now = now,
        max_page_size: int = 100,
        search_rules: Rules | None = None,
    ) -> None:
        self.database = database
        self.actor = actor
        self.zone = zone
        self.moment = now()
        self.max_page_size = max_page_size
        self.search_rules = search_rules or Rules(max_page_size=max_page_size)
        self.has_acted = False
        self._done: dict[str, tuple[Any, Exception | None]] = {}
        self._loaders: dict[tuple[Batch, str], Loader] = {}

    def clock(self, zone: str | None = None) -> Clock:
        """The calendar of a zone; of the request's zone when none is named (rule T6)."""
        return Clock.at(self.moment, zone or self.zone)

    async def load(self, batch: Batch, key: Any, **arguments: Any) -> Any:
        """The batch's answer for one key. Loads of one moment with equal arguments become one call."""
        return await shield(self._loader(batch, arguments).load(key))

    async def load_many(self, batch: Batch, keys: list[Any], **arguments: Any) -> list[Any]:
        loaded: list[Any] = await shield(self._loader(batch, arguments).load_many(keys))
        return loaded

    async def once(self, key: str, run: Callable[..., Awaitable[Any]], arguments: dict[str, Any]) -> Any:
        """What a root field runs, under its response key: once, however often its outcome or its error is asked for."""
        if key not in self._done:
            try:
                self._done[key] = await run(self, **arguments), None
            except Exception as raised:
                self._done[key] = None, raised
        outcome, error = self._done[key]
        if error is not None:
            raise error
        return outcome

    async def act(self, key: str, run: Callable[..., Awaitable[Any]], arguments: dict[str, Any]) -> Any:
        """Do what a mutation does, once. What was loaded before is not what is there now."""
        self.has_acted = True
        try:
            return await self.once(key, run, arguments)
        finally:
            self.forget()

    def forget(self) -> None:
        """Drop what was loaded: something was written since."""
        self._loaders.clear()

    def start_again(self) -> None:
        """Begin a query anew."""
        self._done.clear()
        self.forget()

    def _loader(self, batch: Batch, arguments: dict[str, Any]) -> Loader:
        given = {name: value for name, value in arguments.items() if value is not strawberry.UNSET}
        token = (batch, repr(given))
        loader = self._loaders.get(token)
        if loader is None:

            async def call(keys: list[Any]) -> list[Any]:
                return await batch(self.database, self.actor, keys, **given)

            loader = self._loaders[token] = Loader(call)
        return loader
