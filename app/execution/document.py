"""An operation as one statement that answers the JSON text of its data: for columns, relations, and what columns make.

A field becomes a function from a row, which is the columns of a FROM, to the SQL of its JSON value. The functions are
made once; the statement is made of them for each shape that the arguments give it, and kept. What the databases do not
write as Python does is left to the other form of a plan, and so is an answer with a value in it that may not be.
"""

from collections.abc import Callable, Hashable, Mapping
from typing import Any, Self

from cachetools import LRUCache
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLUnionType,
    get_named_type,
)
from sqlalchemy import ColumnElement, bindparam, case, or_, select
from sqlalchemy.exc import DBAPIError

from app.execution.document_made import Totals, derived, listed, measured, unpacked
from app.execution.document_parts import Building, Row, Value, constant, correlated, count_of, object_of
from app.execution.document_values import MOST_STATEMENTS, Bound, Parts, given
from app.execution.leaves import Bail
from app.execution.levels import Level, Run, Unplannable
from app.execution.walk import Details, Walk, declared
from app.graphql import fields
from app.graphql.fields import Column, Derived, Related, When, binding
from app.storage import json_text
from app.storage.database import Database
from app.storage.json_text import Absent, Kind, Names, Unwritten
from app.storage.paging import sorting
from app.storage.reading import Asked, Effort, Program, Template
from app.storage.reads import Count
from app.storage.scope import visible

_SHOWN_AS: Mapping[str, frozenset[Kind]] = {
    "ID": frozenset({Kind.TEXT}),
    "String": frozenset({Kind.TEXT}),
    "TimeZone": frozenset({Kind.TEXT}),
    "URL": frozenset({Kind.TEXT}),
    "Int": frozenset({Kind.INT, Kind.BIG_INT}),
    "Boolean": frozenset({Kind.BOOLEAN}),
    "DateTime": frozenset({Kind.INSTANT}),
    "Date": frozenset({Kind.DATE}),
    "Decimal": frozenset({Kind.DECIMAL, Kind.CENTS}),
}


class DocumentPlan:
    """What answers an operation by one statement, of which there is one for each shape that arguments give it."""

    def __init__(self, value: Value, parts: Parts, database: Database) -> None:
        self._value, self._parts, self._database = value, parts, database
        self._templates: LRUCache[Hashable, Template | None] = LRUCache(MOST_STATEMENTS)
        self.is_worthwhile = parts.has_lists or (bool(parts.keys) and len(parts.levels) > 1)
        self._effort = Effort.USUAL if parts.has_lists else Effort.BRIEF

    def program(self, run: Run, root: Any) -> Program[bytes] | None:
        """The program that answers the text of what a root has; None where there is none, or it is not worth its making
        yet."""
        bound = self._parts.bound(run, root)
        if bound is None or not self._parts.is_due(run, bound.shape):
            return None
        if bound.shape not in self._templates:
            self._templates[bound.shape] = self._made(bound)
        template = self._templates[bound.shape]
        return None if template is None else self._program(bound, template)

    def _program(self, bound: Bound, template: Template) -> Program[bytes]:
        parameters = template.prepared.parameters(bound.values, template.own(bound.constants))
        found = yield Asked(template.prepared.sql, parameters, self._effort)
        document: bytes = found.rows[0][0]
        if json_text.has_fault(document):
            raise Bail
        return document

    def _made(self, bound: Bound) -> Template | None:
        dialect = self._database.dialect
        building = Building(bound.run, bound.reads, dialect)
        try:
            statement = select(json_text.document(self._value(building, Row({})), dialect))
        except (Unplannable, Unwritten):
            return None
        return self._database.template(statement, bound.constants)


def is_fault(error: Exception) -> bool:
    """Whether a database refused to write a value, for it may not be there."""
    return isinstance(error, DBAPIError) and json_text.is_fault(error)


