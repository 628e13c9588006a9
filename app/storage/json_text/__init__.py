"""JSON texts made by the database: whole subtrees of an answer from one statement, byte for byte as Python dumps them.

A JSON value is an SQL expression: its text, but for leaves on SQLite, which are values for its functions for JSON.
"""

from app.storage.json_text.leaves import Absent, Kind, Names, kind_of, leaf
from app.storage.json_text.members import int_member, text_member, text_members
from app.storage.json_text.objects import (
    array_of,
    document,
    limited,
    most_for,
    name_leaf,
    one_of,
    row_object,
    single,
    truth_leaf,
)
from app.storage.json_text.pages import PageRows, cursor, cursor_text, has_cursor, page_rows
from app.storage.json_text.parts import fault, has_fault, is_fault

__all__ = [
    "Absent",
    "Kind",
    "Names",
    "PageRows",
    "array_of",
    "cursor",
    "cursor_text",
    "document",
    "fault",
    "has_cursor",
    "has_fault",
    "int_member",
    "is_fault",
    "kind_of",
    "leaf",
    "limited",
    "most_for",
    "name_leaf",
    "one_of",
    "page_rows",
    "row_object",
    "single",
    "text_member",
    "text_members",
    "truth_leaf",
]
