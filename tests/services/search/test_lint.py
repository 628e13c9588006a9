"""Warnings about filters that run but make no sense: single conditions, and what all warnings have in common."""

from dataclasses import replace

from app.domain.access import Actor
from app.domain.filters import (
    And,
    Exists,
    FieldCondition,
    Id,
    Kind,
    MatchAll,
    Not,
    ObjectType,
    Or,
    Query,
    RegularField,
    Term,
)
from app.domain.moments import Duration, EdgeOfPeriod, Period, Relative
from app.domain.time import Clock
from app.services.search.lint import LintCode, Warning, lint
from tests.services.search.lint_scene import (
    NOON,
    Scene,
    exists,
    flag,
    mine,
    moments,
    number,
    reference,
    related,
    terms,
    text,
)

LEAD, CONTACT = ObjectType(Kind.LEAD), ObjectType(Kind.CONTACT)
NEVER, ALWAYS = ["NEVER_MATCHES"], ["ALWAYS_MATCHES"]


async def test_sensible_filters_are_passed_over(scene: Scene) -> None:
    everything = And(
        [
            LEAD,
            And([]),
            MatchAll(True),
            number("emails_count", gt=1, lt=3),
            moments("date_created", on_or_after="2026-01-01", before="2026-02-01"),
            Or([exists("url", False), text("url", "example")]),
            reference("status_id", *scene.statuses["lead"]),
            reference("created_by", "user_former"),
            terms("cf_tier", "Gold", "Silver"),
            related(Kind.CALL, terms("direction", "incoming", "OUTBOUND", kind=Kind.CALL)),
            related(Kind.CALL, terms("disposition", "vm-left", kind=Kind.CALL)),
            Not(related(Kind.TASK, flag("is_complete", True, Kind.TASK))),
        ]
    )
    assert await scene.warnings(everything) == []


async def test_swapped_number_bounds_never_match(scene: Scene) -> None:
    assert await scene.warnings(number("cf_size", gt=5, lt=3)) == [
        (
            "NEVER_MATCHES",
            (
                "The custom field 'Size' cannot be greater than 5 and less than 3, so this never matches: "
                "swap the bounds, or widen them."
            ),
        )
    ]
    assert await scene.codes(number("cf_size", gt=5, lte=5)) == NEVER
    assert await scene.codes(number("cf_size", gte=5, lte=5)) == []


async def test_whole_numbers_leave_no_fraction(scene: Scene) -> None:
    assert await scene.warnings(number("calls_count", gt=1, lt=2)) == [
        (
            "NEVER_MATCHES",
            (
                "CALLS_COUNT is a whole number, and cannot be greater than 1 and less than 2, so this never matches: "
                "swap the bounds, or widen them."
            ),
        )
    ]
    assert await scene.codes(number("calls_count", gt="1.2", lt="1.8")) == NEVER
    assert await scene.codes(number("calls_count", gt=1, lte=2)) == []
    assert await scene.codes(number("cf_size", gt=1, lt=2)) == []


async def test_money_is_counted_in_cents(scene: Scene) -> None:
    def value(**bounds: str) -> Query:
        return related(Kind.OPPORTUNITY, number("value", Kind.OPPORTUNITY, **bounds))

    assert await scene.codes(value(gt="1.001", lt="1.009")) == NEVER
    assert await scene.codes(value(gt="1.001", lt="1.011")) == []


async def test_counts_are_never_negative(scene: Scene) -> None:
    assert await scene.warnings(number("emails_count", lt=0)) == [
        ("NEVER_MATCHES", "EMAILS_COUNT is never less than 0, so this never matches: it is 0 or more.")
    ]
    assert await scene.codes(number("emails_count", lt="0.5")) == []
    assert await scene.codes(number("cf_size", lt=0)) == []