class Documents(Walk):
    """Makes the functions of a query's fields."""

    parts: Parts
    is_payload = False

    @classmethod
    def like(cls, walk: Walk) -> Self:
        """For another part of an operation that is being walked."""
        made = cls(walk.schema, walk.database, walk.operation, walk.fragments, walk.variables)
        made.parts = Parts()
        return made

    def query(self) -> DocumentPlan:
        """The document of a query; its root is the actor."""
        return self._under(*self.roots())

    def payload(self, type_: GraphQLObjectType, grouped: Mapping[str, Details]) -> DocumentPlan:
        """The document of a mutation's payload; its root is what was done."""
        self.is_payload = True
        return self._under(type_, grouped)

    def _under(self, type_: GraphQLObjectType, grouped: Mapping[str, Details]) -> DocumentPlan:
        self.parts = Parts()
        return DocumentPlan(self.object(type_, grouped, self.level()), self.parts, self.database)

    def object(
        self, type_: GraphQLObjectType, grouped: Mapping[str, Details], level: Level, typename: Value | None = None
    ) -> Value:
        """An object of a type, or of several of which the same is selected, with the name that each row has."""
        members: list[tuple[str, Value]] = []
        for key, details in grouped.items():
            name = details[0].node.name.value
            if name == "__typename":
                members.append((key, typename or constant(type_.name)))
            elif name in type_.fields:
                members.append((key, self.value(level, type_.fields[name], details)))
            else:
                raise Unplannable("introspection")
        return object_of(members)

    def objects(self, level: Level, named: Any, details: Details) -> Value:
        """An object, of the type that a column tells where there are several."""
        return unpacked(level, self._objects(level, named, details))

    def _objects(self, level: Level, named: Any, details: Details) -> Value:
        if isinstance(named, GraphQLObjectType):
            return self.object(named, self.subfields(named, details), level)
        if not isinstance(named, GraphQLInterfaceType | GraphQLUnionType):
            raise Unplannable(str(named))
        alike: dict[tuple[str, Hashable], tuple[dict[Any, str], Value]] = {}
        for type_ in self.core.get_possible_types(named):
            told: Any = type_.is_type_of
            if not isinstance(told, When):
                raise Unplannable(f"the types of {named.name}")
            level.value(told.column)
            grouped = self.subfields(type_, details)
            selected = told.column, self._selected(type_, grouped)
            if selected not in alike:
                names: dict[Any, str] = {}  # by the values of the column, of all types that turn out to be alike
                alike[selected] = names, self.object(type_, grouped, level, _typename(told.column, names))
            alike[selected][0].update(dict.fromkeys(told.values, type_.name))

        def value(building: Building, row: Row) -> ColumnElement[Any]:
            told = [
                (or_(*(row.columns[column] == each for each in sorted(names))), inner(building, row))
                for (column, _), (names, inner) in alike.items()
            ]
            return json_text.one_of(told, building.dialect)

        return value

    def _selected(self, type_: GraphQLObjectType, grouped: Mapping[str, Details]) -> Hashable:
        """Equal for types whose objects are written alike: of which the same nodes select fields that stand on the
        same."""
        parts: list[Hashable] = []
        for key, details in grouped.items():
            name = details[0].node.name.value
            core = type_.fields.get(name)
            stands_on: Hashable = (str(core.type), binding(declared(core))) if core else name
            parts.append((key, tuple(id(each.node) for each in details), stands_on))
        return tuple(parts)

    def value(self, level: Level, core: GraphQLField, details: Details) -> Value:
        match binding(declared(core)):
            case Column(column) if level.read is not None:
                return self.leaf(level, column, core)
            case Column(column) if self.is_payload and _is_list(core):
                self.parts.lists.add(column)
                return lambda building, row: json_text.nothing(building.dialect)
            case Derived() as bound if bound.sql is not None and level.read is not None:
                return derived(self, level, bound, core, details)
            case Related() as bound if bound.listed is None or bound.sql is not None:
                return self.related(level, bound, core, details)
            case fields.Measured(Count() as measure, key) if not core.args:
                return self.count(level, measure, key)
            case fields.Measured() as bound if bound.sql is not None and level.read is not None:
                return measured(self, level, bound, core, details)
        raise Unplannable("no column and no relation")

    def leaf(self, level: Level, column: str, core: GraphQLField) -> Value:
        kind, absent = _shown(core, level.column(column))
        absent = absent if level.may_be_null(column) else Absent.NEVER
        level.value(column)
        return lambda building, row: json_text.leaf(row.columns[column], kind, building.dialect, absent)

    def shown(self, core: GraphQLField, made: ColumnElement[Any], of: Callable[[Row], ColumnElement[Any]]) -> Value:
        """A leaf that is made of a row; `made` of the columns as they are declared."""
        kind, absent = _shown(core, made)
        return lambda building, row: json_text.leaf(of(row), kind, building.dialect, absent)

    def count(self, level: Level, measure: Count, key: str) -> Value:
        level.value(key)
        counted = self.level(parent=level, read=measure.read, key=key)
        self.parts.levels.append(counted)
        return lambda building, row: count_of(building, building.read(counted), row.columns[key], row)

    def related(self, level: Level, bound: Related, core: GraphQLField, details: Details) -> Value:
        child = self.below(level, bound, core, details)
        self.parts.levels.append(child)
        key = self.key(level, child)
        if bound.paged:
            return Totals(self, child, key).value(get_named_type(core.type), details)
        item = self.objects(child, get_named_type(core.type), details)
        if bound.sql is not None:
            return listed(child, bound, item)
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
        if level.read is None and self.is_payload:
            self.parts.keys.add(child.key)
            return lambda _: bindparam(given(child.key), type_=type_)
        if level.read is None:
            name = {"organization_id": "organization_id", "user_id": "caller_id"}.get(child.key)
            if name is None:
                raise Unplannable(f"{child.key} of the caller")
            return lambda _: bindparam(name, type_=type_)
        level.value(child.key)
        return lambda row: row.columns[child.key]


def _is_list(core: GraphQLField) -> bool:
    return isinstance(core.type, GraphQLNonNull) and isinstance(core.type.of_type, GraphQLList)


def _typename(column: str, names: Mapping[Any, str]) -> Value:
    """The name of a row's type, as its column tells."""

    def value(building: Building, row: Row) -> ColumnElement[Any]:
        if len(set(names.values())) == 1:
            return json_text.name_leaf(next(iter(names.values())), building.dialect)
        told = [
            (row.columns[column] == each, json_text.name_leaf(names[each], building.dialect)) for each in sorted(names)
        ]
        return case(*told)

    return value


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
    if isinstance(type_, GraphQLList) and kind is Kind.TEXTS and get_named_type(type_).name == "String":
        return kind
    if isinstance(type_, GraphQLEnumType) and isinstance(kind, Mapping):
        if not set(kind.values()) <= set(type_.values):
            raise Unplannable(f"{type_.name} of other names")
        return kind
    if isinstance(type_, GraphQLScalarType) and isinstance(kind, Kind) and kind in _SHOWN_AS.get(type_.name, ()):
        return Kind.INT if type_.name == "Int" else kind
    raise Unplannable(f"{type_} is not written by the databases")
