"""The words of texts, found by their index on both databases as the rule says."""

from collections.abc import Iterable, Sequence
from random import Random
from typing import Any

import pytest
from sqlalchemy import Select, delete, exists, select, text, true

from app.domain.access import Actor
from app.domain.words import LONGEST, TextMode
from app.services import organizations
from app.storage.contacts import Contact
from app.storage.database import Database
from app.storage.leads import Lead, LeadAddress
from app.storage.reads import table_of
from app.storage.scope import visible
from app.storage.types import among
from app.storage.words import holds
from tests.storage.scenery import AUDIT, NAMED, add_lead, administer, new_actor, owning, two_actors

LEADS, CONTACTS = table_of(Lead), table_of(Contact)
FULL, PHRASE, BEGINNING, EXACT = TextMode

SCENE: dict[str, dict[str, str | None]] = {
    "a": {"name": "Acme Rockets, Inc.", "description": "They buy in bulk", "url": "https://acme.example"},
    "b": {"name": "Rockets of Acme", "description": "rockets, cheap"},
    "c": {"name": "Acme-Rockets GmbH", "source": "Fair"},
    "d": {"name": "Rocketship", "description": "acme", "source": "--"},
    "e": {"name": "Café Straße", "description": ""},
    "f": {},
}


def _asks(dialect: str, names: Sequence[str], value: str, mode: TextMode) -> Select[Any]:
    return select(LEADS.c.id).where(visible(LEADS), holds(LEADS, names, value, mode, dialect)).order_by(LEADS.c.id)


async def _found(
    database: Database, actor: Actor, names: Sequence[str], value: str, mode: TextMode = FULL
) -> list[str]:
    """The ids of the leads in whose columns the value stands."""
    async with database.read(actor) as session:
        return [row.id for row in await session.search(_asks(database.dialect, names, value, mode))]


async def _fill(database: Database, actor: Actor, rows: dict[str, dict[str, str | None]] = SCENE) -> None:
    async with database.write(actor) as session:
        for id, values in rows.items():
            await add_lead(session, id, **values)


@pytest.fixture
async def actor(database: Database) -> Actor:
    """The system inside an organization with the leads of the scene."""
    made = await new_actor(database, "Acme")
    await _fill(database, made)
    return made


CASES: list[tuple[TextMode, str, str, str]] = [
    (FULL, "name", "rockets acme", "abc"),
    (FULL, "name", "ROCKETS", "abc"),
    (FULL, "name", "rocket", ""),
    (FULL, "name", "acme rocketship", ""),
    (FULL, "name description", "acme rocketship", "d"),
    (FULL, "name description", "acme cheap", "b"),
    (FULL, "name", "café STRASSE", "e"),
    (FULL, "name", "cafe", ""),
    (FULL, "url", "example", "a"),
    (FULL, "name url", "acme acme", "abc"),
    (PHRASE, "name", "acme rockets", "ac"),
    (PHRASE, "name", "rockets acme", ""),
    (PHRASE, "name", "Rockets (of) Acme!", "b"),
    (PHRASE, "name", "rockets inc", "a"),
    (PHRASE, "name", "rocke", ""),
    (PHRASE, "name", "acme", "abc"),
    (PHRASE, "name description", "rockets cheap", "b"),
    (PHRASE, "name description", "acme rockets cheap", ""),
    (PHRASE, "name description", "acme rocketship", ""),
    (BEGINNING, "name", "rocket", "abcd"),
    (BEGINNING, "name", "ro ac", "abc"),
    (BEGINNING, "name", "ckets", ""),
    (BEGINNING, "name description", "rocketsh ac", "d"),
    (BEGINNING, "name", "Stra", "e"),
    (BEGINNING, "name", "strass caf\u00e9", "e"),
    (BEGINNING, "name", "caf\u00e9s", ""),
    (EXACT, "name", "  acme rockets, INC.  ", "a"),
    (EXACT, "name", "acme rockets inc", ""),
    (EXACT, "name", "rocketship", "d"),
    (EXACT, "name", "rockets", ""),
    (EXACT, "name description source", "FAIR", "c"),
    (EXACT, "name description source", "acme", "d"),
    (EXACT, "source", "--", "d"),
    (EXACT, "name", "CAFE\u0301 STRASSE", "e"),
]


