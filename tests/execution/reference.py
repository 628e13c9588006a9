"""What queries have to answer, worked out from plain rows: nothing of the application's reads stands behind it.

It knows leads, contacts, tasks, opportunities, activities and what these name, of one organization.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    parse,
    value_from_ast_untyped,
)

from tests.execution.reference_pages import Page, cut, ordered

Row: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Object:
    """A row seen as an object of a type."""

    type: str
    row: Any


@dataclass(frozen=True)
class Connection:
    """All the rows behind a page, each as an object of the type that it tells."""

    rows: Sequence[Row]
    page: Page
    of: Callable[[Row], Object]


@dataclass(frozen=True)
class Reference:
    """One organization's rows by table, the zone of who asks, and the row that each cursor stands for."""

    tables: Mapping[str, Sequence[Row]]
    zone: str
    cursors: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def answer(self, query: str) -> dict[str, Any]:
        """The data of a query without variables."""
        [operation] = [each for each in parse(query).definitions if isinstance(each, OperationDefinitionNode)]
        return self._object(Object("Query", {}), operation.selection_set)

    # ---- completion

    def _object(self, object_: Object, selected: Any) -> dict[str, Any]:
        answer: dict[str, Any] = {}
        for node in selected.selections:
            if isinstance(node, InlineFragmentNode):
                if node.type_condition is None or node.type_condition.name.value == object_.type:
                    answer |= self._object(object_, node.selection_set)
                continue
            assert not isinstance(node, FragmentSpreadNode)
            key = node.alias.value if node.alias else node.name.value
            answer[key] = self._complete(self._value(object_, node), node.selection_set)
        return answer

    def _complete(self, value: Any, selected: Any) -> Any:
        if isinstance(value, Object):
            return self._object(value, selected)
        if isinstance(value, Connection):
            return self._object(Object("Connection", value), selected)
        if isinstance(value, list):
            return [self._complete(item, selected) for item in value]
        if isinstance(value, datetime | date):
            return value.isoformat()
        return format(value, "f") if isinstance(value, Decimal) else value

    def _value(self, object_: Object, node: FieldNode) -> Any:
        name = node.name.value
        if name == "__typename":
            return object_.type
        arguments = {each.name.value: value_from_ast_untyped(each.value) for each in node.arguments or ()}
        table = _FIELDS.get((object_.type, name)) or _FIELDS[("*", name)]
        return table(self, object_.row, arguments)

    # ---- rows

    def find(self, type_: str, table: str, id: str | None) -> Object | None:
        """The object with this id."""
        found = [row for row in self.tables[table] if row["id"] == id]
        return Object(type_, found[0]) if found else None

    def where(self, table: str, column: str, value: Any) -> list[Row]:
        return [row for row in self.tables[table] if row[column] == value]

    def page(self, list_: str, rows: Sequence[Row], arguments: Mapping[str, Any]) -> Connection:
        """A page of some rows of a list, filtered and in the order that was asked for."""
        kept = [row for row in rows if _passes(list_, row, arguments.get("filter") or {})]
        order = ordered(list_, arguments.get("orderBy"), self.zone)
        sides = {side: self._behind(arguments.get(side)) for side in ("after", "before")}
        page = cut(kept, order, arguments.get("first"), arguments.get("last"), **sides)
        return Connection(kept, page, _TYPES[list_])

    def _behind(self, cursor: str | None) -> Row | None:
        """The row that a cursor stands for."""
        if cursor is None:
            return None
        table, id = self.cursors[cursor]
        [row] = self.where(table, "id", id)
        return row


def _passes(list_: str, row: Row, filter: Mapping[str, Any]) -> bool:
    if list_ == "task" and "types" not in filter and row["type"].value != "lead":
        return False
    if list_ == "activity" and row["type"].value == "email_thread":
        return False
    return all(_holds(row, name, wanted) for name, wanted in filter.items() if wanted is not None)


def _holds(row: Row, name: str, wanted: Any) -> bool:
    match name:
        case "types":
            return row["type"].value.upper() in wanted
        case "isComplete":
            return bool(row["is_complete"] is wanted)
        case "ids":
            return row["id"] in wanted
        case "dateCreated":
            return all(_compares(row["date_created"], side, datetime.fromisoformat(at)) for side, at in wanted.items())
    column = {"statusIds": "status_id", "leadIds": "lead_id", "contactIds": "contact_id"}[name]
    return row[column] in wanted


def _compares(value: datetime, side: str, bound: datetime) -> bool:
    return {"gt": value > bound, "gte": value >= bound, "lt": value < bound, "lte": value <= bound}[side]


def _named(words: str, suffix: str = "") -> str:
    return "".join(word.capitalize() for word in words.split("_")) + suffix


def _activity(row: Row) -> Object:
    return Object("CustomActivity" if row["type"].value == "custom" else _named(row["type"].value), row)


_TYPES: dict[str, Callable[[Row], Object]] = {
    "lead": lambda row: Object("Lead", row),
    "contact": lambda row: Object("Contact", row),
    "opportunity": lambda row: Object("Opportunity", row),
    "task": lambda row: Object(_named(row["type"].value, "Task"), row),
    "activity": _activity,
}

