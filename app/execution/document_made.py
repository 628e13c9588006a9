"""What is made of a row in a document: leaves, objects and lists of them, and rows whose keys a column lists."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from graphql import GraphQLField, GraphQLList, GraphQLNonNull, get_named_type, get_nullable_type
from sqlalchemy import JSON, ColumnElement, Date, Select, bindparam, func, literal_column, select

from app.domain.time import Clock
from app.execution.arguments import Arguments
from app.execution.document_pages import Connection, Page
from app.execution.document_parts import Building, Row, Value, correlated
from app.execution.levels import Level, Run, Unplannable, clock_of
from app.execution.walk import Details, declared
from app.graphql.fields import Derived, Measured, Related, Totalled, binding
from app.storage import json_text
from app.storage.calendar import Zone
from app.storage.json_text import Absent, Calendar, Made, MadeList
from app.storage.reads import Sums
from app.storage.scope import visible
from app.storage.types import Instant

if TYPE_CHECKING:
    from app.execution.document import Documents


@dataclass(eq=False)
class MadeLevel(Level):
    """Objects that are made of the rows of the level above: their members stand in the place of its columns."""

    members: json_text.Members = field(default_factory=dict)

    def column(self, name: str) -> ColumnElement[Any]:
        found = self.members.get(name)
        if found is None:
            raise Unplannable(f"{name} is not made")
        return found

    def value(self, name: str) -> str:
        self.column(name)
        self.columns[name] = 0
        return ""

    def may_be_null(self, name: str) -> bool:
        return True


class Clocks:
    """The calendars that a document asks for, as values of its statement."""

    def __init__(self) -> None:
        self._read: list[Callable[[Run], Clock]] = []

    def calendar(self, read: Callable[[Run], Clock]) -> Calendar:
        place = len(self._read)
        self._read.append(read)
        zone, day, moment = (bindparam(f"{name}_{place}", type_=type_) for name, type_ in _CALENDAR)
        return Calendar(zone, day, moment)

    def values(self, run: Run) -> dict[str, Any] | None:
        """None where the database does not know a zone as Python does."""
        clocks = [read(run) for read in self._read]
        if not all(json_text.is_known(clock.zone) for clock in clocks):
            return None
        return {f"{name}_{place}": getattr(clock, name) for place, clock in enumerate(clocks) for name, _ in _CALENDAR}


_CALENDAR = (("zone", Zone()), ("today", Date()), ("tomorrow", Instant()))


def derived(documents: "Documents", level: Level, bound: Derived, core: GraphQLField, details: Details) -> Value:
    sql: Any = bound.sql
    if bound.clocked:
        given = Arguments.of(documents.schema, core, declared(core), details[0].node)
        sql = partial(sql, clock=documents.parts.clocks.calendar(partial(clock_of, level, given)))
    made = sql(*(level.column(column) for column in bound.columns))
    for column in bound.columns:
        level.value(column)

    def of(row: Row) -> Any:
        return sql(*(row.columns[column] for column in bound.columns))

    match made:
        case Made():
            return _object(documents, level, made, of, core, details)
        case MadeList():
            return _list(documents, level, made, of, core, details)
    return documents.shown(core, made, of)


def _object(documents: "Documents", level: Level, made: Made, of: Any, core: GraphQLField, details: Details) -> Value:
    absent = Absent.FAULT if isinstance(core.type, GraphQLNonNull) else Absent.NULL
    item = _item(documents, level, made, core, details)

    def value(building: Building, row: Row) -> ColumnElement[Any]:
        made = of(row)
        return json_text.made_object(made, item(building, Row(made.members, row.source)), building.dialect, absent)

    return value


def _list(documents: "Documents", level: Level, made: MadeList, of: Any, core: GraphQLField, details: Details) -> Value:
    if not isinstance(core.type, GraphQLNonNull):
        raise Unplannable("a list that may be null")
    each = json_text.elements(made.elements, documents.database.dialect)
    item = _item(documents, level, made.made(each.c.value), core, details)

    def value(building: Building, row: Row) -> ColumnElement[Any]:
        made = of(row)
        each = json_text.elements(made.elements, building.dialect)
        own = made.made(each.c.value)
        shown = item(building, Row(own.members, each))
        return json_text.made_array(made.elements, each, own, shown, building.dialect)

    return value


def _item(documents: "Documents", level: Level, made: Made, core: GraphQLField, details: Details) -> Value:
    inner = MadeLevel(-1, level, level.read, members=made.members)
    return documents.objects(inner, get_named_type(core.type), details)


def unpacked(level: Level, item: Value) -> Value:
    """An item over rows whose JSON is unpacked once: each look at a member would do it again."""

    def value(building: Building, row: Row) -> ColumnElement[Any]:
        packed = {name for name in level.columns if isinstance(level.column(name).type, JSON)}
        if building.dialect == "sqlite" or not packed or isinstance(level, MadeLevel):
            return item(building, row)
        own = {name: row.columns[name] for name in level.columns}
        shown = [(json_text.unpacked(own[name]) if name in packed else own[name]).label(name) for name in own]
        unmerged = correlated(select(*shown), row).offset(literal_column("0"))  # else it is done at each look again
        rows = unmerged.subquery()
        return select(item(building, Row(rows.c, rows))).select_from(rows).scalar_subquery()

    return value


def listed(child: Level, bound: Related, item: Value) -> Value:
    """The rows whose keys a column lists, in that order; those that are gone are left out."""
    sql: Any = bound.sql

    def value(building: Building, row: Row) -> ColumnElement[Any]:
        read, list_ = building.read(child), sql(row.columns[bound.key])
        key, place = json_text.keys(list_, building.dialect)
        columns = {column.key: column for column in read.columns}
        found = select(*(columns[name].label(name) for name in child.columns))
        found = found.where(visible(read.table), *read.conditions, read.key == key)
        found = json_text.for_each(found, place, building.dialect).order_by(place)
        rows = correlated(found, row).subquery()
        own = Row({name: rows.c[name] for name in child.columns}, rows)
        array = json_text.array_of(item(building, own), rows, building.dialect)
        return json_text.array_by_keys(list_, array, building.dialect)

    return value


def measured(documents: "Documents", level: Level, bound: Measured, core: GraphQLField, details: Details) -> Value:
    """The objects that a measure says of a row, or the one."""
    sql: Any = bound.sql
    given = Arguments.of(documents.schema, core, declared(core), details[0].node)
    asked = documents.level(parent=level, key=bound.key, given=given)
    documents.parts.levels.append(asked)
    level.value(bound.key)
    inner = MadeLevel(-1, level, level.read, members=_named(sql(bound.measure.statement(id=""))))
    item = documents.objects(inner, get_named_type(core.type), details)
    is_list = isinstance(get_nullable_type(core.type), GraphQLList)
    absent = Absent.FAULT if isinstance(core.type, GraphQLNonNull) else Absent.NULL

    def value(building: Building, row: Row) -> ColumnElement[Any]:
        arguments, _ = asked.narrowing(building.run.bound(asked))
        found = sql(json_text.about(bound.measure.statement(**arguments), row.columns[bound.key]))
        rows = found.with_only_columns(*(_named(found)[name] for name in inner.columns)).subquery()
        shown = item(building, Row(rows.c, rows))
        if is_list:
            return json_text.array_of(shown, rows, building.dialect)
        return json_text.single(select(shown).select_from(rows), building.dialect, absent)

    return value


def _named(found: Select[Any]) -> json_text.Members:
    return dict(found.selected_columns.items())


class Totals(Connection):
    """A connection with an object of each sum over all its rows."""

    def member(self, field: str, core: GraphQLField, details: Details) -> Callable[[Page], ColumnElement[Any]]:
        bound = binding(declared(core))
        if isinstance(bound, Totalled) and bound.sql is not None and self.child.read is not None:
            sums = bound.measure(self.child.read)
            if isinstance(sums, Sums):
                return self._totals(sums, bound.sql, core, details)
        return super().member(field, core, details)

    def _totals(
        self, sums: Sums, sql: Callable[..., Made], core: GraphQLField, details: Details
    ) -> Callable[[Page], ColumnElement[Any]]:
        own = sql(self.child.column(sums.per), self.child.column(sums.column))
        item = _item(self.documents, self.child, own, core, details)

        def value(page: Page) -> ColumnElement[Any]:
            read, dialect = page.read, page.building.dialect
            per, column = read.table.c[sums.per], read.table.c[sums.column]
            found = select(per.label("per_"), func.sum(column).label("sum_"))
            found = found.where(visible(read.table), *read.conditions, read.key == page.key, column.is_not(None))
            found = found.group_by(per).order_by(per.nulls_last())
            rows = correlated(found, page.above).subquery()
            made = sql(rows.c.per_, rows.c.sum_)
            shown = item(page.building, Row(made.members, rows))
            return json_text.array_of(json_text.made_object(made, shown, dialect, Absent.FAULT), rows, dialect)

        return value
