"""Warnings about filters that run but make no sense: conditions that say nothing, and names of what there is not."""

from collections.abc import Iterator, Sequence

from app.domain.access import Actor
from app.domain.filters import Query
from app.domain.search_fields import Fields
from app.domain.time import Clock
from app.services.search.lint.contradictions import contradictions
from app.services.search.lint.findings import LintCode, Warning, part_path
from app.services.search.lint.groups import Group, Member, groups
from app.services.search.lint.leaves import constants
from app.services.search.lint.references import Existing, existing, mentions, references
from app.services.search.lint.terms import terms
from app.services.search.lint.values import Facts
from app.storage.database import Database

__all__ = ["LintCode", "Warning", "lint"]


async def lint(database: Database, actor: Actor, clock: Clock, query: Query, fields: Fields) -> list[Warning]:
    """What looks wrong about a tree in which no fault was found. Unknown fields are passed over."""
    found = list(groups(query, fields))
    mentioned = mentions(_members(found))
    known: Existing = {}
    if mentioned:
        async with database.read(actor) as session:
            known = await existing(session, mentioned)
    facts = Facts(actor, clock)
    warnings = [warning for group in found for warning in _of_group(group, facts)]
    warnings += [warning for mention in mentioned for warning in references(mention, known)]
    places = {part_path(member): place for place, member in enumerate(_members(found))}
    return sorted(warnings, key=lambda warning: places[warning.path])


def _members(found: Sequence[Group]) -> Iterator[Member]:
    return (member for group in found for member in group.members)


def _of_group(group: Group, facts: Facts) -> list[Warning]:
    leaves = [warning for member in group.members for warning in (*constants(member, facts), *terms(member))]
    return [*leaves, *contradictions(group, facts)]
