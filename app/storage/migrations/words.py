"""The index of words of a table: what a migration calls for each table that gets columns of words, or more of them."""

from collections.abc import MutableMapping, Sequence
from string import Template
from typing import Any

from alembic import op
from sqlalchemy import column

from app.storage.metadata import metadata
from app.storage.words import lexemes

# FTS5 keeps words alone, and knows rows by numbers. A table beside it gives those, for a rowid may change; a row
# without words is in neither. To take words out again, FTS5 has to be told the ones that it was given.
_TAKE = """
    INSERT INTO ${name}_fts (${name}_fts, rowid, $every) SELECT 'delete', number, $old_words
    FROM ${name}_text WHERE organization_id = old.organization_id AND id = old.id;
    DELETE FROM ${name}_text WHERE organization_id = old.organization_id AND id = old.id;
"""
_PUT = """
    INSERT INTO ${name}_text (organization_id, id) SELECT new.organization_id, new.id WHERE $any_new;
    INSERT INTO ${name}_fts (rowid, $every) SELECT number, $new_words
    FROM ${name}_text WHERE organization_id = new.organization_id AND id = new.id;
"""
_ON_SQLITE = (
    "DROP TRIGGER IF EXISTS ${name}_words_insert",
    "DROP TRIGGER IF EXISTS ${name}_words_update",
    "DROP TRIGGER IF EXISTS ${name}_words_delete",
    "DROP TABLE IF EXISTS ${name}_fts",
    "DROP TABLE IF EXISTS ${name}_text",
    """
    CREATE TABLE ${name}_text (
        number INTEGER PRIMARY KEY, organization_id TEXT NOT NULL, id TEXT NOT NULL, UNIQUE (organization_id, id)
    )
    """,
    """
    CREATE VIRTUAL TABLE ${name}_fts
    USING fts5($every, content='', detail=column, tokenize="ascii tokenchars '='")
    """,
    "INSERT INTO ${name}_text (organization_id, id) SELECT organization_id, id FROM $name WHERE $any_own",
    """
    INSERT INTO ${name}_fts (rowid, $every) SELECT ${name}_text.number, $own_words
    FROM ${name}_text JOIN $name USING (organization_id, id)
    """,
    f"CREATE TRIGGER ${{name}}_words_insert AFTER INSERT ON $name WHEN $any_new BEGIN {_PUT} END",
    f"""
    CREATE TRIGGER ${{name}}_words_update AFTER UPDATE OF organization_id, id, $every ON $name
    WHEN $changed BEGIN {_TAKE} {_PUT} END
    """,
    f"CREATE TRIGGER ${{name}}_words_delete AFTER DELETE ON $name WHEN $any_old BEGIN {_TAKE} END",
)


def index_words(name: str, columns: Sequence[str]) -> None:
    """Index all columns of words of a table, in the place of the index that it had, if any.

    On SQLite that is to be done too when a table is made anew, which drops its triggers.
    """
    dialect = op.get_bind().dialect
    if dialect.name == "postgresql":
        made = [str(lexemes(column(words)).compile(dialect=dialect)) for words in columns]
        op.execute(f"DROP INDEX IF EXISTS {index_name(name)}")
        # Each search reads the list of pending words from end to end: it is to be as short as can be, which is 64 kB.
        rest = f"USING gin ({', '.join(made)}) WITH (gin_pending_list_limit = 64)"
        op.execute(f'CREATE INDEX {index_name(name)} ON "{name}" {rest}')
        return
    parts = _parts(name, columns)
    for statement in _ON_SQLITE:
        op.execute(Template(statement).substitute(parts))


def index_name(table: str) -> str:
    return f"ix_{table}_words"


def compared(name: str | None, kind: str, parents: MutableMapping[Any, str | None]) -> bool:
    """Whether what a database has is compared with the tables: the indexes of words have no place in those."""
    if kind == "index":
        return name != index_name(str(parents["table_name"]))
    if kind == "table" and name not in metadata.tables:
        owner = str(name).removesuffix("_text").partition("_fts")[0]
        return name == owner or owner not in metadata.tables
    return True


def _parts(name: str, columns: Sequence[str]) -> dict[str, str]:
    parts = {"name": name, "every": ", ".join(columns)}
    for key, row in (("own", name), ("new", "new"), ("old", "old")):
        parts[f"{key}_words"] = ", ".join(f"{row}.{words}" for words in columns)
        parts[f"any_{key}"] = " OR ".join(f"{row}.{words} IS NOT NULL" for words in columns)
    watched = ("organization_id", "id", *columns)
    parts["changed"] = " OR ".join(f"old.{words} IS NOT new.{words}" for words in watched)
    return parts
