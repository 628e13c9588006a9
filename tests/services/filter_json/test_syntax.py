import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.services.filter_json import read
from app.services.filter_json.syntax import parse
from tests.services.filter_json.samples import FILES, MALFORMED

TEXTS = [path.read_text("utf-8") for path in (*FILES.values(), *MALFORMED.values())]
PIECES = [
    *"{}[]\",:.-+/#\\'“”\n\t",
    *("...", "…", "null", "True", "NaN", "12", "1e999", "\\ud83d", "\\u00e9", "\ud800", "a", "//", "/*"),
]


def told(text: str) -> list[tuple[int, int, str]]:
    return [(problem.line or 0, problem.column or 0, problem.message) for problem in parse(text).problems]


def test_missing_comma_is_named() -> None:
    """F38: the source's longer example, as it is printed."""
    parsed = read(MALFORMED["missing-comma"].read_text("utf-8"))
    assert parsed.variables is None
    [problem] = parsed.problems
    assert (problem.code, problem.line, problem.column) == ("INVALID_JSON", 4, 5)
    assert problem.message == 'A comma is missing before "queries".'


def test_comment_is_named() -> None:
    """F38: the source's example of a cursor."""
    [problem] = read(MALFORMED["comment"].read_text("utf-8")).problems
    assert (problem.line, problem.column) == (4, 31)
    assert problem.message == "JSON has no comments; take // <- cursor value from previous respons… out."


def test_several_mistakes_are_named() -> None:
    """F38: the source's example of a relation lacks a brace and a type, and has a comma too many."""
    problems = read(MALFORMED["unclosed-without-type"].read_text("utf-8")).problems
    assert [(problem.line, problem.column, problem.message) for problem in problems] == [
        (1, 1, "The brace that opens here is not closed."),
        (11, 34, "There is a comma before the closing brace; take it out."),
        (5, 18, '"type" of this query is missing; it looks like "field_condition".'),
    ]
    assert [problem.path for problem in problems] == [[], [], ["related_query"]]


@pytest.mark.parametrize(
    ("text", "value", "message"),
    [
        ('{"a": 1, "a": 2}', {"a": 2}, (1, 10, '"a" stands twice in this object.')),
        ('{"a" 1}', {"a": 1}, (1, 6, 'A colon is missing behind "a".')),
        ('{"a": }', {"a": None}, (1, 7, "A value is missing here.")),
        ('{"a": 1,, "b": 2}', {"a": 1, "b": 2}, (1, 9, "There is a comma too many.")),
        ("{a: 1}", {"a": 1}, (1, 2, "The name a has to stand in double quotes.")),
        ('{"a": 1]', {"a": 1}, (1, 8, "] stands where } has to close what { opened.")),
        ("[1 2]", [1, 2], (1, 4, "A comma is missing before 2.")),
        ('["a" "b"]', ["a", "b"], (1, 6, 'A comma is missing before "b".')),
        ("[1,\n 2,\n]", [1, 2], (2, 3, "There is a comma before the closing bracket; take it out.")),
        ("[[1]", [[1]], (1, 1, "The bracket that opens here is not closed.")),
        ("['a']", ["a"], (1, 2, "Strings stand in straight double quotes, not in '.")),
        ("[“a”]", ["a"], (1, 2, "Strings stand in straight double quotes, not in “.")),
        ("[True]", [True], (1, 2, "JSON writes true instead of True.")),
        ("[NaN]", [None], (1, 2, "JSON has no NaN.")),
        ("[-Infinity]", [None], (1, 2, "JSON has no -Infinity.")),
        ("[...]", [None], (1, 2, "The dots stand for something that was left out: put it there.")),
        ("[…]", [None], (1, 2, "The dots stand for something that was left out: put it there.")),
        ("[.5]", [None], (1, 2, ".5 is not a number as JSON writes it.")),
        ("[012]", [None], (1, 2, "012 is not a number as JSON writes it.")),
        ("[lead]", ["lead"], (1, 2, "The word lead has to stand in double quotes.")),
        (f"[{'9' * 400}]", [None], (1, 2, "The number has too many digits.")),
        ("[1e999]", [float("inf")], (1, 2, "The number 1e999 is too large.")),
        ('["a\nb"]', None, (1, 2, "The string that begins here is not closed on its line.")),
        ('["a\tb"]', ["a\ufffdb"], (1, 4, "This character has to be written as \\u0009 or left out.")),
        (r'["\x"]', ["x"], (1, 3, "\\x is no escape of JSON; a backslash itself is written twice.")),
        (r'["\ud83d"]', ["\ufffd"], (1, 3, "This escape is one half of a character.")),
        ('{"a": 1} /* b */', {"a": 1}, (1, 10, "JSON has no comments; take /* b */ out.")),
        ("# a\n[]", [], (1, 1, "JSON has no comments; take # a out.")),
        ("", None, (1, 1, "There is no JSON here.")),
        (" \n ", None, (2, 2, "There is no JSON here.")),
        ('{"a": 1}}', None, (1, 9, "The JSON has ended, and } follows.")),
        ("{[]}", None, (1, 2, "A name in double quotes has to stand here, not [.")),
        ("[*]", None, (1, 2, "A value has to stand here, not *.")),
    ],
)
def test_mistakes_are_named(text: str, value: Any, message: tuple[int, int, str]) -> None:
    assert message in told(text)
    if value is not None:
        assert (parse(text).found, parse(text).value) == (True, value)
        assert told(text) == [message]


