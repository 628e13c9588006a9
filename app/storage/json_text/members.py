"""Members of JSON, such as of an activity's details: texts, numbers, lists of texts, and lists of objects.

A member that is not what the schema says, as an import may have brought it, is a fault.
"""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import TableValuedAlias

from app.storage.json_text.leaves import Absent, Kind, Shown, TextList, is_int, leaf, leaf_fault, no_value
from app.storage.json_text.objects import bracketed, checked
from app.storage.json_text.parts import JsonText, constant, fault

_WHOLE = "^-?[0-9]{1,10}$"


class _Member(FunctionElement[Any]):
    """A member of a JSON object; without a name the JSON itself."""

    inherit_cache = True

    def __init__(self, json: ColumnElement[Any], name: str = "") -> None:
        super().__init__(json, constant(checked(name) if name else ""))
        self.member = name

    @property
    def json(self) -> ColumnElement[Any]:
        return next(iter(self.clauses))

    def place(self, dialect: str) -> tuple[ColumnElement[str], ColumnElement[Any]]:
        """The member's JSON type and its value, both null where it is missing. On PostgreSQL the value is JSON."""
        if dialect == "sqlite":
            return func.json_type(self.json, self.path), func.json_extract(self.json, self.path)
        value = self.json.op("->")(constant(self.member)) if self.member else self.json
        return func.jsonb_typeof(value), value

    @property
    def path(self) -> ColumnElement[str]:
        return constant(f"$.{self.member}" if self.member else "$")


class TextMember(_Member, Shown):
    """A text; null where it is null or missing. In a condition it is a text of the database."""

    type = Text()
    inherit_cache = True

    def shown(self, dialect: str, absent: Absent = Absent.NULL) -> ColumnElement[Any]:
        type_, value = self.place(dialect)
        if dialect == "sqlite":
            return case((type_ == constant("text"), value), else_=_otherwise(type_, dialect, absent))
        return case((type_ == constant("string"), cast(value, Text)), else_=_otherwise(type_, dialect, absent))


@compiles(TextMember, "sqlite")
def _text_on_sqlite(element: TextMember, compiler: SQLCompiler, **kw: Any) -> str:
    json, path = compiler.process(element.json, **kw), compiler.process(element.path, **kw)
    return f"json_extract({json}, {path})"


@compiles(TextMember, "postgresql")
def _text_on_postgresql(element: TextMember, compiler: SQLCompiler, **kw: Any) -> str:
    json, name = element.clauses
    return f"({compiler.process(json, **kw)} ->> {compiler.process(name, **kw)})"


class TextMemberOr(Shown):
    """A text; where it is null, missing or empty, another one."""

    type = Text()
    inherit_cache = True

    def __init__(self, json: ColumnElement[Any], name: str, other: ColumnElement[Any]) -> None:
        super().__init__(json, constant(name), other)
        self.member, self.other = TextMember(json, name), other

    def shown(self, dialect: str, absent: Absent = Absent.NULL) -> ColumnElement[Any]:
        other = leaf(self.other, Kind.TEXT, dialect, absent)
        is_empty = func.coalesce(self.member, constant("")) == constant("")
        return case((is_empty, other), else_=self.member.shown(dialect, absent))


class IntMember(_Member, Shown):
    """A whole number of 32 bits; null where it is null or missing."""

    type = Integer()
    inherit_cache = True

    def shown(self, dialect: str, absent: Absent = Absent.NULL) -> ColumnElement[Any]:
        type_, value = self.place(dialect)
        if dialect == "sqlite":
            is_whole = and_(type_ == constant("integer"), is_int(value))
            return case((is_whole, value), else_=_otherwise(type_, dialect, absent))
        text = cast(value, Text)
        is_whole = and_(type_ == constant("number"), text.op("~")(constant(_WHOLE)))
        whole = case((is_int(cast(text, BigInteger)), text), else_=leaf_fault(dialect))
        return case((is_whole, whole), else_=_otherwise(type_, dialect, absent))


