"""Custom fields: made as the file needs them, found again, and filled."""

from typing import Any

from app.domain.custom_fields import DataType, Scope
from app.domain.time import now
from app.services.close_format import Made
from app.storage.custom_fields import CustomActivityType, CustomField, CustomFieldPlacement, CustomFieldValue
from app.storage.organizations import User
from tests.services.close_format.files import DATA, Store, lead

COLUMNS = ("text", "number", "date", "date_time", "item", "json_value")


async def values(crm: Store, **equal: Any) -> dict[str, list[Any]]:
    """What stands in each field, by name."""
    names = {row["id"]: row["name"] for row in await crm.rows(CustomField)}
    found: dict[str, list[Any]] = {}
    for row in sorted(await crm.rows(CustomFieldValue, **equal), key=lambda row: row["position"]):
        found.setdefault(names[row["field_id"]], []).append(
            next(row[name] for name in COLUMNS if row[name] is not None)
        )
    return found


async def define(crm: Store, id: str, name: str, data_type: DataType, **keys: Any) -> None:
    """A field on leads as a user defines it."""
    async with crm.database.write(crm.actor) as session:
        users = await session.find(User)
        if not users:
            await session.insert(User, {"id": "user_admin", "display_name": "Admin", "is_active": True})
        audit = {"date_created": now(), "date_updated": now(), "created_by": "user_admin", "version": 1}
        row: dict[str, Any] = {"id": id, "scope": Scope.LEAD, "home": "lead", "name": name, "name_key": name.lower()}
        row |= {"data_type": data_type, "accepts_multiple_values": False, "editable_with_role_ids": []} | audit
        await session.insert(CustomField, row | keys)
        place = {"id": f"{id}.lead", "target": "lead", "field_id": id, "position": 0}
        await session.insert(CustomFieldPlacement, place | {"is_required": False, "editable_with_role_ids": []})


async def test_fields_are_made_for_each_kind(crm: Store) -> None:
    visit = {"_type": "CustomActivity", "id": "acti_1", "custom_activity_type_id": "actitype_1"}
    record = lead(
        custom={"Size": 5},
        contacts=[{"id": "cont_1", "custom": {"Size": "large"}}],
        opportunities=[{"id": "oppo_1", "custom.cf_1": "2024-02-29"}],
        activities=[visit | {"custom": {"Size": "one\ntwo"}}],
    )
    summary = await crm.load(record)
    assert summary.made == Made(activity_types=("actitype_1",), custom_fields=("cf_1", "Size", "Size", "Size"))
    rows = {row["home"]: row for row in await crm.rows(CustomField)}
    assert {home: (row["scope"], row["data_type"]) for home, row in rows.items()} == {
        "lead": (Scope.LEAD, DataType.NUMBER),
        "contact": (Scope.CONTACT, DataType.TEXT),
        "opportunity": (Scope.OPPORTUNITY, DataType.DATE),
        "actitype_1": (Scope.ACTIVITY, DataType.TEXTAREA),
    }
    assert rows["actitype_1"]["custom_activity_type_id"] == "actitype_1"
    placed = {(row["target"], row["field_id"]) for row in await crm.rows(CustomFieldPlacement)}
    assert placed == {(home, row["id"]) for home, row in rows.items()}
    owners = {row["object_id"]: row for row in await crm.rows(CustomFieldValue)}
    assert [
        owners[id][column]
        for id, column in (
            ("lead_1", "lead_id"),
            ("cont_1", "contact_id"),
            ("oppo_1", "opportunity_id"),
            ("acti_1", "activity_id"),
        )
    ] == ["lead_1", "cont_1", "oppo_1", "acti_1"]
    assert (await crm.load(record)).made == Made()


async def test_names_find_their_ids(crm: Store) -> None:
    """The sample has fourteen fields, six of which share two values: these go by their ids."""
    await crm.load_bytes((DATA / "hull-list-leads.json").read_bytes())
    names = {row["id"]: row["name"] for row in await crm.rows(CustomField)}
    assert len(names) == 14
    assert names["lcf_CpqzI0t50mc3P052ZlAy9YAx2iC2ofOPDUNUHPHCcrG"] == "FTEs"
    assert names["lcf_rbpfN3AmrbcLW9OjmSFEXc6qfYt5OXXBwiuhvGX8JsZ"] == "Industry"
    assert sum(id == name for id, name in names.items()) == 6


async def test_flat_value_wins(crm: Store) -> None:
    named = {"Industry": "Health", "Old": "kept"}
    await crm.load(
        lead(custom=named, **{"custom.cf_1": "Health"}),
        lead(id="lead_2", custom={"Industry": "stale"}, **{"custom.cf_1": "Energy"}),
    )
    assert await values(crm, object_id="lead_1") == {"Industry": ["Health"], "Old": ["kept"]}
    assert await values(crm, object_id="lead_2") == {"Industry": ["Energy"]}


