"""Warnings about conditions that exclude each other, and groups that only look like it."""

from app.domain.filters import (
    And,
    Id,
    Kind,
    Not,
    ObjectType,
    Or,
    Query,
)
from app.domain.words import TextMode
from tests.services.search.lint_scene import (
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
ALWAYS, CONTRADICTION = ["ALWAYS_MATCHES"], ["CONTRADICTION"]


async def test_an_object_is_of_one_kind(scene: Scene) -> None:
    """F2: contradicting objectType nodes match nothing."""
    assert await scene.warnings(And([LEAD, And([CONTACT])])) == [
        (
            "CONTRADICTION",
            (
                "`objectType: CONTACT` and `objectType: LEAD` exclude each other, so together they never match: "
                "take one of them out, or put them into `or`."
            ),
        )
    ]
    assert await scene.codes(And([LEAD, Not(LEAD)])) == CONTRADICTION
    assert await scene.codes(And([Not(LEAD), Not(CONTACT)])) == CONTRADICTION
    assert await scene.codes(And([LEAD, Not(CONTACT), LEAD])) == []
    assert await scene.codes(Or([LEAD, CONTACT])) == []


async def test_an_object_has_one_id(scene: Scene) -> None:
    acme = Id("lead_acme")
    assert await scene.codes(And([acme, Id("lead_acme")])) == []
    assert await scene.codes(And([acme, Not(Id("lead_acme"))])) == CONTRADICTION
    assert await scene.codes(And([acme, Id("lead_other")])) == [*CONTRADICTION, "UNKNOWN_REFERENCE"]
    assert await scene.codes(Or([acme, Not(acme)])) == ALWAYS


async def test_a_field_has_one_value(scene: Scene) -> None:
    first, second, *_ = scene.statuses["lead"]
    one, other, both = (reference("status_id", *ids) for ids in ([first], [second], [first, second]))
    assert await scene.warnings(And([one, other])) == [
        (
            "CONTRADICTION",
            (
                f"STATUS_ID: `reference: {second!r}` and `reference: {first!r}` exclude each other, "
                "so together they never match: take one of them out, or put them into `or`."
            ),
        )
    ]
    assert await scene.codes(And([one, both])) == []
    assert await scene.codes(And([one, Or([other, exists("url")])])) == []
    assert await scene.codes(And([both, Not(one)])) == []
    assert await scene.codes(And([both, Not(one), Not(other)])) == CONTRADICTION
    assert await scene.codes(And([terms("cf_tier", "Gold"), terms("cf_tier", "Silver")])) == CONTRADICTION
    assert await scene.codes(And([terms("cf_tags", "Red"), terms("cf_tags", "Blue")])) == []
    assert await scene.codes(And([terms("cf_tags", "Red"), Not(terms("cf_tags", "Red", "Blue"))])) == CONTRADICTION


async def test_flags_are_either_or(scene: Scene) -> None:
    done, open_ = (flag("is_complete", value, Kind.TASK) for value in (True, False))
    assert await scene.codes(related(Kind.TASK, And([done, open_]))) == CONTRADICTION
    assert await scene.codes(And([related(Kind.TASK, done), related(Kind.TASK, open_)])) == []


async def test_each_related_object_has_one_value(scene: Scene) -> None:
    kinds = [terms("type", name, kind=Kind.CONTACT_PHONE) for name in ("office", "mobile", "Office")]
    [(code, message)] = await scene.warnings(related(Kind.CONTACT_PHONE, And(kinds[:2])))
    assert code == "CONTRADICTION"
    assert message.endswith(": take one of them out, or put them into `or`, or each into a hasRelated of its own.")
    assert await scene.codes(related(Kind.CONTACT_PHONE, And([kinds[0], kinds[2]]))) == []


async def test_spellings_of_a_term_agree(scene: Scene) -> None:
    def directions(*values: str) -> Query:
        return related(Kind.CALL, And([terms("direction", value, kind=Kind.CALL) for value in values]))

    assert await scene.codes(directions("incoming", "INBOUND")) == []
    assert await scene.codes(directions("incoming", "outgoing")) == CONTRADICTION


async def test_missing_value_meets_no_condition(scene: Scene) -> None:
    """F33: a missing value meets no condition but that it is missing."""
    missing, unset = exists("url", False), Not(exists("url"))
    word = text("url", "example")
    assert await scene.codes(And([missing, word])) == CONTRADICTION
    assert await scene.codes(And([unset, word])) == CONTRADICTION
    assert await scene.codes(And([missing, exists("url")])) == CONTRADICTION
    assert await scene.codes(And([missing, Not(word)])) == []
    assert await scene.codes(And([exists("cf_tags", False), terms("cf_tags", "Red")])) == CONTRADICTION
    assert await scene.codes(Or([missing, exists("url")])) == ALWAYS


async def test_ranges_beside_each_other_meet(scene: Scene) -> None:
    above, below = number("emails_count", gt=5), number("emails_count", lt=6)
    [(code, message)] = await scene.warnings(And([above, below]))
    assert (code, message) == (
        "CONTRADICTION",
        (
            "EMAILS_COUNT: `numberRange: less than 6` and `numberRange: greater than 5` exclude each other, "
            "so together they never match: take one of them out, or put them into `or`."
        ),
    )
    assert await scene.codes(And([above, number("emails_count", lt=7)])) == []
    early, late = moments("cf_renewal", before="2026-01-05"), moments("cf_renewal", after="2026-02-01")
    assert await scene.codes(And([early, late])) == CONTRADICTION
    assert await scene.codes(Or([early, late])) == []


async def test_exact_texts_differ(scene: Scene) -> None:
    name, same, other = (text("url", value, TextMode.EXACT_VALUE) for value in ("a.example", "A.EXAMPLE ", "b.example"))
    assert await scene.codes(And([name, same])) == []
    assert await scene.codes(And([name, other])) == CONTRADICTION
    assert await scene.codes(And([text("url", "a"), text("url", "b")])) == []


async def test_caller_is_one_of_the_users(scene: Scene) -> None:
    """F32: the caller stands for their own id."""
    me, former = reference("created_by", scene.actor.user_id or ""), reference("created_by", "user_former")
    assert await scene.codes(And([mine("created_by"), me])) == []
    assert await scene.codes(And([mine("created_by"), former])) == CONTRADICTION
    assert await scene.codes(And([mine("created_by", False), former])) == []
    assert await scene.codes(And([mine("created_by", False), me])) == CONTRADICTION
    assert await scene.codes(Or([mine("created_by", False), mine("created_by")])) == ALWAYS


async def test_opposites_exclude_each_other(scene: Scene) -> None:
    """F26: an object matches either a query or its negation."""
    calls = related(Kind.CALL, exists("phone", kind=Kind.CALL))
    assert await scene.codes(And([calls, Not(calls)])) == CONTRADICTION
    assert await scene.codes(Or([calls, Not(calls)])) == ALWAYS
    assert await scene.codes(And([calls, Not(related(Kind.CALL, exists("note", kind=Kind.CALL)))])) == []
    recent = moments("date_created", after="2026-01-01")
    assert await scene.codes(And([recent, Not(recent)])) == CONTRADICTION


async def test_negated_groups_are_read_through(scene: Scene) -> None:
    first, second, *_ = (reference("status_id", id) for id in scene.statuses["lead"])
    assert await scene.codes(Not(Or([Not(first), Not(second)]))) == CONTRADICTION
    assert await scene.codes(Not(Or([first, second]))) == []
    [(code, message)] = await scene.warnings(Not(And([first, second])))
    assert code == "ALWAYS_MATCHES"
    assert "exclude each other, so under `not` they always match: take one of them out." in message
    nested = And([first, Not(Or([exists("url"), Not(And([second]))]))])
    assert await scene.codes(nested) == CONTRADICTION
    impossible = And([flag("is_complete", True, Kind.TASK), flag("is_complete", False, Kind.TASK)])
    assert await scene.codes(Not(related(Kind.TASK, impossible))) == ALWAYS


async def test_three_conditions_exclude_each_other(scene: Scene) -> None:
    ids = scene.statuses["lead"]
    pairs = [reference("status_id", ids[a], ids[b]) for a, b in ((0, 1), (1, 2), (2, 0))]
    [(code, message)] = await scene.warnings(And(pairs))
    assert code == "CONTRADICTION"
    assert message.count("`reference: ") == 3
    assert await scene.codes(And(pairs[:2])) == []
