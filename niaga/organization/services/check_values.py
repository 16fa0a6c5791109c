"""Turning what the pure rules refuse into refusals that a person can read."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Invalid
from niaga.organization.rules.profile import BadProfile, check_code, check_place, check_profile

_WORDS: Mapping[str, Promise] = {
    "currency": _("A currency is three letters, such as IDR."),
    "code": _("A code is made of letters, digits, dots and dashes."),
    "language": _("Choose Indonesian or English."),
    "npwp": _("An NPWP has 15 or 16 digits."),
    "nitku": _("A NITKU has 22 digits: the NPWP and six digits of the place."),
    "not_of_npwp": _("This NITKU does not begin with the company's NPWP."),
}


class BadValue(Invalid):
    """A value that can never be right; the message says what it should be."""

    code = "bad_value"


def checked_profile(values: Mapping[str, Any]) -> dict[str, Any]:
    """A company's values as they are stored.

    :raises BadValue: a code, currency, tax number, time zone or address that cannot be right
    """
    try:
        checked = check_profile(values)
    except BadProfile as error:
        raise BadValue(_WORDS[error.reason], field=error.field) from error
    if "zone" in checked:
        check_zone(checked["zone"])
    if checked.get("email"):
        checked["email"] = checked_address(checked["email"])
    return checked


def checked_code(text: str) -> str:
    """:raises BadValue: not a code"""
    try:
        return check_code(text)
    except BadProfile as error:
        raise BadValue(_WORDS[error.reason], field=error.field) from error


def checked_place(text: str, *, npwp: str) -> str:
    """:raises BadValue: not a NITKU of this company"""
    try:
        return check_place(text, npwp=npwp) if text.strip() else ""
    except BadProfile as error:
        raise BadValue(_WORDS[error.reason], field=error.field) from error


def check_zone(zone: str) -> None:
    """:raises BadValue: not an IANA time zone"""
    if zone not in available_timezones():
        raise BadValue(_("Choose a time zone, such as Asia/Jakarta."), field="zone")


def checked_address(text: str) -> str:
    """:raises BadValue: not an e-mail address"""
    address = text.strip()
    try:
        validate_email(address)
    except ValidationError as error:
        raise BadValue(_("This is not an e-mail address."), field="email") from error
    return address
