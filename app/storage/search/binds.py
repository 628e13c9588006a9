"""What a search binds when it runs: who asks, and what moves with the clock. So a statement serves again."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from sqlalchemy import BindParameter, bindparam
from sqlalchemy.types import TypeEngine

from app.domain.time import Clock
from app.storage.types import Instant, Word

NOW: Any = bindparam("now", type_=Instant())
CALLER: Any = bindparam("caller_id", type_=Word())  # one of the actor's values

Value: TypeAlias = Callable[[Clock], Any]


class Moving:
    """The values of one statement that are worked out each time it runs."""

    def __init__(self) -> None:
        self._values: dict[str, Value] = {}

    def bind(self, value: Value, type: TypeEngine[Any]) -> BindParameter[Any]:
        name = f"moving_{len(self._values)}"
        self._values[name] = value
        return bindparam(name, type_=type)

    def values(self, clock: Clock) -> Mapping[str, Any]:
        return {"now": clock.now} | {name: value(clock) for name, value in self._values.items()}