@pytest.mark.parametrize(("mode", "names", "value", "ids"), CASES)
async def test_modes_find_what_they_say(
    database: Database, actor: Actor, mode: TextMode, names: str, value: str, ids: str
) -> None:
    """F21, F22, F23, F34: the four modes, over one column and over several together."""
    assert await _found(database, actor, names.split(), value, mode) == list(ids)


@pytest.mark.parametrize("mode", [FULL, PHRASE, BEGINNING])
@pytest.mark.parametrize("value", ["", "  ", "-- !", "\ud800"])
def test_wordless_values_are_refused(mode: TextMode, value: str, store: str) -> None:
    """F21: there is nothing to look for."""
    with pytest.raises(ValueError, match="no word to look for"):
        holds(LEADS, ["name"], value, mode, store)


@pytest.mark.parametrize(
    "value", ["' OR 1 --", '"x" NOT "y"', "z:* & !y", "{name_words}: z", "z\\' y", "z* NEAR(y)", "=zz", "(", "\0 z"]
)
async def test_operators_are_only_text(database: Database, actor: Actor, value: str) -> None:
    """What either index reads as an operator is no part of a word, so it asks for nothing but its letters."""
    for mode in TextMode:
        if mode is EXACT or any(letter.isalnum() for letter in value):
            assert await _found(database, actor, ["name", "description"], value, mode) == []


def _matches(texts: Iterable[str | None], value: str, mode: TextMode) -> bool:
    """The rule in plain terms, for texts of small letters, blanks and commas."""
    kept = [text for text in texts if text is not None]
    if mode is EXACT:
        return any(text.strip() == value.strip() for text in kept)
    split = [text.replace(",", " ").split() for text in kept]
    asked = value.replace(",", " ").split()
    if mode is PHRASE:
        size = len(asked)
        return any(words[i : i + size] == asked for words in split for i in range(len(words)))
    every = [word for words in split for word in words]
    if mode is FULL:
        return all(word in every for word in asked)
    return all(any(word.startswith(start) for word in every) for start in asked)


async def test_both_databases_keep_the_rule(database: Database) -> None:
    """F21, F22, F34: over random texts that are written, changed and deleted."""
    dice = Random(11)
    names = ["name", "description", "source"]
    vocabulary = ["a", "aa", "ab", "b", "ba", "bab", "é", "éa", "東", "東京"]

    def phrase(most: int) -> str:
        return "".join(
            dice.choice(vocabulary) + dice.choice([" ", " ", ", ", ","]) for _ in range(dice.randint(1, most))
        )

    def row() -> dict[str, str | None]:
        return {name: dice.choice([None, phrase(5), phrase(2)]) for name in names}

    actor = await new_actor(database, "Acme")
    rows = {f"lead_{n:03}": row() for n in range(120)}
    await _fill(database, actor, rows)
    async with database.write(actor) as session:
        for id in dice.sample(sorted(rows), 40):
            rows[id] = {**rows[id], **dict(dice.sample(sorted(row().items()), 2))}
            await session.update(Lead, rows[id], LEADS.c.id == id)
        for id in dice.sample(sorted(rows), 20):
            del rows[id]
            await session.delete(Lead, LEADS.c.id == id)
    hits = 0
    for _ in range(150):
        mode, some, value = dice.choice(list(TextMode)), dice.sample(names, dice.randint(1, 3)), phrase(2)
        expected = [id for id in sorted(rows) if _matches((rows[id][name] for name in some), value, mode)]
        assert (mode, some, value, await _found(database, actor, some, value, mode)) == (mode, some, value, expected)
        hits += len(expected)
    assert hits > 1_000


async def test_changes_reach_the_index(database: Database, actor: Actor) -> None:
    async with database.write(actor) as session:
        await session.update(Lead, {"name": "Bluth"}, LEADS.c.id == "a")
        await session.update(Lead, {"name": None}, LEADS.c.id == "b")
        await session.update_each(Lead, [{"id": "d", "name": "Acme"}, {"id": "f", "name": "Acme"}])
        await session.delete(Lead, LEADS.c.id == "c")
        await add_lead(session, "g", name="acme too")
        # What is written is found before it is committed.
        own = await session.search(_asks(database.dialect, ["name"], "acme", FULL))
        assert [row.id for row in own] == ["d", "f", "g"]
    assert await _found(database, actor, ["name"], "acme") == ["d", "f", "g"]
    assert await _found(database, actor, ["name"], "bluth") == ["a"]
    assert await _found(database, actor, ["name", "description"], "rockets") == ["b"]


