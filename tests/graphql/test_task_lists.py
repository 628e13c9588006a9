"""Lists of tasks: filters, views, orders and pages (rules T2, T4-T7, T21-T25)."""

import random
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.domain.tasks import TaskType, view
from app.domain.time import Clock, day_start
from app.storage.tasks import Task
from tests.client import Client
from tests.graphql.task_rows import IDS, NOON, insert, instant, lead_of, listed, task


async def test_lists_of_leads_share_statements(client: Client) -> None:
    """The tasks of many leads are one statement, each with its own page."""
    leads = [await lead_of(client) for _ in range(4)]
    for n, lead_id in enumerate(leads):
        await insert(client, Task, *(task(10 * n + i, lead_id=lead_id) for i in range(n + 1)))
    data = await client.data("{ leads { nodes { id tasks(first: 2) { nodes { id } totalCount } } } }")
    counts = {node["id"]: node["tasks"]["totalCount"] for node in data["leads"]["nodes"]}
    assert counts == {lead_id: n + 1 for n, lead_id in enumerate(leads)}
    shown = {node["id"]: [task["id"] for task in node["tasks"]["nodes"]] for node in data["leads"]["nodes"]}
    assert shown[leads[0]] == ["task_000"]
    assert shown[leads[3]] == ["task_030", "task_031"]
    assert client.statements == 3  # the leads, a page of tasks for each, the counts


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("-08:00", ["task_1", "task_2", "task_0", "task_3", "task_4"]),
        ("America/Los_Angeles", ["task_1", "task_2", "task_0", "task_3", "task_4"]),
        ("UTC", ["task_0", "task_1", "task_2", "task_3", "task_4"]),
        ("Z", ["task_0", "task_1", "task_2", "task_3", "task_4"]),
        ("+14:00", ["task_0", "task_1", "task_2", "task_3", "task_4"]),
    ],
)
async def test_days_come_before_their_instants(client: Client, zone: str, expected: list[str]) -> None:
    """T5, T22: whole days come first in the caller's zone, tasks without a date last; descending mirrors it."""
    await insert(
        client,
        Task,
        {"id": "task_0", "type": TaskType.LEAD, "date": date(2015, 1, 12)},
        {"id": "task_1", "type": TaskType.LEAD, "date_time": instant("2015-01-12T00:00:00Z")},
        {"id": "task_2", "type": TaskType.LEAD, "date_time": instant("2015-01-12T07:00:00Z")},
        {"id": "task_3", "type": TaskType.LEAD, "date_time": instant("2015-01-12T08:00:00Z")},
        {"id": "task_4", "type": TaskType.LEAD},
    )
    assert await listed(client, timeZone=zone) == expected
    down = await listed(client, timeZone=zone, orderBy={"direction": "DESC"})
    assert down == [*reversed(expected[:4]), "task_4"]


def mixed(count: int, seed: int) -> list[dict[str, Any]]:
    """Tasks around a few days and instants, with ties, and some without a date."""
    pick = random.Random(seed)
    tasks = []
    for n in range(count):
        when: dict[str, Any]
        day = date(2026, 3, 8) + timedelta(days=pick.randrange(5))
        moment = datetime(2026, 3, 8, tzinfo=UTC) + timedelta(minutes=30 * pick.randrange(240))
        when = pick.choice([{"date": day}, {"date_time": moment}, {"date_time": moment}, {}])
        done = pick.random() < 0.3
        made = NOON + timedelta(days=pick.randrange(4))
        tasks.append(task(n, **when, is_complete=done, date_created=made))
    pick.shuffle(tasks)
    return tasks


def place(row: Mapping[str, Any], zone: str) -> tuple[datetime, int] | None:
    """Where a task or a bound stands in the order of rule T5."""
    if row.get("date_time"):
        return row["date_time"], 1
    return (day_start(row["date"], zone), 0) if row.get("date") else None


def in_order(tasks: list[dict[str, Any]], zone: str, descending: bool = False) -> list[str]:
    dated = [(place(row, zone), row["id"]) for row in tasks if place(row, zone)]
    undated = [row["id"] for row in tasks if not place(row, zone)]
    ids = [id for _, id in sorted(dated, key=lambda one: (*(one[0] or ()), one[1]), reverse=descending)]
    return ids + sorted(undated, reverse=descending)


