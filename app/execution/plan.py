"""A plan: the code of an operation, run as a program of statements."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.execution.code import Code
from app.execution.document import DocumentPlan
from app.execution.leaves import Bail
from app.execution.levels import Run
from app.storage.reading import Program


class Plan:
    """What answers an operation, or the payload of a mutation, for a given root."""

    def __init__(self, code: Code) -> None:
        self.document: DocumentPlan | None = None
        self.levels = code.levels
        self._ahead = code.ahead
        self._function, self.source = code.compiled()

    async def prepare(self, run: Run) -> None:
        """What has to be known before the program begins, and is found in another way than by it."""
        for question in self._ahead:
            await question.prepare(run)

    def program(self, run: Run, root: Any) -> Program[Any]:
        """The statements, and at the end the data; Bail where the data does not fit the schema's types."""
        answers = self._function(run, root)
        try:
            question, keys = next(answers)
            while True:
                question, keys = answers.send((yield from question.program(run, keys)))
        except StopIteration as end:
            return end.value
        except KeyError as error:  # a link that is always there leads nowhere, or a value is none of its enum
            raise Bail from error


@dataclass(frozen=True)
class Mutation:
    """One field of a mutation: what to run, and the plan of its payload, whose root is what that returns."""

    key: str
    act: Callable[..., Any]
    arguments: Callable[[Any], dict[str, Any]]
    payload: Plan
