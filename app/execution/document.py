"""An operation as one statement that answers the JSON text of its data: for what is columns and relations throughout.

A field becomes a function from a row, which is the columns of a FROM, to the SQL of its JSON value. The functions are
made once; the statement is made of them for each shape that the arguments give it, and kept. What the databases do not
write as Python does is left to the other form of a plan, and so is an answer with a value in it that may not be.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Self

from cachetools import LRUCache
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLUnionType,
    get_named_type,
)
from sqlalchemy import ColumnElement, bindparam, or_, select
from sqlalchemy.exc import DBAPIError

from app.execution.document_pages import Connection
from app.execution.document_parts import Building, Row, Value, constant, correlated, count_of, object_of
from app.execution.leaves import Bail
from app.execution.levels import Level, Run, Unplannable
from app.execution.walk import Details, Walk, declared
from app.graphql import fields
from app.graphql.fields import Column, Derived, Related, When, binding
from app.storage import json_text
from app.storage.database import Database
from app.storage.json_text import Absent, Kind, Names
from app.storage.paging import decode, sorting
from app.storage.reading import Asked, Effort, Program, Template
from app.storage.reads import Count, Read
from app.storage.scope import visible

MOST_STATEMENTS = 16
_SHOWN_AS: Mapping[str, frozenset[Kind]] = {
    "ID": frozenset({Kind.TEXT}),
    "String": frozenset({Kind.TEXT}),
    "URL": frozenset({Kind.TEXT}),
    "Int": frozenset({Kind.INT, Kind.BIG_INT}),
    "Boolean": frozenset({Kind.BOOLEAN}),
    "DateTime": frozenset({Kind.INSTANT}),
    "Date": frozenset({Kind.DATE}),
    "Decimal": frozenset({Kind.DECIMAL}),
}


class DocumentPlan:
    """What answers an operation by one statement, of which there is one for each shape that arguments give it."""

    def __init__(self, value: Value, levels: Sequence[Level], database: Database) -> None:
        self._value, self._levels, self._database = value, levels, database
        self._templates: LRUCache[Hashable, Template | None] = LRUCache(MOST_STATEMENTS)
        self._seen: LRUCache[Hashable, bool] = LRUCache(MOST_STATEMENTS)
        self.has_lists = not all(level.read and level.read.single for level in levels)
        self._effort = Effort.USUAL if self.has_lists else Effort.BRIEF

    def program(self, run: Run, at_once: bool) -> Program[bytes] | None:
        """The program that answers the data's text; None where the arguments want what no database writes. Not
        `at_once`, there is one for a shape that comes again: to make it takes longer than to answer in another way."""
        run = Run(run.context, run.variables)  # a run knows levels by their numbers, and these are not the other form's
        reads = [run.read(level) for level in self._levels]
        shape = tuple(shape_of(run, level) for level in self._levels)
        if not at_once and shape not in self._seen:
            self._seen[shape] = True
            return None
        if shape not in self._templates:
            self._templates[shape] = self._made(run, reads)
        template = self._templates[shape]
        return None if template is None else self._program(run, reads, template)

    def _program(self, run: Run, reads: Sequence[Read], template: Template) -> Program[bytes]:
        values: dict[str, Any] = dict(run.values)
        for level in self._levels:
            values |= values_of(run, level)
        own = template.own([bind for read in reads for bind in read.shape.binds])
        found = yield Asked(template.prepared.sql, template.prepared.parameters(values, own), self._effort)
        document: bytes = found.rows[0][0]
        if json_text.has_fault(document):
            raise Bail
        return document

    def _made(self, run: Run, reads: Sequence[Read]) -> Template | None:
        dialect = self._database.dialect
        try:
            statement = select(json_text.document(self._value(Building(run, dialect), Row({})), dialect))
        except Unplannable:
            return None
        return self._database.template(statement, [bind for read in reads for bind in read.shape.binds])


def is_fault(error: Exception) -> bool:
    """Whether a database refused to write a value, for it may not be there."""
    return isinstance(error, DBAPIError) and json_text.is_fault(error)


class Documents(Walk):
    """Makes the functions of a query's fields."""

    levels: list[Level]

    @classmethod
    def like(cls, walk: Walk) -> Self:
        """For another part of an operation that is being walked."""
        made = cls(walk.schema, walk.database, walk.operation, walk.fragments, walk.variables)
        made.levels = []
        return made

    def query(self) -> DocumentPlan:
        self.levels = []
        type_, grouped = self.roots()
        return DocumentPlan(self.object(type_, grouped, self.level()), self.levels, self.database)

    def object(self, type_: GraphQLObjectType, grouped: Mapping[str, Details], level: Level) -> Value:
        members: list[tuple[str, Value]] = []
        for key, details in grouped.items():
            name = details[0].node.name.value
            if name == "__typename":
                members.append((key, constant(type_.name)))
            elif name in type_.fields:
                members.append((key, self.value(level, type_.fields[name], details)))
            else:
                raise Unplannable("introspection")
        return object_of(members)

    def objects(self, level: Level, named: Any, details: Details) -> Value:
        """An object, of the type that a column tells where there are several."""
        if isinstance(named, GraphQLObjectType):
            return self.object(named, self.subfields(named, details), level)
        if not isinstance(named, GraphQLInterfaceType | GraphQLUnionType):
            raise Unplannable(str(named))
        cases: list[tuple[When, Value]] = []
        for type_ in self.core.get_possible_types(named):
            told: Any = type_.is_type_of
            if not isinstance(told, When):
                raise Unplannable(f"the types of {named.name}")
            level.value(told.column)
            cases.append((told, self.object(type_, self.subfields(type_, details), level)))

        def value(building: Building, row: Row) -> ColumnElement[Any]:
            told = [
                (or_(*(row.columns[when.column] == each for each in sorted(when.values))), inner(building, row))
                for when, inner in cases
            ]
            return json_text.one_of(told, building.dialect)

        return value

    def value(self, level: Level, core: GraphQLField, details: Details) -> Value:
        match binding(declared(core)):
            case Column(column) if level.read is not None:
                return self.leaf(level, column, core)
            case Derived(sql=sql, columns=columns) if sql is not None and level.read is not None:
                return self.expression(level, sql, columns, core)
            case Related(listed=None) as bound:
                return self.related(level, bound, core, details)
            case fields.Measured(Count() as measure, key) if not core.args:
                return self.count(level, measure, key)
        raise Unplannable("no column and no relation")

    def leaf(self, level: Level, column: str, core: GraphQLField) -> Value:
        kind, absent = _shown(core, level.column(column))
        absent = absent if level.may_be_null(column) else Absent.NEVER
        level.value(column)
        return lambda building, row: json_text.leaf(row.columns[column], kind, building.dialect, absent)

    def expression(self, level: Level, sql: Callable[..., Any], columns: Sequence[str], core: GraphQLField) -> Value:
        kind, absent = _shown(core, sql(*(level.column(column) for column in columns)))
        for column in columns:
            level.value(column)

        def value(building: Building, row: Row) -> ColumnElement[Any]:
            made = sql(*(row.columns[column] for column in columns))
            return json_text.leaf(made, kind, building.dialect, absent)

        return value

    def count(self, level: Level, measure: Count, key: str) -> Value:
        level.value(key)
        counted = self.level(parent=level, read=measure.read, key=key)
        self.levels.append(counted)
        return lambda building, row: count_of(building, building.read(counted), row.columns[key], row)

    def related(self, level: Level, bound: Related, core: GraphQLField, details: Details) -> Value:
        child = self.below(level, bound, core, details)
        self.levels.append(child)
        key = self.key(level, child)
        if bound.paged:
            return Connection(self, child, key).value(get_named_type(core.type), details)
        item = self.objects(child, get_named_type(core.type), details)
        if bound.read.single:
            return _single(child, key, item, Absent.FAULT if isinstance(core.type, GraphQLNonNull) else Absent.NULL)
        if not isinstance(core.type, GraphQLNonNull):
            raise Unplannable("a list that may be null")
        return _list(child, key, item)

    def key(self, level: Level, child: Level) -> Callable[[Row], ColumnElement[Any]]:
        if child.read is None:
            raise Unplannable("rows that are there already")
        type_ = child.read.key.type
        if child.argument:
            return lambda _: bindparam(f"key_{child.id}", type_=type_)
        if level.read is None:
            name = {"organization_id": "organization_id", "user_id": "caller_id"}.get(child.key)
            if name is None:
                raise Unplannable(f"{child.key} of the caller")
            return lambda _: bindparam(name, type_=type_)
        level.value(child.key)
        return lambda row: row.columns[child.key]


