"""Activities of every kind, read (rules A1-A4, A7-A9)."""

from datetime import timedelta
from typing import Any

import pytest

from app.domain.activities import ActivityType
from app.storage.activities import Activity
from app.storage.reads import table_of
from app.storage.tasks import Task
from tests.client import Client
from tests.graphql.scenery import NOON, build


@pytest.fixture
async def client(client: Client) -> Client:
    await build(client.database, client.organization_id)
    return client


COMMON = "__typename id type date lead { id } contact { id } user { displayName }"


async def test_each_kind_has_its_type(client: Client) -> None:
    """A1: every record resolves to its own type, with lead, contact and user."""
    query = f"{{ activities(first: 100, threadEmails: THREADS_AND_MESSAGES) {{ nodes {{ {COMMON} }} }} }}"
    nodes = (await client.data(query))["activities"]["nodes"]
    types = {node["id"]: (node["__typename"], node["type"]) for node in nodes}
    assert types == {
        "acti_call": ("Call", "CALL"),
        "acti_note": ("Note", "NOTE"),
        "acti_sms": ("Sms", "SMS"),
        "acti_meeting": ("Meeting", "MEETING"),
        "acti_lead_status_change": ("LeadStatusChange", "LEAD_STATUS_CHANGE"),
        "acti_opportunity_status_change": ("OpportunityStatusChange", "OPPORTUNITY_STATUS_CHANGE"),
        "acti_task_completed": ("TaskCompleted", "TASK_COMPLETED"),
        "acti_created": ("Created", "CREATED"),
        "acti_lead_merge": ("LeadMerge", "LEAD_MERGE"),
        "acti_custom": ("CustomActivity", "CUSTOM"),
        "acti_email_thread": ("EmailThread", "EMAIL_THREAD"),
        "acti_email0": ("Email", "EMAIL"),
        "acti_email1": ("Email", "EMAIL"),
        "acti_email2": ("Email", "EMAIL"),
    }
    for node in nodes:
        nobodys = node["id"] == "acti_sms"
        assert node["lead"] == {"id": "lead_1"}
        assert node["contact"] == (None if nobodys else {"id": "cont_1"})
        assert node["user"] == (None if nobodys else {"displayName": "Reed Clapper"})
    assert client.statements == 4


