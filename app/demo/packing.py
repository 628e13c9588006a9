"""The Maven data set in the form in which the package carries it: columns of what cannot be derived, compressed.

scripts/build-demo writes it from a leads export of the data set.
"""

import json
import lzma
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

PACKED = Path(__file__).with_name("maven.json.xz")
EPOCH = date(2016, 10, 1)
"""The day from which the days of the data set are counted."""
LAST_DAY = date(2017, 12, 31)
"""The last day on which anything happens in the data set."""


class Agent(NamedTuple):
    id: str
    name: str
    office: str


class Stage(NamedTuple):
    id: str
    label: str
    type: str
    confidence: int


class Deal(NamedTuple):
    """An opportunity. Its value is in cents; `closed` is the day on which it was won or lost."""

    id: str
    agent: Agent
    stage: Stage
    product: str
    code: str
    value: int | None
    created: date
    closed: date | None


class Account(NamedTuple):
    id: str
    name: str
    status_id: str
    status_label: str
    country: str | None
    facts: dict[str, Any]
    deals: list[Deal]


def pack(leads: Iterable[dict[str, Any]]) -> bytes:
    """The leads of a leads export, packed."""
    leads = list(leads)
    deals = [deal for lead in leads for deal in lead["opportunities"]]
    agents, agent = _numbered(deals, lambda d: (d["user_id"], d["user_name"], d["custom"]["Regional Office"]))
    stages, stage = _numbered(deals, lambda d: (d["status_id"], d["status_label"], d["status_type"], d["confidence"]))
    products, product = _numbered(deals, lambda d: d["custom"]["Product"])
    packed = {
        "agents": agents,
        "stages": stages,
        "products": products,
        "leads": [_packed_lead(lead) for lead in leads],
        "agent": agent,
        "stage": stage,
        "product": product,
        "created": [_days(deal["date_created"]) for deal in deals],
        "closed": [_days(deal["date_won"] or deal["date_lost"]) for deal in deals],
        "value": [deal["value"] for deal in deals],
        "code": [deal["note"].rpartition(" (")[2].removesuffix(")") for deal in deals],
        "id": [deal["id"].removeprefix("oppo_") for deal in deals],
    }
    text = json.dumps(packed, ensure_ascii=False, separators=(",", ":"))
    return lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME)


def pack_file(export: Path) -> None:
    """Make the packed data set of the package from a leads export."""
    PACKED.write_bytes(pack(json.loads(export.read_text(encoding="utf-8"))))


def unpack(packed: bytes) -> Iterator[Account]:
    """The accounts of a packed data set with their deals, in the order of the export."""
    data = json.loads(lzma.decompress(packed))
    agents = [Agent(*agent) for agent in data["agents"]]
    stages = [Stage(*stage) for stage in data["stages"]]
    columns = ("id", "agent", "stage", "product", "code", "value", "created", "closed")
    rows = zip(*(data[column] for column in columns), strict=True)
    for id, name, status_id, status_label, country, facts, size in data["leads"]:
        deals = [
            Deal(
                f"oppo_{suffix}",
                agents[agent],
                stages[stage],
                data["products"][product],
                code,
                value,
                EPOCH + timedelta(days=created),
                None if closed is None else EPOCH + timedelta(days=closed),
            )
            for suffix, agent, stage, product, code, value, created, closed in islice(rows, size)
        ]
        yield Account(id, name, status_id, status_label, country, facts, deals)


def accounts() -> Iterator[Account]:
    """The data set that the package carries."""
    return unpack(PACKED.read_bytes())


def _packed_lead(lead: dict[str, Any]) -> list[Any]:
    countries = [address["country"] for address in lead["addresses"]]
    return [
        lead["id"],
        lead["name"],
        lead["status_id"],
        lead["status_label"],
        countries[0] if countries else None,
        lead["custom"],
        len(lead["opportunities"]),
    ]


def _numbered(
    deals: list[dict[str, Any]], key: Callable[[dict[str, Any]], Hashable]
) -> tuple[list[Hashable], list[int]]:
    """The distinct keys in order of appearance, and the number of each deal's key among them."""
    numbers: dict[Hashable, int] = {}
    column = [numbers.setdefault(key(deal), len(numbers)) for deal in deals]
    return list(numbers), column


def _days(moment: str | None) -> int | None:
    return None if moment is None else (date.fromisoformat(moment[:10]) - EPOCH).days