def _single(child: Level, key: Callable[[Row], ColumnElement[Any]], item: Value, absent: Absent) -> Value:
    def value(building: Building, row: Row) -> ColumnElement[Any]:
        read = building.read(child)
        columns = {column.key: column for column in read.columns}
        found = select(item(building, Row({name: columns[name] for name in child.columns}, read.table)))
        found = found.select_from(read.table).where(visible(read.table), *read.conditions, read.key == key(row))
        return json_text.single(correlated(found, row), building.dialect, absent)

    return value


def _list(child: Level, key: Callable[[Row], ColumnElement[Any]], item: Value) -> Value:
    def value(building: Building, row: Row) -> ColumnElement[Any]:
        read = building.read(child)
        columns = {column.key: column for column in read.columns}
        found = select(*(columns[name].label(name) for name in child.columns), columns["id"].label("id_"))
        found = found.where(visible(read.table), *read.conditions, read.key == key(row))
        rows = correlated(found.order_by(*sorting(read.order, False)), row).subquery()
        return json_text.array_of(
            item(building, Row({name: rows.c[name] for name in child.columns}, rows)), rows, building.dialect
        )

    return value


def _shown(core: GraphQLField, column: ColumnElement[Any]) -> tuple[Kind | Names, Absent]:
    """How a column is shown in a field, and what a null in it means."""
    if isinstance(core.type, GraphQLNonNull):
        return _kind(core.type.of_type, column), Absent.FAULT
    return _kind(core.type, column), Absent.NULL


