"""What can be searched, told to those who build query editors."""

from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLNonNull

from app.graphql.schema import schema
from app.storage.search.catalogue import REGULAR
from tests.client import Client
from tests.graphql.search_rows import LEADS, build, ids, related, where

TYPES = schema._schema.type_map
INFO = "objectType name label conditions referenceType terms isSortable customField { id name }"
MATCH: dict[str, Any] = {
    "BOOLEAN": True,
    "CURRENT_USER": True,
    "EXISTS": True,
    "TEXT": {"value": "a"},
    "TERM": {"values": ["a"]},
    "REFERENCE": {"ids": ["x"]},
    "NUMBER_RANGE": {"gt": 1},
    "MOMENT_RANGE": {"after": {"relative": {}}},
}


def camel(name: str) -> str:
    first, *others = name.lower().split("_")
    return first + "".join(word.capitalize() for word in others)


def values(type_name: str) -> dict[str, Any]:
    type_ = TYPES[type_name]
    assert isinstance(type_, GraphQLEnumType)
    return dict(type_.values)


async def infos(client: Client, arguments: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await client.data(f"{{ searchFields{arguments} {{ {INFO} }} }}"))["searchFields"]
    return found


async def test_regular_fields_are_told(client: Client) -> None:
    """F39-F44: the names of each kind are the values of its enum, and the sortable ones those of its sort enum."""
    found = await infos(client)
    assert {info["customField"] for info in found} == {None}
    for kind, fields in REGULAR.items():
        own = [info for info in found if info["objectType"] == kind.name]
        assert [info["name"] for info in own] == [name.upper() for name in fields]
        stem = camel(kind.value)[0].upper() + camel(kind.value)[1:]
        if own:
            assert sorted(info["name"] for info in own) == sorted(values(f"{stem}SearchField"))
        if kind.name in {"LEAD", "CONTACT"}:
            assert sorted(info["name"] for info in own if info["isSortable"]) == sorted(values(f"{stem}SortField"))


async def test_each_type_has_its_conditions(client: Client) -> None:
    """F45: what fits text, numbers, users, references, days, choices and labels."""
    found = {(info["objectType"], info["name"]): info for info in await infos(client)}
    for key, conditions, reference, terms in [
        (("LEAD", "DESCRIPTION"), ["TEXT", "EXISTS"], None, None),
        (("LEAD", "URL"), ["TEXT", "EXISTS"], None, None),
        (("CONTACT", "EMAILS_COUNT"), ["NUMBER_RANGE", "EXISTS"], None, None),
        (("LEAD", "CREATED_BY"), ["CURRENT_USER", "REFERENCE", "EXISTS"], "USER", None),
        (("LEAD", "STATUS_ID"), ["REFERENCE", "EXISTS"], "LEAD_STATUS", None),
        (("CONTACT", "LEAD_ID"), ["REFERENCE", "EXISTS"], "LEAD", None),
        (("OPPORTUNITY", "DATE_WON"), ["MOMENT_RANGE", "EXISTS"], None, None),
        (("OPPORTUNITY", "STATUS_TYPE"), ["TERM", "EXISTS"], None, ["active", "won", "lost"]),
        (("CONTACT_EMAIL", "TYPE"), ["TEXT", "TERM", "EXISTS"], None, None),
        (("TASK", "IS_COMPLETE"), ["BOOLEAN", "EXISTS"], None, None),
    ]:
        info = found[key]
        assert (info["conditions"], info["referenceType"], info["terms"]) == (conditions, reference, terms), key
    assert found["LEAD", "LAST_COMMUNICATION_DATE"]["label"] == "Last communication date"


async def test_custom_fields_are_told(client: Client) -> None:
    """F30: on each kind that holds them, after the regular ones, by their names."""
    await build(client)
    found = [info for info in await infos(client, "(objectType: LEAD)") if info["customField"]]
    assert [(info["label"], info["name"], info["isSortable"], info["terms"]) for info in found] == [
        ("cf_kind", None, False, ["Software as a service", "Retail"]),
        ("cf_size", None, True, None),
        ("cf_slogan", None, True, None),
    ]
    assert found[0]["customField"] == {"id": "cf_kind", "name": "cf_kind"}
    assert client.statements == 2
    assert [info for info in await infos(client, "(objectType: CONTACT)") if info["customField"]] == []


async def test_kinds_of_activity_share_fields(client: Client) -> None:
    """Those that all activities have are told once for each kind, as fields of ACTIVITY where it has no own."""
    shared = [info["name"] for info in await infos(client, "(objectType: ACTIVITY)")]
    threads = await infos(client, "(objectType: EMAIL_THREAD)")
    assert [(info["objectType"], info["name"]) for info in threads] == [("ACTIVITY", name) for name in shared]
    calls = await infos(client, "(objectType: CALL)")
    assert len({info["name"] for info in calls}) == len(calls)
    assert {info["name"] for info in calls} > set(shared)
    assert [info["name"] for info in calls if info["objectType"] == "ACTIVITY"] == ["TYPE"]


async def test_every_told_condition_runs(client: Client) -> None:
    """F28, F45: each condition that is told fits its field, and each other one is refused."""
    await build(client)
    for info in await infos(client):
        kind, name = camel(info["objectType"]), info["name"]
        field = {kind: name} if name else {"customField": info["customField"]["id"]}
        for condition, value in MATCH.items():
            query = where(field, **{camel(condition): value})
            if info["objectType"] not in {"LEAD", "CONTACT"}:
                query = {"and": [LEADS, _from_lead(info["objectType"], query)]}
            if condition in info["conditions"]:
                await ids(client, query)
            else:
                body = await client.run(SEARCH, {"query": query})
                assert body["errors"][0]["extensions"]["code"] == "FIELD_CONDITION_MISMATCH", query


SEARCH = "query($query: SearchQueryInput!) { search(query: $query) { __typename } }"


def _from_lead(kind: str, query: Any) -> Any:
    if kind.startswith("CONTACT_"):
        return related("CONTACT", related(kind, query))
    return related(kind, query)


@pytest.mark.parametrize("kind", [kind for kind, fields in REGULAR.items() if fields])
def test_each_kind_with_fields_has_a_member(kind: Any) -> None:
    type_ = TYPES["SearchFieldInput"]
    assert isinstance(type_, GraphQLInputObjectType)
    member = type_.fields[camel(kind.value)].type
    assert isinstance(member, GraphQLEnumType)
    assert sorted(member.values) == sorted(name.upper() for name in REGULAR[kind])


def test_conditions_are_the_members() -> None:
    """Each kind of condition is a member of the input by its name in camel case."""
    type_ = TYPES["FieldConditionInput"]
    assert isinstance(type_, GraphQLInputObjectType)
    assert sorted(type_.fields) == sorted(camel(name) for name in values("FieldConditionKind"))
    assert not any(isinstance(field.type, GraphQLNonNull) for field in type_.fields.values())
    assert type_.is_one_of
