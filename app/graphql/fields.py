"""What a field of the graph stands on, declared once: a strawberry field that carries its binding as metadata.

Without any of these a field is a column: strawberry's own resolver reads the attribute of that name from the row.
A planner reads `binding(field)`; the resolvers made here answer the same fields through `context.load`.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, TypeAlias

import strawberry
from sqlalchemy import Select
from strawberry.types.field import StrawberryField

from app.domain.time import Clock
from app.graphql.connections import Connected
from app.graphql.context import Info
from app.graphql.inputs import check_lists
from app.graphql.scalars import TimeZone
from app.storage.paging import Window
from app.storage.reads import Measure, Narrow, Read

KEY = "binding"
ZONE_COLUMN = "zone_"

ARGUMENTS: Mapping[str, str] = {
    "first": "How many items from the start; 25 when no size is given, 100 at most.",
    "after": "Continue after this cursor.",
    "last": "How many items from the end; 100 at most.",
    "before": "Continue before this cursor.",
    "filter": "Which ones; all when omitted.",
    "order_by": "The order.",
    "time_zone": "The time zone; the request's time zone when omitted.",
    "id": "The object's ID.",
    "ids": "The objects' IDs.",
    "input": "What to do.",
    "is_active": "Only current, or only former, members.",
    "thread_emails": "How email conversations appear.",
}


@dataclass(frozen=True)
class Column:
    """The column `name` of the row."""

    name: str


@dataclass(frozen=True)
class Derived:
    """A function of these columns alone; where it takes a clock, of the caller's calendar too. `sql` says the same for
    a database to work out: of the columns, and of a `json_text.Calendar`, it makes an expression, or an object or a
    list of them as `json_text.Made` and `MadeList` say it."""

    function: Callable[..., Any]
    columns: tuple[str, ...]
    clocked: bool
    sql: Callable[..., Any] | None = None


@dataclass(frozen=True, eq=False)
class Related:
    """Rows of a batch read: by the row's attribute `key`, by the argument `argument`, or by each key that a function
    takes out of that attribute. `sql` says the same of that function as a `json_text.ListMember` over the column."""

    read: Read
    key: str
    argument: str | None = None
    paged: bool = False
    listed: Callable[[Any], list[str]] | None = None
    sql: Callable[..., Any] | None = None


@dataclass(frozen=True)
class Measured:
    """The answer of a measure for the row's attribute `key`. Where that is an object or a list of them, `sql` makes of
    the measure's statement, about one key, one whose rows are the objects."""

    measure: Measure
    key: str
    sql: Callable[[Select[Any]], Select[Any]] | None = None


@dataclass(frozen=True)
class Totalled:
    """A function of what a measure of the read behind a connection says of all its pages together. Where that is a list
    of `Sums`, `sql` makes an object of each, by its group and its sum."""

    measure: Callable[[Read], Measure]
    function: Callable[[Any], Any]
    sql: Callable[..., Any] | None = None


@dataclass(frozen=True)
class Action:
    """A use case: `run(context, input)` does it and returns the payload, the given row of a read."""

    run: Callable[..., Any]


@dataclass(frozen=True)
class Hits:
    """The hits of a search, which `search(context, **arguments)` prepares, of arguments that `read` made of those
    given: that depends on nothing else."""

    search: Callable[..., Any]
    read: Callable[[Mapping[str, Any]], dict[str, Any]]


Binding: TypeAlias = Column | Derived | Related | Measured | Totalled | Action | Hits


@dataclass(frozen=True)
class When:
    """`is_type_of` of a concrete type: the rows whose column holds one of these values."""

    column: str
    values: frozenset[Any]

    def __call__(self, row: Any, info: object) -> bool:
        return getattr(row, self.column) in self.values


def any_row(row: object, info: object) -> bool:
    """`is_type_of` of a type that shares its rows with no other; strawberry's own would want an instance."""
    return True


def when(column: str, *values: Any) -> Any:
    return When(column, frozenset(values))


def column(name: str, **options: Any) -> Any:
    def resolve(self: Any) -> Any:
        return getattr(self, name)

    return _field(resolve, Column(name), options)


def derived(function: Callable[..., Any], *columns: str, sql: Callable[..., Any] | None = None, **options: Any) -> Any:
    """A value, object or list made from columns. A last parameter `clock` gets the caller's calendar."""
    clocked = takes_clock(function)
    asks = options.pop("time_zone", False)

    def resolve(self: Any, info: Info, **arguments: Any) -> Any:
        values = [getattr(self, name) for name in columns]
        if not clocked:
            return function(*values)
        named = arguments.get("time_zone") or getattr(self, ZONE_COLUMN, None)
        return function(*values, clock=info.context.clock(named))

    parameters = [_parameter("time_zone", TimeZone | None, strawberry.UNSET)] if asks else []
    return _field(_signed(resolve, None, parameters), Derived(function, columns, clocked, sql), options)


def measured(
    measure: Measure,
    key: str = "id",
    arguments: Mapping[str, Any] | None = None,
    required: Mapping[str, Any] | None = None,
    defaults: Mapping[str, Any] | None = None,
    sql: Callable[[Select[Any]], Select[Any]] | None = None,
    **options: Any,
) -> Any:
    """What a measure answers for the row's `key`, given these arguments (name: type). The required ones cannot be null;
    those that have a default can be omitted all the same."""

    async def resolve(self: Any, info: Info, **given: Any) -> Any:
        check_lists(given)
        known = getattr(self, key)
        return measure.nothing() if known is None else await info.context.load(measure, known, **given)

    parameters = [_parameter(name, type_ | None, strawberry.UNSET) for name, type_ in (arguments or {}).items()]
    parameters += [
        _parameter(name, type_, (defaults or {}).get(name, inspect.Parameter.empty))
        for name, type_ in (required or {}).items()
    ]
    return _field(_signed(resolve, None, parameters), Measured(measure, key, sql), options)