def test_nesting_ends_somewhere() -> None:
    assert told("[" * 100 + "]" * 100) == []
    assert told("[" * 100_000) == [(1, 101, "The JSON is nested deeper than 100 levels.")]


def test_long_texts_are_refused() -> None:
    parsing = parse(" " * 1_000_001)
    [problem] = parsing.problems
    assert (parsing.found, problem.code, problem.line) == (False, "LIMIT_EXCEEDED", None)
    assert problem.message == "The text is longer than 1000000 characters."


def test_values_end_somewhere() -> None:
    assert told(f"[{'1,' * 49_998}1]") == []
    assert told(f"[{'1,' * 49_999}1]") == [(1, 100_000, "The JSON has more than 50000 values.")]


def test_mistakes_end_somewhere() -> None:
    assert len(told("[" + "a, " * 1000 + "]")) == 20


def test_values_have_their_places() -> None:
    positions = parse('\ufeff{"a": [1,\n  {"b": null}]}').positions
    assert positions.nearest(("a", "1", "b"), name=True) == (2, 4)
    assert positions.nearest(("a", "1", "b")) == (2, 9)
    assert positions.nearest(("a", "1"), name=True) == (2, 3)
    assert positions.nearest(("a", "1", "c", "d")) == (2, 3)
    assert positions.nearest(("x",)) == (1, 2)


def refuse(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def constant(name: str) -> None:
    raise ValueError(name)


def standard(text: str) -> Any:
    """What the standard library reads; ValueError for what it takes beyond JSON."""
    value = json.loads(text, object_pairs_hook=refuse, parse_constant=constant)
    json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    return value


words = st.text(st.characters(codec="utf-8"))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner) | st.dictionaries(words, inner),
    max_leaves=20,
)


@given(values, st.booleans(), st.sampled_from([None, 1, 3]))
def test_good_json_is_read_as_it_is(value: Any, ascii: bool, indent: int | None) -> None:
    parsing = parse(json.dumps(value, ensure_ascii=ascii, indent=indent))
    assert (parsing.problems, parsing.value, parsing.found) == ([], value, True)


@given(st.lists(st.sampled_from(PIECES)).map("".join) | st.text())
@example("\ufeff")
@example('{"')
@example('{"a":"\\')
@example('"\\u12')
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing else comes of it, and what the standard library takes is taken."""
    try:
        expected = standard(text)
    except ValueError:
        assert parse(text).problems != []
    else:
        assert (parse(text).problems, parse(text).value) == ([], expected)
    assert (read(text).variables is None) is bool(read(text).problems)


@given(st.data())
def test_damaged_filters_are_told(data: st.DataObject) -> None:
    """A filter that lost a piece, or got one, is read or refused with places inside of the text."""
    text = data.draw(st.sampled_from(TEXTS))
    start = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 3))
    damaged = text[:start] + data.draw(st.sampled_from(["", *PIECES])) + text[start + length :]
    parsed = read(damaged)
    assert (parsed.variables is None) is bool(parsed.problems)
    lines = damaged.split("\n")
    for problem in (*parsed.problems, *parsed.warnings):
        assert problem.line is not None
        assert problem.column is not None
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
