"""The code of connections: a page `p` is (rows, has next, has previous), `k` the key that it belongs to."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from graphql import GraphQLField, GraphQLObjectType, get_named_type

from app.execution.levels import Level, Measured, Unplannable
from app.graphql.fields import Totalled, binding

if TYPE_CHECKING:
    from app.execution.planner import Planner
    from app.execution.walk import Details


class Pages:
    """Writes the code of the pages of one level."""

    def __init__(self, planner: "Planner", level: Level) -> None:
        self.planner, self.level, self.code = planner, level, planner.code

    def page(self, type_: GraphQLObjectType, details: "Details") -> str:
        return self.function("p, k", type_, details, self._member)

    def _member(self, name: str, core: GraphQLField, details: "Details") -> str:
        named: Any = get_named_type(core.type)
        bound = binding(core.extensions["strawberry-definition"])
        if isinstance(bound, Totalled):
            total = f"{self.code.name(bound.function)}({self.total(bound.measure)})"
            return self.planner.made(self.level, total, core, details)
        match name:
            case "totalCount":
                return self.total(lambda read: read.count)
            case "nodes":
                self.level.is_asked = True
                return f"[{self.planner.objects(self.level, named, details)}(x) for x in p[0]]"
            case "edges":
                self.level.is_asked = True
                return f"[{self.function('r', named, details, self._edge)}(x) for x in p[0]]"
            case "pageInfo":
                self.level.is_asked = True
                return f"{self.function('p', named, details, self._info)}(p)"
        raise Unplannable(f"opaque: {name}")

    def _edge(self, name: str, core: GraphQLField, details: "Details") -> str:
        if name == "cursor":
            return self.cursor("r")
        if name == "node":
            return f"{self.planner.objects(self.level, get_named_type(core.type), details)}(r)"
        raise Unplannable(f"opaque: {name}")

    def _info(self, name: str, core: GraphQLField, details: "Details") -> str:
        match name:
            case "hasNextPage":
                return "p[1]"
            case "hasPreviousPage":
                return "p[2]"
            case "startCursor":
                return f"({self.cursor('p[0][0]')} if p[0] else None)"
            case "endCursor":
                return f"({self.cursor('p[0][-1]')} if p[0] else None)"
        raise Unplannable(f"opaque: {name}")

    def cursor(self, row: str) -> str:
        self.level.has_cursors = True
        return f"c{self.level.id}({row})"

    def total(self, measure: Callable[[Any], Any]) -> str:
        """The code of what a measure says of all the pages together."""
        name = self.code.ask_too(self.level, Measured(measure, self.level, self.planner.database))
        return f"{name}.by_key.get(k, {name}.empty)"

    def function(self, parameters: str, type_: GraphQLObjectType, details: "Details", answer: Any) -> str:
        grouped = self.planner.subfields(type_, details)
        return self.code.function(parameters, self.planner.object(type_, grouped, answer))
