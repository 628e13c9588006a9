"""The packed data set gives back what was packed."""

import json
from datetime import date
from pathlib import Path

import pytest

from app.demo import packing
from app.demo.packing import PACKED, Account, Agent, Deal, Stage, accounts, pack, pack_file, unpack

LEAD = {
    "id": "lead_1",
    "name": "Acme",
    "status_id": "stat_1",
    "status_label": "Customer",
    "addresses": [{"label": "business", "country": "Japan"}],
    "custom": {"Sector": "retail", "Revenue (M USD)": 1100.04},
    "opportunities": [
        {
            "id": "oppo_1",
            "user_id": "user_1",
            "user_name": "Ann Lee",
            "status_id": "stat_2",
            "status_label": "Lost",
            "status_type": "lost",
            "confidence": 0,
            "value": 0,
            "note": "GTX (Pro) (AB12CD34)",
            "custom": {"Product": "GTX (Pro)", "Regional Office": "East"},
            "date_created": "2016-10-20T12:00:00+00:00",
            "date_won": None,
            "date_lost": "2017-12-31T12:00:00+00:00",
        },
        {
            "id": "oppo_2",
            "user_id": "user_1",
            "user_name": "Ann Lee",
            "status_id": "stat_3",
            "status_label": "Engaging",
            "status_type": "active",
            "confidence": 50,
            "value": None,
            "note": "GTK 500 (ZZ12CD34)",
            "custom": {"Product": "GTK 500", "Regional Office": "East"},
            "date_created": "2017-02-28T12:00:00+00:00",
            "date_won": None,
            "date_lost": None,
        },
    ],
}
NOWHERE = LEAD | {"id": "lead_2", "name": "Nowhere", "addresses": [], "opportunities": []}
ANN = Agent("user_1", "Ann Lee", "East")
LOST, ENGAGING = Stage("stat_2", "Lost", "lost", 0), Stage("stat_3", "Engaging", "active", 50)
UNPACKED = [
    Account(
        "lead_1",
        "Acme",
        "stat_1",
        "Customer",
        "Japan",
        {"Sector": "retail", "Revenue (M USD)": 1100.04},
        [
            Deal("oppo_1", ANN, LOST, "GTX (Pro)", "AB12CD34", 0, date(2016, 10, 20), date(2017, 12, 31)),
            Deal("oppo_2", ANN, ENGAGING, "GTK 500", "ZZ12CD34", None, date(2017, 2, 28), None),
        ],
    ),
    Account("lead_2", "Nowhere", "stat_1", "Customer", None, {"Sector": "retail", "Revenue (M USD)": 1100.04}, []),
]


def test_unpacking_gives_what_was_packed() -> None:
    assert list(unpack(pack([LEAD, NOWHERE]))) == UNPACKED


def test_file_is_packed_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "PACKED", tmp_path / "packed.xz")
    export = tmp_path / "close-export.json"
    export.write_text(json.dumps([LEAD, NOWHERE]), encoding="utf-8")
    pack_file(export)
    assert list(accounts()) == UNPACKED


def test_package_carries_whole_data_set() -> None:
    known = list(accounts())
    assert [len(known), sum(len(account.deals) for account in known)] == [86, 8800]
    assert sum(deal.value or 0 for account in known for deal in account.deals) == 1_000_553_400
    assert max(deal.closed for account in known for deal in account.deals if deal.closed) == packing.LAST_DAY


def test_package_stays_small() -> None:
    assert PACKED.stat().st_size < 700_000
