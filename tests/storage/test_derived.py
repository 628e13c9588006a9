"""Columns that follow from others: filled on every write, and carried by no row."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlmodel import SQLModel

from app.domain.access import Actor
from app.domain.words import stored
from app.storage import leads
from app.storage.contacts import Contact
from app.storage.custom_fields import CustomFieldValue
from app.storage.database import Database
from app.storage.derived import derivations
from app.storage.leads import Lead, LeadAddress
from app.storage.metadata import metadata
from app.storage.migrations.words import index_name
from app.storage.reads import table_of
from tests.storage.scenery import AUDIT, NAMED, add_lead, new_actor, owning, two_actors

LEADS, VALUES = table_of(Lead), table_of(CustomFieldValue)

WORDS = {
    "lead": {"name", "display_name", "description", "url", "source"},
    "lead_address": {"address_1", "address_2", "city", "state", "zipcode", "country", "location"},
    "contact": {"name", "title"},
    "contact_email": {"type", "email"},
    "contact_phone": {"type", "phone"},
    "contact_url": {"type", "url"},
    "opportunity": {"note"},
    "task": {"text"},
    "activity": {"subject", "text", "sender", "phone"},
    "custom_field_value": {"text"},
}
KEYS = {
    "lead": {"description_key", "source_key"},
    "contact": {"title_key"},
    "custom_field_value": {"text_key", "number_key"},
}


async def _stored(database: Database, actor: Actor, model: type[SQLModel], id: str, *names: str) -> tuple[Any, ...]:
    """What is stored in these columns of a row."""
    table = table_of(model)
    columns = [table.c[name] for name in names]
    own = (table.c.organization_id == actor.organization_id, table.c.id == id)
    async with owning(database) as connection:
        return tuple((await connection.execute(select(*columns).where(*own))).one())


def test_columns_are_derived() -> None:
    """F21, F34, F45: the text fields that a filter asks for have their words, those that it sorts by their keys."""
    found = {table.name: set(derivations(table)) for table in metadata.tables.values() if derivations(table)}
    assert found == {name: {f"{text}_words" for text in texts} | KEYS.get(name, set()) for name, texts in WORDS.items()}


async def test_every_column_of_words_is_indexed(database: Database, store: str) -> None:
    async with owning(database) as connection:
        for name, texts in WORDS.items():
            columns = {f"{text}_words" for text in texts}
            if store == "sqlite":
                rows = await connection.execute(text(f"SELECT name FROM pragma_table_info('{name}_fts')"))
                assert (name, set(rows.scalars())) == (name, columns)
            else:
                parts = "SELECT pg_get_indexdef(:name ::regclass, n, true) FROM generate_series(1, 9) AS n"
                rows = await connection.execute(text(parts), {"name": index_name(name)})
                made = {f"array_to_tsvector(string_to_array({column}, ' '::text))" for column in columns}
                assert (name, set(filter(None, rows.scalars()))) == (name, made)


async def test_inserts_fill_derived_columns(database: Database) -> None:
    actor = await new_actor(database, "Acme")
    async with database.write(actor) as session:
        await add_lead(session, "it", name="Acme, Inc.", description="  Big\nROCKETS", name_words="wrong")
    names = ("name_words", "display_name_words", "description_words", "source_words", "description_key", "source_key")
    words = [stored(value) for value in ("Acme, Inc.", "Ada", "Big\nRockets", None)]
    assert await _stored(database, actor, Lead, "it", *names) == (*words, "big\nrockets", None)


async def test_updates_fill_derived_columns(database: Database) -> None:
    actor = await new_actor(database, "Acme")
    names = ("name_words", "source_words", "source_key")
    async with database.write(actor) as session:
        await add_lead(session, "a", name="One", source="Fair")
        await add_lead(session, "b", name="Two", source="Fair")
        await session.update(Lead, {"name": "New Name"}, LEADS.c.id == "a")
        await session.update_each(Lead, [{"id": "b", "source": None, "version": 2}])
    assert await _stored(database, actor, Lead, "a", *names) == (stored("New Name"), stored("Fair"), "fair")
    assert await _stored(database, actor, Lead, "b", *names) == (stored("Two"), None, None)
    async with database.write(actor) as session:
        await session.update_each(Lead, [{"id": "a", "source": "X"}, {"id": "b", "source": "Y"}])
    assert await _stored(database, actor, Lead, "a", *names) == (stored("New Name"), stored("X"), "x")
    assert await _stored(database, actor, Lead, "b", *names) == (stored("Two"), stored("Y"), "y")


async def test_keys_are_cut_and_folded(database: Database) -> None:
    actor, _ = await two_actors(database)
    async with database.write(actor) as session:
        await session.update(Contact, {"title": f" Straße {'x' * 300}"})
    assert await _stored(database, actor, Contact, "it", "title_key") == (f"strasse {'x' * 192}",)


async def test_numbers_have_sortable_keys(database: Database) -> None:
    actor, _ = await two_actors(database)
    assert await _stored(database, actor, CustomFieldValue, "it", "number_key") == (Decimal("5.5"),)
    async with database.write(actor) as session:
        await session.update(CustomFieldValue, {"number": -1})
    assert await _stored(database, actor, CustomFieldValue, "it", "number_key") == (Decimal(-1),)
    async with database.read(actor) as session:
        for low, high, count in ((-2, "-0.5", 1), (-1, 0, 1), ("-0.9", 9, 0)):
            key = VALUES.c.number_key
            assert await session.count(CustomFieldValue, key >= Decimal(low), key < Decimal(high)) == count


async def test_locations_join_their_parts(database: Database) -> None:
    """F44: a location is the set parts of an address in their order, which are written together."""
    actor, _ = await two_actors(database)
    assert await _stored(database, actor, LeadAddress, "it", "location_words") == (stored("Berlin"),)
    parts = {"address_1": "Kottbusser Damm 1", "address_2": None, "city": "Berlin", "state": "", "zipcode": None}
    async with database.write(actor) as session:
        with pytest.raises(ValueError, match=r"lead_address\.location_words is derived, and cannot be without country"):
            await session.update(LeadAddress, parts)
        with pytest.raises(ValueError, match="cannot be without address_1, address_2, state, zipcode, country"):
            await session.update_each(LeadAddress, [{"id": "it", "city": "Bonn"}])
        await session.update(LeadAddress, {"label": "office"})
        await session.update(LeadAddress, {**parts, "country": "DE"})
    joined = stored("Kottbusser Damm 1, Berlin, DE")
    assert await _stored(database, actor, LeadAddress, "it", "city_words", "location_words") == (
        stored("Berlin"),
        joined,
    )
    async with database.write(actor) as session:
        await session.update(LeadAddress, dict.fromkeys([*parts, "country"]))
    assert await _stored(database, actor, LeadAddress, "it", "city_words", "location_words") == (None, None)


async def test_derived_columns_follow_only_values(database: Database) -> None:
    """What the database computes is not known when the row is written; nor is a derived value given by hand."""
    actor, _ = await two_actors(database)
    async with database.write(actor) as session:
        with pytest.raises(TypeError, match="what follows from name has to be known"):
            await session.update(Lead, {"name": func.upper(LEADS.c.display_name)})
        with pytest.raises(ValueError, match=r"lead\.name_words is derived, and cannot be without name"):
            await session.update(Lead, {"name_words": "acme"})
        await session.update(Lead, {"name": "Acme", "name_words": "bluth"})
    assert await _stored(database, actor, Lead, "it", "name_words") == (stored("Acme"),)


async def test_rows_carry_no_derived_columns(database: Database) -> None:
    actor, _ = await two_actors(database)

    def derived(names: Iterable[Any]) -> list[str]:
        return [name for name in names if name.endswith(("_words", "description_key", "source_key"))]

    async with database.write(actor) as session:
        found = (await session.find(Lead))[0]
        assert (found["display_name"], derived(found)) == ("Ada", [])
        assert derived((await session.get(Lead, "it")) or {"name_words": 1}) == []
        assert derived((await session.lock(Lead, ["it"]))["it"]) == []
    [row] = await leads.by_id(database, actor, ["it"])
    assert (row.display_name, derived(row._fields)) == ("Ada", [])


async def test_rows_without_sources_stay_as_they_are(database: Database) -> None:
    actor = await new_actor(database, "Acme")
    async with database.write(actor) as session:
        await add_lead(session, "lead")
        await session.insert(Contact, {"id": "it", "lead_id": "lead", **AUDIT, **NAMED})
        await session.update(Contact, {"version": 2})
    assert await _stored(database, actor, Contact, "it", "version", "name_words", "title_key") == (2, None, None)
