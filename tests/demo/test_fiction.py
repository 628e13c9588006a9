"""Nobody real's address, site or number."""

import re
from typing import Any
from urllib.parse import urlsplit

import phonenumbers
import pycountry
import pytest

from tests.demo.walking import texts

RESERVED_NUMBERS = re.compile(
    r"""
    \+1[2-9]\d{2}555 01\d{2}                        # North America
    | \+44(20 7946 0 | (113|131|161) 496 0)\d{3}    # United Kingdom: London, Leeds, Edinburgh, Manchester
    | \+49(30 23125 | 40 66969 | 89 99998)\d{3}     # Germany: Berlin, Hamburg, München
    | \+33(1 9900 | 5 3649)\d{4}                    # France: Paris and the south-west
    | \+46(8 465004 | 31 39006)\d{2}                # Sweden: Stockholm, Göteborg
    | \+61[23]5550\d{4}                             # Australia: Sydney, Melbourne
    """,
    re.VERBOSE,
)


DATES = re.compile(r"T[\d:]+\+00:00")


@pytest.fixture(scope="session")
def words(leads: list[dict[str, Any]]) -> list[str]:
    return sorted(set(texts(leads)))


@pytest.fixture(scope="session")
def numbers(words: list[str]) -> list[str]:
    return sorted({number for word in words for number in re.findall(r"\+[\d ()-]{6,}", DATES.sub("", word))})


def test_addresses_are_on_reserved_domains(words: list[str]) -> None:
    domains = {domain for word in words for domain in re.findall(r"@([\w.-]+)", word)}
    assert {domain.rpartition(".")[2] for domain in domains} == {"example"}
    assert len(domains) > 100


def test_links_are_on_reserved_domains(words: list[str]) -> None:
    links = [link for word in words for link in re.findall(r"\w+://[^\s\"<>]+", word)]
    assert {(urlsplit(link).scheme, (urlsplit(link).hostname or "").rpartition(".")[2]) for link in links} == {
        ("https", "example")
    }
    assert len(links) > 500


def test_numbers_are_kept_for_fiction(numbers: list[str]) -> None:
    assert [number for number in numbers if not RESERVED_NUMBERS.fullmatch(number)] == []
    assert len(numbers) > 150


def test_every_phone_is_a_number(
    leads: list[dict[str, Any]], activities: list[dict[str, Any]], tasks: list[dict[str, Any]], numbers: list[str]
) -> None:
    phones = [phone["phone"] for lead in leads for contact in lead["contacts"] for phone in contact["phones"]]
    for name in ("phone", "remote_phone", "local_phone"):
        phones += [record[name] for record in (*activities, *tasks) if name in record]
    assert set(phones) == set(numbers)


def test_numbers_are_valid_e164(numbers: list[str]) -> None:
    for number in numbers:
        parsed = phonenumbers.parse(number)
        assert phonenumbers.is_valid_number(parsed)
        assert phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) == number


def test_countries_are_iso_codes(leads: list[dict[str, Any]]) -> None:
    countries = {address["country"] for lead in leads for address in lead["addresses"]}
    assert [code for code in countries if pycountry.countries.get(alpha_2=code) is None] == []
    assert len(countries) == 23


def test_streets_are_made_up(leads: list[dict[str, Any]]) -> None:
    fictional = re.compile(
        "example|sample|placeholder|fictional|fictive|exempel|exempl|prov|muster|beispiel|eksempel|voorbeeld|"
        "esempio|exemplo|ejemplo|przykład|mfano|halimbawa|mithal|namuna|見本|예시|示例",
        re.IGNORECASE,
    )
    streets = {address["address_1"] for lead in leads for address in lead["addresses"]}
    assert [street for street in streets if not fictional.search(street)] == []
