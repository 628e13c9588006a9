"""A day decides the demo; another day moves its dates and nothing else."""

import json
import os
import re
import subprocess
import sys
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import pytest

from app.demo.leads import records

DATES = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d\+00:00)?")
DIGEST = (
    "import json; from datetime import date; from hashlib import sha256; from app.demo.leads import records;"
    "print(sha256(json.dumps(list(records(date(2026, 8, 20)))).encode()).hexdigest())"
)


def test_same_day_gives_same_bytes(leads: list[dict[str, Any]]) -> None:
    expected = sha256(json.dumps(leads).encode()).hexdigest()
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": "Pacific/Auckland"}
        run = subprocess.run(
            [sys.executable, "-c", DIGEST], env=environment, capture_output=True, text=True, check=True
        )
        assert run.stdout.strip() == expected


@pytest.mark.parametrize("days", [1, 1000])
def test_other_day_moves_dates_alone(leads: list[dict[str, Any]], today: date, days: int) -> None:
    later = json.dumps(list(records(today + timedelta(days=days))))
    assert later != json.dumps(leads)
    assert DATES.sub("", later) == DATES.sub("", json.dumps(leads))


def test_first_choices_are_pinned(leads: list[dict[str, Any]]) -> None:
    acme = leads[0]
    assert [acme["id"], acme["name"]] == ["lead_AH4tDlkZ3sCmPKB6xaOx5H6OpsQyv4dLHr9Ya3RLkjp", "Acme Corporation"]
    assert [(contact["id"], contact["name"]) for contact in acme["contacts"]] == [
        ("cont_1bv8Vl0B7eKqo3m2TVVzJa", "Hattie Prendergast"),
        ("cont_0qCRfOGbTCPdwsDiY3bjWP", "Isagani Magbanua"),
        ("cont_4OqgangQNT2xxMx4dfNDUT", "Anjali Chaudhuri"),
    ]


def test_leads_come_one_by_one(today: date) -> None:
    stream = records(today)
    assert next(stream)["name"] == "Acme Corporation"
    assert next(stream)["name"] == "Betasoloin"
