"""The code of a plan while it is written, and the function that it becomes.

    def run(run, root):
        rows0 = [root]
        k1 = [x for x in [run.key(n0)] if x is not None]
        rows1, g1, e1, c1 = yield n1, k1
        def v0(r): return {'id': r[1], 'displayName': r[2]}
        def v1(r): return {'lead': (None if (x := g1.get(k1[0])) is None else v0(x))}
        return v1(root)

It is a generator that yields what it asks and gets the answer back, so who talks to which database is no concern of
its own. No text of a client stands in it but the names of GraphQL: everything else is a name for a value.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from graphql import GraphQLList, GraphQLNonNull

from app.execution.leaves import Bail
from app.execution.levels import Level, Run

Function: TypeAlias = Callable[[Run, Any], Any]
Keys: TypeAlias = Callable[[], str]


class Code:
    """Names, functions and questions, put together at the end."""

    def __init__(self) -> None:
        self.levels: list[Level] = []
        self.ahead: list[Any] = []
        self.result = ""
        self._names: dict[str, Any] = {"many": many}
        self._functions: list[str] = []
        self._asks: list[tuple[Level, str, Keys, str]] = []
        self._once: list[str] = []

    def name(self, value: Any) -> str:
        """A name for a value."""
        name = f"n{len(self._names)}"
        self._names[name] = value
        return name

    def function(self, parameters: str, expression: str) -> str:
        name = f"v{len(self._functions)}"
        self._functions.append(f"def {name}({parameters}): return {expression}")
        return name

    def table(self, views: Mapping[str, str]) -> str:
        """A table of functions."""
        name = f"v{len(self._functions)}"
        self._functions.append(f"{name} = {{{', '.join(f'{key!r}: {view}' for key, view in views.items())}}}")
        return name

    def nested(self, type_: Any, view: str) -> str:
        """A function that completes an object, or a list of objects, of this type: each of them by the view."""
        name = f"v{len(self._functions)}"
        self._functions.append(f"{name} = {self.name(nesting(type_))}({view})")
        return name

    def once(self, value: Callable[[Run], Any]) -> str:
        """A name for what is worked out once in each run."""
        name = f"o{len(self._once)}"
        self._once.append(f"{name} = {self.name(value)}(run)")
        return name

    def ask(self, level: Level, question: Any, keys: Keys) -> None:
        """Ask for the rows of a level, or a measure: g and e of its number are the answer."""
        self._asks.append((level, self.name(question), keys, f"rows{level.id}, g{level.id}, e{level.id}, c{level.id}"))

    def ask_too(self, level: Level, question: Any) -> str:
        """Ask another question by the keys of a level; a name for its answer."""
        name = f"t{len(self._asks)}"
        self._asks.append((level, self.name(question), lambda: "", name))
        return name

    def ask_for(self, level: Level, question: Any, names: str) -> None:
        """Ask a question without keys, whose answer has these names, once what it is about is prepared."""
        self.ahead.append(question)
        self._asks.append((level, self.name(question), lambda: "()", names))

    def compiled(self) -> tuple[Function, str]:
        """The function, and its source."""
        lines = ["rows0 = [root]", *self._once]
        known = {0}
        for level, question, keys, names in self._asks:
            if text := keys():
                if level.parent is not None:
                    lines += self._rows(level.parent, known)
                lines.append(f"k{level.id} = {text}")
                known.add(level.id)
            asked = names[0] in "tc" or level.is_asked
            if asked:
                lines.append(f"{names} = yield {question}, k{level.id}")
            else:  # nothing is looked at but what its arguments say
                lines.append(f"g{level.id}, e{level.id}, _ = {{}}, None, run.bound({self.name(level)})")
        lines += [*self._functions, f"return {self.result}(root)"]
        source = "\n    ".join(["def run(run, root):", *lines])
        scope = dict(self._names)
        exec(compile(f"{source}\n    yield", "<plan>", "exec"), scope)  # noqa: S102 - no client text is in it but names
        function: Function = scope["run"]
        return function, source

    def _rows(self, level: Level, known: set[int]) -> Iterable[str]:
        """The lines that list the objects of a level which is made from another one's rows."""
        if level.id in known or level.parent is None or not (level.source or level.rows):
            return []
        known.add(level.id)
        above = [*self._rows(level.parent, known)]
        return [
            *above,
            f"rows{level.id} = {level.rows or f'[x for r in rows{level.parent.id} for x in many({level.source})]'}",
        ]


def many(value: Any) -> Iterable[Any]:
    """The objects that a value is: none, one, or several."""
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)


def nesting(type_: Any) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    """For a type around an object type: how a view of the object becomes one of the whole."""
    if isinstance(type_, GraphQLNonNull):
        inner = nesting(type_.of_type)
        return lambda view: _required(inner(view))
    if isinstance(type_, GraphQLList):
        item = nesting(type_.of_type)
        return lambda view: _each(item(view))
    return _optional


def _optional(view: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else view(value)


def _each(item: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda values: None if values is None else [item(value) for value in values]


def _required(complete: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if value is None:
            raise Bail
        return complete(value)

    return check
