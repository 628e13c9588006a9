"""Filter trees of several sizes, each written in the gateway's words and in PostGraphile's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from scripts.benchmarks.crm_furniture import LEAD_STATUSES, STAGES

TREES = (("Q5_1", 1), ("Q5_5", 5), ("Q5_20", 20))
SELECTED = "id name displayName dateCreated"


@dataclass(frozen=True)
class Leaf:
    """A condition on a lead, in the words of either server."""

    gateway: str
    postgraphile: str


@dataclass(frozen=True)
class Not:
    node: "Tree"


@dataclass(frozen=True)
class All:
    nodes: Sequence["Tree"]


@dataclass(frozen=True)
class Any:
    nodes: Sequence["Tree"]


Tree: TypeAlias = Leaf | Not | All | Any


def _status(*places: int) -> Leaf:
    ids = ", ".join(f'"{list(LEAD_STATUSES)[place]}"' for place in places)
    return Leaf(
        f"{{ fieldCondition: {{ field: {{ lead: STATUS_ID }}, condition: {{ reference: {{ ids: [{ids}] }} }} }} }}",
        f"{{ statusId: {{ in: [{ids}] }} }}",
    )


def _created_since(moment: str) -> Leaf:
    return Leaf(
        "{ fieldCondition: { field: { lead: DATE_CREATED }, condition: { momentRange: "
        f'{{ onOrAfter: {{ dateTime: "{moment}" }} }} }} }} }}',
        f'{{ dateCreated: {{ greaterThanOrEqualTo: "{moment}" }} }}',
    )


def _contact(word: str) -> Leaf:
    return Leaf(
        "{ hasRelated: { relatedObjectType: CONTACT, relatedQuery: { fieldCondition: "
        f'{{ field: {{ contact: TITLE }}, condition: {{ text: {{ value: "{word}" }} }} }} }} }} }}',
        f'{{ contactsByOrganizationIdAndLeadId: {{ some: {{ title: {{ includesInsensitive: "{word}" }} }} }} }}',
    )


def _deal(place: int) -> Leaf:
    id = list(STAGES)[place]
    return Leaf(
        "{ hasRelated: { relatedObjectType: OPPORTUNITY, relatedQuery: { fieldCondition: "
        f'{{ field: {{ opportunity: STATUS_ID }}, condition: {{ reference: {{ ids: ["{id}"] }} }} }} }} }} }}',
        f'{{ opportunitiesByOrganizationIdAndLeadId: {{ some: {{ statusId: {{ equalTo: "{id}" }} }} }} }}',
    )


_ONE = _status(0)
_FIVE = All([_status(0, 2), Not(_deal(4)), _created_since("2024-01-01T00:00:00Z")])
_TWENTY = Any(
    [
        All([_status(0), _contact("manager"), _deal(0), Not(_deal(3))]),
        All([_status(1, 2), _contact("engineer"), Not(_contact("director")), _created_since("2025-01-01T00:00:00Z")]),
        All([_status(3), Any([_deal(1), _deal(2)]), Not(_contact("consultant"))]),
    ]
)
BY_NAME: dict[str, Tree] = {"Q5_1": _ONE, "Q5_5": _FIVE, "Q5_20": _TWENTY}


def size(tree: Tree) -> int:
    """How many nodes a tree has."""
    match tree:
        case Leaf():
            return 1
        case Not(node):
            return 1 + size(node)
        case All(nodes) | Any(nodes):
            return 1 + sum(size(node) for node in nodes)


def written(tree: Tree, dialect: str) -> str:
    """A tree in the words of a kind of server."""
    match tree:
        case Leaf():
            return tree.gateway if dialect == "gateway" else tree.postgraphile
        case Not(node):
            return f"{{ not: {written(node, dialect)} }}"
        case All(nodes):
            return f"{{ and: [{' '.join(written(node, dialect) for node in nodes)}] }}"
        case Any(nodes):
            return f"{{ or: [{' '.join(written(node, dialect) for node in nodes)}] }}"


def tree_document(name: str, dialect: str) -> str | None:
    """The first 50 leads that a tree finds, newest first; None where this kind of server is not asked for it."""
    if name not in BY_NAME or dialect not in {"gateway", "postgraphile"}:
        return None
    tree = written(BY_NAME[name], dialect)
    if dialect == "gateway":
        query = f"{{ and: [{{ objectType: LEAD }} {tree}] }}"
        return f"query {name} {{ search(first: 50, query: {query}) {{ nodes {{ ... on Lead {{ {SELECTED} }} }} }} }}"
    filter = f"{{ organizationId: {{ equalTo: $organization }}, and: [{tree}] }}"
    order = "orderBy: [DATE_CREATED_DESC, ROW_ID_DESC]"
    return (
        f"query {name}($organization: String!) {{ search: allLeadsList(first: 50, {order}, filter: {filter}) "
        f"{{ {SELECTED.replace('id', 'id: rowId', 1)} }} }}"
    )
