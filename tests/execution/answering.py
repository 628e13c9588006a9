"""One document, answered by both executors in worlds of the same moment."""

from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from app.domain.access import Actor
from app.execution.gateway import COMPILED, Gateway
from app.execution.levels import Form
from app.graphql.context import Context
from app.graphql.engine import Engine
from app.graphql.schema import schema
from app.services.search.searching import Rules
from app.storage.database import Database
from tests.execution.pools import NOW

ENGINE = Engine(schema)
GATEWAY = Gateway(ENGINE)
FORMS = {form: Gateway(ENGINE, form) for form in (Form.LEVELS, Form.DOCUMENT)}
TRIES = 5
RULES = Rules(secret=b"the same in every run")


@dataclass(frozen=True)
class Request:
    """What somebody sends; `odd` says that it may hold arguments that are refused as soon as a row asks for them."""

    query: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = None
    odd: bool = False


@dataclass(frozen=True)
class Caller:
    """Who sends it, and where their clock stands."""

    actor: Actor
    zone: str = "UTC"

    def context(self, database: Database) -> Context:
        return Context(database, self.actor, zone=self.zone, now=lambda: NOW, search_rules=RULES)


@dataclass(frozen=True)
class Answers:
    """What both say, as it goes out; `path` tells who gave the first of the two."""

    compiled: bytes = field(repr=False)
    path: str
    resolved: bytes = field(repr=False)
    odd: bool = field(repr=False)

    @property
    def is_planned(self) -> bool:
        return self.path.startswith(COMPILED)

    @property
    def gave_up(self) -> bool:
        """Whether a plan could not answer what the resolvers can. It may look at arguments that no row asks for."""
        looked = self.odd and self.path == "rerun: arguments"
        return self.path.startswith("rerun") and not _fails(self.resolved) and not looked

    @property
    def agree(self) -> bool:
        return self.compiled == self.resolved and not self.gave_up


async def answers(
    database: Database, caller: Caller, request: Request, gateway: Gateway = GATEWAY, tries: int = TRIES
) -> Answers:
    """Both answers. Where several fields fail at once, the first one keeps the others from telling so, and which that
    is depends on the database: such answers are compared by what went wrong, and not by where."""
    asked = (request.query, request.variables, request.operation_name)
    result = await gateway.run(*asked, caller.context(database))
    compiled, resolved = result.encoded(), orjson.dumps(await resolve(database, caller, request))
    found = Answers(compiled, result.path, resolved, request.odd)
    if compiled == resolved or not (_fails(compiled) and _fails(resolved)):
        return found
    if tries > 1:
        return await answers(database, caller, request, gateway, tries - 1)
    return replace(found, compiled=_without_places(compiled), resolved=_without_places(resolved))


def _fails(answer: bytes) -> bool:
    return "errors" in orjson.loads(answer)


def _without_places(answer: bytes) -> bytes:
    body = orjson.loads(answer)
    problems = [orjson.dumps([error["message"], error["extensions"]]).decode() for error in body["errors"]]
    return orjson.dumps(body | {"errors": sorted(set(problems))})


async def resolve(database: Database, caller: Caller, request: Request) -> dict[str, Any]:
    """What the resolvers say."""
    context = caller.context(database)
    return (await ENGINE.run(request.query, request.variables, request.operation_name, context)).body
