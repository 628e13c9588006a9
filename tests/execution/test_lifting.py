"""Texts that differ in their literals share a plan, and are answered as if they did not."""

import re
import time
from random import Random
from typing import Any

import pytest
from graphql import GraphQLSyntaxError, Lexer, Source, TokenKind
from hypothesis import example, given
from hypothesis import strategies as st

from app.execution import leaves, lifting
from app.execution.gateway import COMPILED, DOCUMENT, Gateway
from app.execution.levels import Form, Rows
from app.execution.lifting import Lifting, read_string, shape_of
from app.graphql.context import Context
from app.graphql.engine import Engine
from app.graphql.schema import schema
from tests.client import Client
from tests.execution.answering import Request, answers
from tests.execution.marks import FAILING
from tests.execution.settlement import Settlement
from tests.graphql.scenery import build

pytestmark = FAILING

LITERALS = {TokenKind.STRING, TokenKind.BLOCK_STRING, TokenKind.INT}
PIECES = (
    *('"', '""', '"""', "\\", '\\"""', "\\u0041", "\\u{1F600}", "\\ud83d\\ude00", "\\n", "\\x", "a", "_1", "-", "0"),
    *("12", "-7", "1.5", "2e3", "0x", ".", "...", "$", "{", ")", "#", "\n", "\r\n", ",", " ", "\ufeff", "é", "\x00"),
    *("\ud800", "?"),
)
IGNORED = st.sampled_from([" ", "\n", "\t,", '# a "comment" 5\n', "\ufeff ", " #\r", ",,\r\n"])
STRINGS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
LEAD = "{ lead(id: %s) { id name } }"


# ---- shapes


def tokens_of(text: str) -> list[tuple[TokenKind, str, str]] | None:
    """The tokens of a text, as graphql-core reads and as they are written; None where it cannot."""
    lexer = Lexer(Source(text))
    found: list[tuple[TokenKind, str, str]] = []
    try:
        while (token := lexer.advance()).kind is not TokenKind.EOF:
            found.append((token.kind, token.value or "", text[token.start : token.end]))
    except GraphQLSyntaxError:
        return None
    return found


def written(value: str | int, is_block: bool) -> str:
    if isinstance(value, int):
        return str(value)
    if is_block:
        return '"""' + value.replace("\\", "/").replace('"', "'") + '"""'
    return '"' + "".join(f"\\u{{{ord(char):x}}}" if char in '"\\\r\n' else char for char in value) + '"'


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@example('"""a\\"""')
@example('"""a""""')
@example('"""""" ""')
@example('"a\\\\"')
@example("1" * 5_000)
def test_tokens_are_those_of_the_language(text: str) -> None:
    """A shape has the literals that graphql-core reads, but for what escapes mean, which is looked at later."""
    found, shape = tokens_of(text), shape_of(text)
    literals = [(kind, value, raw) for kind, value, raw in found or () if kind in LITERALS]
    if found is None:
        assert shape is None or any(tokens_of(literal) is None for literal in shape.literals)
    elif not literals:
        assert shape is None
    else:
        assert shape is not None
        assert list(shape.literals) == [raw for _, _, raw in literals]
        values = [literal if literal[0] != '"' else read_string(literal) for literal in shape.literals]
        assert values == [value for _, value, _ in literals]
        others = [raw for kind, _, raw in found if kind not in LITERALS]
        assert [token for token in shape.tokens.split(" ") if token not in ('""', "0")] == others


@given(
    parts=st.lists(st.sampled_from(["{", "}", "name", "...", "$", "(", ":", "1.5", str, int]), min_size=1),
    data=st.data(),
)
def test_shape_is_that_of_all_who_differ_in_literals_and_blanks(parts: list[Any], data: st.DataObject) -> None:
    def text() -> str:
        made = [data.draw(IGNORED)]
        for part in [*parts, int]:
            kinds: dict[Any, Any] = {str: STRINGS, int: st.integers(-(10**12), 10**12)}
            made.append(written(data.draw(kinds[part]), data.draw(st.booleans())) if part in kinds else part)
            made += data.draw(st.lists(IGNORED, min_size=1, max_size=2))
        return "".join(made)

    one, other = shape_of(text()), shape_of(text())
    assert one is not None
    assert other is not None
    assert one.tokens == other.tokens
    assert len(one.literals) == len(other.literals) == 1 + sum(part in (str, int) for part in parts)


def test_key_tells_equal_literals_and_those_that_stay() -> None:
    shapes = [shape_of(text) for text in ('a "x" "x" 1', 'a "y" "y" 1', 'a "y" "z" 1', 'a "x" "x" 2')]
    keys = [shape.key(frozenset({0, 1})) for shape in shapes if shape]
    assert keys == [('a "" "" 0', parts) for parts in ((0, 0, "1"), (0, 0, "1"), (0, 1, "1"), (0, 0, "2"))]


