"""Every update mutation is a patch: what is omitted stays as it was (rule G5)."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, get_named_type

from app.graphql.schema import schema
from tests.client import Client
from tests.graphql.scenery import build


@dataclass(frozen=True)
class Update:
    """An update mutation: its object, how to read it whole, and a new value for each member of its patch.

    `shows` names what a member changes besides the field of its own name, `needs` what it goes together with.
    """

    mutation: str
    resource: str
    id: str
    select: str
    values: dict[str, Any]
    shows: dict[str, tuple[str, ...]]
    needs: dict[str, tuple[str, ...]] = field(default_factory=dict)


AUDIT = {"version", "dateUpdated", "updatedBy"}
MONEY = ("expectedValue", "annualizedValue", "annualizedExpectedValue")

UPDATES = [
    Update(
        "leadUpdate", "lead", "lead_1",
        """id name displayName description url status { id } addresses { label address1 city country }
            dateCreated createdBy { id } version dateUpdated updatedBy { id } customFields { display }""",
        {
            "name": "New", "description": "d", "url": "https://new.example/", "status": {"label": "Customer"},
            "addresses": [{"city": "Paris", "country": "FR"}], "customFields": [{"unset": "cf_text"}],
        },
        {"name": ("displayName",)},
    ),
    Update(
        "contactUpdate", "contact", "cont_1",
        """id name displayName title lead { id } emails { type email } phones { type phone } urls { type url }
            customFields { display } dateCreated createdBy { id } version dateUpdated updatedBy { id }""",
        {
            "name": "Bea", "title": "CTO", "leadId": "lead_2", "emails": [{"email": "b@example.com"}],
            "phones": [{"phone": "+442079460000"}], "urls": [{"url": "https://b.example/"}],
            "customFields": [{"unset": "cf_on_contact"}],
        },
        {"name": ("displayName",), "leadId": ("lead",)},
    ),
    Update(
        "opportunityUpdate", "opportunity", "oppo_1",
        """id lead { id } contact { id } user { id } status { id } note confidence value { amount currency }
            valuePeriod closeDate dateWon dateLost expectedValue { amount } annualizedValue { amount }
            annualizedExpectedValue { amount } customFields { display }
            dateCreated createdBy { id } version dateUpdated updatedBy { id }""",
        {
            "contactId": None, "userId": "@me", "status": {"label": "Won"}, "note": "n", "confidence": 90,
            "value": {"amount": "7.50", "currency": "USD"}, "valuePeriod": "ANNUAL", "closeDate": "2026-04-01",
            "dateWon": "2026-03-01", "customFields": [{"unset": "cf_on_opportunity"}],
        },
        {
            "contactId": ("contact",), "userId": ("user",), "status": ("dateLost", "dateWon"), "value": MONEY,
            "confidence": MONEY, "valuePeriod": MONEY,
        },
        {"dateWon": ("status",)},
    ),
    Update(
        "taskUpdate", "task", "task_lead",
        """id type lead { id } assignedTo { id } date { date dateTime } isComplete view
            ... on LeadTask { text } dateCreated createdBy { id } version dateUpdated updatedBy { id }""",
        {"assignedToId": "@me", "date": {"date": "2030-01-01"}, "isComplete": True, "text": "New"},
        {"assignedToId": ("assignedTo",), "date": ("view",), "isComplete": ("view",)},
    ),
    Update(
        "noteUpdate", "note", "acti_note",
        """id lead { id } contact { id } user { id } date text textHtml
            dateCreated createdBy { id } version dateUpdated updatedBy { id }""",
        {"contactId": None, "text": "New", "date": "2026-01-01T00:00:00Z"},
        {"contactId": ("contact",), "text": ("textHtml",)},
    ),
    Update(
        "leadStatusUpdate", "leadStatus", "stat_1", "id label position leadCount", {"label": "New"}, {},
    ),
    Update(
        "opportunityStatusUpdate", "opportunityStatus", "stat_o1", "id label type position pipeline { id }",
        {"label": "New"}, {},
    ),
    Update(
        "customActivityUpdate", "customActivity", "acti_custom",
        """id lead { id } contact { id } user { id } date customType { id } customActivityStatus
            customFields { display } dateCreated createdBy { id } version dateUpdated updatedBy { id }""",
        {
            "contactId": None, "status": "DRAFT", "date": "2026-01-01T00:00:00Z",
            "customFields": [{"unset": "cf_on_activity"}],
        },
        {"contactId": ("contact",), "status": ("customActivityStatus",)},
    ),
    Update(
        "customActivityTypeUpdate", "customActivityType", "actitype_1",
        """id name description isArchived apiCreateOnly editableWithRoles { id }
            dateCreated createdBy { id } version dateUpdated updatedBy { id }""",
        {
            "name": "New", "description": "d", "isArchived": True, "apiCreateOnly": True,
            "editableWithRoleIds": "@roles",
        },
        {"editableWithRoleIds": ("editableWithRoles",)},
    ),
    Update(
        "customFieldUpdate", "customField", "@field",
        """id name description scope dataType choices acceptsMultipleValues isRequired editableWithRoles { id }
            customActivityType { id } dateCreated createdBy { id } version dateUpdated updatedBy { id }""",
        {
            "name": "New", "description": "d", "choices": ["green", "red"], "acceptsMultipleValues": True,
            "isRequired": True, "editableWithRoleIds": "@roles",
        },
        {"editableWithRoleIds": ("editableWithRoles",)},
    ),
    Update("pipelineUpdate", "pipeline", "@pipeline", "id name statuses { id }", {"name": "New"}, {}),
]  # fmt: skip
WITHOUT_ID = {"customFieldAssociationUpdate"}
"""Of what no ID names: test_custom_field_definitions.py tries it."""


def test_every_update_mutation_is_tried() -> None:
    root = schema._schema.mutation_type
    assert root is not None
    updates = {name: field for name, field in root.fields.items() if name.endswith("Update") and name not in WITHOUT_ID}
    assert sorted(updates) == sorted(update.mutation for update in UPDATES)
    for update in UPDATES:
        input = get_named_type(updates[update.mutation].args["input"].type)
        assert isinstance(input, GraphQLInputObjectType)
        patch = get_named_type(input.fields["patch"].type)
        assert isinstance(patch, GraphQLInputObjectType)
        assert set(patch.fields) - set(update.values) == ({"statusIds"} if update.resource == "pipeline" else set())


def cases() -> list[Any]:
    """Each update with no member, each member alone, and all of them."""
    return [
        pytest.param(update, members, id=f"{update.mutation}-{'-'.join(members) or 'nothing'}")
        for update in UPDATES
        for members in chosen(update)
    ]


def chosen(update: Update) -> list[tuple[str, ...]]:
    names = list(update.values)
    alone = [(name, *update.needs.get(name, ())) for name in names]
    return list(dict.fromkeys([(), *alone, tuple(names)]))


@pytest.mark.parametrize(("update", "members"), cases())
async def test_omitted_members_stay(client: Client, update: Update, members: tuple[str, ...]) -> None:
    """G5: a patch changes what it names, and what follows from that, and nothing else."""
    await build(client.database, client.organization_id)
    second = await client.mutate("leadCreate", {"name": "Second"}, "lead { id }")
    [pipeline] = (await client.data("{ pipelines { id } }"))["pipelines"]
    field = {
        "scope": {"customActivityTypeId": "actitype_1"},
        "name": "Color",
        "dataType": "CHOICES",
        "choices": ["red"],
    }
    color = (await client.mutate("customFieldCreate", field, "customField { id }"))["customField"]
    names: dict[str, Any] = {
        "@me": client.actor.user_id, "@roles": [client.actor.role_id], "lead_2": second["lead"]["id"],
        "@pipeline": pipeline["id"], "@field": color["id"],
    }  # fmt: skip
    id = names.get(update.id, update.id)
    patch = {name: names.get(value, value) if isinstance(value, str) else value
             for name, value in update.values.items() if name in members}  # fmt: skip
    before = await read(client, update, id)
    payload = await client.mutate(update.mutation, {"id": id, "patch": patch}, f"{update.resource} {{ id }}")
    assert (payload["userErrors"], payload[update.resource]) == ([], {"id": id})
    after = await read(client, update, id)
    touched = {shown for name in members for shown in (name, *update.shows.get(name, ()))}
    allowed = touched | (AUDIT if members else set())
    assert {name: value for name, value in after.items() if name not in allowed} == {
        name: value for name, value in before.items() if name not in allowed
    }
    for name in members:
        shown = (name, *update.shows.get(name, ()))
        assert any(after.get(field) != before.get(field) for field in shown), name
    if "version" in before:
        assert after["version"] == before["version"] + bool(members)


async def read(client: Client, update: Update, id: str) -> dict[str, Any]:
    type_ = "Task" if update.resource == "task" else f"{update.resource[0].upper()}{update.resource[1:]}"
    query = f"query($id: ID!) {{ node(id: $id) {{ ... on {type_} {{ {update.select} }} }} }}"
    found: dict[str, Any] = (await client.data(query, {"id": id}))["node"]
    return found
