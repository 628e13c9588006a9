"""A search as statements: a page of the objects that match, and how many there are."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    cast,
    distinct,
    exists,
    func,
    literal,
    literal_column,
    not_,
    null,
    select,
    union_all,
)

from app.domain.filters import (
    And,
    CustomField,
    FieldCondition,
    HasRelated,
    Kind,
    MatchAll,
    ObjectType,
    Query,
    Reference,
    SortKey,
    Term,
    Text,
    nodes,
)
from app.domain.search_fields import Fields
from app.domain.time import Clock
from app.storage import contacts, leads
from app.storage.kept import Kept
from app.storage.paging import Order, beyond, sorting
from app.storage.reading import Prepared
from app.storage.reads import Read
from app.storage.scope import visible
from app.storage.search.binds import Moving
from app.storage.search.catalogue import RELATIONS, SOURCES
from app.storage.search.custom_fields import VALUES
from app.storage.search.fields import Searched
from app.storage.search.filters import Compiler, Joined, Scope
from app.storage.search.rarity import EVERYTHING_COMMON, EVERYTHING_RARE, Probed, Rarity, looked, probed

READS: Mapping[Kind, Read] = {Kind.LEAD: leads.by_id, Kind.CONTACT: contacts.by_id}


class Part(Enum):
    """What a statement reads of the results: all of them; or, as unset values come last, those with a value in the
    custom field that leads the order, from its index, and those without."""

    WHOLE = "whole"
    VALUED = "valued"
    UNSET = "unset"


class Statement(NamedTuple):
    """A statement, and the values that it binds at a moment. `places` says where in its rows the values of its order
    are; `sent` how it goes out, where that is known already."""

    select: Select[Any]
    values: Callable[[Clock], Mapping[str, Any]]
    order: Sequence[Order] = ()
    places: Sequence[int] = ()
    is_kept: bool = True
    sent: tuple[Prepared, Mapping[str, Any]] | None = None


@dataclass(frozen=True)
class Search:
    """A tree over one kind of object, whose whole rows a page reads, or over several, of which it reads the ids."""

    query: Query
    kinds: Sequence[Kind]
    sort: Sequence[SortKey]
    fields: Fields
    dialect: str

    @cached_property
    def order(self) -> tuple[Order, ...]:
        """The keys of the order, the id at last; newest first without a sort (rule F10)."""
        return self._order(self.kinds[0], Part.WHOLE)

    def parts(self, values: Sequence[Any]) -> tuple[Part, ...]:
        """What is read one after the other from the place with these order values on."""
        if not self.sort or not isinstance(self.sort[0].field, CustomField):
            return (Part.WHOLE,)
        return (Part.UNSET,) if values and values[0] is None else (Part.VALUED, Part.UNSET)

    def binds(self, part: Part, values: Sequence[Any]) -> dict[str, Any]:
        """The place after which a part goes on."""
        own = values[1:] if part is Part.UNSET else values
        return {f"after_{place}": value for place, value in enumerate(own)}

    def page(
        self,
        part: Part,
        size: int,
        continued: bool,
        rarity: Rarity = EVERYTHING_COMMON,
        columns: tuple[str, ...] | None = None,
    ) -> Statement:
        """One page; its rows begin with the id, or with their kind and the id where there are several kinds. Those of
        one kind are whole, or have these columns besides. It binds after_n where it is continued."""
        key = (part, size, continued, rarity.key, columns)
        return self._kept(key, lambda: self._page(part, size, continued, rarity, columns))

    def total(self) -> Statement:
        """How many objects match."""
        return self._kept("total", self._total)

    @cached_property
    def probed(self) -> list[Probed]:
        """What to look up before the first statement, for a planner without figures of its own."""
        if self.dialect != "sqlite":
            return []
        return [part for kind in self.kinds for part in probed(self.query, kind, self.fields)]

    def probe(self) -> Statement:
        """How much there is of each of these."""

        def make() -> Statement:
            moving = Moving()
            return Statement(looked(self.probed, self.kinds, moving), moving.values)

        return self._kept("probe", make)

    @cached_property
    def asked(self) -> str:
        """What is searched, and how it is sorted."""
        return repr((self.query, self.kinds, self.sort))

    def _kept(self, key: Hashable, make: Callable[[], Statement]) -> Statement:
        """One of the search's statements, made once; one that takes much room is made each time."""
        if not self.is_light:
            return make()._replace(is_kept=False)
        return self._statements.get(key) or self._statements.put(key, make())

    @cached_property
    def is_light(self) -> bool:
        """Whether its statements have so few conditions, and so short values in them, that they are worth keeping."""
        return sum(_weight(node) for node in nodes(self.query)) <= HEAVIEST_KEPT and len(self.asked) <= LONGEST_KEPT

    @cached_property
    def _statements(self) -> Kept[Hashable, Statement]:
        return Kept(MOST_KEPT)

    def _page(
        self, part: Part, size: int, continued: bool, rarity: Rarity, columns: tuple[str, ...] | None
    ) -> Statement:
        compiler = Compiler(self.fields, self.dialect, rarity, self._joined(part))
        if len(self.kinds) > 1:
            return self._merged(compiler, size, continued)
        [kind] = self.kinds
        read = {column.key: column for column in READS[kind].columns}
        others = [name for name in read if name != "id"] if columns is None else columns
        order = self._order(kind, part)
        chosen, places = _ordered([read["id"], *(read[name] for name in others)], order)
        found = self._select(compiler, kind, chosen, part, size, continued)
        return Statement(found, compiler.moving.values, order, places)

    def _merged(self, compiler: Compiler, size: int, continued: bool) -> Statement:
        """A page over several kinds, the newest first: of the newest ones of each."""
        ids: list[Any] = []
        places: tuple[int, ...] = ()
        for kind in self.kinds:
            own: list[ColumnElement[Any]] = [literal(kind.value).label("kind_"), READS[kind].table.c.id]
            columns, places = _ordered(own, self._order(kind, Part.WHOLE))
            ids.append(self._select(compiler, kind, columns, Part.WHOLE, size, continued).subquery())
        both = [*union_all(*(select(*each.c) for each in ids)).subquery().c]
        found = select(*both).order_by(*(both[place].desc() for place in places)).limit(_limit(size))
        return Statement(found, compiler.moving.values, places=places)

    def _total(self) -> Statement:
        rarity = EVERYTHING_RARE if self.dialect == "sqlite" else EVERYTHING_COMMON
        compiler = Compiler(self.fields, self.dialect, rarity)
        counts = [self._counted(compiler, kind).scalar_subquery() for kind in self.kinds]
        total: Any = sum(counts[1:], start=counts[0]) if counts else literal(0)
        return Statement(select(total), compiler.moving.values)

    def _counted(self, compiler: Compiler, kind: Kind) -> Select[Any]:
        relation = sole_relation(self.query, kind)
        if relation is not None:  # then the objects are those that the related rows name
            member, met = compiler.members(relation, RELATIONS[kind, relation.related], SOURCES[relation.related])
            return select(func.count(distinct(member))).where(met)
        return select(func.count()).select_from(READS[kind].table).where(*self._conditions(compiler, kind))

    def _select(
        self,
        compiler: Compiler,
        kind: Kind,
        columns: Sequence[ColumnElement[Any]],
        part: Part,
        size: int,
        continued: bool,
    ) -> Select[Any]:
        order = self._order(kind, part)
        keys = order[1:] if part is Part.UNSET else order  # where all are null, nothing is sorted by it
        later = [beyond(keys, "after", backward=False)] if continued else []
        return (
            select(*columns)
            .where(*self._conditions(compiler, kind), *self._part(kind, part), *later)
            .order_by(*sorting(keys, backward=False))
            .limit(_limit(size))
        )

    def _conditions(self, compiler: Compiler, kind: Kind) -> list[ColumnElement[bool]]:
        rows = READS[kind].table
        return [visible(rows), compiler.where(self.query, Scope(kind, rows))]

    def _joined(self, part: Part) -> Joined | None:
        """Where a part has the values of the field that leads the order."""
        if part is Part.WHOLE:
            return None
        leading: Any = self.sort[0].field
        return Joined(leading.id, READS[self.kinds[0]].table, VALUES if part is Part.VALUED else None)

    def _part(self, kind: Kind, part: Part) -> list[ColumnElement[bool]]:
        """The objects of a part; the valued ones are joined with their values."""
        if part is Part.WHOLE:
            return []
        leading: Any = self.sort[0].field
        valued = _value_of(leading.id, READS[kind].table.c.id)
        return [valued if part is Part.VALUED else not_(exists().where(valued).correlate(READS[kind].table))]

    def _order(self, kind: Kind, part: Part) -> tuple[Order, ...]:
        rows = READS[kind].table
        if not self.sort:
            return Order.of(rows.c.date_created, descending=True), Order("id", rows.c.id, descending=True)
        keys = [self._sorted_by(key, kind, part if place == 0 else Part.WHOLE) for place, key in enumerate(self.sort)]
        id = VALUES.c.object_id if part is Part.VALUED else rows.c.id
        return (*keys, Order("id", id, keys[-1].descending))

    def _sorted_by(self, key: SortKey, kind: Kind, part: Part) -> Order:
        """A field as a key of the order: by a column that is made for it, or by its value."""
        field = self.fields.find(key.field, kind)
        if not isinstance(field, Searched):
            raise TypeError(f"{key.field} has no column")
        made, rows = field.order or field.expression, READS[kind].table
        if field.custom_field_id is None:
            return Order(field.name, made(rows), key.descending, field.nullable)
        value = made(VALUES)
        if part is Part.UNSET:
            return Order(field.custom_field_id, cast(null(), value.type), key.descending, True)
        if part is Part.WHOLE:
            values = VALUES.alias()
            found = select(made(values)).where(_value_of(field.custom_field_id, rows.c.id, values))
            value = found.correlate(rows).scalar_subquery()
        return Order(field.custom_field_id, value, key.descending, nullable=part is Part.WHOLE)


