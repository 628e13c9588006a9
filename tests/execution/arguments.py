"""Random values for the arguments of the schema: as JSON, by the type and the name of what takes them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    VariableDefinitionNode,
    get_named_type,
    get_nullable_type,
    get_operation_ast,
    is_required_input_field,
)

from tests.execution import pools
from tests.execution.searches import PAGED, SEARCHES, SORTS

# What an id names, by the word before `Id` or `Ids`, or by the field or input that takes `id` or `ids`.
_PREFIXES = {
    "lead": "lead_",
    "contact": "cont_",
    "user": "user_",
    "status": "stat_",
    "pipeline": "pipe_",
    "customType": "actitype_",
    "assignedTo": "user_",
    "opportunity": "oppo_",
    "task": "task_",
    "activity": "acti_",
    "customField": "cf_",
    "customFields": "cf_",
    "LeadFilterInput": "lead_",
    "ContactFilterInput": "cont_",
    "OpportunityFilterInput": "oppo_",
    "TaskFilterInput": "task_",
    "ActivityFilterInput": "acti_",
    "explainMatch": "lead_",
}
_SCALARS: Mapping[str, Sequence[Any]] = {
    "Boolean": (True, False),
    "Int": (1, 2, 3),
    "String": pools.TEXTS,
    "Decimal": ("0", "1.50", 7, "-3.25"),
    "Duration": ("P1D", "-PT15M", "P1M"),
    "TimeZone": ("UTC", "America/Sao_Paulo", "-03:30", "Pacific/Kiritimati"),
    "DateTime": [moment.isoformat().replace("+00:00", "Z") for moment in pools.INSTANTS],
    "Date": [day.isoformat() for day in pools.DAYS],
    "JSON": (
        '{"type": "match_all"}',
        {"query": {"type": "and", "queries": [{"type": "object_type", "object_type": "lead"}]}},
        "{",
        [1],
    ),
}
_LEFT_OUT = frozenset({"EMAIL_THREAD", "EMAIL"})  # refused beside most ways to show conversations


@dataclass
class Values:
    """Makes values with dice; ids are those of a world. `odd` tells whether one of them may be refused."""

    dice: Random
    ids: Sequence[str]
    odd: bool = False

    def value(self, type_: GraphQLInputType, name: str, owner: str) -> Any:
        """A value that fits, for the argument or member `name` of the field or input `owner`."""
        inner = get_nullable_type(type_)
        if inner is type_ and self.dice.random() < 0.04:
            return None
        if isinstance(inner, GraphQLList):
            return self._list(inner, name, owner)
        if isinstance(inner, GraphQLEnumType):
            return self.dice.choice(list(inner.values))
        if isinstance(inner, GraphQLInputObjectType):
            return self._members(inner)
        kind = get_named_type(inner).name
        return self._id(name, owner) if kind == "ID" else self.dice.choice(_SCALARS[kind])

    def search(self, cursors: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """A filter tree with a sort that fits it or none; or a search that is gone on with."""
        known = [(each, found) for place, each in enumerate(PAGED) if (found := cursors.get(f"search {place}"))]
        if known and self.dice.random() < 0.3:
            search, found = self.dice.choice(known)
            return {**search, "after": self.dice.choice(found)}
        kind = self.dice.choice(list(SEARCHES))
        leaves = SEARCHES[kind]
        tree = {"and": [{"objectType": kind}, self._tree(leaves, 2)]} if kind else self._tree(leaves, 2)
        sort = {"sort": [self.dice.choice(SORTS[kind])]} if kind and self.dice.random() < 0.4 else {}
        return {"query": tree} | sort

    def _tree(self, leaves: Sequence[Any], depth: int) -> Any:
        shape = self.dice.choice(("leaf", "leaf", "and", "or", "not")) if depth else "leaf"
        if shape == "leaf":
            return self.dice.choice(leaves)
        if shape == "not":
            return {"not": self._tree(leaves, depth - 1)}
        return {shape: [self._tree(leaves, depth - 1) for _ in range(self.dice.randint(1, 3))]}

    def _list(self, type_: Any, name: str, owner: str) -> Any:
        if self.dice.random() < 0.02:
            self.odd = True
            return []
        items = [self.value(type_.of_type, name, owner) for _ in range(self.dice.choice((1, 1, 2, 3, 4)))]
        items = [item for item in items if item is not None]
        if name == "types" and not _LEFT_OUT.isdisjoint(items):
            if self.dice.random() < 0.1:
                self.odd = True
                return items
            items = [item for item in items if item not in _LEFT_OUT]
        return items or [self.value(type_.of_type, name, owner)]

    def _members(self, type_: GraphQLInputObjectType) -> Any:
        fields = list(type_.fields.items())
        if type_.is_one_of:
            name, member = self.dice.choice(fields)
            return {name: self.value(GraphQLNonNull(member.type), name, type_.name)}
        some = self.dice.sample([name for name, _ in fields], min(self.dice.choice((0, 1, 1, 1, 2, 3)), len(fields)))
        return {
            name: self.value(member.type, name, type_.name)
            for name, member in fields
            if name in some or is_required_input_field(member)
        }

    def _id(self, name: str, owner: str) -> str:
        word = name.removesuffix("s").removesuffix("Id") if name.endswith(("Id", "Ids")) else owner
        prefix = _PREFIXES.get(word, "") if self.dice.random() < 0.9 else ""
        known = [id for id in self.ids if id.startswith(prefix)]
        return self.dice.choice([*known, f"{prefix}gone"]) if self.dice.random() < 0.97 else pools.text(self.dice)


@dataclass
class Variables:
    """Writes values into a document: as literals, or as variables that carry the value beside it."""

    dice: Random
    declared: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def write(self, value: Any, type_: GraphQLInputType, one_of: bool = False) -> str:
        """The text of a value; `one_of` says that a variable for it must not be nullable."""
        inner: Any = get_nullable_type(type_)
        if self.dice.random() < 0.15:
            return self.declare(value, GraphQLNonNull(inner) if one_of else type_)
        if value is None:
            return "null"
        if isinstance(inner, GraphQLList):
            if isinstance(value, list):
                return f"[{', '.join(self.write(item, inner.of_type) for item in value)}]"
            return self.write(value, inner.of_type)
        if isinstance(inner, GraphQLEnumType):
            return str(value)
        if isinstance(inner, GraphQLInputObjectType):
            members = (
                f"{name}: {self.write(member, inner.fields[name].type, inner.is_one_of)}"
                for name, member in value.items()
            )
            return f"{{{', '.join(members)}}}"
        return literal(value)

    def declare(self, value: Any, type_: GraphQLInputType) -> str:
        """A new variable with a value; now and then with a default, which may stand in for it."""
        name = f"v{len(self.declared)}"
        self.declared[name] = str(type_)
        self.values[name] = value
        simple = not isinstance(value, dict | list) and not isinstance(get_named_type(type_), GraphQLEnumType)
        if simple and value is not None and self.dice.random() < 0.2:
            self.declared[name] += f" = {literal(value)}"
            if self.dice.random() < 0.5:
                del self.values[name]
        return f"${name}"

    @property
    def header(self) -> str:
        return f"({', '.join(f'${name}: {type_}' for name, type_ in self.declared.items())})" if self.declared else ""


def variables_of(document: DocumentNode, operation_name: str | None) -> Sequence[VariableDefinitionNode]:
    """The variables that the operation which is asked for declares."""
    operation = get_operation_ast(document, operation_name)
    return (operation and operation.variable_definitions) or ()


def literal(value: Any) -> str:
    """A plain value in GraphQL's notation."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}: {literal(member)}' for name, member in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    return json.dumps(value, ensure_ascii=isinstance(value, str) and not value.isprintable())