HARD = ('"""\\"""', '"', '"""', '"x', '"" ', '"a\\', '\\"""', "\\", " ", ",#\n", "#", "1", "1.", "1e", "-", "a\ufeff")


@pytest.mark.parametrize("piece", HARD)
def test_time_is_linear(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is twenty times as long as the longest text takes seconds at most; a square of it would take hours."""
    monkeypatch.setattr(lifting, "LONGEST", 10**7)
    for before in ("", '"""', "{a(b: 1"):
        began = time.process_time()
        shape_of(before + piece * (400_000 // len(piece)))
        assert time.process_time() - began < 5


def test_long_texts_and_long_lists_are_left_alone() -> None:
    assert shape_of(f'{{ a(b: "{"x" * lifting.LONGEST}") }}') is None
    assert shape_of("{ a(b: [" + "1 " * (lifting.MOST_LITERALS + 1) + "]) }") is None


# ---- answers


@pytest.fixture
def gateway() -> Gateway:
    return Gateway(Engine(schema), Form.LEVELS)


async def run(gateway: Gateway, client: Client, query: str, **variables: Any) -> Any:
    return await gateway.run(query, variables, None, Context(client.database, client.actor))


def shares(gateway: Gateway, text: str) -> bool:
    """Whether a text runs a document of others."""
    return gateway.lifting.document(text)[0] is not gateway.engine.documents.known(text)


# A text, the literals that stand in it one after the other, one more, and whether the text with that shares a document.
NASTY: list[tuple[str, list[str], str, bool]] = [
    (LEAD, ['"lead_1"', '"a"', '"b"', '"lead\\u005f1"', '"""\n  lead_1\n"""', "5", "-0", "true"], '"c"', True),
    (LEAD, ["5", "6", "7", "-0", "9" * 5_000, "007"], "8", True),
    (LEAD, ['"a"', '"b"', '"c"', '"\\u00"', '"\\ud83d"', '"\\u{110000}"', '"\\q"', '"open'], '"\\ud83d\\ude00"', True),
    (LEAD, ['"a"', '"b"', '"c"', "1.5", "null", '["x"]', "{}", "A", ""], '"""lead_1"""', True),
    ("{ node(id: %s) { id } }", ['"lead_1"', '"a"', '"b"', '"cont_1"'], '"c"', True),
    ("{ nodes(ids: %s) { id } }", ['"lead_1"', '"a"', '"b"', '["lead_1"]', '[["lead_1"]]'], '"c"', False),
    ("{ nodes(ids: [%s]) { id } }", ['"lead_1"', '"a"', '"b"', '"a" null', '"a" "a"', '"a" "cont_1"'], '"c"', True),
    ('{ lead(id: "x") { id } lead(id: %s) { id } }', ['"x"', '"y"', '"\\u0078"', '"""x"""', '"x"'], '"z"', False),
    ('{ a: lead(id: "a") { id } b: lead(id: %s) { id } }', ['"lead_1"', '"x"', '"y"', '"a"', '"a"', "7"], '"z"', True),
    (
        "{ %s }",
        [
            *(f'lead(id: "{name}") {{ id }} lead(id: "{name}") {{ name }}' for name in ("lead_1", "a", "b")),
            'lead(id: "a") { id } lead(id: "b") { name }',
            'lead(id: "a") { id } lead(id: """a""") { name }',
            'lead(id: "a") { id } lead(id: "\\u0061") { name }',
        ],
        'lead(id: "c") { id } lead(id: "c") { name }',
        True,
    ),
    ("{ leads(first: %s) { nodes { id } } }", ["1", "2", "3", "0", "-1", "101", "2147483648", '"1"', "1.0"], "4", True),
    ("{ leads(first: 1, after: %s) { nodes { id } } }", ['"a"', '"b"', '"c"', '""', "1"], '"d"', True),
    ("{ leads(filter: { ids: [%s] }) { nodes { id } } }", ['"lead_1"', '"a"', '"b"', "1", "true"], '"c"', True),
    ("{ leads(filter: { ids: %s }) { nodes { id } } }", ['"lead_1"', '"a"', '"b"', '["c", "d"]'], '"e"', False),
    (
        "{ leads(filter: { dateCreated: { gt: %s } }) { nodes { id dateCreated } } }",
        ['"2026-01-01T00:00:00Z"', '"2026-04-01T00:00:00Z"', '"2026-02-01T00:00:00+01:00"', '"yesterday"', "5", "null"],
        '"2026-03-01T00:00:00Z"',
        True,
    ),
    (
        """{ search(query: { fieldCondition: { field: { customField: "cf_number" },
        condition: { numberRange: { gt: %s } } } }) { nodes { ... on Lead { id } } } }""",
        ["1", "2", "3", '"4"', "5.5", "x"],
        "4",
        False,
    ),
    (
        '{ task(id: "task_lead", timeZone: %s) { id } }',
        ['"UTC"', '"Asia/Tokyo"', '"-08:00"', '"Nil"'],
        '"+01:00"',
        True,
    ),
    (
        """query($x: ID = "lead_1", $n: Int = 1) { lead(id: $x) @skip(if: false) { id }
        leads(first: $n) { nodes { contacts(first: %s) { nodes { name } } } } }""",
        ["1", "2", "3", "0"],
        "4",
        True,
    ),
    (
        'query($literal0: ID! = "lead_1") { lead(id: $literal0) { id } b: lead(id: %s) { id } }',
        ['"a"', "8"],
        "7",
        False,
    ),
    (
        'query($literal0: ID! = "lead_1") { lead(id: $literal0) { id } b: lead(id: %s) { id } }',
        ['"a"', '"b"', '"c"'],
        '"d"',
        True,
    ),
    ("query($x: ID! = %s) { lead(id: $x) { id } }", ['"lead_1"', '"b"', '"c"', "4"], '"d"', False),
    ("{ lead(id: %s) @include(if: true) { id @skip(if: false) } }", ['"lead_1"', '"b"', '"c"'], '"d"', True),
    (
        """{ lead(id: %s) { ...F contacts(first: 1) { nodes { lead { ...F } } } } }
        fragment F on Lead { name activities(first: 2) { nodes { id } } }""",
        ['"lead_1"', '"b"', '"c"'],
        '"d"',
        True,
    ),
    (
        """fragment F on Lead { activities(first: %s) { nodes { id ... on Call { lead { ...G } } } } }
        query($id: ID! = "lead_1") { lead(id: $id) { ...F } a: lead(id: "lead_1") { ...F } }
        fragment G on Lead { id activities(first: 9) { totalCount } }""",
        ["1", "2", "3", "9", "9", "0"],
        "8",
        True,
    ),
    (
        "{ search(query: { text: { value: %s } }) { nodes { ... on Lead { id } } } }",
        ['"acme"', '"x"', '"y"', '""', "5"],
        '"z"',
        True,
    ),
    (
        '{ leads { totalCount } # "%s\n a: lead(id: "lead_1") { id } }',
        ["x", '"""', "5 \\", "\ufeff"],
        '"',
        True,
    ),
    ("query A { lead(id: %s) { id } } query B { viewer { id } }", ['"a"', '"b"', '"c"'], '"d"', False),
    ("{ lead(id: %s) { nope } }", ['"a"', '"b"', '"c"'], '"d"', False),
    ("{ lead(id: %s) { id }", ['"a"', '"b"', '"c"'], '"d"', False),
    ("{ parseSearchQuery(json: %s) { json } }", ['"a"', '"{}"', '"["', '["a"]', '{a: "b"}'], '"b"', True),
    ("{ parseSearchQuery(json: [%s]) { json } }", ['"a"', '"{}"', '"["'], '"b"', False),
]


@pytest.mark.parametrize(("text", "literals", "last", "shared"), NASTY)
async def test_answers_are_those_of_the_text(
    client: Client, text: str, literals: list[str], last: str, shared: bool
) -> None:
    """Errors, too: with the places and the words that the text itself gives them."""
    await build(client.database, client.organization_id)
    for form in (Form.LEVELS, Form.DOCUMENT):
        gateway = Gateway(Engine(schema), form)
        for literal in (*literals, *literals):
            await answered_alike(gateway, client, text.replace("%s", literal))
        assert shares(gateway, text.replace("%s", last)) is shared
        await answered_alike(gateway, client, text.replace("%s", last))


async def answered_alike(gateway: Gateway, client: Client, query: str) -> None:
    expected = await Engine(schema).run(query, {"literal0": "b"}, None, Context(client.database, client.actor))
    found = await run(gateway, client, query, literal0="b")
    assert found.encoded() == expected.encoded(), query


@pytest.mark.parametrize("form", [Form.LEVELS, Form.DOCUMENT])
async def test_random_documents_with_other_literals(settlement: Settlement, form: Form) -> None:
    """Each is asked with different literals until a document is shared, and with more after that."""
    gateway, shared = Gateway(Engine(schema), form), 0
    for seed in range(25):
        dice = Random(seed)
        asked = settlement.asked(dice)
        for turn in range(6):
            query = varied(asked.request.query, dice, settlement.ids) if turn else asked.request.query
            if turn > 2:
                shared += shares(gateway, query)
            request = Request(query, asked.request.variables, asked.request.operation_name, True)
            found = await answers(settlement.database, asked.caller, request, gateway)
            assert found.compiled == found.resolved, query
    assert shared > 12


def varied(text: str, dice: Random, ids: Any) -> str:
    """The same text with other literals, most of them such that can stand there."""
    found = [raw for kind, _, raw in tokens_of(text) or () if kind in LITERALS]
    for raw in dict.fromkeys(found):
        if raw[0] != '"':
            text = re.sub(
                rf"(?<![\w\".-]){re.escape(raw)}(?![\w\".-])", str(dice.choice((1, 2, 3, 50, -1, 10**10))), text
            )
        elif any(raw.startswith(f'"{prefix}_') for prefix in ("lead", "cont", "acti", "oppo", "task", "user")):
            text = text.replace(raw, f'"{dice.choice(ids)}"')
    return text


@pytest.mark.parametrize(
    ("literal", "value"),
    [('"a"', "a"), ('"\\u0061\\n"', "a\n"), ('"""\n  a\n   b\n"""', "a\n b"), ("-0", "-0"), ("9" * 5_000, "9" * 5_000)],
)
async def test_values_are_those_of_literals(gateway: Gateway, literal: str, value: str) -> None:
    """An ID is told as it is written, a number too."""
    for number in range(3):
        gateway.lifting.document(LEAD % (number if literal[0] != '"' else f'"{number}"'))
    assert gateway.lifting.document(LEAD % literal)[1] == {"literal0": value}


# ---- plans


async def test_plan_is_shared(client: Client, gateway: Gateway) -> None:
    """From the third text of a shape on; what is common to all is made once."""
    await build(client.database, client.organization_id)
    for number in range(30):
        result = await run(gateway, client, LEAD % f'"lead_{number}"')
        assert result.path == COMPILED
        assert (result.body["data"]["lead"] is not None) is (number == 1)
    assert len(gateway._plans) == 3


async def test_blanks_and_comments_make_no_plan(client: Client, gateway: Gateway) -> None:
    for number in range(9):
        blank = " \n,"[number % 3] * (number + 1)
        await run(gateway, client, f'{{{blank}lead(id: "lead_{number}"){blank}# "{number}"\n{{ id }} }}')
    assert len(gateway._plans) == 3


async def test_mutation_is_done_once_though_its_payload_fails(
    client: Client, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutation = 'mutation { made: leadCreate(input: { name: "%s" }) { lead { name status { label } } } }'
    names = [f"Lead {number}" for number in range(6)]
    for name in names[:4]:
        await run(gateway, client, mutation % name)
    assert shares(gateway, mutation % "Other")

    def broken(self: Rows, *given: Any) -> Any:
        raise leaves.Bail

    monkeypatch.setattr(Rows, "answer", broken)
    for name in names[4:]:
        result = await run(gateway, client, mutation % name)
        assert result.path == "rerun: null"
        assert result.body["data"]["made"]["lead"]["name"] == name
    monkeypatch.undo()
    found = await run(gateway, client, "{ leads(orderBy: { field: DATE_CREATED, direction: ASC }) { nodes { name } } }")
    assert [lead["name"] for lead in found.body["data"]["leads"]["nodes"]] == names


async def test_mutation_with_a_value_that_is_none_is_not_done(client: Client, gateway: Gateway) -> None:
    mutation = "mutation { leadUpdate(input: { id: %s, patch: {}, expectedVersion: %s }) { userErrors { message } } }"
    for number in range(4):
        await run(gateway, client, mutation % ('"lead_x"', number))
    assert shares(gateway, mutation % ('"lead_x"', 7))
    result = await run(gateway, client, mutation % ('"lead_x"', 2**31))
    assert not result.executed
    assert result.body["errors"][0]["locations"] == [{"line": 1, "column": 74}]


@pytest.mark.parametrize(
    "text",
    [
        "{ leads(filter: { ids: [%s] }) { nodes { id } } }",
        '{ leads(filter: { dateCreated: { gt: "202%s-01-01T00:00:00Z" } }) { nodes { id } } }',
        "{ leads(first: 1%s) { nodes { id } } }",
    ],
)
async def test_statement_of_a_document_serves_all_texts(client: Client, text: str) -> None:
    """It is made for what comes again, which texts with other literals are."""
    gateway = Gateway(Engine(schema))
    paths = [(await run(gateway, client, text % number)).path for number in range(6)]
    assert paths == [COMPILED] * 4 + [DOCUMENT] * 2


async def test_texts_of_many_shapes_are_forgotten(client: Client) -> None:
    engine = Engine(schema)
    kept = Lifting(engine.schema, engine.documents, capacity=20_000)
    for number in range(60):
        for literal in range(4):
            kept.document(f'{{ a{number}: lead(id: "{literal}") {{ id }} }}')
    assert len(kept._shapes) < 10
    assert len(kept._lifted) < 20
    assert kept.document('{ a59: lead(id: "x") { id } }')[1] == {"literal0": "x"}
    assert kept.document('{ a0: lead(id: "x") { id } }')[1] == {}
