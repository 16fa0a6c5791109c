"""Telephone numbers: kept as E.164 (`+628123456789`), shown as people write them."""

from __future__ import annotations

import phonenumbers


class BadPhone(ValueError):
    """The text is not a telephone number that can exist."""


def to_e164(text: str, *, region: str = "ID") -> str:
    """`0812-3456-789` to `+628123456789`. A number without a country is one of `region`; nothing stays nothing.

    :raises BadPhone: no such number can exist
    """
    if not text.strip():
        return ""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as reason:
        raise BadPhone(text) from reason
    if not phonenumbers.is_possible_number(number):
        raise BadPhone(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def format_phone(number: str, *, region: str = "ID") -> str:
    """As it is dialled within `region` (`0812-3456-789`), with its country elsewhere; text that is no number stays."""
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return number
    home = phonenumbers.region_code_for_number(parsed) == region
    shape = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, shape)


def is_mobile(number: str, *, region: str = "ID") -> bool:
    """Whether messages may reach it."""
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False
    return kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
