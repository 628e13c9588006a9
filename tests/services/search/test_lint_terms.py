"""Warnings about terms that a field can never have."""

from app.domain.filters import (
    Kind,
    Not,
    Query,
)
from tests.services.search.lint_scene import (
    Scene,
    related,
    terms,
)


async def test_unknown_terms_are_named(scene: Scene) -> None:
    """F35: a term that is none of the field's values matches nothing."""

    def disposition(*values: str) -> Query:
        return related(Kind.CALL, terms("disposition", *values, kind=Kind.CALL))

    assert await scene.warnings(disposition("answerd", "busy")) == [
        ("UNKNOWN_TERM", "DISPOSITION has no value 'answerd': write 'answered' if that is meant by 'answerd'.")
    ]
    assert await scene.warnings(Not(disposition("maybe"))) == [
        (
            "UNKNOWN_TERM",
            (
                "DISPOSITION has no value 'maybe', so under `not` this always matches: name one of "
                "'answered', 'no_answer', 'busy', 'voicemail_left', 'voicemail_answered' and 2 more."
            ),
        )
    ]
    assert await scene.codes(disposition("NO_ANSWER", "vm_answered", "no-answer")) == []


async def test_unknown_choices_are_named(scene: Scene) -> None:
    """Choices are compared exactly, case included."""
    assert await scene.warnings(terms("cf_tier", "gold")) == [
        (
            "UNKNOWN_CHOICE",
            (
                "The custom field 'Tier' has no choice 'gold', so this never matches: "
                "write 'Gold', for choices are compared exactly, case included."
            ),
        )
    ]
    assert await scene.warnings(terms("cf_tags", "Blu", "Red")) == [
        ("UNKNOWN_CHOICE", "The custom field 'Tags' has no choice 'Blu': write 'Blue' if that is meant by 'Blu'.")
    ]
    assert await scene.codes(terms("cf_tags", "Blue", "Red")) == []


async def test_many_unknown_terms_make_one_warning(scene: Scene) -> None:
    [(code, message)] = await scene.warnings(terms("cf_tier", *(f"{place}{'x' * 80}" for place in range(1000))))
    assert code == "UNKNOWN_CHOICE"
    assert "and 995 more, so this never matches" in message
    assert len(message) < 600


async def test_labels_are_anything(scene: Scene) -> None:
    assert await scene.codes(related(Kind.CONTACT_PHONE, terms("type", "boat", kind=Kind.CONTACT_PHONE))) == []
