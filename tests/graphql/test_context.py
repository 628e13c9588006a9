"""What resolvers share: loads become batches, and a cancelled one is forgotten."""

import asyncio
from typing import Any

import pytest

from app.domain.access import Actor
from app.graphql.context import Context
from app.storage.database import Database
from tests.client import Client

Calls = list[tuple[list[str], dict[str, Any]]]


class Batch:
    """Answers keys in capitals, and remembers how it was called."""

    def __init__(self) -> None:
        self.calls: Calls = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, database: Database, actor: Actor, keys: list[str], **arguments: Any) -> list[str]:
        self.calls.append((keys, arguments))
        await self.gate.wait()
        return [key.upper() for key in keys]


async def test_loads_of_one_moment_are_one_call(client: Client) -> None:
    context, batch = Context(client.database, client.actor), Batch()
    loads = [context.load(batch, "a"), context.load(batch, "b"), context.load(batch, "a", size=1)]
    assert await asyncio.gather(*loads, context.load(batch, "a")) == ["A", "B", "A", "A"]
    assert batch.calls == [(["a", "b"], {}), (["a"], {"size": 1})]


async def test_load_that_one_gave_up_goes_on_for_others(client: Client) -> None:
    """One failing part of an operation takes no load away from the parts that wait for it too."""
    context, batch = Context(client.database, client.actor), Batch()
    batch.gate.clear()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await context.load(batch, "a")
    batch.gate.set()
    assert await context.load(batch, "a") == "A"
    assert [keys for keys, _ in batch.calls] == [["a"]]


async def test_forgotten_loads_are_read_anew(client: Client) -> None:
    context, batch = Context(client.database, client.actor), Batch()
    await context.load(batch, "a")
    await context.load(batch, "a")
    context.forget()
    await context.load(batch, "a")
    assert len(batch.calls) == 2