class ListMember(_Member):
    """A list, which is empty where it is null or missing."""

    type = TextList()
    inherit_cache = True

    def listed(self, array: ColumnElement[Any], dialect: str, missing: str = "[]") -> ColumnElement[str]:
        """The array that is made of it; a fault where it is no list."""
        type_, _ = self.place(dialect)
        made = case((type_ == constant("array"), array), (_is_missing(type_), constant(missing)))
        return func.coalesce(made, fault(dialect), type_=JsonText())


class TextsMember(ListMember, Shown):
    """A list of texts; where it is null or missing, an empty one, or null."""

    inherit_cache = True

    def __init__(self, json: ColumnElement[Any], name: str = "", or_null: bool = False) -> None:
        super().__init__(json, name)
        self.or_null = or_null

    def shown(self, dialect: str, absent: Absent = Absent.NULL) -> ColumnElement[Any]:
        missing = "null" if self.or_null else "[]"
        if dialect == "sqlite":
            each = elements(self, dialect)
            shown = case((is_a("string", each, dialect), func.json_quote(each.c.value)), else_=fault(dialect))
            texts = func.coalesce(func.group_concat(shown), constant(""))
            return self.listed(bracketed(select(texts).select_from(each).scalar_subquery()), dialect, missing)
        _, value = self.place(dialect)
        compact = cast(func.json_strip_nulls(cast(value, JSON)), Text)  # a list has no members to strip
        return self.listed(case((has_other(self, dialect), fault(dialect)), else_=compact), dialect, missing)


def unpacked(json: ColumnElement[Any]) -> ColumnElement[Any]:
    """The same JSON as PostgreSQL works on it: as it is stored it may be compressed, or lie elsewhere."""
    return json.op("#>")(literal_column("'{}'"))


def elements(list_: ListMember, dialect: str) -> TableValuedAlias:
    """The elements of a list as rows, in its order: their `value`, and on SQLite their JSON `type`."""
    if dialect == "sqlite":
        return func.json_each(list_.json, list_.path).table_valued("value", "type")
    _, value = list_.place(dialect)
    return func.jsonb_array_elements(value).table_valued("value")


def keys(list_: ListMember, dialect: str) -> tuple[ColumnElement[str], ColumnElement[int]]:
    """The texts of a list and their places in it, as columns of rows."""
    if dialect == "sqlite":
        each = func.json_each(list_.json, list_.path).table_valued("value", "key")
        return each.c.value, each.c.key
    _, value = list_.place(dialect)
    each = func.jsonb_array_elements_text(value).table_valued("value", with_ordinality="place").render_derived()
    return each.c.value, each.c.place


def for_each(found: Select[Any], place: ColumnElement[int], dialect: str) -> Select[Any]:
    """What a select finds by the key of each element of a list, and the element's place in it.

    PostgreSQL takes any list for a hundred elements, for which it would rather read a whole table than look them up one
    by one; behind an OFFSET it has to.
    """
    if dialect == "sqlite":
        return found.add_columns(place)
    one = found.offset(literal_column("0")).lateral()
    return select(*one.c, place).select_from(place.table, one)


def has_other(list_: ListMember, dialect: str) -> ColumnElement[bool]:
    """Whether a list holds something else than texts."""
    if dialect == "sqlite":
        each = elements(list_, dialect)
        return exists(select(literal_column("1")).select_from(each).where(~is_a("string", each, dialect)))
    _, value = list_.place(dialect)
    return func.jsonb_path_exists(value, literal_column("""'strict $[*] ? (@.type() != "string")'"""))


def is_a(name: str, each: TableValuedAlias, dialect: str) -> ColumnElement[bool]:
    """Whether an element is an object, or a string."""
    if dialect == "sqlite":
        return each.c.type == constant("text" if name == "string" else name)
    return func.jsonb_typeof(each.c.value) == constant(name)


def _is_missing(type_: ColumnElement[str]) -> ColumnElement[bool]:
    return or_(type_.is_(None), type_ == constant("null"))


def _otherwise(type_: ColumnElement[str], dialect: str, absent: Absent) -> ColumnElement[Any]:
    if absent is not Absent.NULL:
        return leaf_fault(dialect)
    return case((_is_missing(type_), no_value(dialect)), else_=leaf_fault(dialect))