def totalled(
    measure: Callable[[Read], Measure],
    function: Callable[[Any], Any],
    sql: Callable[..., Any] | None = None,
    **options: Any,
) -> Any:
    """A field of a connection, about all its pages together."""

    async def resolve(self: Any) -> Any:
        return function(await self.measure(measure(self.read)))

    return _field(resolve, Totalled(measure, function, sql), options)


def related(
    read: Read, key: str = "id", argument: str | None = None, narrow: Narrow | None = None, **options: Any
) -> Any:
    """A row (of `one`) or a plain list (of `children`)."""
    read = replace(read, narrow=narrow) if narrow else read  # fields over one read share its loader
    clocked = takes_clock(narrow)

    async def resolve(self: Any, info: Info, **arguments: Any) -> Any:
        found = arguments.pop(argument) if argument else getattr(self, key)
        return None if found is None else await info.context.load(read, found, **_timed(info, clocked, arguments))

    parameters = _parameters(narrow)
    if argument:
        parameters.append(_parameter(argument, strawberry.ID, inspect.Parameter.empty))
    return _field(_signed(resolve, narrow, parameters), Related(read, key, argument), options)


def listed(
    read: Read, keys: Callable[[Any], list[str]], column: str, sql: Callable[..., Any] | None = None, **options: Any
) -> Any:
    """The rows of `one` whose keys a column holds, in that order; those that are gone are left out."""

    async def resolve(self: Any, info: Info) -> Any:
        found = await info.context.load_many(read, keys(getattr(self, column)))
        return [row for row in found if row is not None]

    return _field(resolve, Related(read, column, listed=keys, sql=sql), options)


def connection(read: Read, key: str = "id", narrow: Narrow | None = None, **options: Any) -> Any:
    """A page of `children`, with the arguments first, after, last and before."""
    read = replace(read, narrow=narrow)
    clocked = takes_clock(narrow)

    def resolve(
        self: Any,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        **arguments: Any,
    ) -> Any:
        context = info.context
        window = Window.of(first, after, last, before, context.max_page_size)
        return Connected(context, read, getattr(self, key), window, _timed(info, clocked, arguments))

    paging = {"first": int, "after": str, "last": int, "before": str}
    parameters = _parameters(narrow) + [_parameter(n, t | None, strawberry.UNSET) for n, t in paging.items()]
    return _field(_signed(resolve, narrow, parameters), Related(read, key, paged=True), options)


def hits(
    search: Callable[..., Any], read: Callable[[Mapping[str, Any]], dict[str, Any]]
) -> Callable[[Callable[..., Any]], Any]:
    """Makes a field of a resolver that answers what `search` prepares; the resolver's docstring describes it."""

    def declare(resolver: Callable[..., Any]) -> Any:
        return _field(resolver, Hits(search, read), {"description": inspect.getdoc(resolver)})

    return declare


def action(run: Callable[..., Any], **options: Any) -> Any:
    """A mutation."""

    async def resolve(self: Any, info: Info, **arguments: Any) -> Any:
        return await info.context.act(str(info.path.key), run, arguments)

    return _field(_signed(resolve, run, _parameters(run)), Action(run), options)


def binding(field: StrawberryField) -> Binding | None:
    """What a field stands on; None for a resolver of its own."""
    found: Binding | None = field.metadata.get(KEY)
    return found or (None if field.base_resolver else Column(field.python_name))


def _timed(info: Info, clocked: bool, arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a narrowing function, checked, with the argument timeZone as the clock it means."""
    check_lists(arguments)
    if not clocked:
        return arguments
    named = arguments.pop("time_zone", None) or None
    return arguments | {"clock": info.context.clock(named)}


def takes_clock(function: Callable[..., Any] | None) -> bool:
    return function is not None and "clock" in inspect.signature(function).parameters


def _field(resolve: Callable[..., Any], bound: Binding, options: dict[str, Any]) -> Any:
    return strawberry.field(resolver=resolve, metadata={KEY: bound}, **options)


def _parameter(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    described = getattr(annotation, "__metadata__", None)
    if not described and name in ARGUMENTS:
        annotation = Annotated[annotation, strawberry.argument(description=ARGUMENTS[name])]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)


def _parameters(function: Callable[..., Any] | None) -> list[inspect.Parameter]:
    """The parameters after the first."""
    return [_argument(p) for p in list(inspect.signature(function).parameters.values())[1:]] if function else []


def _argument(parameter: inspect.Parameter) -> inspect.Parameter:
    """A parameter as an argument. A clock is asked for by its time zone; None would print as `= null`."""
    if parameter.annotation is Clock:
        return _parameter("time_zone", TimeZone | None, strawberry.UNSET)
    default = strawberry.UNSET if parameter.default is None else parameter.default
    return _parameter(parameter.name, parameter.annotation, default)


def _signed(resolve: Any, source: Callable[..., Any] | None, parameters: list[inspect.Parameter]) -> Any:
    """Give a resolver these parameters; strawberry looks their types up where `source` was written."""
    own = [p for p in inspect.signature(resolve).parameters.values() if p.name in ("self", "info")]
    resolve.__signature__ = inspect.Signature([*own, *parameters])
    if source:
        resolve.__module__ = source.__module__
    return resolve
