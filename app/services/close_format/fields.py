"""Custom activity types and custom fields that a file names: found in the organization, or made."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.checks import MAX_LABEL
from app.domain.custom_fields import MAX_DESCRIPTION, SEVERAL, DataType, Scope
from app.domain.text import clean
from app.services.close_format.kinds import Row
from app.services.close_format.learning import Fields, Learned
from app.services.close_format.samples import Guess, Sample
from app.services.close_format.shelves import label_key
from app.services.close_format.values import made_id
from app.services.custom_field_places import placement
from app.storage.custom_fields import CustomActivityType, CustomField, CustomFieldPlacement
from app.storage.reads import table_of
from app.storage.session import ScopedSession

SHARED = Scope.SHARED.value


@dataclass(frozen=True)
class CustomFieldUse:
    """A custom field as values are written to it."""

    id: str
    name: str
    data_type: DataType
    accepts_multiple_values: bool
    choices: frozenset[str]


@dataclass
class FieldBook:
    """The field for a key of the file, by target and id or name; and which id a name stands for."""

    types: dict[str, str] = field(default_factory=dict)
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    by_id: dict[tuple[str, str], CustomFieldUse] = field(default_factory=dict)
    by_name: dict[tuple[str, str], CustomFieldUse] = field(default_factory=dict)
    made_types: list[str] = field(default_factory=list)
    made: list[str] = field(default_factory=list)


@dataclass
class _Wanted:
    """A field that the file has values for: its id, its name, and what was seen on each target."""

    id: str | None
    name: str
    targets: dict[str, Sample] = field(default_factory=dict)

    def sample(self) -> Sample:
        whole = Sample()
        for sample in self.targets.values():
            whole.merge(sample)
        return whole


class _Preparation:
    def __init__(self, session: ScopedSession, learned: Learned, users: Collection[str], now: dt.datetime) -> None:
        self.session = session
        self.learned = learned
        self.users = users
        self.audit = {"date_created": now, "date_updated": now, "created_by": None, "updated_by": None, "version": 1}
        self.book = FieldBook()
        self.fields: list[Row] = []
        self.placements: dict[str, dict[str, Row]] = {}
        self.claims: dict[str, str | None] = {}

    async def run(self) -> FieldBook:
        await self._prepare_types()
        self.fields = [dict(row) for row in await self.session.find(CustomField)]
        for row in await self.session.find(CustomFieldPlacement):
            self.placements.setdefault(row["target"], {})[row["field_id"]] = dict(row)
        for wanted in self._wanted():
            await self._prepare(wanted)
        return self.book

    async def _prepare_types(self) -> None:
        rows = [dict(row) for row in await self.session.find(CustomActivityType)]
        for id, name in self.learned.activity_types.items():
            label = (name or id)[:MAX_LABEL]
            row = _find(rows, id=id) or _find(rows, name_key=label_key(label))
            if row is None:
                row = {"id": id, "name": label, "name_key": label_key(label), "editable_with_role_ids": []}
                row |= {"is_archived": False, "api_create_only": False} | self.audit
                await self.session.insert(CustomActivityType, row)
                rows.append(row)
                self.book.made_types.append(label)
            self.book.types[id] = row["id"]

    def _wanted(self) -> list[_Wanted]:
        """One entry for each id, wherever it is used, and for each name without an id on each target."""
        by_id: dict[str, _Wanted] = {}
        named: list[_Wanted] = []
        for file_target, fields in self.learned.fields.items():
            target = self.book.types.get(file_target, file_target)
            names = fields.naming.resolve(self._defined_names(file_target))
            self.book.names[target] = names
            labels = {id: name for name, id in names.items()}
            for id, sample in fields.by_id.items():
                wanted = by_id.setdefault(id, _Wanted(id, self._label(id, labels)))
                if wanted.name == id:
                    wanted.name = labels.get(id, id)
                wanted.targets.setdefault(target, Sample()).merge(sample)
            for name, sample in fields.by_name.items():
                if name in names:
                    wanted = by_id.setdefault(names[name], _Wanted(names[name], name))
                    wanted.targets.setdefault(target, Sample()).merge(sample)
                elif clean(name):
                    named.append(_Wanted(None, name, {target: sample}))
        return [*by_id.values(), *named]

    def _defined_names(self, file_target: str) -> dict[str, str]:
        """The names that the file's own definitions give to the ids used on this target."""
        used: Fields = self.learned.fields[file_target]
        definitions = self.learned.definitions
        return {str(definitions[id].get("name")): id for id in used.by_id if id in definitions}

    def _label(self, id: str, labels: Mapping[str, str]) -> str:
        defined = self.learned.definitions.get(id, {}).get("name")
        return defined if isinstance(defined, str) and clean(defined) else labels.get(id, id)

    async def _prepare(self, wanted: _Wanted) -> None:
        home = self._home(wanted)
        row = self._existing(wanted, home)
        if row is None:
            if wanted.sample().is_empty:
                return
            row = await self._make(wanted, home)
        else:
            await self._add_choices(row, wanted.sample())
        self.claims[row["id"]] = wanted.id
        use = CustomFieldUse(
            row["id"],
            row["name"],
            row["data_type"],
            row["accepts_multiple_values"],
            frozenset(row["choices"] or ()),
        )
        for target in wanted.targets:
            if await self._place(row, target):
                known = self.book.by_id if wanted.id else self.book.by_name
                known[target, wanted.id or wanted.name] = use

    def _home(self, wanted: _Wanted) -> str:
        definition = self.learned.definitions.get(wanted.id or "", {})
        shared = len(wanted.targets) > 1 or definition.get("is_shared") is True
        return SHARED if shared else next(iter(wanted.targets))

    def _existing(self, wanted: _Wanted, home: str) -> Row | None:
        """The field of this id, or of this name unless another id of the file stands for that one."""
        id = wanted.id or made_id("cf", home, label_key(wanted.name))
        named = _find(self.fields, home=home, name_key=label_key(wanted.name))
        if named is not None and self.claims.get(named["id"], wanted.id) != wanted.id:
            wanted.name = f"{wanted.name} ({id})"
            named = None
        return _find(self.fields, id=id) or named

    async def _make(self, wanted: _Wanted, home: str) -> Row:
        guess = self._guess(wanted, home)
        description = self.learned.definitions.get(wanted.id or "", {}).get("description")
        in_activity = home not in {scope.value for scope in Scope}
        row: Row = {
            "id": wanted.id or made_id("cf", home, label_key(wanted.name)),
            "scope": Scope.ACTIVITY if in_activity else Scope(home),
            "custom_activity_type_id": home if in_activity else None,
            "home": home,
            "name": wanted.name[:MAX_LABEL],
            "name_key": label_key(wanted.name),
            "description": description[:MAX_DESCRIPTION] if isinstance(description, str) else None,
            "data_type": guess.data_type,
            "choices": guess.choices,
            "accepts_multiple_values": guess.accepts_multiple_values,
            "editable_with_role_ids": [],
            **self.audit,
        }
        await self.session.insert(CustomField, row)
        self.fields.append(row)
        self.book.made.append(row["name"])
        return row

    def _guess(self, wanted: _Wanted, home: str) -> Guess:
        """The type that the file defines, else the one that fits the values."""
        sample = wanted.sample()
        built_in = {scope.value for scope in Scope}
        definition = self.learned.definitions.get(wanted.id or "", {})
        data_type = next((type for type in DataType if type.value == definition.get("type")), None)
        if data_type is None:
            return sample.guess(self.users, textarea=home not in built_in)
        multiple = definition.get("accepts_multiple_values") is True and data_type in SEVERAL
        if data_type is not DataType.CHOICES:
            return Guess(data_type, None, multiple)
        listed = definition.get("choices")
        known = [choice for choice in listed if isinstance(choice, str)] if isinstance(listed, list) else []
        return Guess(data_type, list(dict.fromkeys([*known, *sample.texts])), multiple)

    async def _add_choices(self, row: Row, sample: Sample) -> None:
        """Only a field that an import made, which no user did, takes further choices from a file."""
        if row["data_type"] is not DataType.CHOICES or row["created_by"] is not None:
            return
        known = row["choices"] or []
        new = [choice for choice in sample.texts if choice not in known]
        if new:
            now = self.audit["date_updated"]
            values = {"choices": [*known, *new], "version": row["version"] + 1, "date_updated": now}
            row |= values
            await self.session.update(CustomField, values, table_of(CustomField).c.id == row["id"])

    async def _place(self, row: Row, target: str) -> bool:
        """Whether the field is on the target, where a shared one may be put."""
        placed = self.placements.setdefault(target, {})
        if row["id"] in placed:
            return True
        if row["home"] not in {SHARED, target}:
            return False
        position = max((other["position"] for other in placed.values()), default=-1) + 1
        placed[row["id"]] = placement(row["id"], target, position)
        await self.session.insert(CustomFieldPlacement, placed[row["id"]])
        return True


async def prepare_fields(
    session: ScopedSession, learned: Learned, users: Collection[str], now: dt.datetime
) -> FieldBook:
    return await _Preparation(session, learned, users, now).run()


def _find(rows: list[Row], **wanted: Any) -> Row | None:
    return next((row for row in rows if all(row[name] == value for name, value in wanted.items())), None)
