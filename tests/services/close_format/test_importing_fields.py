"""Custom fields from a list of definitions: made, brought up to date, or kept out with a reason."""

import asyncio
import io
import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.custom_fields import DataType, Scope
from app.domain.time import Clock, now
from app.services import custom_fields, organizations
from app.services.close_format import Counts, FieldsSummary, ImportFault, import_custom_fields
from app.services.close_format.importing_fields import MAX_RECORDS
from app.storage.custom_fields import CustomActivityType, CustomField, CustomFieldPlacement, CustomFieldValue
from app.storage.organizations import User
from tests.services.close_format.files import DATA, Store, lead
from tests.services.close_format.test_fields import define

TYPE = {"custom_activity_type_id": "actitype_1"}
ON_CONTACTS = {"object_type": "contact"}
AUDIT = {"date_created": "2024-01-01T00:00:00+00:00", "date_updated": "2024-02-02T00:00:00+00:00"}


def text(id: str = "cf_1", **keys: Any) -> dict[str, Any]:
    return {"id": id, "name": f"Field {id}", "type": "text", **AUDIT, **keys}


def choices(*choices: str, id: str = "cf_1", **keys: Any) -> dict[str, Any]:
    return text(id, type="choices", choices=list(choices), **keys)


async def bring(crm: Store, *records: Any, **options: Any) -> FieldsSummary:
    """Import a list of these records."""
    source = io.BytesIO(json.dumps({"has_more": False, "data": records}).encode())
    return await import_custom_fields(crm.database, crm.organization_id, source, **options)


async def bring_bytes(crm: Store, source: bytes) -> FieldsSummary:
    return await import_custom_fields(crm.database, crm.organization_id, io.BytesIO(source))


def outcomes(summary: FieldsSummary) -> list[tuple[str, str, list[str]]]:
    return [(each.id, each.outcome, list(each.reasons)) for each in summary.fields]


async def placed(crm: Store) -> list[tuple[str, str, int]]:
    rows = await crm.rows(CustomFieldPlacement)
    return sorted((row["target"], row["field_id"], row["position"]) for row in rows)


async def add_type(crm: Store, id: str = "actitype_1") -> None:
    async with crm.database.write(crm.actor) as session:
        audit = {"date_created": now(), "date_updated": now(), "editable_with_role_ids": []}
        row = {"id": id, "name": id, "name_key": id, "is_archived": False, "api_create_only": False}
        await session.insert(CustomActivityType, row | audit)


async def test_fields_are_as_the_file_says(crm: Store) -> None:
    [admin, *_] = [row["id"] for row in await organizations.list_roles(crm.database, crm.organization_id)]
    record = choices("b", "a", accepts_multiple_values=True, description="Why", editable_with_roles=[admin])
    summary = await bring(crm, record | {"created_by": "user_1", "created_by_name": "Ann Lee"})
    assert (outcomes(summary), summary.users, summary.is_whole) == ([("cf_1", "created", [])], ["Ann Lee"], True)
    row = dict(await crm.row(CustomField))
    dates = {name: row.pop(name).isoformat() for name in AUDIT}
    assert dates == AUDIT
    assert row == {
        "organization_id": crm.organization_id,
        "id": "cf_1",
        "scope": Scope.LEAD,
        "home": "lead",
        "custom_activity_type_id": None,
        "name": "Field cf_1",
        "name_key": "field cf_1",
        "description": "Why",
        "data_type": DataType.CHOICES,
        "choices": ["b", "a"],
        "accepts_multiple_values": True,
        "editable_with_role_ids": [admin],
        "created_by": "user_1",
        "updated_by": None,
        "version": 1,
    }
    assert [row["display_name"] for row in await crm.rows(User)] == ["Ann Lee"]


async def test_second_import_changes_nothing(crm: Store) -> None:
    source = (DATA / "hull-list-leadfields.json").read_bytes()
    summary = await bring_bytes(crm, source)
    assert (summary.counts, summary.is_whole) == (Counts(created=34), True)
    before = [await crm.rows(model) for model in (CustomField, CustomFieldPlacement, User)]
    summary = await bring_bytes(crm, source)
    assert (summary.counts, summary.users) == (Counts(unchanged=34), [])
    assert [await crm.rows(model) for model in (CustomField, CustomFieldPlacement, User)] == before