async def test_existing_fields_are_used(crm: Store) -> None:
    await define(crm, "cf_size", "Size", DataType.NUMBER)
    summary = await crm.load(lead(custom={"size": 5}), lead(id="lead_2", custom={"size": "large"}))
    assert summary.made == Made()
    assert summary.warnings == {"custom field Size": 1}
    assert (summary.created, summary.rejected) == (2, 0)
    assert [(row["object_id"], row["number"]) for row in await crm.rows(CustomFieldValue)] == [("lead_1", 5)]


async def test_field_of_another_kind_takes_nothing(crm: Store) -> None:
    await define(crm, "cf_size", "Size", DataType.NUMBER)
    summary = await crm.load(lead(contacts=[{"id": "cont_1", "custom.cf_size": 5}]))
    assert (summary.made, summary.warnings) == (Made(), {"custom field cf_size": 1})


async def test_choices_grow_where_an_import_made_them(crm: Store) -> None:
    await define(crm, "cf_mine", "Mine", DataType.CHOICES, choices=["a"])
    first = [lead(id=f"lead_{n}", custom={"Tier": tier, "Mine": "a"}) for n, tier in enumerate("xyxy")]
    await crm.load(*first)
    summary = await crm.load(lead(id="lead_9", custom={"Tier": "z", "Mine": "b"}))
    assert summary.warnings == {"custom field Mine": 1}
    fields = {row["name"]: row for row in await crm.rows(CustomField)}
    assert (fields["Tier"]["choices"], fields["Tier"]["version"]) == (["x", "y", "z"], 2)
    assert (fields["Mine"]["choices"], fields["Mine"]["version"]) == (["a"], 1)
    assert await values(crm, object_id="lead_9") == {"Tier": ["z"]}


async def test_lists_are_rows_with_slots(crm: Store) -> None:
    await crm.load(lead(custom={"Days": ["b", "a", "b"]}))
    rows = sorted(await crm.rows(CustomFieldValue), key=lambda row: row["position"])
    assert [(row["item"], row["slot"], row["position"]) for row in rows] == [("b", "b", 0), ("a", "a", 1)]
    assert (await crm.load(lead(custom={"Days": ["a", "b"]}))).updated == 1
    assert await values(crm) == {"Days": ["a", "b"]}
    assert (await crm.load(lead(custom={"Days": ["a", "b"]}))).unchanged == 1


async def test_field_on_two_kinds_is_shared(crm: Store) -> None:
    await crm.load(lead(contacts=[{"id": "cont_1", "custom.cf_1": 2}], **{"custom.cf_1": 1}))
    row = await crm.row(CustomField)
    assert (row["id"], row["scope"], row["home"]) == ("cf_1", Scope.SHARED, "shared")
    assert {place["target"] for place in await crm.rows(CustomFieldPlacement)} == {"lead", "contact"}


async def test_definitions_in_the_file_are_followed(crm: Store) -> None:
    definitions = [
        {"id": "cf_1", "name": "A", "type": "text", "description": "d"},
        {"id": "cf_2", "name": "B", "type": "choices", "choices": ["x", "y"], "accepts_multiple_values": True},
        {"id": "cf_3", "name": "C", "type": "contact"},
    ]
    flat = {"custom.cf_1": "2024-02-29", "custom.cf_2": "y", "custom.cf_3": "cont_1"}
    contacts = [{"id": "cont_1", "name": "Zoe"}]
    summary = await crm.load(
        lead(custom_fields=definitions, contacts=contacts, **flat), lead(id="lead_2", **{"custom.cf_3": "cont_1"})
    )
    assert summary.warnings == {"contact of another lead": 1}
    rows = await crm.rows(CustomField)
    assert [(row["name"], row["data_type"], row["choices"], row["accepts_multiple_values"]) for row in rows] == [
        ("A", DataType.TEXT, None, False),
        ("B", DataType.CHOICES, ["x", "y"], True),
        ("C", DataType.CONTACT, None, False),
    ]
    assert rows[0]["description"] == "d"
    assert await values(crm) == {"A": ["2024-02-29"], "B": ["y"], "C": ["cont_1"]}


async def test_activity_types_are_found_by_name(crm: Store) -> None:
    visit = {"_type": "CustomActivity", "custom_activity_type_name": "Site visit"}
    await crm.load(lead(activities=[visit | {"id": "acti_1", "custom_activity_type_id": "actitype_1"}]))
    await crm.load(lead(activities=[visit | {"id": "acti_2", "custom_activity_type_id": "actitype_2"}]))
    assert [(row["id"], row["name"]) for row in await crm.rows(CustomActivityType)] == [("actitype_1", "Site visit")]
