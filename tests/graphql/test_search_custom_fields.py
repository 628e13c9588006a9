"""Searches by custom fields whose values mutations wrote, replaced and removed (rules F12, F30, F31-F37, F45)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.services import organizations
from tests.client import Client
from tests.conftest import STORES, migrated, opened
from tests.graphql.custom_scene import CONTACT, DEAL, KINDS, LEAD, VISIT, Kind, Scene, build, changes
from tests.graphql.search_rows import ids, refused, related, where

LETTERS = "abcd"
BAD = "BAD_USER_INPUT"
DAY = {"day": {"date": "2026-01-05"}}


def text(value: str, mode: str = "FULL_WORDS") -> dict[str, Any]:
    return {"text": {"value": value, "mode": mode}}


@dataclass(frozen=True)
class Case:
    """Values of a, b and c, while d has none; conditions with the letters that they find; the ascending order."""

    data_type: str
    member: str
    old: Any
    values: list[Any]
    conditions: list[tuple[dict[str, Any], str]]
    order: str | None = None
    definition: dict[str, Any] = field(default_factory=dict)
    unfit: dict[str, Any] = field(default_factory=lambda: text("a"))


TEXTS = [
    (text("blue"), "a"),
    (text("blue", "BEGINNING_OF_WORDS"), "ab"),
    (text("sky blue"), "a"),
    (text("sky blue", "PHRASE"), ""),
    (text("BLUE SKY", "EXACT_VALUE"), "a"),
    (text("ähre"), "c"),
    (text("old"), ""),
]
TEXT = Case(
    "TEXT",
    "text",
    "old words",
    ["Blue sky", "blues", "Zähe Ähre"],
    TEXTS,
    order="abc",
    unfit={"numberRange": {"gt": 1}},
)
CASES = {
    "text": TEXT,
    "textarea": Case(
        "TEXTAREA", "text", "old\nwords", ["Blue\nsky", "blues", "Zähe\nÄhre"], TEXTS[:4], unfit={"currentUser": True}
    ),
    "number": Case(
        "NUMBER",
        "number",
        10,
        [9, "10.00", "-2.5"],
        [
            ({"numberRange": {"gt": 9}}, "b"),
            ({"numberRange": {"gte": 9, "lt": 10}}, "a"),
            ({"numberRange": {"lte": "-2.5"}}, "c"),
            ({"numberRange": {"gte": 10, "lte": 10}}, "b"),
        ],
        order="cab",
    ),
    "date": Case(
        "DATE",
        "date",
        "2026-01-05",
        ["2026-01-06", "2025-12-31", "2026-01-05"],
        [
            ({"momentRange": {"onOrAfter": DAY}}, "ac"),
            ({"momentRange": {"before": DAY}}, "b"),
            ({"momentRange": {"onOrAfter": DAY, "before": {"day": {"date": "2026-01-06"}}}}, "c"),
        ],
        order="bca",
    ),
    "datetime": Case(
        "DATETIME",
        "dateTime",
        "2026-01-05T12:00:00Z",
        ["2026-01-04T23:30:00-01:00", "2026-01-05T00:30:00+01:00", "2026-01-06T00:00:00Z"],
        [
            ({"momentRange": {"onOrAfter": DAY}}, "ac"),
            ({"momentRange": {"before": {"dateTime": "2026-01-05T00:30:00Z"}}}, "b"),
            ({"momentRange": {"after": {"dateTime": "2026-01-05T00:30:00Z"}}}, "c"),
        ],
        order="bac",
    ),
    "choice": Case(
        "CHOICES",
        "choices",
        ["old"],
        [["red"], ["blue"], ["red"]],
        [
            ({"term": {"values": ["red"]}}, "ac"),
            ({"term": {"values": ["Red", "blue"]}}, "b"),
            ({"term": {"values": ["old"]}}, ""),
        ],
        definition={"choices": ["old", "red", "blue"]},
    ),
    "choices": Case(
        "CHOICES",
        "choices",
        ["old", "red"],
        [["red", "blue"], ["blue"], ["green", "red"]],
        [
            ({"term": {"values": ["red"]}}, "ac"),
            ({"term": {"values": ["green", "blue"]}}, "abc"),
            ({"term": {"values": ["old"]}}, ""),
        ],
        definition={"choices": ["old", "red", "green", "blue"], "acceptsMultipleValues": True},
    ),
    "users": Case(
        "USER",
        "users",
        [{"id": "@sam"}],
        [[{"id": "@me"}], [{"name": "Reed Clapper"}], [{"id": "@reed"}, {"id": "@me"}]],
        [
            ({"currentUser": True}, "ac"),
            ({"reference": {"ids": ["@reed"]}}, "bc"),
            ({"reference": {"ids": ["@sam"]}}, ""),
        ],
        definition={"acceptsMultipleValues": True},
    ),
    "contacts": Case(
        "CONTACT",
        "contacts",
        ["@pal_%"],
        [["@own_%"], ["@pal_%", "@own_%"], ["@pal_%"]],
        [
            ({"reference": {"ids": ["@own_a", "@own_b", "@own_c"]}}, "ab"),
            ({"reference": {"ids": ["@pal_a", "@pal_b"]}}, "b"),
            ({"reference": {"ids": ["@pal_d"]}}, ""),
        ],
        definition={"acceptsMultipleValues": True},
    ),
    "hidden": Case("HIDDEN", "json", "old", [False, {}, 0], [], unfit={"currentUser": True}),
}
PLACES = [(kind, name) for kind in KINDS for name in CASES if kind is VISIT or name != "textarea"]

every_place = pytest.mark.parametrize(("kind", "name"), PLACES, ids=[f"{kind.name}-{name}" for kind, name in PLACES])
every_kind = pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])


@pytest.fixture(scope="module", params=STORES)
async def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    """Four leads, each with a contact of its own, a pal, an opportunity and a visit; every test has its own field."""
    async with migrated(request.param, request, tmp_path_factory.mktemp("search")) as url, opened(url) as database:
        scene = await build(await Client.of(database, await organizations.create(database, "Acme")))
        for letter in LETTERS:
            await _settle(scene, letter)
        yield scene


async def _settle(scene: Scene, letter: str) -> None:
    input = {"name": letter, "contacts": [{"name": f"own_{letter}"}, {"name": f"pal_{letter}"}]}
    payload = await scene.client.mutate(LEAD.create, input, "lead { id contacts { nodes { id name } } }")
    lead = {"leadId": payload["lead"]["id"]}
    scene.ids |= {contact["name"]: contact["id"] for contact in payload["lead"]["contacts"]["nodes"]}
    scene.ids |= {f"lead_{letter}": lead["leadId"], f"contact_{letter}": scene.ids[f"own_{letter}"]}
    for kind in (DEAL, VISIT):
        scene.ids[f"{kind.name}_{letter}"] = await scene.made(kind.create, scene.new(kind) | lead, kind.member)


def of(scene: Scene, value: Any, letter: str) -> Any:
    """A value of the table, as it is for the lead with this letter."""
    if isinstance(value, list):
        return [of(scene, item, letter) for item in value]
    return scene.filled(value.replace("%", letter) if isinstance(value, str) else value)


async def fill(scene: Scene, kind: Kind, case: Case) -> str:
    """The id of a field that all have an old value of first, and then a new one, or none, by several ways."""
    new = await scene.field(kind, case.data_type, **case.definition)
    for letter in LETTERS:
        await write(scene, kind, letter, "set", {"fieldId": new, "value": {case.member: of(scene, case.old, letter)}})
    for place, (letter, value) in enumerate(zip(LETTERS, case.values, strict=False)):
        body = {"fieldId": new, "value": {case.member: of(scene, value, letter)}}
        await write(scene, kind, letter, "set", body, place)
    await write(scene, kind, "d", "unset", new)
    return new


async def write(scene: Scene, kind: Kind, letter: str, change: str, body: Any, place: int = 0) -> None:
    way = changes(scene.ids[f"{kind.name}_{letter}"], kind, change, body)[place % 2]
    assert await scene.errors(way.mutation, way.input) == [], way


def among(scene: Scene, kind: Kind, condition: Any) -> dict[str, Any]:
    """A search among the objects with letters: for contacts themselves, otherwise for leads."""
    owner = CONTACT if kind is CONTACT else LEAD
    them = {"or": [{"id": scene.ids[f"{owner.name}_{letter}"]} for letter in LETTERS]}
    if kind in (DEAL, VISIT):
        relation = "CUSTOM_ACTIVITY" if kind is VISIT else "OPPORTUNITY"
        condition = related(relation, condition)
    return {"and": [{"objectType": owner.name.upper()}, them, condition]}


async def found(scene: Scene, kind: Kind, condition: Any, **options: Any) -> str:
    """The letters of the objects that a search finds, in their order."""
    letters = {scene.ids[f"{each}_{letter}"]: letter for each in ("lead", "contact") for letter in LETTERS}
    return "".join(letters[id] for id in await ids(scene.client, among(scene, kind, condition), **options))


@every_place
async def test_written_values_are_found(scene: Scene, kind: Kind, name: str) -> None:
    """F31-F37, F45: by each condition that fits the type; what was there before is not found any more."""
    case = CASES[name]
    new = await fill(scene, kind, case)
    own = {"customField": new}
    for condition, letters in [({"exists": True}, "abc"), *case.conditions]:
        assert sorted(await found(scene, kind, where(own, **scene.filled(condition)))) == sorted(letters), condition
    assert await found(scene, kind, where(own, exists=False)) == "d"
    code, _, message = await refused(scene.client, among(scene, kind, where(own, **case.unfit)))
    assert (code, "does not fit" in message) == ("FIELD_CONDITION_MISMATCH", True)


@pytest.mark.parametrize("name", [name for name in CASES if name != "textarea"])
@pytest.mark.parametrize("kind", [LEAD, CONTACT], ids=["lead", "contact"])
async def test_written_values_are_sorted_by(scene: Scene, kind: Kind, name: str) -> None:
    """F10, F12: in both directions, without a value last; by what has no order, or several values, not at all."""
    case = CASES[name]
    sort = {"field": {"customField": await fill(scene, kind, case)}}
    if case.order is None:
        code, path, _ = await refused(scene.client, among(scene, kind, {"matchAll": True}), sort=[sort])
        assert (code, path) == (BAD, ["sort", "0", "field"])
        return
    assert await found(scene, kind, {"matchAll": True}, sort=[sort]) == f"{case.order}d"
    descending = [sort | {"direction": "DESC"}]
    assert await found(scene, kind, {"matchAll": True}, sort=descending) == f"{case.order[::-1]}d"


@every_kind
async def test_items_that_come_and_go_are_found(scene: Scene, kind: Kind) -> None:
    """L20, L26, F35: after each change of one item."""
    new = await fill(scene, kind, CASES["choices"])
    red = where({"customField": new}, term={"values": ["red"]})
    for change, letter, letters in [
        ("remove", "a", "c"),
        ("add", "b", "bc"),
        ("add", "d", "bcd"),
        ("remove", "c", "bd"),
    ]:
        await write(scene, kind, letter, change, {"fieldId": new, "item": {"choice": "red"}}, ord(letter))
        assert "".join(sorted(await found(scene, kind, red))) == letters, (change, letter)


@every_kind
async def test_text_search_sees_written_texts(scene: Scene, kind: Kind) -> None:
    """F21: the words of the value count as words of its object, as long as it is there."""
    new = await scene.field(kind, "TEXT")
    word = f"quux{kind.name}"
    await write(scene, kind, "b", "set", {"fieldId": new, "value": {"text": f"some {word} here"}})
    assert await found(scene, kind, {"text": {"value": word}}) == "b"
    await write(scene, kind, "b", "set", {"fieldId": new, "value": {"text": "other"}}, 1)
    assert await found(scene, kind, {"text": {"value": word}}) == ""


@every_kind
async def test_deleted_fields_are_named(scene: Scene, kind: Kind) -> None:
    """F30: who searches by a field that is gone is told so, at its place, though it was remembered before."""
    new = await fill(scene, kind, CASES["number"])
    condition, sort = where({"customField": new}, exists=True), [{"field": {"customField": new}}]
    is_sorted = kind in (LEAD, CONTACT)
    assert sorted(await found(scene, kind, condition, **({"sort": sort} if is_sorted else {}))) == list("abc")
    await scene.define("customFieldDelete", {"id": new})
    code, path, message = await refused(scene.client, among(scene, kind, condition))
    inside = ["hasRelated", "relatedQuery"] if not is_sorted else []
    assert (code, path) == (BAD, ["query", "and", "2", *inside, "fieldCondition", "field"])
    assert message == f"There is no custom field '{new}'; it may have been deleted."
    if is_sorted:
        code, path, message = await refused(scene.client, among(scene, kind, {"matchAll": True}), sort=sort)
        assert (code, path, "may have been deleted" in message) == (BAD, ["sort", "0", "field"], True)
    listed = await scene.client.data("{ searchFields { customField { id } } }")
    assert {"customField": {"id": new}} not in listed["searchFields"]


@every_kind
async def test_shared_fields_are_searched_where_they_are(scene: Scene, kind: Kind) -> None:
    """CF8, F30: from the association on, and until it goes; the values elsewhere stay."""
    new = await scene.field({"shared": []}, "TEXT")
    condition, other = where({"customField": new}, exists=True), DEAL if kind is LEAD else LEAD
    for each in (other, kind):
        code, _, _ = await refused(scene.client, among(scene, kind, condition))
        assert code == BAD
        association = {"fieldId": new, "association": {"target": scene.target(each)}}
        await scene.define("customFieldAssociationCreate", association)
        await write(scene, each, "c", "set", {"fieldId": new, "value": {"text": "x"}})
        assert await found(scene, each, condition) == "c"
    gone = {"fieldId": new, "target": scene.target(kind)}
    await scene.define("customFieldAssociationDelete", gone)
    code, _, _ = await refused(scene.client, among(scene, kind, condition))
    assert (code, await found(scene, other, condition)) == (BAD, "c")


async def test_choices_are_told_as_they_are(scene: Scene) -> None:
    """F35, CF25: the terms of a field follow its definition."""
    new = await scene.field(LEAD, "CHOICES", choices=["red"])
    query = "{ searchFields(objectType: LEAD) { terms customField { id } } }"

    async def terms() -> Any:
        listed = (await scene.client.data(query))["searchFields"]
        return next(each["terms"] for each in listed if each["customField"] == {"id": new})

    assert await terms() == ["red"]
    await scene.define("customFieldUpdate", {"id": new, "patch": {"choices": ["red", "blue"]}})
    assert await terms() == ["red", "blue"]
    await write(scene, LEAD, "a", "set", {"fieldId": new, "value": {"choices": ["blue"]}})
    assert await found(scene, LEAD, where({"customField": new}, term={"values": ["blue"]})) == "a"