async def test_counts_from_zero_always_match(scene: Scene) -> None:
    assert await scene.warnings(number("emails_count", gte=0)) == [
        (
            "ALWAYS_MATCHES",
            (
                "EMAILS_COUNT is always at least 0, so this always matches: "
                "take it out, or narrow the bounds, for it is 0 or more."
            ),
        )
    ]
    assert await scene.codes(number("emails_count", gt="-0.5")) == ALWAYS
    assert await scene.codes(number("emails_count", gt=0)) == []
    assert await scene.codes(number("emails_count", gte=0, lte=9)) == []


async def test_count_of_another_kind_can_fail(scene: Scene) -> None:
    """F2: in a search over both kinds a condition on leads is false of contacts."""
    both = Or([number("emails_count", gte=0), LEAD, CONTACT])
    assert await scene.codes(both) == []
    assert await scene.codes(Or([number("emails_count", gte=0), exists("url")])) == ALWAYS


async def test_confidence_is_a_percentage(scene: Scene) -> None:
    def confidence(**bounds: int) -> Query:
        return related(Kind.OPPORTUNITY, number("confidence", Kind.OPPORTUNITY, **bounds))

    assert await scene.codes(confidence(gt=100)) == NEVER
    assert await scene.codes(confidence(gte=0, lte=100)) == ALWAYS
    assert await scene.codes(confidence(gte=100)) == []


async def test_swapped_moments_never_match(scene: Scene) -> None:
    assert await scene.warnings(moments("date_created", after="2026-02-01", before="2026-01-01"), "Europe/Berlin") == [
        (
            "NEVER_MATCHES",
            (
                "No instant lies between 2026-01-31T23:00:00Z and 2025-12-31T23:00:00Z, so this never matches: "
                "swap the bounds, or widen them."
            ),
        )
    ]
    assert await scene.codes(moments("date_created", on_or_after="2026-02-01", before="2026-02-01")) == NEVER
    assert await scene.codes(moments("date_created", on_or_after="2026-02-01", on_or_before="2026-02-01")) == []


async def test_moving_moments_count_as_of_now(scene: Scene) -> None:
    ago, week = Relative(offset=Duration(days=7, negative=True)), EdgeOfPeriod(Period.NEXT_WEEK)
    [(code, message)] = await scene.warnings(moments("date_created", on_or_after=week, before=ago))
    assert (code, message) == (
        "NEVER_MATCHES",
        (
            "No instant lies at present between 2026-03-16T00:00:00Z and 2026-03-03T12:00:00Z, so this never matches: "
            "swap the bounds, or widen them."
        ),
    )
    assert await scene.codes(moments("date_created", after=ago, before=week)) == []
    assert await scene.codes(moments("date_created", after=Relative(), before="2026-03-10T12:00:00+00:00")) == NEVER
    assert await scene.codes(moments("date_created", after=Relative(), before="2026-03-10T12:00:01+00:00")) == []


async def test_days_begin_at_their_midnight(scene: Scene) -> None:
    within = moments("cf_renewal", on_or_after="2026-02-01T06:00:00+00:00", before="2026-02-02T00:00:00+00:00")
    [(code, message)] = await scene.warnings(within)
    assert code == "NEVER_MATCHES"
    assert message == (
        "The custom field 'Renewal' is a whole day, which counts as its first instant, and none begins "
        "between 2026-02-01T06:00:00Z and 2026-02-02T00:00:00Z, so this never matches: ask for the start of the day."
    )
    assert await scene.codes(within, "Europe/Berlin") == []
    assert await scene.codes(moments("cf_renewal", on_or_after="2026-02-01", before="2026-02-02")) == []


async def test_what_is_always_set_exists(scene: Scene) -> None:
    assert await scene.codes(exists("emails_count")) == ALWAYS
    assert await scene.codes(exists("emails_count", False)) == NEVER
    assert await scene.codes(exists("date_created")) == ALWAYS
    assert await scene.codes(exists("url")) == []
    assert await scene.codes(exists("cf_tier", False)) == []


