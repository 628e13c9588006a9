"""Statements that are about many keys, made about one that is an expression of another row."""

from typing import Any, cast

from sqlalchemy import BindParameter, ColumnElement, Select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import visitors
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.storage.types import Json, Many


class _only(FunctionElement[Any]):  # noqa: N801 - named as a function, which it is to SQLAlchemy
    """In place of a bound list: one that holds this value alone."""

    type = Many()
    inherit_cache = True


@compiles(_only, "sqlite")
def _only_on_sqlite(element: _only, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_array({compiler.process(element.clauses, **kw)})"


@compiles(_only, "postgresql")
def _only_on_postgresql(element: _only, compiler: SQLCompiler, **kw: Any) -> str:
    return f"ARRAY[{compiler.process(element.clauses, **kw)}]"


class json_list(FunctionElement[Any]):  # noqa: N801 - as above
    """An aggregate: the values that it goes over as JSON."""

    type = Json
    inherit_cache = True


@compiles(json_list, "sqlite")
def _list_on_sqlite(element: json_list, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **kw)})"


@compiles(json_list, "postgresql")
def _list_on_postgresql(element: json_list, compiler: SQLCompiler, **kw: Any) -> str:
    return f"jsonb_agg({compiler.process(element.clauses, **kw)})"


def about(statement: Select[Any], key: ColumnElement[Any]) -> Select[Any]:
    """A statement that binds `keys`, about one key."""

    def replaced(part: Any, **_: Any) -> Any:
        return _only(key) if isinstance(part, BindParameter) and part.key == "keys" else None

    return cast(Select[Any], visitors.replacement_traverse(cast(Any, statement), {}, cast(Any, replaced)))
