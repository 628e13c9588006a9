"""JSON texts made by the database: whole subtrees of an answer from one statement, byte for byte as Python dumps them.

A JSON value is an SQL expression: its text, but for leaves on SQLite, which are values for its functions for JSON.
"""

from app.storage.json_text.calendar import Calendar, LocalDay, is_known
from app.storage.json_text.keyed import about, json_list
from app.storage.json_text.leaves import Absent, Cents, Checked, Kind, Names, Shown, kind_of, leaf
from app.storage.json_text.made import Made, MadeList, Members, array_by_keys, made_array, made_object
from app.storage.json_text.members import (
    IntMember,
    ListMember,
    TextMember,
    TextMemberOr,
    TextsMember,
    elements,
    for_each,
    keys,
    unpacked,
)
from app.storage.json_text.objects import (
    array_of,
    document,
    limited,
    most_for,
    name_leaf,
    nothing,
    one_of,
    row_object,
    single,
    truth_leaf,
)
from app.storage.json_text.pages import PageRows, cursor, cursor_text, has_cursor, page_rows
from app.storage.json_text.parts import Unwritten, constant, fault, has_fault, is_fault

__all__ = [
    "Absent",
    "Calendar",
    "Cents",
    "Checked",
    "IntMember",
    "Kind",
    "ListMember",
    "LocalDay",
    "Made",
    "MadeList",
    "Members",
    "Names",
    "PageRows",
    "Shown",
    "TextMember",
    "TextMemberOr",
    "TextsMember",
    "Unwritten",
    "about",
    "array_by_keys",
    "array_of",
    "constant",
    "cursor",
    "cursor_text",
    "document",
    "elements",
    "fault",
    "for_each",
    "has_cursor",
    "has_fault",
    "is_fault",
    "is_known",
    "json_list",
    "keys",
    "kind_of",
    "leaf",
    "limited",
    "made_array",
    "made_object",
    "most_for",
    "name_leaf",
    "nothing",
    "one_of",
    "page_rows",
    "row_object",
    "single",
    "truth_leaf",
    "unpacked",
]