MOST_KEPT = 16
HEAVIEST_KEPT = 100
LONGEST_KEPT = 20_000  # characters of a tree as it is written out


def sole_relation(query: Query, kind: Kind) -> HasRelated | None:
    """The one condition of a tree, where that is a relation to rows which name objects of the kind that are there."""
    match query:
        case HasRelated(related=related, this=this) if this is None or this is kind:
            link = RELATIONS.get((kind, related))
            return query if link is not None and link.names_kept else None
        case And(queries=queries):
            telling = [inner for inner in queries if inner not in (ObjectType(kind), MatchAll(True))]
            return sole_relation(telling[0], kind) if len(telling) == 1 else None
    return None


def _ordered(
    columns: Sequence[ColumnElement[Any]], order: Sequence[Order]
) -> tuple[list[ColumnElement[Any]], tuple[int, ...]]:
    """The columns with those of an order, and where among them the order's are."""
    all_, places = [*columns], []
    for place, key in enumerate(order):
        at = next((i for i, column in enumerate(columns) if column is key.column), len(all_))
        places.append(at)
        if at == len(all_):
            all_.append(key.column.label(f"order_{place}_"))
    return all_, tuple(places)


def _weight(node: Query) -> int:
    match node:
        case Text(value=value):
            return len(value.split()) + 1
        case FieldCondition(condition=Text(value=value)):
            return len(value.split()) + 1
        case FieldCondition(condition=Term(values=listed)) | FieldCondition(condition=Reference(ids=listed)):
            return len(listed) // 10 + 1
    return 1


def _limit(size: int) -> ColumnElement[int]:
    """Written into the statement, where the planner sees it."""
    limit: ColumnElement[int] = literal_column(str(int(size)), Integer())
    return limit


def _value_of(field_id: str, id: ColumnElement[Any], values: Any = VALUES) -> ColumnElement[bool]:
    return and_(visible(values), values.c.field_id == field_id, values.c.object_id == id)
