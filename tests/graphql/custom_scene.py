"""A lead, a contact, an opportunity and a custom activity, and the custom fields on them, all made by mutations."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any, NamedTuple

from sqlmodel import col

from app.services import organizations
from app.storage.activities import Activity
from app.storage.contacts import Contact
from app.storage.custom_fields import CustomFieldValue
from app.storage.database import Database
from app.storage.leads import Lead
from app.storage.opportunities import Opportunity
from app.storage.organizations import User
from tests.client import USER_ERRORS, Client
from tests.graphql.search_rows import LEADS, ids, related, where

VALUE = """__typename display field { id }
    ... on CustomFieldTextValue { text } ... on CustomFieldNumberValue { number }
    ... on CustomFieldDateValue { date } ... on CustomFieldDateTimeValue { dateTime }
    ... on CustomFieldChoicesValue { choices } ... on CustomFieldUsersValue { users { id } }
    ... on CustomFieldContactsValue { contacts { id } } ... on CustomFieldHiddenValue { json }"""

READ = f"""query($id: ID!, $field: ID!) {{ owner: %s(id: $id) {{ ... on %s {{ version
    all: customFields {{ {VALUE} }} some: customFields(ids: [$field]) {{ {VALUE} }}
    one: customField(id: $field) {{ {VALUE} }} }} }} }}"""

_numbers = count(1)


class Kind(NamedTuple):
    """A kind of object that holds values: its type, its members in queries and payloads, and its mutations."""

    name: str
    type: str
    root: str
    member: str
    create: str
    update: str


LEAD = Kind("lead", "Lead", "lead", "lead", "leadCreate", "leadUpdate")
CONTACT = Kind("contact", "Contact", "contact", "contact", "contactCreate", "contactUpdate")
DEAL = Kind("opportunity", "Opportunity", "opportunity", "opportunity", "opportunityCreate", "opportunityUpdate")
VISIT = Kind("activity", "CustomActivity", "activity", "customActivity", "customActivityCreate", "customActivityUpdate")
KINDS = (LEAD, CONTACT, DEAL, VISIT)


class Way(NamedTuple):
    """A mutation that writes a value, its input around a change, and the path to the change."""

    mutation: str
    input: dict[str, Any]
    path: list[str]


Errors = list[tuple[str, list[str] | None]]


@dataclass
class Scene:
    """`ids` names what there is: tables of cases say @ann where the id of Ann belongs."""

    client: Client
    ids: dict[str, str]

    def filled(self, value: Any) -> Any:
        """The value of a table with the ids that it names."""
        if isinstance(value, dict):
            return {name: self.filled(member) for name, member in value.items()}
        if isinstance(value, list):
            return [self.filled(item) for item in value]
        return self.ids[value[1:]] if isinstance(value, str) and value.startswith("@") else value

    def target(self, kind: Kind) -> dict[str, str]:
        """What a field on this kind of object is defined on."""
        return {"customActivityTypeId": self.ids["type"]} if kind is VISIT else {"object": kind.name.upper()}

    def new(self, kind: Kind) -> dict[str, Any]:
        """The input that makes another object of this kind."""
        inputs: dict[Kind, dict[str, Any]] = {
            LEAD: {"name": "New"},
            CONTACT: {"leadId": "@lead", "name": "New"},
            DEAL: {"leadId": "@lead"},
            VISIT: {"leadId": "@lead", "customTypeId": "@type"},
        }
        made: dict[str, Any] = self.filled(inputs[kind])
        return made

    async def field(self, scope: Kind | dict[str, Any], data_type: str, **more: Any) -> str:
        """The id of a new field."""
        own = self.target(scope) if isinstance(scope, Kind) else scope
        input = {"scope": own, "name": f"{data_type} {next(_numbers)}", "dataType": data_type, **more}
        return await self.made("customFieldCreate", input, "customField")

    async def define(self, mutation: str, input: dict[str, Any]) -> None:
        """Change a definition or an association; whoever asks next knows of it."""
        assert await self.errors(mutation, input) == [], input

    async def made(self, mutation: str, input: dict[str, Any], member: str) -> str:
        """The id of what a mutation makes."""
        payload = await self.client.mutate(mutation, input, f"{member} {{ id }}")
        assert payload["userErrors"] == [], payload
        return str(payload[member]["id"])

    async def errors(self, mutation: str, input: dict[str, Any], caller: Client | None = None) -> Errors:
        """The codes and paths of what is wrong with an input; what the schema itself refuses has no path."""
        type_ = f"{mutation[0].upper()}{mutation[1:]}Input"
        query = f"mutation($input: {type_}!) {{ payload: {mutation}(input: $input) {{ {USER_ERRORS} }} }}"
        body = await (caller or self.client).run(query, {"input": input})
        if "errors" in body:
            return [(fault["extensions"]["code"], None) for fault in body["errors"]]
        return [(error["code"], error["path"]) for error in body["data"]["payload"]["userErrors"]]

    async def sizes(self) -> list[int]:
        """How many objects and values there are."""
        async with self.client.database.read(self.client.actor) as session:
            return [await session.count(model) for model in (Lead, Contact, Opportunity, Activity, CustomFieldValue)]

    async def owner(self, kind: Kind, id: str, field: str) -> dict[str, Any]:
        data = await self.client.data(READ % (kind.root, kind.type), {"id": id, "field": field})
        found: dict[str, Any] = data["owner"]
        return found

    async def state(self, kind: Kind, id: str, field: str) -> tuple[int, dict[str, Any] | None]:
        """The version of an object, and the only value it has, which is the same by every way of reading."""
        owner = await self.owner(kind, id, field)
        value: dict[str, Any] | None = owner["one"]
        assert owner["all"] == owner["some"] == ([] if value is None else [value])
        return owner["version"], value

    async def value(self, kind: Kind, id: str, field: str) -> dict[str, Any] | None:
        """The value of a field on an object; a search finds the object where there is one."""
        value: dict[str, Any] | None = (await self.owner(kind, id, field))["one"]
        assert await self.is_found(kind, id, where({"customField": field}, exists=True)) is (value is not None)
        return value

    async def version(self, kind: Kind, id: str) -> int:
        query = f"query($id: ID!) {{ owner: {kind.root}(id: $id) {{ ... on {kind.type} {{ version }} }} }}"
        return int((await self.client.data(query, {"id": id}))["owner"]["version"])

    async def is_found(self, kind: Kind, id: str, condition: dict[str, Any]) -> bool:
        """Whether a search for the condition finds the object."""
        query: dict[str, Any] = {"and": [condition, {"id": id}]}
        if kind in (LEAD, CONTACT):
            return await ids(self.client, {"and": [{"objectType": kind.name.upper()}, query]}) == [id]
        relation = "CUSTOM_ACTIVITY" if kind is VISIT else "OPPORTUNITY"
        return await ids(self.client, {"and": [LEADS, related(relation, query)]}) == [self.ids["lead"]]


async def build(client: Client) -> Scene:
    """Ann and Bob are contacts of the lead, Cid of another one; Reed is a former member, two are called Sam Same."""
    scene = Scene(client, {"me": str(client.actor.user_id)})
    database, home = client.database, client.organization_id
    for lead, people in {"lead": ["ann", "bob"], "other": ["cid"]}.items():
        input = {"name": lead, "contacts": [{"name": name} for name in people]}
        payload = await client.mutate("leadCreate", input, "lead { id contacts { nodes { id name } } }")
        scene.ids[lead] = payload["lead"]["id"]
        scene.ids |= {contact["name"]: contact["id"] for contact in payload["lead"]["contacts"]["nodes"]}
    scene.ids["contact"] = scene.ids["ann"]
    scene.ids["opportunity"] = await scene.made(DEAL.create, scene.new(DEAL), DEAL.member)
    scene.ids["type"] = await scene.made("customActivityTypeCreate", {"name": "Visit"}, "customActivityType")
    scene.ids["activity"] = await scene.made(VISIT.create, scene.new(VISIT), VISIT.member)
    for name in ("Reed Clapper", "Sam Same", "Sam Same"):
        scene.ids[name.split()[0].lower()] = await organizations.add_user(database, home, name)
    async with database.write(client.actor) as session:
        await session.update(User, {"is_active": False}, col(User.id) == scene.ids["reed"])
    scene.ids |= await _abroad(database, home)
    return scene


async def _abroad(database: Database, home: str) -> dict[str, str]:
    """The ids of what another organization has."""
    stranger = await Client.of(database, await organizations.create(database, f"Other than {home}"))
    scene = Scene(stranger, {})
    lead = await scene.made(LEAD.create, {"name": "Far"}, "lead")
    return {
        "foreign_user": str(stranger.actor.user_id),
        "foreign_lead": lead,
        "foreign_contact": await scene.made(CONTACT.create, {"leadId": lead}, "contact"),
        "foreign_field": await scene.field(LEAD, "TEXT"),
    }


def creations(scene: Scene, kind: Kind, set_: dict[str, Any]) -> Iterator[Way]:
    """A new object with the value; a contact also as part of a new lead."""
    yield Way(kind.create, scene.new(kind) | {"customFields": [set_]}, ["customFields", "0"])
    if kind is CONTACT:
        nested = {"contacts": [{"name": "New", "customFields": [set_]}]}
        yield Way(LEAD.create, nested, ["contacts", "0", "customFields", "0"])


def changes(id: str, kind: Kind, change: str, body: Any) -> tuple[Way, Way]:
    """A change of a value within a patch, and by the mutation that does nothing else."""
    patch = Way(
        kind.update, {"id": id, "patch": {"customFields": [{change: body}]}}, ["patch", "customFields", "0", change]
    )
    own = {"fieldId": body} if change == "unset" else body
    return patch, Way(f"customFieldValue{change.capitalize()}", {"ownerId": id} | own, [])


def below(way: Way, *path: str) -> list[str]:
    return [*way.path, *path]