def _kind(type_: Any, column: ColumnElement[Any]) -> Kind | Names:
    """How a column is shown as a type of the schema."""
    kind = json_text.kind_of(column.type)
    if isinstance(type_, GraphQLEnumType) and isinstance(kind, Mapping):
        if not set(kind.values()) <= set(type_.values):
            raise Unplannable(f"{type_.name} of other names")
        return kind
    if isinstance(type_, GraphQLScalarType) and isinstance(kind, Kind) and kind in _SHOWN_AS.get(type_.name, ()):
        return Kind.INT if type_.name == "Int" else kind
    raise Unplannable(f"{type_} is not written by the databases")


def shape_of(run: Run, level: Level) -> Hashable:
    """What decides a level's part of the statement."""
    shape, window = run.read(level).shape, run.bound(level).window
    if window is None:
        return shape
    return shape, window.backward, window.after is None, window.before is None, json_text.most_for(window.size)


def values_of(run: Run, level: Level) -> dict[str, Any]:
    """What a level binds in this run."""
    bound = run.bound(level)
    values: dict[str, Any] = {}
    if level.argument:
        values[f"key_{level.id}"] = bound.arguments[level.argument]
    if bound.window is not None and level.read is not None:
        values[f"size_{level.id}"] = bound.window.size
        for name, cursor in (("after", bound.window.after), ("before", bound.window.before)):
            if cursor is not None:
                decoded = decode(run.read(level).order, cursor, name)
                values |= {f"{name}_{level.id}_{i}": value for i, value in enumerate(decoded)}
    return values
