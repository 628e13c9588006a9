"""Warnings about ids that point to nothing."""

from app.domain.filters import (
    And,
    Id,
    InStatus,
    Kind,
    ObjectType,
    Or,
    Query,
)
from app.services import organizations
from tests.services.search.lint_scene import (
    Scene,
    number,
    reference,
    related,
    terms,
)
from tests.storage.scenery import counting

LEAD = ObjectType(Kind.LEAD)
ALWAYS = ["ALWAYS_MATCHES"]


async def test_deleted_statuses_hold_nothing(scene: Scene) -> None:
    assert await scene.warnings(reference("status_id", "stat_gone")) == [
        (
            "UNKNOWN_REFERENCE",
            (
                "There is no lead status 'stat_gone', so this never matches: "
                "it may have been deleted, and no lead can be in it; name a status that there is."
            ),
        )
    ]
    known = scene.statuses["lead"][0]
    [(_, message)] = await scene.warnings(reference("status_id", known, "stat_gone"))
    assert message.startswith("There is no lead status 'stat_gone': ")
    deal = related(Kind.OPPORTUNITY, reference("status_id", known, kind=Kind.OPPORTUNITY))
    [(_, message)] = await scene.warnings(deal)
    assert message.startswith(f"There is no opportunity status {known!r}, so this never matches: ")


async def test_past_stays_outlive_their_status(scene: Scene) -> None:
    stay = related(Kind.OPPORTUNITY, InStatus(["stat_gone"]))
    assert await scene.warnings(stay) == [
        (
            "UNKNOWN_REFERENCE",
            (
                "There is no opportunity status 'stat_gone': it may have been deleted, and only what was in it before "
                "then is found; name a status that there is."
            ),
        )
    ]


async def test_unknown_objects_are_named(scene: Scene) -> None:
    unknown: dict[str, Query] = {
        "user": reference("created_by", "user_gone"),
        "contact or lead": Id("lead_gone"),
        "lead": And([LEAD, Id("cont_1")]),
        "contact": related(Kind.CALL, reference("contact_id", "cont_gone", kind=Kind.CALL)),
        "pipeline": related(Kind.OPPORTUNITY, terms("pipeline_id", "pipe_gone", kind=Kind.OPPORTUNITY)),
        "activity": related(Kind.CALL, Id("acti_gone")),
        "custom activity type": related(
            Kind.CUSTOM_ACTIVITY, terms("custom_activity_type_id", "actitype_gone", kind=Kind.CUSTOM_ACTIVITY)
        ),
    }
    for what, query in unknown.items():
        [(code, message)] = await scene.warnings(query)
        assert code == "UNKNOWN_REFERENCE"
        assert message.startswith(f"There is no {what} '")
        assert message.endswith("', so this never matches: it may have been deleted; name another one, or take it out.")
    known: list[Query] = [
        Id("lead_acme"),
        related(Kind.CUSTOM_ACTIVITY, terms("custom_activity_type_id", "actitype_visit", kind=Kind.CUSTOM_ACTIVITY)),
    ]
    assert [await scene.codes(query) for query in known] == [[], []]


async def test_custom_values_outlive_contacts(scene: Scene) -> None:
    [(code, message)] = await scene.warnings(reference("cf_people", "cont_gone"))
    assert code == "UNKNOWN_REFERENCE"
    assert message.startswith("There is no contact 'cont_gone': ")


async def test_there_are_no_groups(scene: Scene) -> None:
    assert await scene.warnings(reference("created_by", "group_sales", "user_former")) == [
        ("UNKNOWN_REFERENCE", "There are no groups here, and so not 'group_sales': name the users themselves.")
    ]


async def test_rows_of_others_are_unknown(scene: Scene) -> None:
    other = await organizations.create(scene.database, "Other")
    foreign = await organizations.add_user(scene.database, other, "Foreign")
    assert await scene.codes(reference("created_by", foreign)) == ["UNKNOWN_REFERENCE"]


async def test_every_id_is_read_at_once(scene: Scene) -> None:
    named = And(
        [
            reference("created_by", "user_former", "user_gone"),
            reference("status_id", *scene.statuses["lead"]),
            Or([Id("lead_acme"), Id("lead_gone")]),
            related(Kind.OPPORTUNITY, terms("pipeline_id", "pipe_gone", kind=Kind.OPPORTUNITY)),
        ]
    )
    with counting() as statements:
        assert await scene.codes(named) == ["UNKNOWN_REFERENCE"] * 3
    assert statements.count == 1
    with counting() as statements:
        assert await scene.codes(number("emails_count", gte=0)) == ALWAYS
    assert statements.count == 0


async def test_five_thousand_ids_are_read(scene: Scene) -> None:
    ids = [f"user_{place}" for place in range(4_999)]
    [(code, message)] = await scene.warnings(reference("created_by", *ids, "user_former"))
    assert code == "UNKNOWN_REFERENCE"
    assert "'user_4' and 4994 more: " in message
