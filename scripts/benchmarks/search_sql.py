"""The same questions in SQL by hand, as what each database answers fastest from the tables and indexes there are."""

import re
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

from app.storage.number_keys import number_key
from scripts.benchmarks.crm_furniture import EMPLOYEES, INDUSTRY, NOW, ORGANIZATION
from scripts.benchmarks.search_filters import NEGOTIATION, POTENTIAL, QUALIFIED

_HEADER = re.compile(r"^-- name: (.+)\n", re.MULTILINE)


def statement(name: str, dialect: str, columns: Sequence[str]) -> str:
    """The SQL for a question, which reads these columns."""
    return Template(_statements(dialect)[name]).substitute(columns=", ".join(f"x.{column}" for column in columns))


def values(dialect: str) -> dict[str, Any]:
    """What the statements bind."""
    month_ago = NOW - timedelta(days=30)
    return {
        "organization": ORGANIZATION,
        "industry": INDUSTRY,
        "employees": EMPLOYEES,
        "negotiation": NEGOTIATION,
        "potential": POTENTIAL,
        "qualified": QUALIFIED,
        "five_hundred": number_key(Decimal(500)),
        "month_ago": month_ago if dialect == "postgresql" else month_ago.isoformat(),
    }


@cache
def _statements(dialect: str) -> dict[str, str]:
    _, *parts = _HEADER.split(Path(__file__).with_name(f"search_{dialect}.sql").read_text())
    return dict(zip(parts[::2], parts[1::2], strict=True))
