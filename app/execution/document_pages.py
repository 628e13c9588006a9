"""Connections in a document: functions from the rows of a page, and the row that they belong to, to SQL."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from graphql import GraphQLField, get_named_type
from sqlalchemy import ColumnElement, Integer, bindparam, select

from app.execution.document_parts import Building, Row, Value, constant, correlated, count_of, object_of
from app.execution.levels import Level, Unplannable
from app.execution.walk import Details
from app.storage import json_text
from app.storage.paging import beyond
from app.storage.reads import Read
from app.storage.scope import visible

if TYPE_CHECKING:
    from app.execution.document import Documents


class Connection:
    """Makes the functions of a connection's parts: each from the rows of the page and the row that they belong to."""

    def __init__(self, documents: "Documents", child: Level, key: Callable[[Row], ColumnElement[Any]]) -> None:
        self.documents, self.child, self.key = documents, child, key
        self.has_rows = self.has_cursors = self.has_info = False
        self.arrays = 0

    def value(self, type_: Any, details: Details) -> Value:
        members: list[tuple[str, Callable[..., ColumnElement[Any]]]] = []
        for name, inner in self.documents.subfields(type_, details).items():
            field = inner[0].node.name.value
            part = (
                _part(constant(type_.name)) if field == "__typename" else self.member(field, type_.fields[field], inner)
            )
            members.append((name, part))

        def value(building: Building, row: Row) -> ColumnElement[Any]:
            alone = self.arrays == 1 and not self.has_info
            page = Page(building, building.read(self.child), self.child, self.key(row), row, self.has_cursors, alone)
            pairs = [(name, part(page)) for name, part in members]
            made = json_text.row_object(pairs, building.dialect)
            return page.rows.select(made) if self.has_rows else made

        return value

    def member(self, field: str, core: GraphQLField, details: Details) -> Callable[["Page"], ColumnElement[Any]]:
        named: Any = get_named_type(core.type)
        match field:
            case "totalCount":
                return lambda page: count_of(page.building, page.read, page.key, page.above)
            case "nodes":
                return self.array(self.documents.objects(self.child, named, details))
            case "edges":
                return self.array(self.edge(named, details))
            case "pageInfo":
                return self.page_info(named, details)
        raise Unplannable("more than a page")

    def array(self, item: Value) -> Callable[["Page"], ColumnElement[Any]]:
        self.has_rows = True
        self.arrays += 1
        return lambda page: page.rows.array(item(page.building, page.row))

    def edge(self, type_: Any, details: Details) -> Value:
        members: list[tuple[str, Value]] = []
        for name, inner in self.documents.subfields(type_, details).items():
            match inner[0].node.name.value:
                case "__typename":
                    members.append((name, constant(type_.name)))
                case "cursor":
                    self.has_cursors = True
                    members.append((name, lambda building, row: row.columns[_CURSOR]))
                case "node":
                    named = get_named_type(type_.fields["node"].type)
                    members.append((name, self.documents.objects(self.child, named, inner)))
                case other:
                    raise Unplannable(other)
        return object_of(members)

    def page_info(self, type_: Any, details: Details) -> Callable[["Page"], ColumnElement[Any]]:
        self.has_rows = self.has_info = True
        members: list[tuple[str, Callable[[Page], ColumnElement[Any]]]] = []
        for name, inner in self.documents.subfields(type_, details).items():
            match inner[0].node.name.value:
                case "__typename":
                    members.append((name, _part(constant(type_.name))))
                case "hasNextPage":
                    members.append((name, lambda page: page.rows.has_next(page.window.before is not None)))
                case "hasPreviousPage":
                    members.append((name, lambda page: page.rows.has_previous(page.window.after is not None)))
                case "startCursor" | "endCursor" as end:
                    self.has_cursors = True
                    members.append((name, partial(_end, end == "endCursor")))
                case other:
                    raise Unplannable(other)
        return lambda page: json_text.row_object([(n, part(page)) for n, part in members], page.building.dialect)


def _end(last: bool, page: "Page") -> ColumnElement[Any]:
    return page.rows.end(last)


_CURSOR = "cursor_"


class Page:
    """The rows of a connection in a statement."""

    def __init__(
        self,
        building: Building,
        read: Read,
        child: Level,
        key: ColumnElement[Any],
        above: Row,
        has_cursors: bool,
        alone: bool,
    ) -> None:
        window = building.run.bound(child).window
        if window is None or (has_cursors and not json_text.has_cursor(read.order)):
            raise Unplannable("cursors that no database writes")
        self.building, self.read, self.key, self.above, self.window = building, read, key, above, window
        conditions = [visible(read.table), *read.conditions, read.key == key]
        for name, cursor in (("after", window.after), ("before", window.before)):
            if cursor is not None:
                conditions.append(beyond(read.order, f"{name}_{child.id}", backward=name == "before"))
        chosen = {column.key: column for column in read.columns}
        found = select(*(chosen[name].label(name) for name in child.columns)).where(*conditions)
        size = bindparam(f"size_{child.id}", type_=Integer())
        most = json_text.most_for(window.size)
        self.rows = json_text.page_rows(
            correlated(found, above), read.order, size, most, building.dialect, window.backward, alone
        )
        columns = {name: self.rows.rows.c[name] for name in child.columns}
        self.row = Row(columns | ({_CURSOR: self.rows.cursor} if has_cursors else {}), self.rows.rows)


def _part(value: Value) -> Callable[[Page], ColumnElement[Any]]:
    return lambda page: value(page.building, page.row)
