"""A caller of the schema in process, who counts the SQL statements that each operation sends.

Operations run by plans of levels. What only reads is answered in one statement where that can be, and by the resolvers,
and all answers are the same bytes. The payloads of mutations are read in one statement as well.
"""

from datetime import datetime
from typing import Any, Self

from app.domain.access import Actor, Permission
from app.domain.time import now
from app.execution.gateway import Gateway
from app.execution.levels import Form, Run
from app.execution.plan import Mutation
from app.graphql.context import Context
from app.graphql.engine import Engine, Result, Text
from app.graphql.schema import schema
from app.services import organizations
from app.storage.database import Database
from app.storage.reading import Statements, counted


class _ByLevels(Gateway):
    """Reads by levels. A payload is read as a document as well, and that is the same."""

    async def _mutate(self, mutation: Mutation, run: Run) -> Any:
        data = await super()._mutate(mutation, run)
        token = counted.set(None)
        try:
            again = await DOCUMENTS._mutate(mutation, Run(run.context, run.variables, Form.DOCUMENT))
        finally:
            counted.reset(token)
        assert _encoded(again) == _encoded(data)
        return data


def _encoded(data: Any) -> bytes:
    return Result(data if isinstance(data, Text) else {"data": data}, executed=True).encoded()


ENGINE = Engine(schema)
GATEWAY, DOCUMENTS = _ByLevels(ENGINE, Form.LEVELS), Gateway(ENGINE, Form.DOCUMENT)


class Client:
    """Runs operations in the name of `actor`. `now` can be set to stop the clock, `is_compiled` to false where a test
    is about the resolvers."""

    def __init__(self, database: Database, actor: Actor) -> None:
        self.database = database
        self.actor = actor
        self.zone = "UTC"
        self.now: datetime | None = None
        self.statements = 0
        self.path = ""
        self.is_compiled = True

    @classmethod
    async def of(cls, database: Database, organization_id: str, role: str = "Admin") -> Self:
        """A new member with this role."""
        roles = {row["name"]: row for row in await organizations.list_roles(database, organization_id)}
        user_id = await organizations.add_user(database, organization_id, f"{role} Member", role=role)
        permissions = frozenset(Permission(name) for name in roles[role]["permissions"])
        return cls(database, Actor(organization_id, user_id, roles[role]["id"], permissions))

    @property
    def organization_id(self) -> str:
        return self.actor.organization_id

    async def with_role(self, role: str) -> "Client":
        """Another member of the same organization."""
        return await Client.of(self.database, self.organization_id, role)

    async def run(
        self,
        query: str,
        variables: dict[str, Any] | None = None,
        as_: Actor | None = None,
        zone: str | None = None,
    ) -> dict[str, Any]:
        """The whole body of the response."""
        moment = self.now or now()

        def context() -> Context:
            return Context(self.database, as_ or self.actor, zone=zone or self.zone, now=lambda: moment)

        statements = Statements()
        token = counted.set(statements)
        try:
            runner: Gateway | Engine = GATEWAY if self.is_compiled else ENGINE
            result = await runner.run(query, variables, None, context())
        finally:
            counted.reset(token)
        self.statements, self.path = statements.count, result.path
        if self.is_compiled and "mutation" not in query:
            for other in (ENGINE, DOCUMENTS):
                answer = await other.run(query, variables, None, context())
                assert answer.encoded() == result.encoded()
        return result.body

    async def data(self, query: str, variables: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
        """The data of an operation that has no errors."""
        body = await self.run(query, variables, **options)
        assert "errors" not in body, body["errors"]
        data: dict[str, Any] = body["data"]
        return data

    async def mutate(self, field: str, input: dict[str, Any], select: str = "", **options: Any) -> dict[str, Any]:
        """The payload of one mutation, with every member of its user errors."""
        type_ = f"{field[0].upper()}{field[1:]}Input"
        query = f"mutation($input: {type_}!) {{ payload: {field}(input: $input) {{ {select} {USER_ERRORS} }} }}"
        payload: dict[str, Any] = (await self.data(query, {"input": input}, **options))["payload"]
        return payload


USER_ERRORS = """userErrors {
    __typename message code path
    ... on ValidationError { acceptedValues }
    ... on NotFoundError { missingId }
    ... on PermissionDeniedError { permission }
    ... on InUseError { usedByCount }
    ... on ConflictError { conflictingId currentVersion }
}"""