PAGE = """query($first: Int, $after: String, $last: Int, $before: String, $orderBy: TaskOrderInput) {
    tasks(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) {
        nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
}"""


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize("zone", ["America/Los_Angeles", "+05:30"])
async def test_pages_hold_each_task_once(client: Client, zone: str, direction: str) -> None:
    """T5, T25: forwards and backwards, through ties and tasks without a date."""
    tasks = mixed(40, seed=7)
    await insert(client, Task, *tasks)
    expected = in_order(tasks, zone, direction == "DESC")
    order = {"field": "DATE", "direction": direction}
    for size, cursor, more in (("first", "after", "hasNextPage"), ("last", "before", "hasPreviousPage")):
        seen: list[str] = []
        variables: dict[str, Any] = {size: 7, "orderBy": order}
        while True:
            page = (await client.data(PAGE, variables, zone=zone))["tasks"]
            ids = [node["id"] for node in page["nodes"]]
            seen = seen + ids if size == "first" else ids + seen
            if not page["pageInfo"][more]:
                break
            variables[cursor] = page["pageInfo"]["endCursor" if size == "first" else "startCursor"]
        assert seen == expected


async def test_order_by_creation_breaks_ties(client: Client) -> None:
    """T25: the other order; equal dates are told apart by id."""
    tasks = mixed(30, seed=3)
    await insert(client, Task, *tasks)
    up = [row["id"] for row in sorted(tasks, key=lambda row: (row["date_created"], row["id"]))]
    assert await listed(client, orderBy={"field": "DATE_CREATED"}) == up
    assert await listed(client, orderBy={"field": "DATE_CREATED", "direction": "DESC"}) == up[::-1]


async def test_other_orders_are_refused(client: Client) -> None:
    """T25: nothing else can be ordered by, and dueDate is not offered (T7)."""
    for field in ("TEXT", "DUE_DATE"):
        body = await client.run(f"{{ tasks(orderBy: {{ field: {field} }}) {{ totalCount }} }}")
        assert body["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "gt": lambda one, other: one > other,
    "gte": lambda one, other: one >= other,
    "lt": lambda one, other: one < other,
    "lte": lambda one, other: one <= other,
}


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "-08:00"])
@pytest.mark.parametrize("name", COMPARISONS)
async def test_date_bounds_compare_in_order(client: Client, zone: str, name: str) -> None:
    """T21, T22: bounds are whole days or instants and compare as tasks sort; no date lies in no range."""
    tasks = mixed(60, seed=11)
    await insert(client, Task, *tasks)
    bounds: list[tuple[dict[str, Any], dict[str, str]]] = [
        ({"date": date(2026, 3, 10)}, {"date": "2026-03-10"}),
        ({"date_time": instant("2026-03-10T07:00:00Z")}, {"dateTime": "2026-03-10T07:00:00Z"}),
        ({"date_time": instant("2026-03-10T00:00:00Z")}, {"dateTime": "2026-03-10T01:00:00+01:00"}),
    ]
    for bound, given in bounds:
        end = place(bound, zone)
        kept = [row for row in tasks if place(row, zone) and COMPARISONS[name](place(row, zone), end)]
        assert 0 < len(kept) < len(tasks)
        assert await listed(client, {"date": {name: given}}, timeZone=zone) == in_order(kept, zone)


async def test_date_range_takes_both_ends(client: Client) -> None:
    tasks = mixed(60, seed=13)
    await insert(client, Task, *tasks)
    low, high = (day_start(date(2026, 3, 9), "UTC"), 0), (instant("2026-03-11T06:00:00Z"), 1)
    kept = [row for row in tasks if (at := place(row, "UTC")) and low <= at < high]
    given = {"gte": {"date": "2026-03-09"}, "lt": {"dateTime": "2026-03-11T06:00:00Z"}}
    assert await listed(client, {"date": given}) == in_order(kept, "UTC")


@pytest.mark.parametrize("zone", ["UTC", "+14:00", "-12:00", "Asia/Tokyo"])
async def test_bounds_reach_the_calendars_ends(client: Client, zone: str) -> None:
    """Whoever wants every dated task may ask from the first day to the last."""
    await insert(client, Task, task(1, date=date(2026, 3, 10)), task(2, date_time=NOON), task(3))
    for low, high in (
        ({"date": "0001-01-01"}, {"date": "9999-12-31"}),
        ({"dateTime": "0001-01-01T00:00:00Z"}, {"dateTime": "9999-12-31T23:59:59Z"}),
    ):
        assert await listed(client, {"date": {"gte": low, "lte": high}}, timeZone=zone) == ["task_001", "task_002"]