async def test_new_fields_come_after_the_others(crm: Store) -> None:
    await define(crm, "cf_mine", "Mine", DataType.TEXT)
    await bring(crm, text("cf_z"), text("cf_a"))
    assert await placed(crm) == [("lead", "cf_a", 2), ("lead", "cf_mine", 0), ("lead", "cf_z", 1)]


@pytest.mark.parametrize("wrap", [lambda one: one, lambda one: [one], lambda one: {"data": [one]}])
async def test_lists_envelopes_and_single_ones_are_read(crm: Store, wrap: Any) -> None:
    summary = await bring_bytes(crm, json.dumps(wrap(text())).encode())
    assert outcomes(summary) == [("cf_1", "created", [])]


async def test_records_say_where_they_stand(crm: Store) -> None:
    await add_type(crm)
    shared = [{"object_type": "lead", "required": True}, {"object_type": "custom_activity_type"} | TYPE]
    summary = await bring(
        crm,
        text("cf_1", _type="custom_fields.contact"),
        text("cf_2", object_type="opportunity"),
        text("cf_3", required=True, **TYPE),
        text("cf_4", associations=shared),
        text("cf_5", is_shared=True),
        text("cf_51", is_shared=True, object_type="contact"),
        text("cf_52", is_shared=False, associations=[], object_type="contact"),
        text("cf_6"),
        on=Scope.LEAD,
    )
    assert summary.counts == Counts(created=8)
    rows = {row["id"]: (row["scope"], row["home"]) for row in await crm.rows(CustomField)}
    assert rows == {
        "cf_1": (Scope.CONTACT, "contact"),
        "cf_2": (Scope.OPPORTUNITY, "opportunity"),
        "cf_3": (Scope.ACTIVITY, "actitype_1"),
        "cf_4": (Scope.SHARED, "shared"),
        "cf_5": (Scope.SHARED, "shared"),
        "cf_51": (Scope.SHARED, "shared"),
        "cf_52": (Scope.CONTACT, "contact"),
        "cf_6": (Scope.LEAD, "lead"),
    }
    required = [(row["field_id"], row["target"]) for row in await crm.rows(CustomFieldPlacement) if row["is_required"]]
    assert sorted(required) == [("cf_3", "actitype_1"), ("cf_4", "lead")]
    assert await placed(crm) == [
        ("actitype_1", "cf_3", 0),
        ("actitype_1", "cf_4", 1),
        ("contact", "cf_1", 0),
        ("contact", "cf_51", 1),
        ("contact", "cf_52", 2),
        ("lead", "cf_4", 0),
        ("lead", "cf_5", 1),
        ("lead", "cf_6", 2),
        ("opportunity", "cf_2", 0),
    ]


@pytest.mark.parametrize(
    ("on", "record", "reason"),
    [
        (Scope.LEAD, 5, "the record is not an object"),
        (Scope.LEAD, {"id": "stat_1", "label": "New"}, "id: is not the id of a custom field, which begins with cf_ or"),
        (Scope.LEAD, text(type=None), "type: is missing"),
        (Scope.LEAD, text(type="custom_object"), "type: is none of text, textarea, number, date, datetime, choices,"),
        (Scope.LEAD, text(name=" "), "name: Name cannot be empty."),
        (Scope.LEAD, text(name=["x"]), "name: is not a text"),
        (Scope.LEAD, text(name="x" * 201), "name: Name can have 200 characters at most, not 201."),
        (Scope.LEAD, text(description="x" * 281), "description: Description can have 280 characters at most, not 281."),
        (Scope.LEAD, text(type="textarea"), "type: TEXTAREA fields can be on custom activity types alone."),
        (Scope.LEAD, choices(), "choices: A CHOICES field needs choices."),
        (Scope.LEAD, choices("a", "a"), "choices.1: 'a' is listed twice."),
        (Scope.LEAD, choices(5), "choices: is not a list of texts"),  # type: ignore[arg-type]
        (Scope.LEAD, text(choices=["a"]), "choices: Only CHOICES fields have choices."),
        (Scope.LEAD, text(accepts_multiple_values=True), "accepts_multiple_values: Only CHOICES, USER and CONTACT"),
        (Scope.LEAD, text(date_created="soon"), "date_created: is not a date such as"),
        (Scope.LEAD, text(object_type="task"), "object_type: is none of lead, contact, opportunity, activity, shared"),
        (Scope.ACTIVITY, text(), "custom_activity_type_id: is missing"),
        (Scope.LEAD, text(custom_activity_type_id="actitype_2"), "There is no custom activity type actitype_2."),
        (Scope.SHARED, text(associations={}), "associations: is not a list"),
        (Scope.SHARED, text(associations=[5]), "associations.0: is not an object"),
        (Scope.SHARED, text(associations=[{}]), "associations.0.object_type: names no kind of object"),
    ],
)
@pytest.mark.parametrize("store", ["sqlite"])
async def test_what_breaks_a_rule_is_kept_out(crm: Store, on: Scope, record: Any, reason: str, tmp_path: Path) -> None:
    """CF10, CF11, CF23, CF25, CF26: definitions of a file obey the rules of those that people make."""
    rejects = tmp_path / "rejects.jsonl"
    summary = await bring(crm, record, text("cf_9"), on=on, rejects=rejects)
    first, *_ = summary.fields
    assert (first.index, first.outcome, len(first.reasons)) == (0, "rejected", 1)
    assert reason in first.reasons[0]
    lines = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert (lines[0]["index"], lines[0]["record"]) == (0, record)
    assert [row["id"] for row in await crm.rows(CustomField)] == ([] if on is Scope.ACTIVITY else ["cf_9"])