async def test_rolled_back_words_are_gone(database: Database, actor: Actor) -> None:
    async def fail() -> None:
        async with database.write(actor) as session:
            await add_lead(session, "g", name="acme")
            await session.delete(Lead, LEADS.c.id == "a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await _found(database, actor, ["name"], "acme") == ["a", "b", "c"]


async def test_raw_changes_reach_the_index(database: Database, actor: Actor) -> None:
    """The index follows the table, whoever writes to it."""
    async with owning(database) as connection:
        await connection.execute(text("UPDATE lead SET name_words = 'raw' WHERE id IN ('a', 'f')"))
        await connection.execute(text("UPDATE lead SET id = 'z' WHERE id = 'b'"))
        await connection.execute(delete(LEADS).where(LEADS.c.id == "c"))
    assert await _found(database, actor, ["name"], "raw") == ["a", "f"]
    assert await _found(database, actor, ["name"], "rockets") == ["z"]


async def test_other_organizations_are_not_found(database: Database) -> None:
    """Their rows have the same ids and the same words."""
    own, other = await two_actors(database)
    async with database.write(other) as session:
        await session.update(Lead, {"name": "Secret Acme"})
        await session.update(
            LeadAddress,
            dict.fromkeys(["address_1", "address_2", "state", "zipcode", "country"], "X") | {"city": "Bonn"},
        )
    async with database.write(own) as session:
        await session.update(Lead, {"name": "Acme"})
    for mode in TextMode:
        assert await _found(database, own, ["name", "display_name"], "secret", mode) == []
    assert await _found(database, own, ["name"], "acme") == await _found(database, other, ["name"], "acme") == ["it"]
    addresses = table_of(LeadAddress)
    asked = select(addresses.c.id).where(
        visible(addresses), holds(addresses, ["city"], "Berlin", FULL, database.dialect)
    )
    async with database.read(own) as session:
        assert [row.id for row in await session.search(asked)] == ["it"]
    async with database.read(other) as session:
        assert await session.search(asked) == []


async def test_related_rows_are_found(database: Database, actor: Actor) -> None:
    """F24: a condition on words stands in a condition on related rows too, under the names that those go by."""
    async with database.write(actor) as session:
        for id, lead, title in (("1", "a", "VP Sales"), ("2", "a", "CEO"), ("3", "b", "CEO"), ("4", "c", None)):
            await session.insert(Contact, {"id": id, "lead_id": lead, "title": title, **AUDIT, **NAMED})
    people, dialect = CONTACTS.alias("people"), database.dialect

    def on_lead(value: str) -> Any:
        mine = (people.c.organization_id == LEADS.c.organization_id, people.c.lead_id == LEADS.c.id)
        return exists().where(*mine, holds(people, ["title"], value, FULL, dialect))

    async def found(*conditions: Any) -> list[str]:
        asked = select(LEADS.c.id).where(visible(LEADS), *conditions).order_by(LEADS.c.id)
        async with database.read(actor) as session:
            return [row.id for row in await session.search(asked)]

    assert await found(on_lead("ceo")) == ["a", "b"]
    assert await found(on_lead("ceo"), ~on_lead("sales")) == ["b"]
    assert await found(~on_lead("ceo"), holds(LEADS, ["name"], "rockets", FULL, dialect)) == ["c"]
    assert await found(on_lead("sales") | holds(LEADS, ["name"], "rocketship", FULL, dialect)) == ["a", "d"]


async def test_unfound_rows_are_the_others(database: Database, actor: Actor) -> None:
    """F26: with null taken for false, what is not found is the rest."""
    for mode in TextMode:
        held = holds(LEADS, ["name", "description"], "acme rockets", mode, database.dialect)
        async with database.read(actor) as session:
            rest = await session.search(select(LEADS.c.id).where(visible(LEADS), held.is_not(true())))
        found = await _found(database, actor, ["name", "description"], "acme rockets", mode)
        assert sorted([*found, *(row.id for row in rest)]) == list(SCENE)


async def test_long_texts_are_found(database: Database, actor: Actor) -> None:
    """As many different words as a text of the longest kind holds, and beyond it only the whole text."""
    long = " ".join(f"w{n:07x}" for n in range(LONGEST // 9))
    wide = "東" * (LONGEST - 1)
    await _fill(database, actor, {"long": {"description": f"{long} unreached", "name": wide}})
    last = f"w{LONGEST // 9 - 1:07x}"
    for mode in (FULL, PHRASE, BEGINNING):
        assert await _found(database, actor, ["description"], f"w0000000 w0000001 {last}", mode) == (
            ["long"] if mode is not PHRASE else []
        )
        assert await _found(database, actor, ["description"], f"{last} unreached", mode) == []
    assert await _found(database, actor, ["description"], f"{long} UNREACHED", EXACT) == ["long"]
    assert await _found(database, actor, ["description"], long, EXACT) == []
    assert await _found(database, actor, ["name"], wide, EXACT) == ["long"]


async def test_long_words_are_found(database: Database, actor: Actor) -> None:
    """By their first 255 letters."""
    words = {"one": "𝄞" + "東" * 300, "two": "東" * 255, "three": "東" * 254}
    await _fill(database, actor, {id: {"name": name} for id, name in words.items()})
    assert await _found(database, actor, ["name"], "東" * 400) == ["one", "two"]
    assert await _found(database, actor, ["name"], "東" * 254, BEGINNING) == ["one", "three", "two"]
    assert await _found(database, actor, ["name"], "東" * 300, EXACT) == []


async def test_many_words_are_asked_for(database: Database, actor: Actor) -> None:
    """The longest value that a search takes, in every column of a lead."""
    asked = " ".join(f"{letter}" for letter in ("a", "b", "c", "d") * 125)
    different = " ".join(chr(0x4E00 + n) for n in range(500))
    await _fill(database, actor, {"g": {"name": asked, "source": different}})
    names = ["name", "display_name", "description", "url", "source"]
    for value in (asked, different):
        for mode in TextMode:
            assert await _found(database, actor, names, value, mode) == ["g"]
        assert await _found(database, actor, names, f"{value} x") == []


async def _indexed(database: Database) -> dict[str, int]:
    """How many rows each table of numbers has, and how many texts FTS5 has."""
    counts = {}
    async with owning(database) as connection:
        for name in ("lead", "contact", "contact_email", "activity", "task", "custom_field_value"):
            for table in (f"{name}_text", f"{name}_fts_docsize"):
                counts[table] = await connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0
            await connection.execute(text(f"INSERT INTO {name}_fts ({name}_fts) VALUES ('integrity-check')"))
    return counts


@pytest.mark.parametrize("store", ["sqlite"])
async def test_deleted_rows_leave_the_index(database: Database) -> None:
    """With everything that goes with them."""
    own, other = await two_actors(database)
    before = await _indexed(database)
    assert before["lead_text"] == before["lead_fts_docsize"] == before["contact_email_text"] == 2
    assert (before["activity_fts_docsize"], before["task_text"], before["custom_field_value_text"]) == (2, 0, 0)
    assert (before["contact_text"], before["contact_fts_docsize"]) == (0, 0)  # theirs is shown by another name
    async with database.write(own) as session:
        assert await session.delete(Lead) == 1
    left = await _indexed(database)
    assert left == {name: count // 2 for name, count in before.items()}
    await organizations.delete(database, other.organization_id)
    assert set((await _indexed(database)).values()) == {0}


@pytest.mark.parametrize("store", ["sqlite"])
async def test_rows_are_known_after_vacuum(database: Database, actor: Actor) -> None:
    """VACUUM may give rows without a number of their own new ones."""
    async with database.write(actor) as session:
        await session.delete(Lead, among(LEADS.c.id, ["a", "d"]))
    await administer(database.url.render_as_string(), "VACUUM")
    assert await _found(database, actor, ["name"], "acme") == ["b", "c"]
    async with database.write(actor) as session:
        await session.update(Lead, {"name": "Bluth"}, LEADS.c.id == "b")
        await add_lead(session, "g", name="acme")
    assert await _found(database, actor, ["name"], "acme") == ["c", "g"]
    assert (await _indexed(database))["lead_text"] == 5
