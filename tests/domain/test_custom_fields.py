"""What a definition of a custom field may say."""

from typing import Any

import pytest

from app.domain.checks import Checks
from app.domain.custom_fields import (
    MAX_CHOICE,
    MAX_CHOICES,
    SEVERAL,
    DataType,
    FieldObject,
    Scope,
    check_place,
    check_required,
    checked,
    object_of,
    target_of,
)

NAME = {"name": "Color"}


def problems(data_type: DataType, members: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """The code and the path of each problem."""
    checks = Checks()
    checked(checks, data_type, members)
    return [(error.code.value, error.path) for error in checks.errors]


def columns(data_type: DataType, members: dict[str, Any]) -> dict[str, Any]:
    checks = Checks()
    found = checked(checks, data_type, members)
    checks.finish()
    return found


def test_only_given_members_become_columns() -> None:
    assert columns(DataType.TEXT, {}) == {}
    assert columns(DataType.TEXT, {"name": " Größe "}) == {"name": "Größe", "name_key": "grösse"}
    assert columns(DataType.TEXT, {"description": " "}) == {"description": None}


@pytest.mark.parametrize(
    ("name", "code"), [(None, "REQUIRED"), ("", "INVALID"), (" \t", "INVALID"), ("x" * 201, "TOO_LONG")]
)
def test_name_is_needed(name: str | None, code: str) -> None:
    """CF10: a blank name is refused."""
    assert problems(DataType.TEXT, {"name": name}) == [(code, ["name"])]
    assert problems(DataType.TEXT, {"name": "x" * 200}) == []


@pytest.mark.parametrize("letter", ["x", "é", "e\u0301", "👍"])
def test_description_has_280_code_points(letter: str) -> None:
    """CF11: 280 code points are a description, 281 are too many."""
    text = (letter * 280)[:280]
    assert columns(DataType.TEXT, {"description": text}) == {"description": text}
    assert problems(DataType.TEXT, {"description": text + "x"}) == [("TOO_LONG", ["description"])]


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        (None, [("REQUIRED", ["choices"])]),
        ([], [("INVALID", ["choices"])]),
        (["a", " "], [("INVALID", ["choices", "1"])]),
        (["a", "b", "a"], [("INVALID", ["choices", "2"])]),
        (["a\0"], [("INVALID", ["choices", "0"])]),
        (["x" * MAX_CHOICE], []),
        (["", "x" * (MAX_CHOICE + 1)], [("INVALID", ["choices", "0"]), ("TOO_LONG", ["choices", "1"])]),
        ([str(i) for i in range(MAX_CHOICES)], []),
        ([str(i) for i in range(MAX_CHOICES + 1)], [("INVALID", ["choices"])]),
    ],
)
def test_choices_are_a_list_of_different_texts(choices: Any, expected: Any) -> None:
    """CF25: a CHOICES field needs choices."""
    assert problems(DataType.CHOICES, NAME | {"choices": choices}) == expected


def test_choices_are_compared_exactly() -> None:
    """CF17: case and blanks included."""
    choices = ["Red", "red", "red ", "réd"]
    assert columns(DataType.CHOICES, {"choices": choices}) == {"choices": choices}


@pytest.mark.parametrize("data_type", [each for each in DataType if each is not DataType.CHOICES])
def test_other_types_have_no_choices(data_type: DataType) -> None:
    """CF25: choices for another type are refused, an empty list too."""
    for choices in (["a"], []):
        assert problems(data_type, NAME | {"choices": choices}) == [("INVALID", ["choices"])]
    assert columns(data_type, {"choices": None}) == {"choices": None}


@pytest.mark.parametrize("data_type", DataType)
def test_some_types_take_several_values(data_type: DataType) -> None:
    """CF26: CHOICES, USER and CONTACT."""
    found = problems(data_type, {"accepts_multiple_values": True})
    assert found == ([] if data_type in SEVERAL else [("INVALID", ["accepts_multiple_values"])])
    assert problems(data_type, {"accepts_multiple_values": False}) == []
    assert [each.name for each in DataType if each in SEVERAL] == ["CHOICES", "USER", "CONTACT"]


@pytest.mark.parametrize("target", ["lead", "contact", "opportunity", "actitype_1"])
def test_textareas_are_on_activities_alone(target: str) -> None:
    """CF23: on a lead, a contact or an opportunity it is refused at its definition."""
    for data_type in DataType:
        checks = Checks()
        check_place(checks, data_type, target, "target")
        refused = data_type is DataType.TEXTAREA and target != "actitype_1"
        assert [error.path for error in checks.errors] == ([["target"]] if refused else [])


@pytest.mark.parametrize("scope", Scope)
def test_fields_of_activities_can_be_required(scope: Scope) -> None:
    for is_required in (False, True):
        checks = Checks()
        check_required(checks, scope, is_required)
        refused = is_required and scope is not Scope.ACTIVITY
        assert [error.path for error in checks.errors] == ([["is_required"]] if refused else [])


def test_targets_are_objects_or_types() -> None:
    assert [object_of(target) for target in ("lead", "actitype_1", "shared")] == [FieldObject.LEAD, None, None]
    assert target_of(object=FieldObject.CONTACT) == "contact"
    assert target_of(custom_activity_type_id="actitype_1") == "actitype_1"
    assert target_of(custom_activity_type_id="contact") is None
