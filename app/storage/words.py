"""Conditions on the words of text columns (rules F21, F22, F34), each of which the index of words serves.

PostgreSQL has a GIN index over what `lexemes` makes of the derived columns of words, and uses it for statements that
`ScopedSession.search` sends. SQLite has an FTS5 table beside each table with words, kept by triggers.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Alias,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from app.domain.words import TextMode, digest, split
from app.storage.types import Word

_BLANK: ColumnElement[str] = literal_column("' '")


def holds(rows: FromClause, names: Sequence[str], value: str, mode: TextMode, dialect: str) -> ColumnElement[bool]:
    """The value stands in these text columns of a row: its words in any of them, a phrase or whole text in one.

    It is true or not true: null is possible where a column is null. A value without a word can be an exact one only.
    """
    if mode is TextMode.EXACT_VALUE:
        return _found(rows, names, [[digest(value)]], False, dialect)
    words = split(value)
    if not words:
        raise ValueError("no word to look for")
    if mode is TextMode.PHRASE:
        found = _found(rows, names, [list(dict.fromkeys(words))], False, dialect)
        return and_(found, stands(rows, names, value, mode, dialect)) if words[1:] else found
    apart = [[word] for word in dict.fromkeys(words)]
    return _found(rows, names, apart, mode is TextMode.BEGINNING_OF_WORDS, dialect)


def stands(rows: FromClause, names: Sequence[str], value: str, mode: TextMode, dialect: str) -> ColumnElement[bool]:
    """The same as `holds`, read from the row itself: for rows that are looked at anyway."""
    if mode is TextMode.EXACT_VALUE:
        return or_(*(_within(rows, name, f" {digest(value)} ", dialect) for name in names))
    words = split(value)
    if mode is TextMode.PHRASE:
        return or_(*(_within(rows, name, f" {' '.join(words)} ", dialect) for name in names))
    end = "" if mode is TextMode.BEGINNING_OF_WORDS else " "
    return and_(*(or_(*(_within(rows, name, f" {word}{end}", dialect) for name in names)) for word in words))


def entries(table: FromClause, names: Sequence[str], value: str, mode: TextMode) -> Select[Any]:
    """What SQLite's index has for `holds`, whoever's it is: to see whether it is much."""
    base: Any = table
    found = text(f"SELECT f.rowid AS number FROM {base.name}_fts AS f WHERE f.{base.name}_fts MATCH :match")  # noqa: S608 - a table's name
    found = found.bindparams(bindparam("match", _match(names, value, mode), unique=True))
    return select(found.columns(column("number", Integer())).subquery())


def size(table: FromClause) -> ColumnElement[int]:
    """About how many rows SQLite has in a table: as many as it ever gave numbers to."""
    base: Any = table
    found: Any = text(f"SELECT coalesce(max(number), 0) AS number FROM {base.name}_text")  # noqa: S608 - a table's name
    numbered = found.columns(column("number", Integer())).subquery()
    most: ColumnElement[int] = select(numbered.c.number).scalar_subquery()
    return most


def lexemes(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """What PostgreSQL indexes of a column of words."""
    made: ColumnElement[Any] = func.array_to_tsvector(func.string_to_array(column, _BLANK))
    return made


def _found(
    rows: FromClause, names: Sequence[str], groups: Sequence[Sequence[str]], beginning: bool, dialect: str
) -> ColumnElement[bool]:
    """Each group of words is in one column, wherever the others are; beginnings of words do if they are asked for."""
    if dialect == "sqlite":
        member: ColumnElement[bool] = rows.c.id.in_(_ids(rows, _expression(names, groups, beginning)))
        return member
    if len(names) == 1:
        groups = [[word for group in groups for word in group]]
    star = ":*" if beginning else ""
    queries = [" & ".join(f"'{word}'{star}" for word in group) for group in groups]
    vectors = [lexemes(rows.c[f"{name}_words"]) for name in names]
    return and_(*(or_(*(vector.op("@@")(cast(query, TSQUERY)) for vector in vectors)) for query in queries))


def _match(names: Sequence[str], value: str, mode: TextMode) -> str:
    """The expression of FTS5 that the index answers a question with."""
    if mode is TextMode.EXACT_VALUE:
        return _expression(names, [[digest(value)]], False)
    words = split(value)
    words = list(dict.fromkeys(words))
    groups = [words] if mode is TextMode.PHRASE else [[word] for word in words]
    return _expression(names, groups, mode is TextMode.BEGINNING_OF_WORDS)


def _expression(names: Sequence[str], groups: Sequence[Sequence[str]], beginning: bool) -> str:
    """An expression of FTS5 asks for all groups at once, in the columns that it names."""
    star = " *" if beginning else ""
    terms = [" AND ".join(f'"{word}"{star}' for word in group) for group in groups]
    return " AND ".join(f"({' OR '.join(f'{{{name}_words}} : ({term})' for name in names)})" for term in terms)


def _ids(rows: FromClause, match: str) -> Any:
    """The ids that SQLite's index has for an expression, of the organization's own rows; empty for others'."""
    base: Any = rows.element if isinstance(rows, Alias) else rows
    table = base.name
    # One look at a time: a join would first read through the whole table of numbers. No id is empty, and null would
    # leave it open whether any other id is among them.
    mine = f"SELECT t.id FROM {table}_text AS t WHERE t.number = f.rowid AND t.organization_id = :organization_id"  # noqa: S608 - a table's name
    found = text(
        f"SELECT coalesce(({mine}), '') FROM {table}_fts AS f WHERE f.{table}_fts MATCH :match"  # noqa: S608
    ).bindparams(bindparam("match", match, unique=True), bindparam("organization_id", type_=Word()))
    return found.columns(rows.c.id)


def _within(rows: FromClause, name: str, part: str, dialect: str) -> ColumnElement[bool]:
    """The words of a column, set off by blanks, hold this part."""
    place = func.instr if dialect == "sqlite" else func.strpos
    found: ColumnElement[bool] = place(_BLANK + rows.c[f"{name}_words"] + _BLANK, part) > 0
    return found
