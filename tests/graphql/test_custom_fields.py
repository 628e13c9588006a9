"""Custom-field values, read on every kind of owner."""

from typing import Any

from sqlmodel import col

from app.storage.custom_fields import CustomFieldValue
from tests.client import Client
from tests.graphql.scenery import build

VALUE = """__typename display field { id name dataType scope acceptsMultipleValues choices }
    ... on CustomFieldTextValue { text } ... on CustomFieldNumberValue { number }
    ... on CustomFieldDateValue { date } ... on CustomFieldDateTimeValue { dateTime }
    ... on CustomFieldChoicesValue { choices } ... on CustomFieldUsersValue { users { displayName } }
    ... on CustomFieldContactsValue { contacts { displayName } } ... on CustomFieldHiddenValue { json }"""

EXPECTED: dict[str, tuple[str, str, str, Any]] = {
    "cf_hidden": ("CustomFieldHiddenValue", '{"a":[1,null]}', "json", {"a": [1, None]}),
    "cf_contact": ("CustomFieldContactsValue", "Ann", "contacts", [{"displayName": "Ann"}]),
    "cf_user": ("CustomFieldUsersValue", "Reed Clapper", "users", [{"displayName": "Reed Clapper"}]),
    "cf_choices": ("CustomFieldChoicesValue", "red, blue", "choices", ["red", "blue"]),
    "cf_datetime": ("CustomFieldDateTimeValue", "2026-01-05T08:00:00+00:00", "dateTime", "2026-01-05T08:00:00+00:00"),
    "cf_date": ("CustomFieldDateValue", "2026-01-05", "date", "2026-01-05"),
    "cf_number": ("CustomFieldNumberValue", "5.50", "number", "5.50"),
    "cf_text": ("CustomFieldTextValue", "blue sky", "text", "blue\nsky"),
}


async def test_values_of_every_type_are_typed(client: Client) -> None:
    """All types, in schema order, each by its own member; the number of statements does not grow with them."""
    await build(client.database, client.organization_id)
    data = await client.data(f'{{ lead(id: "lead_1") {{ customFields {{ {VALUE} }} }} }}')
    values = data["lead"]["customFields"]
    assert [value["field"]["id"] for value in values] == list(EXPECTED)
    for value in values:
        typename, display, member, expected = EXPECTED[value["field"]["id"]]
        assert (value["__typename"], value["display"], value[member]) == (typename, display, expected)
    assert client.statements == 5


async def test_each_owner_shows_its_values(client: Client) -> None:
    await build(client.database, client.organization_id)
    select = "customFields { display field { scope } }"
    data = await client.data(f"""{{
        contact(id: "cont_1") {{ {select} }} opportunity(id: "oppo_1") {{ {select} }}
        activity(id: "acti_custom") {{ ... on CustomActivity {{ {select} }} }} }}""")
    for owner in ("contact", "opportunity", "activity"):
        assert data[owner]["customFields"] == [{"display": owner, "field": {"scope": owner.upper()}}]


async def test_values_are_chosen_by_field(client: Client) -> None:
    """L7: these fields only; one alone; null when it is not set or does not exist."""
    await build(client.database, client.organization_id)
    data = await client.data("""{ lead(id: "lead_1") {
        two: customFields(ids: ["cf_text", "cf_number", "cf_x"]) { field { id } }
        none: customFields(ids: []) { field { id } }
        one: customField(id: "cf_text") { display }
        unknown: customField(id: "cf_x") { display }
        foreign: customField(id: "cf_on_contact") { display } } }""")
    assert data["lead"] == {
        "two": [{"field": {"id": "cf_number"}}, {"field": {"id": "cf_text"}}],
        "none": [],
        "one": {"display": "blue sky"},
        "unknown": None,
        "foreign": None,
    }


async def test_unset_fields_are_left_out(client: Client) -> None:
    """L5: only what is set is in the list."""
    await build(client.database, client.organization_id)
    async with client.database.write(client.actor) as session:
        await session.delete(CustomFieldValue, col(CustomFieldValue.field_id) != "cf_date")
    data = await client.data('{ lead(id: "lead_1") { customFields { field { id } } } }')
    assert data["lead"]["customFields"] == [{"field": {"id": "cf_date"}}]


async def test_definitions_are_found_by_id(client: Client) -> None:
    await build(client.database, client.organization_id)
    data = await client.data("""{
        field: node(id: "cf_choices") { __typename ... on CustomField { name choices editableWithRoles { name } } }
        own: node(id: "cf_on_activity") { ... on CustomField { customActivityType { name } } }
        type: node(id: "actitype_1") { __typename ... on CustomActivityType { name apiCreateOnly } } }""")
    assert data == {
        "field": {
            "__typename": "CustomField",
            "name": "cf_choices",
            "choices": ["red", "green", "blue"],
            "editableWithRoles": [],
        },
        "own": {"customActivityType": {"name": "Visit"}},
        "type": {"__typename": "CustomActivityType", "name": "Visit", "apiCreateOnly": False},
    }


async def test_too_many_fields_are_refused(client: Client) -> None:
    await build(client.database, client.organization_id)
    ids = [f"cf_{i}" for i in range(5_001)]
    query = 'query($ids: [ID!]) { lead(id: "lead_1") { customFields(ids: $ids) { display } } }'
    body = await client.run(query, {"ids": ids})
    assert body["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "inputPath": ["ids"]}