async def test_names_are_unique_on_one_kind_of_object(crm: Store) -> None:
    """L18: whatever their case."""
    summary = await bring(
        crm, text("cf_1", name="Size"), text("cf_2", name=" SIZE"), text("cf_3", name="Size", **ON_CONTACTS)
    )
    assert [each.outcome for each in summary.fields] == ["created", "rejected", "created"]
    assert summary.fields[1].reasons == ["name: is that of cf_1 in the organization"]


async def test_unknown_roles_are_left_out_and_told(crm: Store, tmp_path: Path) -> None:
    [admin, *_] = [row["id"] for row in await organizations.list_roles(crm.database, crm.organization_id)]
    rejects = tmp_path / "rejects.jsonl"
    some, none = text("cf_1", editable_with_roles=["role_x", admin]), text("cf_2", editable_with_roles=["role_x"])
    summary = await bring(crm, some, none, rejects=rejects)
    told = "there is no role role_x in the organization"
    assert outcomes(summary) == [
        ("cf_1", "created", [f"editable_with_roles.0: {told}"]),
        ("cf_2", "created", [f"editable_with_roles.0: {told}; no role is left, so that everyone may edit the values"]),
    ]
    assert (summary.is_whole, len(rejects.read_text().splitlines())) == (False, 2)
    assert [row["editable_with_role_ids"] for row in await crm.rows(CustomField)] == [[admin], []]


async def test_what_cannot_be_required_is_kept_without(crm: Store) -> None:
    summary = await bring(crm, text(required=True))
    reason = "required: Only the fields of a custom activity type can be required."
    assert outcomes(summary) == [("cf_1", "created", [reason])]
    assert not (await crm.row(CustomFieldPlacement))["is_required"]


async def test_places_that_cannot_be_are_left_out(crm: Store) -> None:
    """CF23: a shared text of several lines is on custom activities alone."""
    await add_type(crm)
    associations = [{"object_type": "activity"} | TYPE, {"object_type": "lead"}]
    summary = await bring(crm, text(type="textarea", associations=associations))
    reason = "associations.1: TEXTAREA fields can be on custom activity types alone."
    assert outcomes(summary) == [("cf_1", "created", [reason])]
    assert await placed(crm) == [("actitype_1", "cf_1", 0)]


async def test_known_fields_gain_and_lose_nothing(crm: Store) -> None:
    await bring(crm, choices("a", "b", description="Old"))
    await crm.load(lead(**{"custom.cf_1": "b"}))
    newer = choices("c", "a", name="New", accepts_multiple_values=True)
    assert outcomes(await bring(crm, newer)) == [("cf_1", "updated", [])]
    row = await crm.row(CustomField)
    assert (row["name"], row["description"], row["choices"]) == ("New", "Old", ["a", "b", "c"])
    assert (row["accepts_multiple_values"], row["version"]) == (True, 2)
    assert row["date_updated"] > row["date_created"]
    value = await crm.row(CustomFieldValue)
    assert (value["item"], value["slot"]) == ("b", "b")
    assert outcomes(await bring(crm, newer, choices("a", name="New"))) == [("cf_1", "unchanged", [])] * 2
    assert await crm.row(CustomField) == row