CASES: list[tuple[str, str, dict[str, Any]]] = [
    (
        "acti_call",
        """... on Call { direction disposition phone localPhone duration note
            recordingUrl voicemailUrl voicemailDuration }""",
        {
            "direction": "INBOUND", "disposition": "VOICEMAIL_LEFT", "phone": "+16505550100",
            "localPhone": "+16505550101", "duration": 62, "note": "Asked for a demo",
            "recordingUrl": "https://calls.example/1", "voicemailUrl": "https://calls.example/2",
            "voicemailDuration": 12,
        },
    ),
    ("acti_note", "... on Note { text textHtml }", {"text": "Likes blue", "textHtml": "<p>Likes blue</p>"}),
    (
        "acti_sms",
        """... on Sms { direction smsStatus text remotePhone localPhone dateSent dateScheduled
            attachments { url filename contentType size thumbnailUrl } }""",
        {
            "direction": "OUTBOUND", "smsStatus": "SENT", "text": "Hi", "remotePhone": "+16505550100",
            "localPhone": "+16505550101", "dateSent": "2026-03-01T12:00:00+00:00", "dateScheduled": None,
            "attachments": [
                {"url": "https://files.example/a.png", "filename": "a.png", "contentType": None, "size": 7,
                 "thumbnailUrl": None}
            ],
        },
    ),
    (
        "acti_meeting",
        """... on Meeting { title meetingStatus startsAt endsAt duration location note
            attendees { email name response contact { displayName } user { displayName } } }""",
        {
            "title": "Demo", "meetingStatus": "COMPLETED", "startsAt": "2026-03-01T12:00:00+00:00",
            "endsAt": "2026-03-01T13:00:00+00:00", "duration": 3600, "location": "Room 3", "note": "Went well",
            "attendees": [
                {"email": "a@example.com", "name": "A", "response": "YES", "contact": {"displayName": "Ann"},
                 "user": None},
                {"email": None, "name": None, "response": "NO_REPLY", "contact": None,
                 "user": {"displayName": "Reed Clapper"}},
            ],
        },
    ),
    (
        "acti_lead_status_change",
        "... on LeadStatusChange { oldLabel newLabel oldLeadStatus { id } newLeadStatus { label } }",
        {"oldLabel": "Gone", "newLabel": "Was new", "oldLeadStatus": None, "newLeadStatus": {"label": "Fresh"}},
    ),
    (
        "acti_opportunity_status_change",
        """... on OpportunityStatusChange { oldLabel newLabel opportunity { id }
            oldOpportunityStatus { label } newOpportunityStatus { id } }""",
        {
            "oldLabel": "Open", "newLabel": "", "opportunity": {"id": "oppo_1"},
            "oldOpportunityStatus": {"label": "Open"}, "newOpportunityStatus": None,
        },
    ),
    (
        "acti_task_completed",
        "... on TaskCompleted { taskText task { __typename id } }",
        {"taskText": "Call back", "task": {"__typename": "LeadTask", "id": "task_lead"}},
    ),
    ("acti_created", "... on Created { origin }", {"origin": "import"}),
    ("acti_lead_merge", "... on LeadMerge { sourceId sourceName }", {"sourceId": "lead_gone", "sourceName": "Bluth"}),
    (
        "acti_custom",
        "... on CustomActivity { customActivityStatus customType { id name isArchived } customFields { display } }",
        {
            "customActivityStatus": "PUBLISHED",
            "customType": {"id": "actitype_1", "name": "Visit", "isArchived": False},
            "customFields": [{"display": "activity"}],
        },
    ),
    (
        "acti_email1",
        """... on Email { thread { id } direction emailStatus subject sender to cc bcc bodyText bodyHtml bodyPreview
            messageId inReplyTo references dateSent dateScheduled attachments { url } }""",
        {
            "thread": {"id": "acti_email_thread"}, "direction": "OUTBOUND", "emailStatus": "SENT", "subject": "Offer 1",
            "sender": "1@example.com", "to": ["2@example.com"], "cc": ["cc@example.com"], "bcc": [],
            "bodyText": "Body 1", "bodyHtml": "<p>Body 1</p>", "bodyPreview": "Body 1",
            "messageId": "<1@example.com>", "inReplyTo": None, "references": ["<0@example.com>"],
            "dateSent": "2026-03-01T12:00:00+00:00", "dateScheduled": None, "attachments": [],
        },
    ),
    (
        "acti_email_thread",
        "... on EmailThread { subject participants emails { id bodyText } latestEmail { id } emailCount }",
        {
            "subject": "Offer",
            "participants": ["0@example.com", "1@example.com", "cc@example.com", "2@example.com", "3@example.com"],
            "emails": [{"id": f"acti_email{i}", "bodyText": f"Body {i}"} for i in range(3)],
            "latestEmail": {"id": "acti_email2"}, "emailCount": 3,
        },
    ),
]  # fmt: skip


@pytest.mark.parametrize(("id", "select", "expected"), CASES, ids=[case[0] for case in CASES])
async def test_kind_shows_its_own_fields(client: Client, id: str, select: str, expected: dict[str, Any]) -> None:
    query = f"query($id: ID!) {{ activity(id: $id) {{ {select} }} node(id: $id) {{ __typename id {select} }} }}"
    data = await client.data(query, {"id": id})
    assert data["activity"] == expected
    assert {name: data["node"][name] for name in expected} == expected


