"""A tree for every node and condition of a filter, as the golden files show them."""

from datetime import UTC, date, datetime
from decimal import Decimal

from app.domain.filters import (
    And,
    Boolean,
    Condition,
    CurrentUser,
    CustomField,
    Exists,
    FieldCondition,
    HasRelated,
    Id,
    InStatus,
    Kind,
    MatchAll,
    MomentRange,
    Not,
    NumberRange,
    ObjectType,
    Or,
    Query,
    Reference,
    RegularField,
    Term,
    Text,
)
from app.domain.moments import DayEdge, EdgeOfDay, Fixed
from app.domain.words import TextMode

MARCH, APRIL = Fixed(datetime(2026, 3, 1, tzinfo=UTC)), Fixed(datetime(2026, 4, 1, tzinfo=UTC))


def lead(name: str, condition: Condition) -> Query:
    return FieldCondition(RegularField(Kind.LEAD, name), condition)


def contact(name: str, condition: Condition) -> Query:
    return FieldCondition(RegularField(Kind.CONTACT, name), condition)


def custom(type: str, condition: Condition) -> Query:
    return And([ObjectType(Kind.LEAD), FieldCondition(CustomField(f"cf_{type}"), condition)])


def related(kind: Kind, name: str, condition: Condition, this: Kind = Kind.LEAD) -> Query:
    return HasRelated(kind, FieldCondition(RegularField(kind, name), condition), this)


CASES: dict[str, Query] = {
    "and": And([lead("url", Exists(True)), lead("source", Exists(False))]),
    "or": Or([lead("url", Exists(True)), lead("source", Exists(True))]),
    "not": Not(And([lead("url", Exists(True)), lead("source", Exists(True))])),
    "match_all": And([ObjectType(Kind.LEAD), MatchAll(True)]),
    "match_nothing": And([ObjectType(Kind.LEAD), MatchAll(False)]),
    "id": And([ObjectType(Kind.CONTACT), Id("cont_it")]),
    "object_type": ObjectType(Kind.CONTACT),
    "text": And([ObjectType(Kind.LEAD), Text("Foo bar")]),
    "text_of_both_kinds": Text("Foo"),
    "related_up": related(Kind.LEAD, "source", Exists(True), Kind.CONTACT),
    "related_down": related(Kind.OPPORTUNITY, "note", Exists(True)),
    "related_not": Not(related(Kind.EMAIL, "date", MomentRange(after=MARCH))),
    "related_twice": HasRelated(
        Kind.CONTACT, related(Kind.CONTACT_EMAIL, "email", Exists(True), Kind.CONTACT), Kind.LEAD
    ),
    "related_call": related(Kind.CALL, "direction", Term(["incoming"])),
    "in_status": And(
        [ObjectType(Kind.LEAD), HasRelated(Kind.OPPORTUNITY, InStatus(["stat_a", "stat_b"], MARCH, APRIL))]
    ),
    "boolean": related(Kind.TASK, "is_complete", Boolean(True)),
    "current_user": lead("created_by", CurrentUser(True)),
    "current_user_not": lead("created_by", CurrentUser(False)),
    "exists": contact("title", Exists(True)),
    "text_full_words": contact("title", Text("Chief officer")),
    "text_phrase": contact("title", Text("Chief officer", TextMode.PHRASE)),
    "text_beginning_of_words": contact("title", Text("chief off", TextMode.BEGINNING_OF_WORDS)),
    "text_exact_value": contact("title", Text("Chief officer", TextMode.EXACT_VALUE)),
    "text_related": related(Kind.CONTACT_EMAIL, "email", Text("example"), Kind.CONTACT),
    "term": related(Kind.OPPORTUNITY, "status_type", Term(["won"])),
    "term_many": related(Kind.OPPORTUNITY, "value_period", Term([f"period {n}" for n in range(30)])),
    "reference": lead("status_id", Reference(["stat_a"])),
    "reference_some": lead("status_id", Reference(["stat_a", "stat_b"])),
    "reference_many": contact("lead_id", Reference([f"lead_{n}" for n in range(30)])),
    "number_range": related(Kind.OPPORTUNITY, "value", NumberRange(gte=Decimal("10.5"), lt=Decimal(20))),
    "number_range_counted": contact("emails_count", NumberRange(gt=Decimal(1))),
    "moment_range_instant": lead("date_created", MomentRange(on_or_after=MARCH, before=APRIL)),
    "moment_range_day": related(
        Kind.OPPORTUNITY, "date_won", MomentRange(on_or_after=EdgeOfDay(date(2026, 3, 1), DayEdge.START))
    ),
    "moment_range_due": related(Kind.TASK, "date", MomentRange(before=APRIL)),
    "moment_range_last": lead("last_communication_date", MomentRange(before=MARCH)),
    "custom_text": custom("text", Text("Foo")),
    "custom_exists_not": custom("hidden", Exists(False)),
    "custom_number": custom("number", NumberRange(gt=Decimal("1.5"))),
    "custom_date": custom("date", MomentRange(after=MARCH)),
    "custom_datetime": custom("datetime", MomentRange(after=MARCH)),
    "custom_choices": custom("choices", Term(["Software as a service"])),
    "custom_user": custom("user", CurrentUser(True)),
}