async def test_types_and_homes_stay(crm: Store) -> None:
    """CF12: the type of a field does not change."""
    await bring(crm, text("cf_1"), text("cf_2"))
    summary = await bring(
        crm, text("cf_1", type="number"), text("cf_2", **ON_CONTACTS), text("cf_2", name="Field cf_1")
    )
    assert outcomes(summary) == [
        ("cf_1", "rejected", ["type: is text in the organization, and a field's type stays"]),
        ("cf_2", "rejected", ["cf_2 is a field of lead in the organization"]),
        ("cf_2", "rejected", ["name: There is a custom field 'Field cf_1' already."]),
    ]


async def test_shared_fields_gain_places(crm: Store) -> None:
    """CF8: an association has its own roles, and may require a value."""
    [admin, *_] = [row["id"] for row in await organizations.list_roles(crm.database, crm.organization_id)]
    await bring(crm, text(associations=[{"object_type": "lead"}]))
    more = {"object_type": "contact", "required": True, "editable_with_roles": [admin]}
    again = text(
        associations=[{"object_type": "lead", "required": True}, more, {"object_type": "custom_activity"} | TYPE]
    )
    reason = "associations.2: There is no custom activity type actitype_1."
    assert outcomes(await bring(crm, again)) == [("cf_1", "updated", [reason])]
    assert outcomes(await bring(crm, again)) == [("cf_1", "unchanged", [reason])]
    rows = {
        row["target"]: (row["is_required"], row["editable_with_role_ids"])
        for row in await crm.rows(CustomFieldPlacement)
    }
    assert rows == {"lead": (False, []), "contact": (True, [admin])}


async def test_one_kind_of_object_has_a_thousand_fields(crm: Store) -> None:
    summary = await bring(crm, *(text(f"cf_{n}") for n in range(1_001)))
    assert summary.counts == Counts(created=1_000, rejected=1)
    assert summary.fields[-1].reasons == ["There can be 1000 custom fields at most on leads."]


async def test_unknown_keys_and_odd_characters_are_counted(crm: Store) -> None:
    summary = await bring(crm, text(name="A\0B", color="red", created_by=5))
    assert (summary.unknown_keys, summary.warnings) == ({"color": 1}, {"character": 1, "created by": 1})
    assert (await crm.row(CustomField))["name"] == "A\N{REPLACEMENT CHARACTER}B"


async def test_two_imports_at_once_agree(crm: Store) -> None:
    records = [text(f"cf_{n}") for n in range(20)]
    summaries = await asyncio.gather(*(bring(crm, *records) for _ in range(2)))
    assert sorted(summary.counts.created for summary in summaries) == [0, 20]
    assert [position for _, _, position in sorted(await placed(crm), key=lambda place: place[2])] == list(range(20))


async def test_imported_fields_are_changed_like_others(crm: Store) -> None:
    await bring(crm, choices("a", "b"))
    clock = Clock.at(now(), "UTC")
    await custom_fields.update(crm.database, crm.actor, clock, id="cf_1", patch={"choices": ["b"]})
    assert (await crm.row(CustomField))["choices"] == ["b"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (b"", "The file is empty."),
        (b"Dear Ann,", "The file is not valid JSON: "),
        (b'{"data": [{"id": "cf_1"}', "The file is not valid JSON: "),
        (b"5", "The file holds neither a list nor an object, but a single value."),
        (b"[" + b"1," * MAX_RECORDS + b"1]", "The file holds more than 10000 records: it is no list of custom fields."),
    ],
)
@pytest.mark.parametrize("store", ["sqlite"])
async def test_other_files_are_faults(crm: Store, source: bytes, message: str) -> None:
    with pytest.raises(ImportFault, match=message):
        await bring_bytes(crm, source)
    assert await crm.rows(CustomField) == []


async def test_absent_organization_is_a_fault(crm: Store) -> None:
    with pytest.raises(ImportFault, match=r"There is no organization orga_none\."):
        await bring(Store(crm.database, "orga_none"), text())
