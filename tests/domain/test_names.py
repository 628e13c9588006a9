import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.names import SORT_LENGTH, contact_name, lead_name, sort_name


@pytest.mark.parametrize(
    ("name", "emails", "phones", "shown"),
    [
        ("Ada", ["ada@example.com"], ["+16505550100"], "Ada"),
        (None, ["ada@example.com", "b@example.com"], ["+16505550100"], "ada@example.com"),
        (None, [], ["+16505550100", "+16505550101"], "+16505550100"),
        (None, [], [], "Unnamed contact"),
        ("", [""], [], "Unnamed contact"),
    ],
)
def test_contact_is_shown_by_name(name: str | None, emails: list[str], phones: list[str], shown: str) -> None:
    assert contact_name(name, emails, iter(phones)) == shown


@pytest.mark.parametrize(
    ("name", "contacts", "shown"),
    [
        ("Acme", ["Ada"], "Acme"),
        (None, ["Ada", "Bob"], "Ada"),
        (None, [], "Unnamed lead"),
        ("", [""], "Unnamed lead"),
    ],
)
def test_lead_is_shown_by_name(name: str | None, contacts: list[str], shown: str) -> None:
    assert lead_name(name, iter(contacts)) == shown


def test_names_sort_whatever_their_case() -> None:
    names = ["émile", "Zoë", "adam", "Adam", " Bob ", "Éa", "10", "9", "ADA"]
    assert sorted(names, key=sort_name) == ["10", "9", "ADA", "adam", "Adam", " Bob ", "Zoë", "Éa", "émile"]
    assert sort_name(" Straße ") == "strasse"


@given(st.text())
def test_sort_names_are_short(name: str) -> None:
    assert len(sort_name(name)) <= SORT_LENGTH


def test_long_forms_are_cut() -> None:
    assert sort_name("a" * 199 + "ﷺ") == "a" * 199 + "ص"
