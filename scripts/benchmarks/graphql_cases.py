"""What a benchmark of GraphQL asks: the queries, in the words of each server, and their variables."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from scripts.benchmarks.crm_furniture import LEAD_STATUSES, ORGANIZATION, SPAN, START, USERS, made_id
from scripts.benchmarks.graphql_trees import TREES, tree_document

PEERS = Path(__file__).with_name("peers")
VARIETY = 400
WORDS = ("manager", "sales", "engineer", "officer")
STATUSES = list(LEAD_STATUSES)
DEEPEST = 1_000
UNSEEN = "description"

_SECTION = re.compile(r"^(?:#|--) name: (\w+)\n", re.MULTILINE)
_DECLARED = re.compile(r"\$(\w+):")

Variables = dict[str, Any]


@dataclass(frozen=True)
class Scene:
    """What variables are taken from: the size of the CRM, and cursors of the gateway by how many leads they pass."""

    leads: int
    cursors: Sequence[str] = ()

    def lead(self, number: int) -> str:
        return made_id("lead", number * 7919 % self.leads)

    def after(self, number: int) -> str:
        """A moment with nine tenths of the leads, or fewer, before it."""
        return (START + SPAN * (number * 37 % 900 / 1000)).isoformat()

    def offset(self, number: int) -> int:
        return 1 + number * 37 % (min(DEEPEST, self.leads // 2) - 1)


@dataclass(frozen=True)
class Case:
    """A query: `variables` gives those of its n-th request, by all the names that any server's words use.

    `document` names the words, `first` another size of the page. A case that is `mixed` stands for others: each of
    its requests is of one of them. A `crowded` one meets a lead with very many activities. `varied` says how many
    different requests there are; None for no end. Where they are `inlined`, variables stand in the text as literals.
    """

    name: str
    title: str
    variables: Callable[[Scene, int], Variables] = lambda scene, number: {}
    document: str = ""
    first: int | None = None
    varied: int | None = VARIETY
    writes: bool = False
    crowded: bool = False
    unseen: bool = False
    inlined: bool = False
    fails: bool = False
    mixed: Sequence[str] = field(default=())

    def words(self, dialect: str) -> "Words | None":
        """The query in the words of this kind of server; None where it has none."""
        return _words(self.name, dialect)

    def body(self, dialect: str, scene: Scene, number: int, **instead: str) -> bytes:
        """The n-th request; some of its variables may be told."""
        if self.mixed:
            return CASES[self.mixed[number % len(self.mixed)]].body(dialect, scene, number)
        words = self.words(dialect)
        if words is None:
            raise LookupError(f"{dialect} has no words for {self.name}")
        text = words.text.replace(UNSEEN, f"unseen{number}: {UNSEEN}") if self.unseen else words.text
        given = {"organization": ORGANIZATION, "user": USERS[0]} | self.variables(scene, number) | instead
        variables = {name: given[name] for name in words.declared}
        if self.inlined:
            return orjson.dumps({"query": _inlined(text, variables)})
        return orjson.dumps({"query": text, "variables": variables})

    def asks(self, dialect: str) -> bool:
        """Whether this kind of server is asked."""
        if self.mixed:
            return all(CASES[name].asks(dialect) for name in self.mixed)
        return self.words(dialect) is not None


class Words(NamedTuple):
    """An operation, and the variables that it declares."""

    text: str
    declared: Sequence[str]


@cache
def _words(name: str, dialect: str) -> Words | None:
    case = CASES[name]
    known = case.document or name
    if dialect.startswith("raw_"):  # constant SQL answers what the gateway is asked; a new text is nothing to it
        if case.unseen or case.inlined or known not in documents(dialect):
            return None
        return _words(name, "gateway")
    text = documents(dialect).get(known) or tree_document(known, dialect)
    if text is None:
        return None
    if case.first is not None:
        text = text.replace("first: 50", f"first: {case.first}")
    return Words(text, _DECLARED.findall(text))


def _inlined(text: str, variables: Variables) -> str:
    """An operation that takes no variables, with texts and numbers in their places."""
    header, body = text.split("{", 1)
    for name, value in variables.items():
        body = re.sub(rf"\${name}\b", orjson.dumps(value).decode(), body)
    return f"{header.partition('(')[0]}{{{body}"


def statement(name: str, store: str) -> str:
    """The constant SQL for a case on this kind of database."""
    case = CASES[name]
    text = documents(f"raw_{store}")[case.document or name]
    return text if case.first is None else text.replace("LIMIT 50", f"LIMIT {case.first}")


@cache
def documents(dialect: str) -> Mapping[str, str]:
    """What the file of this kind of server says, by the names of cases."""
    file = PEERS / f"{dialect}.{'sql' if dialect.startswith('raw_') else 'graphql'}"
    return sections(file) if file.exists() else {}


def sections(file: Path) -> dict[str, str]:
    """The parts of a file that lines `# name: X` or `-- name: X` begin."""
    _, *parts = _SECTION.split(file.read_text())
    return {name: text.strip() for name, text in zip(parts[::2], parts[1::2], strict=True)}


def _lead(scene: Scene, number: int) -> Variables:
    return {"id": scene.lead(number)}


def _page(scene: Scene, number: int) -> Variables:
    return {"after": scene.after(number)}


def _first_page(scene: Scene, number: int) -> Variables:
    return {"after": START.isoformat()}


def _deep(scene: Scene, number: int) -> Variables:
    offset = scene.offset(number)
    return {"offset": offset, "cursor": scene.cursors[offset - 1]}


def _search(scene: Scene, number: int) -> Variables:
    return {"word": WORDS[number % 4], "statuses": [STATUSES[number % 4], STATUSES[(number + 1) % 4]]}


def _move(scene: Scene, number: int) -> Variables:
    """Each pass over the leads moves every one of them to its next status."""
    moves = min(VARIETY, scene.leads)
    return {"id": made_id("lead", number % moves), "status": STATUSES[(number + number // moves) % 4]}


def _custom(scene: Scene, number: int) -> Variables:
    industries = ("Software", "Retail", "Finance", "Logistics")
    return {"industry": [industries[number % 4]], "employees": str(50 * (1 + number % 10))}


def _new_lead(scene: Scene, number: int) -> Variables:
    contacts = [
        {
            "name": name,
            "title": title,
            "emails": [{"email": f"{title.lower()}{number}@mail.example"}],
            "phones": [{"phone": phone}],
        }
        for name, title, phone in (("Ada Merrow", "CEO", "+14155552671"), ("Ben Okoro", "CTO", "+14155552672"))
    ]
    return {"name": f"New Lead {number}", "contacts": contacts}


_NESTED = "50 leads with status, contacts, tasks, deals, last activities"
_ALL = (
    Case("Q1", "lead by id, 8 scalars", _lead),
    Case("Q2", _NESTED, _page),
    Case("Q3", "search of contacts by title and their lead's status, 50 rows", _search),
    Case("Q4", "status change with its record", _move, varied=None, writes=True),
    Case("Q2O", "Q2 deep in the pages", _deep),
    Case("Q1U", "Q1, each request a new text", _lead, "Q1", varied=None, unseen=True),
    Case("Q1L", "Q1 with the id in its text, each request another", _lead, "Q1", varied=None, inlined=True),
    *(Case(name, f"filter of {size} nodes", varied=1) for name, size in TREES),
    Case("Q6", "custom-field filter, custom fields selected", _custom),
    Case("Q7", "50 activities of all types, fragments per type", _page),
    Case("Q8", "lead created with two contacts", _new_lead, varied=None, writes=True),
    Case(
        "Q9", "mixed: 16 Q1, 2 Q3, 1 Q2, 1 Q4", varied=None, writes=True, mixed=[*["Q1"] * 16, "Q3", "Q3", "Q2", "Q4"]
    ),
    Case("Q10", "50 leads with fields that Python works out", _page),
    Case("Q11", "a field fails below a lead", _lead, fails=True),
    Case("Q12", "Q2 from a lead with 50,000 activities on", _first_page, "Q2", varied=1, crowded=True),
    *(Case(f"Q2_{size}", f"Q2 with {size} leads", _page, "Q2", first=size) for size in (10, 200, 1000)),
)
CASES: Mapping[str, Case] = {case.name: case for case in _ALL}
MAIN = ("Q1", "Q2", "Q3", "Q4", "Q2O", "Q1U")
