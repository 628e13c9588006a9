"""A database with organizations in it, and documents for their members."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from graphql import get_named_type, parse, type_from_ast

from app.execution.gateway import Gateway
from app.storage.database import Database
from tests.execution.answering import ENGINE, GATEWAY, Answers, Caller, Request, answers
from tests.execution.arguments import Values, variables_of
from tests.execution.cursors import Cursors, collect
from tests.execution.documents import Writer
from tests.execution.shrinking import difference, smallest
from tests.execution.world import World


@dataclass(frozen=True)
class Asked:
    """A document and who sends it."""

    caller: Caller
    request: Request


@dataclass(frozen=True)
class Settlement:
    """What failures show of it is short."""

    database: Database = field(repr=False)
    ids: Sequence[str] = field(repr=False)
    callers: Sequence[tuple[Caller, Cursors]] = field(repr=False)

    def asked(self, dice: Random) -> Asked:
        """A random document from a random member."""
        caller, cursors = dice.choice(self.callers)
        return Asked(caller, Writer(ENGINE.schema, dice, self.ids, cursors).document())

    def again(self, asked: Asked, dice: Random) -> Asked:
        """The same document from a random member, with other values for its variables but those that are texts: what
        was planned and prepared for one has to serve for the other."""
        caller, _ = dice.choice(self.callers)
        values, variables = Values(dice, self.ids), dict(asked.request.variables or {})
        for each in variables_of(parse(asked.request.query), asked.request.operation_name):
            type_: Any = type_from_ast(ENGINE.schema, each.type)
            if get_named_type(type_).name != "String":
                variables[each.variable.name.value] = values.value(type_, "id", "lead")
        return Asked(caller, replace(asked.request, variables=variables, odd=True))

    async def shown(self, asked: Asked, name: str, gateway: Gateway = GATEWAY) -> str:
        """A difference, with as little of the document as shows it."""

        async def differs(request: Request) -> bool:
            return not (await self.answers(Asked(asked.caller, request), gateway)).agree

        small = Asked(asked.caller, await smallest(asked.request, differs))
        answers = await self.answers(small, gateway)
        told = f"{answers.path}: {difference(answers.compiled, answers.resolved)}"
        who = f"{small.caller.actor.user_id} of {small.caller.actor.organization_id}, {small.caller.zone}"
        return f"{name} for {who}\n{small.request.query}\n{small.request.variables}\n{told}"

    async def answers(self, asked: Asked, gateway: Gateway = GATEWAY) -> Answers:
        return await answers(self.database, asked.caller, asked.request, gateway)


async def settled(database: Database, world: World) -> Settlement:
    callers = [Caller(actor, zone) for actor, zone in world.callers]
    found = [(caller, await collect(database, caller, ENGINE.schema)) for caller in callers]
    return Settlement(database, world.ids(), found)
