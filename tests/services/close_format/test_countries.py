"""Countries by name."""

import pytest

from app.services.close_format.countries import country_code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("United States", "US"),
        ("  united STATES of america ", "US"),
        ("USA", "US"),
        ("us", "US"),
        ("Korea", "KR"),
        ("Germany", "DE"),
        ("Bolivia", "BO"),
        ("Czech Republic", "CZ"),
        ("UK", "GB"),
        ("Philipines", None),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_known_names_have_codes(name: str, code: str | None) -> None:
    assert country_code(name) == code
