"""The code of searches. A search of one kind reads the columns that are asked of it; one of several reads ids, and then
the objects of each kind by them. An object that went in between is left out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from graphql import GraphQLField, GraphQLObjectType, get_named_type
from orjson import Fragment

from app.domain.filters import Kind
from app.execution.arguments import Arguments
from app.execution.leaves import Bail
from app.execution.levels import Form, Keys, Level, Rows, Run, Unplannable
from app.execution.search_documents import HitDocument
from app.execution.walk import Details
from app.graphql.fields import Hits
from app.graphql.search.results import TYPENAMES, Results
from app.services.search.searching import Page
from app.storage import json_text
from app.storage.reading import Program
from app.storage.search.statements import READS

if TYPE_CHECKING:
    from app.execution.planner import Planner


_WRITTEN = ""
"""In place of a type: the row is the object's JSON text."""


class Hit(NamedTuple):
    """An object that was found: the name of its type, its row, its place on the page."""

    typename: str
    row: Any
    place: int


class Written:
    """The hits of a page whose objects the database has written."""

    def __init__(self, texts: Sequence[bytes]) -> None:
        self._texts = texts
        if json_text.has_fault(b"".join(texts)):
            raise Bail

    def __iter__(self) -> Iterator[Hit]:
        return (Hit(_WRITTEN, Fragment(text), place) for place, text in enumerate(self._texts))

    def array(self) -> Fragment:
        return Fragment(b"[%b]" % b",".join(self._texts))


class Search:
    """One search: what is asked of the objects of each kind, and the questions that find them."""

    def __init__(self, planner: "Planner", top: Level, bound: Hits, given: Arguments, key: str) -> None:
        self.planner, self.code, self.bound, self.given, self.key = planner, planner.code, bound, given, key
        self.level = planner.level(parent=top, is_asked=False)
        self.kinds = {kind: planner.level(parent=self.level, read=read, is_asked=False) for kind, read in READS.items()}
        number = self.level.id
        rows = [f"rows{level.id}" for level in self.kinds.values()]
        self.hits, self.page, self.count = f"h{number}", f"p{number}", f"c{number}"
        self.code.ask_for(self.level, PageQuestion(self), ", ".join((self.hits, self.page, *rows)))
        self.counts = CountQuestion(self)
        self._selected: list[tuple[Mapping[str, GraphQLObjectType], Details]] = []
        self._documents: dict[Kind, HitDocument | None] = {}

    # ---- planning

    def connection(self, type_: GraphQLObjectType, details: "Details") -> str:
        return f"{self._function('_', type_, details, self._member)}(None)"

    def _member(self, name: str, core: GraphQLField, details: "Details") -> str:
        named: Any = get_named_type(core.type)
        match name:
            case "nodes":
                return f"{self.code.name(_nodes)}({self._asked(self.hits)}, {self._object(named, details)})"
            case "edges":
                return f"[{self._function('h', named, details, self._edge)}(x) for x in {self._asked(self.hits)}]"
            case "pageInfo":
                return self._function("p", named, details, _info) + f"({self._asked(self.page)})"
            case "count":
                self.code.ask_for(self.level, self.counts, self.count)
                return f"{self._function('c', named, details, lambda name, *_: f'c.{name}')}({self.count})"
        raise Unplannable(f"opaque: {name}")

    def _edge(self, name: str, core: GraphQLField, details: "Details") -> str:
        if name == "cursor":
            return f"{self.page}.cursor(h.place)"
        if name == "node":
            return f"{self._object(get_named_type(core.type), details)}(h)"
        raise Unplannable(f"opaque: {name}")

    def _object(self, type_: Any, details: "Details") -> str:
        """The function from a hit to its object."""
        types = {each.name: each for each in self.planner.core.get_possible_types(type_)}
        views = {name: self.planner.view(self.kinds[kind], types[name], details) for kind, name in TYPENAMES.items()}
        views[_WRITTEN] = self.code.function("r", "r")
        self._selected.append((types, details))
        return self.code.function("h", f"{self.code.table(views)}[h.typename](h.row)")

    def document(self, kind: Kind) -> HitDocument | None:
        """What writes the objects of a kind in the statement that finds them; none where they are selected twice."""
        if kind not in self._documents:
            made = None
            if len(self._selected) == 1:
                [(types, details)] = self._selected
                made = HitDocument.of(self.planner, kind, types[TYPENAMES[kind]], details)
            self._documents[kind] = made
        return self._documents[kind]

    def _asked(self, name: str) -> str:
        self.level.is_asked = True
        return name

    def _function(self, parameter: str, type_: Any, details: "Details", answer: Any) -> str:
        grouped = self.planner.subfields(type_, details)
        return self.code.function(parameter, self.planner.object(type_, grouped, answer))

    # ---- running

    async def prepare(self, run: Run) -> None:
        arguments = self.given.read(run.variables)
        run.prepared[self.level.id] = await run.context.once(self.key, self.bound.search, arguments)

    def results(self, run: Run) -> Results:
        results: Results = run.prepared[self.level.id]
        return results