Field: TypeAlias = Callable[[Reference, Any, Mapping[str, Any]], Any]


def _column(name: str) -> Field:
    return lambda world, row, given: row[name]


def _enum(name: str) -> Field:
    return lambda world, row, given: None if row[name] is None else row[name].value.upper()


def _link(type_: str, table: str, column: str) -> Field:
    return lambda world, row, given: world.find(type_, table, row[column])


def _by_id(type_: str, table: str) -> Field:
    return lambda world, row, given: world.find(type_, table, given["id"])


def _all(table: str) -> Field:
    return lambda world, row, given: world.page(table, world.tables[table], given)


def _below(table: str, column: str) -> Field:
    list_ = {"contact": "contact of a lead"}.get(table, table) if column == "lead_id" else table
    return lambda world, row, given: world.page(list_, world.where(table, column, row["id"]), given)


def _children(type_: str, table: str, column: str) -> Field:
    def found(world: Reference, row: Row, given: Mapping[str, Any]) -> Any:
        return [Object(type_, each) for each in sorted(world.where(table, column, row["id"]), key=_by_position)]

    return found


def _by_position(row: Row) -> tuple[int, str]:
    return row["position"], row["id"]


def _money(world: Reference, row: Row, given: Mapping[str, Any]) -> Any:
    if row["value_cents"] is None or row["currency"] is None:
        return None
    return Object("Money", {"amount": Decimal(row["value_cents"]).scaleb(-2), "currency": row["currency"]})


def _sums(world: Reference, connection: Connection, given: Mapping[str, Any]) -> Any:
    sums: dict[str, int] = {}
    for row in connection.rows:
        if row["value_cents"] is not None:
            sums[row["currency"]] = sums.get(row["currency"], 0) + row["value_cents"]
    return [Object("Money", {"amount": Decimal(sums[each]).scaleb(-2), "currency": each}) for each in sorted(sums)]


def _edges(world: Reference, connection: Connection, given: Mapping[str, Any]) -> Any:
    return [Object("Edge", connection.of(row)) for row in connection.page.rows]


_TYPES["contact of a lead"] = _TYPES["contact"]
_FIELDS: dict[tuple[str, str], Field] = {
    ("Query", "lead"): _by_id("Lead", "lead"),
    ("Query", "contact"): _by_id("Contact", "contact"),
    ("Query", "leads"): _all("lead"),
    ("Query", "contacts"): _all("contact"),
    ("Query", "opportunities"): _all("opportunity"),
    ("Query", "tasks"): _all("task"),
    ("Query", "activities"): _all("activity"),
    ("Lead", "status"): _link("LeadStatus", "lead_status", "status_id"),
    ("Lead", "addresses"): _children("Address", "lead_address", "lead_id"),
    ("Lead", "contacts"): _below("contact", "lead_id"),
    ("Lead", "opportunities"): _below("opportunity", "lead_id"),
    ("Lead", "tasks"): _below("task", "lead_id"),
    ("Lead", "activities"): _below("activity", "lead_id"),
    ("Contact", "emails"): _children("ContactEmail", "contact_email", "contact_id"),
    ("Contact", "opportunities"): _below("opportunity", "contact_id"),
    ("Contact", "activities"): _below("activity", "contact_id"),
    ("ContactEmail", "type"): _column("type"),
    ("Opportunity", "status"): _link("OpportunityStatus", "opportunity_status", "status_id"),
    ("Opportunity", "value"): _money,
    ("Opportunity", "valuePeriod"): _enum("value_period"),
    ("Connection", "totalCount"): lambda world, connection, given: len(connection.rows),
    ("Connection", "totalValues"): _sums,
    ("Connection", "nodes"): lambda world, connection, given: [connection.of(row) for row in connection.page.rows],
    ("Connection", "edges"): _edges,
    ("Connection", "pageInfo"): lambda world, connection, given: Object("PageInfo", connection.page),
    ("Edge", "node"): lambda world, object_, given: object_,
    ("PageInfo", "hasNextPage"): lambda world, page, given: page.has_next,
    ("PageInfo", "hasPreviousPage"): lambda world, page, given: page.has_previous,
    ("*", "lead"): _link("Lead", "lead", "lead_id"),
    ("*", "contact"): _link("Contact", "contact", "contact_id"),
    ("*", "user"): _link("User", "user", "user_id"),
    ("*", "createdBy"): _link("User", "user", "created_by"),
    ("*", "assignedTo"): _link("User", "user", "assigned_to"),
    ("*", "type"): _enum("type"),
}
_COLUMNS = {
    "id": "id",
    "name": "name",
    "displayName": "display_name",
    "description": "description",
    "url": "url",
    "title": "title",
    "label": "label",
    "city": "city",
    "zipcode": "zipcode",
    "address1": "address_1",
    "email": "email",
    "note": "note",
    "confidence": "confidence",
    "closeDate": "close_date",
    "version": "version",
    "dateLost": "date_lost",
    "dateCreated": "date_created",
    "dateUpdated": "date_updated",
    "date": "date",
    "isComplete": "is_complete",
    "amount": "amount",
    "currency": "currency",
}
_FIELDS |= {("*", name): _column(column) for name, column in _COLUMNS.items()}
