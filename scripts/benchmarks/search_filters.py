"""Questions that sales teams ask of their CRM, as filter trees."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.filters import (
    And,
    Condition,
    CustomField,
    FieldCondition,
    HasRelated,
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
    SortKey,
    Term,
    Text,
)
from app.domain.moments import Anchor, Duration, Relative
from app.domain.words import TextMode
from scripts.benchmarks.crm_furniture import EMPLOYEES, INDUSTRY, LEAD_STATUSES, STAGES

NEGOTIATION = list(STAGES)[2]
POTENTIAL, _, QUALIFIED, _ = LEAD_STATUSES


@dataclass(frozen=True)
class Question:
    """A filter with the order that its hits come in, and whether they are counted or a page of them is read."""

    name: str
    query: Query
    sort: Sequence[SortKey] = ()
    counted: bool = False
    hits_before: int = 0


def _field(kind: Kind, name: str, condition: Condition) -> FieldCondition:
    return FieldCondition(RegularField(kind, name), condition)


def _leads(*queries: Query) -> And:
    return And([ObjectType(Kind.LEAD), *queries])


def _days_ago(days: int) -> Relative:
    return Relative(Anchor.NOW, Duration(days=days, negative=True))


_SOFTWARE = FieldCondition(CustomField(INDUSTRY), Term(["Software"]))
_NEGOTIATED = HasRelated(
    Kind.OPPORTUNITY,
    And(
        [
            _field(Kind.OPPORTUNITY, "status_id", Reference([NEGOTIATION])),
            _field(Kind.OPPORTUNITY, "value", NumberRange(gte=Decimal(50_000), lte=Decimal(250_000))),
        ]
    ),
    Kind.LEAD,
)
_RECENT_CALL = HasRelated(Kind.CALL, _field(Kind.CALL, "date", MomentRange(on_or_after=_days_ago(30))), Kind.LEAD)
_ANY_OF_THREE = Or(
    [
        HasRelated(Kind.CONTACT, _field(Kind.CONTACT, "title", Text("CEO")), Kind.LEAD),
        HasRelated(
            Kind.CONTACT,
            HasRelated(Kind.CONTACT_EMAIL, _field(Kind.CONTACT_EMAIL, "email", Text("nocobe")), Kind.CONTACT),
            Kind.LEAD,
        ),
        _field(Kind.LEAD, "source", Text("referral")),
    ]
)
_SOFTWARE_CHIEFS = And(
    [
        ObjectType(Kind.CONTACT),
        _field(Kind.CONTACT, "title", Text("CEO")),
        HasRelated(Kind.LEAD, _SOFTWARE, Kind.CONTACT),
    ]
)

QUESTIONS = (
    Question("one custom field", _leads(_SOFTWARE)),
    Question(
        "text over names",
        _leads(_field(Kind.LEAD, "display_name", Text("kabe", TextMode.BEGINNING_OF_WORDS))),
    ),
    Question("words anywhere in a lead", _leads(Text("solar energy"))),
    Question("opportunity in status, value range", _leads(_NEGOTIATED)),
    Question(
        "last call older than 30 days", _leads(HasRelated(Kind.CALL, MatchAll(True), Kind.LEAD), Not(_RECENT_CALL))
    ),
    Question("any of three", _leads(_ANY_OF_THREE)),
    Question("no email at all", _leads(Not(HasRelated(Kind.EMAIL, MatchAll(True), Kind.LEAD)))),
    Question(
        "by name, deep in the pages",
        _leads(_field(Kind.LEAD, "status_id", Reference([POTENTIAL, QUALIFIED]))),
        sort=[SortKey(RegularField(Kind.LEAD, "display_name"))],
        hits_before=4_975,
    ),
    Question(
        "counts of emails and phones",
        _leads(
            _field(Kind.LEAD, "emails_count", NumberRange(gt=Decimal(5))),
            _field(Kind.LEAD, "phones_count", NumberRange(gte=Decimal(3))),
        ),
    ),
    Question("contact by title and its lead's field", _SOFTWARE_CHIEFS),
    Question(
        "largest by a custom number",
        _leads(_SOFTWARE, FieldCondition(CustomField(EMPLOYEES), NumberRange(gte=Decimal(500)))),
        sort=[SortKey(CustomField(EMPLOYEES), descending=True)],
    ),
    Question(
        "created in the last 30 days",
        _leads(
            _field(Kind.LEAD, "date_created", MomentRange(on_or_after=_days_ago(30))),
            _field(Kind.LEAD, "status_id", Reference([QUALIFIED])),
        ),
    ),
    Question("total of opportunities in status", _leads(_NEGOTIATED), counted=True),
)
