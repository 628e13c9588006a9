"""The arguments of a field, as its resolver would get them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import FieldNode, GraphQLField, VariableNode, Visitor, get_argument_values, visit
from strawberry import UNSET
from strawberry.schema import Schema
from strawberry.types.field import StrawberryField

from app.execution.converting import Converters
from app.graphql.inputs import check_lists
from app.storage.kept import Kept

MOST_KEPT = 16
LONGEST_KEPT = 500  # characters of variables


@dataclass(frozen=True)
class Arguments:
    """What a field was given in the document. Fixed arguments are the same in every request."""

    read: Callable[[Any], dict[str, Any]]
    is_fixed: bool

    @classmethod
    def of(
        cls, schema: Schema, core: GraphQLField, field: StrawberryField, node: FieldNode, then: Any = None
    ) -> "Arguments":
        """Those of a field in a document; `then` is what is made of them before they are kept."""
        convert = Converters.of(schema).arguments(field)

        def read(variables: Any) -> dict[str, Any]:
            converted = convert(get_argument_values(core, node, variables))
            given = {name: value for name, value in converted.items() if value is not UNSET}
            check_lists(given)
            return then(given) if then else given

        names = sorted(variables_in(node.arguments or ()))
        return cls(_kept(read, names), not names) if field.arguments else NO_ARGUMENTS


def _kept(read: Callable[[Any], dict[str, Any]], names: Sequence[str]) -> Callable[[Any], dict[str, Any]]:
    """The same, but arguments that were given before are not made of their variables again: that takes longer than
    finding a search's hits. Nobody changes them."""
    known: Kept[str, dict[str, Any]] = Kept(MOST_KEPT)

    def kept(variables: Any) -> dict[str, Any]:
        given = repr([variables.coerced.get(name, UNSET) for name in names])
        found = known.get(given)
        if found is None:
            found = read(variables)
            if len(given) <= LONGEST_KEPT:
                known.put(given, found)
        return found

    return kept


NO_ARGUMENTS = Arguments(lambda variables: {}, True)


def variables_in(nodes: Any) -> set[str]:
    """The names of the variables in some nodes of a document."""
    found: set[str] = set()

    class Collector(Visitor):
        def enter_variable(self, node: VariableNode, *_: Any) -> None:
            found.add(node.name.value)

    for node in nodes:
        visit(node, Collector())
    return found