async def test_threads_show_in_three_modes(client: Client) -> None:
    """A7-A9: three mails of one thread are three Email, or one EmailThread, or both with stripped mails."""
    query = """query($mode: EmailThreading!, $types: [ActivityType!]) { lead(id: "lead_1") {
        activities(first: 100, threadEmails: $mode, filter: { types: $types }) {
            totalCount nodes { __typename ... on Email { bodyText bodyHtml bodyPreview }
                ... on EmailThread { emails { bodyText } } } } } }"""
    whole = [
        {"__typename": "Email", "bodyText": f"Body {i}", "bodyHtml": f"<p>Body {i}</p>", "bodyPreview": f"Body {i}"}
        for i in (2, 1, 0)
    ]
    thread = {"__typename": "EmailThread", "emails": [{"bodyText": f"Body {i}"} for i in range(3)]}
    expected: dict[str, list[dict[str, Any]]] = {
        "MESSAGES": whole,
        "THREADS": [thread],
        "THREADS_AND_MESSAGES": [*({**mail, "bodyText": None, "bodyHtml": None} for mail in whole), thread],
    }
    for mode, nodes in expected.items():
        types = {"MESSAGES": ["EMAIL"], "THREADS": ["EMAIL_THREAD"]}.get(mode, ["EMAIL", "EMAIL_THREAD"])
        found = (await client.data(query, {"mode": mode, "types": types}))["lead"]["activities"]
        assert found == {"totalCount": len(nodes), "nodes": nodes}


