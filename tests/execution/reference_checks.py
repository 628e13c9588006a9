"""Queries of the members of both organizations, held against what the reference says."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import orjson

from app.execution.gateway import COMPILED, Gateway
from app.storage.database import Database
from tests.execution.answering import Caller
from tests.execution.reference import Reference
from tests.execution.reference_documents import LISTS, ORDERS, Asker, key_of
from tests.execution.world import World

_EVERY_KIND = {"task": "filter: { types: null }"}
_EDGES = "edges { cursor node { id } }"


@dataclass(frozen=True)
class Wrong:
    """An answer that is not what it has to be, or did not come the way it has to."""

    query: str
    path: str
    meant: bytes
    answered: bytes


@dataclass(frozen=True)
class Member:
    """Who asks, what they have to be told, and the cursors of each list that they can go on from."""

    caller: Caller
    reference: Reference
    cursors: dict[str, list[str]]


async def members(database: Database, world: World, gateway: Gateway) -> list[Member]:
    found = []
    for actor, zone in world.callers:
        caller = Caller(actor, zone)
        places, cursors = await _cursors(database, caller, gateway)
        found.append(Member(caller, Reference(world.rows[actor.organization_id], zone, places), cursors))
    return found


async def wrong(database: Database, members: Sequence[Member], gateway: Gateway, seeds: Sequence[int]) -> list[Wrong]:
    """What is answered wrongly, or by no plan."""
    found = []
    for seed in seeds:
        dice = Random(seed)
        member = dice.choice(members)
        query = Asker(dice, member.cursors).query()
        result = await gateway.run(query, None, None, member.caller.context(database))
        meant, answered = orjson.dumps({"data": member.reference.answer(query)}), result.encoded()
        if meant != answered or not result.path.startswith(COMPILED):
            found.append(Wrong(query, result.path, meant, answered))
    return found


async def _cursors(
    database: Database, caller: Caller, gateway: Gateway
) -> tuple[dict[str, tuple[str, str]], dict[str, list[str]]]:
    """The row of each cursor, and the cursors of each list."""
    places: dict[str, tuple[str, str]] = {}
    cursors: dict[str, list[str]] = {}
    below = "{ leads(first: 100) { nodes { found: contacts(first: 100) { %s } } } }"
    ways = [(kind, key_of(kind, None, order), _all(kind, order)) for kind in LISTS for order in ("", *_orders(kind))]
    for kind, key, query in [*ways, ("contact", key_of("contact", "lead", ""), below % _EDGES)]:
        result = await gateway.run(query, None, None, caller.context(database))
        data = orjson.loads(result.encoded())["data"]
        edges = [edge for list_ in _lists(data) for edge in list_["edges"]]
        places |= {edge["cursor"]: (kind, edge["node"]["id"]) for edge in edges}
        cursors[key] = sorted({edge["cursor"] for edge in edges})
    return places, cursors


def _orders(kind: str) -> list[str]:
    return [f"{{ field: {by}, direction: {way} }}" for by in ORDERS[kind] for way in ("ASC", "DESC")]


def _all(kind: str, order: str) -> str:
    given = ["first: 100", _EVERY_KIND.get(kind, ""), f"orderBy: {order}" if order else ""]
    return f"{{ found: {LISTS[kind]}({' '.join(given)}) {{ {_EDGES} }} }}"


def _lists(data: Any) -> list[Any]:
    return [data["found"]] if "found" in data else [lead["found"] for lead in data["leads"]["nodes"]]
