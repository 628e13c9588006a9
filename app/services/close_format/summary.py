"""What an import reports: how many objects there were, what was made for them, and what was odd about the file."""

from collections import Counter
from dataclasses import dataclass, field

# A file whose every key is new must not fill the memory.
MAX_KINDS = 1_000
OTHERS = "others"


@dataclass
class Counts:
    """Objects of one kind, by what happened to them."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0

    def add(self, other: "Counts") -> None:
        self.created += other.created
        self.updated += other.updated
        self.unchanged += other.unchanged
        self.rejected += other.rejected


class Tally:
    """What is counted on the way: warnings by kind, and unknown keys by their dotted path."""

    def __init__(self) -> None:
        self.warnings: Counter[str] = Counter()
        self.unknown_keys: Counter[str] = Counter()

    def warn(self, kind: str, count: int = 1) -> None:
        self.warnings[_bounded(self.warnings, kind)] += count

    def unknown(self, path: str, count: int = 1) -> None:
        self.unknown_keys[_bounded(self.unknown_keys, path)] += count

    def add(self, other: "Tally") -> None:
        for kind, count in other.warnings.items():
            self.warn(kind, count)
        for path, count in other.unknown_keys.items():
            self.unknown(path, count)


def _bounded(counter: Counter[str], key: str) -> str:
    return key if key in counter or len(counter) < MAX_KINDS else OTHERS


@dataclass(frozen=True)
class Made:
    """What an organization got because the file names it, by name."""

    users: tuple[str, ...] = ()
    lead_statuses: tuple[str, ...] = ()
    pipelines: tuple[str, ...] = ()
    opportunity_statuses: tuple[str, ...] = ()
    activity_types: tuple[str, ...] = ()
    custom_fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImportSummary:
    """The outcome of an import. A lead record is updated when anything of it is: a contact, a task, a value.

    `rejected` counts records that were kept out whole, `rejected_children` objects kept out of records that came in.
    """

    read: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    rejected_children: int
    objects: dict[str, Counts]
    warnings: dict[str, int]
    unknown_keys: dict[str, int]
    made: Made = field(default_factory=Made)
