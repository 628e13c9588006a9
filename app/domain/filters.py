"""The filter tree of a search: a closed set of nodes and conditions (rules F1-F37).

Each part knows the path at which the caller wrote it, so that whoever finds a fault in it can say where.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, TypeAlias

from app.domain.moments import Moment
from app.domain.words import TextMode

Path: TypeAlias = tuple[str, ...]


class Kind(StrEnum):
    """The kinds of object that a condition can look at. Values may be added."""

    LEAD = "lead"
    """Leads."""
    CONTACT = "contact"
    """Contacts."""
    CONTACT_PHONE = "contact_phone"
    """Phone numbers of contacts."""
    CONTACT_EMAIL = "contact_email"
    """Email addresses of contacts."""
    CONTACT_URL = "contact_url"
    """Links of contacts."""
    ADDRESS = "address"
    """Addresses of leads."""
    OPPORTUNITY = "opportunity"
    """Opportunities of leads."""
    TASK = "task"
    """Tasks."""
    ACTIVITY = "activity"
    """Activities of every kind."""
    CALL = "call"
    """Calls."""
    EMAIL = "email"
    """Email messages."""
    EMAIL_THREAD = "email_thread"
    """Email conversations."""
    NOTE = "note"
    """Notes."""
    SMS = "sms"
    """Text messages."""
    MEETING = "meeting"
    """Meetings."""
    LEAD_STATUS_CHANGE = "lead_status_change"
    """Changes of a lead's status."""
    OPPORTUNITY_STATUS_CHANGE = "opportunity_status_change"
    """Changes of an opportunity's status."""
    TASK_COMPLETED = "task_completed"
    """Completed tasks, as activities."""
    CUSTOM_ACTIVITY = "custom_activity"
    """Activities of organization-defined types."""


SEARCHED = frozenset({Kind.LEAD, Kind.CONTACT})
ACTIVITIES = frozenset(list(Kind)[list(Kind).index(Kind.CALL) :])


class ConditionKind(StrEnum):
    """The kinds of field condition; each is a member of FieldConditionInput."""

    BOOLEAN = "boolean"
    """The member `boolean`."""
    CURRENT_USER = "current_user"
    """The member `currentUser`."""
    EXISTS = "exists"
    """The member `exists`."""
    TEXT = "text"
    """The member `text`."""
    TERM = "term"
    """The member `term`."""
    REFERENCE = "reference"
    """The member `reference`."""
    NUMBER_RANGE = "number_range"
    """The member `numberRange`."""
    MOMENT_RANGE = "moment_range"
    """The member `momentRange`."""


class ReferenceType(StrEnum):
    """The kinds of object that a reference can point to."""

    USER = "user"
    """A user."""
    USER_OR_GROUP = "user_or_group"
    """A user; groups have no members here."""
    LEAD = "lead"
    """A lead."""
    CONTACT = "contact"
    """A contact."""
    LEAD_STATUS = "lead_status"
    """A lead status."""
    OPPORTUNITY_STATUS = "opportunity_status"
    """An opportunity status."""


@dataclass(frozen=True, kw_only=True)
class Located:
    """A part of a tree. Two trees are equal wherever they were written."""

    path: Path = field(default=(), compare=False, repr=False)


@dataclass(frozen=True)
class RegularField(Located):
    """A field by its name, in lower case."""

    kind: Kind
    name: str


@dataclass(frozen=True)
class CustomField(Located):
    """A custom field by its id."""

    id: str


FieldRef: TypeAlias = RegularField | CustomField


@dataclass(frozen=True)
class Boolean(Located):
    kind: ClassVar[ConditionKind] = ConditionKind.BOOLEAN
    value: bool


@dataclass(frozen=True)
class CurrentUser(Located):
    """The value is (or is not) the caller."""

    kind: ClassVar[ConditionKind] = ConditionKind.CURRENT_USER
    wanted: bool


@dataclass(frozen=True)
class Exists(Located):
    """The value is set (or missing)."""

    kind: ClassVar[ConditionKind] = ConditionKind.EXISTS
    wanted: bool


@dataclass(frozen=True)
class Text(Located):
    """Words in the text of a field; as a query of its own, in the texts of the object."""

    kind: ClassVar[ConditionKind] = ConditionKind.TEXT
    value: str
    mode: TextMode = TextMode.FULL_WORDS


@dataclass(frozen=True)
class Term(Located):
    kind: ClassVar[ConditionKind] = ConditionKind.TERM
    values: Sequence[str]


@dataclass(frozen=True)
class Reference(Located):
    kind: ClassVar[ConditionKind] = ConditionKind.REFERENCE
    ids: Sequence[str]
    type: ReferenceType | None = None


@dataclass(frozen=True)
class NumberRange(Located):
    kind: ClassVar[ConditionKind] = ConditionKind.NUMBER_RANGE
    gt: Decimal | None = None
    gte: Decimal | None = None
    lt: Decimal | None = None
    lte: Decimal | None = None


@dataclass(frozen=True)
class MomentRange(Located):
    kind: ClassVar[ConditionKind] = ConditionKind.MOMENT_RANGE
    after: Moment | None = None
    on_or_after: Moment | None = None
    before: Moment | None = None
    on_or_before: Moment | None = None


Condition: TypeAlias = Boolean | CurrentUser | Exists | Text | Term | Reference | NumberRange | MomentRange


@dataclass(frozen=True)
class And(Located):
    """Every query matches; with none, everything does (rule F27)."""

    queries: Sequence["Query"]


@dataclass(frozen=True)
class Or(Located):
    """At least one query matches; with none, nothing does (rule F27)."""

    queries: Sequence["Query"]


@dataclass(frozen=True)
class Not(Located):
    """The query does not match (rule F26)."""

    query: "Query"


@dataclass(frozen=True)
class MatchAll(Located):
    """Everything, or nothing."""

    wanted: bool


@dataclass(frozen=True)
class Id(Located):
    """The object with this id (rule F19)."""

    id: str


@dataclass(frozen=True)
class ObjectType(Located):
    """Objects of this kind (rule F20)."""

    kind: Kind


@dataclass(frozen=True)
class HasRelated(Located):
    """A related object matches (rule F24). Without `this` the relation starts from the kind around it."""

    related: Kind
    query: "Query"
    this: Kind | None = None


@dataclass(frozen=True)
class FieldCondition(Located):
    """The value of a field matches (rule F28)."""

    field: FieldRef
    condition: Condition


@dataclass(frozen=True)
class InStatus(Located):
    """An opportunity that was in one of these statuses at some time between two moments."""

    status_ids: Sequence[str]
    on_or_after: Moment | None = None
    before: Moment | None = None


Query: TypeAlias = And | Or | Not | MatchAll | Id | ObjectType | Text | HasRelated | FieldCondition | InStatus


@dataclass(frozen=True)
class SortKey(Located):
    """One key of the order of a search."""

    field: FieldRef
    descending: bool = False


def nodes(query: Query) -> Iterator[Query]:
    """Every node of a tree, from the root on."""
    waiting = [query]
    while waiting:
        node = waiting.pop()
        yield node
        match node:
            case And(queries=queries) | Or(queries=queries):
                waiting.extend(reversed(queries))
            case Not(query=inner) | HasRelated(query=inner):
                waiting.append(inner)


def depth(query: Query) -> int:
    """How many levels a tree has."""
    match query:
        case And(queries=queries) | Or(queries=queries):
            return 1 + max(map(depth, queries), default=0)
        case Not(query=inner) | HasRelated(query=inner):
            return 1 + depth(inner)
    return 1
