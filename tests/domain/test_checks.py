from typing import Any

import pytest

from app.domain.checks import MAX_LABEL, MAX_LINE, MAX_TEXT, Checks
from app.domain.errors import Conflict, DomainError, ErrorCode, Problems


def _problems(checks: Checks) -> list[tuple[list[str], ErrorCode, str]]:
    return [(error.path, error.code, error.message) for error in checks.errors]


@pytest.mark.parametrize(
    ("members", "text"),
    [
        ({}, None),
        ({"name": None}, None),
        ({"name": ""}, None),
        ({"name": " \n"}, None),
        ({"name": " Acme "}, " Acme "),
        ({"name": "x" * 1_000}, "x" * 1_000),
    ],
)
def test_texts_are_cleaned(members: dict[str, Any], text: str | None) -> None:
    checks = Checks()
    assert checks.text(members, "name") == text
    assert checks.errors == []
    checks.finish()


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({}, ErrorCode.REQUIRED),
        ({"first_name": None}, ErrorCode.REQUIRED),
        ({"first_name": ""}, ErrorCode.INVALID),
        ({"first_name": "\t"}, ErrorCode.INVALID),
    ],
)
def test_required_texts_are_missed(members: dict[str, Any], code: ErrorCode) -> None:
    checks = Checks(["patch"])
    assert checks.text(members, "first_name", required=True) is None
    assert _problems(checks) == [(["patch", "first_name"], code, "First name cannot be empty.")]


def test_long_texts_are_refused() -> None:
    checks = Checks()
    members = {"label": "x" * (MAX_LABEL + 1), "note": "é" * (MAX_LINE + 1), "text": "x" * MAX_TEXT}
    checks.text(members, "label", MAX_LABEL)
    checks.text(members, "note")
    checks.text(members, "text", MAX_TEXT)
    assert _problems(checks) == [
        (["label"], ErrorCode.TOO_LONG, "Label can have 200 characters at most, not 201."),
        (["note"], ErrorCode.TOO_LONG, "Note can have 1000 characters at most, not 1001."),
    ]


def test_null_characters_are_refused() -> None:
    checks = Checks()
    checks.text({"address_1": "a\0b"}, "address_1")
    checks.text({"city": "\0" * 3}, "city", limit=2)
    assert _problems(checks) == [
        (["address_1"], ErrorCode.INVALID, "Address 1 cannot hold a null character."),
        (["city"], ErrorCode.TOO_LONG, "City can have 2 characters at most, not 3."),
        (["city"], ErrorCode.INVALID, "City cannot hold a null character."),
    ]


def test_only_given_members_are_texts() -> None:
    checks = Checks()
    limits = {"name": MAX_LINE, "title": MAX_LINE, "note": 3}
    found = checks.texts({"name": None, "note": "long", "other": "x"}, limits, required=["name", "title"])
    assert found == {"name": None, "note": "long"}
    assert [error.path for error in checks.errors] == [["name"], ["note"]]


def test_members_cannot_be_null() -> None:
    checks = Checks()
    checks.present({"status_id": None, "confidence": 0, "label": ""}, "status_id", "confidence", "label", "absent")
    assert _problems(checks) == [(["status_id"], ErrorCode.REQUIRED, "Status id cannot be null.")]


def test_paths_lead_into_lists() -> None:
    checks = Checks(["input"])
    inner = checks.at("contacts", 3)
    inner.at("emails", 0).invalid("Wrong.", "email")
    inner.invalid("Too.", code=ErrorCode.TAKEN)
    checks.invalid("Last.", "name")
    assert _problems(checks) == [
        (["input", "contacts", "3", "emails", "0", "email"], ErrorCode.INVALID, "Wrong."),
        (["input", "contacts", "3"], ErrorCode.TAKEN, "Too."),
        (["input", "name"], ErrorCode.INVALID, "Last."),
    ]
    assert inner.errors is checks.errors


def test_problems_are_raised_together() -> None:
    checks = Checks()
    other: DomainError = Conflict("Taken.", ["label"], ErrorCode.TAKEN, "stat_1")
    checks.invalid("Wrong.", "name")
    checks.add(other)
    with pytest.raises(Problems, match=r"^Wrong\.; Taken\.$") as caught:
        checks.finish()
    assert caught.value.errors == checks.errors
    assert caught.value.errors[1] is other


def test_checks_do_not_share_problems() -> None:
    Checks().invalid("Wrong.")
    assert Checks().errors == []
