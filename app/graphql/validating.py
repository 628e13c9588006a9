"""Validation by graphql-core's own rules, each asked only about the kinds of node that it looks at.

The rules and their meaning are the library's. Its way of running them asks every rule about every node, and leaves
thousands of objects in circles, for which the collector stops the server: together more than the rules themselves take.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeAlias

from graphql import BREAK, SKIP, DocumentNode, GraphQLError, GraphQLSchema, Node, specified_rules, validate
from graphql.language.visitor import EnterLeaveVisitor
from graphql.validation import ASTValidationRule

Handler: TypeAlias = Callable[..., Any] | None
Looking: TypeAlias = tuple[int, Handler, Handler]


def errors_of(schema: GraphQLSchema, document: DocumentNode) -> list[GraphQLError]:
    """The errors of a document, as graphql-core finds them and in its order."""
    made: list[_Rules] = []

    def all_rules(context: Any) -> _Rules:
        made.append(_Rules(context))
        return made[0]

    rules: Any = [all_rules]
    try:
        return validate(schema, document, rules)
    finally:
        for each in made:
            each.forget()


class _Rules(ASTValidationRule):
    """All rules as one. A rule that skips what is below a node is not asked until that is left; one that ended is not
    asked any more."""

    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self._rules = [rule(context) for rule in specified_rules]
        self._skipping: list[Any] = [None] * len(self._rules)
        self._looking: list[list[Looking]] = []

    def get_enter_leave_for_kind(self, kind: str) -> EnterLeaveVisitor:
        found = self.enter_leave_map.get(kind)
        if found is None:
            looking = [
                (place, self._handler(place, enter), self._handler(place, leave))
                for place, enter, leave in _looking_at(kind)
            ]
            self._looking.append(looking)
            found = self.enter_leave_map[kind] = self._all(looking) if looking else EnterLeaveVisitor(None, None)
        return found

    def forget(self) -> None:
        """Let go of what refers to this in turn."""
        self.enter_leave_map.clear()
        self._rules.clear()
        for each in self._looking:
            each.clear()

    def _handler(self, place: int, name: str | None) -> Handler:
        return getattr(self._rules[place], name) if name else None

    def _all(self, looking: Sequence[Looking]) -> EnterLeaveVisitor:
        skipping = self._skipping

        def enter(node: Node, *given: Any) -> None:
            for place, handler, _ in looking:
                if handler and skipping[place] is None:
                    said = handler(node, *given)
                    if said is not None:
                        skipping[place] = node if said in (SKIP, False) else BREAK

        def leave(node: Node, *given: Any) -> None:
            for place, _, handler in looking:
                if skipping[place] is node:
                    skipping[place] = None
                elif handler and skipping[place] is None and handler(node, *given) in (BREAK, True):
                    skipping[place] = BREAK

        return EnterLeaveVisitor(enter, leave)


@cache
def _looking_at(kind: str) -> Sequence[tuple[int, str | None, str | None]]:
    """The rules that look at a kind of node: which of all, and what they call when it is entered and left."""
    found = []
    for place, rule in enumerate(specified_rules):
        enter, leave = _named(rule, "enter", kind), _named(rule, "leave", kind)
        if enter or leave:
            found.append((place, enter, leave))
    return found


def _named(rule: type, does: str, kind: str) -> str | None:
    return next((name for name in (f"{does}_{kind}", does) if getattr(rule, name, None)), None)
