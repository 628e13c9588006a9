"""Strategies for conditions on one field, with values taken mostly from what objects hold in it."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from hypothesis import strategies as st

from app.domain.filter_checks import MAX_TEXT
from app.domain.filters import (
    Boolean,
    Condition,
    ConditionKind,
    CurrentUser,
    Exists,
    MomentRange,
    NumberRange,
    Reference,
    ReferenceType,
    Term,
    Text,
)
from app.domain.moments import Anchor, DayEdge, Duration, EdgeOfDay, EdgeOfPeriod, Fixed, Moment, Period, Relative
from app.domain.search_fields import Field
from app.domain.words import TextMode, split
from tests.search import pools
from tests.search.rows import World

_SYNONYMS: dict[str, str] = {
    "inbound": "incoming",
    "outbound": "Outgoing",
    "voicemail_left": "vm-left",
    "voicemail_answered": "VM_ANSWERED",
    "declined_by_lead": "declined",
}
_STEPS = (timedelta(), timedelta(microseconds=1), timedelta(microseconds=-1), timedelta(hours=1))
_AWAY = (Decimal(0), Decimal("0.01"), Decimal(-1))
_PARTS = ("years", "months", "weeks", "days", "hours", "minutes", "seconds")


class Values:
    """What a world holds that conditions on any field can ask for."""

    def __init__(self, world: World) -> None:
        self.statuses = [row["id"] for row in world.tables["opportunity_status"]]
        self.users = [row["id"] for row in world.tables["user"]]
        self.moments = sorted(
            {
                value
                for table in ("lead", "contact", "opportunity", "activity")
                for row in world.tables[table]
                for value in row.values()
                if isinstance(value, datetime)
            }
        )


def conditions(field: Field, held: Sequence[Any], values: Values) -> st.SearchStrategy[Condition]:
    """Conditions of all kinds that fit a field."""
    fitting = [kind for kind in field.conditions if kind is not ConditionKind.EXISTS]
    return st.one_of([condition(kind, field, held, values) for kind in (*fitting * 3, ConditionKind.EXISTS)])


def condition(kind: ConditionKind, field: Field, held: Sequence[Any], values: Values) -> st.SearchStrategy[Condition]:
    match kind:
        case ConditionKind.BOOLEAN:
            return st.builds(Boolean, st.booleans())
        case ConditionKind.CURRENT_USER:
            return st.builds(CurrentUser, st.booleans())
        case ConditionKind.EXISTS:
            return st.builds(Exists, st.booleans())
        case ConditionKind.TEXT:
            return text_values(held).map(lambda found: Text(*found))
        case ConditionKind.TERM:
            return _terms(field, held)
        case ConditionKind.REFERENCE:
            return _references(field, held, values)
        case ConditionKind.NUMBER_RANGE:
            return _numbers(held)
        case ConditionKind.MOMENT_RANGE:
            return _moments(held, values)


@st.composite
def text_values(draw: st.DrawFn, known: Sequence[str]) -> tuple[str, TextMode]:
    """Words of a known text: one, some or all, as they stand, or written in another way."""
    mode = draw(st.sampled_from(TextMode))
    text = draw(st.sampled_from(sorted(known) or ["foo bar"]) | st.sampled_from(pools.WORDS))
    if mode is not TextMode.EXACT_VALUE:
        text = _some_words(draw, text, mode)
    value = draw(st.sampled_from(_WRITTEN))(text)
    return (value if split(value) and len(value) <= MAX_TEXT else "foo"), mode


def _some_words(draw: st.DrawFn, text: str, mode: TextMode) -> str:
    words = split(text) or ["foo"]
    first = draw(st.integers(0, len(words) - 1))
    chosen = words[first : first + draw(st.integers(1, 3))]
    if mode is TextMode.BEGINNING_OF_WORDS:
        chosen = [word[: draw(st.integers(1, len(word)))] for word in chosen]
    return draw(st.sampled_from((" ", "-", "_"))).join(draw(st.sampled_from((chosen, chosen, chosen[::-1]))))


def _apart(text: str) -> str:
    """With letters and accents written one by one."""
    return normalize("NFD", text)


_WRITTEN: tuple[Callable[[str], str], ...] = (str, str, str.upper, str.lower, _apart, " {}\n".format)
SPELLED: tuple[Callable[[str], str], ...] = (
    str,
    str.upper,
    str.lower,
    lambda term: term.replace("_", "-"),
    lambda term: _SYNONYMS.get(term, term),
)


def moments(known: Sequence[datetime]) -> st.SearchStrategy[Moment]:
    """Moments at and near known ones, edges of their days, and moving ones."""
    instants = st.builds(_near, st.sampled_from(known or [datetime(2026, 1, 1, tzinfo=UTC)]), st.sampled_from(_STEPS))
    edges = st.sampled_from(DayEdge)
    return st.one_of(
        st.builds(Fixed, instants),
        st.builds(EdgeOfDay, instants.map(datetime.date), edges),
        st.builds(Relative, st.sampled_from(Anchor), st.none() | _durations(), st.none() | edges),
        st.builds(EdgeOfPeriod, st.sampled_from(Period), edges),
    )


def _near(instant: datetime, step: timedelta) -> datetime:
    try:
        return instant + step
    except OverflowError:
        return instant


@st.composite
def _durations(draw: st.DrawFn) -> Duration:
    names = draw(st.lists(st.sampled_from(_PARTS), min_size=1, max_size=2, unique=True))
    counts: dict[str, Any] = {name: draw(st.sampled_from((1, 0, 3, 30, 999_999))) for name in names}
    return Duration(**counts, negative=draw(st.booleans()))


def _terms(field: Field, held: Sequence[str]) -> st.SearchStrategy[Term]:
    known = terms(field, held)
    ways = [st.sampled_from([write(term) for term in known] or ["none"]) for write in SPELLED]
    spelled = st.one_of(*ways, st.just("nonsense"))
    return st.builds(Term, st.lists(spelled, min_size=1, max_size=3).map(tuple))


def terms(field: Field, held: Sequence[str]) -> list[str]:
    """The terms of a field, and what objects hold in it."""
    return sorted({str(value) for value in held} | set(field.terms or ()))


def _references(field: Field, held: Sequence[str], values: Values) -> st.SearchStrategy[Reference]:
    known = sorted(set(held)) + (values.users if field.reference is ReferenceType.USER else [])
    ids = st.lists(st.sampled_from([*known, "none"]), min_size=1, max_size=3).map(tuple)
    types = st.just(None) if field.reference is None else st.sampled_from([None, field.reference])
    return st.builds(Reference, ids, types)


@st.composite
def _numbers(draw: st.DrawFn, held: Sequence[Any]) -> NumberRange:
    known = sorted({Decimal(value) for value in held} | {Decimal(0), Decimal("1.5")})
    bounds = st.builds(
        Decimal.__add__, st.sampled_from(known), st.sampled_from(tuple(map(Decimal, ("0", "0.01", "-1"))))
    )
    return NumberRange(**_range(draw, bounds, ("gt", "gte"), ("lt", "lte")))


@st.composite
def _moments(draw: st.DrawFn, held: Sequence[date], values: Values) -> MomentRange:
    """Ranges with bounds at the values themselves too: the days among them as instants in UTC."""
    known = [value if isinstance(value, datetime) else datetime.combine(value, time(), UTC) for value in held]
    bounds = moments(sorted(set(known))) if known else moments(values.moments)
    return MomentRange(**_range(draw, bounds, ("after", "on_or_after"), ("before", "on_or_before")))


def _range(draw: st.DrawFn, bounds: st.SearchStrategy[Any], low: Sequence[str], high: Sequence[str]) -> dict[str, Any]:
    sides = draw(st.sampled_from(((low,), (high,), (low, high))))
    return {draw(st.sampled_from(names)): draw(bounds) for names in sides}
