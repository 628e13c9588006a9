"""Each node of the filter tree and each condition, as callers write them."""

from datetime import timedelta
from typing import Any

from tests.client import Client
from tests.graphql.search_rows import CONTACTS, LEADS, NOON, build, ids, related, where

NAME = {"lead": "NAME"}
TITLE = {"contact": "TITLE"}
ANN, BOB, CID = "cont_ann", "cont_bob", "cont_cid"
A, B, C = "lead_a", "lead_b", "lead_c"


def both(*queries: Any) -> dict[str, Any]:
    return {"and": list(queries)}


def text(value: str, mode: str = "FULL_WORDS") -> dict[str, Any]:
    return {"value": value, "mode": mode}


NODES: list[tuple[Any, list[str]]] = [
    (LEADS, [C, B, A]),
    (CONTACTS, [CID, BOB, ANN]),
    ({"and": []}, [C, B, CID, BOB, ANN, A]),
    ({"or": []}, []),
    ({"matchAll": True}, [C, B, CID, BOB, ANN, A]),
    ({"matchAll": False}, []),
    ({"or": [{"id": A}, {"id": CID}]}, [CID, A]),
    ({"not": LEADS}, [CID, BOB, ANN]),
    (both(LEADS, {"not": {"id": B}}), [C, A]),
    ({"text": {"value": "ray"}}, [CID, BOB]),
    ({"text": text("tools anvils")}, [A]),
    ({"text": text("tools alone", "PHRASE")}, [C]),
    ({"text": text("anv", "BEGINNING_OF_WORDS")}, [A]),
    ({"text": text(" bluth HOMES ", "EXACT_VALUE")}, [B]),
    (both(LEADS, {"text": text("solid")}), [B]),
    (both(LEADS, related("CONTACT", where(TITLE, exists=True))), [B, A]),
    (both(LEADS, {"not": related("CONTACT", {"matchAll": True})}), [C]),
    (both(CONTACTS, related("LEAD", where(NAME, text=text("acme")), thisObjectType="CONTACT")), [BOB, ANN]),
]
CONDITIONS: list[tuple[Any, list[str]]] = [
    (where({"lead": "CREATED_BY"}, currentUser=True), [A]),
    (where({"lead": "CREATED_BY"}, currentUser=False), [C, B]),
    (where({"lead": "DESCRIPTION"}, exists=True), [C, A]),
    (where({"lead": "DESCRIPTION"}, exists=False), [B]),
    (where(TITLE, text=text("CEO")), [CID, ANN]),
    (where(TITLE, text=text("ceo", "EXACT_VALUE")), [ANN]),
    (where({"customField": "cf_kind"}, term={"values": ["Retail", "Other"]}), [B]),
    (where({"customField": "cf_size"}, numberRange={"gte": "12.5"}), [A]),
    (where({"customField": "cf_slogan"}, text=text("rock")), [B]),
    (where({"contact": "LEAD_ID"}, reference={"ids": [B, C], "type": "LEAD"}), [CID]),
    (where({"contact": "EMAILS_COUNT"}, numberRange={"gt": 1}), [ANN]),
    (where({"lead": "CONTACTS_COUNT"}, numberRange={"lt": 1.5, "gte": 1}), [B]),
    (related("TASK", where({"task": "IS_COMPLETE"}, boolean=False)), [B]),
    (related("TASK", where({"task": "ASSIGNED_TO"}, currentUser=True)), [B]),
    (related("ADDRESS", where({"address": "LOCATION"}, text=text("rome it"))), [A]),
    (related("OPPORTUNITY", where({"opportunity": "VALUE"}, numberRange={"gt": 1_234.49, "lt": "1234.51"})), [A]),
    (related("OPPORTUNITY", where({"opportunity": "STATUS_TYPE"}, term={"values": ["ACTIVE"]})), [A]),
    (related("CALL", where({"call": "DIRECTION"}, term={"values": ["incoming"]})), [B]),
    (related("CALL", where({"activity": "TYPE"}, term={"values": ["call"]})), [B]),
    (related("ACTIVITY", where({"activity": "DATE"}, momentRange={"onOrAfter": {"relative": {}}})), [B]),
    (related("CONTACT", related("CONTACT_PHONE", where({"contactPhone": "PHONE"}, exists=True))), [A]),
    (related("CONTACT", related("CONTACT_EMAIL", where({"contactEmail": "EMAIL"}, text=text("home")))), [A]),
    (related("CONTACT", related("CONTACT_URL", where({"contactUrl": "URL"}, text=text("cid")))), [B]),
]


