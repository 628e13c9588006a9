"""Countries by name: the ISO 3166 code that a text means, without guessing."""

from functools import lru_cache

import pycountry

from app.domain.text import fold

# Names in everyday use that the standard does not list.
_COMMON = {
    "america": "US",
    "brunei": "BN",
    "burma": "MM",
    "cape verde": "CV",
    "democratic republic of the congo": "CD",
    "england": "GB",
    "great britain": "GB",
    "holland": "NL",
    "ivory coast": "CI",
    "korea": "KR",
    "macau": "MO",
    "macedonia": "MK",
    "micronesia": "FM",
    "northern ireland": "GB",
    "palestine": "PS",
    "republic of korea": "KR",
    "russia": "RU",
    "scotland": "GB",
    "swaziland": "SZ",
    "the netherlands": "NL",
    "turkey": "TR",
    "u.k.": "GB",
    "u.s.": "US",
    "u.s.a.": "US",
    "uae": "AE",
    "uk": "GB",
    "vatican": "VA",
    "vatican city": "VA",
    "wales": "GB",
}


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Every name and code of the standard, folded."""
    names: dict[str, str] = {}
    for country in pycountry.countries:
        for attribute in ("name", "official_name", "common_name", "alpha_3", "alpha_2"):
            if name := getattr(country, attribute, None):
                names[fold(name)] = country.alpha_2
    return names | _COMMON


def country_code(name: str) -> str | None:
    """The two-letter code of a country given by its code or by a name it is known under."""
    return _names().get(fold(name))
