"""Three leads and three contacts to search among, and the usual way to ask for them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from app.domain.activities import ActivityType
from app.domain.custom_fields import DataType
from app.domain.names import sort_name
from app.domain.tasks import TaskType
from app.storage.activities import Activity
from app.storage.contacts import Contact, ContactEmail, ContactPhone, ContactUrl
from app.storage.custom_fields import CustomActivityType, CustomField, CustomFieldPlacement, CustomFieldValue
from app.storage.leads import Lead, LeadAddress
from app.storage.opportunities import Opportunity, OpportunityStatus
from app.storage.tasks import Task
from tests.client import Client

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
AUDIT: dict[str, Any] = {"date_created": NOON, "date_updated": NOON}

QUERY = """query(
    $query: SearchQueryInput!, $sort: [SearchSortInput!], $first: Int, $after: String, $resultsLimit: Int,
    $timeZone: TimeZone
) {
    search(
        query: $query, sort: $sort, first: $first, after: $after, resultsLimit: $resultsLimit, timeZone: $timeZone
    ) { %s }
}"""
IDS = "nodes { ... on Node { id } }"
PAGE = f"{IDS} pageInfo {{ endCursor hasNextPage }}"
LEADS: dict[str, Any] = {"objectType": "LEAD"}
CONTACTS: dict[str, Any] = {"objectType": "CONTACT"}


async def search(client: Client, query: Any, select: str = PAGE, **variables: Any) -> dict[str, Any]:
    zone = {"zone": variables.pop("zone")} if "zone" in variables else {}
    found: dict[str, Any] = (await client.data(QUERY % select, {"query": query} | variables, **zone))["search"]
    return found


async def ids(client: Client, query: Any, **variables: Any) -> list[str]:
    return ids_of(await search(client, query, IDS, **variables))


def ids_of(found: dict[str, Any]) -> list[str]:
    return [node["id"] for node in found["nodes"]]


async def refused(client: Client, query: Any, select: str = PAGE, **variables: Any) -> tuple[str, list[str], str]:
    """The code, the inputPath and the message of the one error."""
    body = await client.run(QUERY % select, {"query": query} | variables)
    assert body.get("data") is None
    [error] = body["errors"]
    extensions = error["extensions"]
    return extensions["code"], extensions.get("inputPath", []), error["message"]


def where(field: dict[str, str], **condition: Any) -> dict[str, Any]:
    return {"fieldCondition": {"field": field, "condition": condition}}


def related(kind: str, query: Any, **more: str) -> dict[str, Any]:
    return {"hasRelated": {"relatedObjectType": kind, "relatedQuery": query} | more}


async def build(client: Client) -> None:
    """Later letters are newer; lead_c has nothing."""
    me = client.actor.user_id
    async with client.database.write(client.actor) as session:
        [status, *_] = await session.find(OpportunityStatus)
        await session.insert(Lead, *(await _leads(client)))
        await session.insert(LeadAddress, _part("lead", "a", LeadAddress, city="Lower Rome", country="IT"))
        people = [("ann", "a", "Ann Lee", "CEO"), ("bob", "a", "Bob Ray", None), ("cid", "b", "Cid Ray", "ceo & owner")]
        await session.insert(Contact, *(_contact(place, *person) for place, person in enumerate(people)))
        mails = [("ann", "ann@acme.example"), ("ann", "lee@home.example"), ("cid", "cid@bluth.example")]
        rows = [_part("contact", id, ContactEmail, place, email=email) for place, (id, email) in enumerate(mails)]
        await session.insert(ContactEmail, *rows)
        await session.insert(ContactPhone, _part("contact", "bob", ContactPhone, phone="+16505550100"))
        await session.insert(ContactUrl, _part("contact", "cid", ContactUrl, url="https://cid.example/about"))
        deal = {"id": "oppo_1", "lead_id": "lead_a", "contact_id": "cont_ann", "status_id": status["id"]}
        money = {"value_cents": 123_450, "currency": "EUR", "value_period": "monthly", "confidence": 50}
        await session.insert(Opportunity, AUDIT | deal | money | {"note": "Anvils", "user_id": me})
        call = {"id": "acti_1", "type": ActivityType.CALL, "lead_id": "lead_b", "contact_id": "cont_cid", "date": NOON}
        more = {"direction": "inbound", "disposition": "answered", "text": "Wants a roof", "duration": 60}
        await session.insert(Activity, AUDIT | call | more)
        task = {"id": "task_1", "type": TaskType.LEAD, "lead_id": "lead_b", "date": date(2026, 3, 11), "text": "Visit"}
        await session.insert(Task, AUDIT | task | {"assigned_to": me})
        await _custom(session)


async def _leads(client: Client) -> list[dict[str, Any]]:
    status = (await client.data("{ leadStatuses { id } }"))["leadStatuses"][0]["id"]
    facts: list[dict[str, Any]] = [
        {"name": "Acme", "description": "Anvils, and other tools", "url": "https://acme.example/"},
        {"name": "Bluth Homes", "description": None, "url": None},
        {"name": "Initech", "description": "Tools alone", "url": None},
    ]
    return [
        {"id": f"lead_{letter}", "status_id": status, "created_by": client.actor.user_id if letter == "a" else None}
        | fact
        | {"display_name": fact["name"], "sort_name": sort_name(fact["name"])}
        | {"date_created": NOON + timedelta(days=place), "date_updated": NOON}
        for place, (letter, fact) in enumerate(zip("abc", facts, strict=True))
    ]


def _contact(place: int, id: str, lead: str, name: str, title: str | None) -> dict[str, Any]:
    created = {"date_created": NOON + timedelta(hours=1 + place), "date_updated": NOON}
    names = {"name": name, "display_name": name, "sort_name": sort_name(name), "title": title}
    return {"id": f"cont_{id}", "lead_id": f"lead_{lead}"} | names | created


def _part(owner: str, id: str, model: Any, position: int = 0, **values: str) -> dict[str, Any]:
    prefix = "lead" if owner == "lead" else "cont"
    type_ = {} if owner == "lead" else {"type": "office"}
    own = {f"{owner}_id": f"{prefix}_{id}", "position": position}
    return {"id": f"{model.__tablename__}_{id}{position}"} | own | type_ | values


async def _custom(session: Any) -> None:
    """A choice, a number and a text on leads, and a type of activity."""
    await session.insert(CustomActivityType, AUDIT | {"id": "actitype_1", "name": "Visit", "name_key": "visit"})
    fields: list[tuple[str, DataType, list[str] | None]] = [
        ("cf_kind", DataType.CHOICES, ["Software as a service", "Retail"]),
        ("cf_size", DataType.NUMBER, None),
        ("cf_slogan", DataType.TEXT, None),
    ]
    for place, (id, type_, choices) in enumerate(fields):
        row = {"id": id, "name": id, "name_key": id, "home": "lead", "scope": "lead", "data_type": type_}
        await session.insert(CustomField, AUDIT | row | {"choices": choices})
        place_of = {"id": f"place_{id}", "field_id": id, "target": "lead", "position": place}
        await session.insert(CustomFieldPlacement, place_of)
    values: list[tuple[str, str, dict[str, Any]]] = [
        ("cf_kind", "a", {"item": "Software as a service", "slot": "Software as a service"}),
        ("cf_kind", "b", {"item": "Retail", "slot": "Retail"}),
        ("cf_size", "a", {"number": Decimal("12.5")}),
        ("cf_slogan", "b", {"text": "Solid as a rock"}),
    ]
    for field, lead, value in values:
        owner = {"object_id": f"lead_{lead}", "owner_type": "lead", "lead_id": f"lead_{lead}"}
        await session.insert(CustomFieldValue, {"id": f"cfva_{field}{lead}", "field_id": field} | owner | value)
