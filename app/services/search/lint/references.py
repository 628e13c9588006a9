"""Warnings about ids that point to nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, literal, select, union_all
from sqlmodel import SQLModel

from app.domain.filters import ACTIVITIES, FieldCondition, Id, InStatus, Kind, Reference, ReferenceType, Term
from app.domain.search_fields import Field, FieldType
from app.services.search.lint.findings import LintCode, Warning, listed, unknown
from app.services.search.lint.groups import Member
from app.storage.activities import Activity
from app.storage.contacts import Contact
from app.storage.custom_fields import CustomActivityType
from app.storage.leads import Lead, LeadStatus
from app.storage.opportunities import Opportunity, OpportunityStatus, Pipeline
from app.storage.organizations import User
from app.storage.reads import group, table_of
from app.storage.scope import visible
from app.storage.session import ScopedSession
from app.storage.tasks import Task
from app.storage.types import Many, among

_MODELS: Mapping[str, type[SQLModel]] = {
    "lead": Lead,
    "contact": Contact,
    "opportunity": Opportunity,
    "task": Task,
    "activity": Activity,
    "user": User,
    "lead status": LeadStatus,
    "opportunity status": OpportunityStatus,
    "pipeline": Pipeline,
    "custom activity type": CustomActivityType,
}
_REFERENCES = {
    ReferenceType.USER: "user",
    ReferenceType.USER_OR_GROUP: "user",
    ReferenceType.LEAD: "lead",
    ReferenceType.CONTACT: "contact",
    ReferenceType.LEAD_STATUS: "lead status",
    ReferenceType.OPPORTUNITY_STATUS: "opportunity status",
}
_KEYS = {"pipeline_id": "pipeline", "custom_activity_type_id": "custom activity type"}
_OBJECTS = {
    Kind.LEAD: "lead",
    Kind.CONTACT: "contact",
    Kind.OPPORTUNITY: "opportunity",
    Kind.TASK: "task",
    **dict.fromkeys([Kind.ACTIVITY, *ACTIVITIES], "activity"),
}
Existing = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Mention:
    """Ids that a leaf names, each of an object of one of these sorts."""

    member: Member
    sorts: Sequence[str]
    ids: Sequence[str]


def mentions(members: Iterable[Member]) -> list[Mention]:
    return [mention for member in members if (mention := _mention(member)) and mention.sorts]


def _mention(member: Member) -> Mention | None:
    match member.node:
        case Id(id=id):
            return Mention(member, sorted({_OBJECTS[kind] for kind in member.scope.kinds if kind in _OBJECTS}), [id])
        case InStatus(status_ids=ids):
            return Mention(member, ["opportunity status"], ids)
        case FieldCondition(condition=Reference(ids=ids) | Term(values=ids)) if member.field is not None:
            sort = _sort(member.field)
            return Mention(member, [sort], ids) if sort else None
    return None


def _sort(field: Field) -> str | None:
    if field.reference is not None:
        return _REFERENCES[field.reference]
    return _KEYS.get(field.name) if field.type is FieldType.KEY else None


async def existing(session: ScopedSession, mentioned: Iterable[Mention]) -> Existing:
    """Which of the ids are those of an object, by its sort; one statement."""
    asked: dict[str, set[str]] = {}
    for mention in mentioned:
        for sort in mention.sorts:
            asked.setdefault(sort, set()).update(mention.ids)
    if not asked:
        return {}
    parts = []
    for sort in asked:
        table = table_of(_MODELS[sort])
        ids = bindparam(sort.replace(" ", "_"), type_=Many())
        parts.append(select(literal(sort), table.c.id).where(visible(table), among(table.c.id, ids)))
    rows = await session.rows(union_all(*parts), {sort.replace(" ", "_"): sorted(ids) for sort, ids in asked.items()})
    return {sort: frozenset(row[1] for row in found) for sort, found in group(rows).items()}


def references(mention: Mention, known: Existing) -> Iterator[Warning]:
    """The ids of a leaf that are none of an object that there is."""
    found = frozenset[str]().union(*(known.get(sort, frozenset()) for sort in mention.sorts))
    distinct = list(dict.fromkeys(mention.ids))
    strange = [id for id in distinct if id not in found]
    groups = [id for id in strange if id.startswith("group_")] if mention.sorts == ["user"] else []
    alone = len(strange) == len(distinct) and not _outlives(mention.member)
    if groups:
        reason = f"There are no groups here, and so not {listed(groups)}"
        yield unknown(mention.member, LintCode.UNKNOWN_REFERENCE, reason, "name the users themselves", alone)
    if lost := [id for id in strange if id not in groups]:
        reason = f"There is no {' or '.join(mention.sorts)} {listed(lost)}"
        yield unknown(mention.member, LintCode.UNKNOWN_REFERENCE, reason, _advice(mention), alone)


def _outlives(member: Member) -> bool:
    """Whether what holds an id may outlive the object: a past status, a contact in a custom field."""
    if isinstance(member.node, InStatus):
        return True
    return member.field is not None and member.field.custom_field_id is not None


def _advice(mention: Mention) -> str:
    if isinstance(mention.member.node, InStatus):
        return "it may have been deleted, and only what was in it before then is found; name a status that there is"
    if mention.sorts == ["lead status"]:
        return "it may have been deleted, and no lead can be in it; name a status that there is"
    if mention.sorts == ["opportunity status"]:
        return "it may have been deleted, and no opportunity can be in it; name a status that there is"
    return "it may have been deleted; name another one, or take it out"
