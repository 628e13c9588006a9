"""From a validated operation to a plan: levels with only the columns they need, and code that completes the response.

It reads the bindings and nothing else; whatever it does not know raises Unplannable, and the resolvers answer.

The code mirrors the operation. Per level there are its rows and what belongs to each key (`g1`); per object type in a
level a function from a row `r` to its part of the response (`v2`). A row of a statement is a tuple that begins with
the key; a given row is an object. Fields are merged, and fragments and directives followed, by graphql-core's own
functions, so that order and meaning cannot drift.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias, cast

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
)
from graphql.execution.collect_fields import get_field_entry_key

from app.execution import leaves
from app.execution.arguments import Arguments
from app.execution.code import Code
from app.execution.levels import Level, Measured, Rows, Unplannable, clock_of
from app.execution.pages import Pages
from app.execution.searches import Search
from app.execution.walk import Details, Walk, declared
from app.graphql import fields
from app.graphql.fields import Column, Derived, Hits, Related, When, binding
from app.storage.reading import decoder

Answer: TypeAlias = Callable[[str, GraphQLField, Details], str]


class Planner(Walk):
    """Plans one operation, or the payload of one mutation."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.dialect = self.database.reader.dialect
        self.code = Code()

    def query(self) -> Code:
        """The code of a query; its given row is the actor."""
        return self.under(*self.roots())

    def under(self, type_: GraphQLObjectType, grouped: dict[str, Details]) -> Code:
        """The code of an object whose row is given."""
        top = self.level()
        self.code.result = self.code.function("r", self.object(type_, grouped, partial(self.value, top)))
        return self.code

    # ---- objects

    def objects(self, level: Level, type_: GraphQLNamedType, details: Details) -> str:
        """The name of the function from a row to an object of a type, or of the type that the row tells."""
        if isinstance(type_, GraphQLObjectType):
            return self.view(level, type_, details)
        if not isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
            raise Unplannable(type_.name)
        concrete = self.core.get_possible_types(type_)
        told = [each.is_type_of for each in concrete]
        columns = {each.column for each in told if isinstance(each, When)}
        if len(columns) == 1 and all(isinstance(each, When) for each in told):
            return self.told_by_column(level, columns.pop(), concrete, details)
        if level.read is not None or any(each is fields.any_row for each in told):
            raise Unplannable(f"the types of {type_.name}")
        return self.told_by_row(level, concrete, details)

    def view(self, level: Level, type_: GraphQLObjectType, details: Details) -> str:
        return self.code.function("r", self.object(type_, self.subfields(type_, details), partial(self.value, level)))

    def told_by_column(self, level: Level, column: str, concrete: Any, details: Details) -> str:
        views: dict[Any, str] = {}
        for type_ in concrete:
            level.kind = (column, type_.is_type_of.values)
            views |= dict.fromkeys(type_.is_type_of.values, self.view(level, type_, details))
            level.kind = None
        table = self.code.table({str(value): name for value, name in views.items()})
        return self.code.function("r", f"{table}[{level.value(column)}](r)")

    def told_by_row(self, level: Level, concrete: Any, details: Details) -> str:
        """By the types' own look at a given row."""

        def told(row: Any) -> str:
            return next(str(type_.name) for type_ in concrete if type_.is_type_of(row, None))

        table = self.code.table({type_.name: self.view(level, type_, details) for type_ in concrete})
        return self.code.function("r", f"{table}[{self.code.name(told)}(r)](r)")

    def object(self, type_: GraphQLObjectType, grouped: dict[str, Details], answer: Answer) -> str:
        """The code of an object: its response keys in order, each with the code of its answer."""
        parts = []
        for key, details in grouped.items():
            name = details[0].node.name.value
            if name != "__typename" and name not in type_.fields:
                raise Unplannable("introspection")
            code = repr(type_.name) if name == "__typename" else answer(name, type_.fields[name], details)
            parts.append(f"{key!r}: {code}")
        return "{" + ", ".join(parts) + "}"

    # ---- fields

    def value(self, level: Level, name: str, core: GraphQLField, details: Details) -> str:
        """The code that answers one field from the row `r`."""
        match binding(declared(core)):
            case Column(column):
                return self.column(level, column, core, details)
            case Derived() as bound:
                return self.derived(level, bound, core, details)
            case Related() as bound:
                return self.related(level, bound, core, details)
            case fields.Measured() as bound:
                return self.measured(level, bound, core, details)
            case Hits() as bound if level.parent is None:
                given = Arguments.of(self.schema, core, declared(core), details[0].node, bound.read)
                key = get_field_entry_key(details[0].node)
                return Search(self, level, bound, given, key).connection(cast(Any, get_named_type(core.type)), details)
        raise Unplannable(f"opaque: {details[0].node.name.value}")

    def column(self, level: Level, column: str, core: GraphQLField, details: Details) -> str:
        code = level.value(column)
        if level.read is None:
            return self.made(level, code, core, details)
        step = leaves.stored_leaf(core.type, level.column(column), self.dialect, level.may_be_null(column))
        return code if step is None else f"{self.code.name(step)}({code})"

    def derived(self, level: Level, bound: Derived, core: GraphQLField, details: Details) -> str:
        values = [self.decoded(level, column) for column in bound.columns]
        if bound.clocked:
            given = Arguments.of(self.schema, core, declared(core), details[0].node)
            values.append(f"clock={self.code.once(partial(clock_of, level, given))}")
        return self.made(level, f"{self.code.name(bound.function)}({', '.join(values)})", core, details)

    def decoded(self, level: Level, column: str) -> str:
        """The code of a column's Python value."""
        code = level.value(column)
        decode = None if level.read is None else decoder(level.column(column).type, self.dialect)
        return code if decode is None else f"{self.code.name(leaves.null_stays(decode))}({code})"

    def made(self, level: Level, source: str, core: GraphQLField, details: Details, rows: str = "") -> str:
        """The code that completes what is made from a row of the level: a leaf, an object, or a list of either."""
        named = get_named_type(core.type)
        if is_leaf_type(named):
            step = leaves.given_leaf(core.type)
            return source if step is None else f"{self.code.name(step)}({source})"
        view = self.objects(self.level(parent=level, source=source, rows=rows), named, details)
        return f"{self.code.nested(core.type, view)}({source})"

    def related(self, level: Level, bound: Related, core: GraphQLField, details: Details) -> str:
        child, named = self.child(level, bound, core, details), get_named_type(core.type)
        key = f"k{child.id}[0]" if bound.argument else level.value(bound.key)
        if bound.paged:
            if not isinstance(named, GraphQLObjectType):
                raise Unplannable(named.name)
            return f"{Pages(self, child).page(named, details)}(g{child.id}.get({key}, e{child.id}), {key})"
        view = self.objects(child, named, details)
        if bound.listed is not None:
            keys = f"{self.code.name(bound.listed)}({self.decoded(level, bound.key)})"
            return f"[{view}(g{child.id}[x]) for x in {keys} if x in g{child.id}]"
        if not bound.read.single:
            rows = f"(None if (y := {key}) is None else g{child.id}.get(y, ()))"
            return f"{self.code.nested(core.type, view)}({rows})"
        if isinstance(core.type, GraphQLNonNull):
            return f"{view}(g{child.id}[{key}])"
        return f"(None if (x := g{child.id}.get({key})) is None else {view}(x))"

    def measured(self, level: Level, bound: fields.Measured, core: GraphQLField, details: Details) -> str:
        given = Arguments.of(self.schema, core, declared(core), details[0].node)
        asked = self.level(parent=level, key=bound.key, given=given, only=level.kind)
        question = Measured(lambda _: bound.measure, asked, self.database)
        self.code.ask(asked, question, partial(self.keys, asked))
        source = f"g{asked.id}.get({level.value(bound.key)}, e{asked.id})"
        return self.made(asked, source, core, details, f"[x for all in g{asked.id}.values() for x in many(all)]")

    # ---- levels

    def child(self, parent: Level, bound: Related, core: GraphQLField, details: Details) -> Level:
        """The level of a relation: shared by the types of an interface where they select it together."""
        same = (id(bound.read), bound.key, *(id(each.node) for each in details))
        child = parent.children.get(same)
        if child is not None:
            child.only = child.only and parent.kind and (parent.kind[0], child.only[1] | parent.kind[1])
            return child
        is_asked = not bound.paged  # until a page's rows are asked for
        options = {"only": parent.kind, "listed": bound.listed, "is_asked": is_asked}
        child = self.below(parent, bound, core, details, **options)
        parent.children[same] = child
        self.code.ask(child, Rows(child, self.database), partial(self.keys, child))
        return child

    def keys(self, child: Level) -> str:
        """The code of the keys that a level is read by: taken from the rows above it."""
        parent = child.parent
        if parent is None:
            raise TypeError("a level without a parent has no keys")
        if child.argument:
            return f"[x for x in [run.key({self.code.name(child)})] if x is not None]"
        only = f" if {parent.value(child.only[0])} in {self.code.name(child.only[1])}" if child.only else ""
        if child.listed is not None:
            keys = f"{self.code.name(child.listed)}({self.decoded(parent, child.key)})"
            return f"list(dict.fromkeys([x for r in rows{parent.id}{only} for x in {keys}]))"
        key = parent.value(child.key)
        return f"list(dict.fromkeys([x for r in rows{parent.id}{only} if (x := {key}) is not None]))"

    def level(self, **options: Any) -> Level:
        level = super().level(**options)
        self.code.levels.append(level)
        return level
