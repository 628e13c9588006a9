"""Which leaves of a group cannot hold beside others."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from app.domain.filters import ACTIVITIES, SEARCHED, Id, Kind, ObjectType
from app.domain.search_fields import Field
from app.services.search.lint.groups import Group, Member
from app.services.search.lint.values import Facts, Possible

Narrow = Callable[[Member], bool]


@dataclass(frozen=True)
class Clash:
    """A member that cannot hold beside others; `field` is what all of them look at, if they are conditions on one."""

    member: Member
    others: Sequence[Member]
    field: Field | None = None


def clashes(group: Group, facts: Facts) -> Iterator[Clash]:
    """At most one for each field, for ids, for kinds, and for each leaf beside its own opposite.

    Where any one member suffices it is their opposites that are held beside each other: if those cannot all hold,
    the members let everything through.
    """
    members = group.members if group.every else [_opposite(member) for member in group.members]
    told: set[int] = set()
    for clash in _all(members, facts):
        if id(clash.member.node) not in told and (group.every or not isinstance(clash.member.node, ObjectType)):
            told.add(id(clash.member.node))
            yield clash if group.every else _turned_back(clash)


def _all(members: Sequence[Member], facts: Facts) -> Iterator[Clash]:
    for place, member in enumerate(members):
        beside = (other for other in members[:place] if other.negated is not member.negated)
        if other := next((other for other in beside if other.node == member.node), None):
            yield Clash(member, [other], member.field)
    for field, alike in _by_field(members):
        if clash := _first(alike, partial(_narrow_values, field, alike, facts)):
            yield replace(clash, field=field)
    for type, start in ((Id, _narrow_ids), (ObjectType, _narrow_kinds)):
        if clash := _first([member for member in members if isinstance(member.node, type)], start):
            yield clash


def _opposite(member: Member) -> Member:
    return replace(member, negated=not member.negated)


def _turned_back(clash: Clash) -> Clash:
    return replace(clash, member=_opposite(clash.member), others=[_opposite(member) for member in clash.others])


def _by_field(members: Sequence[Member]) -> Iterable[tuple[Field, list[Member]]]:
    """The conditions on each field; what all activities have is the same under each of their kinds."""
    found: dict[Hashable, tuple[Field, list[Member]]] = {}
    for member in members:
        if (field := member.field) is not None:
            family = Kind.ACTIVITY if field.kind in ACTIVITIES else field.kind
            key = field.custom_field_id or (family, field.name)
            found.setdefault(key, (field, []))[1].append(member)
    return found.values()


def _first(members: Sequence[Member], start: Callable[[], Narrow]) -> Clash | None:
    """The first member that leaves nothing possible, and which one before it suffices for that, or all of them."""
    narrow = start()
    for place, member in enumerate(members):
        if not narrow(member):
            return Clash(member, _to_blame(member, members[:place], start)) if place else None
    return None


def _to_blame(member: Member, before: Sequence[Member], start: Callable[[], Narrow]) -> Sequence[Member]:
    for other in before:
        narrow = start()
        if not (narrow(other) and narrow(member)):
            return [other]
    return before


def _narrow_values(field: Field, members: Sequence[Member], facts: Facts) -> Narrow:
    possible = Possible(field, facts.clock)
    certain = members[0].is_certain or not all(member.negated for member in members)
    return lambda member: possible.narrow(facts.of(member, certain))


def _narrow_ids() -> Narrow:
    found, without = set[str](), set[str]()

    def narrow(member: Member) -> bool:
        if isinstance(member.node, Id):
            (without if member.negated else found).add(member.node.id)
        return len(found) < 2 and not found & without

    return narrow


def _narrow_kinds() -> Narrow:
    left = set(SEARCHED)

    def narrow(member: Member) -> bool:
        if isinstance(member.node, ObjectType):
            left.intersection_update(SEARCHED - {member.node.kind} if member.negated else {member.node.kind})
        return bool(left)

    return narrow
