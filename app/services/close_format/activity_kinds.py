"""What the kinds of activity have in common in the format."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.domain.activities import ActivityType
from app.services.close_format.keys import AUDIT, AUDIT_DERIVED, Key, Layout, moment, reference
from app.services.close_format.kinds import Draft
from app.services.close_format.reading import Reading

_COMMON = (reference("contact_id"), reference("user_id"), moment("activity_at", "date", lenient=True), *AUDIT)
_DERIVED = ("_type", "id", "lead_id", "lead_name", "contact_name", "user_name", *AUDIT_DERIVED)


def as_it_is(reading: Reading, draft: Draft) -> None:
    """For kinds that have no column which the graph needs."""


@dataclass(frozen=True)
class ActivityKind:
    """A kind of activity: the word that the format has for it, its keys, and what a new one needs besides.

    `dates` are the columns that tell when it took place where the format does not say so outright; `lists` are the
    lists in `details` that an export always writes.
    """

    word: str
    type: ActivityType
    layout: Layout
    dates: tuple[str, ...] = ()
    complete: Callable[[Reading, Draft], None] = as_it_is
    lists: tuple[str, ...] = ()


def common(*keys: Key, derived: Iterable[str] = (), extras: Iterable[str] = ()) -> Layout:
    """The keys of a kind, after those that all have."""
    return Layout(*_COMMON, *keys, derived=(*_DERIVED, *derived), extras=("users", *extras))