@pytest.mark.parametrize(("mode", "types"), [("MESSAGES", "EMAIL_THREAD, CALL"), ("THREADS", "EMAIL")])
async def test_kind_that_mode_leaves_out_is_refused(client: Client, mode: str, types: str) -> None:
    """A8: asking for a kind that the mode leaves out is a mistake, not an empty list."""
    body = await client.run(
        f"{{ activities(threadEmails: {mode}, filter: {{ types: [{types}] }}) {{ nodes {{ id }} }} }}"
    )
    assert body["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "inputPath": ["threadEmails"]}


async def test_only_mails_are_stripped(client: Client) -> None:
    """A8: the bodies of mails are left out, the texts of other kinds stay."""
    query = """{ activities(threadEmails: THREADS_AND_MESSAGES, filter: { types: [NOTE, CALL] }) {
        nodes { ... on Note { text textHtml } ... on Call { note } } } }"""
    assert (await client.data(query))["activities"]["nodes"] == [
        {"text": "Likes blue", "textHtml": "<p>Likes blue</p>"},
        {"note": "Asked for a demo"},
    ]


async def test_link_to_another_kind_reads_as_null(client: Client) -> None:
    """T12: what an import linked to the wrong kind of object is absent, and nothing else is lost."""
    async with client.database.write(client.actor) as session:
        await session.update(Task, {"object_id": "acti_note", "details": {"email_ids": ["acti_note", "acti_email1"]}})
        thread = {"thread_id": "acti_note"}
        await session.update(Activity, thread, table_of(Activity).c.id == "acti_email2")
    data = await client.data("""{ tasks(filter: { types: null }) { nodes { __typename
        ... on MissedCallTask { call { id } } ... on IncomingSmsTask { sms { id } }
        ... on IncomingEmailTask { thread { id } emails { id } } ... on OpportunityDueTask { opportunity { id } } } }
        activity(id: "acti_email2") { ... on Email { thread { id } } } }""")
    found = {node.pop("__typename"): node for node in data["tasks"]["nodes"]}
    assert found["MissedCallTask"] == {"call": None}
    assert found["IncomingSmsTask"] == {"sms": None}
    assert found["IncomingEmailTask"] == {"thread": None, "emails": [{"id": "acti_email1"}]}
    assert found["OpportunityDueTask"] == {"opportunity": None}
    assert data["activity"] == {"thread": None}


async def test_filters_equal_brute_force(client: Client) -> None:
    """A2, A3: each filter alone and combined, against the rows themselves; gt and lt are exclusive."""
    everything = """{ activities(first: 100) { nodes {
        id type date dateCreated lead { id } contact { id } user { id } } } }"""
    rows = (await client.data(everything))["activities"]["nodes"]
    third = (NOON + timedelta(hours=3)).isoformat()
    tests: list[tuple[dict[str, Any], Any]] = [
        ({"ids": ["acti_call", "acti_sms", "acti_x"]}, lambda r: r["id"] in {"acti_call", "acti_sms"}),
        ({"leadIds": ["lead_1"]}, lambda r: r["lead"]["id"] == "lead_1"),
        ({"leadIds": ["lead_2"]}, lambda r: False),
        ({"userIds": ["user_1"]}, lambda r: r["user"] is not None),
        ({"contactIds": ["cont_1"]}, lambda r: r["contact"] is not None),
        ({"types": ["CALL", "NOTE"]}, lambda r: r["type"] in {"CALL", "NOTE"}),
        ({"customTypeIds": ["actitype_1"]}, lambda r: r["type"] == "CUSTOM"),
        ({"types": ["CALL"], "customTypeIds": ["actitype_1"]}, lambda r: r["type"] in {"CALL", "CUSTOM"}),
        ({"date": {"gt": third}}, lambda r: r["date"] > third),
        ({"date": {"gte": third, "lt": "2026-03-02T00:00:00Z"}}, lambda r: third <= r["date"] < "2026-03-02T00"),
        ({"date": {"lte": third}, "types": ["CALL", "MEETING", "SMS"]},
         lambda r: r["date"] <= third and r["type"] in {"CALL", "MEETING", "SMS"}),
        ({"dateCreated": {"gt": NOON.isoformat()}}, lambda r: False),
        ({"dateCreated": {"gte": NOON.isoformat()}}, lambda r: True),
    ]  # fmt: skip
    query = "query($f: ActivityFilterInput) { activities(first: 100, filter: $f) { nodes { id } } }"
    for filter, holds in tests:
        found = (await client.data(query, {"f": filter}))["activities"]["nodes"]
        assert [node["id"] for node in found] == [row["id"] for row in rows if holds(row)], filter


@pytest.mark.parametrize("member", ["types", "ids", "leadIds", "userIds", "contactIds", "customTypeIds"])
async def test_empty_list_is_not_all(client: Client, member: str) -> None:
    """A4: an empty list is refused, for it would mean everything or nothing."""
    body = await client.run(f"{{ activities(filter: {{ {member}: [] }}) {{ nodes {{ id }} }} }}")
    assert body["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "inputPath": ["filter", member]}


async def test_unknown_kind_is_refused_by_schema(client: Client) -> None:
    """A10: the kinds are an enum."""
    body = await client.run("{ activities(filter: { types: [FAX] }) { nodes { id } } }")
    assert body["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    data = await client.data('{ __type(name: "ActivityType") { enumValues { name } } }')
    assert [value["name"] for value in data["__type"]["enumValues"]] == [type_.name for type_ in ActivityType]


async def test_activities_order_and_page(client: Client) -> None:
    query = """query($after: String, $direction: OrderDirection!) { lead(id: "lead_1") {
        activities(first: 4, after: $after, orderBy: { field: DATE, direction: $direction }) {
            nodes { id date } pageInfo { hasNextPage endCursor } } } }"""
    for direction in ("ASC", "DESC"):
        seen: list[str] = []
        dates: list[str] = []
        after, more = None, True
        while more:
            page = (await client.data(query, {"after": after, "direction": direction}))["lead"]["activities"]
            seen += [node["id"] for node in page["nodes"]]
            dates += [node["date"] for node in page["nodes"]]
            after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
        assert len(seen) == len(set(seen)) == 13
        assert dates == sorted(dates, reverse=direction == "DESC")


async def test_cursor_of_another_order_is_invalid(client: Client) -> None:
    page = await client.data("{ activities(first: 1) { pageInfo { endCursor } } }")
    query = """query($after: String) {
        activities(after: $after, orderBy: { direction: ASC }) { nodes { id } } }"""
    body = await client.run(query, {"after": page["activities"]["pageInfo"]["endCursor"]})
    assert body["errors"][0]["extensions"] == {"code": "CURSOR_INVALID", "inputPath": ["after"]}
