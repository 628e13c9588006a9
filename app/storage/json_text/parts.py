"""What JSON texts are put together from: constants, concatenation, and the mark of a value that must not be."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnClause, ColumnElement, Text, literal_column
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_REFUSED = "JSON cannot hold BLOB values"


class Unwritten(Exception):
    """A database does not write this value as Python does."""


class JsonText(Text):
    """The text of a JSON value."""

    cache_ok = True


def constant(text: str) -> ColumnElement[str]:
    """A text that is written into the statement; for what this project names, never for what callers give."""
    return literal_column("'" + text.replace("'", "''") + "'", Text())


def fault(dialect: str) -> ColumnElement[str]:
    """In place of a value that the schema does not allow: a character that no JSON text has in it. To make the
    statement fail would be no better, for PostgreSQL logs errors."""
    return literal_column("char(1)" if dialect == "sqlite" else "chr(1)", JsonText())


def refused() -> ColumnElement[Any]:
    """The same for a leaf on SQLite, whose functions would escape the character: what they refuse to take."""
    return literal_column("x'ff'")


def has_fault(document: bytes) -> bool:
    """Whether an answer has a fault in it: then it has to be worked out in another way, which says where."""
    return b"\x01" in document


def is_fault(error: DBAPIError) -> bool:
    """Whether a statement failed for a fault."""
    return _REFUSED in str(error.orig)


class joined(FunctionElement[str]):  # noqa: N801 - named as a function, which it is to SQLAlchemy
    """Texts one after the other; null if one of them is."""

    name = "joined"
    type = Text()
    inherit_cache = True


class json_joined(joined):  # noqa: N801 - as above
    """The same, and what comes of it is JSON."""

    type = JsonText()
    inherit_cache = True


@compiles(joined, "sqlite")
def _joined_on_sqlite(element: joined, compiler: SQLCompiler, **kw: Any) -> str:
    """Without parentheses: its parser keeps no more than a hundred things in mind, and that is one of them."""
    return " || ".join(_pieces(element, compiler, **kw))


@compiles(joined, "postgresql")
def _joined_on_postgresql(element: joined, compiler: SQLCompiler, **kw: Any) -> str:
    return _paired(_pieces(element, compiler, **kw))


def _pieces(element: joined, compiler: SQLCompiler, **kw: Any) -> list[str]:
    """The texts in SQL: those of joined ones among them, and constants that follow each other made one."""
    pieces: list[str] = []
    pending = ""
    for clause in element.clauses:
        inner = _pieces(clause, compiler, **kw) if isinstance(clause, joined) else [_piece(clause, compiler, **kw)]
        for piece in inner:
            if _is_constant(piece):
                pending += piece[1:-1]
                continue
            pieces += [f"'{pending}'", piece] if pending else [piece]
            pending = ""
    return [*pieces, f"'{pending}'"] if pending else pieces


def _piece(clause: ColumnElement[Any], compiler: SQLCompiler, **kw: Any) -> str:
    if isinstance(clause, ColumnClause) and clause.is_literal:
        return clause.name
    return f"{compiler.process(clause, **kw)}"


def _is_constant(piece: str) -> bool:
    return len(piece) > 1 and piece[0] == piece[-1] == "'" and "'" not in piece[1:-1].replace("''", "")


def _paired(pieces: Sequence[str]) -> str:
    """Joined pair by pair: one after the other would copy the beginning of a long text again for each piece."""
    if len(pieces) == 1:
        return pieces[0]
    middle = (len(pieces) + 1) // 2
    return f"({_paired(pieces[:middle])} || {_paired(pieces[middle:])})"
