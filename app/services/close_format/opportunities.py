"""Opportunities of the format, both ways."""

from collections.abc import Mapping
from typing import Any

from app.domain.opportunities import ValuePeriod
from app.services.close_format.keys import AUDIT, AUDIT_DERIVED, Key, Layout, iso, moment, reference
from app.services.close_format.kinds import OPPORTUNITY, Draft
from app.services.close_format.learning import opportunity_status
from app.services.close_format.reading import Place, Reading
from app.services.close_format.values import MAX_BIG_INTEGER, day, one_of, text, whole_between

DEFAULT_CONFIDENCE = 50
STATUS_KEYS = ("status_id", "status_label", "status", "status_type", "pipeline_id", "pipeline_name")


def _currency(value: Any) -> str | None:
    code = text(value)
    code = code.strip().upper() if code else None
    if code is not None and not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise ValueError("is not a currency code of three letters")
    return code


LAYOUT = Layout(
    reference("contact_id"),
    reference("user_id"),
    Key("note"),
    Key("confidence", "", whole_between(0, 100)),
    Key("value", "value_cents", whole_between(-MAX_BIG_INTEGER, MAX_BIG_INTEGER)),
    Key("value_currency", "currency", _currency, lenient=True),
    Key("value_period", "", one_of({period.value: period for period in ValuePeriod}), str),
    Key("close_date", "", day, iso),
    Key("date_won", "", day, iso),
    moment("date_lost"),
    *AUDIT,
    derived=(
        "id", "lead_id", "lead_name", "contact_name", "user_name", "note_html", "status_display_name",
        "value_formatted", "expected_value", "annualized_value", "annualized_expected_value",
        *STATUS_KEYS, *AUDIT_DERIVED,
    ),
    extras=("attachments", "integration_links"),
)  # fmt: skip


def read(reading: Reading, record: Mapping[str, Any], place: Place) -> Draft:
    draft = reading.draft(OPPORTUNITY, LAYOUT, record, place, OPPORTUNITY.name)
    draft.columns["lead_id"] = place.lead_id
    statuses = reading.directory.opportunity_statuses
    named = opportunity_status(record)
    draft.defaults |= {
        "status_id": statuses.default,
        "confidence": DEFAULT_CONFIDENCE,
        "value_period": ValuePeriod.ONE_TIME,
    }
    if named.id is not None or named.label is not None:
        draft.columns["status_id"] = statuses.find(named)
    if draft.columns.get("value_cents") is not None and draft.columns.get("currency") is None:
        draft.columns["currency"] = reading.directory.currency
    return draft


def write(
    row: Mapping[str, Any], names: Mapping[str, Any], status: Mapping[str, Any], pipeline: Mapping[str, Any]
) -> dict[str, Any]:
    """`names` are those of the lead and the contact."""
    stage = {
        "status_id": status["id"],
        "status_label": status["label"],
        "status_type": status["type"].value,
        "pipeline_id": pipeline["id"],
        "pipeline_name": pipeline["name"],
    }
    head = {"id": row["id"], "lead_id": row["lead_id"], "lead_name": names["lead_name"]}
    return head | {"contact_name": names["contact_name"]} | stage | LAYOUT.write(row)
