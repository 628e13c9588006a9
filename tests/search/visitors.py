"""Other writers: leads and contacts that come and go between the pages of a search, in a world that stays."""

from collections.abc import Mapping
from itertools import count
from random import Random
from typing import Any

from sqlmodel import SQLModel

from app.domain.access import Actor
from app.storage.contacts import Contact
from app.storage.database import Database
from app.storage.leads import Lead
from app.storage.reads import table_of
from tests.search.rows import World

_numbers = count()


class Visitors:
    """Copies of objects under ids before and after theirs, so that some lie on either side of a cursor."""

    def __init__(self, database: Database, actor: Actor, world: World, dice: Random) -> None:
        self.database, self.actor, self.world, self.dice = database, actor, world, dice
        self.here: dict[str, type[SQLModel]] = {}

    async def move(self) -> World:
        """Some come and some go; what the organization holds then."""
        async with self.database.write(self.actor) as session:
            for model, row in self._newcomers():
                await session.insert(model, row)
                self.here[row["id"]] = model
            for id in self.dice.sample(sorted(self.here), len(self.here) // 3):
                model = self.here.pop(id)
                await session.delete(model, table_of(model).c.id == id)
            return await World.of(session)

    async def leave(self) -> None:
        """All of them go."""
        async with self.database.write(self.actor) as session:
            for id, model in self.here.items():
                await session.delete(model, table_of(model).c.id == id)
        self.here.clear()

    def _newcomers(self) -> list[tuple[type[SQLModel], dict[str, Any]]]:
        known = [row for name in ("lead", "contact") for row in self.world.tables[name]]
        return [self._copy(self.dice.choice(known)) for _ in range(self.dice.randint(1, 4) if known else 0)]

    def _copy(self, row: Mapping[str, Any]) -> tuple[type[SQLModel], dict[str, Any]]:
        prefix, own = row["id"].split("_")
        id = f"{prefix}_{self.dice.choice((own, '!', '~'))}{next(_numbers)}"
        model = Lead if prefix == "lead" else Contact
        return model, {name: value for name, value in row.items() if name != "organization_id"} | {"id": id}