class PageQuestion:
    """Asks for the hits of a page, and for their rows."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.prepare = search.prepare

    def program(self, run: Run, keys: Keys) -> Program[tuple[Any, ...]]:
        results, kinds = self.search.results(run), self.search.kinds
        search = results.searching.search
        found, is_one = search.kinds, len(search.kinds) == 1 and search.is_light
        document = self.search.document(found[0]) if is_one and run.form is not Form.LEVELS else None
        show = document and document.showing(run)
        if document and show:
            run.has_texts = True
            page = yield from results.searching.paging(results.first, results.after, {found[0]: document.columns}, show)
            return (Written([hit.raw[1] for hit in page.hits]), page, *([] for _ in kinds))
        columns = {kind: tuple(level.columns) for kind, level in kinds.items()}
        page = yield from results.searching.paging(results.first, results.after, columns)
        if len(found) > 1:
            rows = yield from self._whole(run, page)
        else:
            rows = {kind: {hit.id: hit.raw for hit in page.hits if hit.kind is kind} for kind in kinds}
        hits = [
            Hit(TYPENAMES[hit.kind], row, place)
            for place, hit in enumerate(page.hits)
            if (row := rows[hit.kind].get(hit.id)) is not None
        ]
        return (hits, page, *(list(rows[kind].values()) for kind in kinds))

    def _whole(self, run: Run, page: Page) -> Program[Mapping[Kind, Mapping[str, Any]]]:
        """The rows of hits of several kinds, by their ids; nothing is read where the id is all that is asked for."""
        rows: dict[Kind, Mapping[str, Any]] = {}
        database = self.search.planner.database
        for kind, level in self.search.kinds.items():
            ids = [hit.id for hit in page.hits if hit.kind is kind]
            if set(level.columns) <= {"id"}:
                rows[kind] = {id: (id, id) for id in ids}
            else:
                answer = yield from Rows(level, database).program(run, ids)
                rows[kind] = answer.by_key
        return rows


class CountQuestion:
    """Asks how many hits there are."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.prepare = search.prepare

    def program(self, run: Run, keys: Keys) -> Program[Any]:
        return (yield from self.search.results(run).searching.counting())


def _nodes(hits: "Sequence[Hit] | Written", view: Callable[[Hit], Any]) -> Any:
    return hits.array() if isinstance(hits, Written) else [view(hit) for hit in hits]


def _info(name: str, *_: Any) -> str:
    match name:
        case "hasNextPage":
            return "p.has_next"
        case "hasPreviousPage":
            return "p.has_previous"
        case "startCursor":
            return "(p.cursor(0) if p.hits else None)"
        case "endCursor":
            return "(p.cursor(len(p.hits) - 1) if p.hits else None)"
    raise Unplannable(f"opaque: {name}")
