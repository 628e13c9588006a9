"""The reference evaluator on examples made by hand: each node and each condition once for yes and once for no."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

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
    SortKey,
    Term,
    Text,
)
from app.domain.moments import Anchor, DayEdge, Duration, EdgeOfDay, Fixed, Relative
from app.domain.time import Clock
from app.domain.words import TextMode
from tests.search.evaluator import matches
from tests.search.example import ME, NOON, WORLD, on
from tests.search.texts import found_in, words

CLOCK = Clock.at(NOON, "Europe/Berlin")


def ids(query: Query, *sort: SortKey) -> list[str]:
    return [id for _, id in matches(query, WORLD, CLOCK, ME, sort)]


def where(kind: Kind, name: str, condition: Condition) -> FieldCondition:
    return FieldCondition(RegularField(kind, name), condition)


def of_leads(kind: Kind, name: str, condition: Condition) -> HasRelated:
    """Leads with a related object whose field meets a condition."""
    return HasRelated(kind, where(kind, name, condition), Kind.LEAD)


LEADS, CONTACTS = ObjectType(Kind.LEAD), ObjectType(Kind.CONTACT)
DAY = date(2026, 3, 29)
FEW_DAYS = Duration(days=2, negative=True)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (MatchAll(True), "lead_a cont_a lead_c lead_b cont_b"),
        (MatchAll(False), ""),
        (And(()), "lead_a cont_a lead_c lead_b cont_b"),
        (Or(()), ""),
        (LEADS, "lead_a lead_c lead_b"),
        (Not(LEADS), "cont_a cont_b"),
        (And((LEADS, CONTACTS)), ""),
        (And((LEADS, Not(Id("lead_a")))), "lead_c lead_b"),
        (Or((Id("lead_c"), Id("cont_b"), Id("gone"))), "lead_c cont_b"),
        (Text("FOO bar"), "lead_a lead_c"),
        (Text("foo bar", TextMode.PHRASE), "lead_a"),
        (Text("zeb", TextMode.BEGINNING_OF_WORDS), "lead_b"),
        (Text("zeb"), ""),
        (Text("straße 42 foo"), "lead_a"),
        (Text(" STRASSE 42", TextMode.EXACT_VALUE), "lead_a"),
        (Text("straße", TextMode.EXACT_VALUE), ""),
        (HasRelated(Kind.CONTACT, Text("ceo"), Kind.LEAD), "lead_a"),
        (HasRelated(Kind.LEAD, Id("lead_b"), Kind.CONTACT), "cont_b"),
        (Not(HasRelated(Kind.CONTACT, MatchAll(True), Kind.LEAD)), "lead_c"),
        (HasRelated(Kind.CONTACT, HasRelated(Kind.CONTACT_EMAIL, Text("ada")), Kind.LEAD), "lead_a"),
        (HasRelated(Kind.EMAIL, HasRelated(Kind.EMAIL_THREAD, MatchAll(True)), Kind.LEAD), "lead_b"),
        (HasRelated(Kind.TASK, HasRelated(Kind.TASK_COMPLETED, MatchAll(True)), Kind.LEAD), "lead_b"),
        (HasRelated(Kind.CALL, HasRelated(Kind.LEAD, MatchAll(True), Kind.ACTIVITY), Kind.LEAD), "lead_a"),
        (HasRelated(Kind.CALL, MatchAll(True), Kind.CONTACT), "cont_a"),
        (HasRelated(Kind.ADDRESS, Text("berlin main")), "lead_a"),
        (HasRelated(Kind.ADDRESS, Text("Main St, Berlin", TextMode.PHRASE)), ""),
        (of_leads(Kind.ADDRESS, "location", Text("st berlin 10115", TextMode.PHRASE)), "lead_a"),
        (of_leads(Kind.ACTIVITY, "type", Term(("Lead-Merge",))), "lead_c"),
    ],
)  # fmt: skip
def test_node_means_what_is_said(query: Query, found: str) -> None:
    """F2, F19-F28: newest first, ties by id from the last; leads and contacts together where nothing tells."""
    assert ids(query) == found.split()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (where(Kind.LEAD, "created_by", CurrentUser(True)), "lead_a"),
        (where(Kind.LEAD, "created_by", CurrentUser(False)), "lead_c lead_b"),
        (where(Kind.LEAD, "created_by", Exists(True)), "lead_a lead_b"),
        (where(Kind.LEAD, "created_by", Reference(("user_you", "user_me"))), "lead_a lead_b"),
        (where(Kind.LEAD, "created_by", Exists(False)), "lead_c"),
        (where(Kind.LEAD, "status_id", Reference(("stat_old",))), "lead_b"),
        (where(Kind.LEAD, "name", Text("42")), "lead_a"),
        (where(Kind.LEAD, "name", Text("foo")), ""),
        (Not(where(Kind.LEAD, "name", Text("42"))), "lead_c lead_b"),
        (where(Kind.LEAD, "contacts_count", NumberRange(lt=Decimal(1))), "lead_c"),
        (where(Kind.LEAD, "all_urls_count", NumberRange(gte=Decimal(2))), "lead_a"),
        (where(Kind.LEAD, "phones_count", NumberRange(gt=Decimal("0.5"), lte=Decimal(1))), "lead_b"),
        (where(Kind.LEAD, "addresses_count", NumberRange(gt=Decimal(0))), "lead_a"),
        (where(Kind.LEAD, "emails_count", NumberRange(gte=Decimal(2))), "lead_b"),
        (where(Kind.LEAD, "calls_count", NumberRange(gte=Decimal(2))), "lead_a"),
        (where(Kind.LEAD, "outgoing_calls_count", NumberRange(gte=Decimal(1), lt=Decimal(2))), "lead_a"),
        (where(Kind.LEAD, "upcoming_meetings_count", NumberRange(gte=Decimal(1))), "lead_a"),
        (where(Kind.LEAD, "last_communication_date", MomentRange(on_or_after=Fixed(on(21)))), "lead_a lead_b"),
        (where(Kind.LEAD, "last_communication_date", MomentRange(before=Fixed(on(22)))), "lead_b"),
        (where(Kind.LEAD, "last_status_change_date", Exists(True)), "lead_b"),
        (where(Kind.LEAD, "date_created", MomentRange(after=Relative(offset=FEW_DAYS), before=Fixed(NOON))),
         "lead_c lead_b"),
        (where(Kind.LEAD, "date_created", MomentRange(on_or_after=Relative(Anchor.START_OF_DAY))), "lead_a"),
        (where(Kind.CONTACT, "emails_count", NumberRange(gte=Decimal(2))), "cont_a"),
        (where(Kind.CONTACT, "lead_id", Reference(("lead_b",))), "cont_b"),
        (HasRelated(Kind.CONTACT_EMAIL, where(Kind.CONTACT_EMAIL, "type", Term((" OFFICE",)))), "cont_a"),
        (HasRelated(Kind.CONTACT_PHONE, where(Kind.CONTACT_PHONE, "type", Term(("office",)))), ""),
        (of_leads(Kind.OPPORTUNITY, "value", NumberRange(gte=Decimal("1.5"), lte=Decimal("1.50"))), "lead_a"),
        (of_leads(Kind.OPPORTUNITY, "value", Exists(False)), "lead_b"),
        (of_leads(Kind.OPPORTUNITY, "status_type", Term(("WON",))), "lead_b"),
        (of_leads(Kind.OPPORTUNITY, "pipeline_id", Term(("pipe_1",))), "lead_a"),
        (of_leads(Kind.OPPORTUNITY, "pipeline_id", Term(("PIPE_1",))), ""),
        (of_leads(Kind.OPPORTUNITY, "close_date", MomentRange(on_or_after=EdgeOfDay(DAY))), "lead_a"),
        (of_leads(Kind.OPPORTUNITY, "close_date", MomentRange(after=Fixed(on(28, 23)))), ""),
        (of_leads(Kind.OPPORTUNITY, "close_date", MomentRange(on_or_after=Fixed(on(28, 23)))), "lead_a"),
        (of_leads(Kind.TASK, "date", MomentRange(on_or_after=EdgeOfDay(DAY, DayEdge.START))),
         "lead_a lead_b"),
        (of_leads(Kind.TASK, "date", MomentRange(after=Fixed(on(28, 22)), on_or_before=Fixed(on(28, 23)))),
         "lead_a lead_b"),
        (of_leads(Kind.TASK, "date", Exists(False)), "lead_c"),
        (of_leads(Kind.TASK, "is_complete", Boolean(True)), "lead_b"),
        (of_leads(Kind.TASK, "is_complete", Boolean(False)), "lead_a lead_c"),
        (of_leads(Kind.TASK, "assigned_to", CurrentUser(False)), "lead_c lead_b"),
        (of_leads(Kind.CALL, "direction", Term(("Outgoing",))), "lead_a"),
        (of_leads(Kind.CALL, "disposition", Term(("vm-left",))), "lead_a"),
        (of_leads(Kind.CALL, "disposition", Term(("vm-answered", "nonsense"))), ""),
        (of_leads(Kind.CALL, "duration", NumberRange(gt=Decimal(29))), "lead_a"),
        (of_leads(Kind.EMAIL, "subject", Text("offer", TextMode.EXACT_VALUE)), "lead_b"),
        (of_leads(Kind.MEETING, "status", Exists(False)), "lead_a"),
        (of_leads(Kind.CUSTOM_ACTIVITY, "custom_activity_type_id", Reference(("actitype_1",))), "lead_c"),
    ],
)  # fmt: skip
def test_condition_means_what_is_said(query: Query, found: str) -> None:
    """F31-F37, F39-F45: what is not set meets no condition but the negative ones."""
    assert ids(query) == found.split()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (FieldCondition(CustomField("cf_tier"), Term(("Silver", "Bronze"))), "lead_a"),
        (FieldCondition(CustomField("cf_tier"), Term(("gold",))), ""),
        (And((LEADS, FieldCondition(CustomField("cf_tier"), Exists(False)))), "lead_c lead_b"),
        (HasRelated(Kind.CUSTOM_ACTIVITY, FieldCondition(CustomField("cf_tier"), Term(("Gold",)))), "lead_c"),
        (FieldCondition(CustomField("cf_size"), NumberRange(gte=Decimal("2.5"), lte=Decimal("2.5"))), "cont_b"),
        (Not(FieldCondition(CustomField("cf_size"), NumberRange(gte=Decimal(2)))), "cont_a"),
        (FieldCondition(CustomField("cf_note"), Text("ZEBRA")), "lead_b"),
        (FieldCondition(CustomField("cf_day"), MomentRange(before=EdgeOfDay(DAY, DayEdge.END))), "lead_c"),
        (Or((FieldCondition(CustomField("cf_size"), Exists(False)), Id("lead_b"))), "cont_a lead_b"),
    ],
)
def test_custom_field_has_any_of_its_values(query: Query, found: str) -> None:
    """F25, F30: a condition holds when one of several values meets it, on the objects that have the field."""
    assert ids(query) == found.split()


@pytest.mark.parametrize(
    ("statuses", "after", "before", "found"),
    [
        (["stat_won"], None, None, "lead_a lead_b"),
        (["stat_won"], 15, None, "lead_b"),
        (["stat_won"], 14, None, "lead_a lead_b"),
        (["stat_won"], None, 10, ""),
        (["stat_won"], None, 11, "lead_a"),
        (["stat_open"], 10, 15, ""),
        (["stat_open"], 9, 15, "lead_a"),
        (["stat_open"], 40, None, "lead_a"),
        (["stat_gone"], None, None, ""),
    ],
)
def test_opportunity_was_in_status(statuses: list[str], after: int | None, before: int | None, found: str) -> None:
    """A stay lasts from a change to the next one; the last one goes on."""
    start = datetime(2026, 2, 28, 12, tzinfo=UTC)
    moments = [None if day is None else Relative(offset=_days(start, day)) for day in (after, before)]
    assert ids(HasRelated(Kind.OPPORTUNITY, InStatus(statuses, *moments), Kind.LEAD)) == found.split()


def _days(start: datetime, day: int) -> Duration:
    away = (start - NOON).days + day
    return Duration(days=abs(away), negative=away < 0)


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ([("description", False)], "lead_c lead_a lead_b"),
        ([("description", True)], "lead_a lead_c lead_b"),
        ([("date_created", False)], "lead_b lead_c lead_a"),
        ([("date_created", True)], "lead_a lead_c lead_b"),
        ([("source", False)], "lead_a lead_b lead_c"),
        ([("source", True)], "lead_c lead_b lead_a"),
        ([("calls_count", True), ("display_name", False)], "lead_a lead_b lead_c"),
        ([("calls_count", False), ("display_name", True)], "lead_c lead_b lead_a"),
    ],
)
def test_sort_puts_nulls_last(keys: list[tuple[str, bool]], found: str) -> None:
    """F10: in both directions, ties broken by id in the direction of the last key."""
    sort = [SortKey(RegularField(Kind.LEAD, name), descending) for name, descending in keys]
    assert ids(LEADS, *sort) == found.split()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Straße, ＡＢＣ_42!", ["strasse", "abc", "42"]),
        ("cafe\u0301 x\u0302y", ["café", "x", "y"]),
        ("東京都 don't", ["東京都", "don", "t"]),
        ("🚀 — %", []),
        ("a" * 300, ["a" * 255]),
    ],
)
def test_words_are_letters_and_digits(text: str, found: list[str]) -> None:
    """F21: folded, runs of letters and digits."""
    assert words(text) == found


def test_words_are_looked_for_in_all_texts() -> None:
    """F22: words in any of the texts, phrases and whole values within one."""
    assert found_in(["foo", "bar"], "bar foo", TextMode.FULL_WORDS)
    assert found_in(["food", "barn"], "bar foo", TextMode.BEGINNING_OF_WORDS)
    assert not found_in(["foo", "bar"], "foo bar", TextMode.PHRASE)
    assert not found_in(["foo", "bar"], "foo bar", TextMode.EXACT_VALUE)
    assert not found_in([], "foo", TextMode.FULL_WORDS)