async def test_each_node_finds_its_objects(client: Client) -> None:
    """F19-F27: newest first."""
    await build(client)
    for query, found in NODES:
        assert await ids(client, query) == found, query


async def test_each_condition_finds_its_objects(client: Client) -> None:
    """F31-F37, F39-F44: a tree that looks at leads, or starts a relation from them, finds leads alone."""
    await build(client)
    client.now = NOON
    for query, found in CONDITIONS:
        asked = both(LEADS, query) if "hasRelated" in query else query
        assert await ids(client, asked) == found, query


async def test_negation_partitions_the_objects(client: Client) -> None:
    """F26: an object without a value is among those that do not match."""
    await build(client)
    for query, _ in CONDITIONS:
        kind = CONTACTS if "contact" in query.get("fieldCondition", {}).get("field", {}) else LEADS
        met, unmet = await ids(client, both(kind, query)), await ids(client, both(kind, {"not": query}))
        assert sorted(met + unmet) == sorted(await ids(client, kind)), query


async def test_current_user_is_whoever_asks(client: Client) -> None:
    """F32: the same query finds other objects for others."""
    await build(client)
    mine = where({"lead": "CREATED_BY"}, currentUser=True)
    assert await ids(client, mine) == [A]
    assert await ids(await client.with_role("User"), mine) == []


async def test_stay_in_status_is_found(client: Client) -> None:
    """A stay that ended before, or begins after, does not count."""
    await build(client)
    [status] = (await client.data('{ opportunity(id: "oppo_1") { status { id } } }'))["opportunity"].values()

    async def found(**bounds: Any) -> list[str]:
        return await ids(
            client, both(LEADS, related("OPPORTUNITY", {"inStatus": {"statusIds": [status["id"]]} | bounds}))
        )

    assert await found() == [A]
    assert await found(before={"dateTime": NOON.isoformat()}) == []
    assert await found(before={"dateTime": (NOON + timedelta(seconds=1)).isoformat()}) == [A]
    assert await found(onOrAfter={"dateTime": "2030-01-01T00:00:00Z"}) == [A]
    assert await ids(client, both(LEADS, related("OPPORTUNITY", {"inStatus": {"statusIds": ["stat_gone"]}}))) == []


YESTERDAY = {"period": "YESTERDAY"}
MOMENTS: list[tuple[Any, list[str]]] = [
    ({"onOrAfter": {"dateTime": "2026-03-11T12:00:00Z"}}, [C, B]),
    ({"after": {"dateTime": "2026-03-11T13:00:00+01:00"}}, [C]),
    ({"onOrAfter": {"day": {"date": "2026-03-11"}}, "before": {"day": {"date": "2026-03-12"}}}, [B]),
    ({"after": {"day": {"date": "2026-03-11", "edge": "END"}}}, [C]),
    ({"after": {"relative": {"offset": "-P1D"}}}, [C]),
    ({"onOrBefore": {"relative": {"anchor": "NOW", "offset": "-P1D"}}}, [B, A]),
    ({"onOrAfter": {"relative": {"anchor": "START_OF_DAY"}}}, [C]),
    ({"onOrAfter": {"relative": {"offset": "-P1D", "snapTo": "START"}}}, [C, B]),
    ({"onOrAfter": {"period": YESTERDAY}, "onOrBefore": {"period": YESTERDAY | {"edge": "END"}}}, [B]),
    ({"onOrAfter": {"period": {"period": "THIS_WEEK"}}, "after": None}, [C, B, A]),
]


async def test_each_moment_is_understood(client: Client) -> None:
    """Fixed, by day, moving, and by period; the clock stands on Thursday."""
    await build(client)
    client.now = NOON + timedelta(days=2)
    for bounds, found in MOMENTS:
        assert await ids(client, where({"lead": "DATE_CREATED"}, momentRange=bounds)) == found, bounds


async def test_days_begin_in_the_callers_zone(client: Client) -> None:
    """The argument goes before the request's zone."""
    await build(client)
    since = where({"lead": "DATE_CREATED"}, momentRange={"onOrAfter": {"day": {"date": "2026-03-12"}}})
    assert await ids(client, since) == [C]
    assert await ids(client, since, timeZone="+12:30") == [C, B]
    assert await ids(client, since, zone="+12:30") == [C, B]
    assert await ids(client, since, zone="+12:30", timeZone="UTC") == [C]
