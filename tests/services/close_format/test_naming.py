"""Which flat key a name of the dict `custom` stands for."""

from typing import Any

from app.services.close_format.custom_keys import chosen, split
from app.services.close_format.naming import Naming


def resolve(*records: dict[str, Any], known: dict[str, str] | None = None) -> dict[str, str]:
    naming = Naming()
    for record in records:
        _, entries = split(record)
        for name in entries.named:
            naming.observe(name, entries)
    return naming.resolve(known or {})


def test_value_under_one_key_names_it() -> None:
    record = {"custom": {"A": "x", "B": "No", "C": "No"}, "custom.cf_1": "x", "custom.cf_2": "No", "custom.cf_3": "No"}
    assert resolve(record) == {"A": "cf_1"}


def test_further_records_settle_names() -> None:
    first = {"custom": {"B": "No", "C": "No"}, "custom.cf_2": "No", "custom.cf_3": "No"}
    second = {"custom": {"B": "Yes"}, "custom.cf_2": "Yes"}
    assert resolve(first, second) == {"B": "cf_2", "C": "cf_3"}
    assert resolve(second, first) == {"B": "cf_2", "C": "cf_3"}


def test_different_flat_value_does_not_unsettle() -> None:
    first = {"custom": {"A": "x"}, "custom.cf_1": "x"}
    second = {"custom": {"A": "old"}, "custom.cf_1": "new"}
    assert resolve(first, second) == {"A": "cf_1"}


def test_two_names_of_one_key_name_nothing() -> None:
    assert resolve({"custom": {"A": "x", "B": "x"}, "custom.cf_1": "x"}) == {}


def test_true_is_not_one() -> None:
    assert resolve({"custom": {"A": True, "B": 1}, "custom.cf_1": 1, "custom.cf_2": True}) == {"A": "cf_2", "B": "cf_1"}


def test_definitions_go_first() -> None:
    record = {"custom": {"B": "No", "C": "No"}, "custom.cf_2": "No", "custom.cf_3": "No"}
    assert resolve(record, known={"C": "cf_2"}) == {"C": "cf_2", "B": "cf_3"}


def test_flat_keys_win() -> None:
    own, entries = split(
        {
            "id": 1,
            "custom": {"A": "old", "B": "No", "D": "own"},
            "custom.cf_1": "new",
            "custom.cf_2": "No",
            "custom.Name": 5,
        }
    )
    assert own == {"id": 1}
    assert list(chosen(entries, {"A": "cf_1"})) == [
        ("cf_1", "new", True),
        ("cf_2", "No", True),
        ("D", "own", False),
        ("Name", 5, False),
    ]
