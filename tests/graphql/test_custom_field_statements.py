"""How many statements it takes to read custom-field values: as many for fifty leads as for five (rule L4)."""

from typing import Any

from tests.client import Client
from tests.graphql.custom_scene import CONTACT, DEAL, LEAD, VALUE, Kind, Scene, build

LEADS = 50
KINDS = (LEAD, CONTACT, DEAL)
TYPES: dict[str, dict[str, Any]] = {
    "TEXT": {"text": "blue"},
    "NUMBER": {"number": "5.50"},
    "CHOICES": {"choices": ["red", "blue"]},
    "USER": {"users": [{"id": "@me"}, {"name": "Reed Clapper"}]},
    "HIDDEN": {"json": {"a": [1]}},
}
DEFINITIONS: dict[str, dict[str, Any]] = {
    "CHOICES": {"choices": ["red", "blue"], "acceptsMultipleValues": True},
    "USER": {"acceptsMultipleValues": True},
}
TREE = """query($first: Int!) {{ leads(first: $first) {{ nodes {{
    {values} contacts {{ nodes {{ {values} }} }} opportunities {{ nodes {{ {values} }} }} }} }} }}"""


async def settle(client: Client) -> Scene:
    """Leads with a contact and an opportunity each, and on all of them a value of each type; deals name the contact."""
    scene = await build(client)
    await client.mutate("leadDelete", {"id": scene.ids["other"]})
    await client.mutate("leadDelete", {"id": scene.ids["lead"]})
    values = {kind: await fields(scene, kind) for kind in KINDS}
    named = await scene.field(DEAL, "CONTACT")
    scene.ids["field"] = values[LEAD][0]["fieldId"]
    for number in range(LEADS):
        contact = {"name": f"Contact {number}", "customFields": values[CONTACT]}
        input = {"name": f"Lead {number}", "contacts": [contact], "customFields": values[LEAD]}
        payload = await client.mutate("leadCreate", input, "lead { id contacts { nodes { id } } }")
        assert payload["userErrors"] == []
        [person] = payload["lead"]["contacts"]["nodes"]
        of_contact = {"fieldId": named, "value": {"contacts": [person["id"]]}}
        deal = {"leadId": payload["lead"]["id"], "customFields": [*values[DEAL], of_contact]}
        await scene.made(DEAL.create, deal, "opportunity")
    return scene


async def fields(scene: Scene, kind: Kind) -> list[dict[str, Any]]:
    """A value for a new field of each type."""
    return [
        {"fieldId": await scene.field(kind, type_, **DEFINITIONS.get(type_, {})), "value": scene.filled(value)}
        for type_, value in TYPES.items()
    ]


PLAIN = VALUE.replace("display", "")
READS = {
    "values": (f"customFields {{ {PLAIN} }}", 13),
    "values as people read them": (f"customFields {{ {VALUE} }}", 13),
    "one of them": (f'customField(id: "@field") {{ {PLAIN} }}', 7),
    "definitions": ("customFields { field { name editableWithRoles { name } } }", 9),
}
"""What is read of each object, and a statement for each level of it."""


async def test_statements_do_not_grow_with_the_leads(client: Client) -> None:
    """L4, CF1: for leads, contacts and deals with all their values, and the users and contacts that these name.

    Resolvers ask for contacts and deals side by side, and so together where they happen to meet.
    """
    scene = await settle(client)
    for name, (values, statements) in READS.items():
        query = TREE.format(values=values.replace("@field", scene.ids["field"]))
        for client.is_compiled in (True, False):
            for first in (5, LEADS):
                data = await client.data(query, {"first": first})
                assert len(data["leads"]["nodes"]) == first
                is_planned = client.is_compiled and "display" not in values
                assert (client.path == "compiled") is is_planned, name
                fewest = statements if is_planned else len(KINDS) + 1
                assert fewest <= client.statements <= statements, (name, client.path, first)
    client.is_compiled = True
    data = await client.data(TREE.format(values="customFields { field { id } }"), {"first": LEADS})
    for lead in data["leads"]["nodes"]:
        [contact], [deal] = lead["contacts"]["nodes"], lead["opportunities"]["nodes"]
        counts = [len(owner["customFields"]) for owner in (lead, contact, deal)]
        assert counts == [len(TYPES), len(TYPES), len(TYPES) + 1]
