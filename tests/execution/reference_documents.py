"""Random queries that the reference knows the answers of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from tests.execution.world import LEADS

SIZES = (1, 2, 3, 5, 100)
PAGE_INFO = "pageInfo { hasNextPage hasPreviousPage }"
USERS = "createdBy { id displayName }"
OF = {
    "lead": f"id name displayName description url version dateCreated dateUpdated {USERS} status {{ id label }} "
    "addresses { label address1 city zipcode }",
    "contact": f"id name displayName title dateCreated {USERS} lead {{ id displayName }} emails {{ type email }}",
    "opportunity": "id note confidence value { amount currency } valuePeriod closeDate dateLost status { id label } "
    "lead { id } contact { id name } user { displayName }",
    "task": "__typename id type isComplete dateCreated lead { id name } contact { id } assignedTo { id displayName }",
    "activity": "__typename id type date lead { id displayName } contact { id } user { id displayName }",
}
ORDERS = {
    "lead": ("DATE_CREATED", "DATE_UPDATED", "DISPLAY_NAME"),
    "contact": ("DATE_CREATED", "DATE_UPDATED", "NAME"),
    "opportunity": ("DATE_CREATED", "DATE_UPDATED", "CLOSE_DATE", "VALUE", "CONFIDENCE"),
    "task": ("DATE", "DATE_CREATED"),
    "activity": ("DATE", "DATE_CREATED"),
}
FILTERS = {
    "lead": (
        '{ statusIds: ["stat_lead0"] }',
        '{ dateCreated: { lt: "2026-03-29T01:00:00Z" } }',
        '{ ids: ["lead_b", "x"] }',
    ),
    "contact": ('{ leadIds: ["lead_A", "lead_bare"] }', '{ dateCreated: { gte: "2026-03-29T01:00:00Z" } }'),
    "opportunity": ('{ statusIds: ["stat_oppo0", "stat_gone"] }', '{ contactIds: ["cont_A", "cont_b"] }'),
    "task": ("{ isComplete: false }", "{ types: [LEAD, VOICEMAIL] isComplete: true }", "{ types: null }"),
    "activity": ("{ types: [NOTE, CALL] }", '{ leadIds: ["lead_A"] }', '{ ids: ["acti_note0"] }'),
}
LISTS = {
    "lead": "leads",
    "contact": "contacts",
    "opportunity": "opportunities",
    "task": "tasks",
    "activity": "activities",
}
BELOW = {"lead": ("contact", "opportunity", "task", "activity"), "contact": ("opportunity", "activity")}
ORDERED_BELOW = frozenset({"opportunity", "task", "activity"})


@dataclass(frozen=True)
class Asker:
    """Writes queries; its cursors are those of each kind in each order, by `kind order`."""

    dice: Random
    cursors: Mapping[str, Sequence[str]]

    def query(self) -> str:
        root = self.dice.choice(("one", "list", "list"))
        if root == "one":
            lead = self.dice.choice([*LEADS, "lead_gone", "cont_A"])
            return f'{{ lead(id: "{lead}") {{ {OF["lead"]} {self._lists_of("lead", 2)} }} }}'
        kind = self.dice.choice(list(LISTS))
        return f"{{ found: {self._list(kind, 2, below=None)} }}"

    def _lists_of(self, kind: str, depth: int) -> str:
        """Lists below an object."""
        known = BELOW.get(kind, ())
        if not depth or not known:
            return ""
        chosen = self.dice.sample(known, self.dice.randint(1, len(known)))
        return " ".join(self._list(each, depth - 1, below=kind) for each in chosen)

    def _list(self, kind: str, depth: int, below: str | None) -> str:
        inner = f"{OF[kind]} {self._lists_of(kind, depth)}"
        selected = [
            PAGE_INFO,
            "totalCount",
            self.dice.choice((f"nodes {{ {inner} }}", f"edges {{ node {{ {inner} }} }}")),
        ]
        if kind == "opportunity":
            selected.append("totalValues { amount currency }")
        self.dice.shuffle(selected)
        return f"{LISTS[kind]}{self._call(kind, below)} {{ {' '.join(selected[: self.dice.randint(1, 4)])} }}"

    def _call(self, kind: str, below: str | None) -> str:
        given: list[str] = []
        order = ""
        if (below is None or kind in ORDERED_BELOW) and self.dice.random() < 0.6:
            order = f"{{ field: {self.dice.choice(ORDERS[kind])}, direction: {self.dice.choice(('ASC', 'DESC'))} }}"
            given.append(f"orderBy: {order}")
        if (below is None or kind in ORDERED_BELOW) and self.dice.random() < 0.3:
            given.append(f"filter: {self.dice.choice(FILTERS[kind])}")
        if self.dice.random() < 0.7:
            given.append(f"{self.dice.choice(('first', 'last'))}: {self.dice.choice(SIZES)}")
        cursors = self.cursors.get(key_of(kind, below, order), ())
        given += [
            f'{side}: "{self.dice.choice(cursors)}"' for side in ("after", "before") if cursors and self._rarely()
        ]
        return f"({', '.join(given)})" if given else ""

    def _rarely(self) -> bool:
        return self.dice.random() < 0.25


def key_of(kind: str, below: str | None, order: str) -> str:
    """What a cursor belongs to; contacts have another usual order below a lead."""
    return f"{kind} {order or (below == 'lead' and kind == 'contact')}"