@pytest.mark.parametrize("bound", ['{ date: "2026-03-10", dateTime: "2026-03-10T00:00:00Z" }', "{}", "{ date: null }"])
async def test_bound_is_one_date(client: Client, bound: str) -> None:
    """T4: a day or an instant, not both and not none."""
    body = await client.run(f"{{ tasks(filter: {{ date: {{ gt: {bound} }} }}) {{ totalCount }} }}")
    assert body["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


@pytest.mark.parametrize("when", ["2026-03-10T00:00:00", "2015-02-30T00:00:00Z", "2015-01-05"])
async def test_instants_need_an_offset(client: Client, when: str) -> None:
    """T4: a date-time without an offset is refused, and so is one that no calendar has."""
    body = await client.run(f'{{ tasks(filter: {{ date: {{ gt: {{ dateTime: "{when}" }} }} }}) {{ totalCount }} }}')
    assert body["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


@pytest.mark.parametrize(
    ("zone", "now"),
    [
        ("UTC", "2026-03-10T12:00:00Z"),
        ("America/Los_Angeles", "2026-03-08T07:59:00Z"),  # the eve of the change to summer time
        ("America/Los_Angeles", "2026-03-08T12:00:00Z"),  # the day of 23 hours
        ("+05:45", "2026-03-09T18:15:00Z"),
    ],
)
async def test_views_partition_the_tasks(client: Client, zone: str, now: str) -> None:
    """T2, T22-T24: every task shows in exactly one view, the one that it names."""
    client.now, client.zone = instant(now), zone
    tasks = mixed(60, seed=17)
    await insert(client, Task, *tasks)
    clock = Clock.at(client.now, zone)
    found = {name: await listed(client, {"view": name}) for name in ("INBOX", "FUTURE", "ARCHIVE")}
    assert sorted(id for ids in found.values() for id in ids) == sorted(row["id"] for row in tasks)
    for row in tasks:
        shown = view(row["is_complete"], row.get("date"), row.get("date_time"), clock)
        assert row["id"] in found[shown.name]
    data = await client.data("{ tasks(first: 100) { nodes { id view } } }")
    assert all(node["id"] in found[node["view"]] for node in data["tasks"]["nodes"])


async def test_inbox_ends_at_local_midnight(client: Client) -> None:
    """T22, T23: the last moment of today is in, the first of tomorrow is out, by the zone of the argument."""
    client.now = NOON
    await insert(
        client,
        Task,
        task(1, date_time=instant("2026-03-11T06:59:59.999Z")),
        task(2, date_time=instant("2026-03-11T07:00:00Z")),
        task(3, date=date(2026, 3, 10)),
        task(4, date=date(2026, 3, 11)),
        task(5),
    )
    zone = "America/Los_Angeles"
    assert await listed(client, {"view": "INBOX"}, timeZone=zone) == ["task_003", "task_001", "task_005"]
    assert await listed(client, {"view": "FUTURE"}, timeZone=zone) == ["task_004", "task_002"]
    assert await listed(client, {"view": "INBOX"}) == ["task_003", "task_005"]


async def test_task_shows_its_own_zone(client: Client) -> None:
    """T4, T6: the day of an instant and the view follow the zone that the task was asked with."""
    client.now = NOON
    await insert(client, Task, task(1, date_time=instant("2026-03-11T06:00:00Z")))
    query = """query($zone: TimeZone) {
        task(id: "task_001", timeZone: $zone) { date { date dateTime } view tokyo: view(timeZone: "Asia/Tokyo") }
        tasks(timeZone: $zone) { nodes { date { date dateTime } view tokyo: view(timeZone: "Asia/Tokyo") } }
    }"""
    there = {"date": {"date": "2026-03-10", "dateTime": "2026-03-11T06:00:00+00:00"}, "view": "INBOX"}
    here = {"date": {"date": "2026-03-11", "dateTime": "2026-03-11T06:00:00+00:00"}, "view": "FUTURE"}
    for variables, zone, shown in (
        ({"zone": "America/Los_Angeles"}, "UTC", there),
        ({"zone": None}, "America/Los_Angeles", there),
        ({}, "-08:00", there),
        ({"zone": "UTC"}, "-08:00", here),
    ):
        data = await client.data(query, variables, zone=zone)
        assert data["task"] == shown | {"tokyo": "FUTURE"}
        assert data["tasks"]["nodes"] == [data["task"]]


async def test_unknown_zone_is_refused(client: Client) -> None:
    body = await client.run('{ tasks(timeZone: "PST8") { totalCount } }')
    assert body["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_filters_match_a_brute_force(client: Client) -> None:
    """T21: each filter alone, and all of them together."""
    first, second = await lead_of(client), await lead_of(client)
    other = (await client.with_role("User")).actor.user_id
    pick = random.Random(5)
    tasks = [
        row | {"lead_id": pick.choice([first, second, None]), "assigned_to": pick.choice([other, None, me])}
        for me in [client.actor.user_id]
        for row in mixed(80, seed=19)
    ]
    await insert(client, Task, *tasks)
    me, ids = client.actor.user_id, [f"task_{n:03}" for n in range(0, 80, 3)]
    made = NOON + timedelta(days=1)
    cases: list[tuple[dict[str, Any], Callable[[dict[str, Any]], bool]]] = [
        ({"ids": ids}, lambda row: row["id"] in ids),
        ({"leadIds": [first]}, lambda row: row["lead_id"] == first),
        ({"leadIds": [first, second]}, lambda row: row["lead_id"] in (first, second)),
        ({"isComplete": True}, lambda row: row["is_complete"]),
        ({"isComplete": False}, lambda row: not row["is_complete"]),
        ({"assignedToIds": [other]}, lambda row: row["assigned_to"] == other),
        ({"assignedToMe": True}, lambda row: row["assigned_to"] == me),
        ({"assignedToMe": False}, lambda row: row["assigned_to"] != me),
        ({"dateCreated": {"gt": made.isoformat()}}, lambda row: row["date_created"] > made),
        ({"dateCreated": {"gte": made.isoformat()}}, lambda row: row["date_created"] >= made),
        ({"dateCreated": {"lt": made.isoformat()}}, lambda row: row["date_created"] < made),
        ({"dateCreated": {"lte": made.isoformat()}}, lambda row: row["date_created"] <= made),
    ]
    for filter, matches in cases:
        kept = [row for row in tasks if matches(row)]
        assert 0 < len(kept) < len(tasks)
        assert await listed(client, filter) == in_order(kept, "UTC"), filter
    chosen = [0, 2, 4, 7, 9]
    kept = [row for row in tasks if all(cases[n][1](row) for n in chosen)]
    assert len(kept) > 0
    together = {name: value for n in chosen for name, value in cases[n][0].items()}
    assert await listed(client, together) == in_order(kept, "UTC")


async def test_five_thousand_ids_are_taken(client: Client) -> None:
    """T21, G1: long lists work; a longer one is refused."""
    await insert(client, Task, task(1), task(2))
    ids = ["task_002", *(f"task_x{n}" for n in range(4_999))]
    assert await listed(client, {"ids": ids}) == ["task_002"]
    body = await client.run(IDS, {"filter": {"ids": [*ids, "task_001"]}})
    extensions = body["errors"][0]["extensions"]
    assert (extensions["code"], extensions["inputPath"]) == ("BAD_USER_INPUT", ["filter", "ids"])


@pytest.mark.parametrize("name", ["ids", "types", "leadIds", "assignedToIds"])
async def test_empty_lists_are_refused(client: Client, name: str) -> None:
    body = await client.run(IDS, {"filter": {name: []}})
    extensions = body["errors"][0]["extensions"]
    assert (extensions["code"], extensions["inputPath"]) == ("BAD_USER_INPUT", ["filter", name])


async def test_cursor_of_another_zone_is_invalid(client: Client) -> None:
    """T5: the order depends on the zone, so a cursor belongs to its zone."""
    lead = (await client.mutate("leadCreate", {"name": "A"}, "lead { id }"))["lead"]["id"]
    for text in ("one", "two"):
        await client.mutate("taskCreate", {"leadId": lead, "text": text})
    page = await client.data("{ tasks(first: 1) { pageInfo { endCursor } } }")
    after = {"after": page["tasks"]["pageInfo"]["endCursor"]}
    query = "query($after: String, $zone: TimeZone) { tasks(after: $after, timeZone: $zone) { nodes { id } } }"
    assert len((await client.data(query, after | {"zone": "UTC"}))["tasks"]["nodes"]) == 1
    body = await client.run(query, after | {"zone": "-08:00"})
    assert body["errors"][0]["extensions"] == {"code": "CURSOR_INVALID", "inputPath": ["after"]}