async def test_empty_or_holds_for_nothing(scene: Scene) -> None:
    """F27: `or` without queries matches nothing, `and` without queries everything."""
    assert await scene.warnings(Or([])) == [
        (
            "NEVER_MATCHES",
            "An empty `or` holds for nothing, so this never matches: take it out, or put conditions into it.",
        )
    ]
    assert await scene.codes(Not(And([]))) == NEVER
    assert await scene.codes(And([And([]), exists("url")])) == []
    assert await scene.codes(Or([Or([]), exists("url")])) == NEVER


async def test_match_all_false_never_matches(scene: Scene) -> None:
    assert await scene.warnings(MatchAll(False)) == [
        ("NEVER_MATCHES", "`matchAll: false` holds for nothing, so this never matches: take it out.")
    ]
    assert await scene.codes(MatchAll(True)) == []


async def test_not_turns_the_wording_around(scene: Scene) -> None:
    assert await scene.warnings(Not(MatchAll(False))) == [
        ("ALWAYS_MATCHES", "`matchAll: false` holds for nothing, so under `not` this always matches: take it out.")
    ]
    assert await scene.codes(Not(MatchAll(True))) == NEVER
    assert await scene.codes(Not(Not(MatchAll(False)))) == NEVER
    assert await scene.codes(Not(number("emails_count", gte=0))) == NEVER
    assert await scene.codes(Not(number("emails_count", lt=0))) == ALWAYS


async def test_relations_carry_nothing_but_never(scene: Scene) -> None:
    """F24: no object has a related one that cannot be; but whether any has one is open."""
    impossible = number("confidence", Kind.OPPORTUNITY, gt=100)
    assert await scene.codes(related(Kind.OPPORTUNITY, impossible)) == NEVER
    assert await scene.codes(Not(related(Kind.OPPORTUNITY, impossible))) == ALWAYS
    assert await scene.codes(Not(related(Kind.OPPORTUNITY, Not(impossible)))) == ALWAYS


async def test_relations_look_at_their_own_kind(scene: Scene) -> None:
    assert await scene.codes(related(Kind.CONTACT, LEAD)) == NEVER
    assert await scene.codes(related(Kind.CONTACT, CONTACT)) == []


async def test_caller_may_be_no_user(scene: Scene) -> None:
    system = Actor.system(scene.actor.organization_id)
    assert await scene.warnings(mine("created_by"), actor=system) == [
        (
            "NEVER_MATCHES",
            (
                "The caller is no user of the organization, so this never matches: "
                "name a user with `reference`, or call with a user's key."
            ),
        )
    ]
    assert await scene.codes(mine("created_by")) == []


async def test_warnings_carry_paths_in_order(scene: Scene) -> None:
    ref = RegularField(Kind.LEAD, "status_id")
    calls = FieldCondition(RegularField(Kind.CALL, "direction"), Term(["sideways"], path=("or", "2", "deep")))
    query = Or(
        [
            Id("lead_gone", path=("or", "0", "id")),
            FieldCondition(ref, Exists(True, path=("or", "1", "exists"))),
            related(Kind.CALL, calls),
            Or([], path=("or", "3", "or")),
        ]
    )
    clock = Clock.at(NOON, "UTC")
    found = await lint(scene.database, scene.actor, clock, query, scene.fields)
    assert [(warning.path, warning.code) for warning in found] == [
        (("or", "0", "id"), LintCode.UNKNOWN_REFERENCE),
        (("or", "3", "or"), LintCode.NEVER_MATCHES),
        (("or", "2", "deep"), LintCode.UNKNOWN_TERM),
    ]
    assert all(isinstance(warning, Warning) for warning in found)


async def test_unknown_fields_are_passed_over(scene: Scene) -> None:
    fields = replace(scene.fields, custom={})
    clock = Clock.at(NOON, "UTC")
    query = And([terms("cf_tier", "gold"), terms("cf_tier", "x"), number("nonsense", lt=0)])
    assert await lint(scene.database, scene.actor, clock, query, fields) == []
