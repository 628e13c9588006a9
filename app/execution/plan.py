"""A plan: the code of an operation, run as a program of statements."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.execution.code import Code, Function
from app.execution.document import DocumentPlan
from app.execution.leaves import Bail
from app.execution.levels import Run
from app.storage.reading import Program


class Plan:
    """What answers an operation, or the payload of a mutation, for a given root. Its document, where there can be one,
    is made when it is asked for."""

    def __init__(
        self, plan_levels: Callable[[], Code], plan_document: Callable[[], DocumentPlan | None] = lambda: None
    ) -> None:
        self.code = plan_levels()
        self._plan_document = plan_document
        self.runs = 0

    @cached_property
    def document(self) -> DocumentPlan | None:
        return self._plan_document()

    @cached_property
    def _function(self) -> Function:
        return self.code.compiled()[0]

    async def prepare(self, run: Run) -> None:
        """What has to be known before the program begins, and is found in another way than by it."""
        for question in self.code.ahead:
            await question.prepare(run)

    def program(self, run: Run, root: Any) -> Program[Any]:
        """The statements, and at the end the data; Bail where the data does not fit the schema's types."""
        answers, answer = self._function(run, root), None
        while True:
            try:
                question, keys = answers.send(answer)
            except StopIteration as end:
                return end.value
            except KeyError as error:  # a link that is always there leads nowhere, or a value is none of its enum
                raise Bail from error
            answer = yield from question.program(run, keys)


@dataclass(frozen=True)
class Mutation:
    """One field of a mutation: what to run, and the plan of its payload, whose root is what that returns."""

    key: str
    act: Callable[..., Any]
    arguments: Callable[[Any], dict[str, Any]]
    payload: Plan
