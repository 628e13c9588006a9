"""Formats that people type, checked by the libraries that know them: email addresses, numbers, countries."""

from functools import lru_cache

import phonenumbers
import pycountry
from email_validator import EmailNotValidError, validate_email

from app.domain.checks import Checks


def email(checks: Checks, name: str, text: str) -> str:
    """An email address as it was written, without outer blanks."""
    try:
        validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        checks.invalid(f"{text!r} is not an email address: {error}", name)
    return text.strip()


def phone(checks: Checks, name: str, text: str) -> str:
    """A number in E.164 (rule P15). It has to carry its country code."""
    number = e164(text)
    if number is None:
        checks.invalid(f"{text!r} is not a phone number with its country code, such as +1 650 555 0100.", name)
    return number or text


def country(checks: Checks, name: str, text: str | None) -> str | None:
    """A two-letter ISO 3166 country code in capitals (rule P18)."""
    code = text.strip().upper() if text else None
    if code and (len(code) != 2 or pycountry.countries.get(alpha_2=code) is None):
        checks.invalid(f"{text!r} is not a two-letter ISO 3166 country code, such as US.", name)
    return code


def currency(checks: Checks, name: str, text: str) -> str:
    """A three-letter ISO 4217 currency code in capitals."""
    code = text.strip().upper()
    if pycountry.currencies.get(alpha_3=code) is None:
        checks.invalid(f"{text!r} is not an ISO 4217 currency code, such as USD.", name)
    return code


@lru_cache(maxsize=10_000)
def e164(text: str) -> str | None:
    """The E.164 form of a possible number that carries its country code; None for anything else."""
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=10_000)
def readable_phone(text: str) -> str:
    """A number as people write it; a text that is no number stays as it is."""
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return text
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
