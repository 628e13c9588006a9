"""What every mutation returns, and how a use case becomes one."""

from types import SimpleNamespace
from typing import Any

from app.domain.errors import DomainError, Problems
from app.graphql.context import Context
from app.graphql.declare import interface
from app.graphql.errors import Problem, UserError
from app.graphql.fields import action, any_row
from app.graphql.inputs import given
from app.services.work import UseCase


@interface
class MutationPayload:
    """What every mutation returns."""

    is_type_of = any_row
    user_errors: list[UserError]
    """The problems that stopped the mutation; empty when it succeeded."""


class Outcome(SimpleNamespace):
    """The given row of a payload: ids of what was done, or problems. What is not set is None."""

    user_errors: list[Problem]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return None


def mutation(use_case: UseCase, input_: type, **options: Any) -> Any:
    """A field that runs a use case with its one argument `input`; the payload is read after the commit."""

    async def run(context: Context, input: Any) -> Outcome:
        try:
            done = await use_case(context.database, context.actor, context.clock(), **given(input))
        except DomainError as error:
            return Outcome(user_errors=[Problem(error)])
        except Problems as problems:
            return Outcome(user_errors=[Problem(error) for error in problems.errors])
        return Outcome(user_errors=[], **done)

    run.__annotations__["input"] = input_
    run.use_case = use_case  # type: ignore[attr-defined]
    return action(run, **options)
